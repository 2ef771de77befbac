"""In and out: signing in, becoming a buyer, and choosing a new password by a letter."""

from collections.abc import Callable

from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from storefront.accounts import services
from storefront.accounts.forms import (
    ChoosePasswordForm,
    ConfirmForm,
    ForgotForm,
    RegisterForm,
    SignInForm,
)
from storefront.accounts.views import WAITING, bp, hold, let_in, own_path, waiting
from storefront.core.errors import Forbidden, Invalid, TooMany
from storefront.core.language import _, language
from storefront.web.browser import SAVED_COOKIE, forget
from storefront.web.fields import blame
from storefront.web.languages import to
from storefront.web.menus import HOME

_ROOMS = ("/petugas", "/kanwil", "/pemprov")


@bp.route("/masuk", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Show the form; with the right words in it, open a session."""
    if current_user.is_authenticated:
        return redirect(to(way_on(request.args.get("lanjut"), current_user.role)), 303)
    if request.method == "GET" and waiting() is not None:
        return redirect(url_for(".second_step"), 303)
    form = SignInForm(lanjut=request.args.get("lanjut", ""))

    def enter() -> Response:
        return _enter(form.email.data, form.password.data or "", form.lanjut.data)

    return answer(form, "accounts/sign_in.html", enter)


def _enter(email: str, password: str, wanted: str | None = "") -> Response:
    """Open the session and lead on to the `wanted` page, or to the second step."""
    token = services.sign_in(
        email, password, address=request.remote_addr or "", user_agent=request.user_agent.string
    )
    if services.waiting(token) is not None:
        return hold(token, redirect(url_for(".second_step"), 303), own_path(wanted))
    user = services.resume(token)
    if user is None:  # closed in this very moment
        raise services.AccountDisabled
    return let_in(user, redirect(to(way_on(wanted, user.role)), 303))


def way_on(wanted: str | None, role: str) -> str:
    """Where to go after signing in: the page that was asked for, unless it is somebody else's room."""
    path = own_path(wanted)
    foreign = any(path.startswith(room) for room in _ROOMS if room != HOME[role])
    return HOME[role] if foreign or path in {"", "/"} else path


@bp.post("/keluar")
def sign_out() -> ResponseReturnValue:
    """End this session, here and for every copy of its cookie."""
    if current_user.is_authenticated:
        services.sign_out(current_user.session_token)
    elif session.get(WAITING):
        services.sign_out(session[WAITING])
    session.clear()
    logout_user()
    flash(_("Anda sudah keluar."), "success")
    response = redirect(url_for(".sign_in"), 303)
    forget(response, SAVED_COOKIE)  # the account's list is nobody's business on a shared telephone
    return response


# --- becoming a buyer -----------------------------------------------------------------------------


@bp.route("/daftar", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Ask for an account. The answer is the same whether the address has one: a letter tells."""
    if current_user.is_authenticated:
        return redirect(to(HOME[current_user.role]), 303)
    form = RegisterForm()

    def ask() -> ResponseReturnValue:
        services.register(
            form.name.data, form.email.data, form.password.data or "",
            address=request.remote_addr or "", language=language(),
        )  # fmt: skip
        return render_template("accounts/letter_sent.html", email=form.email.data, why="register")

    return answer(form, "accounts/register.html", ask)


@bp.route("/daftar/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """The letter was answered: with the password once more, the account is open."""
    email = services.check_registration(token).email
    form = ConfirmForm()

    def open_account() -> ResponseReturnValue:
        password = form.password.data or ""
        services.confirm(token, password, address=request.remote_addr or "")
        flash(_("Akun Anda sudah dibuka. Selamat datang."), "success")
        return _enter(email, password)

    return answer(form, "accounts/confirm.html", open_account, email=email)


# --- a forgotten password -------------------------------------------------------------------------


@bp.route("/lupa-kata-sandi", methods=["GET", "POST"])
def forgot() -> ResponseReturnValue:
    """Ask for a link to choose a new password. Unknown addresses get the same answer."""
    form = ForgotForm()

    def ask() -> ResponseReturnValue:
        services.request_reset(form.email.data, address=request.remote_addr or "", language=language())
        return render_template("accounts/letter_sent.html", email=form.email.data, why="reset")

    return answer(form, "accounts/forgot.html", ask)


@bp.route("/masuk/sandi/<token>", methods=["GET", "POST"])
def choose_password(token: str) -> ResponseReturnValue:
    """Choose a password by a link."""
    user = services.check_link(token)
    form = ChoosePasswordForm()

    def choose() -> ResponseReturnValue:
        services.set_password_by_link(token, form.new.data or "")
        flash(_("Kata sandi tersimpan. Silakan masuk."), "success")
        return redirect(url_for(".sign_in"), 303)

    return answer(form, "accounts/choose_password.html", choose, user=user)


def answer(
    form: FlaskForm, page: str, act: Callable[[], ResponseReturnValue], **words: object
) -> ResponseReturnValue:
    """Show a form, or do what it is for; what is refused stands on it, with all that was typed."""
    status = 422 if form.is_submitted() else 200
    headers: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            return act()
        except Invalid as error:
            blame(form, error)
        except Forbidden as error:
            status = error.status
            form.form_errors.append(error.message)
        except TooMany as error:
            status, headers = error.status, {"Retry-After": str(error.retry_after)}
            form.form_errors.append(error.message)
    return make_response(render_template(page, form=form, **words), status, headers)
