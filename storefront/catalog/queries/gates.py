"""Photos that wait for a second person, of one facility or of all, and one of them to be looked at."""

from dataclasses import dataclass

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import joinedload

from storefront.catalog.models import ChangePhoto, GateState, PhotoGate, Product, ProductPhoto
from storefront.core.db import count_of, db
from storefront.core.errors import NotFound
from storefront.core.gallery import is_hidden
from storefront.core.models import Picture
from storefront.web.pagination import Page, paged

PAGE = 24

_OWNED = union_all(
    select(ProductPhoto.picture_id, ProductPhoto.product_id),
    select(ChangePhoto.picture_id, ChangePhoto.product_id),
).subquery()


@dataclass(frozen=True)
class WaitingPhoto:
    """A photo, what is known of it, and the product that it belongs to."""

    gate: PhotoGate
    product: Product


def waiting_photos(facility_id: int | None, page: int = 1) -> Page:
    """Photos of products that wait, the longest waiting first; of every facility with None."""
    found = _waiting(facility_id).options(
        joinedload(PhotoGate.picture), joinedload(PhotoGate.uploaded_by), joinedload(Product.facility)
    )
    return paged(found.order_by(PhotoGate.sent_at, PhotoGate.picture_id), page, PAGE).each(WaitingPhoto)


def waiting_count(facility_id: int | None) -> int:
    """How many photos wait, of one facility or (None) of every. One query."""
    return count_of(_waiting(facility_id))


def _waiting(facility_id: int | None) -> Select[PhotoGate, Product]:
    wanted = [PhotoGate.state == GateState.WAITING]
    if facility_id is not None:
        wanted.append(PhotoGate.facility_id == facility_id)
    owned = select(PhotoGate, Product).join(_OWNED, _OWNED.c.picture_id == PhotoGate.picture_id)
    return owned.join(Product, Product.id == _OWNED.c.product_id).where(*wanted)


@dataclass(frozen=True)
class ShownPhoto:
    """A photo of a product that the public may load."""

    picture: Picture
    product: Product


def shown_photo(picture_id: int, facility_id: int | None) -> ShownPhoto:
    """One public photo of a product, of one facility or (None) of any. Raises NotFound."""
    wanted = (
        select(Picture, Product)
        .join(ProductPhoto, ProductPhoto.picture_id == Picture.id)
        .join(Product, Product.id == ProductPhoto.product_id)
        .where(Picture.id == picture_id)
    )
    if facility_id is not None:
        wanted = wanted.where(Product.facility_id == facility_id)
    row = db.session.execute(wanted).first()
    if row is None or is_hidden(row.Picture):
        raise NotFound
    return ShownPhoto(*row)


def gated_photo(picture_id: int, facility_id: int | None) -> WaitingPhoto:
    """One photo of a product with its gate, of one facility or (None) of any. Raises NotFound."""
    wanted = (
        select(PhotoGate, Product)
        .join(_OWNED, _OWNED.c.picture_id == PhotoGate.picture_id)
        .join(Product, Product.id == _OWNED.c.product_id)
        .options(joinedload(PhotoGate.picture), joinedload(PhotoGate.uploaded_by))
        .where(PhotoGate.picture_id == picture_id)
    )
    if facility_id is not None:
        wanted = wanted.where(PhotoGate.facility_id == facility_id)
    row = db.session.execute(wanted).first()
    if row is None:
        raise NotFound
    return WaitingPhoto(*row)
