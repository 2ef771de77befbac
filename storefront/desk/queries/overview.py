"""All facilities on one screen: what is late, waits or ends, and what this month brought."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from storefront.aftersales.models import LIVE, ComplaintCase
from storefront.catalog.models import Product, ProductStatus
from storefront.catalog.queries.changes import waiting_by_facility
from storefront.catalog.queries.permits import ending_by_facility
from storefront.core import clock
from storefront.core.db import db
from storefront.core.language import lazy
from storefront.facilities.models import Facility
from storefront.orders.queries import late_at
from storefront.revenue.models import Entry, Journal
from storefront.revenue.queries.fairs import GOODS

ENDING_DAYS = 90
"""Permits that end within so many days are counted, and those that ended already."""


@dataclass(frozen=True, kw_only=True)
class FacilityLine:
    """One facility. `takings` in rupiah: net sales of this WIB month; `paused_until` of a pause that runs."""

    id: int
    name: str
    town: str
    is_open: bool
    paused_until: date | None
    late: int = 0
    products: int = 0
    changes: int = 0
    permits: int = 0
    complaints: int = 0
    takings: int = 0

    @property
    def curation(self) -> int:
        """Products and changes that wait for the office."""
        return self.products + self.changes

    @property
    def work(self) -> int:
        """Everything that somebody has to see to."""
        return self.late + self.curation + self.permits + self.complaints


ORDERS: dict[str, Callable[[FacilityLine], Any]] = {
    "terlambat": lambda line: -line.late,
    "kurasi": lambda line: -line.curation,
    "izin": lambda line: -line.permits,
    "keluhan": lambda line: -line.complaints,
    "pendapatan": lambda line: -line.takings,
    "nama": lambda _line: 0,
}
"""What the lines may be sorted by; those that are equal by their work, then by name."""
ORDER_NAMES = {
    "terlambat": lazy("Kiriman terlambat"),
    "kurasi": lazy("Menunggu kurasi"),
    "izin": lazy("Izin berakhir"),
    "keluhan": lazy("Keluhan terbuka"),
    "pendapatan": lazy("Penjualan bersih"),
    "nama": lazy("Nama"),
}
FIRST = "terlambat"


def facility_lines(order: str = FIRST) -> list[FacilityLine]:
    """All facilities that are open, or closed with something left, the most pressing first. Seven queries."""
    today = clock.today()
    late = {place.id: place.parcels for place in late_at()}
    products, changes = _counted(_submitted()), waiting_by_facility()
    permits, complaints = ending_by_facility(ENDING_DAYS), _counted(_complaints())
    takings = _counted(_takings())
    facilities = db.session.execute(
        select(Facility.id, Facility.name, Facility.town, Facility.is_open, Facility.paused_until)
    )
    lines = [
        FacilityLine(
            id=row.id, name=row.name, town=row.town, is_open=row.is_open,
            paused_until=row.paused_until if row.paused_until and row.paused_until > today else None,
            late=late.get(row.id, 0), products=products.get(row.id, 0), changes=changes.get(row.id, 0),
            permits=permits.get(row.id, 0), complaints=complaints.get(row.id, 0),
            takings=takings.get(row.id, 0),
        )
        for row in facilities
    ]  # fmt: skip
    shown = [line for line in lines if line.is_open or _has_something(line)]
    return sorted(shown, key=lambda line: (ORDERS[order](line), *_then(line, order), line.id))


def _then(line: FacilityLine, order: str) -> tuple[int, str]:
    """Of those that are equal, whoever has most to do stands first, but not among names."""
    return 0 if order == "nama" else -line.work, line.name.casefold()


def total(lines: list[FacilityLine]) -> FacilityLine:
    """The sums below all lines."""
    names = ("late", "products", "changes", "permits", "complaints", "takings")
    sums = {name: sum(getattr(line, name) for line in lines) for name in names}
    return FacilityLine(id=0, name="", town="", is_open=True, paused_until=None, **sums)


def _has_something(line: FacilityLine) -> bool:
    return bool(line.work or line.takings)


def _counted(statement: Select[int, int]) -> dict[int, int]:
    return {row[0]: int(row[1]) for row in db.session.execute(statement)}


def _submitted() -> Select[int, int]:
    return (
        select(Product.facility_id, func.count(Product.id))
        .where(Product.status == ProductStatus.SUBMITTED)
        .group_by(Product.facility_id)
    )


def _complaints() -> Select[int, int]:
    return (
        select(ComplaintCase.facility_id, func.count(ComplaintCase.id))
        .where(ComplaintCase.status.in_(LIVE))
        .group_by(ComplaintCase.facility_id)
    )


def _takings() -> Select[Any, Any]:
    """Net sales of this month, as *Hari ini* and the report count them."""
    return (
        select(Entry.facility_id, -func.sum(Entry.amount))
        .join(Entry.journal)
        .where(
            Entry.account.in_(GOODS),
            Journal.period == clock.period(clock.now()),
            Entry.facility_id.is_not(None),
        )
        .group_by(Entry.facility_id)
    )
