"""The wire: Snap, the Core API, and the page where a pretended buyer pays."""

from __future__ import annotations

import socket
from typing import Any, cast
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, g, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from devtools.midtrans_simulator.account import TRANSACTION, Account
from devtools.midtrans_simulator.rules import Refused
from devtools.simulators_common.faults import CUT, HANG, ApiFault
from devtools.simulators_common.store import Json

api = Blueprint("api", __name__)
pages = Blueprint("pages", __name__, url_prefix="/snap/v4/redirection")
WORDS = {
    "other_qris": "QRIS", "gopay": "GoPay", "shopeepay": "ShopeePay", "echannel": "Mandiri Bill",
    "bca_va": "BCA Virtual Account", "bni_va": "BNI Virtual Account", "bri_va": "BRI Virtual Account",
    "permata_va": "Permata Virtual Account", "cimb_va": "CIMB Virtual Account",
    "other_va": "Virtual Account bank lain",
}  # fmt: skip


def create_app(account: Account) -> Flask:
    """A WSGI app that speaks for this account."""
    app = Flask(__name__, static_url_path="/assets")
    app.extensions["midtrans"] = account
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["rupiah"] = lambda amount: f"Rp{int(float(amount)):,}".replace(",", ".")
    app.register_blueprint(api)
    app.register_blueprint(pages)
    return app


def _account() -> Account:
    return cast("Account", current_app.extensions["midtrans"])


# --- the API --------------------------------------------------------------------------------------


@api.before_request
def meet() -> BaseResponse | None:
    """Refuse a wrong key, and let a fault happen before the work is done."""
    g.fault = _account().faults.take_api_fault(request.method, request.path)
    if g.fault and not g.fault.after:
        return _suffer(g.fault)
    sent = request.authorization
    if sent is None or sent.type != "basic" or sent.username != _account().server_key or sent.password:
        return _answer(401, {"status_code": "401", "status_message": "Unknown Merchant server_key/id"})
    return None


@api.after_request
def part(response: Response) -> BaseResponse:
    """Let a fault happen after the work is done: the answer is lost."""
    fault = g.get("fault")
    return (_suffer(fault) if fault and fault.after else None) or response


@api.errorhandler(Refused)
def refused(error: Refused) -> BaseResponse:
    """Snap and the Core API say no in different shapes."""
    if request.path.startswith("/snap/"):
        return _answer(error.code, {"error_messages": [error.message]})
    return _answer(error.code, {"status_code": str(error.code), "status_message": error.message})


@api.post("/snap/v1/transactions")
def open_page() -> BaseResponse:
    """Open a Snap page."""
    page = _account().open(request.get_json(silent=True) or {})
    base = _account().settings.public_url or request.host_url.rstrip("/")
    answer = {"token": page["id"], "redirect_url": f"{base}/snap/v4/redirection/{page['id']}"}
    return _answer(201, answer)


@api.get("/v2/<key>/status")
def status(key: str) -> BaseResponse:
    """What became of a transaction."""
    return _answer(200, _account().describe(_account().find(key)))


@api.post("/v2/<key>/<any(expire, cancel):verb>")
def end(key: str, verb: str) -> BaseResponse:
    """Expire or cancel a transaction that waits."""
    return _answer(200, _account().describe(_account().end(key, verb)))


@api.post("/v2/<key>/refund")
def refund(key: str) -> BaseResponse:
    """Send money back."""
    asked = request.get_json(silent=True) or {}
    if not isinstance(asked.get("amount"), int) or not asked.get("refund_key"):
        raise Refused(400, "amount or refund_key is wrong")
    done = _account().refund(key, amount=asked["amount"], refund_key=asked["refund_key"])
    return _answer(200, _account().describe(done))


def _answer(status_code: int, words: dict[str, Any]) -> BaseResponse:
    response = jsonify(words)
    response.status_code = status_code
    return response


def _suffer(fault: ApiFault) -> BaseResponse | None:
    if fault.action == HANG:
        _account().faults.released.wait(fault.seconds)
        return None
    if fault.action == CUT:
        connection: socket.socket = request.environ["werkzeug.socket"]
        connection.shutdown(socket.SHUT_RDWR)
    return _answer(fault.status, {"status_code": str(fault.status), "status_message": "simulated"})


# --- the pay page ---------------------------------------------------------------------------------


@pages.after_request
def headers(response: Response) -> Response:
    """Nothing is kept, nothing comes from elsewhere."""
    response.headers["Cache-Control"] = "no-store"
    policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    response.headers["Content-Security-Policy"] = policy
    return response


@pages.get("/<token>")
def show(token: str) -> BaseResponse | tuple[str, int]:
    """Choose a way to pay, or pay as was chosen, or leave."""
    page = _account().page(token)
    if page is None:
        return _page(None, None, 404)
    found = _account().store.get(TRANSACTION, page["order_id"])
    if found is not None and found["status"] != "pending":
        return _back(page, found)
    if found is None and page["expires"] <= _account().store.now():
        return _page(page, None, 410)
    return _page(page, found)


@pages.post("/<token>")
def act(token: str) -> BaseResponse | tuple[str, int]:
    """The pretended buyer chose, paid, or gave up."""
    page, wanted = _account().page(token), request.form.get("do", "")
    if page is None:
        return _page(None, None, 404)
    try:
        if wanted in page["channels"]:
            _account().choose(token, wanted)
        elif wanted in ("settlement", "deny", "expire"):
            found = _account().find(page["order_id"])
            if found["status"] == "pending":
                _account().become(found["id"], wanted)
    except Refused:
        return _page(page, None, 410)
    return redirect(f"/snap/v4/redirection/{token}", 303)


def _page(page: Json | None, found: Json | None, code: int = 200) -> tuple[str, int]:
    html = render_template(
        "midtrans_simulator/pay.html", page=page, found=found, closed=code != 200, words=WORDS,
        shop_name=_account().settings.shop_name,
    )  # fmt: skip
    return html, code


def _back(page: Json, found: Json) -> BaseResponse | tuple[str, int]:
    """To the shop, with what Midtrans adds to the address; nobody should believe it."""
    paid = found["status"] in ("settlement", "capture")
    address = page["callbacks"].get("finish" if paid else "error")
    if not address:
        return _page(page, found, 410)
    said = {"order_id": found["id"], "status_code": "200", "transaction_status": found["status"]}
    return redirect(f"{address}{'&' if '?' in address else '?'}{urlencode(said)}", 303)
