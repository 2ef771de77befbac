"""Parcels arrive when couriers say so; cash that paid an order was in an officer's hand."""

from storefront.desk.queries.audit.rules import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "cash that paid a written order was taken by an officer, to the rupiah",
        """
        SELECT p.reference, p.amount, r.amount AS taken FROM payments p
        LEFT JOIN cash_receipts r ON r.order_id = p.order_id
        WHERE p.provider = 'cash' AND p.reference LIKE 'TUNAI-%' AND (r.id IS NULL OR r.amount <> p.amount)
        """,
    ),
    rule(
        "a parcel that its courier delivered is not on its way any more",
        """
        SELECT p.code FROM parcels p
        WHERE p.status = 'shipped'
          AND EXISTS (SELECT 1 FROM tracking_events t WHERE t.parcel_id = p.id AND t.delivered)
        """,
    ),
)
