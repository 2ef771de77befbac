"""The second pair of eyes: photos that wait, one by one, at their facility and at the regional office."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.catalog.forms import JudgeForm
from storefront.catalog.models import GateState
from storefront.catalog.queries import gates
from storefront.catalog.services import takedown
from storefront.catalog.services.gate import FORBIDDEN, approve_photo, reject_photo
from storefront.catalog.staff_views.curation import bp as office
from storefront.catalog.staff_views.products import bp as facility_bp
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import blame
from storefront.web.pagination import page_number


@facility_bp.get("/foto-menunggu")
def photos_waiting() -> ResponseReturnValue:
    """Photos of the own facility that a second person has to look at."""
    return _list(own_facility().id, "catalog_staff")


@office.get("/foto")
def photos_waiting_office() -> ResponseReturnValue:
    """Photos of all facilities that a second person has to look at."""
    return _list(None, "curation")


@facility_bp.route("/foto-menunggu/<int:gate_id>", methods=["GET", "POST"])
def judge_photo(gate_id: int) -> ResponseReturnValue:
    """Look at a photo of the own facility, let it in or send it back."""
    return _judge(gate_id, own_facility().id, "catalog_staff.photos_waiting")


@office.route("/foto/<int:gate_id>", methods=["GET", "POST"])
def judge_photo_office(gate_id: int) -> ResponseReturnValue:
    """Look at a photo of any facility, let it in or send it back."""
    return _judge(gate_id, None, "curation.photos_waiting_office")


@facility_bp.route("/foto-tayang/<int:shown_id>/turunkan", methods=["GET", "POST"])
def take_down(shown_id: int) -> ResponseReturnValue:
    """The head takes a public photo of the own facility down at once."""
    return _take_down(shown_id, own_facility().id, "catalog_staff.edit")


@office.route("/foto-tayang/<int:shown_id>/turunkan", methods=["GET", "POST"])
def take_down_office(shown_id: int) -> ResponseReturnValue:
    """The regional office takes a public photo of any facility down at once."""
    return _take_down(shown_id, None, "curation.show")


def _take_down(picture_id: int, facility_id: int | None, back: str) -> ResponseReturnValue:
    photo, form = gates.shown_photo(picture_id, facility_id), JudgeForm()
    there = url_for(back, product_id=photo.product.id)
    if form.is_submitted() and form.validate():
        try:
            stays = takedown.take_down(picture_id, current_user.id, form.reason.data or "", form.marked())
            flash(_("Foto diturunkan: halaman, berkas, dan alamatnya sudah tidak ada."), "success")
            if not stays:
                flash(
                    _("Itu foto terakhirnya, jadi produknya keluar dari toko dan kembali ke Lapas."), "info"
                )
            return redirect(there, 303)
        except Invalid as error:
            blame(form, error)
        except DomainError as error:
            flash(str(error), "error")
            return redirect(there, 303)
        photo = gates.shown_photo(picture_id, facility_id)
    html = render_template("catalog_staff/take_down.html", photo=photo, form=form, back=there)
    return html, 422 if form.errors else 200


def _list(facility_id: int | None, room: str) -> ResponseReturnValue:
    page = gates.waiting_photos(facility_id, page_number(request.args.get("hal")))
    door = "catalog_staff.judge_photo" if room == "catalog_staff" else "curation.judge_photo_office"
    return render_template("catalog_staff/photos_waiting.html", page=page, room=room, door=door)


def _judge(gate_id: int, facility_id: int | None, back: str) -> ResponseReturnValue:
    found = gates.gated_photo(gate_id, facility_id)
    form = JudgeForm()
    if form.is_submitted() and form.validate():
        try:
            if request.form.get("action") == "approve":
                approve_photo(gate_id, current_user.id)
                flash(_("Foto disetujui."), "success")
            else:
                reject_photo(gate_id, current_user.id, form.reason.data or "", form.marked())
                flash(_("Foto dikembalikan kepada pengirimnya dengan alasannya."), "success")
            return redirect(url_for(back), 303)
        except Invalid as error:
            blame(form, error)
        except DomainError as error:
            flash(str(error), "error")
            return redirect(url_for(back), 303)
        found = gates.gated_photo(gate_id, facility_id)
    html = render_template(
        "catalog_staff/photo_gate.html", waiting=found, form=form, back=back, forbidden=FORBIDDEN,
        is_own=found.gate.uploaded_by_id == current_user.id,
        is_waiting=found.gate.state is GateState.WAITING,
    )  # fmt: skip
    return html, 422 if form.errors else 200
