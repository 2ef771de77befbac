"""What couriers tell about parcels on their way: asked of vendors, written down once."""

from storefront.core import clock
from storefront.core.db import db, insert_once
from storefront.core.outgoing import Away
from storefront.shipping.models import TrackingEvent
from storefront.shipping.providers import Track, vendors


def follow(courier: str, waybill: str) -> tuple[str, Track] | None:
    """What a vendor knows of a parcel, with the vendor's name; None when nobody knows anything.

    Ends whatever reading was under way; call it outside transactions. Raises Away when all who could
    know are away.
    """
    db.session.rollback()
    away: Away | None = None
    for vendor in vendors():
        try:
            track = vendor.track(courier, waybill)
        except Away as error:
            away = error
            continue
        if track is not None and track.stations:
            return vendor.name, track
    if away is not None:
        raise away
    return None


def note_stations(parcel_id: int, provider: str, track: Track) -> None:
    """Write a parcel's stations into the running transaction; those that are known stay as they are."""
    last = max((station.at for station in track.stations), default=None)
    for station in track.stations:
        insert_once(
            TrackingEvent,
            parcel_id=parcel_id,
            provider=provider,
            at=station.at,
            words=station.words[:300],
            place=station.place[:80],
            delivered=track.arrived and station.at == last,
            turned_back=station.turned_back,
            recorded_at=clock.now(),
        )
