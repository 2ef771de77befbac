"""How a refund leaves by its vendor, and what follows when it does not, or comes back after all."""

from typing import Any

from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db
from storefront.core.money import rupiah
from storefront.core.outbox import handler
from storefront.core.transactions import transaction
from storefront.orders.models import Order
from storefront.orders.services import SYSTEM, record
from storefront.payments.models import REFUND_FAILED, Case, CaseKind, EventKind, Refund, RefundStatus
from storefront.payments.providers import RefundRefused, provider
from storefront.payments.services.cases import open_case
from storefront.payments.services.events import note_refund
from storefront.payments.services.owed import tell_of
from storefront.payments.services.refunds import held_refund, mark_refund_sent
from storefront.revenue.services import book_back, refund_booking


def fail_refund(refund_id: int, note: str, *, reference: str | None = None) -> None:
    """The provider does not send it: the money is still owed, by hand from now on, and a case says so.

    `note` is the case's, for people; the same note opens no second case. `reference` is the vendor's for
    what failed: when it was booked as gone under it, the ledger takes it back, once. A vendor says so up to
    30 days later (https://docs.stripe.com/refunds#failed-refunds). What an officer sent stays sent.
    """
    with transaction():
        order, refund = held_refund(refund_id)
        if refund.status is RefundStatus.SENT and refund.sent_by_id is None and refund.reference == reference:
            _take_back(order, refund)
        if refund.status is RefundStatus.DUE:
            refund.status, refund.by_hand, refund.reference = RefundStatus.FAILED, True, reference
            note_refund(EventKind.REFUND_FAILED, refund, refund.payment)
            if order is not None:
                record(order, "refund_failed", note=rupiah(refund.amount))
            tell_of(refund)
        if db.session.scalar(select(Case.id).filter_by(note=note)) is None:
            open_case(CaseKind.REFUND_FAILED, payment=None, order=order, note=note)


def _take_back(order: Order | None, refund: Refund) -> None:
    """The money never arrived: it is owed as if it had not left, and the ledger says the same."""
    payment = refund.payment
    booking = refund_booking(payment.provider, refund.reference or "", payment.reference)
    if booking is not None:  # none for foreign money
        book_back(booking, at=clock.now())
    refund.status, refund.sent_at = RefundStatus.DUE, None
    if order is not None:
        order.refund_due += refund.amount


@handler("refund.send")
def _send(payload: dict[str, Any]) -> None:
    """Ask the provider outside any transaction, then write down what it said."""
    refund = db.session.get(Refund, payload["refund_id"])
    if refund is None or refund.status is not RefundStatus.DUE:
        return
    payment, amount = refund.payment, refund.amount
    db.session.expunge(payment)
    db.session.rollback()
    key = f"refund-{payload['refund_id']}"
    try:
        reference = provider(payment.provider).refund(payment, amount=amount, key=key)
    except RefundRefused:  # a final no; a vendor that is away is asked again
        fail_refund(payload["refund_id"], f"{REFUND_FAILED} {key}")
        return
    mark_refund_sent(payload["refund_id"], reference, actor=SYSTEM)
