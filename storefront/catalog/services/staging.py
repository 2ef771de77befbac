"""What a facility writes about a product: at once while nobody sees it, staged once it is on sale.

Every door of the staff comes through here: the product is locked first, then asked whether the public
sees it, so no edit slips in unseen while the office publishes. Each function tells whether it was staged.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Unpack

from sqlalchemy import select

from storefront.catalog.models import (
    ALIVE,
    ChangePhoto,
    ChangeStatus,
    Product,
    ProductChange,
    ProductStatus,
    ShippingClass,
)
from storefront.catalog.services.diffs import WORDS, Document, diff, document, laid_over
from storefront.catalog.services.editing import Incomplete
from storefront.catalog.services.products import checked_details, update_product
from storefront.catalog.services.variants import (
    VariantDetails,
    add_variant,
    checked_figures,
    checked_options,
    checked_values,
    label_of,
    new_sku_errors,
    set_options,
)
from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, locked
from storefront.core.errors import Invalid, NotFound
from storefront.core.gallery import drop_picture
from storefront.core.language import _, lazy
from storefront.core.transactions import transaction

NEEDED = {
    "title": lazy("judul"),
    "summary": lazy("ringkasan"),
    "category_id": lazy("kategori"),
    "photos": lazy("foto"),
}
"""Parts that a product on sale never lacks."""
WRITTEN = (*WORDS, "option_names")


def alive_change(product_id: int, *, lock: bool = False) -> ProductChange | None:
    """The change of a product that is written, waits or came back, if there is one."""
    wanted = select(ProductChange).where(
        ProductChange.product_id == product_id, ProductChange.status.in_(ALIVE)
    )
    return db.session.scalar(for_update(wanted) if lock else wanted)


def staged_document(product: Product) -> Document:
    """The product as its facility last wrote it: what the public sees, with the staged change over it."""
    change = alive_change(product.id)
    return laid_over(document(product), change.fields if change else {})


class Written:
    """A product whose plain parts are as its facility last wrote them: what a form is filled with."""

    def __init__(self, product: Product, parts: Document) -> None:
        self._product, self._parts = product, parts

    def __getattr__(self, name: str) -> Any:
        return self._parts[name] if name in self._parts else getattr(self._product, name)


def as_written(product: Product) -> Any:
    """The product as its facility last wrote it, staged change or not."""
    return all_as_written([product])[product.id]


def all_as_written(products: Collection[Product]) -> dict[int, Any]:
    """The same of many products, by their ids. One query for those on sale, none without any."""
    live = {product.id: product for product in products if is_live(product)}
    changes = select(ProductChange.product_id, ProductChange.fields).where(
        ProductChange.product_id.in_(live), ProductChange.status.in_(ALIVE)
    )
    fields = {row.product_id: row.fields for row in db.session.execute(changes)} if live else {}
    staged = {key: Written(product, _written_parts(fields.get(key, {}))) for key, product in live.items()}
    return {product.id: product for product in products} | staged


def _written_parts(fields: Document) -> Document:
    """What a staged change says of the plain parts, and which new forms wait in it."""
    parts = {"forms": []} | {name: fields[name] for name in (*WRITTEN, "forms") if name in fields}
    if "shipping_class" in parts:
        parts["shipping_class"] = ShippingClass(parts["shipping_class"])
    return parts


def save_details(product_id: int, actor_id: int | None, **given: Any) -> bool:
    """Take what is written about a product: `title` and `Details`. Supply and capacity count at once.

    Raises Invalid, NotFound, Withdrawn, Incomplete.
    """
    with transaction():
        product = locked(Product, product_id)
        if not is_live(product):
            update_product(product_id, actor_id, **given)
            return False
        daily = {name: value for name, value in given.items() if name not in WORDS}
        words = checked_details(
            product.facility_id, {name: value for name, value in given.items() if name in WORDS}
        )
        if daily:
            update_product(product_id, actor_id, **daily)
        if words:
            with staging(product, actor_id) as draft:
                draft.update({name: getattr(value, "value", value) for name, value in words.items()})
        return bool(words)


def save_options(product_id: int, actor_id: int | None, names: Sequence[str]) -> bool:
    """Say in what the variants differ. Raises Invalid, NotFound, Withdrawn."""
    with transaction():
        product = locked(Product, product_id)
        if not is_live(product):
            set_options(product_id, actor_id, names)
            return False
        cleaned = checked_options(names)
        with staging(product, actor_id) as draft:
            draft["option_names"] = cleaned
            draft["forms"] = [form for form in draft["forms"] if len(form["values"]) == len(cleaned)]
        return True


def save_new_variant(
    product_id: int, actor_id: int | None, values: Sequence[str], **details: Unpack[VariantDetails]
) -> bool:
    """One more form of a product. Raises Invalid, NotFound, Withdrawn."""
    with transaction():
        product = locked(Product, product_id)
        if not is_live(product):
            add_variant(product_id, actor_id, values, **details)
            return False
        checked_figures(details)
        if (sku := details.get("sku", "")) and (errors := new_sku_errors(product, sku)):
            raise Invalid(errors)
        with staging(product, actor_id) as draft:
            cleaned = checked_values(values, draft["option_names"])
            _refuse_twin(product, draft, cleaned)
            draft["forms"].append({"values": cleaned, **details})
        return True


def _refuse_twin(product: Product, draft: Document, values: Sequence[str]) -> None:
    label = label_of(values).lower()
    there = {variant.label.lower() for variant in product.variants if variant.is_active}
    if label in there | {label_of(form["values"]).lower() for form in draft["forms"]}:
        raise Invalid({"option_values": _("Varian ini sudah ada.")})


def undo_part(product_id: int, actor_id: int | None, name: str) -> None:
    """Let one part of a product be as the public has it. Raises NotFound without such a change."""
    with transaction():
        product = locked(Product, product_id)
        change = alive_change(product_id, lock=True)
        if change is None or name not in change.fields:
            raise NotFound
        with staging(product, actor_id) as draft:
            draft[name] = document(product)[name]


def is_live(product: Product) -> bool:
    """Does the public see this product, so that what is written about it waits for the office?"""
    return product.status is ProductStatus.PUBLISHED


@contextmanager
def staging(product: Product, actor_id: int | None) -> Iterator[Document]:
    """Change a document of a locked product; what differs from the product afterwards is its change.

    Needs a transaction. Raises Incomplete when a product on sale would lose what it needs.
    """
    change = alive_change(product.id, lock=True)
    live = document(product)
    before = laid_over(live, change.fields if change else {})
    draft = laid_over(before, {})
    yield draft
    lost = [name for name in NEEDED if before[name] and not draft[name]]
    if lost:
        raise Incomplete([str(NEEDED[name]) for name in lost])
    if draft != before:
        _keep(change or _new_change(product, actor_id), live, diff(live, draft))
        auditlog.write(
            "change.saved", "product", product.id, actor_id=actor_id, facility_id=product.facility_id,
            fields=sorted(diff(before, draft)),
        )  # fmt: skip
        drop_unused(product.id, draft["photos"])


def _new_change(product: Product, actor_id: int | None) -> ProductChange:
    moment = clock.now()
    change = ProductChange(
        product_id=product.id, status=ChangeStatus.OPEN, revision=0, fields={}, base={}, marked=[],
        created_by_id=actor_id, created_at=moment, updated_at=moment,
    )  # fmt: skip
    db.session.add(change)
    return change


def _keep(change: ProductChange, live: Document, fields: Document) -> None:
    """Write the diff into the change; nothing left of one that the office did not ask for: withdrawn."""
    change.base = {name: change.base.get(name, live[name]) for name in fields}
    change.fields = fields
    change.revision += 1
    change.updated_at = clock.now()
    if change.status is ChangeStatus.RETURNED:
        change.status = ChangeStatus.OPEN
    close_if_empty(change)


def close_if_empty(change: ProductChange) -> None:
    """A change of which nothing is left is over; one that the office asked for is still to be written."""
    if not change.fields:
        change.status = ChangeStatus.OPEN if change.comment else ChangeStatus.WITHDRAWN


def drop_unused(product_id: int, photos: Sequence[dict[str, Any]]) -> None:
    """Remove hidden pictures of a product that are in none of these photos; files go after the commit."""
    kept = {photo["picture"] for photo in photos}
    for waiting in db.session.scalars(select(ChangePhoto).filter_by(product_id=product_id)).all():
        if waiting.picture_id not in kept:
            picture = waiting.picture
            db.session.delete(waiting)
            db.session.flush()
            drop_picture(picture)
