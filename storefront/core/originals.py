"""The photos as they came, kept privately for a while so that a picture can be turned and cropped.

They still hold what cameras write into them, so nobody is ever sent one, and a job erases them.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from storefront.core import clock
from storefront.core.db import db, for_update
from storefront.core.errors import DomainError
from storefront.core.language import lazy
from storefront.core.models import Picture, PictureOriginal
from storefront.core.outbox import enqueue, handler
from storefront.core.pictures import ALL, Frame
from storefront.core.storage import read, storage
from storefront.core.transactions import on_commit, transaction

FOLDER = "private/asli/"


class OriginalGone(DomainError):
    """Turning and cropping start from the original, and it was erased."""

    default = lazy("Foto aslinya sudah dihapus. Untuk memutar atau memotong, kirim fotonya lagi.")


@dataclass(frozen=True)
class Original:
    """A photo as it came, how the picture is cut out of it, and until when it is kept."""

    data: bytes
    keep_until: datetime
    frame: Frame = ALL


def fresh(data: bytes) -> Original:
    """A photo that has just come. Needs an app: ORIGINALS_KEEP_DAYS says for how long it stays."""
    return Original(data, clock.now() + timedelta(days=current_app.config["ORIGINALS_KEEP_DAYS"]))


def save_original(original: Original) -> str:
    """Store the file under a new private key; call it before the transaction that keeps its row."""
    key = FOLDER + secrets.token_hex(16)
    storage().save(key, original.data, "application/octet-stream")
    return key


def keep_original(picture: Picture, key: str, original: Original) -> None:
    """Remember what a picture was made from, and have it erased in time. Needs a transaction."""
    frame = original.frame
    db.session.add(
        PictureOriginal(
            picture_id=picture.id, key=key, turn=frame.turn, crop_x=frame.x, crop_y=frame.y,
            crop_w=frame.w, crop_h=frame.h, keep_until=original.keep_until,
        )
    )  # fmt: skip
    enqueue("picture.original", {"picture_id": picture.id}, run_at=original.keep_until)


def original_of(picture_id: int) -> Original:
    """What a picture was made from. Raises OriginalGone."""
    row = db.session.get(PictureOriginal, picture_id)
    if row is None or row.keep_until <= clock.now():
        raise OriginalGone
    frame = Frame(row.turn, row.crop_x, row.crop_y, row.crop_w, row.crop_h)
    return Original(read(row.key), row.keep_until, frame)


def has_original(picture_id: int) -> bool:
    """Can this picture still be turned and cropped?"""
    row = db.session.get(PictureOriginal, picture_id)
    return row is not None and row.keep_until > clock.now()


def drop_original(picture_id: int) -> list[str]:
    """The files that go with a picture, whose row is about to be deleted. Needs a transaction."""
    row = db.session.get(PictureOriginal, picture_id)
    if row is None:
        return []
    db.session.expunge(row)  # the row goes with its picture
    return [row.key]


@handler("picture.original")
def erase_original(payload: dict[str, Any]) -> None:
    """Erase an original whose time is over. Running twice does no harm."""
    with transaction():
        row = db.session.scalar(
            for_update(db.select(PictureOriginal).filter_by(picture_id=payload["picture_id"]))
        )
        if row is not None and row.keep_until <= clock.now():
            key = row.key
            db.session.delete(row)
            enqueue("picture.erase", {"names": [key]})  # makes sure of it if the next line is cut short
            on_commit(lambda: storage().delete(key))
