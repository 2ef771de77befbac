"""A batch of food is recalled: those whose parcels took from it are written to, each order once."""

from typing import Any

from sqlalchemy import func, select

from storefront.core import auditlog, letters
from storefront.core.db import db
from storefront.core.errors import Invalid
from storefront.core.language import _, speaking
from storefront.core.models import Job
from storefront.core.outbox import enqueue, handler
from storefront.core.transactions import transaction
from storefront.inventory.models import Batch, BatchMove
from storefront.inventory.services.batches import block
from storefront.orders.models import Order, OrderLine, Parcel

LETTER = "batch.recall"
MAX_ADVICE = 500


def letter_key(batch_id: int, order_id: int) -> str:
    """The name of the letter about a batch to the buyer of an order: it is asked for once."""
    return f"{LETTER}:{batch_id}:{order_id}"


def orders_with(batch_id: int) -> list[int]:
    """The orders whose parcels hold pieces of a batch."""
    return list(
        db.session.scalars(
            select(Parcel.order_id)
            .join(BatchMove, BatchMove.parcel_id == Parcel.id)
            .where(BatchMove.batch_id == batch_id)
            .group_by(Parcel.order_id)
            .having(func.sum(BatchMove.delta) < 0)
            .order_by(Parcel.order_id)
        )
    )


def recall(batch_id: int, reason: str, advice: str, *, actor_id: int | None) -> int:
    """Block what is left of a batch and write to its buyers; returns to how many orders more than before.

    `advice` is what the buyer shall do. An order gets one letter however often this is done; buyers without
    an e-mail address are called by the office. Raises Invalid, NotFound.
    """
    advice = advice.strip()
    if not 3 <= len(advice) <= MAX_ADVICE:
        raise Invalid({"advice": _("Tulis apa yang perlu dilakukan pembeli.")})
    with transaction():
        batch = block(batch_id, reason, actor_id=actor_id)
        before = _letters(batch_id)
        # Read, not locked: payments lock an order before its levels, and this holds a level already.
        for order_id in _with_address(orders_with(batch_id)):
            payload = {"batch_id": batch.id, "order_id": order_id, "advice": advice}
            enqueue(LETTER, payload, key=letter_key(batch.id, order_id))
        more = _letters(batch_id) - before
        auditlog.write("batch.recalled", "batch", batch.id, actor_id=actor_id, code=batch.code, orders=more)
    return more


def _with_address(order_ids: list[int]) -> list[int]:
    reached = select(Order.id).where(Order.id.in_(order_ids), Order.email != "").order_by(Order.id)
    return list(db.session.scalars(reached))


def _letters(batch_id: int) -> int:
    db.session.flush()
    mine = Job.key.startswith(f"{LETTER}:{batch_id}:", autoescape=True)
    return db.session.scalar(select(func.count(Job.id)).where(mine)) or 0


@handler(LETTER)
def send_letter(payload: dict[str, Any]) -> None:
    """Tell one buyer of a batch that is recalled. Raises when mail is away."""
    order, batch = db.session.get(Order, payload["order_id"]), db.session.get(Batch, payload["batch_id"])
    if order is None or batch is None or not order.email:
        return
    line = db.session.scalars(
        select(OrderLine).filter_by(order_id=order.id, variant_id=batch.variant_id).limit(1)
    ).first()
    with speaking(order.language):
        title = line.title if line else batch.code
        subject = _("Penting: %(title)s dari pesanan %(number)s ditarik", title=title, number=order.number)
        letters.post(
            order.email, subject, "recalled", link=letters.address(f"/pesanan/{order.token}"), order=order,
            title=title, code=batch.code, best_before=batch.best_before, why=batch.blocked_reason,
            advice=payload["advice"],
        )  # fmt: skip
