"""Biteship: prices of many couriers, and their tracking, in JSON under {"success": true, …}."""

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import quote

from storefront.core.outgoing import Answer, Away, Vendor
from storefront.shipping.providers import Offer, Shipment, Spot, Station, Track
from storefront.shipping.providers.reading import (
    COURIER_CODES,
    ID_EXPRESS,
    best_match,
    days_of,
    kind_of,
    moment_of,
    rupiah_of,
    says_returning,
    search_words,
    words_of,
)

BASE = "https://api.biteship.com"
COURIERS = "jne,jnt,sicepat,pos,tiki,anteraja,ninja,lion"
PATIENCE = 4.0
"""Seconds to wait for an answer while a buyer looks at the checkout."""
RETURNING = ("return_in_transit", "returned")
OWN_CODES = COURIER_CODES | {ID_EXPRESS: "idexpress"}


class Biteship:
    """Speaks to Biteship for the shop's key."""

    name = "biteship"

    def __init__(self, key: str, base: str = "") -> None:
        self._vendor = Vendor(self.name, base or BASE, {"Authorization": key}, read=PATIENCE)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self | None:
        """The adapter of the configured key; None without one."""
        key = config["BITESHIP_KEY"]
        return cls(key, config["BITESHIP_API_BASE"]) if key else None

    def find(self, spot: Spot) -> str:
        """The area that means our place; '' when there is none. Raises Away."""
        answer = self._vendor.get(
            "/v1/maps/areas", {"countries": "ID", "input": search_words(spot), "type": "single"}
        )
        return best_match(
            spot,
            (
                (
                    str(row["id"]),
                    str(row.get("administrative_division_level_3_name", "")),
                    str(row.get("administrative_division_level_2_name", "")),
                    str(row.get("postal_code", "")),
                )
                for row in _rows(answer, "areas")
                if "id" in row
            ),
        )

    def offers(self, shipment: Shipment) -> list[Offer]:
        """The couriers' services for the rounded weight, the cheapest first. Raises Away."""
        thing = {"name": "Paket", "value": 0, "quantity": 1, "weight": shipment.kilograms * 1000}
        body = {
            "origin_area_id": shipment.origin,
            "destination_area_id": shipment.destination,
            "couriers": COURIERS,
            "items": [thing],
        }
        # Asking for a price changes nothing there, so asking twice is no harm.
        answer = self._vendor.post("/v1/rates/couriers", body, repeat=True)
        if answer.status == 400:  # "no courier available", among other things that a repeat would not mend
            return []
        try:
            found = [_offer(row) for row in _rows(answer, "pricing")]
        except (KeyError, ValueError) as error:
            raise Away from error
        return sorted(found, key=lambda offer: offer.cost)

    def track(self, courier: str, waybill: str) -> Track | None:
        """What the courier wrote down about a parcel; None when it has not heard of it. Raises Away."""
        code = OWN_CODES.get(courier)
        if code is None:
            return None
        answer = self._vendor.get(f"/v1/trackings/{quote(waybill, safe='')}/couriers/{code}")
        if answer.status in (400, 404):
            return None
        try:
            stations = [_station(row) for row in _rows(answer, "history")]
        except (KeyError, ValueError) as error:
            raise Away from error
        delivered = answer.data.get("status") == "delivered"
        return Track(sorted(stations, key=lambda one: one.at), delivered=delivered)


def _rows(answer: Answer, name: str) -> list[dict[str, Any]]:
    """The rows of an answer. Raises Away for what is not one."""
    data = answer.data
    if not answer.ok or not isinstance(data, dict) or data.get("success") is not True:
        raise Away
    rows = data.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Away
    return rows


def _station(row: Mapping[str, Any]) -> Station:
    words = words_of(row["note"], 300)
    turned_back = row.get("status") in RETURNING or says_returning(words)
    return Station(moment_of(row["updated_at"]), words, turned_back=turned_back)


def _offer(row: Mapping[str, Any]) -> Offer:
    code, service = words_of(row["courier_code"], 12), words_of(row["courier_service_code"], 18)
    if not code or not service:
        raise ValueError("a service has a name")
    name = words_of(row.get("courier_service_name"), 40) or service
    first, last = days_of(row.get("shipment_duration_range"))
    if str(row.get("shipment_duration_unit", "days")).startswith("hour"):
        first, last = 0, max(1, -(-last // 24))
    return Offer(
        code=f"{code}:{service}",
        kind=kind_of(service.replace("_", " "), name),
        label=words_of(f"{row.get('courier_name') or code.upper()} {name}", 60),
        cost=rupiah_of(row["price"]),
        days_min=first,
        days_max=last,
    )
