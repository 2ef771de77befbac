"""A facility's rounds with fresh goods: districts, days, prices, and days on which nothing is brought."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete, select

from storefront.core import auditlog
from storefront.core.db import db, insert_once
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.core.regions.queries import DistrictRow
from storefront.core.transactions import transaction
from storefront.shipping.models import ClosedDay, FreshArea


def save_area(
    facility_id: int, place: DistrictRow, *, weekdays: Collection[int], cost: int, cutoff: int,
    notice_days: int, actor_id: int,
) -> None:  # fmt: skip
    """Bring fresh goods to a district on these weekdays (Monday 0); a district again is changed.

    `cost` in rupiah; ordered until `cutoff` (minutes after midnight, WIB) `notice_days` before. Raises
    Invalid.
    """
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise Invalid({"weekdays": _("Pilih paling sedikit satu hari antar.")})
    values = {
        "weekdays": sum(1 << day for day in set(weekdays)), "cost": cost, "cutoff": cutoff,
        "notice_days": notice_days, "district_label": place.label,
    }  # fmt: skip
    with transaction():
        area = db.session.scalar(
            select(FreshArea).filter_by(facility_id=facility_id, district_code=place.code)
        )
        if area is None:
            db.session.add(FreshArea(facility_id=facility_id, district_code=place.code, **values))
        else:
            for name, value in values.items():
                setattr(area, name, value)
        auditlog.write(
            "delivery.area_saved", "district", place.code, actor_id=actor_id, facility_id=facility_id,
            cost=cost, weekdays=sorted(set(weekdays)), cutoff=cutoff, notice_days=notice_days,
        )  # fmt: skip


def drop_area(facility_id: int, area_id: int, *, actor_id: int) -> None:
    """Bring nothing to a district any more. Raises NotFound."""
    with transaction():
        area = db.session.scalar(select(FreshArea).filter_by(id=area_id, facility_id=facility_id))
        if area is None:
            raise NotFound
        auditlog.write(
            "delivery.area_dropped",
            "district",
            area.district_code,
            actor_id=actor_id,
            facility_id=facility_id,
        )
        db.session.delete(area)


def close_day(facility_id: int, day: date, reason: str, *, actor_id: int) -> None:
    """Bring nothing on a day. Orders that chose it already stay as they are."""
    with transaction():
        insert_once(ClosedDay, facility_id=facility_id, day=day, reason=reason)
        auditlog.write(
            "delivery.day_closed", "day", day.isoformat(), actor_id=actor_id, facility_id=facility_id
        )


def open_day(facility_id: int, day: date, *, actor_id: int) -> None:
    """Bring goods on a day after all. Raises NotFound for one that was not closed."""
    with transaction():
        gone = db.session.execute(
            delete(ClosedDay).filter_by(facility_id=facility_id, day=day).returning(ClosedDay.id)
        ).all()
        if not gone:
            raise NotFound
        auditlog.write(
            "delivery.day_opened", "day", day.isoformat(), actor_id=actor_id, facility_id=facility_id
        )
