"""Fresh goods: which districts a facility brings them to, and on which days that is still possible."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db
from storefront.shipping.models import ClosedDay, FreshArea

HORIZON = 14
"""Days ahead that a buyer may choose."""
MOST = 6
"""Days that are offered."""


def areas_of(facility_ids: Collection[int]) -> Sequence[FreshArea]:
    """The districts that these facilities bring fresh goods to."""
    return db.session.scalars(
        select(FreshArea)
        .where(FreshArea.facility_id.in_(facility_ids))
        .order_by(FreshArea.facility_id, FreshArea.district_label, FreshArea.id)
    ).all()


def closed_days_of(facility_ids: Collection[int]) -> dict[int, dict[date, str]]:
    """The days, from today on, on which these facilities bring nothing, and why."""
    rows = db.session.scalars(
        select(ClosedDay)
        .where(ClosedDay.facility_id.in_(facility_ids), ClosedDay.day >= clock.today())
        .order_by(ClosedDay.day)
    )
    closed: dict[int, dict[date, str]] = {}
    for row in rows:
        closed.setdefault(row.facility_id, {})[row.day] = row.reason
    return closed


def possible_days(
    area: FreshArea, closed: Collection[date], *, moment: datetime, not_before: date | None = None
) -> list[date]:
    """The days on which an order of this moment can still be brought, the nearest first.

    A weekday of the area, not closed, not before the goods are made, and ordered before the cut-off time.
    """
    today = clock.local(moment).date()
    found = []
    for ahead in range(HORIZON + 1):
        day = today + timedelta(days=ahead)
        if day.weekday() not in area.days or day in closed or (not_before and day < not_before):
            continue
        last = datetime.combine(
            day - timedelta(days=area.notice_days), time(area.cutoff // 60, area.cutoff % 60), clock.JAKARTA
        )
        if moment <= last:
            found.append(day)
    return found[:MOST]
