"""The page where a buyer pays: the simulator's side of the redirect. Plain forms, no script."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from devtools.stripe_simulator.cards import CARDS, InvalidCardNumber, find_card
from devtools.stripe_simulator.errors import ApiError
from devtools.stripe_simulator.payments import INTENT, SESSION, NotOpen
from devtools.stripe_simulator.simulator import current

Json = dict[str, Any]

DELAYED = "later"

bp = Blueprint("pay", __name__, url_prefix="/c/pay")


@bp.app_template_filter("amount")
def amount_text(value: int, currency: str) -> str:
    """Hundredths as people read them: `Rp186.000`, `Rp186.000,50`, `USD 10,00`."""
    whole, rest = divmod(value, 100)
    grouped = f"{whole:,}".replace(",", ".")
    if currency == "idr":
        return f"Rp{grouped},{rest:02d}" if rest else f"Rp{grouped}"
    return f"{currency.upper()} {grouped},{rest:02d}"


@bp.after_request
def _headers(response: BaseResponse) -> BaseResponse:
    response.headers["Cache-Control"] = "no-store"
    # No form-action: after paying, the form's answer leads away to the shop.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.errorhandler(ApiError)
def _unknown(_error: ApiError) -> tuple[str, int]:
    return render_template("stripe_simulator/closed.html", session=None, state="unknown", back=None), 404


@bp.get("/<session_id>")
def show(session_id: str) -> BaseResponse:
    """The pay page, or the page that says why there is nothing to pay."""
    session = _session(session_id)
    if session["status"] != "open":
        return _closed(session)
    if session["_three_ds_card"]:
        return _page("confirm.html", session)
    return _form(session)


@bp.post("/<session_id>")
def pay(session_id: str) -> BaseResponse:
    """Try to pay; then on to the shop, or the form again with the reason."""
    session, email = _session(session_id), request.form.get("email", "").strip()
    payments = current().payments
    try:
        if request.form.get("method") == DELAYED and _offers_delayed(session):
            session = payments.pay_later(session_id, email)
        else:
            session = payments.pay(session_id, find_card(request.form.get("number", "")), email=email)
    except InvalidCardNumber:
        return _form(session, "Nomor kartu tidak valid. Periksa kembali angkanya.", status=422)
    except NotOpen:
        return _done(_session(session_id))
    return _next(session)


@bp.post("/<session_id>/confirm")
def confirm(session_id: str) -> BaseResponse:
    """The pretended bank's question (3D Secure) was answered."""
    session = _session(session_id)
    number, payments = session["_three_ds_card"], current().payments
    if session["status"] != "open" or not number:
        return _done(session)
    try:
        if request.form.get("answer") == "yes":
            session = payments.pay(session_id, find_card(number), confirmed=True)
        else:
            session = payments.refuse_confirmation(session_id)
    except NotOpen:
        return _done(_session(session_id))
    return _next(session)


def _session(session_id: str) -> Json:
    """A copy, so that a page is not built from a session that changes under it. Raises ApiError."""
    simulator = current()
    with simulator.store.lock:
        simulator.payments.sweep()
        return dict(simulator.payments.find(SESSION, session_id))


def _next(session: Json) -> BaseResponse:
    if session["status"] == "complete":
        return _done(session)
    if session["_three_ds_card"]:
        return redirect(f"/c/pay/{session['id']}", 303)
    intent = current().store.get(INTENT, session["payment_intent"]) or {}
    return _form(session, intent["last_payment_error"]["message"], status=402)


def _done(session: Json) -> BaseResponse:
    """A paid session leads to the shop, however often the form is sent."""
    if session["status"] == "complete":
        return redirect(success_url(session), 303)
    if session["status"] == "open":
        return redirect(f"/c/pay/{session['id']}", 303)
    return _closed(session)


def success_url(session: Json) -> str:
    """Where the shop wants the buyer back, with the session's id filled in."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _offers_delayed(session: Json) -> bool:
    return any(method != "card" for method in session["payment_method_types"])


def _form(session: Json, error: str | None = None, *, status: int = 200) -> Response:
    return _page(
        "pay.html", session, status=status, error=error, cards=CARDS, delayed=_offers_delayed(session)
    )


def _closed(session: Json) -> Response:
    complete = session["status"] == "complete"
    back = success_url(session) if complete else session["cancel_url"]
    return _page("closed.html", session, status=200 if complete else 410, state=session["status"], back=back)


def _page(template: str, session: Json, *, status: int = 200, **values: Any) -> Response:
    settings = current().settings
    html = render_template(
        f"stripe_simulator/{template}",
        session=session,
        shop_name=session["_display_name"] or settings.shop_name,
        shop_description=settings.shop_description,
        **values,
    )
    return make_response(html, status)
