"""A facility's stock: what lies there, what came in, what was counted, and who said so."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.catalog.queries import staff
from storefront.catalog.queries.permits import is_food
from storefront.catalog.services import told
from storefront.catalog.staff_views.products import search_words
from storefront.core.errors import Invalid
from storefront.core.language import _, _n, lazy
from storefront.facilities.staff_views import own_facility
from storefront.inventory.forms import (
    REASON_WORDS,
    BlockForm,
    CountForm,
    LimitForm,
    OutForm,
    ReceiveForm,
    TransferForm,
)
from storefront.inventory.models import MovementKind, Reason
from storefront.inventory.queries import LOW_STOCK, PlaceRow, batches_of, history, own_batch, places
from storefront.inventory.services import count, receive
from storefront.inventory.services.batches import block
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
    MovementKind.MOVED: lazy("Dipindahkan"),
    MovementKind.DAMAGED: lazy("Keluar, tidak layak jual"),
    MovementKind.GIVEN: lazy("Diberikan"),
}


@bp.get("")
def index() -> ResponseReturnValue:
    """What lies in the storeroom, one line a variant."""
    words, low_only = search_words(), request.args.get("menipis") == "ya"
    page = staff.stock_rows(
        own_facility().id, words=words, low_only=low_only, page=page_number(request.args.get("hal"))
    )
    return render_template("inventory_staff/stock.html", page=page, words=words, low_only=low_only)


@bp.get("/<int:variant_id>")
def variant(variant_id: int) -> ResponseReturnValue:
    """One variant: write down what came in or was counted, and see what happened."""
    return page_of(variant_id)


@bp.post("/<int:variant_id>/terima")
def take_in(variant_id: int) -> ResponseReturnValue:
    """Pieces came from the workshop."""
    row = staff.stock_row(own_facility().id, variant_id)
    form, food = ReceiveForm(), is_food(row.product_id)
    good = form.check(is_food=food)
    batch = form.batch(is_food=food) if good else None
    if good and written(row, form, partial(receive, once=form.once.data, batch=batch)):
        return done(row, _n("%(n)s buah %(title)s masuk.", form.quantity.data, title=row.title))
    return page_of(variant_id, receiving=form)


@bp.post("/<int:variant_id>/hitung")
def write_count(variant_id: int) -> ResponseReturnValue:
    """Somebody counted the shelf."""
    row = staff.stock_row(own_facility().id, variant_id)
    form = CountForm()
    offer_places(places(own_facility().id), form.place_id)
    found: dict[str, Any] = {"reason": Reason(form.reason.data or Reason.UNKNOWN)} if form.validate() else {}
    if written(row, form, partial(count, place_id=form.place_id.data, once=form.once.data, **found)):
        return done(row, _n("Stok %(title)s sekarang %(n)s buah.", form.quantity.data, title=row.title))
    return page_of(variant_id, counting=form)


@bp.post("/batch/<int:batch_id>/blokir")
def block_batch(batch_id: int) -> ResponseReturnValue:
    """Nothing of an own batch is sold or packed from now on."""
    own = own_batch(own_facility().id, batch_id)
    variant_id, code, form = own.variant_id, own.code, BlockForm(prefix="blokir-")
    if form.validate():
        block(batch_id, form.reason.data, actor_id=current_user.id, facility_id=own_facility().id)
        words = _("Batch %(code)s diblokir. Beri tahu Kanwil bila ada yang sudah dikirim.", code=code)
        flash(words, "success")
        return redirect(url_for("inventory_staff.variant", variant_id=variant_id), 303)
    return page_of(variant_id, blocking=form)


def written(row: staff.StockRow, form: Any, write: Callable[..., object]) -> bool:
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


def done(row: staff.StockRow, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("inventory_staff.variant", variant_id=row.variant_id), 303)


def offer_places(here: list[PlaceRow], *fields: Any) -> None:
    """Let somebody choose among the facility's places; the first is its storeroom."""
    for field in fields:
        field.offer([(place.id, place.name) for place in here])


def page_of(variant_id: int, **sent: Any) -> tuple[str, int]:
    """The page of one variant with these forms in place of fresh ones; 422 when one of them complains."""
    facility = own_facility()
    row = staff.stock_row(facility.id, variant_id)
    here = places(facility.id, variant_id)
    forms: dict[str, Any] = {
        "receiving": ReceiveForm(formdata=None),
        "counting": CountForm(formdata=None),
        "moving": TransferForm(formdata=None, prefix="pindah-"),
        "leaving": OutForm(formdata=None, prefix="keluar-"),
        "blocking": BlockForm(formdata=None, prefix="blokir-"),
        "limit": LimitForm(formdata=None, prefix="batas-", low_at=row.low_at),
    } | sent
    offer_places(here, forms["counting"].place_id, forms["moving"].from_id, forms["moving"].to_id)
    offer_places(here, forms["leaving"].place_id)
    food = is_food(row.product_id)
    if food:
        forms["receiving"].want_batch()
    html = render_template(
        "inventory_staff/variant.html",
        row=row,
        places=here,
        movements=history(facility.id, variant_id),
        is_food=food,
        batches=batches_of(facility.id, variant_id),
        movement_words=MOVEMENT_WORDS,
        reason_words=REASON_WORDS,
        told=told,
        usual=LOW_STOCK,
        **forms,
    )
    return html, 422 if any(form.errors for form in forms.values()) else 200
