"""Money that goes back: never more than came in, each piece once, and the ledger follows when it has left."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from storefront.core import auditlog, clock
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.core.money import rupiah
from storefront.core.outbox import enqueue
from storefront.core.transactions import transaction
from storefront.orders.models import Order, OrderEvent, OrderLine, Parcel
from storefront.orders.services import Actor, amounts, letters, record
from storefront.payments.models import (
    ACCEPTED,
    ACCOUNT_CHANGED,
    SURPLUS,
    Case,
    EventKind,
    Payment,
    Refund,
    RefundLine,
    RefundStatus,
)
from storefront.payments.providers import provider
from storefront.payments.services.destinations import forget_later
from storefront.payments.services.events import note_refund, sending_of
from storefront.payments.services.surplus import shared_out
from storefront.revenue.models import Journal, JournalKind
from storefront.revenue.services import Pieces, book_refund, book_suspense_refund, capture_of

FREE = "free"
"""Where a provider's name would stand: goods that nobody paid for, because promotions bore all of it."""


class SentByAnother(Invalid):
    """Money that a person sends back passes two pairs of eyes."""

    def __init__(self) -> None:
        words = _("Pengembalian harus dikirim oleh petugas lain, bukan yang memintanya.")
        super().__init__({"reference": words})


class NothingToRefund(DomainError):
    """Nobody paid for it, it went back already, or it was free."""

    default = lazy("Tidak ada dana yang dapat dikembalikan untuk ini.")


@dataclass(frozen=True)
class Rest:
    """What of an order can still go back: pieces by line, parcels' shipping, and rupiah in all."""

    pieces: Mapping[int, int]
    shipping: frozenset[int]
    amount: int


def refund_lines(
    order_id: int, pieces: Mapping[int, int], *, shipping: Collection[int] = (), reason: str, actor: Actor,
    key: str,
) -> int:  # fmt: skip
    """Promise money back for pieces of lines (by id) and the shipping of parcels; returns the refund's id.

    What a line comes to is what was paid for it, after discounts. With the last piece and the last
    parcel goes all that is left of the payment, so also a transfer's unique code. The same `key` again
    gives the same refund. Raises NotFound for a line or parcel of another order, Invalid for more
    pieces than are left, NothingToRefund.
    """
    with transaction():
        order = locked(Order, order_id)
        payments = captured_payments(order_id)
        if not payments:
            raise NothingToRefund
        mine = select(Refund.id).where(Refund.payment_id.in_([row.id for row in payments]), Refund.key == key)
        standing = db.session.scalar(mine.order_by(Refund.id).limit(1))
        if standing is not None:
            return standing
        lines, amount = _asked(order, payments, pieces, shipping)
        return promise(payments, amount, lines, key=key, reason=reason, actor=actor)[0].id


def take_back_sale(
    order: Order, pieces: Mapping[int, int], shipping: Collection[int], *, reason: str, actor: Actor, key: str
) -> int | None:
    """Undo a sale of things that will not be sent, in the running transaction, the order's row locked.

    As `refund_lines`; but what was free is only taken out of the ledger, at once, and gives None.
    """
    payments = captured_payments(order.id)
    lines, amount = _asked(order, payments, pieces, shipping)
    if amount > 0:
        return promise(payments, amount, lines, key=key, reason=reason, actor=actor)[0].id
    capture = db.session.scalar(select(Journal).filter_by(order_id=order.id, kind=JournalKind.CAPTURE))
    if lines and capture is not None:
        db.session.add_all(lines)
        _book_lines(capture, lines, provider=FREE, amount=0, reference=f"{FREE}:{order.number}:{key}")
    return None


def take_back_all(order: Order, *, reason: str, actor: Actor) -> int | None:
    """The same for whatever of an order did not go back yet."""
    rest = rest_of(order, captured_payments(order.id))
    return take_back_sale(order, rest.pieces, rest.shipping, reason=reason, actor=actor, key="rest")


def owe_refund(payment: Payment, *, reason: str, actor: Actor) -> Refund:
    """Promise back a payment that paid for nothing, whole, in the running transaction; once."""
    locked(Payment, payment.id)
    standing = db.session.scalar(select(Refund).filter_by(payment_id=payment.id))
    return standing or _promise(payment, payment.amount, [], key="whole", reason=reason, actor=actor)


def promise(
    payments: Sequence[Payment], amount: int, lines: list[RefundLine], *, key: str, reason: str, actor: Actor
) -> list[Refund]:
    """Promise an amount back, from the first payment on: one refund of each that it needs.

    In the running transaction, the order's row locked. The first refund says what it is for. Raises
    NothingToRefund.
    """
    parts = shared_out(amount, [_left(payment) for payment in payments])
    found: list[Refund] = []
    for payment, part in zip(payments, parts, strict=True):
        if part:
            what = [] if found else lines
            found.append(_promise(payment, part, what, key=key, reason=reason, actor=actor))
    if not found:
        raise NothingToRefund
    return found


def captured_payments(order_id: int) -> list[Payment]:
    """The payments that paid for an order, alone or together: none that only waits in suspense."""
    accepted = select(Case.payment_id).filter_by(order_id=order_id, resolution=ACCEPTED)
    used = set(db.session.scalars(accepted))
    payments = db.session.scalars(select(Payment).filter_by(order_id=order_id).order_by(Payment.id))
    return [row for row in payments if row.id in used or capture_of(row.provider, row.reference)]


def rest_of(order: Order, payments: Sequence[Payment]) -> Rest:
    """What of an order can still go back, by its refunds; also one that failed is still owed."""
    back = _taken(order.id)
    shipping = {parcel.id for parcel in order.parcels if _shipping_paid(order, parcel)}
    return Rest(
        {line.id: line.quantity - back.get(line.id, 0) for line in order.lines},
        frozenset(shipping - _parcels_taken(order.id)),
        sum(_left(payment) for payment in payments),
    )


class AccountChanged(Invalid):
    """Another bank account stands there than the one that the officer saw."""

    def __init__(self) -> None:
        words = _("Rekening tujuannya diganti sejak halaman ini dibuka. Lihat rekeningnya sebelum mencatat.")
        super().__init__({"reference": words})


def mark_refund_sent(refund_id: int, reference: str, *, actor: Actor, seen: int | None = None) -> None:
    """The money has left, under this reference: the ledger follows, once.

    What an officer sends by hand is sent by another one than promised it. Raises Invalid for an empty or
    used reference, and where a vendor sends it; SentByAnother; AccountChanged when the order's account was
    replaced after the event `seen` (0: there was none), None where nobody looked. One that was sent before
    stays as it is; so does one of which its vendor told before, under this reference, that it failed.
    """
    reference = reference.strip()
    if not 3 <= len(reference) <= 120:
        raise Invalid({"reference": _("Tulis nomor referensi pengembalian dari bank (3–120 huruf).")})
    with transaction():
        order, refund = held_refund(refund_id)
        if refund.status is RefundStatus.SENT or (actor.id is None and refund.reference == reference):
            return
        if actor.id is not None:
            if not refund.by_hand:  # else nobody would send it any more, and no second person has looked
                raise Invalid({"reference": _("Penyedia pembayarannya yang mengirim pengembalian ini.")})
            if actor.id == refund.requested_by_id:
                raise SentByAnother
            if seen is not None and seen != account_event(refund.order_id):
                raise AccountChanged
            refund.sent_by_id = actor.id
        if db.session.scalar(select(Refund.id).where(Refund.reference == reference)):
            raise Invalid({"reference": _("Referensi ini sudah dipakai untuk pengembalian lain.")})
        refund.status, refund.reference, refund.sent_at = RefundStatus.SENT, reference, clock.now()
        db.session.flush()
        _book(refund)
        forget_later(refund)
        _tell(order, refund, actor)


def account_event(order_id: int | None) -> int:
    """The id of the event that last replaced an order's bank account for refunds; 0 when nothing did."""
    mine = select(func.max(OrderEvent.id)).filter_by(order_id=order_id, kind=ACCOUNT_CHANGED)
    return db.session.scalar(mine) or 0


def held_refund(refund_id: int) -> tuple[Order | None, Refund]:
    """A refund and its order, the order's row locked first as everywhere. Raises NotFound."""
    order_id = db.session.scalar(select(Refund.order_id).filter_by(id=refund_id))
    order = locked(Order, order_id) if order_id is not None else None
    return order, locked(Refund, refund_id)


# --- pieces -------------------------------------------------------------------------------------------


def _left(payment: Payment) -> int:
    """Rupiah of a payment that are not promised back."""
    promised = select(func.coalesce(func.sum(Refund.amount), 0)).filter_by(payment_id=payment.id)
    return payment.amount - (db.session.scalar(promised) or 0)


def _asked(
    order: Order, payments: Sequence[Payment], pieces: Mapping[int, int], shipping: Collection[int]
) -> tuple[list[RefundLine], int]:
    """What is to go back, and how many rupiah of what came in."""
    rest = rest_of(order, payments)
    lines = _lines(order, rest, pieces, shipping)
    if _covers(lines, rest):
        return lines, rest.amount
    return lines, min(rest.amount, sum(line.amount for line in lines))


def _lines(
    order: Order, rest: Rest, pieces: Mapping[int, int], shipping: Collection[int]
) -> list[RefundLine]:
    """What is to go back, each piece and each parcel's shipping once. Raises NotFound, Invalid."""
    by_id = {line.id: line for line in order.lines}
    parcels = {parcel.id: parcel for parcel in order.parcels}
    if not set(pieces) <= set(by_id) or not set(shipping) <= set(parcels):
        raise NotFound
    found = []
    for line_id, quantity in sorted((line_id, n) for line_id, n in pieces.items() if n):
        line, left = by_id[line_id], rest.pieces[line_id]
        if not 0 < quantity <= left:
            words = _("Dari %(title)s tinggal %(left)s yang dapat dikembalikan.", title=line.title, left=left)
            raise Invalid({f"baris-{line_id}": words})
        found.append(_line(order, line, line.quantity - left, quantity))
    found += [
        RefundLine(parcel_id=parcel_id, amount=_shipping_paid(order, parcels[parcel_id]))
        for parcel_id in sorted(set(shipping) & rest.shipping)
    ]
    return found


def _line(order: Order, line: OrderLine, earlier: int, quantity: int) -> RefundLine:
    taken_off = [row.amount for row in order.discounts if row.order_line_id == line.id]
    amount = amounts.net(line.total, taken_off, line.quantity, earlier, quantity)
    return RefundLine(order_line_id=line.id, quantity=quantity, earlier=earlier, amount=amount)


def _covers(lines: Iterable[RefundLine], rest: Rest) -> bool:
    """Whether nothing is left of the order after these."""
    going = {line.order_line_id: line.quantity for line in lines if line.order_line_id}
    parcels = {line.parcel_id for line in lines if line.parcel_id}
    return {k: n for k, n in rest.pieces.items() if n} == going and rest.shipping == parcels


def _shipping_paid(order: Order, parcel: Parcel) -> int:
    """What the buyer paid for a parcel's way."""
    return parcel.shipping_cost - sum(row.amount for row in order.discounts if row.parcel_id == parcel.id)


def _taken(order_id: int) -> dict[int, int]:
    """Pieces by line that went back or are promised."""
    rows = db.session.execute(
        select(RefundLine.order_line_id, func.sum(RefundLine.quantity))
        .join(OrderLine, OrderLine.id == RefundLine.order_line_id)
        .where(OrderLine.order_id == order_id)
        .group_by(RefundLine.order_line_id)
    )
    return {int(row[0]): int(row[1]) for row in rows if row[0] is not None}


def _parcels_taken(order_id: int) -> set[int]:
    """Parcels whose shipping went back or is promised."""
    return set(
        db.session.scalars(
            select(RefundLine.parcel_id)
            .join(Parcel, Parcel.id == RefundLine.parcel_id)
            .where(Parcel.order_id == order_id)
        )
    )


def _promise(
    payment: Payment, amount: int, lines: list[RefundLine], *, key: str, reason: str, actor: Actor
) -> Refund:
    """Write a refund down. What a provider can send leaves by itself. Raises NothingToRefund."""
    if amount <= 0:
        raise NothingToRefund
    by_hand = _by_hand(payment.provider)
    refund = Refund(
        payment_id=payment.id, key=key[:80], order_id=payment.order_id, amount=amount, by_hand=by_hand,
        reason=reason[:300], requested_by_id=actor.id, requested_at=clock.now(), lines=lines,
    )  # fmt: skip
    db.session.add(refund)
    db.session.flush()
    order = db.session.get(Order, payment.order_id) if payment.order_id is not None else None
    if order is not None:
        order.refund_due += amount
    if actor.id is not None:
        auditlog.write(
            "refund.promised", "refund", refund.id, actor_id=actor.id, amount=amount,
            order=order.number if order else None,
        )  # fmt: skip
    note_refund(EventKind.REFUND_DUE, refund, payment, actor_id=actor.id)
    if not by_hand:
        enqueue("refund.send", {"refund_id": refund.id}, key=f"refund.send:{refund.id}")
    return refund


def _by_hand(name: str) -> bool:
    """Whether an officer has to send it. A vendor that this shop has no more is no reason yet."""
    try:
        return not provider(name).sends_refunds
    except Invalid:
        return False


def _tell(order: Order | None, refund: Refund, actor: Actor) -> None:
    mark = sending_of(refund)
    note_refund(EventKind.REFUNDED, refund, refund.payment, actor_id=actor.id)
    if order is not None:
        order.refund_due -= refund.amount
        record(order, "refund", note=rupiah(refund.amount), actor=actor)
        letters.write("refunded", order, mark=mark)
    if actor.id is not None:  # a card's refund leaves by itself
        auditlog.write(
            "refund.sent", "refund", refund.id, actor_id=actor.id, amount=refund.amount,
            reference=refund.reference, order=order.number if order else None,
        )  # fmt: skip


def _book(refund: Refund) -> None:
    payment = refund.payment
    if payment.currency != "IDR":
        return
    capture = _sale_of(payment)
    if capture is not None and refund.key != SURPLUS:
        reference = f"{payment.provider}:{refund.reference}"
        _book_lines(
            capture, refund.lines, provider=payment.provider, amount=refund.amount, reference=reference
        )
        return
    book_suspense_refund(
        provider=payment.provider,
        reference=payment.reference,
        amount=refund.amount,
        at=clock.now(),
        order_id=payment.order_id,
    )


def _sale_of(payment: Payment) -> Journal | None:
    """The booking of the sale that a payment paid for, alone or with others."""
    own = capture_of(payment.provider, payment.reference)
    if own is not None or payment.order_id is None:
        return own
    if payment not in captured_payments(payment.order_id):
        return None
    return db.session.scalar(select(Journal).filter_by(order_id=payment.order_id, kind=JournalKind.CAPTURE))


def _book_lines(
    capture: Journal, lines: Iterable[RefundLine], *, provider: str, amount: int, reference: str
) -> None:
    book_refund(
        capture,
        lines=[Pieces(row.order_line_id, row.earlier, row.quantity) for row in lines if row.order_line_id],
        parcels={row.parcel_id for row in lines if row.parcel_id},
        provider=provider,
        amount=amount,
        reference=reference,
        at=clock.now(),
    )
