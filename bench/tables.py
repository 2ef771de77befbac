"""A table of many products: judged, done, sent again, and sent with other prices and stocks."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import text

from storefront.bulk import services
from storefront.bulk.models import ImportStatus, Verdict
from storefront.bulk.queries.imports import progress_of
from storefront.bulk.services.running import run_import
from storefront.core.db import db
from storefront.core.spreadsheets import Column, Sheet, csv_bytes, xlsx_bytes
from tests import factories

HEADINGS = ["sku", "nama", "harga", "stok", "berat_gram", "kategori", "ringkasan", "deskripsi"]
WRONG = 25
"""One line in so many has a price that is none."""


class Timed(NamedTuple):
    """What one table took, in seconds: to be looked at, and to be done (0 when nothing was to do).

    `cpu`: this process's own share of both, which other work on the machine does not lengthen.
    """

    name: str
    looked_at: float
    done: float
    cpu: float
    verdicts: dict[Verdict, int]


def timed(total: int) -> list[Timed]:
    """Send `total` lines as new products (XLSX), the same once more (CSV), and all of them changed (CSV)."""
    facility_id, _shelf = factories.facility().id, factories.category("Tas")
    lines = [_line(number) for number in range(total)]
    changed = [_dearer(row) for row in lines]
    sheet = Sheet("Produk", [Column(heading) for heading in HEADINGS], lines)
    found = [
        _send("new (XLSX)", facility_id, xlsx_bytes([sheet])),
        _send("the same once more (CSV)", facility_id, csv_bytes(lines, HEADINGS)),
        _send("another price and stock each (CSV)", facility_id, csv_bytes(changed, HEADINGS)),
    ]
    _put_on_sale()
    dearer = csv_bytes([_dearer(row) for row in changed], HEADINGS)
    return [*found, _send("once more others, all on sale (CSV)", facility_id, dearer)]


def report(total: int, found: list[Timed]) -> str:
    """The figures as Markdown."""
    rows = [f"| {total:,} lines | looked at | done | of both, processor |", "|---|---|---|---|"]
    rows += [f"| {one.name} | {one.looked_at:.1f} s | {one.done:.1f} s | {one.cpu:.1f} s |" for one in found]
    return "\n".join(rows)


def _line(number: int) -> list[Any]:
    price = "harga" if number % WRONG == 0 else 100_000 + number
    story = "Dianyam dengan tangan di bengkel. " * 10
    return [f"S{number}", f"Tas anyam pandan nomor {number}", price, number % 50, 450, "Tas",
            "Ringkasan sebuah tas anyam", story]  # fmt: skip


def _dearer(row: list[Any]) -> list[Any]:
    price = row[2] if isinstance(row[2], str) else row[2] + 1_000
    return [*row[:2], price, row[3] + 1, *row[4:]]


_ON_SALE = (
    """INSERT INTO pictures (id, key, alt, width, height, tone, widths, has_avif, created_at)
       SELECT 1000000 + id, 'foto/bench-' || id, '', 4, 5, '#aabbcc', '[360]', false, updated_at
       FROM products""",
    """INSERT INTO product_photos (product_id, picture_id, position)
       SELECT id, 1000000 + id, 0 FROM products""",
    "UPDATE products SET status = 'published', published_at = updated_at, photo_id = 1000000 + id",
)


def _put_on_sale() -> None:
    """Everything there is goes on sale, each thing with a photo (of which there is only the row)."""
    for statement in _ON_SALE:
        db.session.execute(text(statement))
    db.session.commit()


def _send(name: str, facility_id: int, data: bytes) -> Timed:
    def look() -> int:
        import_id = services.start_import(facility_id, None, services.File("tabel", data))
        kept = services.own_import(facility_id, import_id)
        services.judge_import(facility_id, import_id, kept.mapping)
        return import_id

    def do() -> None:
        services.confirm_import(facility_id, import_id, None)
        while services.own_import(facility_id, import_id).status is ImportStatus.RUNNING:
            run_import({"import_id": import_id})
            db.session.rollback()

    began = time.process_time()
    looked_at, import_id = _took(look)
    found = progress_of(import_id)
    done = _took(do)[0] if found.to_do else 0
    return Timed(name, looked_at, done, time.process_time() - began, found.verdicts)


def _took(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer
