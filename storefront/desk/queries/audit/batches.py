"""The book of batches adds up beside the book of levels, and food that may not be sold was not packed."""

from storefront.core import clock
from storefront.core.db import db
from storefront.desk.queries.audit.rules import Rows, Rule, rule
from storefront.inventory.models import Batch, BatchMove, BatchMoveKind


def _packed_too_late() -> Rows:
    """Pieces that were packed after their best-before day in WIB, or after their batch was blocked."""
    rows = db.session.execute(
        db.select(Batch.code, Batch.best_before, Batch.blocked_at, BatchMove.parcel_id, BatchMove.at)
        .join(BatchMove.batch)
        .where(BatchMove.kind == BatchMoveKind.TAKEN)
    )
    return [
        {"batch": row.code, "parcel": row.parcel_id, "at": row.at}
        for row in rows
        if clock.local(row.at).date() > row.best_before
        or (row.blocked_at is not None and row.at > row.blocked_at)
    ]


RULES: tuple[Rule, ...] = (
    rule(
        "what is left of a batch is the sum of its movements",
        """
        SELECT b.code, b.left_over, COALESCE(SUM(m.delta), 0) AS moved
        FROM batches b LEFT JOIN batch_moves m ON m.batch_id = b.id
        GROUP BY b.id, b.code, b.left_over HAVING COALESCE(SUM(m.delta), 0) <> b.left_over
        """,
    ),
    rule(
        "batches hold no more than lies here: on hand, and sold but not packed",
        """
        SELECT b.variant_id, SUM(b.left_over) AS batches FROM batches b
        GROUP BY b.variant_id
        HAVING SUM(b.left_over) > (
            SELECT COALESCE(SUM(l.on_hand), 0) FROM stock_levels l
            JOIN locations p ON p.id = l.location_id AND p.kind = 'storeroom'
            WHERE l.variant_id = b.variant_id
        ) + (
            SELECT COALESCE(SUM(i.quantity), 0) FROM parcel_items i
            JOIN order_lines o ON o.id = i.order_line_id JOIN parcels q ON q.id = i.parcel_id
            JOIN orders t ON t.id = q.order_id
            WHERE o.variant_id = b.variant_id AND q.status IN ('waiting', 'processing') AND t.status = 'paid'
        )
        """,
    ),
    rule(
        "a parcel took no more of batches than travels in it, and of its own goods",
        """
        SELECT m.parcel_id, b.variant_id, -SUM(m.delta) AS taken FROM batch_moves m
        JOIN batches b ON b.id = m.batch_id
        WHERE m.parcel_id IS NOT NULL
        GROUP BY m.parcel_id, b.variant_id
        HAVING -SUM(m.delta) < 0 OR -SUM(m.delta) > (
            SELECT COALESCE(SUM(i.quantity), 0) FROM parcel_items i
            JOIN order_lines o ON o.id = i.order_line_id
            WHERE i.parcel_id = m.parcel_id AND o.variant_id = b.variant_id
        )
        """,
    ),
    Rule("nothing was packed from a batch past its day or blocked", _packed_too_late),
)
