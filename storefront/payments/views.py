"""Where providers talk to us."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from storefront.core.errors import Invalid
from storefront.payments.providers import BadSignature, provider
from storefront.payments.services import receive_message
from storefront.web.forgery import csrf

bp = Blueprint("payments", __name__)


@bp.post("/webhooks/stripe")
@csrf.exempt  # signed by the provider instead
def stripe() -> ResponseReturnValue:
    """Messages of Stripe."""
    return _receive("stripe")


@bp.post("/webhooks/midtrans")
@csrf.exempt  # signed by the provider instead
def midtrans() -> ResponseReturnValue:
    """Notifications of Midtrans."""
    return _receive("midtrans")


def _receive(name: str) -> ResponseReturnValue:
    """Store and act on one signed message: 400 unsigned, 2xx after the commit, 5xx to be retried."""
    try:
        vendor = provider(name)
    except Invalid:
        return {"error": "unavailable"}, 404
    try:
        message = vendor.read(request.get_data(), dict(request.headers))
    except BadSignature:
        return {"error": "signature"}, 400
    return {"outcome": receive_message(name, message)}, 200
