"""How far parcels have come, and where their couriers show it."""

from collections.abc import Collection, Sequence
from urllib.parse import quote

from sqlalchemy import select

from storefront.core.db import db
from storefront.shipping.models import TrackingEvent, WaybillLink

PLACE = "{resi}"
"""In a pattern: where the waybill goes."""


def waybill_links() -> Sequence[WaybillLink]:
    """The whole table, for the office."""
    return db.session.scalars(select(WaybillLink).order_by(WaybillLink.courier)).all()


def waybill_link(courier: str, waybill: str) -> str:
    """Where a parcel can be followed at its courier; '' for one without an address."""
    if not courier or not waybill:
        return ""
    pattern = db.session.scalar(select(WaybillLink.pattern).filter_by(courier=courier))
    return (pattern or "").replace(PLACE, quote(waybill, safe=""))


def stations_of(parcel_ids: Collection[int]) -> dict[int, list[TrackingEvent]]:
    """What couriers told about parcels, the newest first."""
    found: dict[int, list[TrackingEvent]] = {}
    rows = db.session.scalars(
        select(TrackingEvent)
        .where(TrackingEvent.parcel_id.in_(parcel_ids))
        .order_by(TrackingEvent.at.desc(), TrackingEvent.id.desc())
    )
    for row in rows:
        found.setdefault(row.parcel_id, []).append(row)
    return found
