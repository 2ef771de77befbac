"""A photo that was let in and should not have been: down at once, from everywhere the public looks.

Its files move back among the private ones, so that its facility sees what was meant and can cut it out; the
gate says who took it down, why and where. Nothing lets such a photo in again. Order of locks: product, gate.
"""

from sqlalchemy import select

from storefront.catalog.models import GateState, PhotoGate, Product, ProductPhoto, ProductStatus
from storefront.catalog.services.cards import order_cards
from storefront.catalog.services.curation import return_product
from storefront.catalog.services.editing import copy_down, record
from storefront.catalog.services.gate import Mark, checked_reason, refuse
from storefront.catalog.services.index import index_product
from storefront.catalog.services.photo_states import public_photos
from storefront.catalog.services.traces import as_written, trace
from storefront.catalog.services.verdicts import tell
from storefront.core import clock
from storefront.core.db import db, for_update, found, locked
from storefront.core.errors import DomainError, NotFound
from storefront.core.gallery import erase_later, hidden_copies, hide, is_hidden
from storefront.core.language import lazy
from storefront.core.models import Picture
from storefront.core.transactions import touch, transaction

LAST = lazy("Foto terakhirnya diturunkan. Ganti fotonya, lalu kirim lagi untuk dikurasi. Alasan: %(reason)s")
MOST_OF_REASON = 350
"""Letters of the reason in the note of a product that left the shelf; the gate keeps all of them."""


class NotPublic(DomainError):
    """Only what the public sees can be taken down."""

    default = lazy(
        "Foto ini tidak tayang: mungkin baru saja diturunkan. Muat ulang halaman untuk melihatnya."
    )


def take_down(picture_id: int, actor_id: int, reason: str, mark: Mark | None = None) -> bool:
    """Take a public photo out of every page, file, feed and card; False: its product left the shelf, too.

    A product on sale without another public photo goes back to its facility with the reason. The route sees
    to it that this is the regional office or the facility's head. Call it outside a transaction.
    Raises Invalid at `reason` or `mark`, NotPublic, NotFound for what is no photo of a product.
    """
    reason = checked_reason(reason, mark)
    product_id = db.session.scalar(select(ProductPhoto.product_id).filter_by(picture_id=picture_id))
    if product_id is None:
        raise NotFound
    picture = found(Picture, picture_id)
    if is_hidden(picture):
        raise NotPublic
    with hidden_copies([picture]) as copies, transaction():
        product = locked(Product, product_id)
        photo = next((one for one in product.photos if one.picture_id == picture_id), None)
        if photo is None:
            raise NotFound
        if is_hidden(photo.picture):
            raise NotPublic
        stays = _leave_shelf_if_last(product, photo, actor_id, reason)
        refuse(_gate_of(product, photo), GateState.WITHDRAWN, actor_id, reason, mark)
        hide(photo.picture, copies[picture_id])
        _renew(product, actor_id)
    return stays


def _leave_shelf_if_last(product: Product, photo: ProductPhoto, actor_id: int, reason: str) -> bool:
    """Send a product on sale back when this is the last photo that buyers see; did it stay?"""
    others = [one for one in public_photos(product) if one.id != photo.id]
    if product.status is not ProductStatus.PUBLISHED or others:
        return True
    shown = reason if len(reason) <= MOST_OF_REASON else reason[: MOST_OF_REASON - 1] + "…"
    return_product(product.id, actor_id, as_written(LAST) % {"reason": shown})
    return False


def _gate_of(product: Product, photo: ProductPhoto) -> PhotoGate:
    """The locked gate of a photo; one that the shop itself put up gets its first."""
    wanted = select(PhotoGate).filter_by(picture_id=photo.picture_id)
    gate = db.session.scalar(for_update(wanted))
    if gate is None:
        gate = PhotoGate(
            picture_id=photo.picture_id, facility_id=product.facility_id,
            uploaded_by_id=photo.uploaded_by_id, sent_at=photo.picture.created_at, is_from_before=True,
        )  # fmt: skip
        db.session.add(gate)
    return gate


def _renew(product: Product, actor_id: int) -> None:
    """Have shelf, search, feeds and the card beside shared links show the product without the photo."""
    copy_down(product)
    product.updated_at = clock.now()
    if product.card_key:  # the photo is drawn on it: it goes with the photo, and the job draws another
        erase_later([product.card_key])
        product.card_key = ""
    if product.status is ProductStatus.PUBLISHED:
        record(product, product.status, actor_id, trace([_DOWN]))
        index_product(product)
        tell(product.facility_id, actor_id)
    order_cards([product.id])
    touch("catalog")


_DOWN = lazy("foto diturunkan")
