"""Pictures of what is wrong: re-encoded without what hid in them, kept privately, erased in time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import delete, func, select

from storefront.aftersales.models import CasePhoto, ComplaintCase
from storefront.aftersales.services.rules import MAX_PHOTOS
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import Invalid, Unavailable
from storefront.core.language import _
from storefront.core.outbox import handler
from storefront.core.pictures import BadPicture
from storefront.core.privatephotos import store_private
from storefront.core.storage import storage
from storefront.core.transactions import on_commit, transaction

FOLDER = "private/keluhan"


@contextmanager
def kept(photos: Sequence[bytes]) -> Iterator[list[str]]:
    """Store photos before the transaction that names them; if that fails, the files go again.

    Raises Invalid at the field `photos`: for too many, for what is no picture, and while too many are read.
    """
    if len(photos) > MAX_PHOTOS:
        raise Invalid({"photos": _("Paling banyak %(n)s foto.", n=MAX_PHOTOS)})
    keys: list[str] = []
    try:
        for data in photos:
            keys.append(_store(data))  # noqa: PERF401 (what was stored before one fails has to be known)
        yield keys
    except BaseException:
        erase_files(keys)
        raise


def attach(case: ComplaintCase, keys: Sequence[str]) -> None:
    """Add stored photos to a case, in the running transaction. Raises Invalid when they become too many."""
    there = db.session.scalar(select(func.count(CasePhoto.id)).filter_by(case_id=case.id)) or 0
    if there + len(keys) > MAX_PHOTOS:
        raise Invalid({"photos": _("Paling banyak %(n)s foto untuk satu keluhan.", n=MAX_PHOTOS)})
    db.session.add_all(CasePhoto(case_id=case.id, key=key, added_at=clock.now()) for key in keys)


def drop_photos(case_ids: Sequence[int]) -> None:
    """Erase the photos of these cases: rows now, files once that is committed. Needs a transaction."""
    keys = db.session.scalars(select(CasePhoto.key).where(CasePhoto.case_id.in_(case_ids))).all()
    db.session.execute(delete(CasePhoto).where(CasePhoto.case_id.in_(case_ids)))
    on_commit(lambda: erase_files(keys))


@handler("aftersales.photos")
def erase_old(payload: dict[str, Any]) -> None:
    """The case ended long ago: its photos are not needed any more. Running twice does no harm."""
    with transaction():
        drop_photos([payload["case_id"]])


def erase_files(keys: Sequence[str]) -> None:
    """Remove files as well as we can: a file too many is no reason to fail."""
    for key in keys:
        with suppress(Exception):
            storage().delete(key)


def _store(data: bytes) -> str:
    try:
        return store_private(data, FOLDER)
    except (BadPicture, Unavailable) as error:
        raise Invalid({"photos": str(error)}) from error
