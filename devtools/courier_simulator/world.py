"""What the stand-in knows: places, services and their prices, parcels on their way, and faults to show."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = dict[str, Any]

KINDS = ("down", "slow", "quota", "nonsense", "none")
"""No answer at all; one that comes late; 429; one that is no answer; one without a service."""


class Spot(NamedTuple):
    """A place as both vendors know it."""

    id: int
    district: str
    city: str
    province: str
    postal_code: str


class Service(NamedTuple):
    """A courier's service: what it asks for a kilogram inside a town, and how long it takes."""

    courier: str
    courier_name: str
    code: str
    name: str
    per_kg: int
    least_kg: int
    days: str


SERVICES = (
    Service("jne", "Jalur Nugraha Ekakurir (JNE)", "REG", "Layanan Reguler", 10_000, 1, "1-2"),
    Service("jne", "Jalur Nugraha Ekakurir (JNE)", "YES", "Yakin Esok Sampai", 19_000, 1, "1"),
    Service("jne", "Jalur Nugraha Ekakurir (JNE)", "JTR", "JNE Trucking", 4_000, 10, "3-4"),
    Service("jnt", "J&T Express", "EZ", "Reguler", 9_000, 1, "2-3"),
    Service("sicepat", "SiCepat Express", "REG", "Reguler", 9_500, 1, "1-2"),
    Service("sicepat", "SiCepat Express", "BEST", "Besok Sampai Tujuan", 17_000, 1, "1"),
)


@dataclass
class Fault:
    """What happens to the next `count` calls of a vendor (any, if empty); -1 is all of them."""

    kind: str
    vendor: str = ""
    count: int = -1
    seconds: float = 30.0  # of a slow answer


@dataclass
class World:
    """Everything the stand-in remembers. Safe for threads."""

    spots: list[Spot]
    key: str = ""  # any key will do, if empty
    faults: list[Fault] = field(default_factory=list)
    parcels: dict[tuple[str, str], Json] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    factor: float = 1.0  # prices rise and fall
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def take_fault(self, vendor: str) -> Fault | None:
        """The fault that hits this call, one use of it spent."""
        with self.lock:
            for fault in self.faults:
                if fault.vendor in ("", vendor) and fault.count != 0:
                    fault.count -= fault.count > 0
                    return fault
        return None

    def search(self, words: str, limit: int = 50) -> list[Spot]:
        """Places whose names and postal code hold every word."""
        wanted = words.casefold().split()
        return [spot for spot in self.spots if _fits(spot, wanted)][:limit]

    def spot(self, wanted: str) -> Spot | None:
        """The place of an id."""
        return next((spot for spot in self.spots if str(spot.id) == wanted), None)

    def prices(
        self, origin: Spot, destination: Spot, grams: int, couriers: Iterable[str]
    ) -> list[tuple[Service, int]]:
        """The services between two places, with rupiah."""
        distance = (
            1 if origin.city == destination.city else 2 if origin.province == destination.province else 3
        )
        kilograms = max(1, -(-grams // 1000))
        return [
            (service, int(service.per_kg * max(kilograms, service.least_kg) * distance * self.factor))
            for service in SERVICES
            if service.courier in couriers
        ]


def _fits(spot: Spot, wanted: list[str]) -> bool:
    text = f"{spot.district} {spot.city} {spot.province} {spot.postal_code}".casefold()
    return bool(wanted) and all(word in text for word in wanted)
