"""Several steps at once, as the pages of the back office send them: all of them, or none."""

from collections.abc import Mapping, Sequence
from typing import Unpack

from sqlalchemy import select

from storefront.catalog.models import Category, Product, Supply
from storefront.catalog.services.categories import (
    move_category,
    name_category_in_english,
    place_category,
    rename_category,
)
from storefront.catalog.services.curation import submit_product
from storefront.catalog.services.drafting import take_draft
from storefront.catalog.services.pending import claim_photos
from storefront.catalog.services.products import Details, create_product
from storefront.catalog.services.traces import FIRST_STOCK, as_written
from storefront.catalog.services.variants import VariantDetails, update_variant
from storefront.core import auditlog
from storefront.core.db import db, found
from storefront.core.errors import Invalid
from storefront.core.language import SOURCE, _, speaking
from storefront.core.sequence import shifted
from storefront.core.transactions import transaction
from storefront.facilities.models import Workshop
from storefront.inventory.services import count, receive

LONGEST_SUMMARY = 200


def start_product(
    facility_id: int,
    actor_id: int | None,
    title: str,
    *,
    price: int | None,
    weight: int | None,
    quantity: int | None,
    picture_ids: Sequence[int],
    submit: bool,
    draft: tuple[str, int | None, int] | None = None,
    costs: VariantDetails | None = None,
    **details: Unpack[Details],
) -> Product:
    """Make a product with its photos and first stock; with `submit` hand it to the regional office.

    `price` in rupiah, `weight` in grams packed, `quantity` pieces on hand (ready goods only). `draft`: the
    key, id (if it has one) and revision of the kept form that this was, which is gone then. `costs`: what one
    piece takes.
    Raises Invalid, Incomplete (then nothing of it exists), NotFound, Newer (the draft was saved meanwhile).
    """
    with transaction():
        if draft is not None:
            take_draft(facility_id, *draft)
        product = create_product(
            facility_id, actor_id, title, price=price, weight=weight, form=costs, **details
        )
        db.session.flush()  # gives the variant its id
        claim_photos(product.id, actor_id, picture_ids)
        if product.supply is Supply.READY and quantity is not None:
            variant_id = product.variants[0].id
            if quantity:
                receive(facility_id, variant_id, quantity, actor_id=actor_id, note=as_written(FIRST_STOCK))
            else:  # none yet, but somebody looked
                count(facility_id, variant_id, 0, actor_id=actor_id, note=as_written(FIRST_STOCK))
        if submit:
            submit_product(product.id, actor_id)
    return product


def plain_summary(title: str, facility: str, workshop: Workshop | None) -> str:
    """One true sentence about a product of which nothing more is written yet, at most 200 characters."""
    place = f"{workshop.name}, {facility}" if workshop is not None else facility
    with speaking(SOURCE):
        return _("%(what)s, dibuat di %(place)s.", what=title.strip(), place=place)[:LONGEST_SUMMARY]


def update_variants(product_id: int, actor_id: int | None, changes: Mapping[int, VariantDetails]) -> None:
    """Change several variants of a product.

    Raises Invalid with the variant's id before each field ('7-price'), NotFound, Withdrawn.
    """
    with transaction():
        for variant_id, values in changes.items():
            try:
                update_variant(product_id, variant_id, actor_id, **values)
            except Invalid as error:
                named = {f"{variant_id}-{name}" if name else "": text for name, text in error.errors.items()}
                raise Invalid(named) from error


def change_category(
    category_id: int,
    name: str,
    parent_id: int | None,
    name_en: str | None = None,
    *,
    actor_id: int | None = None,
) -> None:
    """Rename a category and hang it where it belongs, if that changed; `name_en` None stays as it is.

    Raises Invalid, NotFound.
    """
    with transaction():
        category = found(Category, category_id)
        if category.name != name:
            rename_category(category_id, name)
        if name_en is not None and (category.name_en or "") != name_en:
            name_category_in_english(category_id, name_en)
        if category.parent_id != parent_id:
            move_category(category_id, parent_id)
        auditlog.write(
            "category.changed", "category", category_id, actor_id=actor_id, name=name, parent=parent_id
        )


def shift_category(category_id: int, *, up: bool, actor_id: int | None = None) -> None:
    """Swap a category with the sibling before (or after) it; at the end of the row nothing happens.

    Raises NotFound.
    """
    with transaction():
        parent_id = found(Category, category_id).parent_id
        row = db.session.scalars(
            select(Category.id).filter_by(parent_id=parent_id).order_by(Category.position, Category.id)
        ).all()
        for position, sibling_id in enumerate(shifted(row, category_id, up=up)):
            place_category(sibling_id, position)
        auditlog.write("category.shifted", "category", category_id, actor_id=actor_id, up=up)
