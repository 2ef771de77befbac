"""The sellable forms of a product: sizes, colours, each with its SKU, price and weight."""

import re
from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from sqlalchemy import select

from storefront.catalog.models import Product, Variant
from storefront.catalog.services.editing import editing
from storefront.core.db import db
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.core.money import rupiah

MAX_OPTIONS = 2
MAX_VARIANTS = 60
MAX_VALUE = 40
MAX_PRICE = 1_000_000_000
MAX_WEIGHT = 5_000_000
MAX_SIDE = 10_000
MAX_WORK = 120_000
_SKU = re.compile("[A-Z0-9]+(-[A-Z0-9]+)*")
_RANGES = {
    "price": (1, MAX_PRICE, lazy("Isi harga Rp1 sampai Rp1.000.000.000.")),
    "weight": (1, MAX_WEIGHT, lazy("Isi berat dalam gram, 1 sampai 5.000.000.")),
    "length_cm": (1, MAX_SIDE, lazy("Isi panjang dalam cm.")),
    "width_cm": (1, MAX_SIDE, lazy("Isi lebar dalam cm.")),
    "height_cm": (1, MAX_SIDE, lazy("Isi tinggi dalam cm.")),
    "material_cost": (0, MAX_PRICE, lazy("Isi biaya bahan Rp0 sampai Rp1.000.000.000.")),
    "work_minutes": (1, MAX_WORK, lazy("Isi jam kerja, paling banyak 2.000 jam.")),
}


class VariantDetails(TypedDict, total=False):
    """What differs between variants: rupiah, grams packed, cm packed; an own SKU; the order.

    `material_cost` (rupiah) and `work_minutes` are what one piece takes; buyers never see them.
    """

    price: int | None
    weight: int | None
    length_cm: int | None
    width_cm: int | None
    height_cm: int | None
    material_cost: int | None
    work_minutes: int | None
    sku: str
    position: int


def set_options(product_id: int, actor_id: int | None, names: Sequence[str]) -> Product:
    """Say in what the variants differ: [] for a single form, else one or two names ('warna').

    Variants with another number of values are archived, never deleted: orders point to them.
    """
    cleaned = checked_options(names)
    with editing(product_id, actor_id, lazy("pilihan varian")) as product:
        rename_options(product, cleaned)
    return product


def checked_options(names: Sequence[str]) -> list[str]:
    """The names trimmed, the empty ones left out. Raises Invalid for too many, too long or equal ones."""
    cleaned = [name.strip() for name in names if name.strip()]
    if len(cleaned) > MAX_OPTIONS:
        raise Invalid({"option_names": _("Paling banyak dua pilihan, misalnya warna dan ukuran.")})
    if len({name.lower() for name in cleaned}) < len(cleaned) or any(len(n) > MAX_VALUE for n in cleaned):
        raise Invalid({"option_names": _("Nama pilihan harus berbeda dan paling panjang 40 huruf.")})
    return cleaned


def rename_options(product: Product, names: list[str]) -> None:
    """Give a product that is being edited these options; what does not fit them is archived."""
    product.option_names = names
    for variant in product.variants:
        if len(variant.option_values) != len(names):
            variant.is_active = False
    if not names:
        single = next((v for v in product.variants if not v.option_values), None)
        single = single or new_variant(product, [], {})
        single.is_active = True


def add_variant(
    product_id: int, actor_id: int | None, values: Sequence[str], **details: Unpack[VariantDetails]
) -> Variant:
    """Add a variant with one value per option ('marun', '39'); an archived one comes back instead.

    Without a SKU it gets `<FACILITY CODE>-<product id>-<n>`. Raises Invalid, NotFound, Withdrawn.
    """
    with editing(product_id, actor_id, lazy("varian baru")) as product:
        return put_variant(product, checked_values(values, product.option_names), details)


def checked_values(values: Sequence[str], options: Sequence[str]) -> list[str]:
    """A trimmed value for each option. Raises Invalid when one is missing or too long."""
    cleaned = [value.strip() for value in values]
    if len(cleaned) != len(options) or not all(cleaned):
        raise Invalid({"option_values": _("Isi setiap pilihan varian.")})
    if any(len(value) > MAX_VALUE for value in cleaned):
        raise Invalid({"option_values": _("Paling panjang %(most)s huruf.", most=MAX_VALUE)})
    return cleaned


def put_variant(product: Product, values: Sequence[str], details: VariantDetails) -> Variant:
    """Add a variant with these checked values, or bring an archived one back. Raises Invalid."""
    twin = next((v for v in product.variants if v.label.lower() == label_of(values).lower()), None)
    if twin is None:
        return new_variant(product, values, details)
    if twin.is_active:
        raise Invalid({"option_values": _("Varian ini sudah ada.")})
    twin.is_active = True
    _apply(product, twin, details)
    return twin


def checked_figures(details: VariantDetails) -> None:
    """Raise Invalid for a price, weight or side that cannot be."""
    if errors := _out_of_range(dict(details)):
        raise Invalid(errors)


def update_variant(
    product_id: int, variant_id: int, actor_id: int | None, **changes: Unpack[VariantDetails]
) -> Variant:
    """Change what is given of a variant. Raises Invalid, NotFound (not this product's), Withdrawn."""
    with editing(product_id, actor_id, _trace(changes), rewords=False) as product:
        variant = _own(product, variant_id)
        _apply(product, variant, changes)
    return variant


def archive_variant(product_id: int, variant_id: int, actor_id: int | None) -> None:
    """Take a variant off sale; its stock and its orders stay. The last one of a product on sale cannot go."""
    with editing(product_id, actor_id, lazy("varian ditarik")) as product:
        _own(product, variant_id).is_active = False


def restore_variant(product_id: int, variant_id: int, actor_id: int | None) -> None:
    """Put an archived variant on sale again. Raises Invalid when it no longer fits the options."""
    with editing(product_id, actor_id, lazy("varian dijual lagi")) as product:
        variant = _own(product, variant_id)
        if len(variant.option_values) != len(product.option_names):
            raise Invalid({"option_values": _("Varian ini tidak lagi cocok dengan pilihan produk.")})
        variant.is_active = True


def label_of(values: Sequence[str]) -> str:
    """'marun / 39'; empty for a product with a single form."""
    return " / ".join(values)


def new_variant(product: Product, values: Sequence[str], details: VariantDetails) -> Variant:
    """Add a variant to a product that is being edited. Raises Invalid."""
    if len(product.variants) >= MAX_VARIANTS:
        raise Invalid({"option_values": _("Paling banyak %(most)s varian.", most=MAX_VARIANTS)})
    number = len(product.variants) + 1
    variant = Variant(option_values=list(values), label=label_of(values), position=number, sku="")
    if not details.get("sku", "").strip():
        variant.sku = _free_sku(product, number)
    _apply(product, variant, details)
    variant.is_active = True
    product.variants.append(variant)
    return variant


def _own(product: Product, variant_id: int) -> Variant:
    for variant in product.variants:
        if variant.id == variant_id:
            return variant
    raise NotFound


def _free_sku(product: Product, number: int) -> str:
    """The next number of the product that nobody took as an own SKU."""
    while True:
        sku = f"{product.facility.code}-{product.id}-{number}"
        mine = any(variant.sku == sku for variant in product.variants)
        if not mine and db.session.scalar(select(Variant.id).filter_by(sku=sku)) is None:
            return sku
        number += 1


def _apply(product: Product, variant: Variant, details: VariantDetails) -> None:
    values: dict[str, Any] = dict(details)
    errors = _out_of_range(values)
    sku = values.pop("sku", "").strip().upper()
    if sku and sku != variant.sku:
        errors |= new_sku_errors(product, sku)
        values["sku"] = sku
    if errors:
        raise Invalid(errors)
    for name, value in values.items():
        setattr(variant, name, value)


def _out_of_range(values: dict[str, Any]) -> dict[str, str]:
    return {
        name: str(message)
        for name, (least, most, message) in _RANGES.items()
        if values.get(name) is not None and not least <= values[name] <= most
    }


def new_sku_errors(product: Product, sku: str) -> dict[str, str]:
    """What is wrong with a SKU for another form of a product; {} when nothing."""
    if errors := sku_errors(product.facility.code, sku):
        return errors
    if db.session.scalar(select(Variant.id).filter_by(sku=sku)) is not None:
        return {"sku": _("SKU ini sudah dipakai.")}
    return {}


def sku_errors(code: str, sku: str) -> dict[str, str]:
    """What is wrong with a SKU of the facility with this code, whoever else has it; {} when nothing."""
    prefix = f"{code}-"
    if sku.startswith(prefix) and len(sku) <= 40 and _SKU.fullmatch(sku):
        return {}
    words = _("SKU dimulai dengan %(prefix)s dan hanya berisi huruf, angka, dan tanda hubung.", prefix=prefix)
    return {"sku": words}


def _trace(changes: VariantDetails) -> str:
    """The words for an edit: a price is worth being named."""
    price = changes.get("price")
    return f"harga {rupiah(price)}" if price is not None else lazy("varian")
