"""A table that somebody sent becomes lines with numbers; photos that came along are put by."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from sqlalchemy import insert, select

from storefront.bulk.models import Import, ImportRow, ImportStatus
from storefront.bulk.services.columns import guess, key_of
from storefront.core import clock
from storefront.core.archives import MEGABYTE, Archive, Limits
from storefront.core.db import db
from storefront.core.errors import Invalid
from storefront.core.language import _, language
from storefront.core.spreadsheets import read_csv
from storefront.core.storage import PRIVATE, storage
from storefront.core.tokens import short_code
from storefront.core.transactions import transaction
from storefront.core.workbooks import MAX_COLUMNS, read_xlsx

MAX_BYTES = 10 * MEGABYTE
MAX_ROWS = 5_000
MAX_CELL = 10_000
MAX_ZIP = 50 * MEGABYTE
PHOTO_LIMITS = Limits(entries=2_000, size=400 * MEGABYTE)
MAX_PHOTO = 15 * MEGABYTE


class Table(NamedTuple):
    """A table as it was sent: its headings, and its filled lines with their numbers in the file."""

    headings: list[str]
    lines: list[tuple[int, list[str]]]


class File(NamedTuple):
    """What was sent, and what it was called there."""

    name: str
    data: bytes


def start_import(facility_id: int, actor_id: int | None, table: File, photos: File | None = None) -> int:
    """Keep a table (CSV or XLSX) and a ZIP of photos to import from; the id of the import.

    Nothing of the shop changes. Raises Invalid at `table` or `photos`, in words.
    """
    read = read_table(table.data)
    if photos is not None:
        check_photos(photos.data)
    zip_key = f"{PRIVATE}impor/{short_code(20).lower()}.zip" if photos else ""
    if photos:
        storage().save(zip_key, photos.data, "application/zip")
    moment = clock.now()
    with transaction():
        kept = Import(
            facility_id=facility_id, name=shown_name(table.name), headings=read.headings,
            mapping=guess(read.headings, remembered(facility_id)), status=ImportStatus.MAPPING,
            zip_key=zip_key, zip_name=shown_name(photos.name) if photos else "", language=language(),
            created_by_id=actor_id, created_at=moment, updated_at=moment,
        )  # fmt: skip
        db.session.add(kept)
        db.session.flush()
        rows = [{"import_id": kept.id, "number": number, "cells": cells} for number, cells in read.lines]
        db.session.execute(insert(ImportRow), [row | _EMPTY for row in rows])
    return kept.id


_EMPTY: dict[str, object] = {"values": {}, "changes": {}, "problems": [], "notes": []}


def read_table(data: bytes) -> Table:
    """Headings and filled lines of a CSV or XLSX file. Raises Invalid at `table`, in words."""
    if len(data) > MAX_BYTES:
        raise Invalid({"table": _("Berkas ini lebih dari 10 MB. Bagi menjadi beberapa berkas.")})
    try:
        rows = read_xlsx(data, MAX_ROWS + 1) if data.startswith(b"PK") else read_csv(data)
    except ValueError as error:
        raise Invalid({"table": str(error)}) from error
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if row]
    if len(numbered) < 2:
        words = _("Berkas ini tidak berisi baris. Baris pertama judul kolom, baris berikutnya produk.")
        raise Invalid({"table": words})
    if len(numbered) - 1 > MAX_ROWS:
        raise Invalid(
            {"table": _("Paling banyak 5.000 baris dalam satu berkas. Bagi menjadi beberapa berkas.")}
        )
    return _table(numbered)


def _table(numbered: Sequence[tuple[int, list[str]]]) -> Table:
    headings = [_kept(cell)[:120] for cell in numbered[0][1]]
    while headings and not headings[-1]:
        headings.pop()
    width = len(headings)
    if width > MAX_COLUMNS:
        raise Invalid({"table": _("Paling banyak %(most)s kolom.", most=MAX_COLUMNS)})
    lines = [(number, [_kept(cell) for cell in (row + [""] * width)[:width]]) for number, row in numbered[1:]]
    return Table(headings, lines)


def _kept(cell: str) -> str:
    """A cell as the tables can hold it: no zero byte, no half characters, not without end."""
    return cell.replace("\0", "").encode("utf-8", "replace").decode()[:MAX_CELL]


def check_photos(data: bytes) -> Archive:
    """Look over a ZIP of photos before it is kept. Raises Invalid at `photos`, in words."""
    if len(data) > MAX_ZIP:
        raise Invalid(
            {"photos": _("ZIP ini lebih dari 50 MB. Perkecil fotonya, atau bagi menjadi beberapa.")}
        )
    try:
        return Archive(data, PHOTO_LIMITS)
    except ValueError as error:
        raise Invalid({"photos": str(error)}) from error


def remembered(facility_id: int) -> dict[str, str]:
    """What the people of a facility said of their columns, the latest word of each heading."""
    rows = db.session.execute(
        select(Import.headings, Import.mapping)
        .where(
            Import.facility_id == facility_id,
            Import.status.in_((ImportStatus.PREVIEW, ImportStatus.RUNNING, ImportStatus.DONE)),
        )
        .order_by(Import.id.desc())
        .limit(5)
    ).all()
    words: dict[str, str] = {}
    for headings, mapping in reversed(rows):
        words |= dict(zip(map(key_of, headings), mapping, strict=True))
    return words


def shown_name(name: str) -> str:
    """A file's own name, short and on one line."""
    bare = PurePath(name.replace("\\", "/")).name
    return "".join(character for character in bare if character.isprintable())[:120] or "tabel"
