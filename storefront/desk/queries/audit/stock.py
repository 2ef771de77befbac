"""Every piece is where the movements put it, and held by whoever ordered it."""

from storefront.desk.queries.audit.rules import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "a stock level is the sum of its movements",
        """
        SELECT v.sku, l.name AS location, SUM(moved.on_hand) AS on_hand, SUM(held) AS reserved FROM (
            SELECT id AS level_id, on_hand, reserved AS held FROM stock_levels
            UNION ALL
            SELECT level_id, -on_hand_delta, -reserved_delta FROM stock_movements
        ) AS moved
        JOIN stock_levels s ON s.id = moved.level_id
        JOIN variants v ON v.id = s.variant_id JOIN locations l ON l.id = s.location_id
        GROUP BY s.id, v.sku, l.name HAVING SUM(moved.on_hand) <> 0 OR SUM(held) <> 0
        """,
    ),
    rule(
        "what is reserved of a stock level are its active reservations",
        """
        SELECT v.sku, l.name AS location, SUM(held) AS difference FROM (
            SELECT id AS level_id, reserved AS held FROM stock_levels
            UNION ALL
            SELECT level_id, -quantity FROM reservations WHERE state = 'active' AND level_id IS NOT NULL
        ) AS moved
        JOIN stock_levels s ON s.id = moved.level_id
        JOIN variants v ON v.id = s.variant_id JOIN locations l ON l.id = s.location_id
        GROUP BY s.id, v.sku, l.name HAVING SUM(held) <> 0
        """,
    ),
    rule(
        "no stock is negative, and no more is reserved than lies there",
        """
        SELECT v.sku, s.on_hand, s.reserved FROM stock_levels s JOIN variants v ON v.id = s.variant_id
        WHERE s.on_hand < 0 OR s.reserved < 0 OR s.reserved > s.on_hand
        """,
    ),
    rule(
        "stock lies in a place of the facility that makes it",
        """
        SELECT v.sku, l.name AS location FROM stock_levels s
        JOIN variants v ON v.id = s.variant_id JOIN products p ON p.id = v.product_id
        JOIN locations l ON l.id = s.location_id
        WHERE l.facility_id <> p.facility_id
        """,
    ),
    rule(
        "of what is unique there is one of each form, here or with its buyer",
        """
        SELECT p.slug AS product, v.sku FROM products p JOIN variants v ON v.product_id = p.id
        WHERE p.is_unique AND 1 < (
            SELECT COALESCE(SUM(s.on_hand), 0) FROM stock_levels s WHERE s.variant_id = v.id
        ) - (
            SELECT COALESCE(SUM(m.on_hand_delta), 0) FROM stock_movements m
            JOIN stock_levels s ON s.id = m.level_id
            WHERE s.variant_id = v.id AND m.kind IN ('sold', 'returned')
        )
        """,
    ),
    rule(
        "what is carried leaves one place of a facility and reaches another, piece by piece",
        """
        SELECT t.id AS transfer, v.sku, t.quantity FROM stock_transfers t
        JOIN variants v ON v.id = t.variant_id
        JOIN locations a ON a.id = t.from_id JOIN locations b ON b.id = t.to_id
        WHERE a.facility_id <> b.facility_id
           OR (SELECT COUNT(*) FROM stock_movements m WHERE m.transfer_id = t.id) <> 2
           OR (SELECT COALESCE(SUM(m.on_hand_delta), 0) FROM stock_movements m
               JOIN stock_levels s ON s.id = m.level_id
               WHERE m.transfer_id = t.id AND s.variant_id = t.variant_id AND s.location_id = t.from_id
           ) <> -t.quantity
           OR (SELECT COALESCE(SUM(m.on_hand_delta), 0) FROM stock_movements m
               JOIN stock_levels s ON s.id = m.level_id
               WHERE m.transfer_id = t.id AND s.variant_id = t.variant_id AND s.location_id = t.to_id
           ) <> t.quantity
        """,
    ),
    rule(
        "a week of a workshop holds what was promised in it, within its capacity",
        """
        SELECT p.slug AS product, w.week, w.booked, w.capacity FROM production_slots w
        JOIN products p ON p.id = w.product_id
        WHERE w.booked < 0 OR w.booked > w.capacity OR w.booked <> (
            SELECT COALESCE(SUM(r.quantity), 0) FROM reservations r
            WHERE r.slot_id = w.id AND r.state IN ('active', 'consumed')
        )
        """,
    ),
    rule(
        "a shared week of a workshop holds what its products promised in it, within its capacity",
        """
        SELECT s.name AS workshop, w.week, w.booked, w.capacity FROM workshop_weeks w
        JOIN workshops s ON s.id = w.workshop_id
        WHERE w.booked < 0 OR w.booked > w.capacity OR w.booked <> (
            SELECT COALESCE(SUM(r.quantity), 0) FROM reservations r
            WHERE r.workshop_week_id = w.id AND r.state IN ('active', 'consumed')
        )
        """,
    ),
    rule(
        "what takes a place in a workshop takes it in the week in which it is made",
        """
        SELECT r.id AS reservation, w.week AS workshop_week, p.week FROM reservations r
        JOIN workshop_weeks w ON w.id = r.workshop_week_id JOIN production_slots p ON p.id = r.slot_id
        WHERE w.week <> p.week
        """,
    ),
    rule(
        "an expired or cancelled order holds nothing, and a paid one only what it bought",
        """
        SELECT o.number, o.status, r.state, r.quantity
        FROM reservations r JOIN orders o ON o.id = r.order_id
        WHERE (o.status IN ('expired', 'cancelled') AND r.state IN ('active', 'consumed'))
           OR (o.status IN ('paid', 'completed') AND r.state = 'active')
           OR (o.status = 'pending' AND r.state = 'consumed')
        """,
    ),
    rule(
        "an order that waits or was paid holds what it sends, no more and no less",
        """
        SELECT o.number, v.sku, SUM(pieces) AS difference FROM (
            SELECT order_id, variant_id, quantity - cancelled AS pieces
            FROM order_lines WHERE variant_id IS NOT NULL
            UNION ALL
            SELECT l.order_id, l.variant_id, i.quantity
            FROM parcel_items i JOIN parcels p ON p.id = i.parcel_id
            JOIN order_lines l ON l.id = i.order_line_id
            WHERE p.exchange_of_id IS NOT NULL AND p.status <> 'cancelled' AND l.variant_id IS NOT NULL
            UNION ALL
            SELECT order_id, variant_id, -quantity FROM reservations WHERE state <> 'released'
        ) AS held JOIN orders o ON o.id = held.order_id JOIN variants v ON v.id = held.variant_id
        WHERE o.status IN ('pending', 'paid', 'completed')
        GROUP BY o.number, v.sku HAVING SUM(pieces) <> 0
        """,
    ),
)
