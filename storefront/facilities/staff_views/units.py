"""The regional office keeps the facilities and their workshops."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.db import found
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.facilities import queries, services
from storefront.facilities.forms import CoverForm, FacilityForm, NewFacilityForm, WorkshopForm
from storefront.facilities.models import Facility
from storefront.web.fields import blame

bp = Blueprint("facilities_office", __name__, url_prefix="/kanwil/lapas")


@bp.get("")
def index() -> ResponseReturnValue:
    """All facilities."""
    return render_template("facilities/office/index.html", rows=queries.facility_rows())


@bp.route("/baru", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add a facility."""
    form = NewFacilityForm(is_open=True)
    if form.validate_on_submit():
        try:
            facility = services.create_facility(form.code.data, form.details(), by_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Lapas tersimpan. Tambahkan bengkelnya."), "success")
            return redirect(url_for(".edit", facility_id=facility.id), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("facilities/office/new.html", form=form), status


@bp.route("/<int:facility_id>", methods=["GET", "POST"])
def edit(facility_id: int) -> ResponseReturnValue:
    """Change a facility."""
    facility = found(Facility, facility_id)
    form = FacilityForm(obj=facility)
    if form.validate_on_submit():
        try:
            services.update_facility(facility_id, form.details(), by_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Perubahan tersimpan."), "success")
            return redirect(url_for(".edit", facility_id=facility_id), 303)
    return _page(facility_id, form=form), 422 if form.is_submitted() else 200


@bp.post("/<int:facility_id>/sampul")
def cover(facility_id: int) -> ResponseReturnValue:
    """Put a photo at the top of the facility's public page, describe it, or take it away."""
    if request.form.get("aksi") == "hapus":
        services.remove_cover(facility_id, by_id=current_user.id)
        return _back(facility_id, _("Foto sampul dihapus."), anchor="sampul")
    form = CoverForm()
    if form.validate_on_submit():
        photo = form.picture.data.read() if form.picture.data else None
        try:
            services.set_cover(facility_id, photo, form.picture_alt.data or "", by_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            return _back(facility_id, _("Foto sampul tersimpan."), anchor="sampul")
    return _page(facility_id, cover=form), 422


def _page(
    facility_id: int,
    *,
    form: FacilityForm | None = None,
    cover: CoverForm | None = None,
    added: WorkshopForm | None = None,
    changed: tuple[int, WorkshopForm] | None = None,
) -> str:
    """The page of a facility; `added` and `changed` (workshop id, form) are forms to show again."""
    facility = found(Facility, facility_id)
    forms = {
        workshop.id: WorkshopForm(formdata=None, obj=workshop, prefix=f"bengkel{workshop.id}-")
        for workshop in facility.workshops
    }
    return render_template(
        "facilities/office/edit.html",
        facility=facility,
        form=form or FacilityForm(formdata=None, obj=facility),
        cover=cover or CoverForm(formdata=None, data={"picture_alt": facility.cover and facility.cover.alt}),
        added=added or WorkshopForm(formdata=None, prefix="baru-"),
        workshop_forms=forms | (dict([changed]) if changed else {}),
    )


@bp.post("/<int:facility_id>/bengkel")
def add_workshop(facility_id: int) -> ResponseReturnValue:
    """Add a workshop."""
    form = WorkshopForm(prefix="baru-")
    if form.validate_on_submit():
        try:
            services.add_workshop(facility_id, form.name.data, form.craft.data, by_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            return _back(facility_id, _("Bengkel ditambahkan."))
    return _page(facility_id, added=form), 422


@bp.post("/<int:facility_id>/bengkel/<int:workshop_id>")
def change_workshop(facility_id: int, workshop_id: int) -> ResponseReturnValue:
    """Rename a workshop."""
    form = WorkshopForm(prefix=f"bengkel{workshop_id}-")
    if form.validate_on_submit():
        try:
            services.rename_workshop(
                facility_id, workshop_id, form.name.data, form.craft.data, by_id=current_user.id
            )
        except Invalid as error:
            blame(form, error)
        else:
            return _back(facility_id, _("Bengkel tersimpan."))
    return _page(facility_id, changed=(workshop_id, form)), 422


@bp.post("/<int:facility_id>/bengkel/<int:workshop_id>/hapus")
def remove_workshop(facility_id: int, workshop_id: int) -> ResponseReturnValue:
    """Remove a workshop that no product names."""
    try:
        services.remove_workshop(facility_id, workshop_id, by_id=current_user.id)
    except DomainError as error:
        if error.status != 409:
            raise
        return _back(facility_id, error.message, "error")
    return _back(facility_id, _("Bengkel dihapus."))


def _back(
    facility_id: int, message: str, category: str = "success", *, anchor: str = "bengkel"
) -> ResponseReturnValue:
    flash(message, category)
    return redirect(url_for(".edit", facility_id=facility_id, _anchor=anchor), 303)
