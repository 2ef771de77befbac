"""Photos as their facility arranges them: at once on a product that nobody sees, staged on one on sale.

A photo that waits with a change has private files: the public cannot load it before the office said yes.
Photos are named by their picture here: a staged one is no photo of the product yet.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from storefront.catalog.models import (
    ChangePhoto,
    ChangeStatus,
    PhotoGate,
    Product,
    ProductPhoto,
    ProductStatus,
)
from storefront.catalog.services import photos
from storefront.catalog.services.curation import Changed
from storefront.catalog.services.diffs import Document, diff
from storefront.catalog.services.editing import Withdrawn
from storefront.catalog.services.gate import Uploader, open_gate, uploader
from storefront.catalog.services.staging import (
    alive_change,
    close_if_empty,
    is_live,
    staged_document,
    staging,
)
from storefront.core import clock
from storefront.core.db import db, found, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.gallery import MAX_ALT, is_hidden, store_picture
from storefront.core.language import _, lazy
from storefront.core.models import Picture
from storefront.core.originals import Original, fresh, original_of
from storefront.core.pictures import Frame
from storefront.core.sequence import placed, shifted
from storefront.core.transactions import transaction


class Rearranged(DomainError):
    """Somebody changed the photos since the page was drawn on which one was dragged."""

    default = lazy(
        "Foto produk ini baru diubah dari layar lain. Urutan Anda belum disimpan;"
        " yang tampil sekarang yang terbaru."
    )


def add_photo(product_id: int, data: bytes, alt: str, actor_id: int | None, *, checked: bool = False) -> bool:
    """Clean and store a photo as the product's last one. Call it outside a transaction.

    `checked`: its uploader confirmed that nothing on it may not be seen.

    Raises Invalid (BadPicture too), NotFound, Withdrawn, and Changed when the product went on sale, or
    off it, while the photo was being read.
    """
    product = found(Product, product_id)
    if product.status is ProductStatus.ARCHIVED:
        raise Withdrawn
    live = is_live(product)
    photos.check_room(staged_document(product)["photos"] if live else product.photos)
    by = uploader(actor_id, product.facility_id, checked=checked)

    def attach(picture: Picture) -> None:
        product = locked(Product, product_id)
        if is_live(product) != live:
            raise Changed
        if by is not None:
            open_gate(picture, by)
        if not live:
            photos.hang_photo(product_id, picture, actor_id)
            return
        db.session.add(ChangePhoto(picture=picture, product_id=product_id, uploaded_by_id=actor_id))
        db.session.flush()
        with staging(product, actor_id) as draft:
            photos.check_room(draft["photos"])
            draft["photos"].append({"picture": picture.id, "alt": picture.alt})

    store_picture(data, alt, attach, hidden=live or by is not None, original=fresh(data) if by else None)
    return live


def reframe_photo(product_id: int, picture_id: int, actor_id: int, change: Callable[[Frame], Frame]) -> bool:
    """Turn and crop a photo, from its original: a new picture takes its place and waits for a second person.

    `change` makes the new frame of the one that is shown; a ValueError of it is an Invalid.

    Raises OriginalGone, Invalid (BadPicture), NotFound, Withdrawn, Changed, Unavailable.
    """
    product = found(Product, product_id)
    if product.status is ProductStatus.ARCHIVED:
        raise Withdrawn
    live, facility_id = is_live(product), product.facility_id
    before = original_of(picture_id)
    try:
        frame = change(before.frame)
    except ValueError as error:
        raise Invalid({"mark": _("Kotaknya harus di dalam foto dan tidak terlalu kecil.")}) from error
    gate = db.session.get(PhotoGate, picture_id)
    by = Uploader(actor_id, facility_id, checked=gate is not None and gate.checked_at is not None)

    def attach(picture: Picture) -> None:
        product = locked(Product, product_id)
        if is_live(product) != live:
            raise Changed
        open_gate(picture, by)
        if live:
            _replace_staged(product, picture_id, picture, actor_id)
        else:
            photos.replace_picture(product_id, _own(product, picture_id).id, picture, actor_id)

    store_picture(
        before.data, attach=attach, hidden=True, original=Original(before.data, before.keep_until, frame)
    )
    return live


def _replace_staged(product: Product, picture_id: int, picture: Picture, actor_id: int) -> None:
    db.session.add(ChangePhoto(picture=picture, product_id=product.id, uploaded_by_id=actor_id))
    db.session.flush()
    with staging(product, actor_id) as draft:
        photo = _staged(draft, picture_id)
        photo["picture"], picture.alt = picture.id, photo["alt"]


def move_photo(product_id: int, picture_id: int, actor_id: int | None, *, up: bool) -> bool:
    """Show a photo one place earlier or later. Raises NotFound, Withdrawn."""
    with transaction():
        product = locked(Product, product_id)
        before = _arranged(product)
        if picture_id not in before:
            raise NotFound
        return _arrange(product, actor_id, before, shifted(before, picture_id, up=up))


def place_photo(
    product_id: int, picture_id: int, actor_id: int | None, place: int, *, seen: Sequence[int]
) -> bool:
    """Show a photo at a place, 1 is the first; `seen`: the pictures in the order that was looked at.

    Raises Rearranged when they stand otherwise by now, NotFound, Withdrawn.
    """
    with transaction():
        product = locked(Product, product_id)
        before = _arranged(product)
        if list(seen) != before:
            raise Rearranged
        if picture_id not in before:
            raise NotFound
        return _arrange(product, actor_id, before, placed(before, picture_id, place))


def _arranged(product: Product) -> list[int]:
    return [picture.id for picture, _alt, _photo in album(product)]


def _arrange(product: Product, actor_id: int | None, before: list[int], after: list[int]) -> bool:
    """Show the photos of a locked product in this order of their pictures."""
    if product.status is ProductStatus.ARCHIVED:
        raise Withdrawn
    if not is_live(product):
        own = {photo.picture_id: photo.id for photo in product.photos}
        if after != before:
            photos.order_photos(product.id, actor_id, [own[key] for key in after])
        return False
    with staging(product, actor_id) as draft:
        place = {key: number for number, key in enumerate(after)}
        draft["photos"].sort(key=lambda one: place.get(one["picture"], len(place)))
    return True


def describe_photo(product_id: int, picture_id: int, alt: str, actor_id: int | None) -> bool:
    """Say what a photo shows. Raises Invalid, NotFound, Withdrawn."""
    with transaction():
        product = locked(Product, product_id)
        if not is_live(product):
            photos.describe_photo(product_id, _own(product, picture_id).id, alt, actor_id)
            return False
        if len(alt.strip()) > MAX_ALT:
            raise Invalid({"alt": _("Paling panjang %(most)s huruf.", most=MAX_ALT)})
        with staging(product, actor_id) as draft:
            _staged(draft, picture_id)["alt"] = alt.strip()
        return True


def drop_photo(product_id: int, picture_id: int, actor_id: int | None, *, erase: bool = False) -> bool:
    """Take a photo off a product. Raises NotFound, Withdrawn, Incomplete (the last one of a product on sale).

    `erase` says that it shows what nobody may see: then it goes at once, from everywhere, on sale or not. So
    does one that the shop does not show: rejected, taken down or waiting.
    """
    with transaction():
        product = locked(Product, product_id)
        photo = next((one for one in product.photos if one.picture_id == picture_id), None)
        at_once = photo is not None and (erase or is_hidden(photo.picture))
        if not is_live(product) or at_once:
            photos.remove_photo(product_id, _own(product, picture_id).id, actor_id, erase=erase)
            _forget(product_id, picture_id)
            return False
        with staging(product, actor_id) as draft:
            draft["photos"].remove(_staged(draft, picture_id))
        return True


def _forget(product_id: int, picture_id: int) -> None:
    """A photo is gone at once: the change of the product goes on without it."""
    change = alive_change(product_id, lock=True)
    if change is None or "photos" not in change.fields:
        return
    base, fields = (
        part | {"photos": [one for one in part["photos"] if one["picture"] != picture_id]}
        for part in (change.base, change.fields)
    )
    still = diff(base, fields)
    change.base = {name: base[name] for name in still}
    change.fields = still
    change.revision += 1
    change.updated_at = clock.now()
    if change.status is not ChangeStatus.RETURNED:
        close_if_empty(change)


def album(product: Product) -> list[tuple[Picture, str, ProductPhoto | None]]:
    """The photos as their facility arranged them: picture, its words, and the public photo if it is one."""
    public = {photo.picture_id: photo for photo in product.photos}
    wanted = staged_document(product)["photos"] if is_live(product) else None
    if wanted is None:
        return [(photo.picture, photo.picture.alt, photo) for photo in product.photos]
    known = pictures_of(wanted)
    return [
        (known[one["picture"]], one["alt"], public.get(one["picture"]))
        for one in wanted
        if one["picture"] in known
    ]


def pictures_of(wanted: list[dict[str, Any]]) -> dict[int, Picture]:
    """The pictures of a list of photos in a change, by their ids; those that are gone are left out."""
    ids = [one["picture"] for one in wanted]
    return {picture.id: picture for picture in db.session.scalars(select(Picture).where(Picture.id.in_(ids)))}


def _own(product: Product, picture_id: int) -> ProductPhoto:
    for photo in product.photos:
        if photo.picture_id == picture_id:
            return photo
    raise NotFound


def _staged(draft: Document, picture_id: int) -> dict[str, Any]:
    wanted: list[dict[str, Any]] = draft["photos"]
    for photo in wanted:
        if photo["picture"] == picture_id:
            return photo
    raise NotFound
