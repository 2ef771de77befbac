"""What went back: each piece once, for what was paid for it, and the ledger follows."""

from storefront.desk.queries.audit.rules import Rule, rule

WITH = """
WITH taken AS (
    SELECT b.* FROM refund_lines b LEFT JOIN refunds r ON r.id = b.refund_id
    WHERE b.refund_id IS NULL OR r.status = 'sent'
)
"""
"""Pieces and shipping whose money has left, or that nobody had paid for: the ledger took them back."""


def taken(name: str, statement: str) -> Rule:
    """A rule about what was taken back."""
    return rule(name, WITH + statement)


RULES: tuple[Rule, ...] = (
    taken(
        "what left the sales of a line are the pieces that were taken back, at their price",
        """
        SELECT o.number, l.sku, SUM(amount) AS difference, SUM(pieces) AS pieces FROM (
            SELECT e.order_line_id AS line, e.amount, -e.pieces AS pieces
            FROM journals j JOIN entries e ON e.journal_id = j.id
            WHERE j.kind = 'reversal' AND e.account = 'sales'
            UNION ALL
            SELECT l.id, -l.unit_price * b.quantity, -b.quantity
            FROM taken b JOIN order_lines l ON l.id = b.order_line_id
        ) AS back JOIN order_lines l ON l.id = back.line JOIN orders o ON o.id = l.order_id
        GROUP BY o.number, l.id, l.sku HAVING SUM(amount) <> 0 OR SUM(pieces) <> 0
        """,
    ),
    taken(
        "what left the shipping of an order is that of parcels that was taken back",
        """
        SELECT o.number, facility_id, SUM(amount) AS difference FROM (
            SELECT j.order_id, e.facility_id, e.amount
            FROM journals j JOIN entries e ON e.journal_id = j.id
            WHERE j.kind = 'reversal' AND e.account = 'shipping'
            UNION ALL
            SELECT p.order_id, p.facility_id, -p.shipping_cost
            FROM taken b JOIN parcels p ON p.id = b.parcel_id
        ) AS back JOIN orders o ON o.id = back.order_id
        GROUP BY o.number, facility_id HAVING SUM(amount) <> 0
        """,
    ),
    taken(
        "a line is taken back with its share of every discount: what is left is what its buyer gets",
        """
        SELECT o.number, l.sku, SUM(amount) AS difference FROM (
            SELECT e.order_line_id AS line, e.amount
            FROM journals j JOIN entries e ON e.journal_id = j.id
            WHERE j.kind = 'reversal' AND (e.account = 'sales' OR e.account LIKE 'discount:%')
            UNION ALL
            SELECT b.order_line_id, -b.amount FROM taken b
        ) AS back JOIN order_lines l ON l.id = back.line JOIN orders o ON o.id = l.order_id
        GROUP BY o.number, l.id, l.sku HAVING SUM(amount) <> 0
        """,
    ),
    rule(
        "pieces go back for what was paid for them, in whatever steps: each once",
        """
        SELECT o.number, l.sku, SUM(b.quantity) AS pieces, SUM(b.amount) AS amount
        FROM refund_lines b JOIN order_lines l ON l.id = b.order_line_id JOIN orders o ON o.id = l.order_id
        GROUP BY o.number, l.id, l.sku, l.total, l.quantity
        HAVING SUM(b.quantity) > l.quantity OR SUM(b.amount) <> SUM(b.quantity) * (
            l.total - (SELECT COALESCE(SUM(d.amount), 0) FROM order_discounts d WHERE d.order_line_id = l.id)
        ) / l.quantity
        """,
    ),
    rule(
        "pieces that will not be sent went back to their buyer, or are promised",
        """
        SELECT o.number, l.sku, l.cancelled FROM order_lines l JOIN orders o ON o.id = l.order_id
        WHERE l.cancelled > (
            SELECT COALESCE(SUM(b.quantity), 0) FROM refund_lines b WHERE b.order_line_id = l.id
        )
        """,
    ),
    taken(
        "a facility's net sales are its sold lines less those taken back",
        """
        SELECT f.code AS facility, SUM(amount) AS difference FROM (
            SELECT facility_id, amount FROM entries WHERE account = 'sales'
            UNION ALL
            SELECT l.facility_id, l.total
            FROM order_lines l JOIN journals j ON j.order_id = l.order_id AND j.kind = 'capture'
            UNION ALL
            SELECT l.facility_id, -l.unit_price * b.quantity
            FROM taken b JOIN order_lines l ON l.id = b.order_line_id
        ) AS sold LEFT JOIN facilities f ON f.id = sold.facility_id
        GROUP BY f.code HAVING SUM(amount) <> 0
        """,
    ),
    rule(
        "no more of a payment goes back than came in",
        """
        SELECT p.provider, p.reference, p.amount, SUM(r.amount) AS refunds
        FROM payments p JOIN refunds r ON r.payment_id = p.id
        GROUP BY p.id, p.provider, p.reference, p.amount
        HAVING SUM(r.amount) > p.amount
        """,
    ),
    rule(
        "money that a person sends back passes two pairs of eyes; a vendor needs no bank account",
        """
        SELECT r.id AS refund, r.reference FROM refunds r
        WHERE r.sent_by_id = r.requested_by_id
           OR (r.destination <> '' AND NOT r.by_hand)
        """,
    ),
)
