"""Cases by whoever asks: the buyer by their order's address, a facility its own, the office all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from storefront.aftersales.models import (
    LIVE,
    CaseItem,
    CasePhoto,
    CaseStatus,
    ComplaintCase,
    ReturnStatus,
)
from storefront.aftersales.services.filing import pieces_left
from storefront.aftersales.services.rules import last_day
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.feedback.models import Complaint
from storefront.orders.models import Order, OrderLine, OrderStatus, Parcel, ParcelItem, ParcelStatus
from storefront.web.formats import iso

SIZE = 25
TABS: dict[str, tuple[CaseStatus, ...]] = {
    "lapas": (CaseStatus.OPEN,),
    "pembeli": (CaseStatus.OFFERED,),
    "kanwil": (CaseStatus.OFFICE,),
    "jalan": (CaseStatus.ACCEPTED,),
    "selesai": (CaseStatus.SETTLED, CaseStatus.REJECTED, CaseStatus.WITHDRAWN),
}
"""The lists of both desks: whose turn it is."""


@dataclass(frozen=True)
class OnOrder:
    """What an order's page says of complaints about one parcel that arrived."""

    until: date | None
    may_open: bool
    cases: Sequence[ComplaintCase]


@dataclass(frozen=True)
class Piece:
    """A thing that may be complained of, and how many of it at most."""

    line: OrderLine
    most: int


def on_order(order: Order) -> dict[int, OnOrder]:
    """By parcel that arrived or came back: until when it may be complained of, and the cases there are."""
    days = {parcel.id: last_day(parcel) for parcel in order.parcels}
    if not any(days.values()) and all(parcel.status is not ParcelStatus.RETURNED for parcel in order.parcels):
        return {}
    rows = db.session.scalars(
        select(ComplaintCase).where(ComplaintCase.order_id == order.id).order_by(ComplaintCase.id)
    ).all()
    found = {}
    for parcel in order.parcels:
        cases = [case for case in rows if case.parcel_id == parcel.id]
        day = days[parcel.id]
        if day is not None or cases:
            open_now = day is not None and clock.today() <= day and not any(case.is_live for case in cases)
            found[parcel.id] = OnOrder(day, open_now, cases)
    return found


def pieces_of(token: str, parcel_id: int) -> tuple[Parcel, list[Piece]]:
    """A parcel that arrived with what may be complained of in it, by its order's address. Raises NotFound."""
    parcel = db.session.scalar(
        select(Parcel)
        .join(Parcel.order)
        .options(
            joinedload(Parcel.facility), joinedload(Parcel.order),
            selectinload(Parcel.items).joinedload(ParcelItem.line),
        )
        .where(
            Order.token == token,
            Parcel.id == parcel_id,
            Order.status.in_((OrderStatus.PAID, OrderStatus.COMPLETED)),
        )
    )  # fmt: skip
    if parcel is None or last_day(parcel) is None:
        raise NotFound
    left = pieces_left(parcel)
    return parcel, [
        Piece(item.line, left[item.order_line_id]) for item in parcel.items if left[item.order_line_id]
    ]


def sent_parcel(parcel_id: int, facility_id: int | None) -> Parcel:
    """A paid parcel with what is in it: a facility's own, for the office any. Raises NotFound."""
    asked = (
        select(Parcel)
        .join(Parcel.order)
        .options(
            joinedload(Parcel.facility), joinedload(Parcel.order),
            selectinload(Parcel.items).joinedload(ParcelItem.line),
        )
        .where(Parcel.id == parcel_id, Order.status.in_((OrderStatus.PAID, OrderStatus.COMPLETED)))
    )  # fmt: skip
    if facility_id is not None:
        asked = asked.where(Parcel.facility_id == facility_id)
    parcel = db.session.scalar(asked)
    if parcel is None:
        raise NotFound
    return parcel


def case_of(token: str, case_id: int) -> ComplaintCase:
    """A case of the order behind this address. Raises NotFound."""
    return _one(_whole().join(ComplaintCase.order).where(Order.token == token, ComplaintCase.id == case_id))


def own_case(facility_id: int, case_id: int) -> ComplaintCase:
    """A case about a facility's parcel. Raises NotFound."""
    return _one(_whole().where(ComplaintCase.facility_id == facility_id, ComplaintCase.id == case_id))


def any_case(case_id: int) -> ComplaintCase:
    """A case, for the office. Raises NotFound."""
    return _one(_whole().where(ComplaintCase.id == case_id))


def photo_key(case_id: int, photo_id: int) -> str:
    """Where a case's photo lies. Whose case it is has to be known by then. Raises NotFound."""
    key = db.session.scalar(select(CasePhoto.key).filter_by(id=photo_id, case_id=case_id))
    if key is None:
        raise NotFound
    return key


def cases_page(
    tab: str, *, facility_id: int | None = None, after: int | None = None
) -> tuple[list[ComplaintCase], int | None]:
    """The cases of one tab, from the case `after` on: what is live by its deadline, what is over the latest
    first.

    With the last one's id when there are more.
    """
    statuses = TABS[tab]
    where: list[ColumnElement[bool]] = [ComplaintCase.status.in_(statuses)]
    if facility_id is not None:
        where.append(ComplaintCase.facility_id == facility_id)
    over = statuses[0] not in LIVE
    order = (ComplaintCase.id.desc(),) if over else (ComplaintCase.answer_by, ComplaintCase.id)
    if after is not None and over:
        where.append(ComplaintCase.id < after)
    elif after is not None:
        due = select(ComplaintCase.answer_by).filter_by(id=after).scalar_subquery()
        where.append(tuple_(ComplaintCase.answer_by, ComplaintCase.id) > tuple_(due, literal(after)))
    rows = db.session.scalars(
        select(ComplaintCase)
        .options(joinedload(ComplaintCase.facility), joinedload(ComplaintCase.parcel))
        .where(*where)
        .order_by(*order)
        .limit(SIZE + 1)
    ).all()
    return list(rows[:SIZE]), rows[SIZE - 1].id if len(rows) > SIZE else None


def counts(facility_id: int | None = None) -> dict[str, int]:
    """How many cases stand in each tab of a desk."""
    counted = select(ComplaintCase.status, func.count(ComplaintCase.id)).group_by(ComplaintCase.status)
    if facility_id is not None:
        counted = counted.where(ComplaintCase.facility_id == facility_id)
    found: Mapping[CaseStatus, int] = dict(db.session.execute(counted).all())
    return {tab: sum(found.get(status, 0) for status in statuses) for tab, statuses in TABS.items()}


def facility_to_do(facility_id: int) -> dict[str, int]:
    """What waits at a facility: `answers`, `goods` that come back, and `work` agreed by word."""
    own = [ComplaintCase.facility_id == facility_id]
    accepted = [*own, ComplaintCase.status == CaseStatus.ACCEPTED]
    sums = {
        "answers": [*own, ComplaintCase.status == CaseStatus.OPEN],
        "goods": [*accepted, ComplaintCase.return_status == ReturnStatus.SENT],
        "work": [*accepted, ComplaintCase.return_status.in_((ReturnStatus.NONE, ReturnStatus.RECEIVED))],
    }
    return _counts(sums)


def office_to_do() -> dict[str, int]:
    """What waits at the office: cases to `decide`, and how many of them are `late`."""
    waiting = [ComplaintCase.status == CaseStatus.OFFICE]
    return _counts({"decide": waiting, "late": [*waiting, ComplaintCase.answer_by <= clock.now()]})


def cases_of_number(order_number: str) -> Sequence[ComplaintCase]:
    """The cases of the order that somebody named to the office."""
    return db.session.scalars(
        select(ComplaintCase)
        .join(ComplaintCase.order)
        .where(Order.number == order_number)
        .order_by(ComplaintCase.id)
    ).all()


def complaints_naming(order_number: str) -> Sequence[Complaint]:
    """What came in through the general channel under this order's number; nobody vouches for that."""
    return db.session.scalars(
        select(Complaint).filter_by(order_number=order_number).order_by(Complaint.id)
    ).all()


def live_orders() -> Select[int]:
    """The orders about which a case is still going on, for whoever asks whether somebody may leave."""
    return select(ComplaintCase.order_id).where(ComplaintCase.status.in_(LIVE))


def data_of(order_ids: Collection[int]) -> list[dict[str, Any]]:
    """All that a buyer told in cases of their orders, as they may take it away. ISO-8601 moments."""
    rows = db.session.scalars(
        _whole().where(ComplaintCase.order_id.in_(order_ids)).order_by(ComplaintCase.id)
    ).unique()
    return [
        {
            "reference": case.reference, "parcel": case.parcel.code, "status": case.status.value,
            "problem": case.problem.value, "wish": case.wish.value, "text": case.told,
            "opened_at": iso(case.opened_at),
            "remedy": case.remedy.value if case.remedy else None, "photos": len(case.photos),
            "items": [
                {"title": item.line.title, "quantity": item.quantity, "granted": item.granted}
                for item in case.items
            ],
            "messages": [
                {"from": entry.party.value, "text": entry.text, "at": iso(entry.at)}
                for entry in case.entries if entry.text
            ],
        }
        for case in rows
    ]  # fmt: skip


def _whole() -> Select[Any]:
    return select(ComplaintCase).options(
        joinedload(ComplaintCase.order),
        joinedload(ComplaintCase.parcel),
        joinedload(ComplaintCase.facility),
        joinedload(ComplaintCase.exchange),
        selectinload(ComplaintCase.items).joinedload(CaseItem.line),
        selectinload(ComplaintCase.photos),
        selectinload(ComplaintCase.entries),
    )


def _one(statement: Select[Any]) -> ComplaintCase:
    case: ComplaintCase | None = db.session.scalar(statement)
    if case is None:
        raise NotFound
    return case


def _counts(sums: Mapping[str, Sequence[ColumnElement[bool]]]) -> dict[str, int]:
    asked = [select(func.count(ComplaintCase.id)).where(*where).scalar_subquery() for where in sums.values()]
    return dict(zip(sums, db.session.execute(select(*asked)).one(), strict=True))
