"""Orders add up, and stand where their history says."""

from storefront.desk.queries.audit.rules import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "an order's total is its lines and shipping less the discount",
        """
        SELECT o.number, o.total, o.subtotal, o.shipping, o.discount FROM orders o
        WHERE o.total <> o.subtotal + o.shipping - o.discount
           OR o.subtotal <> (SELECT COALESCE(SUM(l.total), 0) FROM order_lines l WHERE l.order_id = o.id)
        """,
    ),
    rule(
        "a line's total is its price times its pieces",
        """
        SELECT o.number, l.sku, l.unit_price, l.quantity, l.total
        FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.total <> l.unit_price * l.quantity
        """,
    ),
    rule(
        "an order's shipping is that of its parcels",
        """
        SELECT o.number, o.shipping FROM orders o
        WHERE o.shipping <> (
            SELECT COALESCE(SUM(p.shipping_cost), 0) FROM parcels p WHERE p.order_id = o.id
        )
        """,
    ),
    rule(
        "a line travels in parcels of its own order and facility",
        """
        SELECT o.number, l.sku, p.code FROM parcel_items i
        JOIN order_lines l ON l.id = i.order_line_id
        JOIN orders o ON o.id = l.order_id JOIN parcels p ON p.id = i.parcel_id
        WHERE p.order_id <> l.order_id OR p.facility_id <> l.facility_id
        """,
    ),
    rule(
        "every piece of an order that goes on lies in one of its parcels or will not be sent",
        """
        SELECT o.number, l.sku, SUM(pieces) AS difference FROM (
            SELECT id AS line_id, quantity - cancelled AS pieces FROM order_lines
            UNION ALL
            SELECT i.order_line_id, -i.quantity FROM parcel_items i JOIN parcels p ON p.id = i.parcel_id
            WHERE p.exchange_of_id IS NULL AND p.status <> 'cancelled'
        ) AS packed JOIN order_lines l ON l.id = packed.line_id JOIN orders o ON o.id = l.order_id
        WHERE o.status IN ('pending', 'paid', 'completed')
        GROUP BY o.number, l.id, l.sku HAVING SUM(pieces) <> 0
        """,
    ),
    rule(
        "a parcel that goes on has something in it",
        """
        SELECT p.code, p.status FROM parcels p
        WHERE p.status <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM parcel_items i WHERE i.parcel_id = p.id)
        """,
    ),
    rule(
        "an order has the status that its history ends with",
        """
        SELECT o.number, o.status, e.to_status AS history FROM orders o
        LEFT JOIN order_events e ON e.id = (
            SELECT MAX(x.id) FROM order_events x WHERE x.order_id = o.id AND x.kind = 'order'
        )
        WHERE e.to_status IS NULL OR e.to_status <> o.status
        """,
    ),
    rule(
        "a parcel has the status that its history ends with",
        """
        SELECT p.code, p.status, e.to_status AS history FROM parcels p
        LEFT JOIN order_events e ON e.id = (
            SELECT MAX(x.id) FROM order_events x WHERE x.parcel_id = p.id AND x.kind = 'parcel'
        )
        WHERE COALESCE(e.to_status, 'waiting') <> p.status
        """,
    ),
)
