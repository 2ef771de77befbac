"""One's own second factor: turning it on, another telephone, new recovery codes, turning it off."""

from base64 import b64encode

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.accounts import queries, services
from storefront.accounts.forms import CodeForm, ProofForm
from storefront.accounts.models import User
from storefront.accounts.views import bp
from storefront.accounts.views.entry import answer
from storefront.core import qr
from storefront.core.errors import DomainError, Invalid, TooMany
from storefront.core.language import _
from storefront.web.fields import blame


@bp.get("/akun/verifikasi")
def factor() -> ResponseReturnValue:
    """Is there a second factor, how many recovery codes are left, and what can be done."""
    return _page(ProofForm(formdata=None))


def _page(form: ProofForm, status: int = 200) -> ResponseReturnValue:
    state = queries.factor_of(current_user)
    page = render_template("accounts/factor.html", form=form, state=state)
    return page, status


@bp.post("/akun/verifikasi/mulai")
def begin_factor() -> ResponseReturnValue:
    """With the password (and a code of the old telephone), go and set one up."""
    form, token = ProofForm(), current_user.session_token
    if (refusal := _refusal(form)) is not None:
        return refusal
    try:
        services.begin_setup(current_user.id, *_proof(form), token=token, address=_address())
    except (Invalid, TooMany) as error:
        return _refused(form, error)
    return redirect(url_for(".set_factor"), 303)


@bp.route("/akun/verifikasi/pasang", methods=["GET", "POST"])
def set_factor() -> ResponseReturnValue:
    """Show what goes into the authenticator; a first code of it makes it count."""
    token = current_user.session_token
    setup = services.setup_of(token)
    if setup is None:
        return redirect(url_for(".factor"), 303)
    form = CodeForm()

    def enrol() -> ResponseReturnValue:
        done = services.enrol(token, form.code.data or "")
        return codes_page(done.codes, "/akun/verifikasi", current_user)

    return answer(form, "accounts/set_factor.html", enrol, who=None, setup=setup, qr=qr_image(setup))


@bp.post("/akun/verifikasi/kode-cadangan")
def recovery_codes() -> ResponseReturnValue:
    """Ten new recovery codes, shown once."""
    form = ProofForm()
    if (refusal := _refusal(form)) is not None:
        return refusal
    try:
        codes = services.new_recovery_codes(current_user.id, *_proof(form), address=_address())
    except (Invalid, TooMany) as error:
        return _refused(form, error)
    return codes_page(codes, "/akun/verifikasi", current_user)


@bp.post("/akun/verifikasi/matikan")
def drop_factor() -> ResponseReturnValue:
    """Do without it again, where it is not required."""
    form, token = ProofForm(), current_user.session_token
    if (refusal := _refusal(form)) is not None:
        return refusal
    try:
        services.turn_off_factor(current_user.id, *_proof(form), token=token, address=_address())
    except DomainError as error:
        return _refused(form, error)
    flash(_("Verifikasi dua langkah dimatikan."), "success")
    return redirect(url_for(".factor"), 303)


# --- pieces -------------------------------------------------------------------------------------------


def codes_page(codes: list[str], way_on: str, user: User) -> Response:
    """The recovery codes, which this page alone shows."""
    file = "\r\n".join((request.host, user.email, *codes, ""))
    return make_response(
        render_template(
            "accounts/recovery_codes.html", codes=codes, way_on=way_on, email=user.email,
            file="data:text/plain;charset=utf-8;base64," + b64encode(file.encode()).decode(),
        )
    )  # fmt: skip


def qr_image(setup: services.Setup) -> str:
    """The QR code as part of the page: no address shows it a second time."""
    return "data:image/svg+xml;base64," + b64encode(qr.svg(setup.address)).decode()


def _proof(form: ProofForm) -> tuple[str, str]:
    return form.password.data or "", form.code.data or ""


def _address() -> str:
    return request.remote_addr or ""


def _refusal(form: ProofForm) -> ResponseReturnValue | None:
    """The page with what is missing, or None when the form can be used."""
    return None if form.validate_on_submit() else _page(form, 422)


def _refused(form: ProofForm, error: DomainError) -> ResponseReturnValue:
    """The page with what a service refused."""
    if isinstance(error, Invalid):
        blame(form, error)
    else:
        form.form_errors.append(error.message)
    page = make_response(_page(form, error.status))
    if isinstance(error, TooMany):
        page.headers["Retry-After"] = str(error.retry_after)
    return page
