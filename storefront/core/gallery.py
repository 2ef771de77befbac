"""Pictures of the shop: their files in the storage, their row in the database.

Files are written before the row is committed, so no page ever points to a picture that is not
there; if the transaction fails they are erased again. AVIF follows through the outbox.
"""

import logging
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, TypeVar

from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import Invalid, NotFound
from storefront.core.models import Picture
from storefront.core.outbox import enqueue, handler
from storefront.core.pictures import (
    BadPicture,
    avif_renditions,
    jpeg_width,
    read_picture,
    rendition_widths,
    renditions,
)
from storefront.core.storage import read, storage
from storefront.core.transactions import on_commit, touch, transaction

log = logging.getLogger(__name__)

FOLDER = "foto"
MAX_ALT = 300
T = TypeVar("T")
_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


def store_picture(data: bytes, alt: str = "", attach: Callable[[Picture], object] | None = None) -> Picture:
    """Clean a photo, save its files and add its row; `attach` ties it to its owner in the same transaction.

    Call it outside a transaction: decoding and saving take up to a second, and nobody should wait
    for a lock that long. Raises BadPicture (an Invalid), and whatever `attach` raises.
    """
    clean = read_picture(data)
    key = f"{FOLDER}/{secrets.token_urlsafe(12).replace('_', 'a').replace('-', 'b')}"
    widths = rendition_widths(clean.width)
    saved: list[str] = []
    try:
        for (width, kind), content in renditions(clean).items():
            saved.append(file_name(key, width, kind))
            storage().save(saved[-1], content, _TYPES[kind])
        with transaction():
            picture = Picture(
                key=key,
                alt=alt.strip()[:MAX_ALT],
                width=clean.width,
                height=clean.height,
                tone=clean.tone,
                widths=widths,
                created_at=clock.now(),
            )
            db.session.add(picture)
            db.session.flush()
            enqueue("picture.avif", {"picture_id": picture.id})
            if attach is not None:
                attach(picture)
    except BaseException:
        _erase(saved)
        raise
    return picture


def with_photo(change: Callable[[Picture | None], T], photo: bytes | None, alt: str = "") -> T:
    """Run a change of a picture's owner in a transaction, with the stored picture if a photo came along.

    Returns what the change returns. Raises Invalid at the field `picture`, and whatever `change` raises.
    """
    if photo is None:
        with transaction():
            return change(None)
    results: list[T] = []
    try:
        store_picture(photo, alt, lambda picture: results.append(change(picture)))
    except BadPicture as error:
        raise Invalid({"picture": error.message}) from error
    return results[0]


def hang_picture(owner: Any, picture: Picture | None, alt: str) -> None:
    """Give an owner its new picture and drop the old one; without a new one the old is described anew.

    Needs a transaction.
    """
    before = owner.picture
    if picture is not None:
        owner.picture = picture
        db.session.flush()  # the owner must let go of the old row before it is deleted
        if before is not None:
            drop_picture(before)
    elif before is not None:
        before.alt = alt.strip()[:MAX_ALT]


def drop_picture(picture: Picture, *, keep_files: bool = False) -> None:
    """Delete a picture's row; its files go once that is committed. Needs a transaction.

    `keep_files` is for pictures that orders of the past show.
    """
    names = file_names(picture)
    db.session.delete(picture)
    if not keep_files:
        on_commit(lambda: _erase(names))


def file_name(key: str, width: int, kind: str) -> str:
    """The storage key of one rendition: 'foto/x1-720.webp'."""
    return f"{key}-{width}.{kind}"


def file_names(picture: Picture) -> list[str]:
    """Every file that a picture has or may get."""
    names = [file_name(picture.key, width, kind) for width in picture.widths for kind in ("webp", "avif")]
    return [*names, file_name(picture.key, jpeg_width(picture.widths), "jpg")]


def link_preview(picture: Any) -> str:
    """The storage key of the JPEG that chat apps and old programs show."""
    return jpeg_of(picture.key, picture.widths)


def jpeg_of(key: str, widths: Iterable[int]) -> str:
    """The same, for a picture that was copied onto an order and is no row any more."""
    return file_name(key, jpeg_width(list(widths)), "jpg")


def largest_of(key: str, widths: Iterable[int]) -> str:
    """The storage key of a picture as large as we have it, for whoever opens it."""
    return file_name(key, max(widths), "webp")


def srcset(key: str, widths: Iterable[int], kind: str) -> str:
    """The addresses of all renditions of one kind, each with its width, as HTML's `srcset` lists them.

    Here and not in the template: a list has two dozen photos, and this is most of its work.
    """
    url = storage().url
    return ", ".join(f"{url(file_name(key, width, kind))} {width}w" for width in widths)


@handler("picture.avif")
def make_avif(payload: dict[str, Any]) -> None:
    """Add the smaller AVIF files to a picture, from its largest WebP. Running twice does no harm."""
    picture = db.session.get(Picture, payload["picture_id"])
    if picture is None or picture.has_avif:
        return
    picture_id, key, widths = picture.id, picture.key, list(picture.widths)
    db.session.rollback()  # encoding takes seconds: no read transaction stays open meanwhile
    try:
        clean = read_picture(read(file_name(key, max(widths), "webp")))
    except NotFound:  # removed while the job waited
        return
    names = []
    for (width, kind), content in avif_renditions(clean, widths).items():
        names.append(file_name(key, width, kind))
        storage().save(names[-1], content, _TYPES[kind])
    with transaction():
        picture = db.session.get(Picture, picture_id)
        if picture is None:
            on_commit(lambda: _erase(names))
        else:
            picture.has_avif = True
            touch("catalog")


def _erase(names: Iterable[str]) -> None:
    """Remove files as well as we can: a file too many is no reason to fail."""
    for name in names:
        with suppress(Exception):
            storage().delete(name)
