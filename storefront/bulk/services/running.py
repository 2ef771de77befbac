"""A confirmed import, done in pieces by the outbox: a worker that dies leaves the rest to the next.

Each piece is one transaction that writes its lines and marks them as done, so no line is done twice and
none is lost. Photos follow line by line, outside of it: reading pictures takes seconds.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from storefront.bulk.models import Import, ImportRow, ImportStatus, Verdict
from storefront.bulk.services.preview import WrongMoment, drop_zip, own_import, photo_files, step
from storefront.bulk.services.reading import MAX_PHOTO, PHOTO_LIMITS
from storefront.bulk.services.surroundings import hold, learn, look_around
from storefront.bulk.services.writing import refuse_row, write_rows
from storefront.catalog.models import ProductPhoto, Variant
from storefront.catalog.services.gate import Uploader
from storefront.catalog.services.pending import claim_photos, keep_photo
from storefront.core import auditlog, clock
from storefront.core.archives import Archive
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, speaking
from storefront.core.outbox import enqueue, handler
from storefront.core.storage import read
from storefront.core.transactions import transaction

CHUNK = 50
PHOTO_CHUNK = 5
STALLED = timedelta(minutes=3)
"""Without progress for so long, people may set an import going again."""

TO_DO = (Verdict.NEW, Verdict.CHANGED)


def confirm_import(facility_id: int, import_id: int, actor_id: int | None) -> None:
    """Start doing what the preview showed. Raises Invalid when that is nothing, WrongMoment, NotFound."""
    with transaction():
        kept = own_import(facility_id, import_id, lock=True)
        lines = db.session.scalar(_count_to_do(kept.id)) or 0
        step(kept, ImportStatus.RUNNING)
        kept.confirmed_at, kept.confirmed_by_id = clock.now(), actor_id
        if not lines:
            raise Invalid(_("Tidak ada baris yang baru atau berubah, jadi tidak ada yang dijalankan."))
        auditlog.write(
            "import.started", "import", kept.id, actor_id=actor_id, facility_id=facility_id,
            file=kept.name, lines=lines, uploaded_by=kept.created_by_id,
        )  # fmt: skip
        _go_on(kept, "first")


def resume_import(facility_id: int, import_id: int) -> None:
    """Set an import going again that stands still. Raises WrongMoment while it moves, NotFound."""
    with transaction():
        kept = own_import(facility_id, import_id, lock=True)
        if not is_stalled(kept):
            raise WrongMoment
        kept.updated_at = clock.now()
        _go_on(kept, f"again-{clock.now().timestamp():.0f}")


def is_stalled(kept: Import) -> bool:
    """Has a running import made no progress for a while?"""
    return kept.status is ImportStatus.RUNNING and clock.now() - kept.updated_at > STALLED


@handler("bulk.import")
def run_import(payload: dict[str, Any]) -> None:
    """Do the next piece of an import. Running twice does no harm: what is done is marked."""
    import_id = payload["import_id"]
    kept = db.session.get(Import, import_id)
    if kept is None or kept.status is not ImportStatus.RUNNING:
        return
    with speaking(kept.language):
        if not _write_chunk(import_id) and not _photo_chunk(import_id):
            _finish(import_id)


def _count_to_do(import_id: int) -> Any:
    return select(func.count()).where(
        ImportRow.import_id == import_id, ImportRow.verdict.in_(TO_DO), ImportRow.done_at.is_(None)
    )


def _go_on(kept: Import, mark: object) -> None:
    kept.updated_at = clock.now()
    # Due since it was confirmed: the pictures that its own pieces ask for do not stand before the next.
    key = f"bulk.import-{kept.id}-{mark}"
    enqueue("bulk.import", {"import_id": kept.id}, key=key, run_at=kept.confirmed_at)


def _next_ids(import_id: int) -> list[int]:
    statement = (
        select(ImportRow.id)
        .where(ImportRow.import_id == import_id, ImportRow.verdict.in_(TO_DO), ImportRow.done_at.is_(None))
        .order_by(ImportRow.number)
        .limit(CHUNK)
    )
    return list(db.session.scalars(statement))


def _write_chunk(import_id: int) -> bool:
    """Do the next lines; False when there are none. Where one is refused, each is tried for itself."""
    ids = _next_ids(import_id)
    if not ids:
        return False
    try:
        _write_twice(import_id, ids)
    except DomainError:
        for row_id in ids:
            try:
                _write_twice(import_id, [row_id], go_on=False)
            except DomainError as error:
                with transaction():
                    refuse_row(locked(ImportRow, row_id), error)
        with transaction():
            _go_on(locked(Import, import_id), f"after-{ids[-1]}")
    return True


def _write_twice(import_id: int, ids: Sequence[int], *, go_on: bool = True) -> None:
    """Do lines; where somebody took a SKU or an address at this very moment, look at them once more."""
    try:
        _write(import_id, ids, go_on=go_on)
    except IntegrityError:
        _write(import_id, ids, go_on=go_on)


def _write(import_id: int, ids: Sequence[int], *, go_on: bool = True) -> None:
    with transaction():
        kept = locked(Import, import_id)  # two workers take turns, and the second finds the lines done
        rows = db.session.scalars(
            select(ImportRow)
            .where(ImportRow.id.in_(ids), ImportRow.done_at.is_(None), ImportRow.verdict.in_(TO_DO))
            .order_by(ImportRow.number)
        ).all()
        around = look_around(kept.facility_id)
        skus = [row.sku for row in rows]
        hold(kept.facility_id, Variant.sku.in_(skus))
        learn(around, skus, kept.created_at)
        write_rows(kept, rows, around)
        if go_on:
            _go_on(kept, f"after-{ids[-1]}")


# --- photos -------------------------------------------------------------------------------------------


def _photo_chunk(import_id: int) -> bool:
    """Hang the photos of the next lines; False when there are none."""
    rows = db.session.execute(
        select(ImportRow.id, ImportRow.product_id, ImportRow.values)
        .where(
            ImportRow.import_id == import_id,
            ImportRow.verdict.in_(TO_DO),
            ImportRow.done_at.is_not(None),
            ImportRow.photos_at.is_(None),
        )
        .order_by(ImportRow.number)
        .limit(PHOTO_CHUNK)
    ).all()
    kept = db.session.get(Import, import_id)
    if not rows or kept is None or not kept.zip_key:
        return False
    paths, archive = photo_files(kept), Archive(read(kept.zip_key), PHOTO_LIMITS)
    actor_id, sender_id = kept.confirmed_by_id, kept.created_by_id
    # No ZIP is taken without the sender's word that its photos were looked at: another one may let them in.
    by = None if sender_id is None else Uploader(sender_id, kept.facility_id, checked=True)
    db.session.rollback()  # pictures take seconds: no read transaction stays open meanwhile
    for row_id, product_id, values in rows:
        found = _kept_photos(values["photos"], paths, archive, product_id, by)
        _hang(row_id, product_id, actor_id, found)
    with transaction():
        _go_on(locked(Import, import_id), f"photos-{rows[-1].id}")
    return True


def _kept_photos(
    names: Sequence[str], paths: dict[str, str], archive: Archive, product_id: int, by: Uploader | None
) -> tuple[list[int], list[list[str]]]:
    """The ids of the stored pictures, and what is wrong with those that are none."""
    if db.session.scalar(select(ProductPhoto.id).filter_by(product_id=product_id).limit(1)) is not None:
        return [], []
    ids, notes = [], []
    for name in names:
        try:
            if archive.size(paths[name]) > MAX_PHOTO:
                raise ValueError(_("lebih dari 15 MB."))  # noqa: TRY301 (said with the others' words)
            ids.append(keep_photo(archive.read(paths[name]), by).id)
        except ValueError as error:  # a BadPicture is one too
            notes.append([_("Foto"), f"{name}: {error}"])
    return ids, notes


def _hang(
    row_id: int, product_id: int, actor_id: int | None, kept: tuple[list[int], list[list[str]]]
) -> None:
    """Give a product its pictures, unless somebody did meanwhile; a bad one leaves its line as it is."""
    ids, notes = kept
    with transaction():
        row = locked(ImportRow, row_id)
        if row.photos_at is not None:
            return
        bare = db.session.scalar(select(ProductPhoto.id).filter_by(product_id=product_id).limit(1)) is None
        row.notes = [*row.notes, *notes]
        row.photos_at = clock.now()
        if ids and bare:
            row.notes = [*row.notes, *_claimed(product_id, actor_id, ids)]


def _claimed(product_id: int, actor_id: int | None, ids: Sequence[int]) -> list[list[str]]:
    """Hang pictures; what the shop refuses (the product was withdrawn meanwhile) is said in the line."""
    try:
        with db.session.begin_nested():
            claim_photos(product_id, actor_id, ids)
    except DomainError as error:
        return [[_("Foto"), str(error)]]
    return []


def _finish(import_id: int) -> None:
    with transaction():
        kept = locked(Import, import_id)
        if kept.status is not ImportStatus.RUNNING or db.session.scalar(_count_to_do(import_id)):
            return
        step(kept, ImportStatus.DONE)
        kept.finished_at = clock.now()
        drop_zip(kept)
        done = db.session.scalar(
            select(func.count()).where(ImportRow.import_id == import_id, ImportRow.verdict.in_(TO_DO))
        )
        auditlog.write(
            "import.done", "import", kept.id, actor_id=kept.confirmed_by_id, facility_id=kept.facility_id,
            file=kept.name, lines=done or 0,
        )  # fmt: skip
