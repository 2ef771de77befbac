"""What surrounds every call under /v1: keys, versions, idempotency, faults and headers."""

from __future__ import annotations

import re
import socket
from typing import Any

import stripe
from flask import Blueprint, Response, g, jsonify, request

from devtools.simulators_common.faults import CUT, HANG, STATUS, ApiFault
from devtools.stripe_simulator.errors import ApiError
from devtools.stripe_simulator.idempotency import Saved
from devtools.stripe_simulator.objects import new_id
from devtools.stripe_simulator.simulator import current

_API_KEY = re.compile(r"(sk|rk)_test_\w+")
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.\w+)?")


def guard(bp: Blueprint) -> None:
    """Put the guards around a blueprint's calls."""
    bp.before_request(_before)
    bp.after_request(_after)
    bp.teardown_request(_teardown)
    bp.register_error_handler(ApiError, answer_error)


def answer_error(error: ApiError) -> tuple[Response, int]:
    """The JSON of an error."""
    g.unsaved = not error.saved
    return jsonify(error.body), error.status


def _before() -> Response | None:
    key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
    g.request_id = new_id("req", 14)
    g.origin = {"id": g.request_id, "idempotency_key": key}
    g.claimed, g.unsaved, g.fault = None, False, None
    _check_api_key()
    _check_version()
    if key:
        saved = current().keys.begin(key, request.method, request.path, request.get_data())
        if saved:
            return _replayed(saved)
        g.claimed = key
    g.fault = current().faults.take_api_fault(request.method, request.path)
    if g.fault and not g.fault.after:
        return _suffer(g.fault)
    return None


def _after(response: Response) -> Response:
    if g.claimed and not g.unsaved and not g.get("suffered"):
        answer = Saved(response.status_code, response.get_data(as_text=True), g.request_id)
        current().keys.finish(g.claimed, request.method, request.path, request.get_data(), answer)
        g.claimed = None
    if g.fault and g.fault.after:
        response = _suffer(g.fault) or response
    response.headers["Request-Id"] = g.request_id
    response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", stripe.api_version)
    if g.origin["idempotency_key"]:
        response.headers["Idempotency-Key"] = g.origin["idempotency_key"]
    return response


def _teardown(_error: BaseException | None) -> None:
    if g.get("claimed"):
        current().keys.release(g.claimed)


def _check_api_key() -> None:
    sent = request.authorization
    key: str = ""
    if sent is not None:
        key = (sent.username if sent.type == "basic" else sent.token) or ""
    if not key:
        message = "You did not provide an API key. Send it as: Authorization: Bearer YOUR_SECRET_KEY"
        raise ApiError(401, message, saved=False)
    if not _API_KEY.fullmatch(key):
        hidden = f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 16 else "*" * 8
        raise ApiError(401, f"Invalid API Key provided: {hidden}", saved=False)


def _check_version() -> None:
    version = request.headers.get("Stripe-Version")
    if version and not _VERSION.fullmatch(version):
        raise ApiError(400, f"Invalid Stripe API version: {version}", saved=False)


def _replayed(saved: Saved) -> Response:
    headers = {"Idempotent-Replayed": "true", "Original-Request": saved.request_id}
    return Response(saved.body, saved.status, headers, content_type="application/json")


def _suffer(fault: ApiFault) -> Response | None:
    """Let the fault happen. None means that the call goes on as if nothing had been."""
    if fault.action == HANG:
        current().faults.released.wait(fault.seconds)
        return None
    g.suffered = True
    if fault.action == CUT:
        _cut_connection()
    status = fault.status if fault.action == STATUS else 500
    return _failure(status)


def _failure(status: int) -> Response:
    error: dict[str, Any] = {"type": "api_error", "message": "An unknown error occurred (simulated)."}
    if status == 429:
        error = {
            "type": "invalid_request_error",
            "code": "rate_limit",
            "message": "Too many requests (simulated).",
        }
    response = jsonify({"error": error})
    response.status_code = status
    response.headers["Stripe-Should-Retry"] = "true" if status == 429 else "false"
    return response


def _cut_connection() -> None:
    """Close the caller's connection; what the server writes afterwards goes nowhere."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
