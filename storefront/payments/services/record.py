"""The one way to become paid. Webhook, officer and reconciliation all come here.

Idempotent per (provider, reference): the same money is recorded once, whoever tells us, however
often and in whatever order. Money that does not fit is kept too, in suspense, with a case.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.core import clock
from storefront.core.db import db, locked
from storefront.core.money import rupiah
from storefront.core.transactions import transaction
from storefront.inventory import services as inventory
from storefront.orders.models import Order, OrderStatus
from storefront.orders.services import SYSTEM, Actor, letters, move_order, record
from storefront.payments.models import AttemptStatus, Case, CaseKind, Payment, PaymentAttempt
from storefront.payments.services import invoices
from storefront.payments.services.cases import complete, open_case
from storefront.payments.services.closing import close_open_pages
from storefront.payments.services.events import note_payment
from storefront.promotions import services as promotions
from storefront.revenue.services import book_capture, book_suspense


class Outcome(StrEnum):
    """What became of the money."""

    PAID = "paid"
    REPEAT = "repeat"
    REVIEW = "review"


@dataclass(frozen=True)
class Money:
    """Money that somebody says has arrived: rupiah, or minor units of a foreign currency."""

    provider: str
    reference: str
    amount: int
    received_at: datetime
    currency: str = "IDR"


def record_payment(
    money: Money,
    *,
    order_id: int | None,
    attempt_id: int | None = None,
    actor: Actor = SYSTEM,
) -> Outcome:
    """Record money and, when it fits, pay the order with it: status, stock, ledger, mail, at once."""
    try:
        return _record(money, order_id, attempt_id, actor)
    except IntegrityError:  # two told us of the same unknown money at the same moment
        if _known(money):
            return Outcome.REPEAT
        raise


def _record(money: Money, order_id: int | None, attempt_id: int | None, actor: Actor) -> Outcome:
    with transaction():
        order = locked(Order, order_id) if order_id is not None else None
        if _known(money):
            return Outcome.REPEAT
        attempt = db.session.get(PaymentAttempt, attempt_id) if attempt_id is not None else None
        payment = Payment(
            provider=money.provider,
            reference=money.reference,
            order_id=order_id,
            attempt_id=attempt_id,
            amount=money.amount,
            currency=money.currency,
            received_at=money.received_at,
            recorded_at=clock.now(),
            recorded_by_id=actor.id,
        )
        db.session.add(payment)
        db.session.flush()
        note_payment(payment)
        if attempt is not None:
            attempt.status, attempt.closed_at = AttemptStatus.SUCCEEDED, clock.now()
        expected = attempt.amount if attempt else order.total if order else None
        problem = _problem(order, money, expected)
        if order is None or problem is not None:
            _suspend(payment, problem or CaseKind.UNKNOWN_ORDER, expected)
            return Outcome.REVIEW
        if attempt is not None and attempt.amount - attempt.unique_code < order.total:
            # The rest was asked for: what came first waits in suspense.
            case = _suspend(payment, CaseKind.UNDERPAID, order.total)
            return Outcome.PAID if complete(order, case, actor=actor) else Outcome.REVIEW
        settle(order, payment, actor=actor)
    return Outcome.PAID


def settle(order: Order, payment: Payment, *, actor: Actor) -> None:
    """Pay a pending order whose row the caller holds."""
    move_order(order, OrderStatus.PAID, note=rupiah(payment.amount), actor=actor)
    book_capture(
        order,
        provider=payment.provider,
        reference=payment.reference,
        received=payment.amount,
        at=payment.received_at,
    )
    close_open_pages(order.id)  # a page that stays open is paid twice
    letters.write("paid", order)
    invoices.issue(order, payment)
    promotions.confirm(order.id)
    inventory.consume(order.id)


def _known(money: Money) -> bool:
    return (
        db.session.scalar(select(Payment.id).filter_by(provider=money.provider, reference=money.reference))
        is not None
    )


def _problem(order: Order | None, money: Money, expected: int | None) -> CaseKind | None:
    """Why this money cannot pay its order, or None when it can."""
    if order is None or expected is None:
        return CaseKind.UNKNOWN_ORDER
    if money.currency != "IDR":
        return CaseKind.FOREIGN_CURRENCY
    if order.paid_at is not None:
        return CaseKind.DOUBLE
    if order.status is not OrderStatus.PENDING:
        return CaseKind.LATE
    if money.amount != expected:
        return CaseKind.UNDERPAID if money.amount < expected else CaseKind.OVERPAID
    return None


def _suspend(payment: Payment, kind: CaseKind, expected: int | None) -> Case:
    """Keep money that does not fit. Foreign money stays out of a ledger that counts rupiah."""
    if payment.currency == "IDR":
        book_suspense(
            provider=payment.provider,
            reference=payment.reference,
            received=payment.amount,
            at=payment.received_at,
            order_id=payment.order_id,
            memo=f"Tertahan: {kind}",
        )
    order = db.session.get(Order, payment.order_id) if payment.order_id is not None else None
    if order is not None and kind is CaseKind.UNDERPAID:
        close_open_pages(order.id)  # they ask for all of it; from now on the buyer is asked for the rest
    if order is not None:
        record(order, "review", note=f"{payment.provider} {payment.amount} {payment.currency}: {kind}")
    return open_case(kind, payment=payment, order=order, expected=expected)
