"""The regional office keeps the accounts: who may come in, as what, and where."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.accounts import queries as account_queries
from storefront.accounts import services as accounts
from storefront.accounts.models import Role
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.facilities import queries, services
from storefront.facilities.forms import InviteForm, PlaceForm
from storefront.web.fields import blame
from storefront.web.pagination import Page, page_number

bp = Blueprint("people_office", __name__, url_prefix="/kanwil/pengguna")

PAGE_SIZE = 50


@bp.get("")
def index() -> ResponseReturnValue:
    """All accounts, searched by name or e-mail, filtered by role."""
    number = page_number(request.args.get("hal"))
    search = request.args.get("q", "").replace("\0", "").strip()[:100]
    role = request.args.get("peran", "")
    rows, total = queries.people(search=search, role=role, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    return render_template(
        "facilities/office/people.html",
        page=Page(rows, number, PAGE_SIZE, total),
        search=search,
        role=role,
        role_names=queries.ROLE_NAMES,
    )


@bp.route("/baru", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    """Give somebody an account; the link to choose a password is shown once."""
    form = InviteForm()
    form.facility_id.offer([("", _("Tanpa Lapas")), *queries.facility_options()])
    if form.validate_on_submit():
        try:
            user_id, token = services.invite(
                form.email.data,
                name=form.name.data,
                role=Role(form.role.data),
                facility_id=form.facility_id.data,
                by_id=current_user.id,
            )
        except Invalid as error:
            blame(form, error)
        else:
            return _show_link(user_id, token), 201
    return render_template("facilities/office/invite.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/<int:user_id>")
def show(user_id: int) -> ResponseReturnValue:
    """One account: what it is, where it is signed in, and what can be done with it."""
    return _page(user_id)


def _page(user_id: int, form: PlaceForm | None = None) -> str:
    person = queries.person(user_id)
    if form is None:
        form = PlaceForm(formdata=None, facility_id=person.facility_id)
        form.facility_id.offer(queries.facility_options())
    return render_template(
        "facilities/office/person.html",
        person=person,
        role_names=queries.ROLE_NAMES,
        sessions=account_queries.sessions_of(user_id, token=current_user.session_token),
        form=form,
        has_facility=person.role in services.FACILITY_ROLES,
    )


@bp.post("/<int:user_id>/tautan")
def renew_link(user_id: int) -> ResponseReturnValue:
    """A new link to choose a password, shown once."""
    return _show_link(user_id, services.renew_link(user_id, by_id=current_user.id)), 201


def _show_link(user_id: int, token: str) -> str:
    path = url_for("accounts.choose_password", token=token)
    return render_template(
        "facilities/office/link.html",
        person=queries.person(user_id),
        link=current_app.config["PUBLIC_BASE_URL"] + path,
    )


@bp.post("/<int:user_id>/lapas")
def place(user_id: int) -> ResponseReturnValue:
    """Move a member of staff to another facility."""
    form = PlaceForm()
    form.facility_id.offer(queries.facility_options())
    if form.validate_on_submit():
        try:
            services.place(user_id, form.facility_id.data, by_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        except DomainError as error:
            if error.status != 409:
                raise
            form.form_errors.append(error.message)
        else:
            return _back(user_id, _("Penempatan tersimpan."))
    return _page(user_id, form), 422


@bp.post("/<int:user_id>/peran/<any(facility_staff, facility_head):role>")
def change_role(user_id: int, role: str) -> ResponseReturnValue:
    """Make a member of staff the head, or the other way round; they sign in anew."""
    try:
        services.change_role(queries.person(user_id).id, Role(role), by_id=current_user.id)
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        return _back(user_id, error.message, "error")
    return _back(user_id, _("Peran diganti. Orangnya masuk lagi dengan peran yang baru."))


@bp.post("/<int:user_id>/nonaktifkan")
def disable(user_id: int) -> ResponseReturnValue:
    """Close an account; it is signed out everywhere at once."""
    try:
        services.close_account(user_id, by_id=current_user.id)
    except DomainError as error:
        if error.status != 409:
            raise
        return _back(user_id, error.message, "error")
    return _back(user_id, _("Akun dinonaktifkan dan dikeluarkan dari semua perangkat."))


@bp.post("/<int:user_id>/lepas-verifikasi")
def reset_factor(user_id: int) -> ResponseReturnValue:
    """Telephone and recovery codes are lost: the next sign-in sets up a second factor anew."""
    try:
        accounts.reset_factor(queries.person(user_id).id, by_id=current_user.id)
    except DomainError as error:
        if error.status != 409:
            raise
        return _back(user_id, error.message, "error")
    return _back(user_id, _("Verifikasi dilepas. Pemilik akun diberi tahu lewat surat."))


@bp.post("/<int:user_id>/aktifkan")
def enable(user_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    accounts.enable_user(user_id, by_id=current_user.id)
    return _back(user_id, _("Akun diaktifkan kembali."))


@bp.post("/<int:user_id>/akhiri-sesi")
def end_sessions(user_id: int) -> ResponseReturnValue:
    """Sign an account out everywhere (but here, when it is one's own)."""
    own = current_user.session_token if user_id == current_user.id else ""
    accounts.end_sessions(queries.person(user_id).id, except_token=own, by_id=current_user.id)
    return _back(user_id, _("Akun dikeluarkan dari semua perangkat."))


@bp.post("/<int:user_id>/sesi/<int:session_id>/akhiri")
def end_session(user_id: int, session_id: int) -> ResponseReturnValue:
    """Sign an account out in one browser."""
    accounts.end_session(queries.person(user_id).id, session_id, by_id=current_user.id)
    return _back(user_id, _("Perangkat itu sudah dikeluarkan."))


@bp.post("/<int:user_id>/batalkan")
def withdraw(user_id: int) -> ResponseReturnValue:
    """Take an invitation back that nobody has answered."""
    try:
        services.withdraw(user_id, by_id=current_user.id)
    except DomainError as error:
        if error.status != 409:
            raise
        return _back(user_id, error.message, "error")
    flash(_("Undangan dibatalkan."), "success")
    return redirect(url_for(".index"), 303)


def _back(user_id: int, message: str, category: str = "success") -> ResponseReturnValue:
    flash(message, category)
    return redirect(url_for(".show", user_id=user_id), 303)
