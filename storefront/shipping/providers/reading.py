"""What vendors' answers have in common: words read without trusting them."""

import re
from collections.abc import Iterable
from datetime import datetime

from storefront.core import clock
from storefront.core.language import lazy
from storefront.shipping.models import Service
from storefront.shipping.providers import Spot

POS, ID_EXPRESS, LION = str(lazy("POS Indonesia")), str(lazy("ID Express")), str(lazy("Lion Parcel"))
"""As the source language says them: so they are stored with parcels."""
COURIER_CODES = {
    "JNE": "jne", "J&T": "jnt", "SiCepat": "sicepat", POS: "pos", "TIKI": "tiki",
    "AnterAja": "anteraja", "Ninja": "ninja", ID_EXPRESS: "ide", LION: "lion", "Wahana": "wahana",
}  # fmt: skip
"""Couriers on the staff's list, by the code that vendors know them under."""

DEAREST = 100_000_000
"""Rupiah; no parcel of ours costs more, so such an answer is nonsense."""
LONGEST = 60
"""Working days."""

_CARGO = re.compile(r"cargo|kargo|truck|\bjtr|gokil|bigpack|\btrc\b", re.IGNORECASE)
_EXPRESS = re.compile(r"\byes\b|\bbest\b|\bons\b|\bsds\b|next ?day|same ?day|one ?night|besok", re.IGNORECASE)
_RETURN = re.compile(
    r"\b(di)?retur|\brts\b|\breturn|\b(di)?kembali(kan)? (ke|kepada) (pengirim|penjual|shipper|seller)",
    re.IGNORECASE,
)
_KINDS = re.compile(r"^(kota administrasi|kabupaten administrasi|kota|kabupaten|kab\.?)\s+", re.IGNORECASE)


def kind_of(*words: str) -> Service:
    """Regular, express or cargo, by what couriers call their services."""
    text = " ".join(words)
    if _CARGO.search(text):
        return Service.CARGO
    return Service.EXPRESS if _EXPRESS.search(text) else Service.REGULAR


def days_of(text: object) -> tuple[int, int]:
    """'2-3 day' -> (2, 3), '1 day' -> (1, 1); nothing said -> (0, 0). Raises ValueError for nonsense."""
    found = [int(number) for number in re.findall(r"\d{1,3}", str(text or ""))][:2]
    if not found:
        return 0, 0
    first, last = min(found), max(found)
    if last > LONGEST:
        raise ValueError("nobody takes that long")
    return first, last


def rupiah_of(value: object) -> int:
    """A price in whole rupiah. Raises ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= DEAREST:
        raise ValueError("no such price")
    if value != int(value):
        raise ValueError("a price is a whole number")
    return int(value)


def moment_of(date: object, time: object = "") -> datetime:
    """'2026-11-22' and '14:30', or one ISO text; without a zone it is WIB. Raises ValueError."""
    text = f"{date or ''} {time or ''}".strip().replace(" ", "T", 1)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.JAKARTA)


def words_of(value: object, most: int) -> str:
    """A vendor's words on one line."""
    return " ".join(str(value or "").split())[:most]


def says_returning(words: str) -> bool:
    """Whether a courier's words mean that a parcel is on its way back, or back."""
    return _RETURN.search(words) is not None


def search_words(spot: Spot) -> str:
    """What to look a place up by."""
    if spot.district:
        return f"{spot.district} {town(spot.regency)}"
    return next(iter(spot.postal_codes), "") or town(spot.regency)


def town(name: object) -> str:
    """'KAB. LEBAK' and 'Kota Serang' as the bare name, to compare."""
    return _KINDS.sub("", " ".join(str(name or "").split()).casefold())


def best_match(spot: Spot, rows: Iterable[tuple[str, str, str, str]]) -> str:
    """The id, of (id, district, city, postal code), that means our place; '' when none does.

    The city has to be ours: a postal code or a district's name alone stands for too many places. Where
    nothing but the city is known, any of its places does.
    """
    near = ""
    for vendor_id, district, city, postal_code in rows:
        if town(city) != town(spot.regency):
            continue
        if spot.district and district.casefold() == spot.district.casefold():
            return vendor_id
        anywhere = not spot.district and not spot.postal_codes
        if not near and (anywhere or postal_code in spot.postal_codes):
            near = vendor_id
    return near
