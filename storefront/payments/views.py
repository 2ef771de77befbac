"""Where providers talk to us."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from storefront.payments.providers import BadSignature, card_provider
from storefront.payments.services import receive_message
from storefront.web.forgery import csrf

bp = Blueprint("payments", __name__)


@bp.post("/webhooks/stripe")
@csrf.exempt  # signed by the provider instead
def stripe() -> ResponseReturnValue:
    """Store and act on one signed message: 400 unsigned, 2xx after the commit, 5xx to be retried."""
    provider = card_provider()
    if provider is None:
        return {"error": "unavailable"}, 404
    try:
        message = provider.read(request.get_data(), request.headers.get("Stripe-Signature", ""))
    except BadSignature:
        return {"error": "signature"}, 400
    return {"outcome": receive_message(provider.name, message)}, 200
