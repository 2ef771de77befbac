"""A facility's stock: what lies there, what came in, what was counted, and who said so."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.catalog.queries import staff
from storefront.catalog.services import told
from storefront.catalog.staff_views.products import search_words
from storefront.core.errors import Invalid
from storefront.core.language import _n, lazy
from storefront.facilities.staff_views import own_facility
from storefront.inventory.forms import CountForm, ReceiveForm
from storefront.inventory.models import MovementKind
from storefront.inventory.queries import LOW_STOCK, history
from storefront.inventory.services import count, receive
from storefront.web.fields import blame
from storefront.web.pagination import page_number

bp = Blueprint("inventory_staff", __name__, url_prefix="/petugas/stok")

MOVEMENT_WORDS = {
    MovementKind.RECEIVED: lazy("Masuk dari bengkel"),
    MovementKind.COUNTED: lazy("Dihitung"),
    MovementKind.RESERVED: lazy("Dipesan"),
    MovementKind.RELEASED: lazy("Batal dipesan"),
    MovementKind.SOLD: lazy("Terjual"),
    MovementKind.RETURNED: lazy("Kembali ke rak"),
    MovementKind.WRITTEN_OFF: lazy("Tidak layak jual"),
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
    if _written(row, form, partial(receive, once=form.once.data)):
        return _done(row, _n("%(n)s buah %(title)s masuk.", form.quantity.data, title=row.title))
    return _page(variant_id, form, CountForm(formdata=None))


@bp.post("/<int:variant_id>/hitung")
def write_count(variant_id: int) -> ResponseReturnValue:
    """Somebody counted the shelf."""
    row = staff.stock_row(own_facility().id, variant_id)
    form = CountForm()
    if _written(row, form, count):
        return _done(row, _n("Stok %(title)s sekarang %(n)s buah.", form.quantity.data, title=row.title))
    return _page(variant_id, ReceiveForm(formdata=None), form)


def _written(row: staff.StockRow, form: ReceiveForm | CountForm, write: Callable[..., object]) -> bool:
    """Write down what a form says; False when it has to be put right, and then it says why."""
    if not form.validate():
        return False
    try:
        write(
            own_facility().id,
            row.variant_id,
            form.quantity.data,
            actor_id=current_user.id,
            note=form.note.data,
        )
    except Invalid as error:
        blame(form, error)
        return False
    return True


def _done(row: staff.StockRow, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("inventory_staff.variant", variant_id=row.variant_id), 303)


def _page(variant_id: int, receiving: ReceiveForm, counting: CountForm) -> tuple[str, int]:
    facility = own_facility()
    html = render_template(
        "inventory_staff/variant.html",
        row=staff.stock_row(facility.id, variant_id),
        receiving=receiving,
        counting=counting,
        movements=history(facility.id, variant_id),
        movement_words=MOVEMENT_WORDS,
        told=told,
    )
    return html, 422 if receiving.errors or counting.errors else 200
