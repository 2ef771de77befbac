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
        "a line travels in a parcel of its own order and facility",
        """
        SELECT o.number, l.sku FROM order_lines l
        JOIN orders o ON o.id = l.order_id JOIN parcels p ON p.id = l.parcel_id
        WHERE p.order_id <> l.order_id OR p.facility_id <> l.facility_id
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
