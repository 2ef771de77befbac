"""One's own account: name, telephone, e-mail, password, and the browsers that are signed in."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.accounts import queries, services
from storefront.accounts.forms import EmailForm, EraseForm, NameForm, PasswordForm
from storefront.accounts.models import Role
from storefront.accounts.views import bp, greet
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, language
from storefront.web.fields import blame


def _account(status: int = 200, **forms: Any) -> ResponseReturnValue:
    page = render_template(
        "accounts/account.html",
        **{
            "name_form": NameForm(formdata=None, name=current_user.name, phone=current_user.phone),
            "email_form": EmailForm(formdata=None),
            "password_form": PasswordForm(formdata=None),
            "erase_form": EraseForm(formdata=None),
        }
        | forms,
        is_buyer=current_user.role == Role.BUYER,
        sessions=queries.sessions_of(current_user.id, token=current_user.session_token),
    )
    return page, status


@bp.get("/akun")
def account() -> ResponseReturnValue:
    """One's own name, password and signed-in browsers."""
    return _account()


@bp.post("/akun/nama")
def change_name() -> ResponseReturnValue:
    """Change one's own name, and for buyers the telephone number."""
    form = NameForm()
    if not form.validate_on_submit():
        return _account(422, name_form=form)
    user_id, is_buyer = current_user.id, current_user.role == Role.BUYER
    services.change_name(user_id, form.name.data)
    if is_buyer:
        services.change_phone(user_id, form.phone.data or "")
    flash(_("Tersimpan."), "success")
    return redirect(url_for(".account"), 303)


@bp.post("/akun/email")
def change_email() -> ResponseReturnValue:
    """Ask for another address; it is used once the letter to it was answered."""
    form = EmailForm()
    if form.validate_on_submit():
        try:
            services.request_email(
                current_user.id, form.email.data, form.password.data or "",
                address=request.remote_addr or "", language=language(),
            )  # fmt: skip
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Kami mengirim surat ke %(email)s. Buka tautan di dalamnya untuk memakai alamat itu.",
                    email=form.email.data), "info")  # fmt: skip
            return redirect(url_for(".account"), 303)
    return _account(422, email_form=form)


@bp.route("/akun/email/<token>", methods=["GET", "POST"])
def confirm_email(token: str) -> ResponseReturnValue:
    """The letter to a new address was answered."""
    change = services.check_email(current_user.id, token)
    if request.method == "GET":
        return render_template("accounts/confirm_email.html", email=change.email)
    user_id = current_user.id
    services.confirm_email(user_id, token)
    flash(_("Alamat e-mail Anda sudah diganti."), "success")
    response = redirect(url_for(".account"), 303)
    greet(user_id, response)
    return response


@bp.post("/akun/sandi")
def change_password() -> ResponseReturnValue:
    """Change one's own password; all other browsers are signed out."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            services.change_password(
                current_user.id,
                form.current.data or "",
                form.new.data or "",
                token=current_user.session_token,
                address=request.remote_addr or "",
            )
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Kata sandi diganti. Perangkat lain sudah dikeluarkan."), "success")
            return redirect(url_for(".account"), 303)
    return _account(422, password_form=form)


@bp.post("/akun/sesi/<int:session_id>/akhiri")
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out one of one's own browsers."""
    services.end_session(current_user.id, session_id)
    flash(_("Perangkat itu sudah dikeluarkan."), "success")
    return redirect(url_for(".account"), 303)


@bp.post("/akun/sesi/akhiri")
def end_other_sessions() -> ResponseReturnValue:
    """Sign out all of one's own browsers but this one."""
    services.end_sessions(current_user.id, except_token=current_user.session_token)
    flash(_("Semua perangkat lain sudah dikeluarkan."), "success")
    return redirect(url_for(".account"), 303)


def refused(form: EraseForm, error: DomainError) -> ResponseReturnValue:
    """The account's page again, with why it cannot be erased: for the feature that erases."""
    if isinstance(error, Invalid):
        form.sandi_hapus.errors = [error.message]
    else:
        form.form_errors.append(error.message)
    return _account(error.status, erase_form=form)
