"""The variants of a product: in what they differ, what each costs and weighs."""

import re

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.catalog.forms import NewVariantForm, OptionsForm, VariantForm
from storefront.catalog.queries import staff
from storefront.catalog.services import archive_variant, restore_variant
from storefront.catalog.services.bundles import update_variants
from storefront.catalog.services.staging import as_written, save_new_variant
from storefront.catalog.services.staging import save_options as write_options
from storefront.catalog.staff_views.changes import saved
from storefront.catalog.staff_views.editing import back_to, page
from storefront.catalog.staff_views.products import bp
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import blame

_ROW = re.compile(r"v([0-9]{1,18})-")


@bp.post("/<int:product_id>/varian")
def save_variants(product_id: int) -> ResponseReturnValue:
    """Take the whole table of variants."""
    product = staff.own_product(own_facility().id, product_id)
    variants = {variant.id: variant for variant in product.variants}
    if {int(found[1]) for name in request.form if (found := _ROW.match(name))} - variants.keys():
        raise NotFound
    rows = {key: VariantForm(prefix=f"v{key}-", obj=variant) for key, variant in variants.items()}
    sent = {key: row for key, row in rows.items() if row.sku.raw_data}
    good = [row.validate() for row in sent.values()]  # all of them: every line says what is wrong with it
    if all(good):
        try:
            changes = {key: row.changes(variants[key]) for key, row in sent.items()}
            update_variants(product_id, current_user.id, {key: new for key, new in changes.items() if new})
            return back_to(product_id, _("Varian disimpan."), anchor="varian")
        except Invalid as error:
            _blame_rows(rows, error)
    return page(product_id, rows=rows)


def _blame_rows(rows: dict[int, VariantForm], error: Invalid) -> None:
    """Put what was refused beside the field of the line it belongs to."""
    for name, message in error.errors.items():
        key, _, field = name.partition("-")
        row = rows.get(int(key)) if key.isdigit() else next(iter(rows.values()))
        if row is not None:
            blame(row, Invalid({field: message}))


@bp.post("/<int:product_id>/pilihan")
def save_options(product_id: int) -> ResponseReturnValue:
    """Say in what the variants differ."""
    staff.own_product(own_facility().id, product_id)
    form = OptionsForm(prefix="option-")
    if form.validate():
        try:
            staged = write_options(product_id, current_user.id, form.names())
            return saved(product_id, _("Pilihan varian disimpan."), staged=staged, anchor="varian")
        except Invalid as error:
            blame(form, error)
    return page(product_id, options=form)


@bp.post("/<int:product_id>/varian/baru")
def add(product_id: int) -> ResponseReturnValue:
    """One more variant."""
    product = staff.own_product(own_facility().id, product_id)
    form = NewVariantForm(prefix="new-")
    if form.validate():
        values = [form.first.data, form.second.data][: len(as_written(product).option_names)]
        details = {"price": form.price.data, "weight": form.weight.data}
        try:
            staged = save_new_variant(product_id, current_user.id, values, **details)
            return saved(product_id, _("Varian ditambahkan."), staged=staged, anchor="varian")
        except Invalid as error:
            blame(form, error)
    return page(product_id, addition=form)


@bp.post("/<int:product_id>/varian/<int:variant_id>/hentikan")
def archive(product_id: int, variant_id: int) -> ResponseReturnValue:
    """Take a variant off sale."""
    staff.own_product(own_facility().id, product_id)
    archive_variant(product_id, variant_id, current_user.id)
    return back_to(product_id, _("Varian tidak dijual lagi."), anchor="varian")


@bp.post("/<int:product_id>/varian/<int:variant_id>/jual-lagi")
def restore(product_id: int, variant_id: int) -> ResponseReturnValue:
    """Put a variant on sale again."""
    staff.own_product(own_facility().id, product_id)
    restore_variant(product_id, variant_id, current_user.id)
    return back_to(product_id, _("Varian dijual lagi."), anchor="varian")
