"""A facility says when it does not work, and what it takes no orders for."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.catalog.queries import staff
from storefront.catalog.queries.pauses import closing_days, paused_products
from storefront.catalog.services.pauses import pause_product, resume_product
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.core.pauses import pause_of
from storefront.facilities.forms import ClosingForm, PauseForm
from storefront.facilities.services.days import close_days, open_days, pause_facility, resume_facility
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import blame
from storefront.web.pagination import page_number

bp = Blueprint("pauses", __name__, url_prefix="/petugas/jeda")


@bp.get("")
def index() -> ResponseReturnValue:
    """What is paused, and when nobody works."""
    return _page()


@bp.post("")
def pause() -> ResponseReturnValue:
    """The whole facility takes no orders."""
    form = PauseForm(prefix="jeda-")
    if form.validate():
        try:
            pause_facility(own_facility().id, form.until.data, form.note.data, by_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            return _back(_("Lapas dijeda. Pesanan yang sudah masuk tetap dikerjakan."))
    return _page(pause=form)


@bp.post("/buka")
def resume() -> ResponseReturnValue:
    """The facility takes orders again."""
    resume_facility(own_facility().id, by_id=current_user.id)
    return _back(_("Lapas menerima pesanan lagi."))


@bp.post("/libur")
def close() -> ResponseReturnValue:
    """Nobody works on these days."""
    form = ClosingForm(prefix="libur-")
    if form.validate():
        try:
            first, last = form.first.data, form.last.data or form.first.data
            close_days(own_facility().id, first, last, form.reason.data, by_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            return _back(_("Hari libur dicatat."))
    return _page(closing=form)


@bp.post("/libur/<int:row_id>/hapus")
def reopen(row_id: int) -> ResponseReturnValue:
    """They work on those days after all."""
    open_days(own_facility().id, row_id, by_id=current_user.id)
    return _back(_("Hari libur dihapus."))


@bp.route("/produk/<int:product_id>", methods=["GET", "POST"])
def product(product_id: int) -> ResponseReturnValue:
    """One product takes no orders for a while."""
    found = staff.own_product(own_facility().id, product_id)
    form = PauseForm()
    if form.is_submitted() and form.validate():
        try:
            data = form.until.data, form.note.data
            pause_product(own_facility().id, product_id, *data, by_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            return _back(_("Produk dijeda. Pesanan yang sudah masuk tetap dikerjakan."))
    html = render_template("catalog_staff/pause.html", product=found, form=form, pause=pause_of(found))
    return html, 422 if form.errors else 200


@bp.post("/produk/<int:product_id>/buka")
def resume_one(product_id: int) -> ResponseReturnValue:
    """It can be ordered again."""
    resume_product(own_facility().id, product_id, by_id=current_user.id)
    return _back(_("Produk dapat dipesan lagi."))


def _back(message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("pauses.index"), 303)


def _page(**sent: Any) -> tuple[str, int]:
    facility = own_facility()
    forms = {
        "pause": PauseForm(formdata=None, prefix="jeda-"),
        "closing": ClosingForm(formdata=None, prefix="libur-"),
    } | sent
    html = render_template(
        "catalog_staff/pauses.html",
        standing=pause_of(facility),
        products=replace(
            paused_products(facility.id, page_number(request.args.get("hal"))), at=url_for("pauses.index")
        ),
        days=closing_days(facility.id),
        **forms,
    )
    return html, 422 if sent else 200
