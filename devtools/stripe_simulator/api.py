"""The calls under /v1 that the simulator answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from stripe import params as declared
from stripe.params import checkout as declared_checkout

from devtools.stripe_simulator import api_guard, lists
from devtools.stripe_simulator.parameters import parse
from devtools.stripe_simulator.payments import CHARGE, INTENT, REFUND, SESSION
from devtools.stripe_simulator.simulator import current

Json = dict[str, Any]

bp = Blueprint("api", __name__, url_prefix="/v1")
api_guard.guard(bp)


def _params(declaration: Any) -> Json:
    """This call's parameters, checked: the body of a POST, else the query."""
    source = request.form if request.method == "POST" else request.args
    return parse(declaration, source.items(multi=True))


def _answer(record: Json, params: Json) -> Response:
    return jsonify(lists.expanded(current().store, record, params.get("expand", [])))


def _one(kind: str, object_id: str, declaration: Any) -> Response:
    params, simulator = _params(declaration), current()
    with simulator.store.lock:
        simulator.payments.sweep()
        return _answer(simulator.payments.find(kind, object_id), params)


def _many(kind: str, declaration: Any) -> Response:
    params, simulator = _params(declaration), current()
    with simulator.store.lock:
        simulator.payments.sweep()
        found = lists.matching(simulator.store.all(kind), params)
        return _answer(lists.page(found, params, request.path), params)


@bp.post("/checkout/sessions")
def create_session() -> Response:
    """Open a session whose `url` is the pay page."""
    params, simulator = _params(declared_checkout.SessionCreateParams), current()
    base = (simulator.settings.public_url or request.host_url).rstrip("/")
    with simulator.store.lock:
        return _answer(simulator.payments.open_session(params, f"{base}/c/pay/"), params)


@bp.get("/checkout/sessions")
def list_sessions() -> Response:
    """Sessions, newest first."""
    return _many(SESSION, declared_checkout.SessionListParams)


@bp.get("/checkout/sessions/<session_id>")
def get_session(session_id: str) -> Response:
    """One session."""
    return _one(SESSION, session_id, declared_checkout.SessionRetrieveParams)


@bp.post("/checkout/sessions/<session_id>/expire")
def expire_session(session_id: str) -> Response:
    """End an open session."""
    params = _params(declared_checkout.SessionExpireParams)
    with current().store.lock:
        return _answer(current().payments.expire(session_id, g.origin), params)


@bp.get("/checkout/sessions/<session_id>/line_items")
def list_line_items(session_id: str) -> Response:
    """The lines of a session, in the order they were given."""
    params = _params(declared_checkout.SessionListLineItemsParams)
    with current().store.lock:
        items = current().payments.find(SESSION, session_id)["_items"]
        return _answer(lists.cut(items, params, request.path), params)


@bp.get("/payment_intents")
def list_intents() -> Response:
    """Payments, newest first."""
    return _many(INTENT, declared.PaymentIntentListParams)


@bp.get("/payment_intents/<intent_id>")
def get_intent(intent_id: str) -> Response:
    """One payment."""
    return _one(INTENT, intent_id, declared.PaymentIntentRetrieveParams)


@bp.get("/charges")
def list_charges() -> Response:
    """Charges, newest first."""
    return _many(CHARGE, declared.ChargeListParams)


@bp.get("/charges/<charge_id>")
def get_charge(charge_id: str) -> Response:
    """One charge."""
    return _one(CHARGE, charge_id, declared.ChargeRetrieveParams)


@bp.post("/refunds")
def create_refund() -> Response:
    """Give money back."""
    params = _params(declared.RefundCreateParams)
    with current().store.lock:
        return _answer(current().payments.refund(params, g.origin), params)


@bp.get("/refunds")
def list_refunds() -> Response:
    """Refunds, newest first."""
    return _many(REFUND, declared.RefundListParams)


@bp.get("/refunds/<refund_id>")
def get_refund(refund_id: str) -> Response:
    """One refund."""
    return _one(REFUND, refund_id, declared.RefundRetrieveParams)


@bp.get("/events")
def list_events() -> Response:
    """Events, newest first."""
    params, simulator = _params(declared.EventListParams), current()
    with simulator.store.lock:
        found = lists.matching_events(simulator.store, params)
        return _answer(lists.page(found, params, request.path), params)


@bp.get("/events/<event_id>")
def get_event(event_id: str) -> Response:
    """One event."""
    return _one("event", event_id, declared.EventRetrieveParams)


@bp.get("/balance")
def get_balance() -> Response:
    """What the account holds: charges less refunds, by currency, all of it available at once."""
    _params(declared.BalanceRetrieveParams)
    with current().store.lock:
        totals: dict[str, int] = {}
        for charge in current().store.all(CHARGE):
            if charge["paid"]:
                net = charge["amount"] - charge["amount_refunded"]
                totals[charge["currency"]] = totals.get(charge["currency"], 0) + net
    available = [{"amount": a, "currency": c, "source_types": {"card": a}} for c, a in sorted(totals.items())]
    pending = [{"amount": 0, "currency": c, "source_types": {"card": 0}} for c in sorted(totals)]
    body = {"object": "balance", "available": available, "livemode": False, "pending": pending}
    return jsonify(body)
