"""Photos of a product: stored clean, in the order in which they are shown."""

from collections.abc import Sequence

from sqlalchemy import select

from storefront.catalog.models import Product, ProductPhoto, ProductStatus
from storefront.catalog.services.editing import Withdrawn, editing
from storefront.core.db import db, found
from storefront.core.errors import Invalid, NotFound
from storefront.core.gallery import MAX_ALT, drop_picture, is_hidden, store_picture
from storefront.core.language import _, lazy
from storefront.core.models import Picture

MAX_PHOTOS = 8


def add_photo(product_id: int, data: bytes, alt: str, actor_id: int | None) -> ProductPhoto:
    """Clean, shrink and store a photo of the shop's own as the product's last one; AVIF follows.

    What a person sends comes by `staging_photos.add_photo`, which has it wait for a second person.

    Its files are there before its row is, and gone again if the row cannot be. Call it outside a
    transaction. Raises Invalid (BadPicture too), NotFound, Withdrawn.
    """
    product = found(Product, product_id)
    if product.status is ProductStatus.ARCHIVED:
        raise Withdrawn
    check_room(db.session.scalars(select(ProductPhoto.id).filter_by(product_id=product_id)).all())
    added: list[ProductPhoto] = []

    store_picture(data, alt, lambda picture: added.append(hang_photo(product_id, picture, actor_id)))
    return added[0]


def hang_photo(product_id: int, picture: Picture, actor_id: int | None) -> ProductPhoto:
    """Make a picture the last photo of a product. Raises Invalid when it has enough, NotFound, Withdrawn."""
    with editing(product_id, actor_id, lazy("foto baru")) as product:
        check_room(product.photos)
        last = max((photo.position for photo in product.photos), default=0)
        photo = ProductPhoto(picture=picture, position=last + 1, uploaded_by_id=actor_id)
        product.photos.append(photo)
    return photo


def order_photos(product_id: int, actor_id: int | None, photo_ids: Sequence[int]) -> None:
    """Show the photos in this order; the first is the product's face. Raises Invalid unless all are named."""
    with editing(product_id, actor_id, lazy("urutan foto")) as product:
        if sorted(photo_ids) != sorted(photo.id for photo in product.photos):
            raise Invalid({"photos": _("Urutan harus memuat setiap foto satu kali.")})
        for photo in product.photos:
            photo.position = photo_ids.index(photo.id) + 1


def describe_photo(product_id: int, photo_id: int, alt: str, actor_id: int | None) -> None:
    """Say what a photo shows, for people who cannot see it. Raises Invalid, NotFound, Withdrawn."""
    if len(alt.strip()) > MAX_ALT:
        raise Invalid({"alt": _("Paling panjang %(most)s huruf.", most=MAX_ALT)})
    with editing(product_id, actor_id, lazy("keterangan foto")) as product:
        _own(product, photo_id).picture.alt = alt.strip()


def remove_photo(product_id: int, photo_id: int, actor_id: int | None, *, erase: bool = False) -> None:
    """Take a photo off a product. Raises NotFound, Withdrawn, Incomplete (the last one of a product on sale).

    Its files are erased after the commit. Once the product was published, orders may show the photo:
    then the files stay, unless `erase` says that the photo shows what nobody may see.
    """
    with editing(product_id, actor_id, lazy("foto dihapus")) as product:
        photo = _own(product, photo_id)
        picture = photo.picture
        product.photos.remove(photo)
        if product.photo_id == picture.id:
            product.photo = None
        keep = product.published_at is not None and not erase and not is_hidden(picture)
        db.session.delete(photo)
        drop_picture(picture, keep_files=keep)


def replace_picture(product_id: int, photo_id: int, picture: Picture, actor_id: int | None) -> None:
    """Put a new picture where a photo was; the old one is gone with its files. Needs a transaction."""
    with editing(product_id, actor_id, lazy("foto diputar atau dipotong")) as product:
        photo = _own(product, photo_id)
        before = photo.picture
        if product.photo_id == before.id:
            product.photo = None
        picture.alt, photo.picture, photo.uploaded_by_id = before.alt, picture, actor_id
        db.session.flush()  # the photo must let go of the old row before it is deleted
        drop_picture(before, keep_files=product.published_at is not None)


def _own(product: Product, photo_id: int) -> ProductPhoto:
    for photo in product.photos:
        if photo.id == photo_id:
            return photo
    raise NotFound


def check_room(photos: Sequence[object]) -> None:
    """Raise Invalid when a product has as many photos as it may have."""
    if len(photos) >= MAX_PHOTOS:
        raise Invalid({"photos": _("Paling banyak %(most)s foto.", most=MAX_PHOTOS)})
