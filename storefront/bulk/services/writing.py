"""One judged line becomes a product, a variant, or a change of one: through the catalogue's own services.

A new product is a draft, whatever its line says; words of one that is on sale wait for the office.
"""

from typing import Any

from sqlalchemy import select

from storefront.bulk.models import Import, ImportRow, Verdict
from storefront.bulk.services.columns import FIELDS
from storefront.bulk.services.judging import Changes, judge
from storefront.bulk.services.lines import PRODUCT, VARIANT, Line
from storefront.bulk.services.surroundings import Surroundings
from storefront.catalog.models import Product, ShippingClass, Supply, Variant
from storefront.catalog.services import create_product, update_variant
from storefront.catalog.services.staging import save_details, save_new_variant, save_options
from storefront.catalog.services.traces import FIRST_STOCK, as_written
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.inventory.services import count, receive


def write_row(kept: Import, row: ImportRow, around: Surroundings) -> None:
    """Do what a line says, compared with the shop as it is now, and mark it as done.

    Needs a transaction. Raises DomainError for what the shop refuses: then nothing of the line may stay.
    """
    line = Line(
        sku=row.sku, family=row.family, is_parent=bool(row.values.get("parent")), values=dict(row.values)
    )
    owner = _owner(kept, row, around)
    found = judge(line, around, owner, (), has_head=owner is not None)
    if found.verdict is Verdict.WRONG:
        raise Invalid(dict(map(tuple, line.problems)))
    if found.verdict is Verdict.NEW:
        row.product_id = _write_new(kept, line, owner, around)
    else:
        product = around.variants[line.sku].product if line.sku in around.variants else owner
        row.product_id = product.id if product is not None else None
        _write_changes(kept, line, found.changes, around, owner)
    row.done_at = clock.now()
    row.photos_at = None if row.values.get("photos") and kept.zip_key else row.done_at


def refuse_row(row: ImportRow, error: DomainError) -> None:
    """Say in the line what the shop refused, under the column that it was about."""
    errors = error.errors if isinstance(error, Invalid) else {"": error.message}
    row.verdict = Verdict.WRONG
    row.problems = [
        [str(FIELDS.get(name.removesuffix("_id"), name)) or _("Baris"), words]
        for name, words in errors.items()
    ]


def _owner(kept: Import, row: ImportRow, around: Surroundings) -> Product | None:
    """The product that the line's family is by now: from this import, or from an earlier one."""
    if not row.family:
        return None
    family = select(ImportRow).filter_by(import_id=kept.id, family=row.family).subquery()
    made = select(family.c.product_id).where(family.c.product_id.is_not(None))
    skus = select(family.c.sku).where(family.c.sku != "")
    older = (
        select(Variant.product_id)
        .join(Variant.product)
        .where(Variant.sku.in_(skus), Product.facility_id == around.facility_id)
    )
    return db.session.scalar(
        select(Product)
        .where(Product.id.in_(made.union(older)), Product.facility_id == around.facility_id)
        .order_by(Product.id)
        .limit(1)
    )


def _write_new(kept: Import, line: Line, owner: Product | None, around: Surroundings) -> int:
    actor = kept.created_by_id
    values, details = line.values, {name: line.values[name] for name in VARIANT if name in line.values}
    options, names = values["options"], _named(values["option_names"])
    if owner is None:
        is_single = not options and not line.is_parent
        owner = _start(kept, line, around, details | {"sku": line.sku} if is_single else {})
        if is_single:
            _first_stock(kept, owner, owner.variants[0].id, values.get("stock"))
            return owner.id
    if line.is_parent:
        return owner.id
    if len(owner.option_names) != len(options):
        save_options(owner.id, actor, names)
    if not save_new_variant(owner.id, actor, options, sku=line.sku, **details):
        db.session.flush()
        variant_id = db.session.scalars(select(Variant.id).filter_by(sku=line.sku)).one()
        _first_stock(kept, owner, variant_id, values.get("stock"))
    return owner.id


def _start(kept: Import, line: Line, around: Surroundings, form: Any) -> Product:
    details: dict[str, Any] = {name: line.values[name] for name in PRODUCT if name in line.values}
    details.setdefault("workshop_id", around.first_workshop())
    details["supply"] = Supply(details.get("supply", Supply.READY))
    title = details.pop("title", "")
    product = create_product(
        kept.facility_id, kept.created_by_id, title, form=form, shipping_class=ShippingClass.PARCEL, **details
    )
    db.session.flush()
    return product


def _named(names: list[str]) -> list[str]:
    """Options without a name get one: two options need two."""
    return [name or (_("Varian") if place == 1 else _("Varian 2")) for place, name in enumerate(names, 1)]


def _first_stock(kept: Import, product: Product, variant_id: int, pieces: int | None) -> None:
    if pieces is None or product.supply is not Supply.READY:
        return
    write = receive if pieces else count
    write(kept.facility_id, variant_id, pieces, actor_id=kept.created_by_id, note=as_written(FIRST_STOCK))


def _write_changes(
    kept: Import, line: Line, changes: Changes, around: Surroundings, owner: Product | None
) -> None:
    actor, known = kept.created_by_id, around.variants.get(line.sku)
    product = known.product if known else owner
    if product is None:
        return
    details: dict[str, Any] = {name: line.values[name] for name in PRODUCT if name in changes}
    if "supply" in details:
        details["supply"] = Supply(details["supply"])
    if details:
        save_details(product.id, actor, **details)
    if known is None:
        return
    if own := {name: line.values[name] for name in VARIANT if name in changes}:
        update_variant(product.id, known.variant.id, actor, **own)
    if "stock" in changes:
        note = _("Impor %(file)s", file=kept.name)[:200]
        count(kept.facility_id, known.variant.id, line.values["stock"], actor_id=actor, note=note)
