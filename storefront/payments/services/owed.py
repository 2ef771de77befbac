"""The letter that says that money goes back, and asks where to when no vendor can send it."""

from typing import Any

from storefront.core import letters
from storefront.core.db import db
from storefront.core.language import _, speaking
from storefront.core.outbox import enqueue, handler
from storefront.orders.models import Order
from storefront.payments.models import SURPLUS, Refund, RefundStatus


def tell_of(refund: Refund) -> None:
    """Ask for the letter about a refund that was promised, or whose vendor failed; once each.

    In the running transaction.
    """
    if refund.order_id is not None:
        mark = f"{refund.id}:failed" if refund.status is RefundStatus.FAILED else f"{refund.id}"
        enqueue("letter.owed", {"refund_id": refund.id}, key=f"letter.owed:{mark}")


@handler("letter.owed")
def _write(payload: dict[str, Any]) -> None:
    """Write to the buyer, unless the money has left by now: another letter says that. Raises as mail does."""
    refund = db.session.get(Refund, payload["refund_id"])
    order = db.session.get(Order, refund.order_id) if refund and refund.order_id else None
    if refund is None or order is None or not order.email or refund.status is RefundStatus.SENT:
        return
    wants_account = refund.by_hand and not refund.destination
    with speaking(order.language):
        subject = _("Dana pesanan %(number)s akan dikembalikan", number=order.number)
        page = f"/pesanan/{order.token}/rekening" if wants_account else f"/pesanan/{order.token}"
        letters.post(
            order.email, subject, "owed", link=letters.address(page), order=order, amount=refund.amount,
            is_surplus=refund.key == SURPLUS, wants_account=wants_account,
            failed=refund.status is RefundStatus.FAILED,
        )  # fmt: skip
