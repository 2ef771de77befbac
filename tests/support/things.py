"""One of everything that a facility owns, for tests that ask whose it is."""

from dataclasses import dataclass

from sqlalchemy import select

from storefront.catalog.models import LicenceKind, Product, ProductPhoto
from storefront.catalog.services.licences import add_licence
from storefront.core.db import db
from storefront.core.transactions import transaction
from storefront.feedback.services import Purchase, publish_review, submit_review
from storefront.orders.models import Parcel, ParcelItem
from storefront.orders.services import Actor, accept_parcel, pack_parcel
from tests import factories
from tests.support.offers import offer


@dataclass(frozen=True)
class Things:
    """The ids of one facility's objects, named as the arguments of routes are."""

    product_id: int
    variant_id: int
    photo_id: int
    parcel_id: int
    licence_id: int
    review_id: int
    promotion_id: int


def things_of(product_id: int) -> Things:
    """Give a product of one order a second form and photo, a permit and a review; pack its parcel."""
    product = db.session.get_one(Product, product_id)
    variant = factories.variant(product, "marun")
    with transaction():
        product = db.session.get_one(Product, product_id)
        product.photos.append(ProductPhoto(picture=factories.picture(), position=2))
    product = db.session.get_one(Product, product_id)
    parcel_id = db.session.scalars(select(Parcel.id).filter_by(facility_id=product.facility_id)).one()
    accept_parcel(product.facility_id, parcel_id, Actor(None))
    pack_parcel(product.facility_id, parcel_id, Actor(None))
    product = db.session.get_one(Product, product_id)
    line_id = db.session.scalars(select(ParcelItem.order_line_id).filter_by(parcel_id=parcel_id)).one()
    licence_id = add_licence(product.id, None, LicenceKind.MD, "867012345678").id
    bought = Purchase(line_id, product.id, product.facility_id, None, product.title)
    review_id = submit_review(bought, rating=5, text="Rapi", author="Siti").id
    publish_review(review_id, None)
    product = db.session.get_one(Product, product.id)
    paid_by = {"funder": "facility", "facility_id": product.facility_id}
    promotion_id = offer(name=f"Diskon {product.title}", code=f"LAPAS-{product.facility_id}", **paid_by)
    product = db.session.get_one(Product, product_id)
    photo_id = product.photos[1].id
    return Things(product.id, variant.id, photo_id, parcel_id, licence_id, review_id, promotion_id)
