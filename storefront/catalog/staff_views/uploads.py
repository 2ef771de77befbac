"""Photos that arrive with a form: read one by one, each refused or kept on its own.

A kept picture travels through a form that has to be put right as a signed note, good for a day and
for the person who sent it.
"""

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from flask import current_app, request
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from storefront.catalog.services.gate import Uploader, confirm
from storefront.catalog.services.pending import KEPT_FOR, keep_photo, unclaimed_pictures
from storefront.catalog.services.photos import MAX_PHOTOS
from storefront.core.errors import Unavailable
from storefront.core.language import _
from storefront.core.models import Picture
from storefront.core.pictures import BadPicture
from storefront.facilities.staff_views import own_facility

LONGEST_NAME = 60


def sign(picture: Picture) -> str:
    """A note that says: this person sent this picture."""
    return _notes().dumps([picture.id, current_user.id])


def signed_pictures(notes: Iterable[str]) -> list[Picture]:
    """The pictures behind the notes of this person that still wait; others are left out."""
    picture_ids = []
    for note in list(notes)[:MAX_PHOTOS]:
        try:
            picture_id, user_id = _notes().loads(note, max_age=int(KEPT_FOR.total_seconds()))
        except (BadSignature, ValueError, TypeError):
            continue
        if user_id == current_user.id:
            picture_ids.append(picture_id)
    if is_checked():
        confirm(picture_ids, current_user.id)
    return unclaimed_pictures(picture_ids)


def is_checked() -> bool:
    """Did the sender confirm that nothing on the photos may not be seen?"""
    return request.form.get("checked") == "yes"


def unchecked() -> list[str]:
    """The complaint about photos that came without that word."""
    return [] if is_checked() else [_("Periksa fotonya, lalu centang: tidak ada yang terlarang di sana.")]


def keep(data: bytes, facility_id: int) -> Picture:
    """Keep one photo of this person for a product that is not there yet. Raises BadPicture."""
    return keep_photo(data, Uploader(current_user.id, facility_id, is_checked()))


def wants_json() -> bool:
    """Does a script ask, photo by photo?"""
    return request.accept_mimetypes.best == "application/json"


def keep_files(files: Sequence[FileStorage], room: int) -> tuple[list[Picture], list[str]]:
    """Keep the good photos, at most `room`; say of each bad one which it is and what is wrong."""
    kept: list[Picture] = []
    sent = chosen(files) or room < MAX_PHOTOS  # with some that were kept before
    complaints = unchecked() if sent and request.form.get("action") != "look" else []
    for file in chosen(files):
        if len(kept) >= room:
            complaints.append(too_many(file))
            continue
        try:
            kept.append(keep(file.stream.read(), own_facility().id))
        except (BadPicture, Unavailable) as error:
            complaints.append(f"{shown_name(file)}: {error}")
    return kept, complaints


def chosen(files: Sequence[FileStorage | str | None]) -> list[FileStorage]:
    """The files that were really chosen: browsers send a nameless empty one for none."""
    return [file for file in files if isinstance(file, FileStorage) and file.filename]


def too_many(file: FileStorage) -> str:
    """The words for a photo for which there is no room."""
    name = shown_name(file)
    return _("%(file)s: paling banyak %(most)s foto untuk satu produk.", file=name, most=MAX_PHOTOS)


def shown_name(file: FileStorage) -> str:
    """The file's own name, short and on one line, to say which photo is meant."""
    name = PurePath((file.filename or "").replace("\\", "/")).name
    printable = "".join(character for character in name if character.isprintable())
    return printable if len(printable) <= LONGEST_NAME else printable[: LONGEST_NAME - 1] + "…"


def _notes() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept-photo")
