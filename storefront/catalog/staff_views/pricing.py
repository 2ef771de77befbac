"""A price, helped along: what material and work come to, what such things cost, where it is a loss.

A script asks for these words as somebody types; without script they stand on the page that comes back.
"""

from collections.abc import Mapping
from typing import Any

from flask import current_app, request
from flask.typing import ResponseReturnValue
from wtforms import Field

from storefront.catalog.forms import PriceForm
from storefront.catalog.models import Product
from storefront.catalog.queries import staff
from storefront.catalog.queries.pricing import Spread, similar_prices
from storefront.catalog.services.pricing import is_below_material, suggested_price
from storefront.catalog.staff_views.products import bp
from storefront.core.language import _, _n
from storefront.core.money import rupiah
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import row_key
from storefront.web.formats import hours

Advice = dict[str, str]
"""Words by what they say: `suggested`, `similar`, `floor`. What cannot be said is ""."""


def advice(
    price: int | None, material_cost: int | None, work_minutes: int | None, spread: Spread | None
) -> Advice:
    """What can be said about a price (rupiah, minutes of work), beside what similar products cost."""
    worth = current_app.config["HOUR_WORTH"]
    suggested = suggested_price(material_cost, work_minutes, worth)
    return {
        "suggested": _told(suggested, material_cost or 0, work_minutes or 0, worth) if suggested else "",
        "similar": _compared(spread) if spread else "",
        "floor": _("Harga ini di bawah biaya bahannya: setiap barang yang terjual merugi.")
        if is_below_material(price, material_cost)
        else "",
    }


def advice_of(form: Any, category_id: int | None, *, without: int | None = None) -> Advice:
    """The advice for what is readable in a form with a price and its costs; it is not complained about."""
    fields = (form.price, form.material_cost, form.work_minutes)
    price, material, minutes = (None if field.errors else field.data for field in fields)
    return advice(price, material, minutes, similar_prices(category_id, without=without))


def variant_advice(product: Product, rows: Mapping[int, Any]) -> dict[int, Advice]:
    """The advice for each variant of a product: as its form has it, or as it is stored. One query for all."""
    spread = similar_prices(product.category_id, without=product.id)
    return {key: advice(*_figures(row), spread) for key, row in rows.items()}


def _figures(row: Any) -> tuple[int | None, int | None, int | None]:
    return _read(row, "price"), _read(row, "material_cost"), _read(row, "work_minutes")


def _read(row: Any, name: str) -> int | None:
    value = getattr(row, name)
    return value.data if isinstance(value, Field) else value


@bp.get("/hitung-harga")
def price() -> ResponseReturnValue:
    """The advice for what is typed, in JSON; what cannot be read counts as nothing."""
    facility = own_facility()
    product_id = row_key(request.args.get("product", ""))
    if product_id is not None:
        staff.own_product(facility.id, product_id)
    form = PriceForm(request.args)
    form.validate()
    return advice_of(form, row_key(request.args.get("category_id", "")), without=product_id)


def _told(suggested: int, material_cost: int, work_minutes: int, worth: int) -> str:
    material = _("bahan %(cost)s", cost=rupiah(material_cost)) if material_cost else ""
    work = (
        _("kerja %(hours)s × %(worth)s", hours=hours(work_minutes), worth=rupiah(worth))
        if work_minutes
        else ""
    )
    known = ", ".join(part for part in (material, work) if part)
    return _("Saran: %(price)s (%(known)s).", price=rupiah(suggested), known=known)


def _compared(spread: Spread) -> str:
    if spread.products == 1:
        return _("Satu produk sejenis di toko: %(price)s.", price=rupiah(spread.middle))
    return _n(
        "%(n)s produk sejenis di toko: %(lowest)s sampai %(highest)s, tengahnya %(middle)s.",
        spread.products,
        lowest=rupiah(spread.lowest),
        highest=rupiah(spread.highest),
        middle=rupiah(spread.middle),
    )
