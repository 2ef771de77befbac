"""Many drafts at once: as many products as a table brings, in a handful of statements."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from storefront.catalog.models import Product, Variant
from storefront.catalog.services import permits
from storefront.catalog.services.editing import record
from storefront.catalog.services.products import Details, checked_details, write_details
from storefront.catalog.services.variants import (
    MAX_VARIANTS,
    VariantDetails,
    checked_figures,
    checked_options,
    checked_values,
    label_of,
    sku_errors,
)
from storefront.core import clock
from storefront.core.db import db, found
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.core.slugs import slug_of
from storefront.core.tokens import short_code
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility

LONGEST = 100
"""Letters of an address, before its number."""


class Form(NamedTuple):
    """One form of a product: a value for each option, and its details with a SKU of its own."""

    values: Sequence[str]
    details: VariantDetails


class Draft(NamedTuple):
    """A product to start: what is written of it, in what its forms differ, and the forms."""

    title: str
    details: Details
    option_names: Sequence[str]
    forms: Sequence[Form]


def create_drafts(facility_id: int, actor_id: int | None, drafts: Sequence[Draft]) -> list[Product]:
    """Start these products, all or none; the products in the order of the drafts.

    Raises Invalid for the first that cannot be, NotFound, and IntegrityError when somebody took a SKU or an
    address at this very moment: then it is tried again.
    """
    with transaction():
        facility = found(Facility, facility_id)
        _refuse_taken([form.details.get("sku", "") for draft in drafts for form in draft.forms])
        days: dict[tuple[int | None, int | None], date] = {}
        with db.session.no_autoflush:  # nothing is written before all of it is known to be right
            addresses = _addresses([draft.title for draft in drafts])
            products = [
                _started(facility, draft, address or short_code(12).lower(), days)
                for draft, address in zip(drafts, addresses, strict=True)
            ]
            db.session.add_all(products)
            db.session.flush()
            _number([product for product, address in zip(products, addresses, strict=True) if not address])
            for product in products:
                record(product, None, actor_id)
    return products


def _started(
    facility: Facility, draft: Draft, address: str, days: dict[tuple[int | None, int | None], date]
) -> Product:
    moment = clock.now()
    product = Product(
        facility=facility, slug=address, created_at=moment, updated_at=moment, variants=[], photos=[],
        licences=[], option_names=checked_options(draft.option_names),
    )  # fmt: skip
    write_details(product, checked_details(facility.id, {"title": draft.title, **draft.details}))
    for form in draft.forms:
        _add_form(product, form)
    prices = [variant.price for variant in product.variants if variant.price is not None]
    product.price_from, product.price_to = min(prices, default=None), max(prices, default=None)
    kind = (product.category_id, product.shelf_days)  # no permits yet: all of a kind end on the same day
    if kind not in days:
        days[kind] = permits.sold_until(product)
    product.sold_until = days[kind]
    return product


def _add_form(product: Product, form: Form) -> None:
    values, details = checked_values(form.values, product.option_names), dict[str, Any](form.details)
    checked_figures(form.details)
    label, sku = label_of(values), details.pop("sku", "").strip().upper()
    if errors := sku_errors(product.facility.code, sku):
        raise Invalid(errors)
    if any(variant.label.lower() == label.lower() for variant in product.variants):
        raise Invalid({"option_values": _("Varian ini sudah ada.")})
    number = len(product.variants) + 1
    if number > MAX_VARIANTS:
        raise Invalid({"option_values": _("Paling banyak %(most)s varian.", most=MAX_VARIANTS)})
    product.variants.append(
        Variant(
            option_values=list(values), label=label, sku=sku, position=number, is_active=True, **details
        )
    )  # fmt: skip


def _refuse_taken(skus: Sequence[str]) -> None:
    if db.session.scalar(select(Variant.id).where(Variant.sku.in_(skus)).limit(1)) is not None:
        raise Invalid({"sku": _("SKU ini sudah dipakai.")})


def _addresses(titles: Sequence[str]) -> list[str]:
    """The readable address of each title, or "" where somebody has it: before us, or further up."""
    wanted = [slug_of(title, LONGEST, "produk") for title in titles]
    taken = set(db.session.scalars(select(Product.slug).where(Product.slug.in_(wanted))))
    free = []
    for slug in wanted:
        free.append("" if slug in taken else slug)
        taken.add(slug)
    return free


def _number(products: Sequence[Product]) -> None:
    """Give the products without an address theirs with the number of the product behind it."""
    wanted = {product.id: f"{slug_of(product.title, LONGEST, 'produk')}-{product.id}" for product in products}
    taken = set(db.session.scalars(select(Product.slug).where(Product.slug.in_(wanted.values()))))
    for product in products:
        slug = wanted[product.id]
        product.slug = slug if slug not in taken else f"{slug}-{short_code(6).lower()}"
