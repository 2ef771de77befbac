"""/petugas/orang: a head's own staff, from the invitation to the last day, and what each of them did."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.accounts.queries import sessions_of
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.desk.forms import StaffForm
from storefront.desk.queries import acts
from storefront.facilities import queries, services
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import blame

bp = Blueprint("own_people", __name__, url_prefix="/petugas/orang")


@bp.get("")
def index() -> ResponseReturnValue:
    """Everybody of the own facility, and the form that invites one more."""
    return _list(StaffForm(formdata=None))


def _list(form: StaffForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "desk/facility/people.html", form=form, people=queries.people_of(own_facility().id),
        role_names=queries.ROLE_NAMES,
    )  # fmt: skip
    return page, status


@bp.post("")
def invite() -> ResponseReturnValue:
    """Invite a member of staff; the letter alone holds the link."""
    form = StaffForm()
    if form.validate_on_submit():
        try:
            services.invite_staff(
                own_facility().id, form.email.data, name=form.name.data, by_id=current_user.id
            )
        except Invalid as error:
            blame(form, error)
        except DomainError as error:
            form.form_errors.append(error.message)
        else:
            flash(_("Undangan dikirim ke %(email)s.", email=form.email.data), "success")
            return redirect(url_for(".index"), 303)
    return _list(form, 422)


@bp.get("/<int:user_id>")
def show(user_id: int) -> ResponseReturnValue:
    """One person: where they are signed in, what they did last, and what a head may do."""
    facility_id = own_facility().id
    person = queries.person_of(facility_id, user_id)
    rows, _older = acts.acts_page(acts.Asked(actor_id=user_id, facility_id=facility_id))
    return render_template(
        "desk/facility/person.html", person=person, role_names=queries.ROLE_NAMES,
        sessions=sessions_of(user_id), acts=rows, fact_lines=acts.fact_lines,
    )  # fmt: skip


@bp.post("/<int:user_id>/tautan")
def renew_link(user_id: int) -> ResponseReturnValue:
    """Send the letter with a link once more."""
    return _do(services.renew_staff_link, user_id, _("Surat dengan tautan baru dikirim."))


@bp.post("/<int:user_id>/batalkan")
def withdraw(user_id: int) -> ResponseReturnValue:
    """Take an invitation back that nobody has answered."""
    return _do(services.withdraw_invitation, user_id, _("Undangan dibatalkan."))


@bp.post("/<int:user_id>/nonaktifkan")
def close(user_id: int) -> ResponseReturnValue:
    """Somebody leaves: out everywhere at once."""
    return _do(services.close_staff, user_id, _("Akun dinonaktifkan dan dikeluarkan dari semua perangkat."))


@bp.post("/<int:user_id>/aktifkan")
def reopen(user_id: int) -> ResponseReturnValue:
    """Somebody is back."""
    return _do(services.reopen_staff, user_id, _("Akun diaktifkan kembali."))


@bp.post("/<int:user_id>/akhiri-sesi")
def sign_out(user_id: int) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    return _do(services.sign_out_staff, user_id, _("Akun dikeluarkan dari semua perangkat."))


@bp.post("/<int:user_id>/sesi/<int:session_id>/akhiri")
def end_session(user_id: int, session_id: int) -> ResponseReturnValue:
    """Sign somebody out in one browser."""
    services.end_staff_session(own_facility().id, user_id, session_id, by_id=current_user.id)
    flash(_("Perangkat itu sudah dikeluarkan."), "success")
    return redirect(url_for(".show", user_id=user_id), 303)


def _do(act: Callable[..., None], user_id: int, done: str) -> ResponseReturnValue:
    """Do it to one of the own staff and say so; anybody else's id is 404."""
    try:
        act(own_facility().id, user_id, by_id=current_user.id)
    except DomainError as error:
        if error.status != 409:
            raise
        flash(error.message, "error")
    else:
        flash(done, "success")
    return redirect(url_for(".index"), 303)
