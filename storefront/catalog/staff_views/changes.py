"""The staged change of a product on sale, from its facility's side; and the photos that wait with one."""

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.accounts.models import Role
from storefront.catalog.queries import staff
from storefront.catalog.queries.changes import hidden_picture, own_changes, parts_of
from storefront.catalog.services.changes import (
    CHANGE_WORDS,
    MovedOn,
    NothingChanged,
    renew_change,
    submit_change,
    take_back_change,
    withdraw_change,
)
from storefront.catalog.services.staging import undo_part
from storefront.catalog.staff_views.products import bp
from storefront.core.errors import Invalid, NotFound
from storefront.core.gallery import HIDDEN, file_names
from storefront.core.language import _
from storefront.core.storage import storage
from storefront.facilities.staff_views import own_facility
from storefront.web.views import TYPES

waiting_photos = Blueprint("waiting_photos", __name__)


def saved(product_id: int, message: str, *, staged: bool, anchor: str = "") -> Response:
    """Back to the product, saying what was done and whether buyers see it already."""
    if staged:
        words = _("Perubahan disimpan. Pembeli melihatnya setelah Anda mengirimnya dan Kanwil menyetujuinya.")
        flash(words, "success")
        return redirect(url_for("catalog_staff.edit", product_id=product_id, _anchor=anchor or "usulan"), 303)
    flash(message, "success")
    return redirect(url_for("catalog_staff.edit", product_id=product_id, _anchor=anchor or None), 303)


def _back(product_id: int, message: str, kind: str = "success") -> Response:
    flash(message, kind)
    return redirect(url_for("catalog_staff.edit", product_id=product_id, _anchor="usulan"), 303)


@bp.get("/perubahan")
def changes() -> ResponseReturnValue:
    """Every change of an own product that is written, waits for the office, or came back."""
    rows = own_changes(own_facility().id)
    return render_template(
        "catalog_staff/own_changes.html",
        changes=rows,
        parts={change.id: parts_of(change) for change in rows},
        change_words=CHANGE_WORDS,
    )


@bp.post("/<int:product_id>/perubahan/kirim")
def submit_changes(product_id: int) -> ResponseReturnValue:
    """Hand the change to the regional office."""
    staff.own_product(own_facility().id, product_id)
    try:
        submit_change(product_id, current_user.id)
    except (MovedOn, NothingChanged, Invalid) as error:  # refused words stand beside their fields there
        return _back(product_id, str(error), "error")
    return _back(product_id, _("Perubahan dikirim. Kanwil akan memeriksanya; toko belum berubah."))


@bp.post("/<int:product_id>/perubahan/batal-kirim")
def unsubmit_changes(product_id: int) -> ResponseReturnValue:
    """Take the change back to write on."""
    staff.own_product(own_facility().id, product_id)
    take_back_change(product_id, current_user.id)
    return _back(product_id, _("Pengiriman dibatalkan. Perubahannya masih ada di sini."))


@bp.post("/<int:product_id>/perubahan/buang")
def discard_changes(product_id: int) -> ResponseReturnValue:
    """Throw the change away; the shop stays as it is."""
    staff.own_product(own_facility().id, product_id)
    withdraw_change(product_id, current_user.id)
    return _back(product_id, _("Perubahan dibuang. Produk tetap seperti yang dilihat pembeli."))


@bp.post("/<int:product_id>/perubahan/urungkan")
def undo_change(product_id: int) -> ResponseReturnValue:
    """Let one part be as it is in the shop."""
    staff.own_product(own_facility().id, product_id)
    undo_part(product_id, current_user.id, request.form.get("part", ""))
    return _back(product_id, _("Bagian ini kembali seperti di toko."))


@bp.post("/<int:product_id>/perubahan/perbarui")
def renew_changes(product_id: int) -> ResponseReturnValue:
    """Say that the change is meant for the product as it is now."""
    staff.own_product(own_facility().id, product_id)
    renew_change(product_id, current_user.id)
    return _back(product_id, _("Perubahan disesuaikan dengan produk yang sekarang. Periksa, lalu kirim."))


@waiting_photos.get("/foto-usulan/<name>")
def show(name: str) -> ResponseReturnValue:
    """A file of a photo that waits with a change: for its own facility and for the regional office."""
    facility_id = None if current_user.role is Role.REGIONAL else own_facility().id
    picture = hidden_picture(HIDDEN + name.rpartition("-")[0], facility_id)
    if HIDDEN + name not in file_names(picture):
        raise NotFound
    answer = send_file(storage().open(HIDDEN + name), mimetype=TYPES[name.rpartition(".")[2]])
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
