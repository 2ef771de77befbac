"""Promotions are used no oftener than they may be, and take off what the orders say."""

from storefront.desk.queries.audit.rules import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "a promotion was used as often as it counts, and no oftener than it may be",
        """
        SELECT p.id, p.name, p.code, p.used, p.total_limit, COUNT(u.id) AS uses
        FROM promotions p
        LEFT JOIN promotion_uses u ON u.promotion_id = p.id AND u.state IN ('held', 'used')
        GROUP BY p.id, p.name, p.code, p.used, p.total_limit
        HAVING COUNT(u.id) <> p.used OR COUNT(u.id) > p.total_limit
        """,
    ),
    rule(
        "nobody used a promotion oftener than one person may",
        """
        SELECT promotion_id, person, SUM(uses) AS difference FROM (
            SELECT promotion_id, key AS person, used AS uses FROM promotion_people
            UNION ALL
            SELECT u.promotion_id, u.person_key, -1 FROM promotion_uses u
            JOIN promotions p ON p.id = u.promotion_id
            WHERE u.state IN ('held', 'used') AND p.person_limit IS NOT NULL AND u.person_key <> ''
            UNION ALL
            SELECT u.promotion_id, u.other_key, -1 FROM promotion_uses u
            JOIN promotions p ON p.id = u.promotion_id
            WHERE u.state IN ('held', 'used') AND p.person_limit IS NOT NULL AND u.other_key <> ''
        ) AS counted
        GROUP BY promotion_id, person HAVING SUM(uses) <> 0
        """,
    ),
    rule(
        "an order's discount is what its promotions took off",
        """
        SELECT o.number, SUM(amount) AS difference FROM (
            SELECT id AS order_id, discount AS amount FROM orders
            UNION ALL
            SELECT order_id, -amount FROM order_discounts
        ) AS taken JOIN orders o ON o.id = taken.order_id
        GROUP BY o.number HAVING SUM(amount) <> 0
        """,
    ),
    rule(
        "what a promotion took off an order is what its use says",
        """
        SELECT o.number, promotion_id, SUM(amount) AS difference FROM (
            SELECT order_id, promotion_id, amount FROM promotion_uses
            UNION ALL
            SELECT order_id, promotion_id, -amount FROM order_discounts
        ) AS taken JOIN orders o ON o.id = taken.order_id
        GROUP BY o.number, promotion_id HAVING SUM(amount) <> 0
        """,
    ),
    rule(
        "no line and no delivery costs less than nothing; a facility gives off only its own",
        """
        SELECT o.number, l.sku, p.code AS parcel, SUM(d.amount) AS discount
        FROM order_discounts d JOIN orders o ON o.id = d.order_id
        LEFT JOIN order_lines l ON l.id = d.order_line_id
        LEFT JOIN parcels p ON p.id = d.parcel_id
        GROUP BY o.number, l.id, l.sku, p.id, p.code, l.total, p.shipping_cost
        HAVING SUM(d.amount) > COALESCE(l.total, p.shipping_cost)
            OR SUM(CASE WHEN COALESCE(l.order_id, p.order_id) <> d.order_id THEN 1 ELSE 0 END) > 0
            OR SUM(CASE WHEN d.facility_id <> COALESCE(l.facility_id, p.facility_id) THEN 1 ELSE 0 END) > 0
        """,
    ),
    rule(
        "the discounts of a capture are those of its order, owed by who bears them",
        """
        SELECT o.number, account, facility_id, SUM(amount) AS difference FROM (
            SELECT j.order_id, e.account, e.facility_id, e.amount
            FROM entries e JOIN journals j ON j.id = e.journal_id
            WHERE j.kind = 'capture' AND e.account LIKE 'discount:%'
            UNION ALL
            SELECT d.order_id, 'discount:' || d.funder, d.facility_id, -d.amount
            FROM order_discounts d JOIN journals j ON j.order_id = d.order_id AND j.kind = 'capture'
        ) AS borne JOIN orders o ON o.id = borne.order_id
        GROUP BY o.number, account, facility_id HAVING SUM(amount) <> 0
        """,
    ),
    rule(
        "a promotion is used by orders that were paid, held by those that wait, and free after the others",
        """
        SELECT o.number, o.status, u.promotion_id, u.state
        FROM promotion_uses u JOIN orders o ON o.id = u.order_id
        WHERE u.state <> CASE
            WHEN o.status = 'pending' THEN 'held'
            WHEN o.status IN ('paid', 'completed') THEN 'used'
            ELSE 'released' END
        """,
    ),
)
