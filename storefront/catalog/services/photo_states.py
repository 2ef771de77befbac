"""What the gate says of photos: which wait, which were rejected, which may be shown."""

from collections.abc import Sequence

from sqlalchemy import select

from storefront.catalog.models import PhotoGate, Product, ProductPhoto, ProductStatus
from storefront.core.db import db
from storefront.core.gallery import is_hidden


def gates_of(picture_ids: Sequence[int]) -> dict[int, PhotoGate]:
    """The gates of pictures, by picture; those that the shop put up itself have none."""
    if not picture_ids:
        return {}
    rows = db.session.scalars(select(PhotoGate).where(PhotoGate.picture_id.in_(picture_ids)))
    return {gate.picture_id: gate for gate in rows}


def public_photos(product: Product) -> list[ProductPhoto]:
    """The photos of a product whose files the public may load: those that a second person let in."""
    return [photo for photo in product.photos if not is_hidden(photo.picture)]


def fit_photos(product: Product) -> list[ProductPhoto]:
    """The photos that count towards publication: on sale the public ones, before all but the rejected."""
    if product.status is ProductStatus.PUBLISHED:
        return public_photos(product)
    hidden = [photo.picture.id for photo in product.photos if is_hidden(photo.picture)]
    rejected = {key for key, gate in gates_of(hidden).items() if gate.state.is_out}
    return [photo for photo in product.photos if photo.picture.id not in rejected]
