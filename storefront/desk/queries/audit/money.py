"""The ledger balances, says what the payments say, and was never changed."""

from sqlalchemy import select, text

from storefront.core import clock
from storefront.core.db import APPEND_ONLY, db
from storefront.desk.queries.audit.rules import Rows, Rule, rule
from storefront.revenue.models import Journal


def _wrong_months() -> Rows:
    """Months are cut in WIB; the two databases would each do it their own way."""
    rows = db.session.execute(
        select(Journal.key, Journal.at, Journal.period).execution_options(yield_per=500)
    )
    return [
        {"journal": key, "period": period, "expected": clock.period(at)}
        for key, at, period in rows
        if clock.period(at) != period
    ]


def _missing_triggers() -> Rows:
    """The triggers that the migrations made, by what the database itself lists."""
    if db.engine.dialect.name == "sqlite":
        listed = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        expected = [f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")]
    else:
        listed = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        expected = [f"{table}_append_only" for table in APPEND_ONLY]
    there = set(db.session.scalars(text(listed)))
    return [{"trigger": name} for name in expected if name not in there]


RULES: tuple[Rule, ...] = (
    rule(
        "every journal sums to 0 and has two entries or more",
        """
        SELECT j.key AS journal, COUNT(e.id) AS entries, COALESCE(SUM(e.amount), 0) AS sum
        FROM journals j LEFT JOIN entries e ON e.journal_id = j.id
        GROUP BY j.id, j.key
        HAVING COUNT(e.id) < 2 OR SUM(e.amount) <> 0
        """,
    ),
    Rule("a journal counts in the WIB month of its moment", _wrong_months),
    Rule("the database refuses to change what is written once", _missing_triggers),
    rule(
        "a clearing account holds its provider's payments less the refunds that were sent",
        """
        SELECT account, SUM(amount) AS difference FROM (
            SELECT account, amount FROM entries WHERE account LIKE 'clearing:%'
            UNION ALL
            SELECT 'clearing:' || provider, -amount FROM payments WHERE currency = 'IDR'
            UNION ALL
            SELECT 'clearing:' || p.provider, r.amount
            FROM refunds r JOIN payments p ON p.id = r.payment_id
            WHERE r.status = 'sent' AND p.currency = 'IDR'
        ) AS moved
        GROUP BY account HAVING SUM(amount) <> 0
        """,
    ),
    rule(
        "every payment in rupiah was booked once, as a capture or into suspense; no other was",
        """
        SELECT p.provider, p.reference, p.amount, p.currency, COUNT(e.id) AS bookings
        FROM payments p
        LEFT JOIN journals j ON j.key IN ('suspense:' || p.provider || ':' || p.reference,
                                          'capture:' || p.provider || ':' || p.reference)
        LEFT JOIN entries e ON e.journal_id = j.id AND e.account = 'clearing:' || p.provider
        GROUP BY p.id, p.provider, p.reference, p.amount, p.currency
        HAVING COUNT(e.id) <> CASE WHEN p.currency = 'IDR' THEN 1 ELSE 0 END
            OR COALESCE(SUM(e.amount), 0) <> CASE WHEN p.currency = 'IDR' THEN p.amount ELSE 0 END
        """,
    ),
    rule(
        "suspense holds the payments that nobody has decided about or that still have to go back",
        """
        SELECT difference FROM (
            SELECT SUM(amount) AS difference FROM (
                SELECT amount FROM entries WHERE account = 'suspense'
                UNION ALL
                SELECT p.amount FROM payments p JOIN cases c ON c.payment_id = p.id
                WHERE p.currency = 'IDR' AND c.resolution <> 'accepted' AND NOT EXISTS (
                    SELECT 1 FROM refunds r WHERE r.payment_id = p.id AND r.status = 'sent'
                )
                UNION ALL
                SELECT amount FROM refunds WHERE key = 'surplus' AND status <> 'sent'
            ) AS moved
        ) AS left_over
        WHERE difference <> 0
        """,
    ),
    rule(
        "money that was accepted paid for its order, less what was too much and is owed back",
        """
        SELECT o.number, SUM(amount) AS difference FROM (
            SELECT j.order_id, e.amount FROM entries e JOIN journals j ON j.id = e.journal_id
            WHERE j.kind = 'capture' AND e.account = 'suspense'
            UNION ALL
            SELECT p.order_id, -p.amount FROM payments p JOIN cases c ON c.payment_id = p.id
            WHERE c.resolution = 'accepted'
            UNION ALL
            SELECT r.order_id, r.amount FROM refunds r WHERE r.key = 'surplus'
        ) AS used JOIN orders o ON o.id = used.order_id
        GROUP BY o.number HAVING SUM(amount) <> 0
        """,
    ),
    rule(
        "what is owed back as too much lies above the order's total, of payments that were accepted",
        """
        SELECT o.number, r.amount, o.total FROM refunds r
        LEFT JOIN orders o ON o.id = r.order_id
        LEFT JOIN cases c ON c.payment_id = r.payment_id AND c.resolution = 'accepted'
        WHERE r.key = 'surplus' AND (c.id IS NULL OR o.id IS NULL OR EXISTS (
            SELECT 1 FROM refund_lines b WHERE b.refund_id = r.id
        ) OR o.total > (
            SELECT SUM(p.amount) FROM payments p JOIN cases k ON k.payment_id = p.id
            WHERE p.order_id = o.id AND k.resolution = 'accepted'
        ) - (
            SELECT SUM(x.amount) FROM refunds x WHERE x.order_id = o.id AND x.key = 'surplus'
        ))
        """,
    ),
    rule(
        "an order that was paid has one capture, any other none",
        """
        SELECT o.number, o.status, COUNT(j.id) AS captures
        FROM orders o LEFT JOIN journals j ON j.order_id = o.id AND j.kind = 'capture'
        GROUP BY o.id, o.number, o.status, o.paid_at
        HAVING COUNT(j.id) <> CASE
            WHEN o.paid_at IS NOT NULL OR o.status IN ('paid', 'completed') THEN 1 ELSE 0 END
        """,
    ),
    rule(
        "the sales of a capture are the lines of its order",
        """
        SELECT o.number, line, facility_id, SUM(amount) AS difference, SUM(pieces) AS pieces FROM (
            SELECT j.order_id, e.order_line_id AS line, e.facility_id, e.amount, e.pieces
            FROM entries e JOIN journals j ON j.id = e.journal_id
            WHERE j.kind = 'capture' AND e.account = 'sales'
            UNION ALL
            SELECT l.order_id, l.id, l.facility_id, l.total, -l.quantity
            FROM order_lines l JOIN journals j ON j.order_id = l.order_id AND j.kind = 'capture'
        ) AS sold JOIN orders o ON o.id = sold.order_id
        GROUP BY o.number, line, facility_id HAVING SUM(amount) <> 0 OR SUM(pieces) <> 0
        """,
    ),
    rule(
        "the shipping of a capture is that of its parcels",
        """
        SELECT o.number, facility_id, SUM(amount) AS difference FROM (
            SELECT j.order_id, e.facility_id, e.amount
            FROM entries e JOIN journals j ON j.id = e.journal_id
            WHERE j.kind = 'capture' AND e.account = 'shipping'
            UNION ALL
            SELECT p.order_id, p.facility_id, p.shipping_cost
            FROM parcels p JOIN journals j ON j.order_id = p.order_id AND j.kind = 'capture'
        ) AS sent JOIN orders o ON o.id = sent.order_id
        GROUP BY o.number, facility_id HAVING SUM(amount) <> 0
        """,
    ),
    rule(
        "what an order is said to be owed are its refunds that were not sent",
        """
        SELECT o.number, SUM(amount) AS difference FROM (
            SELECT id AS order_id, refund_due AS amount FROM orders
            UNION ALL
            SELECT order_id, -amount FROM refunds WHERE status <> 'sent' AND order_id IS NOT NULL
        ) AS owed JOIN orders o ON o.id = owed.order_id
        GROUP BY o.number HAVING SUM(amount) <> 0
        """,
    ),
    rule(
        "no reference stands twice",
        """
        SELECT * FROM (
            SELECT 'payment ' || provider || ':' || reference AS what, COUNT(*) AS times
            FROM payments GROUP BY provider, reference
            UNION ALL SELECT 'refund ' || reference, COUNT(*)
            FROM refunds WHERE reference IS NOT NULL GROUP BY reference
            UNION ALL SELECT 'journal ' || key, COUNT(*) FROM journals GROUP BY key
            UNION ALL SELECT 'order ' || number, COUNT(*) FROM orders GROUP BY number
        ) AS named WHERE times > 1
        """,
    ),
    rule(
        "a confirmed transfer was looked at by two people",
        """
        SELECT a.idempotency_key AS attempt FROM transfer_claims c
        JOIN payment_attempts a ON a.id = c.attempt_id
        WHERE c.status = 'confirmed' AND (c.checked_by_id IS NULL OR c.confirmed_by_id IS NULL
                                          OR c.checked_by_id = c.confirmed_by_id)
        """,
    ),
)
