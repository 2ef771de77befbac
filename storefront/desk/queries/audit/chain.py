"""The audit log is what was written into it, receipts are numbered without gaps and say the right tax."""

from storefront.core import auditlog
from storefront.desk.queries.audit.rules import Rows, Rule, rule


def broken_places() -> Rows:
    """Where the chain of acts does not hold: the entry's number and what is wrong there."""
    return [{"number": fault.number, "fault": fault.what} for fault in auditlog.faults()]


RULES: tuple[Rule, ...] = (
    Rule("the audit log is one unbroken chain of acts", broken_places),
    rule(
        "receipts of a merchant and month are numbered without gaps",
        """
        SELECT merchant, period, SUM(known) AS counted, SUM(given) AS given, SUM(biggest) AS biggest FROM (
            SELECT merchant, period, COUNT(*) AS known, 0 AS given, MAX(sequence) AS biggest
            FROM invoices GROUP BY merchant, period
            UNION ALL
            SELECT merchant, period, 0, last, 0 FROM invoice_counters
        ) numbered
        GROUP BY merchant, period
        HAVING SUM(known) <> SUM(given) OR SUM(known) <> SUM(biggest)
        """,
    ),
    rule(
        "an order that was paid has one receipt",
        """
        SELECT o.number AS "order", i.number AS receipt FROM orders o
        LEFT JOIN invoices i ON i.order_id = o.id
        WHERE (o.paid_at IS NULL) <> (i.id IS NULL)
        """,
    ),
    rule(
        "a receipt's taxes are of accounts that said so, for what was paid for the goods of each facility",
        """
        SELECT i.number AS receipt, f.code AS facility, t.price, m.tax FROM invoice_taxes t
        JOIN invoices i ON i.id = t.invoice_id JOIN facilities f ON f.id = t.facility_id
        JOIN merchant_accounts m ON m.id = t.account_id
        WHERE m.tax <> t.profile OR m.holder <> t.seller
           OR (m.facility_id IS NOT NULL AND m.facility_id <> t.facility_id)
           OR m.status NOT IN ('standing', 'approved')
           OR t.price <> (
               SELECT COALESCE(SUM(l.total), 0) FROM order_lines l
               WHERE l.order_id = i.order_id AND l.facility_id = t.facility_id
           ) - (
               SELECT COALESCE(SUM(d.amount), 0) FROM order_discounts d JOIN order_lines l
               ON l.id = d.order_line_id WHERE l.order_id = i.order_id AND l.facility_id = t.facility_id
           )
        """,
    ),
)
