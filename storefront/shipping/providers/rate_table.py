"""The shop's own price table: zones by code of region, kilograms as couriers count them.

The demo's prices (data/rates.csv) are invented but plausible; the office replaces them by a CSV.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storefront.core.errors import Invalid
from storefront.core.language import _, lazy
from storefront.core.money import parse_rupiah
from storefront.core.regions import province_of, regency_of
from storefront.core.spreadsheets import read_csv
from storefront.shipping.models import Service, Zone
from storefront.shipping.providers import Offer, Shipment, Spot, Track, billable_kg

DEMO_RATES = Path(__file__).parent.parent / "data" / "rates.csv"

JAVA = frozenset({"31", "32", "33", "34", "35", "36"})
SUMATRA = frozenset({"11", "12", "13", "14", "15", "16", "17", "18", "19", "21"})
BALI = "51"

ZONE_NAMES = {
    Zone.SAME_REGENCY: lazy("Kota yang sama"),
    Zone.SAME_PROVINCE: lazy("Provinsi yang sama"),
    Zone.JAVA: lazy("Jawa"),
    Zone.SUMATRA_BALI: lazy("Sumatera dan Bali"),
    Zone.OTHER: lazy("Lainnya"),
}
SERVICE_NAMES = {
    Service.REGULAR: lazy("Reguler"),
    Service.EXPRESS: lazy("Ekspres"),
    Service.CARGO: lazy("Kargo"),
    Service.LOCAL: lazy("Lokal"),
}


def _in_file(name: str) -> str:
    """A word of the CSV: fixed in the source language, so that any office's file reads everywhere."""
    return str(name).lower()


ZONE_WORDS = {zone: _in_file(name) for zone, name in ZONE_NAMES.items()}
SERVICE_WORDS = {service: _in_file(name) for service, name in SERVICE_NAMES.items()}


@dataclass(frozen=True, kw_only=True)
class RateRow:
    """The price of one service into one zone; money in rupiah, `divisor` in cm³ per kilogram."""

    zone: Zone
    service: Service
    label: str
    first_kg: int
    next_kg: int
    minimum_kg: int
    days_min: int
    days_max: int
    divisor: int


def zone_between(origin: str, destination: str) -> Zone:
    """The zone of a parcel from a facility in Banten, by codes of any level down from the regency."""
    if regency_of(origin) == regency_of(destination):
        return Zone.SAME_REGENCY
    province = province_of(destination)
    if province == province_of(origin):
        return Zone.SAME_PROVINCE
    if province in JAVA:
        return Zone.JAVA
    return Zone.SUMATRA_BALI if province in SUMATRA or province == BALI else Zone.OTHER


def price(first_kg: int, next_kg: int, kilograms: int, minimum_kg: int = 1) -> int:
    """Rupiah for a parcel: the first kilogram, then each further one, never less than the minimum."""
    return first_kg + next_kg * (max(kilograms, minimum_kg) - 1)


class RateTable:
    """The table as a provider like any other: it knows every place, and has no parcels to follow."""

    name = "table"

    def __init__(self, rates: Iterable[RateRow]) -> None:
        self._rates = {(rate.zone, rate.service): rate for rate in rates}

    def find(self, spot: Spot) -> str:
        """The place by its own code."""
        return spot.key

    def offers(self, shipment: Shipment) -> list[Offer]:
        """The services into the shipment's zone; the cheapest first."""
        zone = zone_between(shipment.origin, shipment.destination)
        found = []
        for service in Service:
            rate = self._rates.get((zone, service))
            if rate is None:
                continue
            kilograms = billable_kg(shipment.grams, (shipment.volume, 1, 1), rate.divisor)
            cost = price(rate.first_kg, rate.next_kg, kilograms, rate.minimum_kg)
            found.append(Offer(service, service, rate.label, cost, rate.days_min, rate.days_max))
        return sorted(found, key=lambda offer: offer.cost)

    def track(self, courier: str, waybill: str) -> Track | None:  # noqa: ARG002 (as every provider's)
        """Nothing: a table sends nobody."""
        return None


def demo_rates() -> list[RateRow]:
    """The invented prices of the demo shop."""
    return parse_rates(read_csv(DEMO_RATES.read_bytes()))


def rates_table(rates: Sequence[RateRow]) -> list[list[str | int]]:
    """Rates as rows of the CSV that `parse_rates` reads, to download, change and upload again."""
    return [
        [
            ZONE_WORDS[rate.zone],
            SERVICE_WORDS[rate.service],
            rate.label,
            rate.first_kg,
            rate.next_kg,
            rate.minimum_kg,
            rate.days_min,
            rate.days_max,
            rate.divisor,
        ]
        for rate in rates
    ]


def parse_rates(rows: Sequence[Sequence[str]]) -> list[RateRow]:
    """Read and check an uploaded table: headings first, columns in any order, blank rows ignored.

    Raises Invalid with a message per mistake, keyed 'Baris 3, kolom zona' as people see the rows.
    """
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    if not numbered:
        raise Invalid(_("Tabel ini kosong."))
    headings = [" ".join(cell.casefold().split()) for cell in numbered[0][1]]
    if missing := [column.heading for column in COLUMNS if column.heading not in headings]:
        raise Invalid(_("Kolom ini belum ada: %(columns)s.", columns=", ".join(missing)))
    errors: dict[str, str] = {}
    rates: dict[tuple[Zone, Service], RateRow] = {}
    for number, row in numbered[1:]:
        rate, mistakes = _read_row(dict(zip(headings, row, strict=False)))
        errors |= {_place(number, column): message for column, message in mistakes}
        if rate is None:
            continue
        if (rate.zone, rate.service) in rates:
            errors[_place(number)] = _("Zona dan layanan ini sudah ada di baris sebelumnya.")
        rates[rate.zone, rate.service] = rate
    errors = errors or dict(_gaps(rates))
    if errors:
        raise Invalid(errors)
    return list(rates.values())


def _place(number: int, column: str = "") -> str:
    """Where a mistake stands, as people see the table."""
    if column:
        return _("Baris %(row)s, kolom %(column)s", row=number, column=column)
    return _("Baris %(row)s", row=number)


@dataclass(frozen=True)
class _Column:
    heading: str
    field: str
    read: Callable[[str], Any]


def _word(words: dict[Any, str]) -> Callable[[str], Any]:
    known = {word: value for value, word in words.items()} | {str(value): value for value in words}

    def read(text: str) -> Any:
        try:
            return known[" ".join(text.casefold().split())]
        except KeyError:
            raise ValueError(_("Isi salah satu: %(words)s.", words=", ".join(words.values()))) from None

    return read


def _label(text: str) -> str:
    if not 1 <= len(text) <= 60:
        raise ValueError(_("Isi nama layanan, paling panjang 60 huruf."))
    return text


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 9 and least <= int(text) <= most):
            raise ValueError(_("Isi angka bulat dari %(least)s sampai %(most)s.", least=least, most=most))
        return int(text)

    return read


def _rupiah(text: str) -> int:
    amount = parse_rupiah(text)
    if amount > 10_000_000:
        raise ValueError(_("Ongkir per kilogram tidak mungkin lebih dari Rp10.000.000."))
    return amount


COLUMNS = (
    _Column(_in_file(lazy("Zona")), "zone", _word(ZONE_WORDS)),
    _Column(_in_file(lazy("Layanan")), "service", _word(SERVICE_WORDS)),
    _Column(_in_file(lazy("Nama")), "label", _label),
    _Column(_in_file(lazy("Kg pertama")), "first_kg", _rupiah),
    _Column(_in_file(lazy("Kg berikutnya")), "next_kg", _rupiah),
    _Column(_in_file(lazy("Kg minimum")), "minimum_kg", _whole(1, 1000)),
    _Column(_in_file(lazy("Hari paling cepat")), "days_min", _whole(0, 60)),
    _Column(_in_file(lazy("Hari paling lambat")), "days_max", _whole(0, 60)),
    _Column(_in_file(lazy("Pembagi")), "divisor", _whole(1000, 10_000)),
)
HEADINGS = [column.heading for column in COLUMNS]


def _read_row(cells: dict[str, str]) -> tuple[RateRow | None, list[tuple[str, str]]]:
    """One row as a rate, or the mistakes in it as (column, message)."""
    values: dict[str, Any] = {}
    mistakes = []
    for column in COLUMNS:
        try:
            values[column.field] = column.read(cells.get(column.heading, "").strip())
        except ValueError as error:
            mistakes.append((column.heading, str(error)))
    if not mistakes and values["days_min"] > values["days_max"]:
        last = next(column.heading for column in COLUMNS if column.field == "days_max")
        mistakes.append((last, _("Tidak boleh lebih cepat dari hari paling cepat.")))
    return (None, mistakes) if mistakes else (RateRow(**values), [])


def _gaps(rates: dict[tuple[Zone, Service], RateRow]) -> Iterator[tuple[str, str]]:
    """Zones without the regular service: nobody there could buy anything."""
    for zone, word in ZONE_WORDS.items():
        if (zone, Service.REGULAR) not in rates:
            yield _("Zona %(zone)s", zone=word), _("Layanan reguler untuk zona ini belum ada.")
