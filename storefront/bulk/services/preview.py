"""From columns to verdicts: nothing of the shop changes until somebody confirms what they saw."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update

from storefront.bulk.models import NEXT_STATUS, Import, ImportRow, ImportStatus, Verdict
from storefront.bulk.services.columns import FIELDS, SEVERAL
from storefront.bulk.services.judging import judge_all
from storefront.bulk.services.lines import Line, read_line
from storefront.bulk.services.reading import PHOTO_LIMITS
from storefront.bulk.services.surroundings import learn, look_around
from storefront.core import clock
from storefront.core.archives import Archive
from storefront.core.db import db, for_update
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _, language, lazy
from storefront.core.storage import read, storage
from storefront.core.transactions import on_commit, transaction

STALE = timedelta(days=7)
"""Photos that people sent still hold what cameras write into them: they wait for so long at most."""


class WrongMoment(DomainError):
    """The import is further than this step: the page was old, or the button was pressed twice."""

    default = lazy("Impor ini sudah berjalan atau selesai. Muat ulang halamannya.")


def own_import(facility_id: int, import_id: int, *, lock: bool = False) -> Import:
    """An import of this facility. Raises NotFound for anybody else's."""
    statement = select(Import).filter_by(id=import_id, facility_id=facility_id)
    found = db.session.scalar(for_update(statement) if lock else statement)
    if found is None:
        raise NotFound
    return found


def step(kept: Import, after: ImportStatus) -> None:
    """Move an import one step by the table NEXT_STATUS. Raises WrongMoment."""
    if after not in NEXT_STATUS[kept.status]:
        raise WrongMoment
    kept.status = after
    kept.updated_at = clock.now()


def judge_import(facility_id: int, import_id: int, mapping: Sequence[str]) -> None:
    """Read every line with these columns and keep its verdict; can be done again with other columns.

    Raises Invalid at `kolom-<n>` (or `sku` when no column is the SKU), WrongMoment, NotFound.
    """
    kept = own_import(facility_id, import_id)
    if ImportStatus.PREVIEW not in NEXT_STATUS[kept.status]:
        raise WrongMoment
    _check(mapping, kept.headings)
    verdicts = _verdicts(kept, list(mapping))  # takes seconds, and holds nobody up
    with transaction():
        kept = own_import(facility_id, import_id, lock=True)
        step(kept, ImportStatus.PREVIEW)
        kept.mapping, kept.language = list(mapping), language()
        db.session.execute(update(ImportRow), verdicts)


def _verdicts(kept: Import, mapping: list[str]) -> list[dict[str, object]]:
    """What each row of an import becomes with these columns, by the row's id."""
    rows = db.session.execute(
        select(ImportRow.id, ImportRow.number, ImportRow.cells)
        .where(ImportRow.import_id == kept.id)
        .order_by(ImportRow.number)
    ).all()
    around = look_around(kept.facility_id)
    lines = [(row.number, read_line(row.cells, mapping, kept.headings, around)) for row in rows]
    learn(around, (line.sku for _number, line in lines if line.sku), kept.created_at)
    judgements = judge_all(lines, around, photo_files(kept))
    moment = clock.now()
    return [
        _judged(line) | {"id": row.id, "verdict": found.verdict, "changes": found.changes}
        | {"done_at": moment if found.verdict is Verdict.SAME else None}
        for row, (_number, line), found in zip(rows, lines, judgements, strict=True)
    ]  # fmt: skip


def _judged(line: Line) -> dict[str, object]:
    values = line.values | ({"parent": True} if line.is_parent else {})
    return {
        "sku": line.sku, "family": line.family, "values": values, "problems": line.problems,
        "notes": line.notes,
    }  # fmt: skip


def cancel_import(facility_id: int, import_id: int) -> None:
    """Let an import go that was not confirmed; its photos are erased. Raises WrongMoment, NotFound."""
    with transaction():
        kept = own_import(facility_id, import_id, lock=True)
        step(kept, ImportStatus.CANCELLED)
        drop_zip(kept)


def cancel_stale() -> int:
    """Let imports go whose photos wait for a week already, and nobody confirmed them; returns how many."""
    old = select(Import.id).where(
        Import.status.in_((ImportStatus.MAPPING, ImportStatus.PREVIEW)),
        Import.zip_key != "",
        Import.updated_at < clock.now() - STALE,
    )
    ids = db.session.scalars(old).all()
    for import_id in ids:
        with transaction():
            kept = db.session.scalar(for_update(old.with_only_columns(Import).where(Import.id == import_id)))
            if kept is not None:  # nobody went on with it in this moment
                step(kept, ImportStatus.CANCELLED)
                drop_zip(kept)
    return len(ids)


def drop_zip(kept: Import) -> None:
    """Forget the ZIP of an import that needs it no more; the file goes after the commit."""
    if kept.zip_key:
        key, kept.zip_key = kept.zip_key, ""
        on_commit(lambda: storage().delete(key))


def photo_files(kept: Import) -> dict[str, str]:
    """The paths in the import's ZIP by their bare names in small letters; of twins the first."""
    if not kept.zip_key:
        return {}
    found: dict[str, str] = {}
    for path in Archive(read(kept.zip_key), PHOTO_LIMITS).names():
        name = path.replace("\\", "/").rpartition("/")[2].lower()
        if not name.startswith("."):
            found.setdefault(name, path)
    return found


def _check(mapping: Sequence[str], headings: Sequence[str]) -> None:
    errors: dict[str, str] = {}
    if len(mapping) != len(headings):
        raise Invalid({"sku": _("Pilih isi setiap kolom sekali lagi.")})
    for place, name in enumerate(mapping):
        if name and name not in FIELDS:
            errors[f"kolom-{place}"] = _("Pilihan ini tidak ada. Pilih dari daftar.")
        elif name and name not in SEVERAL and name in mapping[:place]:
            errors[f"kolom-{place}"] = _("“%(field)s” sudah dipilih untuk kolom lain.", field=FIELDS[name])
    if "sku" not in mapping:
        errors["sku"] = _(
            "Pilih kolom mana yang berisi SKU. Tanpa SKU, impor ulang akan menggandakan barang."
        )
    if errors:
        raise Invalid(errors)
