"""Where prices of sending come from: one interface for the shop's own table and for vendors.

Vendors are offered only where configured, and asked only outside transactions; what they said is kept in
tables that the checkout reads. The shop's own table answers whenever they do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import current_app

from storefront.shipping.models import Service

FREE_GRAMS = 300
"""Grams over a full kilogram that couriers do not charge: 1,3 kg is one, 1,31 kg is two."""
ROAD_DIVISOR = 6000
"""cm³ that count as a kilogram when they travel by road or air."""

Dimensions = tuple[int, int, int]


@dataclass(frozen=True)
class Spot:
    """A place that a vendor is asked about: a district, or the surroundings of a postal code."""

    key: str  # the district's code, or 'pos:42117'
    district: str  # '' when only the postal code is known
    regency: str
    province: str = ""
    postal_codes: Sequence[str] = ()


@dataclass(frozen=True)
class Shipment:
    """A parcel on its way between two places that a provider has found: grams and cm³."""

    origin: str
    destination: str
    grams: int
    volume: int = 0

    @property
    def kilograms(self) -> int:
        """What couriers charge for on the road, of weight and volume the larger."""
        return billable_kg(self.grams, (self.volume, 1, 1), ROAD_DIVISOR)


@dataclass(frozen=True)
class Offer:
    """One service for one shipment: rupiah and working days. `code` names it for ever, `label` on screen."""

    code: str
    kind: Service
    label: str
    cost: int
    days_min: int
    days_max: int


@dataclass(frozen=True)
class Station:
    """Something that a courier did with a parcel."""

    at: datetime
    words: str
    place: str = ""
    turned_back: bool = False  # it turned round, or is with its sender again


@dataclass(frozen=True)
class Track:
    """How far a parcel has come, oldest station first."""

    stations: Sequence[Station]
    delivered: bool = False

    @property
    def arrived(self) -> bool:
        """Whether its buyer has it: couriers call it delivered too when its sender has it again."""
        return self.delivered and not any(station.turned_back for station in self.stations)


class RateProvider(Protocol):
    """Somebody who knows prices of sending. Calls to vendors have a time limit and may raise Away."""

    @property
    def name(self) -> str:
        """The word under which tables keep what it said."""

    def find(self, spot: Spot) -> str:
        """What it calls a place; '' when it does not know it."""

    def offers(self, shipment: Shipment) -> list[Offer]:
        """Its services for a shipment, the cheapest first; none where nobody goes."""

    def track(self, courier: str, waybill: str) -> Track | None:
        """How far a parcel has come, by the courier's name on our list; None when it cannot say."""


def billable_kg(grams: int, dims_cm: Dimensions | None, divisor: int) -> int:
    """The kilograms a courier charges: at least one, of weight and volume the larger.

    Volume counts as length x width x height / `divisor` kg (6000 by road, 4000 as cargo). Up to
    300 g over a full kilogram are free. Raises ValueError for negative measures.
    """
    length, width, height = dims_cm or (0, 0, 0)
    if min(grams, length, width, height) < 0 or divisor <= 0:
        raise ValueError("weights and sizes cannot be negative")
    # In thousandths of a gram times the divisor there are no fractions to round.
    weight = max(grams * divisor, length * width * height * 1000)
    whole, rest = divmod(weight, 1000 * divisor)
    return max(1, whole + (rest > FREE_GRAMS * divisor))


def vendors() -> list[RateProvider]:
    """The vendors of live prices that have a key here, in the order in which they are asked."""
    if "rate_vendors" not in current_app.extensions:
        from storefront.shipping.providers.biteship import Biteship
        from storefront.shipping.providers.rajaongkir import RajaOngkir

        made = (RajaOngkir.from_config(current_app.config), Biteship.from_config(current_app.config))
        current_app.extensions["rate_vendors"] = [vendor for vendor in made if vendor is not None]
    found: list[RateProvider] = current_app.extensions["rate_vendors"]
    return found
