"""The testers' side: break things on demand, pay without a browser, look inside. Not part of Stripe."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from devtools.simulators_common.faults import ApiFault, WebhookFaults
from devtools.stripe_simulator import objects
from devtools.stripe_simulator.cards import CARDS, InvalidCardNumber, find_card
from devtools.stripe_simulator.errors import ApiError
from devtools.stripe_simulator.payments import REFUND, SESSION, NotOpen
from devtools.stripe_simulator.simulator import current
from devtools.stripe_simulator.webhooks import ENDPOINT

Json = dict[str, Any]

bp = Blueprint("control", __name__, url_prefix="/_test")


def _body() -> Json:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _required(name: str) -> Any:
    value = _body().get(name)
    if value is None:
        raise ValueError(f"missing: {name}")
    return value


def _shown(record: Json) -> Response:
    with current().store.lock:
        return jsonify(objects.public(record))


@bp.errorhandler(ApiError)
def _api_error(error: ApiError) -> tuple[Response, int]:
    return jsonify(error.body), error.status


@bp.errorhandler(NotOpen)
def _not_open(error: NotOpen) -> tuple[Response, int]:
    return jsonify({"error": {"message": f"The Checkout Session is {error}."}}), 409


@bp.errorhandler(ValueError)
def _bad_value(error: ValueError) -> tuple[Response, int]:
    return jsonify({"error": {"message": str(error)}}), 400


@bp.get("/health")
def health() -> Response:
    """Is it up?"""
    return jsonify({"ok": True})


@bp.post("/sessions/<session_id>/pay")
def pay(session_id: str) -> Response:
    """`{card?, confirmed?}`: pay as the form would, and confirm at once where the bank asks."""
    body = _body()
    try:
        card = find_card(body.get("card", CARDS[0].number))
    except InvalidCardNumber as error:
        raise ValueError("invalid card number") from error
    return _shown(current().payments.pay(session_id, card, confirmed=body.get("confirmed", True)))


@bp.post("/sessions/<session_id>/pay_later")
def pay_later(session_id: str) -> Response:
    """Complete the session with a delayed method: unpaid for now."""
    return _shown(current().payments.pay_later(session_id))


@bp.post("/sessions/<session_id>/settle")
def settle(session_id: str) -> Response:
    """`{succeeded}`: the delayed money arrives or fails."""
    return _shown(current().payments.settle_late(session_id, succeeded=bool(_required("succeeded"))))


@bp.post("/sessions/<session_id>/amount")
def amount(session_id: str) -> Response:
    """`{amount_total}`: make an open session ask for a wrong sum."""
    return _shown(current().payments.set_amount(session_id, int(_required("amount_total"))))


@bp.get("/sessions")
def sessions() -> Response:
    """All sessions, oldest first."""
    return jsonify(objects.public(current().store.all(SESSION)))


@bp.post("/refunds/pending")
def pending_refunds() -> Response:
    """`{count}`: so many of the next refunds start as pending."""
    current().faults.pending_refunds = int(_required("count"))
    return jsonify({"pending": current().faults.pending_refunds})


@bp.post("/refunds/<refund_id>/settle")
def settle_refund(refund_id: str) -> Response:
    """`{succeeded}`: a pending refund arrives or fails."""
    return _shown(current().payments.settle_refund(refund_id, succeeded=bool(_required("succeeded"))))


@bp.get("/refunds")
def refunds() -> Response:
    """All refunds, oldest first."""
    return jsonify(objects.public(current().store.all(REFUND)))


@bp.post("/webhooks/endpoints")
def add_endpoint() -> Response:
    """`{url, secret, enabled_events?}`: send events there from now on."""
    url = _required("url")
    current().webhooks.register(url, _required("secret"), _body().get("enabled_events", ["*"]))
    return jsonify({"url": url})


@bp.delete("/webhooks/endpoints")
def remove_endpoint() -> Response:
    """`{url?}`: send nothing there any more; without an address, nowhere."""
    wanted = _body().get("url")
    for endpoint in current().store.all(ENDPOINT):
        if wanted in (None, endpoint["id"]):
            current().webhooks.unregister(endpoint["id"])
    return jsonify({"ok": True})


@bp.post("/webhooks/faults")
def webhook_faults() -> Response:
    """`{repeat, parallel, delay, hold, drop, bad_signature, types}`; what is not named works normally."""
    current().faults.webhooks = WebhookFaults.from_json(_body())
    return jsonify(_body())


@bp.get("/webhooks/held")
def held() -> Response:
    """What `hold` keeps back."""
    return jsonify(current().webhooks.held())


@bp.post("/webhooks/release")
def release() -> Response:
    """`{order?: [event id or type, …], reverse?}`: send what was held, in this order."""
    body = _body()
    count = current().webhooks.release(body.get("order"), reverse=bool(body.get("reverse")))
    return jsonify({"released": count})


@bp.post("/webhooks/flush")
def flush() -> Response:
    """`{timeout?, retries?}`: wait until nothing is due any more."""
    body = _body()
    done = current().webhooks.flush(body.get("timeout", 5.0), retries=bool(body.get("retries")))
    return jsonify({"idle": done})


@bp.get("/webhooks/deliveries")
def deliveries() -> Response:
    """Every attempt so far: event, type, url, attempt, status, error."""
    return jsonify(list(current().webhooks.log))


@bp.get("/events")
def events() -> Response:
    """All events, oldest first; `?type=` filters."""
    wanted = request.args.get("type")
    with current().store.lock:
        found = [e for e in current().store.all("event") if wanted in (None, e["type"])]
        return jsonify(found)


@bp.post("/events")
def forge() -> Response:
    """`{type, kind?, id, changes?}`: emit an event about an object, true or not, with fields altered."""
    kind, body = _required("type"), _body()
    with current().store.lock:
        found = current().payments.find(body.get("kind", SESSION), _required("id"))
        return jsonify(current().webhooks.emit(kind, found | body.get("changes", {})))


@bp.post("/events/<event_id>/resend")
def resend(event_id: str) -> Response:
    """Send an event to all endpoints again."""
    with current().store.lock:
        event = current().payments.find("event", event_id)
    current().webhooks.resend(event)
    return jsonify({"ok": True})


@bp.post("/events/<event_id>/signed")
def signed(event_id: str) -> Response:
    """`{secret}`: payload and signature header, to be posted by the test itself."""
    secret = _required("secret")
    with current().store.lock:
        return jsonify(current().webhooks.signed(current().payments.find("event", event_id), secret))


@bp.post("/api/faults")
def api_fault() -> Response:
    """`{action: status|cut|hang, status, after, seconds, count, method, path}`: trouble for coming calls."""
    current().faults.add_api_fault(ApiFault.from_json(_body()))
    return jsonify(_body())


@bp.delete("/api/faults")
def clear_faults() -> Response:
    """End all faults of API, webhooks and refunds; calls that hang are let go."""
    current().faults.clear()
    return jsonify({"ok": True})


@bp.post("/clock/advance")
def advance() -> Response:
    """`{seconds}`: move the clock; sessions expire and retries come due."""
    expired = current().advance(float(_required("seconds")))
    return jsonify({"now": int(current().store.now()), "expired": expired})


@bp.post("/reset")
def reset() -> Response:
    """Forget everything but the webhook endpoints."""
    current().reset()
    return jsonify({"ok": True})
