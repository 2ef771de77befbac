"""What vendors said and is still young enough to be true."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.db import db
from storefront.shipping.models import CachedRate, RateSource, Service
from storefront.shipping.providers import Offer, vendors

Wanted = tuple[int, str, int]
"""Facility, district, kilograms: what a kept price is for."""


def keeping_time() -> timedelta:
    """How long a vendor's price counts."""
    return timedelta(hours=current_app.config["RATE_HOURS"])


def cached_offers(wanted: Collection[Wanted]) -> dict[Wanted, list[Offer]]:
    """The services that a vendor offered for these; of several vendors, the first that has any.

    Asks nobody: what is missing or too old is missing in the answer.
    """
    order = {vendor.name: place for place, vendor in enumerate(vendors())}
    if not order or not wanted:
        return {}
    rows = db.session.scalars(
        select(CachedRate).where(
            CachedRate.provider.in_(order),
            CachedRate.facility_id.in_({facility_id for facility_id, _district, _kg in wanted}),
            CachedRate.district_code.in_({district for _facility, district, _kg in wanted}),
            CachedRate.fetched_at > clock.now() - keeping_time(),
        )
    ).all()
    found: dict[Wanted, list[Offer]] = {}
    for row in sorted(rows, key=lambda row: order[row.provider]):
        key = (row.facility_id, row.district_code, row.kilograms)
        if key in wanted and not found.get(key):
            found[key] = [read_offer(offer) for offer in row.offers]
    return found


@dataclass(frozen=True)
class VendorRow:
    """A vendor of prices as the office sees it."""

    name: str
    answered_at: datetime | None
    away_until: datetime | None
    kept: int  # prices that count now


def vendor_rows() -> list[VendorRow]:
    """The vendors that this shop asks, in their order, and how they were met last."""
    sources = {row.provider: row for row in db.session.scalars(select(RateSource))}
    young = CachedRate.fetched_at > clock.now() - keeping_time()
    counted = (
        select(CachedRate.provider, func.count(CachedRate.id)).where(young).group_by(CachedRate.provider)
    )
    kept = {row[0]: row[1] for row in db.session.execute(counted)}
    rows = []
    for vendor in vendors():
        source = sources.get(vendor.name)
        away = source.away_until if source and source.away_until and source.away_until > clock.now() else None
        rows.append(
            VendorRow(vendor.name, source.answered_at if source else None, away, kept.get(vendor.name, 0))
        )
    return rows


def read_offer(stored: Mapping[str, Any]) -> Offer:
    """An offer as it lies in the table."""
    return Offer(**{**stored, "kind": Service(stored["kind"])})
