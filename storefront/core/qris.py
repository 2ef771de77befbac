"""QRIS codes (EMVCo, merchant-presented): read one, and make one that names amount and reference.

A payload is a row of fields: two digits of tag, two of length in characters, the value; the last is a
checksum. A code says what to pay to whom. That somebody paid, it does not say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storefront.core.language import _

LIMIT = 10_000_000
"""Rupiah a single payment by QRIS, since 1 March 2022 (Bank Indonesia)."""

GUID = "ID.CO.QRIS.WWW"
LONGEST = 512  # characters; what an acquirer prints has well under 300
REFERENCE = 25
_TEMPLATES = {*(f"{tag:02d}" for tag in range(26, 52)), "62", "64", *(f"{tag}" for tag in range(80, 100))}
_AMOUNT_TAGS = {"54", "55", "56", "57"}  # the amount, and three ways to ask for a tip or a fee

Fields = list[tuple[str, str]]


class NotQris(ValueError):
    """A text that is no usable QRIS code; the message says why."""


@dataclass(frozen=True)
class Code:
    """What a QRIS code says of its merchant. `amount` is None in a static one."""

    name: str
    nmid: str
    city: str
    static: bool
    amount: str | None
    reference: str


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE over the UTF-8 bytes, four upper hex digits; of "123456789" it is 29B1."""
    value = 0xFFFF
    for byte in text.encode():
        value ^= byte << 8
        for _bit in range(8):
            value = (value << 1) ^ 0x1021 if value & 0x8000 else value << 1
            value &= 0xFFFF
    return f"{value:04X}"


def split(text: str) -> Fields:
    """The fields of a payload or of a template inside one, in their order. Raises NotQris."""
    fields, place = [], 0
    while place < len(text):
        head = text[place : place + 4]
        if not re.fullmatch(r"[0-9]{4}", head):
            raise NotQris(_("Susunan kodenya rusak."))
        value = text[place + 4 : place + 4 + int(head[2:])]
        if not value or len(value) != int(head[2:]):
            raise NotQris(_("Kodenya terpotong."))
        fields.append((head[:2], value))
        place += 4 + len(value)
    if len({tag for tag, _value in fields}) != len(fields):
        raise NotQris(_("Susunan kodenya rusak."))
    return fields


def join(fields: Sequence[tuple[str, str]]) -> str:
    """Fields as one text again."""
    return "".join(f"{tag}{len(value):02d}{value}" for tag, value in fields)


def read(payload: str) -> Code:
    """What a code says, after its checksum and everything that we rely on is right. Raises NotQris."""
    fields = dict(_checked(payload))
    national = dict(split(fields.get("51", "")))
    if fields.get("53") != "360" or fields.get("58") != "ID":
        raise NotQris(_("Kode ini bukan untuk rupiah di Indonesia."))
    if national.get("00") != GUID or not re.fullmatch(r"ID[0-9]{13}", national.get("02", "")):
        raise NotQris(_("Kode ini tidak memuat NMID, jadi bukan QRIS."))
    if not fields.get("59", "").strip() or not fields.get("60", "").strip():
        raise NotQris(_("Nama atau kota pedagang tidak ada dalam kodenya."))
    return Code(
        name=fields["59"],
        nmid=national["02"],
        city=fields["60"],
        static=fields.get("01") == "11" and not _AMOUNT_TAGS & fields.keys(),
        amount=fields.get("54"),
        reference=dict(split(fields.get("62", ""))).get("05", ""),
    )


def dynamic(static: str, amount: int, reference: str = "") -> str:
    """The same merchant's code with an amount in rupiah and, if given, a reference label (tag 62.05).

    What asked for a tip or a fee is left out: buyers pay the price and nothing on top. Raises NotQris for a
    code that is broken, an amount outside Rp1–Rp10,000,000 and a reference that does not fit.
    """
    read(static)
    if not 1 <= amount <= LIMIT:
        raise NotQris(_("QRIS paling banyak Rp10.000.000 sekali bayar."))
    if reference and not re.fullmatch(rf"[\x20-\x7e]{{1,{REFERENCE}}}", reference):
        raise NotQris(_("Referensi ini tidak muat dalam kode QRIS."))
    made: Fields = []
    for tag, value in _checked(static):
        if tag in _AMOUNT_TAGS or tag == "63":
            continue
        made.append((tag, "12" if tag == "01" else value))
        if tag == "53":
            made.append(("54", str(amount)))
    text = join(_with_reference(made, reference)) + "6304"
    return text + checksum(text)


def _checked(payload: str) -> Fields:
    """The fields of a payload whose frame is right. Raises NotQris."""
    if len(payload) > LONGEST:
        raise NotQris(_("Kodenya terlalu panjang."))
    fields = split(payload)
    if not fields or fields[0] != ("00", "01") or fields[-1][0] != "63" or len(fields[-1][1]) != 4:
        raise NotQris(_("Susunan kodenya rusak."))
    if fields[-1][1] != checksum(payload[:-4]):
        raise NotQris(_("Kode pemeriksanya tidak cocok; ada huruf yang salah atau hilang."))
    for tag, value in fields:
        if tag in _TEMPLATES:
            split(value)
    return fields


def _with_reference(fields: Fields, reference: str) -> Fields:
    if not reference:
        return fields
    labels = dict(split(dict(fields).get("62", ""))) | {"05": reference}
    label = join(sorted(labels.items()))
    if len(label) > 99:
        raise NotQris(_("Referensi ini tidak muat dalam kode QRIS."))
    if "62" in dict(fields):
        return [(tag, label if tag == "62" else value) for tag, value in fields]
    place = next((n for n, (tag, _value) in enumerate(fields) if tag > "62"), len(fields))
    return [*fields[:place], ("62", label), *fields[place:]]
