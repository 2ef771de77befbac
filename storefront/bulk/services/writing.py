"""One judged line becomes a product, a variant, or a change of one: through the catalogue's own services.

A new product is a draft, whatever its line says; words of one that is on sale wait for the office.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

from sqlalchemy import select

from storefront.bulk.models import Import, ImportRow, Verdict
from storefront.bulk.services.columns import FIELDS
from storefront.bulk.services.judging import Changes, Judgement, judge
from storefront.bulk.services.lines import PRODUCT, VARIANT, Line
from storefront.bulk.services.surroundings import Surroundings
from storefront.catalog.models import Product, ShippingClass, Supply, Variant
from storefront.catalog.services import Details, VariantDetails, create_product, update_variant
from storefront.catalog.services.staging import save_details, save_new_variant, save_options
from storefront.catalog.services.starting import Draft, Form, create_drafts
from storefront.catalog.services.traces import FIRST_STOCK, as_written
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.inventory.services.arrivals import count_all, first_stock

Told = tuple[ImportRow, Line]
"""A line as it is kept, and as it was read."""
_COLUMNS = {
    "category_id": "category", "workshop_id": "workshop", "quantity": "stock", "option_values": "option1",
    "option_names": "option1_name",
}  # fmt: skip
"""The field of a table that speaks of what a service calls otherwise."""


def write_rows(kept: Import, rows: Sequence[ImportRow], around: Surroundings) -> None:
    """Do what lines say, compared with the shop as it is now, and mark them as done.

    New products are started together, the rest is done line by line. Needs a transaction. Raises
    DomainError for what the shop refuses: then nothing of these lines may stay.
    """
    owners = _owners(kept, rows, around)
    counted: dict[int, int] = {}
    fresh: dict[str, list[Told]] = {}
    for row in rows:
        line = Line(
            sku=row.sku, family=row.family, is_parent=bool(row.values.get("parent")), values=dict(row.values)
        )
        if line.sku in around.variants or line.family in owners:
            counted |= _write(kept, row, line, around, owners.get(line.family))
        else:
            fresh.setdefault(line.family or f"#{row.id}", []).append((row, line))
    alone = [family for family in fresh.values() if all(line.is_parent for _row, line in family)]
    for family in alone:  # its variants follow in the next piece
        _write(kept, *family[0], around, None)
    _start_all(kept, [family for family in fresh.values() if family not in alone], around)
    note = _("Impor %(file)s", file=kept.name)[:200]
    count_all(kept.facility_id, counted, actor_id=kept.confirmed_by_id, note=note)


def _write(
    kept: Import, row: ImportRow, line: Line, around: Surroundings, owner: Product | None
) -> dict[int, int]:
    """Do one line; what it says of a known variant's stock is for the caller to count."""
    counted: dict[int, int] = {}
    found = _confirmed(row, line, around, owner, has_head=owner is not None)
    if found.verdict is Verdict.NEW:
        product_id: int | None = _write_new(kept, line, owner, around)
    else:
        product = around.variants[line.sku].product if line.sku in around.variants else owner
        product_id = product.id if product is not None else None
        counted = _write_changes(kept, line, _shown(row, found.changes), around, owner)
    around.written.pop(product_id or 0, None)  # it may say something else by now
    _mark(kept, row, product_id)
    return counted


def _confirmed(
    row: ImportRow, line: Line, around: Surroundings, owner: Product | None, *, has_head: bool
) -> Judgement:
    """Judge a line once more. Raises Invalid when it is wrong by now, or another thing than was shown."""
    found = judge(line, around, owner, (), has_head=has_head)
    if found.verdict is Verdict.WRONG:
        raise Invalid({problem[0]: problem[1] for problem in line.problems})
    if row.verdict is Verdict.NEW and found.verdict is Verdict.CHANGED:
        raise Invalid({"sku": _("Barang dengan SKU ini baru dibuat. Impor sekali lagi untuk memeriksanya.")})
    return found


def _shown(row: ImportRow, changes: Changes) -> Changes:
    """Of what is different by now only what the preview showed: nobody confirmed the rest."""
    return {name: change for name, change in changes.items() if name in row.changes}


def _mark(kept: Import, row: ImportRow, product_id: int | None) -> None:
    row.product_id, row.done_at = product_id, clock.now()
    row.photos_at = None if row.values.get("photos") and kept.zip_key else row.done_at


def _start_all(kept: Import, families: Sequence[list[Told]], around: Surroundings) -> None:
    """Start a product for each family of lines, with all the forms that are here, and put its pieces down."""
    for family in families:
        for place, (row, line) in enumerate(family):
            _confirmed(row, line, around, None, has_head=place > 0)
    drafts = [_draft([line for _row, line in family], around) for family in families]
    products = create_drafts(kept.facility_id, kept.confirmed_by_id, drafts)
    pieces: dict[int, int] = {}
    for family, product in zip(families, products, strict=True):
        ids = {variant.sku: variant.id for variant in product.variants}
        for row, line in family:
            _mark(kept, row, product.id)
            number = line.values.get("stock")
            if number is not None and line.sku in ids and product.supply is Supply.READY:
                pieces[ids[line.sku]] = number
    first_stock(kept.facility_id, pieces, actor_id=kept.confirmed_by_id, note=as_written(FIRST_STOCK))


def _draft(lines: Sequence[Line], around: Surroundings) -> Draft:
    title, details = _told(lines[0], around)
    forms = [line for line in lines if not line.is_parent]
    return Draft(
        title,
        details,
        _named(forms[0].values["option_names"]),
        [
            Form(line.values["options"], {**_of(line, VARIANT), "sku": line.sku})  # type: ignore[typeddict-item]
            for line in forms
        ],
    )


def _of(line: Line, names: Collection[str]) -> dict[str, Any]:
    return {name: line.values[name] for name in names if name in line.values}


def refuse_row(row: ImportRow, error: DomainError) -> None:
    """Say in the line what the shop refused, under the column that it was about."""
    errors = error.errors if isinstance(error, Invalid) else {"": error.message}
    row.verdict = Verdict.WRONG
    row.problems = [
        [str(FIELDS.get(_COLUMNS.get(name, name), name)) or _("Baris"), words]
        for name, words in errors.items()
    ]


def _owners(kept: Import, rows: Sequence[ImportRow], around: Surroundings) -> dict[str, Product]:
    """The products that the lines' families are by now: from this import, or from an earlier one."""
    families = {row.family for row in rows if row.family}
    if not families:
        return {}
    mine = (ImportRow.import_id == kept.id) & ImportRow.family.in_(families)
    made = select(ImportRow.family, ImportRow.product_id).where(mine, ImportRow.product_id.is_not(None))
    older = (
        select(ImportRow.family, Variant.product_id)
        .join(Variant, Variant.sku == ImportRow.sku)
        .where(mine, ImportRow.sku != "")
    )
    found: dict[str, int] = {}
    pairs: Iterable[Any] = db.session.execute(made.union(older))
    for family, key in pairs:
        found[family] = min(key, found.get(family, key))
    own = select(Product).where(Product.id.in_(found.values()), Product.facility_id == around.facility_id)
    products = {product.id: product for product in db.session.scalars(own)}
    return {family: products[key] for family, key in found.items() if key in products}


def _write_new(kept: Import, line: Line, owner: Product | None, around: Surroundings) -> int:
    """A head of a family without its variants yet, or a further variant of a product."""
    actor = kept.confirmed_by_id
    if owner is None:
        title, details = _told(line, around)
        product = create_product(kept.facility_id, actor, title, **details)
        db.session.flush()
        return product.id
    if line.is_parent:
        return owner.id
    options = line.values["options"]
    if len(owner.option_names) != len(options):
        save_options(owner.id, actor, _named(line.values["option_names"]))
    if not save_new_variant(owner.id, actor, options, sku=line.sku, **_of(line, VARIANT)):
        db.session.flush()
        variant_id = db.session.scalars(select(Variant.id).filter_by(sku=line.sku)).one()
        pieces = line.values.get("stock")
        if pieces is not None and owner.supply is Supply.READY:
            note = as_written(FIRST_STOCK)
            first_stock(kept.facility_id, {variant_id: pieces}, actor_id=actor, note=note)
    return owner.id


def _told(line: Line, around: Surroundings) -> tuple[str, Details]:
    """What a line says of a new product: its title, and what is written of it."""
    told = _of(line, PRODUCT)
    told.setdefault("workshop_id", around.first_workshop())
    told["supply"] = Supply(told.get("supply", Supply.READY))
    told["shipping_class"] = ShippingClass.PARCEL
    return told.pop("title", ""), cast("Details", told)


def _named(names: list[str]) -> list[str]:
    """Options without a name get one: two options need two."""
    return [name or (_("Varian") if place == 1 else _("Varian 2")) for place, name in enumerate(names, 1)]


def _write_changes(
    kept: Import, line: Line, changes: Changes, around: Surroundings, owner: Product | None
) -> dict[int, int]:
    actor, known = kept.confirmed_by_id, around.variants.get(line.sku)
    product = known.product if known else owner
    if product is None:
        return {}
    details = _of(line, [name for name in PRODUCT if name in changes])
    if "supply" in details:
        details["supply"] = Supply(details["supply"])
    if details:
        save_details(product.id, actor, **details)
    if known is None:
        return {}
    if own := _of(line, [name for name in VARIANT if name in changes]):
        with db.session.no_autoflush:  # the figures of all lines go out in one statement
            update_variant(product.id, known.variant.id, actor, **cast("VariantDetails", own))
    return {known.variant.id: changes["stock"][1]} if "stock" in changes else {}
