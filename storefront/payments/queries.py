"""What pages show of payments: attempts of an order, transfers to confirm, cases, refunds due."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from storefront.core.db import db
from storefront.core.language import lazy
from storefront.orders.models import Order, OrderEvent, OrderStatus
from storefront.payments.models import (
    ACCOUNT_CHANGED,
    SEEN_BY_OFFICERS,
    SURPLUS,
    Advice,
    AttemptStatus,
    Case,
    CaseKind,
    EventKind,
    Payment,
    PaymentAttempt,
    PaymentEvent,
    ProofStatus,
    Refund,
    RefundLine,
    RefundStatus,
    TransferClaim,
)
from storefront.payments.services.surplus import ACCEPTABLE, Fit, fit_of

CASE_WORDS = {
    CaseKind.LATE: lazy("Dana datang setelah pesanan kedaluwarsa atau dibatalkan"),
    CaseKind.UNDERPAID: lazy("Dana kurang dari yang diminta"),
    CaseKind.OVERPAID: lazy("Dana lebih dari yang diminta"),
    CaseKind.DOUBLE: lazy("Pesanan ini sudah lunas; dana ini yang kedua"),
    CaseKind.FOREIGN_CURRENCY: lazy("Dana dalam mata uang asing"),
    CaseKind.UNKNOWN_ORDER: lazy("Dana tanpa pesanan yang dikenal"),
    CaseKind.REFUND_FAILED: lazy("Pengembalian dana bermasalah"),
    SURPLUS: lazy("Kelebihan bayar; pesanannya sendiri lunas"),
}
"""Why money waits for a person; a refund that came of such a case has its kind as its reason."""


ADVICE_WORDS = {
    Advice.ACCEPT: lazy("Biasanya: pakai untuk pesanannya, bila barangnya masih ada"),
    Advice.REFUND: lazy("Biasanya: kembalikan dananya"),
    Advice.ASK: lazy("Biasanya: tanya dulu pembelinya"),
}
PROVIDER_WORDS = {
    "stripe": lazy("kartu"),
    "midtrans": lazy("Midtrans"),
    "qris": lazy("QRIS"),
    "transfer": lazy("transfer"),
    "cash": lazy("tunai"),
}
"""How money came, inside a sentence."""
AT_ONCE = 25
"""So many cases and refunds stand on a page: each has its forms, and nobody decides more in one go."""


def attempts_of(order_id: int) -> Sequence[PaymentAttempt]:
    """All attempts to pay an order, the newest first."""
    return db.session.scalars(
        select(PaymentAttempt)
        .options(joinedload(PaymentAttempt.account))
        .filter_by(order_id=order_id)
        .order_by(PaymentAttempt.number.desc())
    ).all()


@dataclass(frozen=True)
class Sums:
    """What the events say about an order's money. Rupiah; foreign money is counted nowhere."""

    charged: int = 0
    pending: int = 0  # on its way, as its provider says
    refund_due: int = 0
    refunded: int = 0


def money_of(order_id: int) -> Sums:
    """What was charged, is pending and was refunded: derived from the events, never typed in."""
    return sums_of(db.session.scalars(select(PaymentEvent).filter_by(order_id=order_id)))


def sums_of(events: Iterable[PaymentEvent]) -> Sums:
    """Add events up, in whatever order they come: the newest success of a reference is what counts."""
    charged: dict[tuple[str, str], PaymentEvent] = {}
    refunds: dict[int, dict[EventKind, int]] = {}
    open_ones: dict[int, int] = {}
    over: set[int] = set()
    for event in sorted(events, key=lambda event: (event.at, event.id)):
        reference = (event.provider, event.reference)
        if event.currency != "IDR":
            continue
        if event.kind is EventKind.CHARGED:
            charged[reference] = event
        elif event.refund_id is not None:
            told = refunds.setdefault(event.refund_id, {})
            told[event.kind] = event.amount
            if event.kind is EventKind.REFUND_FAILED:  # also after it was said to have gone back
                told.pop(EventKind.REFUNDED, None)
        if event.attempt_id is not None and event.kind is EventKind.PENDING:
            open_ones[event.attempt_id] = event.amount
        elif event.attempt_id is not None and event.kind is not EventKind.STARTED:
            over.add(event.attempt_id)
    sent = [told[EventKind.REFUNDED] for told in refunds.values() if EventKind.REFUNDED in told]
    due = [
        told[EventKind.REFUND_DUE]
        for told in refunds.values()
        if EventKind.REFUND_DUE in told and EventKind.REFUNDED not in told
    ]
    return Sums(
        charged=sum(event.amount for event in charged.values()),
        pending=sum(amount for attempt_id, amount in open_ones.items() if attempt_id not in over),
        refund_due=sum(due),
        refunded=sum(sent),
    )


def references_since(name: str, since: datetime) -> list[str]:
    """A provider's references of the attempts opened since then (UTC); the reading is over afterwards."""
    found = db.session.scalars(
        select(PaymentAttempt.reference)
        .where(
            PaymentAttempt.provider == name,
            PaymentAttempt.created_at >= since,
            PaymentAttempt.reference.is_not(None),
        )
        .order_by(PaymentAttempt.id)
    ).all()
    db.session.rollback()
    return [reference for reference in found if reference]


def claim_of(attempt_id: int) -> TransferClaim | None:
    """What is known about the money of an attempt that officers look for."""
    return db.session.scalar(select(TransferClaim).filter_by(attempt_id=attempt_id))


def payments_of(order_id: int) -> Sequence[Payment]:
    """Money that arrived for an order."""
    return db.session.scalars(select(Payment).filter_by(order_id=order_id).order_by(Payment.id)).all()


def refunds_of(order_id: int) -> Sequence[Refund]:
    """Money of an order that goes or went back."""
    return db.session.scalars(select(Refund).filter_by(order_id=order_id).order_by(Refund.id)).all()


def taken_back(lines: Collection[int], parcels: Collection[int]) -> list[tuple[RefundLine, Refund | None]]:
    """What went back or is promised of these lines and of these parcels' delivery, in the order it was said.

    Without a refund: nobody had paid for it.
    """
    rows = db.session.execute(
        select(RefundLine, Refund)
        .outerjoin(Refund, Refund.id == RefundLine.refund_id)
        .where(or_(RefundLine.order_line_id.in_(lines), RefundLine.parcel_id.in_(parcels)))
        .order_by(RefundLine.id)
    )
    return [(row[0], row[1]) for row in rows]


def open_transfers(*, limit: int = 100) -> list[tuple[PaymentAttempt, TransferClaim | None]]:
    """Transfers that wait for money or for an officer: those with a proof or a first check first."""
    rows = db.session.execute(
        select(PaymentAttempt, TransferClaim)
        .join(PaymentAttempt.order)
        .outerjoin(TransferClaim, TransferClaim.attempt_id == PaymentAttempt.id)
        .options(
            contains_eager(PaymentAttempt.order),
            joinedload(PaymentAttempt.account),
            joinedload(TransferClaim.checked_by),
        )
        .where(
            PaymentAttempt.provider.in_(SEEN_BY_OFFICERS),
            PaymentAttempt.status == AttemptStatus.STARTED,
            Order.status == OrderStatus.PENDING,
        )
        .order_by(
            TransferClaim.status.in_((ProofStatus.SUBMITTED, ProofStatus.CHECKED)).desc().nulls_last(),
            TransferClaim.submitted_at,
            PaymentAttempt.id,
        )
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def open_cases(*, limit: int = AT_ONCE) -> Sequence[Case]:
    """*Perlu diperiksa*: what is due first, first; the others follow as these are decided."""
    due = (Case.due_at.asc().nulls_first(), Case.id)
    urgent = select(Case.id).where(Case.resolved_at.is_(None)).order_by(*due).limit(limit)
    return db.session.scalars(
        select(Case)
        .options(joinedload(Case.payment), joinedload(Case.order), joinedload(Case.owner))
        .where(Case.id.in_(urgent))
        .order_by(*due)
    ).all()


@dataclass(frozen=True)
class Choice:
    """What an officer can decide about a case now, and what usually is right by now.

    `fit` is how its money pays for the order, with that of `others` when it is short alone; None when it
    can only go back.
    """

    advice: Advice
    fit: Fit | None = None
    others: int = 0


def choices(cases: Sequence[Case]) -> dict[int, Choice]:
    """What can be decided about each of these open cases, by its id."""
    order_ids = {case.order_id for case in cases if case.order_id is not None}
    together: dict[int | None, list[Case]] = {}
    for case in db.session.scalars(
        select(Case)
        .join(Case.payment)
        .options(contains_eager(Case.payment))
        .where(Case.order_id.in_(order_ids), Case.resolved_at.is_(None))
        .where(Case.kind.in_(ACCEPTABLE), Payment.currency == "IDR")
    ):
        together.setdefault(case.order_id, []).append(case)
    return {case.id: _choice(case, together.get(case.order_id, [])) for case in cases}


def _choice(case: Case, waiting: list[Case]) -> Choice:
    if case.payment is None or case.order is None:
        return Choice(case.advice)
    if case not in waiting or case.order.status not in (OrderStatus.PENDING, OrderStatus.EXPIRED):
        return Choice(Advice.REFUND)  # also of what was short, once other money has paid for the order
    alone = fit_of(case.order.total, [case])
    if not alone.missing or len(waiting) == 1:
        return Choice(case.advice, alone)
    whole = fit_of(case.order.total, waiting)
    return Choice(case.advice if whole.missing else Advice.ACCEPT, whole, len(waiting) - 1)


def due_refunds(*, limit: int = AT_ONCE) -> list[tuple[Refund, Order | None]]:
    """Refunds that have not left yet, the oldest first, each with its order."""
    waiting = select(Refund.id).where(Refund.status.in_((RefundStatus.DUE, RefundStatus.FAILED)))
    oldest = waiting.order_by(Refund.requested_at, Refund.id).limit(limit)
    rows = db.session.execute(
        select(Refund, Order)
        .outerjoin(Order, Order.id == Refund.order_id)
        .options(joinedload(Refund.payment))
        .where(Refund.id.in_(oldest))
        .order_by(Refund.requested_at, Refund.id)
    )
    return [(row[0], row[1]) for row in rows]


def accounts_changed(order_ids: Collection[int]) -> dict[int, OrderEvent]:
    """By order: when its bank account for refunds was last replaced by another one."""
    mine = select(OrderEvent).where(OrderEvent.order_id.in_(order_ids), OrderEvent.kind == ACCOUNT_CHANGED)
    return {event.order_id: event for event in db.session.scalars(mine.order_by(OrderEvent.id))}


def to_do() -> dict[str, int]:
    """How many transfers, cases and refunds wait for the office."""
    proofs = (
        select(func.count(TransferClaim.id))
        .join(TransferClaim.attempt)
        .join(PaymentAttempt.order)
        .where(
            TransferClaim.status.in_((ProofStatus.SUBMITTED, ProofStatus.CHECKED)),
            PaymentAttempt.status == AttemptStatus.STARTED,
            Order.status == OrderStatus.PENDING,
        )
    )
    cases = select(func.count(Case.id)).where(Case.resolved_at.is_(None))
    refunds = select(func.count(Refund.id)).where(Refund.status != RefundStatus.SENT)
    row = db.session.execute(
        select(proofs.scalar_subquery(), cases.scalar_subquery(), refunds.scalar_subquery())
    ).one()
    return {"transfers": row[0], "cases": row[1], "refunds": row[2]}
