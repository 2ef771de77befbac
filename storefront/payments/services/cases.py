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
from storefront.orders.services import Actor, letters, move_order, record, revive_parcels
from storefront.orders.services.parts import promise_anew, wishes_of
from storefront.payments.models import ACCEPTED, SURPLUS, Advice, Case, CaseKind, Payment
from storefront.payments.services import invoices
from storefront.payments.services.closing import close_open_pages
from storefront.payments.services.owed import tell_of
from storefront.payments.services.refunds import owe_refund, promise
from storefront.payments.services.surplus import ACCEPTABLE, Fit, fit_of
from storefront.promotions import services as promotions
from storefront.revenue.services import book_acceptance

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


def accept_case(case_id: int, actor: Actor, *, together: bool = False) -> Fit:
    """Use the money for its order after all; an expired order comes back if its goods are there.

    What came in above what was asked is owed back in the same transaction (`surplus.fit`). `together`
    uses all money that waits for this order, not this payment alone. Says how it fitted. Raises
    CaseClosed, CannotAccept or OutOfStock; then nothing changed.
    """
    with transaction():
        case, order = _open(case_id)
        if order is None or case.payment is None or case.kind not in ACCEPTABLE:
            raise CannotAccept
        return _accept(order, [case, *(open_parts(order.id, but=case.id) if together else [])], actor)


def complete(order: Order, case: Case, *, actor: Actor) -> bool:
    """Pay an order with the rest that its buyer was asked for and what came in before, if that is enough.

    In the running transaction, the order's row locked; `case` is the rest's, just opened.
    """
    db.session.flush()  # it has its number by now
    cases = [case, *open_parts(order.id, but=case.id)]
    if order.status is not OrderStatus.PENDING or fit_of(order.total, cases).missing:
        return False
    _accept(order, cases, actor)
    return True


def open_parts(order_id: int, *, but: int = 0) -> list[Case]:
    """Undecided money in rupiah that could pay for an order, the first first; `but` that of one case."""
    mine = select(Case).join(Case.payment).where(
        Case.order_id == order_id, Case.id != but, Case.resolved_at.is_(None),
        Case.kind.in_(ACCEPTABLE), Payment.currency == "IDR",
    )  # fmt: skip
    return list(db.session.scalars(mine.order_by(Case.id)))


def waiting_for(order_id: int) -> int:
    """Rupiah that came in for an order and are not decided about: its buyer is asked for the rest only."""
    return sum(case.payment.amount for case in open_parts(order_id) if case.payment is not None)


def _accept(order: Order, cases: list[Case], actor: Actor) -> Fit:
    """Pay the order with the money of cases, the first of them naming the booking."""
    if order.status not in {OrderStatus.PENDING, OrderStatus.EXPIRED}:
        raise CannotAccept
    payments = [case.payment for case in cases if case.payment is not None]
    money = fit_of(order.total, cases)
    if order.status is OrderStatus.EXPIRED:
        pieces = {line.id: line.quantity for line in order.lines}
        promotions.take_again(order.id)
        promise_anew(order, inventory.hold(order.id, wishes_of(order, pieces), until=clock.now()))
        revive_parcels(order, actor=actor)
    move_order(order, OrderStatus.PAID, note=rupiah(money.received), actor=actor)
    close_open_pages(order.id)
    book_acceptance(
        order, provider=payments[0].provider, reference=payments[0].reference, received=money.used,
        at=clock.now(),
    )  # fmt: skip
    letters.write("paid", order)
    _give_surplus_back(order, payments, money.surplus, actor)
    invoices.issue(order, payments[0])
    for case in cases:
        close_case(case, order, ACCEPTED, actor)
        _enter("case.accepted", case, order, actor, **({"surplus": money.surplus} if money.surplus else {}))
    promotions.confirm(order.id)
    inventory.consume(order.id)
    return money


def _give_surplus_back(order: Order, payments: list[Payment], amount: int, actor: Actor) -> None:
    """Owe the buyer what was too much, from the last payment on, and write to them what happens with it."""
    if not amount:
        return
    record(order, SURPLUS, note=rupiah(amount), actor=actor)
    last_first = sorted(payments, key=lambda payment: -payment.id)
    for refund in promise(last_first, amount, [], key=SURPLUS, reason=SURPLUS, actor=actor):
        tell_of(refund)


def refund_case(case_id: int, actor: Actor) -> None:
    """Send the money back. Raises CaseClosed."""
    with transaction():
        case, order = _open(case_id)
        if case.payment is not None:
            tell_of(owe_refund(case.payment, reason=case.kind.value, actor=actor))
        close_case(case, order, "refunded", actor)
        _enter("case.refunded", case, order, actor)


def take_case(case_id: int, actor: Actor) -> None:
    """Say that this officer sees to it; a colleague may take it over. Raises CaseClosed."""
    with transaction():
        case, order = _open(case_id)
        case.owner_id = actor.id
        _enter("case.taken", case, order, actor)


def ask_case(case_id: int, actor: Actor) -> tuple[Case, Order | None]:
    """The officer wrote to the buyer: the case is theirs and waits for the answer. Raises CaseClosed."""
    with transaction():
        case, order = _open(case_id)
        case.owner_id, case.asked_at, case.due_at = actor.id, clock.now(), _deadline()
        _enter("case.asked", case, order, actor)
        return case, order


def _deadline() -> datetime:
    """The end of the second working day from now (UTC)."""
    return clock.day_start(after_working_days(clock.today(), WORKING_DAYS) + timedelta(days=1))


def _enter(action: str, case: Case, order: Order | None, actor: Actor, **facts: int) -> None:
    auditlog.write(
        action, "case", case.id, actor_id=actor.id, kind=case.kind, order=order.number if order else None,
        amount=case.payment.amount if case.payment else None, **facts,
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
