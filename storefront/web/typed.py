"""Reads what people type: words without traps, numbers, weights and days as Indonesians write them."""

import re
import unicodedata
from datetime import date

from storefront.core.language import _

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
"""What copying from chats and web pages brings along unseen: dropped without a word."""
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing: they can make a text read as something else."""
_SIGNS = frozenset("°®™©№")
"""Signs that Unicode files with the pictures although they are writing."""
_JOINERS = frozenset("\u200d\ufe0e\ufe0f\u20e3")

_BREAK = re.compile("\r\n?|[\u2028\u2029]")
_DIGITS = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+")
_GRAMS = re.compile(r"([0-9]{1,9}|[0-9]{1,3}(?:\.[0-9]{3})+) ?(?:g|gr|gram)?")
_KILOGRAMS = re.compile(r"([0-9]{1,5})(?:,([0-9]{1,3})|\.([0-9]{1,2}))? ?(?:kg|kilo|kilogram)")
_CLOCK = re.compile(r"([0-9]{1,4})[:]([0-5][0-9])")
_HOURS = re.compile(r"([0-9]{1,4})(?:[,.]([0-9]{1,2}))? ?(?:j|jam|h|hours?)?")
_MINUTES = re.compile(r"([0-9]{1,4}) ?(?:m|mnt|menit|min|minutes?)")
_BOTH = re.compile(r"([0-9]{1,4}) ?(?:j|jam|h|hours?) ?([0-9]{1,2}) ?(?:m|mnt|menit|min|minutes?)?")
_DAY = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")


def clean_line(text: str) -> str:
    """One line without outer and doubled spaces, composed (NFC), invisible characters dropped.

    Raises ValueError (with words for the person) for control characters, line breaks included.
    """
    composed = unicodedata.normalize("NFC", text.translate(_INVISIBLE)).strip(" \t\r\n\u00a0")
    _refuse_controls(composed, allowed="")
    return re.sub(r" {2,}", " ", composed.replace("\u00a0", " "))


def clean_text(text: str) -> str:
    """Several lines with '\\n' between them, however they were written, composed (NFC), at most one empty
    line in a row.

    Raises ValueError (with words for the person) for control characters.
    """
    composed = _BREAK.sub("\n", unicodedata.normalize("NFC", text.translate(_INVISIBLE))).strip()
    _refuse_controls(composed, allowed="\n\t")
    lines = "\n".join(line.rstrip() for line in composed.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines)


def refuse_pictures(text: str) -> None:
    """Raise ValueError (with words for the person) if a text holds emoji or other little pictures."""
    for character in text:
        category = unicodedata.category(character)
        picture = category in {"So", "Sk", "Cn"} and character not in _SIGNS and not character.isascii()
        if picture or character in _JOINERS:
            raise ValueError(_("Emoji tidak dapat dipakai di sini. Tulis dengan huruf dan angka."))


def parse_count(text: str) -> int:
    """Read a whole number: '12', '1.200' (ASCII digits only).

    Raises ValueError (with words for the person) on signs, fractions and anything else.
    """
    cleaned = text.strip()
    if not (_DIGITS.fullmatch(cleaned) or _GROUPED.fullmatch(cleaned)):
        raise ValueError(_("Tulis bilangan bulat dengan angka, misalnya 12."))
    return int(cleaned.replace(".", "")[:30])


def parse_grams(text: str) -> int:
    """Read a weight in grams: '450', '450 g', '1.200 gram', '1,2 kg', '1.2 kg' -> 1200.

    Raises ValueError (with words for the person), also on '1,2' (of what?) and '1.200 kg' (a tonne?).
    """
    cleaned = re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip().lower()
    if grams := _GRAMS.fullmatch(cleaned):
        return int(grams[1].replace(".", ""))
    if kilograms := _KILOGRAMS.fullmatch(cleaned):
        fraction = kilograms[2] or kilograms[3] or ""
        return int(kilograms[1]) * 1000 + int(fraction.ljust(3, "0"))
    raise ValueError(_("Tulis berat dalam gram atau kilogram, misalnya 450 g atau 1,2 kg."))


def parse_minutes(text: str) -> int:
    """Read a time of work in minutes: '2', '1,5 jam' -> 90, '0:40', '40 menit', '1 jam 20 menit'.

    A number alone is hours; parts of a minute are rounded. Raises ValueError (with words for the person).
    """
    cleaned = re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip().lower()
    if both := _CLOCK.fullmatch(cleaned) or _BOTH.fullmatch(cleaned):
        return int(both[1]) * 60 + int(both[2])
    if minutes := _MINUTES.fullmatch(cleaned):
        return int(minutes[1])
    if hours := _HOURS.fullmatch(cleaned):
        hundredths = int((hours[2] or "").ljust(2, "0"))
        return int(hours[1]) * 60 + (hundredths * 60 + 50) // 100
    raise ValueError(_("Tulis jam kerjanya, misalnya 2, 1,5, atau 40 menit."))


def parse_day(text: str) -> date:
    """Read '2026-01-28' (what a date picker sends) or '28/1/2026'.

    Raises ValueError (with words for the person) for days that do not exist and anything else.
    """
    cleaned = text.strip()
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cleaned):
            return date.fromisoformat(cleaned)
        if found := _DAY.fullmatch(cleaned):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise ValueError(_("Tulis tanggal yang benar, misalnya 28/1/2026."))


def _refuse_controls(text: str, *, allowed: str) -> None:
    for character in text:
        if character in allowed:
            continue
        if character in "\n\r\u2028\u2029":
            raise ValueError(_("Tulis dalam satu baris saja."))
        if unicodedata.category(character) in {"Cc", "Cs", "Co"} or character in _DIRECTION:
            raise ValueError(_("Ada tanda yang tidak terbaca di dalam teks. Ketik ulang bagian ini."))
