"""Imports of a facility: the list, one with its verdicts, the lines that were not taken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from storefront.bulk.models import Import, ImportRow, Verdict
from storefront.core.db import db
from storefront.core.language import _, lazy
from storefront.core.money import rupiah
from storefront.web.pagination import Page, paged

PAGE = 50
VERDICT_WORDS = {
    Verdict.NEW: lazy("Baru"),
    Verdict.CHANGED: lazy("Berubah"),
    Verdict.SAME: lazy("Sama"),
    Verdict.WRONG: lazy("Salah"),
}
_AMOUNTS = {"price"}


@dataclass(frozen=True)
class Progress:
    """How many lines there are of each verdict, and how many of the new and changed ones are done."""

    verdicts: dict[Verdict, int]
    done: int
    photos_left: int

    @property
    def total(self) -> int:
        """Every line of the file."""
        return sum(self.verdicts.values())

    @property
    def to_do(self) -> int:
        """The lines that change something."""
        return self.verdicts.get(Verdict.NEW, 0) + self.verdicts.get(Verdict.CHANGED, 0)


def imports_of(facility_id: int, page: int) -> Page:
    """The imports of a facility, the newest first."""
    return paged(select(Import).filter_by(facility_id=facility_id).order_by(Import.id.desc()), page, 20)


def progress_of(import_id: int) -> Progress:
    """Where an import stands, in one query."""
    rows = db.session.execute(
        select(
            ImportRow.verdict, func.count(), func.count(ImportRow.done_at), func.count(ImportRow.photos_at)
        )
        .where(ImportRow.import_id == import_id)
        .group_by(ImportRow.verdict)
    ).all()
    doing = [row for row in rows if row[0] in {Verdict.NEW, Verdict.CHANGED}]
    done = sum(row[2] for row in doing)
    verdicts = {row[0]: row[1] for row in rows if row[0] is not None}
    return Progress(verdicts, done, done - sum(row[3] for row in doing))


def rows_of(import_id: int, verdict: Verdict | None, page: int) -> Page:
    """Lines of an import in the order of the file, of one verdict or all."""
    wanted = select(ImportRow).filter_by(import_id=import_id)
    if verdict is not None:
        wanted = wanted.filter_by(verdict=verdict)
    return paged(wanted.order_by(ImportRow.number), page, PAGE)


def examples(import_id: int, columns: int) -> list[list[str]]:
    """The first filled cells of each column, for whoever says what it is; three at most."""
    rows = db.session.scalars(
        select(ImportRow.cells).where(ImportRow.import_id == import_id).order_by(ImportRow.number).limit(30)
    ).all()
    return [
        list(dict.fromkeys(row[place][:60] for row in rows if row[place]))[:3] for place in range(columns)
    ]


def wrong_rows(import_id: int) -> Iterator[tuple[int, list[str], str]]:
    """The lines that were not taken: number, cells, and why."""
    rows: Sequence[ImportRow] = db.session.scalars(
        select(ImportRow).filter_by(import_id=import_id, verdict=Verdict.WRONG).order_by(ImportRow.number)
    ).all()
    for row in rows:
        yield row.number, row.cells, "; ".join(f"{column}: {words}" for column, words in row.problems)


def shown_value(name: str, value: object) -> str:
    """One side of a change as people read it."""
    if value is None or value == "":
        return _("kosong")
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if name in _AMOUNTS and isinstance(value, int):
        return rupiah(value)
    if name == "supply":
        return _("Dibuat setelah dipesan") if value == "made_to_order" else _("Stok siap")
    words = str(value)
    return words if len(words) <= 80 else words[:79] + "…"
