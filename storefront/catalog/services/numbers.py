"""Numbers of food permits: their form, and what each says by itself.

P-IRT: 13 digits, a dash and the year in which it ends (BPOM 31/2018; the parts by BPOM 22/2018). MD and ML:
12 digits. Halal: 'ID' and 17 digits (UU 33/2014). Whether a number is real only its office can say.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from storefront.catalog.models import LicenceKind
from storefront.core import clock
from storefront.core.language import _, lazy
from storefront.core.regions.queries import region_name

LONGEST_PIRT = 5
"""Years for which a P-IRT is given at most."""
FORMS = {
    LicenceKind.PIRT: re.compile(r"(?:P-?IRT)?(?:NO)?(\d{13})-?(\d{2})", re.ASCII),
    LicenceKind.MD: re.compile(r"(?:BPOM)?(?:RI)?(MD|ML)?(\d{12})", re.ASCII),
    LicenceKind.HALAL: re.compile(r"(?:ID)?(\d{17})", re.ASCII),
}
WRONG = {
    LicenceKind.PIRT: lazy("Nomor P-IRT terdiri dari 13 angka, tanda hubung, dan 2 angka tahun."),
    LicenceKind.MD: lazy("Nomor BPOM MD terdiri dari 12 angka."),
    LicenceKind.HALAL: lazy("Nomor halal terdiri dari ID dan 17 angka."),
}
PACKED_IN = {
    "1": lazy("gelas"), "2": lazy("plastik"), "3": lazy("karton atau kertas"), "4": lazy("kaleng"),
    "5": lazy("aluminium foil"), "6": lazy("kemasan lain, misalnya daun"),
    "7": lazy("kemasan komposit"), "8": lazy("kemasan ganda"),
}  # fmt: skip
FOODS = {
    "01": lazy("olahan daging kering"), "02": lazy("olahan ikan kering"), "03": lazy("olahan unggas kering"),
    "04": lazy("sayur asin dan sayur kering"), "05": lazy("olahan kelapa"),
    "06": lazy("tepung dan olahannya"), "07": lazy("minyak dan lemak"), "08": lazy("selai dan jeli"),
    "09": lazy("gula, kembang gula, dan madu"), "10": lazy("kopi dan teh kering"), "11": lazy("bumbu"),
    "12": lazy("rempah-rempah"), "13": lazy("minuman serbuk"), "14": lazy("olahan buah"),
    "15": lazy("olahan biji, kacang, dan umbi"),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What a number says by itself, and what about it should be compared with the paper once more."""

    facts: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def read_number(kind: LicenceKind, typed: str) -> str:
    """The number in the form in which it is shown, however it was typed. Raises ValueError with words."""
    found = FORMS[kind].fullmatch(re.sub(r"[\s.:/]", "", typed).upper())
    if found is None:
        raise ValueError(str(WRONG[kind]))
    if kind is LicenceKind.PIRT:
        return f"{found[1]}-{found[2]}"
    return f"{found[1] or 'MD'} {found[2]}" if kind is LicenceKind.MD else f"ID{found[1]}"


def year_of(kind: LicenceKind, number: str) -> int | None:
    """The year with which a number ends, as it says itself; None where it names none."""
    return 2000 + int(number[-2:]) if kind is LicenceKind.PIRT else None


def end_of(kind: LicenceKind, number: str) -> date | None:
    """The last day that a number can hold, by itself."""
    year = year_of(kind, number)
    return date(year, 12, 31) if year else None


def told_by(kind: LicenceKind, number: str) -> Told:
    """What a stored number says, in words for the screen."""
    if kind is LicenceKind.PIRT:
        return _pirt(number)
    if kind is LicenceKind.MD and number.startswith("ML"):
        return Told([_("pangan impor")], [_("ML adalah nomor pangan impor. Buatan sendiri bernomor MD.")])
    return Told()


def _pirt(number: str) -> Told:
    packed, food = PACKED_IN.get(number[0]), FOODS.get(number[1:3])
    place, year = region_name(f"{number[3:5]}.{number[5:7]}"), 2000 + int(number[-2:])
    told = Told([str(part) for part in (packed, food, place) if part])
    told.facts.append(_("berakhir tahun %(year)s", year=year))
    if packed is None:
        told.doubts.append(_("Kode kemasan %(code)s tidak dikenal.", code=number[0]))
    if food is None:
        told.doubts.append(_("Kode jenis pangan %(code)s tidak dikenal.", code=number[1:3]))
    if place is None:
        told.doubts.append(_("Kode daerah %(code)s tidak dikenal.", code=number[3:7]))
    if year > clock.today().year + LONGEST_PIRT:
        told.doubts.append(_("P-IRT berlaku paling lama %(n)s tahun.", n=LONGEST_PIRT))
    return told
