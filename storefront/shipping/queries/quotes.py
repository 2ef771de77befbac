"""What it costs to bring each facility's parcel to a district, and what cannot be brought."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select

from storefront.catalog.models import Product, ShippingClass, Variant
from storefront.catalog.queries.cards import ON_SALE
from storefront.core import clock
from storefront.core.boxes import Box, Goods, packed
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.language import _, lazy
from storefront.core.regions.queries import DistrictRow, district
from storefront.facilities.models import Facility
from storefront.facilities.queries import boxes_of
from storefront.shipping.models import FreshArea, Service, ShippingRate, Zone
from storefront.shipping.providers import Offer, Shipment
from storefront.shipping.providers.rate_table import RateRow, RateTable, zone_between
from storefront.shipping.queries.cached import Wanted, cached_offers
from storefront.shipping.queries.fresh import areas_of, closed_days_of, possible_days

HEAVIEST_REGULAR = 30_000
"""Grams; heavier parcels go as cargo."""
LIGHTEST_CARGO = 10
"""Kilograms; below, cargo is offered to nobody."""
MOST = 6
"""Services that a buyer chooses from."""


@dataclass(frozen=True)
class ParcelSpec:
    """What is to be sent: from where, how heavy (g), how big (cm³), and from which day on it is there."""

    facility_id: int
    origin: str  # code of the facility's regency
    weight: int
    volume: int
    classes: AbstractSet[ShippingClass]
    not_before: date | None = None

    @property
    def shipment(self) -> Shipment:
        """What couriers weigh."""
        return Shipment(self.origin, "", self.weight, self.volume)

    @property
    def by_courier(self) -> bool:
        """May couriers take it at all?"""
        return not self.classes & {ShippingClass.PICKUP_ONLY, ShippingClass.LOCAL_FRESH}


@dataclass(frozen=True)
class Quote:
    """A way to bring a parcel: rupiah and working days, or the days to choose from."""

    service: str
    label: str
    cost: int
    days_min: int
    days_max: int
    kind: str = Service.REGULAR
    dates: tuple[date, ...] = ()

    @property
    def words(self) -> str:
        """The label in the language of the moment: the office's own words for a courier stay."""
        return _("Ambil di tempat") if self.service == "pickup" else self.label


@dataclass(frozen=True)
class ParcelQuotes:
    """What is possible for one parcel, the cheapest first. Without a delivery, `why_not` says why."""

    facility_id: int
    deliveries: tuple[Quote, ...] = ()
    why_not: str = ""

    @property
    def delivery(self) -> Quote | None:
        """The cheapest way to bring it."""
        return self.deliveries[0] if self.deliveries else None


@dataclass(frozen=True)
class ProductQuote:
    """What it costs to bring one piece of a product somewhere, in its cheapest form; or why nobody brings it.

    `same` is whether every form costs the same.
    """

    place: DistrictRow
    delivery: Quote | None
    same: bool
    why_not: str


@dataclass(frozen=True)
class _Known:
    """All that a question needs, read once for all of its parcels."""

    table: RateTable
    live: Mapping[Wanted, Sequence[Offer]] = field(default_factory=dict)
    areas: Mapping[int, Sequence[FreshArea]] = field(default_factory=dict)
    closed: Mapping[int, Collection[date]] = field(default_factory=dict)


PICKUP = Quote("pickup", str(lazy("Ambil di tempat")), 0, 0, 0)
"""Its label is stored with orders, in the source language; pages show `words`."""


def quotes(parcels: Sequence[ParcelSpec], district_code: str | None) -> dict[int, ParcelQuotes]:
    """Delivery of each parcel into a district, by facility; one query for all of them, whoever sells them.

    A parcel goes by the strictest of its goods: what may only be collected is never sent, fresh
    goods stay in the facility's own districts, bulky or heavy ones go as cargo. Vendors' prices are read
    where they are kept and never asked for.
    """
    known = _known(parcels, district_code)
    return {parcel.facility_id: _quote(parcel, district_code, known) for parcel in parcels}


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
    measured = {row.id for row in rows if row.Variant.sides is not None}
    boxes = boxes_of(measured) if measured else {}
    parcels = [
        _alone(variant, ParcelSpec(facility_id, origin, 1, 0, {way}), boxes.get(facility_id, ()))
        for way, facility_id, origin, variant in rows
    ]
    known = _known(parcels, place.code)
    found = [_quote(parcel, place.code, known) for parcel in parcels]
    sent = sorted((one.delivery for one in found if one.delivery), key=lambda quote: quote.cost)
    same = len({quote.cost for quote in sent}) == 1
    return ProductQuote(place, sent[0] if sent else None, same, found[0].why_not)


def _alone(variant: Variant, spec: ParcelSpec, boxes: Sequence[Box]) -> ParcelSpec:
    """One piece of a form as it travels, in its box."""
    one = packed(boxes, [Goods(1, variant.weight or 1, variant.sides)])
    return replace(spec, weight=one.weight, volume=one.volume)


def all_rates() -> Sequence[ShippingRate]:
    """The whole table, for the office."""
    return db.session.scalars(select(ShippingRate).order_by(ShippingRate.id)).all()


def rate_rows() -> list[RateRow]:
    """The whole table as it is written to CSV."""
    names = list(RateRow.__dataclass_fields__)
    return [RateRow(**{name: getattr(rate, name) for name in names}) for rate in all_rates()]


def _known(parcels: Sequence[ParcelSpec], district_code: str | None) -> _Known:
    if district_code is None:
        return _Known(RateTable([]))
    wanted = {_wanted(parcel, district_code) for parcel in parcels if parcel.by_courier}
    fresh = {parcel.facility_id for parcel in parcels if ShippingClass.LOCAL_FRESH in parcel.classes}
    areas: dict[int, list[FreshArea]] = {}
    for area in areas_of(fresh) if fresh else ():
        areas.setdefault(area.facility_id, []).append(area)
    closed = closed_days_of(areas) if areas else {}
    return _Known(RateTable(rate_rows()), cached_offers(wanted), areas, closed)


def _wanted(parcel: ParcelSpec, district_code: str) -> Wanted:
    return parcel.facility_id, district_code, parcel.shipment.kilograms


def _quote(parcel: ParcelSpec, district_code: str | None, known: _Known) -> ParcelQuotes:
    if ShippingClass.PICKUP_ONLY in parcel.classes:
        return ParcelQuotes(parcel.facility_id, why_not=_("Barang ini hanya dapat diambil di tempat."))
    if district_code is None:
        why = _("Pilih kecamatan tujuan untuk melihat ongkirnya.")
        return ParcelQuotes(parcel.facility_id, why_not=why)
    if ShippingClass.LOCAL_FRESH in parcel.classes:
        return _fresh(parcel, district_code, known)
    offers = known.live.get(_wanted(parcel, district_code), ())
    found = _allowed(parcel, offers) or _allowed(parcel, _by_table(parcel, district_code, known))
    if not found:
        return _nobody(parcel)
    return ParcelQuotes(parcel.facility_id, tuple(found))


def _nobody(parcel: ParcelSpec) -> ParcelQuotes:
    return ParcelQuotes(parcel.facility_id, why_not=_("Belum ada layanan kirim untuk barang ini ke sana."))


def _by_table(parcel: ParcelSpec, district_code: str, known: _Known) -> list[Offer]:
    return known.table.offers(Shipment(parcel.origin, district_code, parcel.weight, parcel.volume))


def _allowed(parcel: ParcelSpec, offers: Sequence[Offer]) -> list[Quote]:
    """The services that may take this parcel, the cheapest first, of every kind at least one."""
    kinds = {Service.REGULAR, Service.EXPRESS}
    if ShippingClass.CARGO in parcel.classes or parcel.weight > HEAVIEST_REGULAR:
        kinds = {Service.CARGO}
    elif parcel.shipment.kilograms >= LIGHTEST_CARGO:
        kinds.add(Service.CARGO)
    fit = sorted((offer for offer in offers if offer.kind in kinds), key=lambda offer: offer.cost)
    first = {kind: next((offer for offer in fit if offer.kind is kind), None) for kind in kinds}
    rest = [offer for offer in fit if offer not in first.values()]
    kept = [offer for offer in first.values() if offer] + rest
    return [_as_quote(offer) for offer in sorted(kept[:MOST], key=lambda offer: offer.cost)]


def _as_quote(offer: Offer) -> Quote:
    return Quote(offer.code, offer.label, offer.cost, offer.days_min, offer.days_max, offer.kind)


def _fresh(parcel: ParcelSpec, district_code: str, known: _Known) -> ParcelQuotes:
    """By the facility's own table where it has one, else anywhere in its own town."""
    areas = known.areas.get(parcel.facility_id)
    if not areas:
        return _fresh_in_town(parcel, district_code, known)
    area = next((area for area in areas if area.district_code == district_code), None)
    if area is None:
        where = ", ".join(area.district_label.partition(",")[0] for area in areas)
        why = _(
            "Makanan segar dari sini diantar ke: %(districts)s. Silakan ambil di tempat.", districts=where
        )
        return ParcelQuotes(parcel.facility_id, why_not=why)
    closed = known.closed.get(parcel.facility_id, ())
    days = possible_days(area, closed, moment=clock.now(), not_before=parcel.not_before)
    if not days:
        why = _("Belum ada hari antar yang mungkin dalam dua minggu ini. Silakan ambil di tempat.")
        return ParcelQuotes(parcel.facility_id, why_not=why)
    label = str(lazy("Diantar petugas"))
    return ParcelQuotes(
        parcel.facility_id, (Quote("fresh", label, area.cost, 0, 0, Service.LOCAL, tuple(days)),)
    )


def _fresh_in_town(parcel: ParcelSpec, district_code: str, known: _Known) -> ParcelQuotes:
    if zone_between(parcel.origin, district_code) is not Zone.SAME_REGENCY:
        why = _("Makanan segar hanya diantar di kota yang sama; silakan ambil di tempat.")
        return ParcelQuotes(parcel.facility_id, why_not=why)
    offers = [offer for offer in _by_table(parcel, district_code, known) if offer.kind is Service.LOCAL]
    if not offers:
        return _nobody(parcel)
    return ParcelQuotes(parcel.facility_id, (_as_quote(offers[0]),))
