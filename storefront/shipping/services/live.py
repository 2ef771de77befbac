"""Vendors' prices: asked before the checkout shows sums, outside every transaction, and kept."""

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from storefront.core import clock
from storefront.core.db import db, insert_once
from storefront.core.outgoing import Away
from storefront.core.regions.queries import district, region_name
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from storefront.shipping.models import CachedPlace, CachedRate, RateSource
from storefront.shipping.providers import Offer, RateProvider, Shipment, Spot, vendors
from storefront.shipping.queries import ParcelSpec
from storefront.shipping.queries.cached import Wanted, keeping_time

GRACE = timedelta(minutes=45)
"""Prices are asked for again so long before they grow too old: what a buyer sees can still be ordered."""
REST = timedelta(minutes=10)
"""A vendor that was away, or over its quota, is left alone for so long, by all processes."""
PLACES_KEPT = timedelta(days=60)
BUDGET = 6.0
"""Seconds that one buyer waits for prices at most; the shop's own table answers for the rest."""

log = logging.getLogger(__name__)


def ask_vendors(parcels: Sequence[ParcelSpec], district_code: str | None) -> bool:
    """Have the vendors' prices of these parcels at hand, as far as vendors answer in time.

    Asks for what is missing or about to grow old; call it outside transactions. Never raises for a vendor's
    sake: the shop's own table stands in. Returns whether anybody was asked; then whatever reading was under
    way has ended, and rows loaded before are loaded anew.
    """
    able = vendors() if district_code else []
    wanted = {
        (parcel.facility_id, district_code or "", parcel.shipment.kilograms)
        for parcel in parcels
        if parcel.by_courier
    }
    if not able or not wanted:
        return False
    asked, spots = False, None
    deadline = time.monotonic() + BUDGET
    for vendor in able:
        wanted -= _young(vendor.name, wanted, with_offers=True)
        open_ones = wanted - _young(vendor.name, wanted, with_offers=False)
        if not open_ones or _rests(vendor.name):
            continue
        asked, spots = True, spots or _spots(wanted)
        answers, away = _ask(vendor, sorted(open_ones), spots, deadline)
        _keep(vendor.name, answers, away=away)
        wanted -= {key for key, offers in answers.items() if offers}
    return asked


def delete_old_rates(days: int = 7) -> int:
    """Forget prices that no page reads any more; returns how many."""
    with transaction():
        gone = db.session.execute(
            delete(CachedRate)
            .where(CachedRate.fetched_at < clock.now() - timedelta(days=days))
            .returning(CachedRate.id)
        ).all()
    return len(gone)


def _spots(wanted: Iterable[Wanted]) -> dict[int | str, Spot]:
    """The places of these questions: facilities by id, districts by code."""
    ids = {facility_id for facility_id, _district, _kilograms in wanted}
    spots: dict[int | str, Spot] = {}
    for row in db.session.execute(
        select(Facility.id, Facility.regency_code, Facility.postal_code, Facility.town).where(
            Facility.id.in_(ids)
        )
    ):
        key = f"pos:{row.postal_code}" if row.postal_code else row.regency_code
        codes = (row.postal_code,) if row.postal_code else ()
        spots[row.id] = Spot(key, "", region_name(row.regency_code) or row.town, postal_codes=codes)
    for code in {code for _facility, code, _kilograms in wanted}:
        place = district(code)
        if place is not None:
            spots[code] = Spot(code, place.name, place.regency, place.province, place.postal_codes)
    return spots


def _young(provider: str, wanted: Iterable[Wanted], *, with_offers: bool) -> set[Wanted]:
    """Those whose price this vendor told not long ago; `with_offers`: and it goes there."""
    keys = set(wanted)
    rows = db.session.scalars(
        select(CachedRate).where(
            CachedRate.provider == provider,
            CachedRate.facility_id.in_({facility_id for facility_id, _district, _kilograms in keys}),
            CachedRate.fetched_at > clock.now() - keeping_time() + min(GRACE, keeping_time() / 2),
        )
    )
    young = {
        (row.facility_id, row.district_code, row.kilograms) for row in rows if row.offers or not with_offers
    }
    return keys & young


def _rests(provider: str) -> bool:
    return (
        db.session.scalar(
            select(RateSource.id).where(RateSource.provider == provider, RateSource.away_until > clock.now())
        )
        is not None
    )


def _ask(
    vendor: RateProvider, wanted: Sequence[Wanted], spots: dict[int | str, Spot], deadline: float
) -> tuple[dict[Wanted, list[Offer]], bool]:
    """What it says, one question after the other, and whether it was away: then nobody waits for the rest."""
    answers: dict[Wanted, list[Offer]] = {}
    for key in wanted:
        facility_id, code, kilograms = key
        if time.monotonic() > deadline or facility_id not in spots or code not in spots:
            continue
        try:
            origin, destination = _place(vendor, spots[facility_id]), _place(vendor, spots[code])
            db.session.rollback()  # no lock, no open transaction while somebody else is asked
            known = bool(origin and destination)
            answers[key] = vendor.offers(Shipment(origin, destination, kilograms * 1000)) if known else []
        except Away:
            log.warning("%s is away: prices come from the shop's own table", vendor.name)
            return answers, True
    return answers, False


def _place(vendor: RateProvider, spot: Spot) -> str:
    """What a vendor calls a place, asked once. Raises Away."""
    moment = clock.now()
    known = db.session.scalar(
        select(CachedPlace.vendor_id).where(
            CachedPlace.provider == vendor.name,
            CachedPlace.place == spot.key,
            or_(
                (CachedPlace.vendor_id != "") & (CachedPlace.fetched_at > moment - PLACES_KEPT),
                CachedPlace.fetched_at > moment - keeping_time(),
            ),
        )
    )
    db.session.rollback()
    if known is not None:
        return known
    found = vendor.find(spot)[:64]
    with transaction():
        changed = db.session.execute(
            update(CachedPlace)
            .where(CachedPlace.provider == vendor.name, CachedPlace.place == spot.key)
            .values(vendor_id=found, fetched_at=moment)
        )
        if changed.rowcount == 0:  # type: ignore[attr-defined]
            insert_once(CachedPlace, provider=vendor.name, place=spot.key, vendor_id=found, fetched_at=moment)
    return found


def _keep(provider: str, answers: dict[Wanted, list[Offer]], *, away: bool) -> None:
    moment = clock.now()
    with transaction():
        for (facility_id, code, kilograms), offers in answers.items():
            rows = [asdict(offer) for offer in offers]
            changed = db.session.execute(
                update(CachedRate)
                .filter_by(
                    provider=provider, facility_id=facility_id, district_code=code, kilograms=kilograms
                )
                .values(offers=rows, fetched_at=moment)
                .execution_options(synchronize_session=False)
            )
            if changed.rowcount == 0:  # type: ignore[attr-defined]
                insert_once(
                    CachedRate, provider=provider, facility_id=facility_id, district_code=code,
                    kilograms=kilograms, offers=rows, fetched_at=moment,
                )  # fmt: skip
        _note(provider, moment, answered=bool(answers), away=away)


def _note(provider: str, moment: datetime, *, answered: bool, away: bool) -> None:
    """Write down how the vendor was met, for the office's page and the next buyer."""
    insert_once(RateSource, provider=provider)
    values: dict[str, datetime | None] = {"away_until": moment + REST if away else None}
    if answered:
        values["answered_at"] = moment
    db.session.execute(update(RateSource).filter_by(provider=provider).values(**values))
