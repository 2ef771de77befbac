"""*Perlu diperiksa*: money that only a person can decide about."""

from datetime import datetime, timedelta

from sqlalchemy import select

from storefront.core import auditlog, clock
from storefront.core.db import db, locked
from storefront.core.errors import DomainError
from storefront.core.language import lazy
from storefront.core.money import rupiah
from storefront.core.transactions import transaction
from storefront.core.workdays import after_working_days
from storefront.inventory import services as inventory
from storefront.orders.models import Order, OrderStatus
from storefront.orders.services import Actor, letters, move_order, revive_parcels
from storefront.orders.services.parts import wishes_of
from storefront.payments.models import Advice, Case, CaseKind, Payment
from storefront.payments.services import invoices
from storefront.payments.services.refunds import owe_refund
from storefront.promotions import services as promotions
from storefront.revenue.services import book_acceptance

ACCEPTABLE = {CaseKind.LATE, CaseKind.UNDERPAID, CaseKind.OVERPAID}
ADVICE = {
    CaseKind.LATE: Advice.ACCEPT,  # if the goods are still there
    CaseKind.UNDERPAID: Advice.ASK,  # to send the rest, or to take it back
    CaseKind.OVERPAID: Advice.ACCEPT,
    CaseKind.DOUBLE: Advice.REFUND,
    CaseKind.FOREIGN_CURRENCY: Advice.REFUND,
    CaseKind.UNKNOWN_ORDER: Advice.ASK,  # the bank or the vendor whose money it is
    CaseKind.REFUND_FAILED: Advice.REFUND,
}
"""What usually is right; the officer decides."""

WORKING_DAYS = 2
"""So soon somebody has decided: a buyer who has paid does not wait longer than one who complains."""


class CaseClosed(DomainError):
    """Somebody already decided."""

    default = lazy("Kasus ini sudah diselesaikan.")


class CannotAccept(DomainError):
    """The money cannot pay for the order; only sending it back is left."""

    default = lazy("Dana ini tidak dapat dipakai untuk pesanannya. Kembalikan dananya.")


def open_case(
    kind: CaseKind,
    *,
    payment: Payment | None,
    order: Order | None,
    expected: int | None = None,
    note: str = "",
) -> Case:
    """Put something on the list, in the running transaction."""
    case = Case(
        kind=kind,
        payment_id=payment.id if payment else None,
        order_id=order.id if order else None,
        expected=expected,
        note=note,
        advice=ADVICE[kind],
        opened_at=clock.now(),
        due_at=_deadline(),
    )
    db.session.add(case)
    if order is not None:
        order.needs_review = True
    return case


def accept_case(case_id: int, actor: Actor) -> None:
    """Use the money for its order after all; an expired order comes back if its goods are there.

    Raises CaseClosed, CannotAccept or OutOfStock; then nothing changed.
    """
    with transaction():
        case, order = _open(case_id)
        payment = case.payment
        if order is None or payment is None or case.kind not in ACCEPTABLE:
            raise CannotAccept
        if order.status not in {OrderStatus.PENDING, OrderStatus.EXPIRED}:
            raise CannotAccept
        if order.status is OrderStatus.EXPIRED:
            pieces = {line.id: line.quantity for line in order.lines}
            promotions.take_again(order.id)
            inventory.hold(order.id, wishes_of(order, pieces), until=clock.now())
            revive_parcels(order, actor=actor)
        move_order(order, OrderStatus.PAID, note=rupiah(payment.amount), actor=actor)
        book_acceptance(
            order,
            provider=payment.provider,
            reference=payment.reference,
            received=payment.amount,
            at=clock.now(),
        )
        letters.write("paid", order)
        invoices.issue(order, payment)
        close_case(case, order, "accepted", actor)
        _enter("case.accepted", case, order, actor)
        promotions.confirm(order.id)
        inventory.consume(order.id)


def refund_case(case_id: int, actor: Actor) -> None:
    """Send the money back. Raises CaseClosed."""
    with transaction():
        case, order = _open(case_id)
        if case.payment is not None:
            owe_refund(case.payment, reason=case.kind.value, actor=actor)
        close_case(case, order, "refunded", actor)
        _enter("case.refunded", case, order, actor)


def take_case(case_id: int, actor: Actor) -> None:
    """Say that this officer sees to it; a colleague may take it over. Raises CaseClosed."""
    with transaction():
        case, order = _open(case_id)
        case.owner_id = actor.id
        _enter("case.taken", case, order, actor)


def ask_case(case_id: int, actor: Actor) -> None:
    """The officer wrote to the buyer: the case is theirs and waits for the answer. Raises CaseClosed."""
    with transaction():
        case, order = _open(case_id)
        case.owner_id, case.asked_at, case.due_at = actor.id, clock.now(), _deadline()
        _enter("case.asked", case, order, actor)


def _deadline() -> datetime:
    """The end of the second working day from now (UTC)."""
    return clock.day_start(after_working_days(clock.today(), WORKING_DAYS) + timedelta(days=1))


def _enter(action: str, case: Case, order: Order | None, actor: Actor) -> None:
    auditlog.write(
        action, "case", case.id, actor_id=actor.id, kind=case.kind, order=order.number if order else None,
        amount=case.payment.amount if case.payment else None,
    )  # fmt: skip


def close_case(case: Case, order: Order | None, resolution: str, actor: Actor) -> None:
    """Write down the decision; the order's mark goes when nothing else is open."""
    case.resolution, case.resolved_at, case.resolved_by_id = resolution, clock.now(), actor.id
    db.session.flush()
    if order is not None:
        others = select(Case.id).where(Case.order_id == order.id, Case.resolved_at.is_(None)).limit(1)
        order.needs_review = db.session.scalar(others) is not None


def _open(case_id: int) -> tuple[Case, Order | None]:
    """The case and its order, the order locked first as everywhere."""
    order_id = db.session.scalar(select(Case.order_id).filter_by(id=case_id))
    order = locked(Order, order_id) if order_id is not None else None
    case = locked(Case, case_id)
    if case.resolved_at is not None:
        raise CaseClosed
    return case, order
