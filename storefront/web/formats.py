"""How numbers, dates and words look on a page, in the reader's language; rupiah and WIB in every one."""

from datetime import date, datetime

from flask import Flask

from storefront.core import clock
from storefront.core.language import SOURCE, _n, language
from storefront.core.money import rupiah
from storefront.core.phone import mask_phone, show_phone, whatsapp_link

DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": (
        "Januari", "Februari", "Maret", "April", "Mei", "Juni",
        "Juli", "Agustus", "September", "Oktober", "November", "Desember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def _day(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


def long_date(value: date | datetime) -> str:
    """'Rabu, 28 Januari 2026' ('Wednesday, 28 January 2026'), in WIB."""
    day = _day(value)
    return f"{DAYS[language()][day.weekday()]}, {plain_date(day)}"


def plain_date(value: date | datetime) -> str:
    """'28 Januari 2026', in WIB."""
    day = _day(value)
    return f"{day.day} {_month(day.month)} {day.year}"


def short_date(value: date | datetime) -> str:
    """'28/1/2026', in WIB."""
    day = _day(value)
    return f"{day.day}/{day.month}/{day.year}"


def clock_time(value: datetime) -> str:
    """'14.30 WIB'."""
    return clock.local(value).strftime("%H.%M WIB")


def moment(value: datetime) -> str:
    """'28 Januari 2026 pukul 14.30 WIB' ('28 January 2026, 14.30 WIB')."""
    joint = " pukul " if language() == SOURCE else ", "
    return f"{plain_date(value)}{joint}{clock_time(value)}"


def month_name(period: str) -> str:
    """'2026-01' -> 'Januari 2026'."""
    year, month = period.split("-")
    return f"{_month(int(month))} {year}"


def _month(number: int) -> str:
    return MONTHS[language()][number - 1]


def date_range(first: date, last: date) -> str:
    """'4–8 Oktober 2026', or both dates in full when the months differ."""
    if first == last:
        return long_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{plain_date(last)}"
    return f"{plain_date(first)} – {plain_date(last)}"


def number(value: int) -> str:
    """'1.234'; in English '1,234', but rupiah stay written as rupiah."""
    return f"{value:,}" if language() != SOURCE else f"{value:,}".replace(",", ".")


def grouped(value: int) -> str:
    """'1.234' in every language: how rupiah are written, and what form fields read back."""
    return f"{value:,}".replace(",", ".")


def weight(grams: int) -> str:
    """'450 g' or '1,25 kg' ('1.25 kg')."""
    if grams < 1000:
        return f"{grams} g"
    text = f"{grams / 1000:,.2f}".rstrip("0").rstrip(".")
    return (text if language() != SOURCE else text.translate(str.maketrans(",.", ".,"))) + " kg"


def hours(minutes: int) -> str:
    """'2 jam', '1 jam 30 menit', '40 menit'."""
    whole, rest = divmod(minutes, 60)
    parts = [_n("%(n)s jam", whole) if whole else "", _n("%(n)s menit", rest) if rest or not whole else ""]
    return " ".join(part for part in parts if part)


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
    "lama_kerja": hours,
    "iso": iso,
    "telepon": show_phone,
    "telepon_samar": mask_phone,
}


def init_app(app: Flask) -> None:
    """Give the templates our filters."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(rentang_tanggal=date_range, whatsapp=whatsapp_link)
