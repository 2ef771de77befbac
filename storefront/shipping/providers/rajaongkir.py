"""RajaOngkir by Komerce, version 2: prices of many couriers, and their tracking.

Forms go out, JSON comes back: {"meta": {"message", "code", "status"}, "data": …}. The key's daily quota
is small, so every answer is kept.
"""

from collections.abc import Mapping
from typing import Any, Self

from storefront.core.outgoing import Answer, Away, Vendor
from storefront.shipping.providers import Offer, Shipment, Spot, Station, Track
from storefront.shipping.providers.reading import (
    COURIER_CODES,
    best_match,
    days_of,
    kind_of,
    moment_of,
    rupiah_of,
    says_returning,
    search_words,
    words_of,
)

BASE = "https://rajaongkir.komerce.id/api/v1"
COURIERS = "jne:jnt:sicepat:pos:tiki:anteraja:ninja:lion"
PATIENCE = 4.0
"""Seconds to wait for an answer while a buyer looks at the checkout."""


class RajaOngkir:
    """Speaks to RajaOngkir for the shop's key."""

    name = "rajaongkir"

    def __init__(self, key: str, base: str = "") -> None:
        self._vendor = Vendor(self.name, base or BASE, {"key": key}, read=PATIENCE)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self | None:
        """The adapter of the configured key; None without one."""
        key = config["RAJAONGKIR_KEY"]
        return cls(key, config["RAJAONGKIR_API_BASE"]) if key else None

    def find(self, spot: Spot) -> str:
        """The id of the village or district that means our place; '' when there is none. Raises Away."""
        answer = self._vendor.get(
            "/destination/domestic-destination",
            {"search": search_words(spot), "limit": "50", "offset": "0"},
        )
        rows = _list(answer)
        return best_match(
            spot,
            (
                (str(row["id"]), str(row["district_name"]), str(row["city_name"]), str(row["zip_code"]))
                for row in rows
                if {"id", "district_name", "city_name", "zip_code"} <= row.keys()
            ),
        )

    def offers(self, shipment: Shipment) -> list[Offer]:
        """The couriers' services for the rounded weight, the cheapest first. Raises Away."""
        body = {
            "origin": shipment.origin, "destination": shipment.destination,
            "weight": str(shipment.kilograms * 1000), "courier": COURIERS, "price": "lowest",
        }  # fmt: skip
        # Asking for a price changes nothing there, so asking twice is no harm.
        rows = _list(self._vendor.post("/calculate/domestic-cost", body, form=True, repeat=True))
        try:
            found = [_offer(row) for row in rows]
        except (KeyError, ValueError) as error:
            raise Away from error
        return sorted(found, key=lambda offer: offer.cost)

    def track(self, courier: str, waybill: str) -> Track | None:
        """What the courier wrote down about a parcel; None when it has not heard of it. Raises Away."""
        code = COURIER_CODES.get(courier)
        if code is None:
            return None
        answer = self._vendor.post(
            "/track/waybill", {"awb": waybill, "courier": code}, form=True, repeat=True
        )
        if not answer.ok:
            return None
        data = _data(answer)
        if not isinstance(data, dict) or not isinstance(data.get("manifest"), list):
            raise Away
        try:
            stations = [_station(row) for row in data["manifest"]]
        except (KeyError, TypeError, ValueError) as error:
            raise Away from error
        return Track(sorted(stations, key=lambda one: one.at), delivered=data.get("delivered") is True)


def _data(answer: Answer) -> Any:
    if not isinstance(answer.data, dict) or "data" not in answer.data:
        raise Away
    return answer.data["data"]


def _list(answer: Answer) -> list[dict[str, Any]]:
    """The rows of an answer; a place or a service that is not there is a 404 without any."""
    if answer.status == 404:
        return []
    rows = _data(answer)
    if not answer.ok or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Away
    return rows


def _offer(row: Mapping[str, Any]) -> Offer:
    code, service = words_of(row["code"], 12), words_of(row["service"], 18)
    if not code or not service:
        raise ValueError("a service has a name")
    first, last = days_of(row.get("etd"))
    name = words_of(row.get("name"), 40) or code.upper()
    return Offer(
        code=f"{code}:{service}",
        kind=kind_of(service, words_of(row.get("description"), 80)),
        label=f"{_short(name, code)} {service}",
        cost=rupiah_of(row["cost"]),
        days_min=first,
        days_max=last,
    )


def _short(name: str, code: str) -> str:
    """'Jalur Nugraha Ekakurir (JNE)' as buyers know it: JNE."""
    known = {ours: word for word, ours in COURIER_CODES.items()}
    return known.get(code.lower(), name)


def _station(row: Mapping[str, Any]) -> Station:
    words = words_of(row["manifest_description"], 300)
    return Station(
        at=moment_of(row["manifest_date"], row.get("manifest_time")),
        words=words,
        place=words_of(row.get("city_name"), 80),
        turned_back=says_returning(words),
    )
