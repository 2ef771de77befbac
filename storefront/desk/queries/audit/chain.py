"""The audit log is what was written into it, and receipts are numbered without gaps."""

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
)
