"""Who bears what promotions took off: the ledger's `discount:<funder>` accounts, by month, and the uses."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select, true

from storefront.core.db import db
from storefront.facilities.models import Facility
from storefront.orders.models import OrderDiscount
from storefront.promotions.models import Funder
from storefront.promotions.services import Author
from storefront.revenue.models import Entry, Journal, JournalKind

ACCOUNT = "discount:"


@dataclass(frozen=True)
class Bearing:
    """What one funder (a facility where it pays itself) bore in a WIB month. Whole rupiah.

    `orders` were paid in it, `given` came off them, `back` was taken back with goods that were returned.
    """

    month: str
    funder: Funder
    facility: str
    orders: int
    given: int
    back: int

    @property
    def net(self) -> int:
        """What the funder owes for the month."""
        return self.given - self.back


@dataclass(frozen=True)
class Cost:
    """What one promotion took off paid orders of the months, by the name and code that buyers saw."""

    label: str
    code: str
    funder: Funder
    facility: str
    orders: int
    given: int


def borne(first_month: str, last_month: str, author: Author) -> list[Bearing]:
    """What each funder bore in the WIB months 'YYYY-MM', both included, inside the author's realm."""
    captured = Journal.kind == JournalKind.CAPTURE
    rows = db.session.execute(
        select(
            Journal.period,
            Entry.account,
            Facility.name,
            func.count(func.distinct(case((captured, Journal.order_id)))).label("orders"),
            func.sum(case((captured, Entry.amount), else_=0)).label("given"),
            func.sum(case((captured, 0), else_=-Entry.amount)).label("back"),
        )
        .select_from(Entry)
        .join(Journal, Journal.id == Entry.journal_id)
        .outerjoin(Facility, Facility.id == Entry.facility_id)
        .where(
            Entry.account.startswith(ACCOUNT),
            Journal.period.between(first_month, last_month),
            _entries_of(author),
        )
        .group_by(Journal.period, Entry.account, Facility.name)
        .order_by(Journal.period.desc(), Entry.account, Facility.name)
    )
    return [
        Bearing(
            row.period, Funder(row.account.removeprefix(ACCOUNT)), row.name or "", row.orders,
            int(row.given), int(row.back),
        )
        for row in rows
    ]  # fmt: skip


def costs(first_month: str, last_month: str, author: Author) -> list[Cost]:
    """What each promotion took off orders that were paid in these months, the dearest first."""
    given = func.sum(OrderDiscount.amount)
    paid = select(Journal.order_id).where(
        Journal.kind == JournalKind.CAPTURE, Journal.period.between(first_month, last_month)
    )
    rows = db.session.execute(
        select(
            OrderDiscount.label, OrderDiscount.code, OrderDiscount.funder, Facility.name,
            func.count(func.distinct(OrderDiscount.order_id)), given,
        )
        .outerjoin(Facility, Facility.id == OrderDiscount.facility_id)
        .where(OrderDiscount.order_id.in_(paid), _discounts_of(author))
        .group_by(
            OrderDiscount.promotion_id, OrderDiscount.label, OrderDiscount.code, OrderDiscount.funder,
            Facility.name,
        )
        .order_by(given.desc(), OrderDiscount.label)
    )  # fmt: skip
    return [
        Cost(label, code, funder, name or "", orders, int(amount))
        for label, code, funder, name, orders, amount in rows
    ]


def total(rows: Sequence[Bearing]) -> int:
    """What all of them bore together."""
    return sum(row.net for row in rows)


def _entries_of(author: Author) -> ColumnElement[bool]:
    if author.facility_id is not None:
        return Entry.facility_id == author.facility_id
    return true() if author.may_fund(Funder.OFFICE, None) else Entry.account == f"{ACCOUNT}{Funder.PEMPROV}"


def _discounts_of(author: Author) -> ColumnElement[bool]:
    if author.facility_id is not None:
        return OrderDiscount.facility_id == author.facility_id
    return true() if author.may_fund(Funder.OFFICE, None) else OrderDiscount.funder == Funder.PEMPROV
