"""What somebody looks for in a queue of the regional office: words, one facility, and how long it waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from storefront.catalog.models import Product
from storefront.core import clock
from storefront.core.db import db
from storefront.facilities.models import Facility

AGES = (3, 7, 14)
"""Days of waiting that the office may ask for."""


@dataclass(frozen=True)
class Wanted:
    """A filter of a queue; the empty one lets everything through."""

    words: str = ""
    facility_id: int | None = None
    days: int | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.facility_id or self.days)

    def conditions(self, since: Any) -> list[ColumnElement[bool]]:
        """For a statement that names Product; `since` is the column that says when the wait began."""
        found: list[ColumnElement[bool]] = []
        if self.words:
            found.append(Product.title.icontains(self.words, autoescape=True))
        if self.facility_id is not None:
            found.append(Product.facility_id == self.facility_id)
        if self.days is not None:
            found.append(since < _began(self.days))
        return found


EVERYTHING = Wanted()


def makers_of(waiting: Any) -> list[tuple[int, str]]:
    """(id, name) of the facilities whose products are among these ids, by name: the choices of a filter."""
    rows = db.session.execute(
        select(Facility.id, Facility.name)
        .where(Facility.id.in_(select(Product.facility_id).where(Product.id.in_(waiting))))
        .order_by(Facility.name, Facility.id)
    )
    return [(row[0], row[1]) for row in rows]


def _began(days: int) -> datetime:
    """Before this moment began what has waited for so many days, as the queue counts them: WIB dates."""
    day = clock.today() - timedelta(days=days)
    return clock.day_bounds(day, day)[1]
