"""What pages show of orders. A facility's reads start at its parcels and end there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from storefront.catalog.models import Product, Variant
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.facilities.models import Facility
from storefront.feedback.models import Review, ThankYouNote
from storefront.feedback.queries.written import reviewed, thanked
from storefront.feedback.services import Purchase
from storefront.orders.models import Order, OrderLine, OrderStatus, Parcel, ParcelItem, ParcelStatus
from storefront.orders.services.late import due_day, is_late
from storefront.shipping.models import TrackingEvent

ARRIVED = (ParcelStatus.DELIVERED, ParcelStatus.COLLECTED)
"""Of these parcels a buyer can say what they think."""
VISIBLE = (OrderStatus.PAID, OrderStatus.COMPLETED, OrderStatus.CANCELLED)


class Said(NamedTuple):
    """A thing that has arrived, and what its buyer wrote about it so far."""

    line: OrderLine
    review: Review | None
    note: ThankYouNote | None


@dataclass(frozen=True)
class OrderRow:
    """One row of the office's list."""

    id: int
    number: str
    status: OrderStatus
    needs_review: bool
    refund_due: int
    total: int
    channel: str
    placed_at: datetime
    customer_name: str
    phone: str
    facilities: str


class LatePlace(NamedTuple):
    """A facility and how many of its parcels are late."""

    id: int
    name: str
    parcels: int


@dataclass(frozen=True)
class LateRow:
    """A parcel that is not packed, since when it should be, and whether its buyer was told."""

    id: int
    code: str
    number: str
    facility: str
    status: ParcelStatus
    due: date | None
    days: int
    told: bool


def by_token(token: str) -> Order:
    """The order behind an unguessable address, with all that its page shows. Raises NotFound."""
    order = db.session.scalar(_whole().filter_by(token=token))
    if order is None:
        raise NotFound
    return order


def by_number(number: str) -> Order:
    """The order of a number, for the office. Raises NotFound."""
    order = db.session.scalar(_whole().filter_by(number=number))
    if order is None:
        raise NotFound
    return order


def token_for(number: str, phone: str) -> str | None:
    """The address of the order with this number, when the telephone number is the buyer's."""
    return db.session.scalar(select(Order.token).filter_by(number=number.strip().upper(), phone=phone))


def received_line(token: str, line_id: int) -> tuple[Purchase, OrderLine]:
    """A line of the order behind this address that has reached its buyer. Raises NotFound."""
    row = db.session.execute(
        select(OrderLine, Variant.product_id, Product.workshop_id)
        .join(OrderLine.order)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .options(contains_eager(OrderLine.order))
        .where(
            Order.token == token,
            OrderLine.id == line_id,
            OrderLine.items.any(ParcelItem.parcel.has(Parcel.status.in_(ARRIVED))),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    line, product_id, workshop_id = row
    return Purchase(line.id, product_id, line.facility_id, workshop_id, line.title), line


def said_of(order: Order) -> dict[int, list[Said]]:
    """By parcel that has arrived: its things that the catalogue still knows, and what was said of them.

    A thing that came in several parcels stands with the first of them.
    """
    arrived: dict[int, list[OrderLine]] = {}
    seen: set[int] = set()
    for parcel in (parcel for parcel in order.parcels if parcel.status in ARRIVED):
        lines = [item.line for item in parcel.items if item.line.variant_id is not None]
        arrived[parcel.id] = [line for line in lines if line.id not in seen]
        seen.update(line.id for line in lines)
    line_ids = [line.id for lines in arrived.values() for line in lines]
    if not line_ids:
        return {}
    reviews, notes = reviewed(line_ids), thanked(line_ids)
    return {
        parcel_id: [Said(line, reviews.get(line.id), notes.get(line.id)) for line in lines]
        for parcel_id, lines in arrived.items()
    }


def by_cart(cart_id: int) -> Order | None:
    """The order that a cart became, if it did."""
    return db.session.scalar(select(Order).filter_by(cart_id=cart_id))


def parcel_of(facility_id: int, parcel_id: int) -> Parcel:
    """One parcel of a facility with its lines; unpaid ones do not exist here. Raises NotFound."""
    parcel = db.session.scalar(
        select(Parcel)
        .join(Parcel.order)
        .options(contains_eager(Parcel.order), _with_items(), joinedload(Parcel.facility))
        .where(Parcel.id == parcel_id, Parcel.facility_id == facility_id, Order.status.in_(VISIBLE))
    )
    if parcel is None:
        raise NotFound
    return parcel


def parcels_of(
    facility_id: int,
    *,
    statuses: Sequence[ParcelStatus],
    search: str = "",
    late: bool = False,
    made: bool | None = None,
    after: int | None = None,
    limit: int = 25,
) -> tuple[list[Parcel], int | None]:
    """A facility's parcels at a stage, the longest waiting first, that come after its parcel `after`.

    With the last one's id when there are more. `made`: only those with work made to order in them, or only
    those without. `after` may have moved on meanwhile: its place in the row is its payment's.
    """
    where = [*_seen_by(facility_id, search), Parcel.status.in_(statuses)]
    if late:
        where.append(is_late())
    if made is not None:
        where.append(_is_made() if made else ~_is_made())
    if after is not None:
        own = select(Order.paid_at).join(Order.parcels).where(
            Parcel.id == after, Parcel.facility_id == facility_id
        )  # fmt: skip
        where.append(tuple_(Order.paid_at, Parcel.id) > tuple_(own.scalar_subquery(), literal(after)))
    found = list(db.session.scalars(_parcels(where).order_by(Order.paid_at, Parcel.id).limit(limit + 1)))
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def all_parcels_of(
    facility_id: int, *, search: str = "", before: int | None = None, limit: int = 25
) -> tuple[list[Parcel], int | None]:
    """A facility's parcels at every stage, newest first, older than the parcel `before`.

    With the last one's id when there are older ones.
    """
    where = _seen_by(facility_id, search)
    if before is not None:
        where.append(Parcel.id < before)
    found = list(db.session.scalars(_parcels(where).order_by(Parcel.id.desc()).limit(limit + 1)))
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def _seen_by(facility_id: int, search: str) -> list[ColumnElement[bool]]:
    where = [Parcel.facility_id == facility_id, Order.status.in_(VISIBLE)]
    if search:
        where.append(Parcel.code.contains(search.upper(), autoescape=True))
    return where


def _parcels(where: Sequence[ColumnElement[bool]]) -> Select[Parcel]:
    return (
        select(Parcel).join(Parcel.order).options(contains_eager(Parcel.order), _with_items()).where(*where)
    )


def parcel_counts(facility_id: int) -> dict[ParcelStatus, int]:
    """How many paid parcels of a facility stand in each status."""
    rows = db.session.execute(
        select(Parcel.status, func.count(Parcel.id))
        .join(Parcel.order)
        .where(Parcel.facility_id == facility_id, Order.status.in_(VISIBLE))
        .group_by(Parcel.status)
    )
    return {row[0]: row[1] for row in rows}


def parcels_to_make(facility_id: int) -> int:
    """How many parcels that a facility works on have something made to order in them."""
    making = select(func.count(Parcel.id)).join(Parcel.order)
    where = [*_seen_by(facility_id, ""), Parcel.status == ParcelStatus.PROCESSING, _is_made()]
    return db.session.scalar(making.where(*where)) or 0


def _is_made() -> ColumnElement[bool]:
    return Parcel.items.any(ParcelItem.line.has(OrderLine.made_to_order))


def parcel_by_code(facility_id: int, typed: str) -> Parcel | None:
    """A facility's parcel by its code, however it was typed; None for an unknown one and anybody else's."""
    code = "".join(typed.split()).upper()[:40]
    return db.session.scalar(_parcels([*_seen_by(facility_id, ""), Parcel.code == code]))


def late_parcels(facility_id: int | None = None) -> int:
    """How many parcels should be packed by now and are not: a facility's, or everybody's."""
    late = select(func.count(Parcel.id)).join(Parcel.order).where(is_late())
    if facility_id is not None:
        late = late.where(Parcel.facility_id == facility_id)
    return db.session.scalar(late) or 0


def turned_round(facility_id: int) -> int:
    """How many of a facility's parcels on their way their couriers bring back, by their own word."""
    told = select(TrackingEvent.id).where(TrackingEvent.parcel_id == Parcel.id, TrackingEvent.turned_back)
    on_their_way = select(func.count(Parcel.id)).where(
        Parcel.facility_id == facility_id, Parcel.status == ParcelStatus.SHIPPED, told.exists()
    )
    return db.session.scalar(on_their_way) or 0


def late_at() -> list[LatePlace]:
    """The facilities with parcels that should be packed by now, the most of them first."""
    rows = db.session.execute(
        select(Facility.id, Facility.name, func.count(Parcel.id))
        .join(Parcel, Parcel.facility_id == Facility.id)
        .join(Parcel.order)
        .where(is_late())
        .group_by(Facility.id, Facility.name)
        .order_by(func.count(Parcel.id).desc(), Facility.name)
    )
    return [LatePlace(*row) for row in rows]


def late_page(
    *, facility_id: int | None = None, after: int | None = None, limit: int = 25
) -> tuple[list[LateRow], int | None]:
    """Late parcels, the longest paid for first, from the parcel `after` on: a facility's, or everybody's.

    With the last one's id when there are more.
    """
    where = [is_late()]
    if facility_id is not None:
        where.append(Parcel.facility_id == facility_id)
    if after is not None:
        paid = select(Order.paid_at).join(Order.parcels).where(Parcel.id == after).scalar_subquery()
        where.append(tuple_(Order.paid_at, Parcel.id) > tuple_(paid, literal(after)))
    parcels = db.session.scalars(
        select(Parcel)
        .join(Parcel.order)
        .options(contains_eager(Parcel.order), joinedload(Parcel.facility))
        .where(*where)
        .order_by(Order.paid_at, Parcel.id)
        .limit(limit + 1)
    ).all()
    rows = [_late_row(parcel) for parcel in parcels[:limit]]
    return rows, rows[-1].id if len(parcels) > limit else None


def _late_row(parcel: Parcel) -> LateRow:
    due = due_day(parcel)
    days = (clock.today() - due).days if due else 0
    return LateRow(
        parcel.id, parcel.code, parcel.order.number, parcel.facility.name, parcel.status, due, days,
        parcel.late_told_at is not None,
    )  # fmt: skip


def orders_page(
    *,
    status: OrderStatus | None = None,
    search: str = "",
    review: bool = False,
    before: int | None = None,
    limit: int = 25,
) -> tuple[list[OrderRow], int, int | None]:
    """The office's list of orders, newest first, older than the order `before`.

    With how many there are in all, and the last one's id when there are older ones.
    """
    where = []
    if status is not None:
        where.append(Order.status == status)
    if review:
        where.append(or_(Order.needs_review, Order.refund_due > 0))
    if search:
        where.append(
            or_(
                Order.number.contains(search.upper(), autoescape=True),
                Order.customer_name.icontains(search, autoescape=True),
            )
        )
    total = db.session.scalar(select(func.count(Order.id)).where(*where)) or 0
    if before is not None:
        last = select(Order.placed_at).filter_by(id=before).scalar_subquery()
        where.append(tuple_(Order.placed_at, Order.id) < tuple_(last, literal(before)))
    orders = db.session.scalars(
        select(Order)
        .options(selectinload(Order.parcels).joinedload(Parcel.facility))
        .where(*where)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit + 1)
    ).all()
    rows = [_row(order) for order in orders[:limit]]
    return rows, total, rows[-1].id if len(orders) > limit else None


def _row(order: Order) -> OrderRow:
    return OrderRow(
        order.id, order.number, order.status, order.needs_review, order.refund_due, order.total,
        order.channel, order.placed_at, order.customer_name, order.phone,
        ", ".join(parcel.facility.name for parcel in order.parcels),
    )  # fmt: skip


def _with_items() -> _AbstractLoad:
    """What is in each parcel, read for all of them at once."""
    return selectinload(Parcel.items).joinedload(ParcelItem.line)


def _whole() -> Select[Order]:
    return select(Order).options(
        selectinload(Order.parcels).joinedload(Parcel.facility),
        selectinload(Order.parcels).options(_with_items()),
        selectinload(Order.lines),
        selectinload(Order.events),
    )
