"""Parcels on their way, followed at their couriers: asked by jobs, ever more seldom, until they arrive.

One that turned round is only shown to staff: what came back they see with their own eyes. So is one that
arrived before it left.
"""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

from storefront.core import clock
from storefront.core.db import db, locked
from storefront.core.outbox import enqueue, handler
from storefront.core.outgoing import Away
from storefront.core.transactions import transaction
from storefront.orders.models import Order, Parcel, ParcelStatus
from storefront.orders.services.life import complete_if_done, move_parcel
from storefront.shipping.providers import Track, vendors
from storefront.shipping.services import follow, note_stations

PAUSES = (timedelta(hours=4), timedelta(hours=6), timedelta(hours=8), timedelta(hours=12), timedelta(days=1))
"""Between two looks; the last goes on."""
GIVE_UP = timedelta(days=45)
"""No courier of ours is on its way for longer; staff have long asked it by telephone."""

log = logging.getLogger(__name__)


@handler("parcel.follow")
def look(payload: dict[str, Any]) -> None:
    """Ask how far a parcel has come, write it down, and look again later unless it has arrived.

    A vendor that is away costs a round and nothing else. A repeat writes nothing twice.
    """
    parcel = db.session.get(Parcel, payload["parcel_id"])
    if parcel is None or not _is_travelling(parcel) or not vendors():
        return
    courier, waybill = parcel.courier, parcel.waybill
    found = None
    try:
        found = follow(courier, waybill)
    except Away:
        log.info("nobody knows today where parcel %s is", payload["parcel_id"])
    with transaction():
        _write_down(payload, waybill, found)


def _write_down(payload: dict[str, Any], waybill: str, found: tuple[str, Track] | None) -> None:
    """Keep what was told of the parcel, if it still goes under this waybill, and plan the next look."""
    parcel = db.session.get_one(Parcel, payload["parcel_id"])
    locked(Order, parcel.order_id)
    db.session.refresh(parcel)
    if parcel.waybill != waybill or not _is_travelling(parcel):
        return  # staff were faster, and a parcel never goes back
    if found is not None:
        provider, track = found
        track = replace(track, delivered=track.delivered and not _is_of_before(parcel, track))
        note_stations(parcel.id, provider, track)
        if track.arrived:
            move_parcel(parcel, ParcelStatus.DELIVERED, note=provider)
            complete_if_done(parcel.order)
            return
    number = int(payload["round"])
    enqueue(
        "parcel.follow",
        {"parcel_id": parcel.id, "round": number + 1},
        key=f"parcel.follow:{parcel.id}:{waybill}:{number + 1}",
        run_at=clock.now() + PAUSES[min(number, len(PAUSES) - 1)],
    )


def _is_of_before(parcel: Parcel, track: Track) -> bool:
    """Whether the last thing told happened before we handed the parcel over: then the waybill is another's.

    Or staff wrote the handing over down too late. They see it on the parcel's page, and decide.
    """
    last = max(station.at for station in track.stations)
    return parcel.shipped_at is not None and last < parcel.shipped_at


def _is_travelling(parcel: Parcel) -> bool:
    since = parcel.shipped_at
    return parcel.status is ParcelStatus.SHIPPED and since is not None and clock.now() - since < GIVE_UP
