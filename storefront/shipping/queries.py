"""What it costs to bring each facility's parcel to a district, and what cannot be brought."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import select

from storefront.catalog.models import Product, ShippingClass, Variant
from storefront.catalog.queries.cards import ON_SALE
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.language import _, lazy
from storefront.core.regions.queries import DistrictRow, district
from storefront.facilities.models import Facility
from storefront.shipping.models import Service, ShippingRate, Zone
from storefront.shipping.providers.rate_table import RateRow, billable_kg, price, zone_between

HEAVIEST_REGULAR = 30_000
"""Grams; heavier parcels go as cargo."""


@dataclass(frozen=True)
class ParcelSpec:
    """What is to be sent: from where, how heavy (g) and how big (cm³)."""

    facility_id: int
    origin: str  # code of the facility's regency
    weight: int
    volume: int
    classes: AbstractSet[ShippingClass]


@dataclass(frozen=True)
class Quote:
    """A way to bring a parcel: rupiah and working days."""

    service: str
    label: str
    cost: int
    days_min: int
    days_max: int

    @property
    def words(self) -> str:
        """The label in the language of the moment: the office's own words for a courier stay."""
        return _("Ambil di tempat") if self.service == "pickup" else self.label


@dataclass(frozen=True)
class ParcelQuotes:
    """What is possible for one parcel. Without a delivery, `why_not` says why."""

    facility_id: int
    delivery: Quote | None
    why_not: str = ""


@dataclass(frozen=True)
class ProductQuote:
    """What it costs to bring one piece of a product somewhere, in its cheapest form; or why nobody brings it.

    `same` is whether every form costs the same.
    """

    place: DistrictRow
    delivery: Quote | None
    same: bool
    why_not: str


PICKUP = Quote("pickup", str(lazy("Ambil di tempat")), 0, 0, 0)
"""Its label is stored with orders, in the source language; pages show `words`."""


def quotes(parcels: Sequence[ParcelSpec], district_code: str | None) -> dict[int, ParcelQuotes]:
    """Delivery of each parcel into a district, by facility; one query for all of them.

    A parcel goes by the strictest of its goods: what may only be collected is never sent, fresh
    goods stay in their own town, bulky or heavy ones go as cargo.
    """
    rates = _rates()
    return {parcel.facility_id: _quote(parcel, district_code, rates) for parcel in parcels}


def product_quote(slug: str, district_code: str) -> ProductQuote:
    """Delivery of one piece of a product on sale into a district. Raises NotFound for either."""
    place = district(district_code)
    rows = db.session.execute(
        select(Product.shipping_class, Facility.id, Facility.regency_code, Variant)
        .join(Product.facility)
        .join(Product.variants)
        .where(Product.slug == slug, ON_SALE, Variant.is_active, Variant.price.is_not(None))
    ).all()
    if place is None or not rows:
        raise NotFound
    rates = _rates()
    found = [
        _quote(ParcelSpec(facility_id, origin, variant.weight or 1, variant.volume, {way}), place.code, rates)
        for way, facility_id, origin, variant in rows
    ]
    sent = sorted((one.delivery for one in found if one.delivery), key=lambda quote: quote.cost)
    same = len({quote.cost for quote in sent}) == 1
    return ProductQuote(place, sent[0] if sent else None, same, found[0].why_not)


def all_rates() -> Sequence[ShippingRate]:
    """The whole table, for the office."""
    return db.session.scalars(select(ShippingRate).order_by(ShippingRate.id)).all()


def rate_rows() -> list[RateRow]:
    """The whole table as it is written to CSV."""
    names = list(RateRow.__dataclass_fields__)
    return [RateRow(**{name: getattr(rate, name) for name in names}) for rate in all_rates()]


def _rates() -> dict[tuple[Zone, Service], ShippingRate]:
    return {(rate.zone, rate.service): rate for rate in db.session.scalars(select(ShippingRate))}


def _quote(
    parcel: ParcelSpec, district_code: str | None, rates: dict[tuple[Zone, Service], ShippingRate]
) -> ParcelQuotes:
    if ShippingClass.PICKUP_ONLY in parcel.classes:
        return ParcelQuotes(parcel.facility_id, None, _("Barang ini hanya dapat diambil di tempat."))
    if district_code is None:
        return ParcelQuotes(parcel.facility_id, None, _("Pilih kecamatan tujuan untuk melihat ongkirnya."))
    zone = zone_between(parcel.origin, district_code)
    fresh = ShippingClass.LOCAL_FRESH in parcel.classes
    if fresh and zone is not Zone.SAME_REGENCY:
        return ParcelQuotes(
            parcel.facility_id,
            None,
            _("Makanan segar hanya diantar di kota yang sama; silakan ambil di tempat."),
        )
    rate = rates.get((zone, _service(parcel, fresh=fresh)))
    if rate is None:
        return ParcelQuotes(parcel.facility_id, None, _("Belum ada layanan kirim untuk barang ini ke sana."))
    kilograms = billable_kg(parcel.weight, (parcel.volume, 1, 1), rate.divisor)
    cost = price(rate.first_kg, rate.next_kg, kilograms, rate.minimum_kg)
    quote = Quote(rate.service, rate.label, cost, rate.days_min, rate.days_max)
    return ParcelQuotes(parcel.facility_id, quote)


def _service(parcel: ParcelSpec, *, fresh: bool) -> Service:
    if fresh:
        return Service.LOCAL
    if ShippingClass.CARGO in parcel.classes or parcel.weight > HEAVIEST_REGULAR:
        return Service.CARGO
    return Service.REGULAR
