"""A facility's stock: what lies there, what came in, what was counted, and who said so."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.catalog.queries import staff
from storefront.catalog.staff_views.products import search_words
from storefront.core.errors import Invalid
from storefront.facilities.staff_views import own_facility
from storefront.inventory.forms import CountForm, ReceiveForm
from storefront.inventory.models import MovementKind
from storefront.inventory.queries import LOW_STOCK, history
from storefront.inventory.services import count, receive
from storefront.web.fields import blame
from storefront.web.pagination import page_number

bp = Blueprint("inventory_staff", __name__, url_prefix="/petugas/stok")

MOVEMENT_WORDS = {
    MovementKind.RECEIVED: "Masuk dari bengkel",
    MovementKind.COUNTED: "Dihitung",
    MovementKind.RESERVED: "Dipesan",
    MovementKind.RELEASED: "Batal dipesan",
    MovementKind.SOLD: "Terjual",
    MovementKind.RETURNED: "Kembali ke rak",
}


@bp.get("")
def index() -> ResponseReturnValue:
    """What lies in the storeroom, one line a variant."""
    words, low_only = search_words(), request.args.get("menipis") == "ya"
    page = staff.stock_rows(
        own_facility().id, words=words, low_only=low_only, page=page_number(request.args.get("hal"))
    )
    return render_template(
        "inventory_staff/stock.html", page=page, words=words, low_only=low_only, low=LOW_STOCK
    )


@bp.get("/<int:variant_id>")
def variant(variant_id: int) -> ResponseReturnValue:
    """One variant: write down what came in or was counted, and see what happened."""
    return _page(variant_id, ReceiveForm(), CountForm())


@bp.post("/<int:variant_id>/terima")
def take_in(variant_id: int) -> ResponseReturnValue:
    """Pieces came from the workshop."""
    row = staff.stock_row(own_facility().id, variant_id)
    form = ReceiveForm()
    if form.validate():
        try:
            receive(
                own_facility().id,
                variant_id,
                form.quantity.data,
                actor_id=current_user.id,
                note=form.note.data,
            )
            return _done(variant_id, f"{form.quantity.data} buah {row.title} masuk.")
        except Invalid as error:
            blame(form, error)
    return _page(variant_id, form, CountForm(formdata=None))


@bp.post("/<int:variant_id>/hitung")
def write_count(variant_id: int) -> ResponseReturnValue:
    """Somebody counted the shelf."""
    row = staff.stock_row(own_facility().id, variant_id)
    form = CountForm()
    if form.validate():
        try:
            count(
                own_facility().id,
                variant_id,
                form.quantity.data,
                actor_id=current_user.id,
                note=form.note.data,
            )
            return _done(variant_id, f"Stok {row.title} sekarang {form.quantity.data} buah.")
        except Invalid as error:
            blame(form, error)
    return _page(variant_id, ReceiveForm(formdata=None), form)


def _done(variant_id: int, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("inventory_staff.variant", variant_id=variant_id), 303)


def _page(variant_id: int, receiving: ReceiveForm, counting: CountForm) -> tuple[str, int]:
    facility = own_facility()
    html = render_template(
        "inventory_staff/variant.html",
        row=staff.stock_row(facility.id, variant_id),
        receiving=receiving,
        counting=counting,
        movements=history(facility.id, variant_id),
        movement_words=MOVEMENT_WORDS,
    )
    return html, 422 if receiving.errors or counting.errors else 200
