"""The second step of signing in: a code of the authenticator, one from paper, or setting one up first."""

from collections.abc import Callable

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from storefront.accounts import services
from storefront.accounts.forms import CodeForm, RecoveryForm
from storefront.accounts.models import User
from storefront.accounts.views import WAITING, WANTED, bp, let_in, waiting
from storefront.accounts.views.entry import answer, way_on
from storefront.accounts.views.factor import codes_page, qr_image
from storefront.web.languages import to


@bp.route("/masuk/kode", methods=["GET", "POST"])
def second_step() -> ResponseReturnValue:
    """Ask for the code that the authenticator shows now."""
    return _ask(CodeForm, "accounts/second_step.html", services.enter_code)


@bp.route("/masuk/kode-cadangan", methods=["GET", "POST"])
def recovery_step() -> ResponseReturnValue:
    """Ask for a recovery code: the telephone is not at hand, or lost."""
    return _ask(RecoveryForm, "accounts/recovery_step.html", services.enter_recovery_code)


def _ask(
    kind: type[CodeForm | RecoveryForm], template: str, enter: Callable[..., str]
) -> ResponseReturnValue:
    """Ask who is half signed in for a code of this kind; a right one opens the session."""
    who = waiting()
    if who is None or not who.has_factor:
        return redirect(url_for(".first_factor"), 303)
    form = kind()

    def open_session() -> Response:
        code = form.code.data or ""
        return _open(enter(session[WAITING], code, address=request.remote_addr or ""))

    return answer(form, template, open_session, who=who)


@bp.route("/masuk/pasang", methods=["GET", "POST"])
def first_factor() -> ResponseReturnValue:
    """Set up the second factor that this role must have, before anything else opens."""
    who, setup = waiting(), services.setup_of(session.get(WAITING, ""))
    if who is not None and who.has_factor:
        return redirect(url_for(".second_step"), 303)
    if who is None or setup is None:  # neither step is possible: begin anew
        session.pop(WAITING, None)
        return redirect(url_for(".sign_in"), 303)
    form = CodeForm()

    def enrol() -> ResponseReturnValue:
        wanted = session.get(WANTED, "")
        done = services.enrol(session[WAITING], form.code.data or "")
        user = _user(done.token)
        page = codes_page(done.codes, way_on(wanted, user.role), user)
        return let_in(user, page)

    return answer(form, "accounts/set_factor.html", enrol, who=who, setup=setup, qr=qr_image(setup))


def _open(token: str) -> Response:
    """Begin the session for good, and lead on to the page that was asked for."""
    user, wanted = _user(token), session.get(WANTED, "")
    return let_in(user, redirect(to(way_on(wanted, user.role)), 303))


def _user(token: str) -> User:
    user = services.resume(token)
    if user is None:  # closed in this very moment
        raise services.AccountDisabled
    return user
