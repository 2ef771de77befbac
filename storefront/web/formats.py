"""How numbers, dates and words look on a page: Indonesian, WIB, rupiah."""

from datetime import date, datetime

from flask import Flask

from storefront.core import clock
from storefront.core.money import rupiah
from storefront.core.phone import mask_phone, show_phone, whatsapp_link

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def _day(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


def long_date(value: date | datetime) -> str:
    """'Rabu, 28 Januari 2026', in WIB."""
    day = _day(value)
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def plain_date(value: date | datetime) -> str:
    """'28 Januari 2026', in WIB."""
    day = _day(value)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(value: date | datetime) -> str:
    """'28/1/2026', in WIB."""
    day = _day(value)
    return f"{day.day}/{day.month}/{day.year}"


def clock_time(value: datetime) -> str:
    """'14.30 WIB'."""
    return clock.local(value).strftime("%H.%M WIB")


def moment(value: datetime) -> str:
    """'28 Januari 2026 pukul 14.30 WIB'."""
    return f"{plain_date(value)} pukul {clock_time(value)}"


def month_name(period: str) -> str:
    """'2026-01' -> 'Januari 2026'."""
    year, _, month = period.partition("-")
    return f"{MONTHS[int(month) - 1]} {year}"


def date_range(first: date, last: date) -> str:
    """'4–8 Oktober 2026', or both dates in full when the months differ."""
    if first == last:
        return long_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {MONTHS[last.month - 1]} {last.year}"
    return f"{plain_date(first)} – {plain_date(last)}"


def number(value: int) -> str:
    """'1.234'."""
    return f"{value:,}".replace(",", ".")


def weight(grams: int) -> str:
    """'450 g' or '1,25 kg'."""
    if grams < 1000:
        return f"{grams} g"
    text = f"{grams / 1000:,.2f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) + " kg"


def iso(value: datetime) -> str:
    """The moment in ISO 8601 with WIB's offset: exports and <time datetime>."""
    return clock.local(value).isoformat(timespec="seconds")


FILTERS = {
    "rupiah": rupiah,
    "tanggal": long_date,
    "tanggal_biasa": plain_date,
    "tanggal_pendek": short_date,
    "jam": clock_time,
    "waktu": moment,
    "bulan": month_name,
    "angka": number,
    "berat": weight,
    "iso": iso,
    "telepon": show_phone,
    "telepon_samar": mask_phone,
}


def init_app(app: Flask) -> None:
    """Give the templates our filters."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(rentang_tanggal=date_range, whatsapp=whatsapp_link)
