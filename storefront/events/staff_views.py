"""The promoter's work on fairs: write them down, choose what they show, publish, print."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.events import queries, services
from storefront.events.forms import FairForm
from storefront.events.models import Fair
from storefront.events.views import qr_file, short_link
from storefront.web.fields import arranged_ids, blame, sent_ids

bp = Blueprint("events_office", __name__, url_prefix="/pemprov/acara")


@bp.get("")
def index() -> ResponseReturnValue:
    """Every fair, the latest first."""
    return render_template("events/staff/index.html", fairs=queries.all_fairs())


@bp.route("/baru", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Write down a fair; then choose what it shows."""
    form = _form()
    if form.validate_on_submit():
        try:
            fair_id = services.create_fair(form.details(), **form.others(), by=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Acara tersimpan. Sekarang pilih produk yang ditampilkan."), "success")
            return redirect(url_for(".products", fair_id=fair_id), 303)
    return _form_page(form, None)


@bp.route("/<int:fair_id>", methods=["GET", "POST"])
def edit(fair_id: int) -> ResponseReturnValue:
    """Change what is written about a fair; publish it or take it back."""
    fair = queries.fair_to_edit(fair_id)
    form = _form(fair)
    if form.validate_on_submit():
        try:
            services.update_fair(fair_id, form.details(), **form.others(), by=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Perubahan tersimpan."), "success")
            return redirect(url_for(".edit", fair_id=fair_id), 303)
    return _form_page(form, fair)


@bp.get("/<int:fair_id>/produk")
def products(fair_id: int) -> ResponseReturnValue:
    """What the fair shows, and what it could show."""
    return _products_page(fair_id)


@bp.post("/<int:fair_id>/produk/susun")
def arrange(fair_id: int) -> ResponseReturnValue:
    """Keep the ticked products, in the order of the numbers beside them."""
    wanted = arranged_ids(request.form.getlist("produk"), request.form)
    return _change_products(fair_id, lambda: services.choose_products(fair_id, wanted, by=current_user.id))


@bp.post("/<int:fair_id>/produk/tambah")
def add(fair_id: int) -> ResponseReturnValue:
    """Add the ticked products after the ones that are there."""
    wanted = sent_ids(request.form.getlist("produk"))
    return _change_products(fair_id, lambda: services.add_products(fair_id, wanted, by=current_user.id))


@bp.post("/<int:fair_id>/terbit")
def publish(fair_id: int) -> ResponseReturnValue:
    """Open the public page."""
    services.publish_fair(fair_id, by=current_user.id)
    flash(_("Acara sudah terbit. Siapa pun dapat melihat halamannya."), "success")
    return redirect(url_for(".kit", fair_id=fair_id), 303)


@bp.post("/<int:fair_id>/tarik")
def withdraw(fair_id: int) -> ResponseReturnValue:
    """Close the public page."""
    services.unpublish_fair(fair_id, by=current_user.id)
    flash(_("Halaman acara ditutup untuk umum. Hasil penjualannya tetap tersimpan."), "success")
    return redirect(url_for(".edit", fair_id=fair_id), 303)


@bp.get("/<int:fair_id>/poster")
def kit(fair_id: int) -> ResponseReturnValue:
    """The short link and its QR code, to copy, download or print."""
    fair = queries.fair_to_edit(fair_id)
    return render_template("events/staff/kit.html", fair=fair, link=short_link(fair))


@bp.get("/<int:fair_id>/cetak")
def poster(fair_id: int) -> ResponseReturnValue:
    """One A4 page to print."""
    fair = queries.fair_to_edit(fair_id)
    return render_template("events/staff/poster.html", fair=fair, link=short_link(fair))


@bp.get("/<int:fair_id>/qr.<any(svg, png):kind>")
def qr_code(fair_id: int, kind: str) -> Response:
    """The QR code, before the fair is published too: posters go to the printer early."""
    return qr_file(queries.fair_to_edit(fair_id), kind)


# --- pieces -------------------------------------------------------------------------------------------


def _form(fair: Fair | None = None) -> FairForm:
    """The form, with the facilities on offer: open ones, and those that take part already."""
    form = FairForm(data=_stored(fair) if fair else None)
    there = {facility.id: facility.name for facility in fair.facilities} if fair else {}
    offered = dict(queries.open_facilities()) | there
    form.facilities.choices = sorted(offered.items(), key=lambda choice: choice[1])
    return form


def _stored(fair: Fair) -> dict[str, Any]:
    names = ("name", "venue", "organiser", "starts_on", "ends_on", "story", "target")
    return {name: getattr(fair, name) for name in names} | {
        "facilities": [facility.id for facility in fair.facilities],
        "picture_alt": fair.picture.alt if fair.picture else "",
    }


def _form_page(form: FairForm, fair: Fair | None) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    facilities = [{"value": key, "label": name} for key, name in form.facilities.choices]
    return render_template("events/staff/form.html", form=form, fair=fair, facilities=facilities), status


def _products_page(fair_id: int, error: str = "") -> ResponseReturnValue:
    words = request.values.get("q", "").strip()[:80]
    page = render_template(
        "events/staff/products.html",
        fair=queries.fair_card(fair_id),
        picked=queries.picked_products(fair_id),
        choices=queries.product_choices(fair_id, words),
        words=words,
        error=error,
    )
    return page, 422 if error else 200


def _change_products(fair_id: int, change: Any) -> ResponseReturnValue:
    try:
        change()
    except Invalid as error:
        return _products_page(fair_id, error.message)
    flash(_("Pilihan produk tersimpan."), "success")
    return redirect(url_for(".products", fair_id=fair_id, q=request.form.get("q") or None), 303)
