"""Signing in and out, and everybody's own account."""

import re
from urllib.parse import urlsplit

from flask import Blueprint, Flask, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from storefront.accounts import queries, services
from storefront.accounts.forms import ChoosePasswordForm, NameForm, PasswordForm, SignInForm
from storefront.accounts.models import Role
from storefront.core.errors import Forbidden, Invalid, TooMany
from storefront.web.fields import blame
from storefront.web.languages import to
from storefront.web.menus import HOME

bp = Blueprint("accounts", __name__)

_ROOMS = ("/petugas", "/kanwil", "/pemprov")
_ODD = re.compile(r"[\\\x00-\x20\x7f]")


def init_app(app: Flask) -> None:
    """Let `current_user` be whom the session's token stands for; templates see it too.

    Flask-Login's own `init_app` is not called: it reads the session after every request, for a
    "remember me" cookie that we do not have, and no cache could keep a shared page any more.
    """
    manager = LoginManager()
    manager.session_protection = None  # addresses of phones change while people shop
    manager.user_loader(services.resume)
    app.login_manager = manager  # type: ignore[attr-defined]
    app.jinja_env.globals["current_user"] = current_user
    app.register_blueprint(bp)


# --- in and out -----------------------------------------------------------------------------------


@bp.route("/masuk", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Show the form; with the right words in it, open a session."""
    if current_user.is_authenticated:
        return redirect(to(HOME[current_user.role]), 303)
    form = SignInForm(lanjut=request.args.get("lanjut", ""))
    status = 422 if form.is_submitted() else 200
    headers: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            return _enter(form)
        except Invalid as error:
            blame(form, error)
        except Forbidden as error:
            status = error.status
            form.form_errors.append(error.message)
        except TooMany as error:
            status, headers = error.status, {"Retry-After": str(error.retry_after)}
            form.form_errors.append(error.message)
    return make_response(render_template("accounts/sign_in.html", form=form), status, headers)


def _enter(form: SignInForm) -> Response:
    """Open the session and lead on. What the browser brought from before signing in is dropped."""
    token = services.sign_in(
        form.email.data,
        form.password.data,
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
    )
    user = services.resume(token)
    if user is None:  # closed in this very moment
        raise services.AccountDisabled
    session.clear()
    session.permanent = user.role == Role.BUYER  # the office's PC forgets when its browser closes
    login_user(user)
    return redirect(to(_way_on(form.lanjut.data, user.role)), 303)


def _way_on(wanted: str | None, role: str) -> str:
    """Where to go after signing in: the page that was asked for, unless it is somebody else's room."""
    path = own_path(wanted)
    foreign = any(path.startswith(room) for room in _ROOMS if room != HOME[role])
    return HOME[role] if foreign or path in {"", "/"} else path


def own_path(text: str | None) -> str:
    """The text if it is a path of this shop, else ''. Nothing that a browser reads as another host."""
    if not text or len(text) > 500 or not text.startswith("/") or text.startswith("//") or _ODD.search(text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else text


@bp.post("/keluar")
def sign_out() -> ResponseReturnValue:
    """End this session, here and for every copy of its cookie."""
    if current_user.is_authenticated:
        services.sign_out(current_user.session_token)
    session.clear()
    logout_user()
    flash("Anda sudah keluar.", "success")
    return redirect(url_for(".sign_in"), 303)


@bp.route("/masuk/sandi/<token>", methods=["GET", "POST"])
def choose_password(token: str) -> ResponseReturnValue:
    """Choose a password by a link."""
    user = services.check_link(token)
    form = ChoosePasswordForm()
    if form.validate_on_submit():
        try:
            services.set_password_by_link(token, form.new.data or "")
        except Invalid as error:
            blame(form, error)
        else:
            flash("Kata sandi tersimpan. Silakan masuk.", "success")
            return redirect(url_for(".sign_in"), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/choose_password.html", form=form, user=user), status


# --- one's own account ----------------------------------------------------------------------------


def _account(name_form: NameForm | None = None, password_form: PasswordForm | None = None) -> str:
    return render_template(
        "accounts/account.html",
        name_form=name_form or NameForm(formdata=None, name=current_user.name),
        password_form=password_form or PasswordForm(formdata=None),
        sessions=queries.sessions_of(current_user.id, token=current_user.session_token),
    )


@bp.get("/akun")
def account() -> ResponseReturnValue:
    """One's own name, password and signed-in browsers."""
    return _account()


@bp.post("/akun/nama")
def change_name() -> ResponseReturnValue:
    """Change one's own name."""
    form = NameForm()
    if not form.validate_on_submit():
        return _account(name_form=form), 422
    services.change_name(current_user.id, form.name.data)
    flash("Nama tersimpan.", "success")
    return redirect(url_for(".account"), 303)


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
            flash("Kata sandi diganti. Perangkat lain sudah dikeluarkan.", "success")
            return redirect(url_for(".account"), 303)
    return _account(password_form=form), 422


@bp.post("/akun/sesi/<int:session_id>/akhiri")
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out one of one's own browsers."""
    services.end_session(current_user.id, session_id)
    flash("Perangkat itu sudah dikeluarkan.", "success")
    return redirect(url_for(".account"), 303)


@bp.post("/akun/sesi/akhiri")
def end_other_sessions() -> ResponseReturnValue:
    """Sign out all of one's own browsers but this one."""
    services.end_sessions(current_user.id, except_token=current_user.session_token)
    flash("Semua perangkat lain sudah dikeluarkan.", "success")
    return redirect(url_for(".account"), 303)
