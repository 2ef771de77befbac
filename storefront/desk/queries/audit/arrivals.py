"""What was told of money and what became of it say the same; it only goes to accounts that were agreed to."""

from storefront.desk.queries.audit.rules import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "every payment has its event, and every event of money its payment",
        """
        SELECT provider, reference, SUM(amount) AS difference, COUNT(*) AS told FROM (
            SELECT provider, reference, amount FROM payments
            UNION ALL
            SELECT provider, reference, -amount FROM payment_events WHERE kind = 'charged'
        ) AS both_books
        GROUP BY provider, reference HAVING SUM(amount) <> 0 OR COUNT(*) <> 2
        """,
    ),
    rule(
        "a refund that was sent has its event, and any other none that was not said to have failed later",
        """
        SELECT refund, status, amount, told, undone FROM (
            SELECT r.id AS refund, r.status, r.amount, COUNT(e.id) AS told,
                   COALESCE(MIN(e.amount), r.amount) AS least, COALESCE(MAX(e.amount), r.amount) AS most,
                   (SELECT COUNT(*) FROM payment_events f
                    WHERE f.refund_id = r.id AND f.kind = 'refund_failed' AND EXISTS (
                        SELECT 1 FROM payment_events s
                        WHERE s.refund_id = r.id AND s.kind = 'refunded' AND s.id < f.id)) AS undone
            FROM refunds r LEFT JOIN payment_events e ON e.refund_id = r.id AND e.kind = 'refunded'
            GROUP BY r.id, r.status, r.amount
        ) AS sendings
        WHERE told - undone <> CASE WHEN status = 'sent' THEN 1 ELSE 0 END
            OR least <> amount OR most <> amount
        """,
    ),
    rule(
        "buyers were only sent to accounts that were agreed to",
        """
        SELECT a.id AS attempt, m.id AS account, m.status
        FROM payment_attempts a JOIN merchant_accounts m ON m.id = a.account_id
        WHERE m.status NOT IN ('standing', 'approved')
        """,
    ),
)
