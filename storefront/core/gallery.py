"""Pictures of the shop: their files in the storage, their row in the database.

Files are written before the row is committed, so no page ever points to a picture that is not
there; if the transaction fails they are erased again. AVIF follows through the outbox.
"""

import logging
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db, for_update
from storefront.core.errors import Invalid, NotFound, Unavailable
from storefront.core.models import Picture
from storefront.core.originals import Original, drop_original, keep_original, save_original
from storefront.core.outbox import enqueue, handler
from storefront.core.pictures import (
    ALL,
    BadPicture,
    avif_renditions,
    jpeg_width,
    read_picture,
    rendition_widths,
    renditions,
)
from storefront.core.pictures import Picture as Clean
from storefront.core.storage import read, storage
from storefront.core.transactions import on_commit, touch, transaction
from storefront.core.turns import turn

log = logging.getLogger(__name__)

FOLDER = "foto"
HIDDEN = "private/usulan/"
"""Pictures that nobody may see yet but staff: their files have no public address until they are revealed."""
HIDDEN_ROOM = "/foto-usulan/"
"""Where signed-in staff see them (see `catalog.staff_views.changes`)."""
MAX_ALT = 300
T = TypeVar("T")
_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


def store_picture(
    data: bytes,
    alt: str = "",
    attach: Callable[[Picture], object] | None = None,
    *,
    hidden: bool = False,
    original: Original | None = None,
) -> Picture:
    """Clean a photo, save its files and add its row; `attach` ties it to its owner in the same transaction.

    Call it outside a transaction: decoding and saving take up to a second, and nobody should wait
    for a lock that long. `hidden`: the files are private until `reveal`. `original`: keep the photo as it
    came, privately, and make the picture as its frame says.
    Raises BadPicture (an Invalid), Unavailable when too many photos are read, and whatever `attach` raises.
    """
    key = _new_key(HIDDEN if hidden else f"{FOLDER}/")
    saved: list[str] = []
    try:
        clean = _save_files(key, data, original, saved)
        with transaction():
            picture = Picture(
                key=key,
                alt=alt.strip()[:MAX_ALT],
                width=clean.width,
                height=clean.height,
                tone=clean.tone,
                widths=rendition_widths(clean.width),
                created_at=clock.now(),
            )
            db.session.add(picture)
            db.session.flush()
            enqueue("picture.avif", {"picture_id": picture.id})
            if original is not None:
                keep_original(picture, saved[-1], original)
            if attach is not None:
                attach(picture)
    except BaseException:
        _erase(saved)
        raise
    return picture


def _save_files(key: str, data: bytes, original: Original | None, saved: list[str]) -> Clean:
    """Decode a photo and store what is made of it; `saved` grows with every file, the original's last."""
    with turn("pictures"):
        clean = read_picture(data, original.frame if original else ALL)
        for (width, kind), content in renditions(clean).items():
            saved.append(file_name(key, width, kind))
            storage().save(saved[-1], content, _TYPES[kind])
    if original is not None:
        saved.append(save_original(original))
    return clean


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
    except (BadPicture, Unavailable) as error:
        raise Invalid({"picture": str(error)}) from error
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

    `keep_files` is for pictures that orders of the past may show: then they stay if one does.
    """
    _hold(picture)
    gone = drop_original(picture.id)
    if not keep_files or is_hidden(picture) or not any(holds(picture.key) for holds in KEEPERS):
        gone += file_names(picture)
        for forget in FORGETTERS if not keep_files and not is_hidden(picture) else ():
            forget(picture.key)
    db.session.delete(picture)
    if gone:
        erase_later(gone)


def _hold(picture: Picture) -> None:
    """Let whoever copies the key just now finish first: the copy is seen then, and forgotten or kept."""
    db.session.execute(select(Picture.id).filter_by(id=picture.id).with_for_update())


def held_keys(keys: Collection[str]) -> set[str]:
    """Which of these pictures are there still, held until the transaction ends; for whoever copies a key.

    One that is taken down or dropped in this moment is waited for, and is none of them. Where one writes at
    a time (SQLite), the transaction that read the keys has held everything since.
    """
    if not keys or db.engine.dialect.name == "sqlite":
        return set(keys)
    there = select(Picture.key).where(Picture.key.in_(keys)).order_by(Picture.id)
    return set(db.session.scalars(there.with_for_update(read=True)))


KEEPERS: list[Callable[[str], bool]] = []
"""Who may still show the files of a picture that is no row any more, asked by its key: orders."""


FORGETTERS: list[Callable[[str], object]] = []
"""Who keeps a copy of a picture's row, told its key when its files go all the same: orders."""


def erase_later(names: list[str]) -> None:
    """Erase files after the commit; a job makes sure of it if that is cut short. Needs a transaction."""
    enqueue("picture.erase", {"names": names})
    on_commit(lambda: _erase(names))


@handler("picture.erase")
def erase_files(payload: dict[str, Any]) -> None:
    """Erase files that nothing shows any more. Running twice does no harm."""
    for name in payload["names"]:
        storage().delete(name)


def _new_key(folder: str) -> str:
    return folder + secrets.token_urlsafe(12).replace("_", "a").replace("-", "b")


def is_hidden(picture: Any) -> bool:
    """Are the files of this picture still private?"""
    return str(picture.key).startswith(HIDDEN)


@dataclass(frozen=True)
class PublicCopy:
    """The files of a picture, copied under a key that no row has yet: of a hidden one a public key."""

    key: str
    has_avif: bool


@contextmanager
def public_copies(pictures: Iterable[Picture]) -> Iterator[dict[int, PublicCopy]]:
    """Copy the files of hidden pictures to where the public may read them, by the picture's id.

    Files first, rows after: inside the block `reveal` gives them to their rows. Copies that no row took, or
    all if it raises, are gone again. Call it outside a transaction. Raises NotFound when a picture went
    meanwhile.
    """
    with _copies(pictures, f"{FOLDER}/") as copies:
        yield copies


@contextmanager
def hidden_copies(pictures: Iterable[Picture]) -> Iterator[dict[int, PublicCopy]]:
    """The way back: copies of public pictures where staff alone read them, for `hide`.

    What has to go goes, even when a file of it is lost already.
    """
    with _copies(pictures, HIDDEN, whole=False) as copies:
        yield copies


@contextmanager
def _copies(
    pictures: Iterable[Picture], folder: str, *, whole: bool = True
) -> Iterator[dict[int, PublicCopy]]:
    wanted = [(picture.id, picture.key, list(picture.widths), picture.has_avif) for picture in pictures]
    saved: list[str] = []
    copies: dict[int, PublicCopy] = {}
    try:
        for picture_id, before, widths, had_avif in wanted:
            has_avif = had_avif
            key = _new_key(folder)
            for name in _names(before, widths, ("webp", "avif") if had_avif else ("webp",)):
                try:
                    content = read(name)
                except NotFound:
                    if whole:
                        raise
                    has_avif = has_avif and not name.endswith("avif")
                    continue
                saved.append(key + name.removeprefix(before))
                storage().save(saved[-1], content, _TYPES[name.rpartition(".")[2]])
            copies[picture_id] = PublicCopy(key, has_avif)
        yield copies
    except BaseException:
        _erase(saved)
        raise
    _erase(_unclaimed(copies, saved))


def _unclaimed(copies: dict[int, PublicCopy], saved: list[str]) -> list[str]:
    """The files of copies that belong to no picture."""
    keys = {copy.key for copy in copies.values()}
    taken = set(db.session.scalars(select(Picture.key).where(Picture.key.in_(keys)))) if keys else set()
    return [name for name in saved if name.rpartition("-")[0] not in taken]


def reveal(picture: Picture, copy: PublicCopy) -> None:
    """Give a hidden picture its public files; the private ones go after the commit. Needs a transaction."""
    names = file_names(picture)
    picture.key, picture.has_avif = copy.key, copy.has_avif
    if not copy.has_avif:
        enqueue("picture.avif", {"picture_id": picture.id})
    erase_later(names)


def hide(picture: Picture, copy: PublicCopy) -> None:
    """Give a public picture private files; the public ones go after the commit, from old orders too.

    Needs a transaction.
    """
    _hold(picture)
    names, before = file_names(picture), picture.key
    picture.key, picture.has_avif = copy.key, copy.has_avif
    for forget in FORGETTERS:
        forget(before)
    erase_later(names)


def public_or_none(picture: Picture | None) -> Picture | None:
    """The picture as the public may be shown it: none while its files are private."""
    return None if picture is None or is_hidden(picture) else picture


def address(name: str) -> str:
    """Where a file of a picture is loaded from: public ones by anybody, hidden ones by staff only."""
    if name.startswith(HIDDEN):
        return HIDDEN_ROOM + name.removeprefix(HIDDEN)
    return storage().url(name)


def file_name(key: str, width: int, kind: str) -> str:
    """The storage key of one rendition: 'foto/x1-720.webp'."""
    return f"{key}-{width}.{kind}"


def file_names(picture: Picture) -> list[str]:
    """Every file that a picture has or may get."""
    return _names(picture.key, picture.widths, ("webp", "avif"))


def _names(key: str, widths: list[int], kinds: Iterable[str]) -> list[str]:
    names = [file_name(key, width, kind) for width in widths for kind in kinds]
    return [*names, file_name(key, jpeg_width(widths), "jpg")]


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
    return ", ".join(f"{address(file_name(key, width, kind))} {width}w" for width in widths)


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
        picture = db.session.scalar(for_update(select(Picture).filter_by(id=picture_id)))
        if picture is None or picture.key != key:  # removed, revealed or hidden meanwhile
            on_commit(lambda: _erase(names))
        else:
            picture.has_avif = True
            if not is_hidden(picture):
                touch("catalog")


def _erase(names: Iterable[str]) -> None:
    """Remove files as well as we can: a file too many is no reason to fail."""
    for name in names:
        with suppress(Exception):
            storage().delete(name)
