"""Bookings: double entry, whole rupiah, each written once.

Debits are positive. Money that arrived is a debit of `clearing:<provider>`; what it paid for is a
credit of `sales` and `shipping` (per facility), of `rounding` (a transfer's unique code), or of
`suspense` while nobody knows what it is for. Money that left credits the clearing account again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from storefront.catalog.models import Variant
from storefront.catalog.services.popularity import set_popularity
from storefront.core import clock
from storefront.core.db import db
from storefront.core.transactions import transaction
from storefront.orders.models import Order, OrderLine, OrderStatus, Parcel
from storefront.orders.services import amounts
from storefront.revenue.models import Entry, Journal, JournalKind

POPULAR_FOR = timedelta(days=90)
"""How far back sales count for what is called popular."""


class Unbalanced(RuntimeError):
    """A booking whose entries do not sum to zero: a bug, never a person's mistake."""


@dataclass(frozen=True)
class Line:
    """One entry to be. Amount in rupiah, debit positive."""

    account: str
    amount: int
    facility_id: int | None = None
    order_line_id: int | None = None
    pieces: int = 0
    parcel_id: int | None = None


@dataclass(frozen=True)
class Pieces:
    """Pieces of a line that are taken back, after `earlier` ones that were."""

    order_line_id: int
    earlier: int
    pieces: int


def book(
    kind: JournalKind, key: str, lines: list[Line], *, at: datetime, order_id: int | None = None,
    memo: str = "", reverses_id: int | None = None,
) -> Journal:  # fmt: skip
    """Write a balanced booking once; a key that exists gives the booking that stands there.

    Entries of zero are left out. Raises Unbalanced.
    """
    if sum(line.amount for line in lines):
        raise Unbalanced(f"{key}: entries sum to {sum(line.amount for line in lines)}")
    with transaction():
        standing = db.session.scalar(select(Journal).filter_by(key=key))
        if standing is not None:
            return standing
        journal = Journal(
            key=key, kind=kind, order_id=order_id, reverses_id=reverses_id, memo=memo, at=at,
            period=clock.period(at),
            entries=[Entry(**vars(line)) for line in lines if line.amount],
        )  # fmt: skip
        db.session.add(journal)
        db.session.flush()
    return journal


def book_capture(order: Order, *, provider: str, reference: str, received: int, at: datetime) -> Journal:
    """Money paid for an order: each line to its facility, the rest above the total to rounding."""
    lines = [Line(f"clearing:{provider}", received)]
    lines += order_credits(order)
    lines.append(Line("rounding", order.total - received))
    return book(
        JournalKind.CAPTURE, f"capture:{provider}:{reference}", lines, at=at, order_id=order.id,
        memo=f"Pembayaran {order.number}",
    )  # fmt: skip


def order_credits(order: Order) -> list[Line]:
    """What an order owes its facilities: goods line by line, shipping parcel by parcel, both in full.

    What promotions took off is owed by who bears it: a debit of `discount:<funder>`, with the facility
    where it pays for it itself.
    """
    goods = [Line("sales", -line.total, line.facility_id, line.id, line.quantity) for line in order.lines]
    shipping = [
        Line("shipping", -parcel.shipping_cost, parcel.facility_id, parcel_id=parcel.id)
        for parcel in order.parcels
    ]
    borne = [
        Line(
            f"discount:{row.funder.value}",
            row.amount,
            row.facility_id,
            row.order_line_id,
            parcel_id=row.parcel_id,
        )
        for row in (order.discounts if order.discount else ())
    ]
    return goods + shipping + borne


def book_suspense(
    *, provider: str, reference: str, received: int, at: datetime, order_id: int | None, memo: str
) -> Journal:
    """Money that pays for nothing yet: late, short, doubled or unknown."""
    lines = [Line(f"clearing:{provider}", received), Line("suspense", -received)]
    key = f"suspense:{provider}:{reference}"
    return book(JournalKind.SUSPENSE, key, lines, at=at, order_id=order_id, memo=memo)


def book_acceptance(order: Order, *, provider: str, reference: str, received: int, at: datetime) -> Journal:
    """Suspended money pays for its order after all; a difference goes to rounding."""
    lines = [Line("suspense", received), *order_credits(order), Line("rounding", order.total - received)]
    key = f"capture:{provider}:{reference}"
    return book(
        JournalKind.CAPTURE, key, lines, at=at, order_id=order.id, memo=f"Pembayaran {order.number} diterima"
    )


def book_suspense_refund(
    *, provider: str, reference: str, amount: int, at: datetime, order_id: int | None
) -> Journal:
    """Suspended money went back to where it came from; anew when it did not arrive before."""
    lines = [Line("suspense", amount), Line(f"clearing:{provider}", -amount)]
    key = f"suspense-out:{provider}:{reference}"
    standing = _of_key(key)
    if standing is not None and _of_key(_undone(standing)) is not None:
        key = f"suspense-out:after:{standing.id}"
    return book(
        JournalKind.SUSPENSE_OUT, key, lines, at=at, order_id=order_id, memo=f"Dikembalikan: {reference}"
    )


def book_refund(
    capture: Journal, *, lines: Sequence[Pieces], parcels: Collection[int], provider: str, amount: int,
    reference: str, at: datetime,
) -> Journal:  # fmt: skip
    """Part of a sale is undone because its money went back, dated today.

    Each line is taken back in full, with its share of every discount; shipping parcel by parcel. What
    `amount` differs from that (a transfer's unique code, money that was short) goes to rounding. A sale
    that was paid out of suspense leaves the clearing account, where its money came in.
    """
    order = db.session.get_one(Order, capture.order_id)
    entries = [entry for row in lines for entry in _pieces_back(order, row)]
    entries += [
        entry for parcel in order.parcels if parcel.id in parcels for entry in _shipping_back(order, parcel)
    ]
    entries.append(Line(f"clearing:{provider}", -amount))
    entries.append(Line("rounding", -sum(entry.amount for entry in entries)))
    return book(
        JournalKind.REVERSAL, f"reversal:{reference}", entries, at=at, order_id=order.id,
        memo=f"Pengembalian: {capture.memo}", reverses_id=capture.id,
    )  # fmt: skip


def _pieces_back(order: Order, back: Pieces) -> list[Line]:
    line = next(line for line in order.lines if line.id == back.order_line_id)
    borne = [row for row in order.discounts if row.order_line_id == line.id]
    span = (line.quantity, back.earlier, back.pieces)
    sale = amounts.gross(line.total, *span)
    parts = amounts.shares(line.total, [row.amount for row in borne], *span)
    return [
        Line("sales", sale, line.facility_id, line.id, -back.pieces),
        *(
            Line(f"discount:{row.funder.value}", -part, row.facility_id, line.id)
            for row, part in zip(borne, parts, strict=True)
        ),
    ]


def _shipping_back(order: Order, parcel: Parcel) -> list[Line]:
    borne = [row for row in order.discounts if row.parcel_id == parcel.id]
    return [
        Line("shipping", parcel.shipping_cost, parcel.facility_id, parcel_id=parcel.id),
        *(
            Line(f"discount:{row.funder.value}", -row.amount, row.facility_id, parcel_id=parcel.id)
            for row in borne
        ),
    ]


def capture_of(provider: str, reference: str) -> Journal | None:
    """The booking that a payment made, when it paid for an order."""
    return _of_key(f"capture:{provider}:{reference}")


def refund_booking(provider: str, reference: str, payment_reference: str) -> Journal | None:
    """The booking of a refund by its own reference, or out of suspense by that of its payment."""
    sale = _of_key(f"reversal:{provider}:{reference}")
    return sale or _of_key(f"suspense-out:{provider}:{payment_reference}")


def book_back(booking: Journal, *, at: datetime) -> Journal:
    """Money that was booked as gone did not arrive: the same entries the other way round, dated today, once.

    Of the same kind, so that reports of its month count what was taken back less.
    """
    lines = [
        Line(row.account, -row.amount, row.facility_id, row.order_line_id, -row.pieces, row.parcel_id)
        for row in booking.entries
    ]
    return book(
        booking.kind, _undone(booking), lines, at=at, order_id=booking.order_id,
        memo=f"Gagal: {booking.memo}"[:200], reverses_id=booking.id,
    )  # fmt: skip


def _undone(booking: Journal) -> str:
    return f"undone:{booking.id}"


def _of_key(key: str) -> Journal | None:
    return db.session.scalar(select(Journal).filter_by(key=key))


def count_popularity() -> int:
    """Tell the catalogue in how many orders each product was paid for of late; how many changed.

    Orders, not pieces: who buys a thousand paving stones likes them no more than who buys one bag.
    Once a day is enough: lists are made anew when something changed, and only then.
    """
    sold = (
        select(Variant.product_id, func.count(Order.id.distinct()))
        .join(OrderLine, OrderLine.variant_id == Variant.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.status.in_([OrderStatus.PAID, OrderStatus.COMPLETED]),
            Order.paid_at >= clock.now() - POPULAR_FOR,
        )
        .group_by(Variant.product_id)
    )
    return set_popularity({row[0]: row[1] for row in db.session.execute(sold)})
