"""Photos that came before their product: kept while a form is put right, gone after a day.

A photo from a phone takes long to send; nobody should have to send it twice because a price was
missing. Such a picture has no owner yet: claiming it makes it a photo of a product, and a job
removes what nobody claimed.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select

from storefront.catalog.models import ProductPhoto
from storefront.catalog.queries.drafts import is_held
from storefront.catalog.services.editing import editing
from storefront.catalog.services.gate import Uploader, open_gate
from storefront.catalog.services.photo_states import gates_of
from storefront.catalog.services.photos import check_room
from storefront.core import clock
from storefront.core.db import db, for_update
from storefront.core.errors import Invalid
from storefront.core.gallery import drop_picture, store_picture
from storefront.core.language import lazy
from storefront.core.models import Picture
from storefront.core.originals import fresh
from storefront.core.outbox import enqueue, handler
from storefront.core.transactions import transaction

KEPT_FOR = timedelta(hours=24)
GONE = lazy("Foto yang tadi dikirim sudah tidak ada. Pilih fotonya lagi.")


def keep_photo(data: bytes, by: Uploader | None = None) -> Picture:
    """Clean and store a photo that no product has yet. Call it outside a transaction.

    `by`: the person who sends it; then its files are hidden until a second person let it in.

    It is removed after a day unless `claim_photos` takes it. Raises BadPicture (an Invalid).
    """

    def watch(picture: Picture) -> None:
        if by is not None:
            open_gate(picture, by)
        payload = {"picture_id": picture.id}
        enqueue("catalog.unclaimed_photo", payload, run_at=clock.now() + KEPT_FOR)

    return store_picture(data, attach=watch, hidden=by is not None, original=fresh(data) if by else None)


def claim_photos(product_id: int, actor_id: int | None, picture_ids: Sequence[int]) -> None:
    """Make kept pictures the next photos of a product, in this order.

    Raises Invalid for pictures that are gone or belong to a product already, NotFound, Withdrawn.
    """
    if not picture_ids:
        return
    with editing(product_id, actor_id, lazy("foto baru")) as product:
        last = max((photo.position for photo in product.photos), default=0)
        gates = gates_of(picture_ids)
        for position, picture_id in enumerate(picture_ids, last + 1):
            check_room(product.photos)
            picture, gate = _unclaimed(picture_id), gates.get(picture_id)
            if gate is not None and gate.facility_id != product.facility_id:
                raise Invalid({"photos": str(GONE)})
            by_id = gate.uploaded_by_id if gate else None
            product.photos.append(ProductPhoto(picture=picture, position=position, uploaded_by_id=by_id))


def unclaimed_pictures(picture_ids: Sequence[int]) -> list[Picture]:
    """Those of the pictures that still wait for their product, in the order given."""
    rows = db.session.scalars(select(Picture).where(Picture.id.in_(picture_ids), ~_claimed()))
    known = {picture.id: picture for picture in rows}
    return [known[picture_id] for picture_id in dict.fromkeys(picture_ids) if picture_id in known]


@handler("catalog.unclaimed_photo")
def remove_unclaimed(payload: dict[str, Any]) -> None:
    """Remove a kept picture that no product took. Running twice does no harm."""
    with transaction():
        picture = db.session.scalar(
            for_update(select(Picture).where(Picture.id == payload["picture_id"], ~_claimed()))
        )
        if picture is not None and is_held(picture.id):  # a form waits with it: look again tomorrow
            enqueue("catalog.unclaimed_photo", payload, run_at=clock.now() + KEPT_FOR)
        elif picture is not None:
            drop_picture(picture)


def _claimed() -> Any:
    return exists().where(ProductPhoto.picture_id == Picture.id)


def _unclaimed(picture_id: int) -> Picture:
    picture = db.session.scalar(for_update(select(Picture).where(Picture.id == picture_id, ~_claimed())))
    if picture is None:
        raise Invalid({"photos": str(GONE)})
    return picture
