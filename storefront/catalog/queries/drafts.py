"""Forms for new products that wait to be finished."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from storefront.catalog.models import DraftPicture, Product, ProductDraft
from storefront.catalog.services.drafting import IS_OF_PRODUCT, OF_PRODUCTS
from storefront.core.db import db


def own_drafts(facility_id: int) -> Sequence[ProductDraft]:
    """The unfinished forms of a facility, the latest first."""
    return db.session.scalars(
        select(ProductDraft)
        .options(joinedload(ProductDraft.updated_by))
        .where(ProductDraft.facility_id == facility_id, ~IS_OF_PRODUCT)
        .order_by(ProductDraft.updated_at.desc(), ProductDraft.id.desc())
    ).all()


def unsent_products(facility_id: int) -> list[tuple[Product, ProductDraft]]:
    """Products of a facility about which something is typed and not sent, the latest first."""
    drafts = db.session.scalars(
        select(ProductDraft)
        .options(joinedload(ProductDraft.updated_by))
        .where(ProductDraft.facility_id == facility_id, IS_OF_PRODUCT)
        .order_by(ProductDraft.updated_at.desc(), ProductDraft.id.desc())
    )
    typed = {int(draft.key.removeprefix(OF_PRODUCTS)): draft for draft in drafts if draft.typed}
    wanted = select(Product).where(Product.id.in_(typed), Product.facility_id == facility_id)
    products = {product.id: product for product in db.session.scalars(wanted)} if typed else {}
    return [(products[key], draft) for key, draft in typed.items() if key in products]


def held_pictures(draft_id: int) -> list[int]:
    """The ids of the pictures that wait in a draft, in their order."""
    return list(
        db.session.scalars(
            select(DraftPicture.picture_id).filter_by(draft_id=draft_id).order_by(DraftPicture.position)
        )
    )


def is_held(picture_id: int) -> bool:
    """Does a draft wait with this picture?"""
    return bool(db.session.scalar(select(exists().where(DraftPicture.picture_id == picture_id))))
