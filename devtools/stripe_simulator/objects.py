"""Builds the objects of the API as JSON: sessions, payments, charges, refunds, events. No rules here."""

from __future__ import annotations

import secrets
import string
from typing import Any

Json = dict[str, Any]

_ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """An id like Stripe's: prefix, underscore, random letters and digits."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"


def metadata(value: Json | str | None) -> Json:
    """Metadata as stored: an empty value unsets its key."""
    return {k: v for k, v in value.items() if v} if isinstance(value, dict) else {}


def listing(url: str, data: list[Json], *, has_more: bool = False) -> Json:
    """The envelope of a page of objects."""
    return {"object": "list", "url": url, "has_more": has_more, "data": data}


def line_item(params: Json, unit_amount: int) -> Json:
    """A line of a session from its `line_items[]` parameters; amounts in the smallest unit."""
    data, product = params["price_data"], params["price_data"]["product_data"]
    total = unit_amount * params["quantity"]
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": data["currency"],
        "description": product["name"],
        "quantity": params["quantity"],
        "metadata": metadata(params.get("metadata")),
        "price": {
            "id": new_id("price"),
            "object": "price",
            "active": False,
            "currency": data["currency"],
            "livemode": False,
            "product": new_id("prod", 14),
            "type": "one_time",
            "unit_amount": unit_amount,
            "unit_amount_decimal": str(unit_amount),
        },
        "_details": product.get("description"),
        "_image": (product.get("images") or [None])[0],
    }


def session(params: Json, *, items: list[Json], shipping: Json | None, created: int, expires_at: int) -> Json:
    """An open Checkout Session. Fields that begin with `_` are the simulator's own and never sent."""
    subtotal = sum(item["amount_total"] for item in items)
    shipping_amount = shipping["shipping_amount"] if shipping else 0
    keep = ("cancel_url", "client_reference_id", "customer_email", "locale", "success_url", "submit_type")
    return {
        "id": new_id("cs_test", 58),
        "object": "checkout.session",
        "amount_subtotal": subtotal,
        "amount_total": subtotal + shipping_amount,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": params.get("billing_address_collection"),
        "created": created,
        "currency": items[0]["currency"],
        "customer": None,
        "customer_creation": params.get("customer_creation", "if_required"),
        "customer_details": None,
        "expires_at": expires_at,
        "livemode": False,
        "metadata": metadata(params.get("metadata")),
        "mode": params["mode"],
        "payment_intent": None,
        "payment_method_types": _methods(params),
        "payment_status": "unpaid",
        "shipping_cost": {"amount_total": shipping_amount} if shipping else None,
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": shipping_amount, "amount_tax": 0},
        "ui_mode": params.get("ui_mode", "hosted_page"),
        "url": None,
        **{name: params.get(name) for name in keep},
        "_items": items,
        "_shipping": shipping,
        "_payment_intent_data": params.get("payment_intent_data", {}),
        "_display_name": params.get("branding_settings", {}).get("display_name"),
        "_three_ds_card": None,
    }


def _methods(params: Json) -> list[str]:
    """What the page offers: cards, and one delayed method to stand for all."""
    allowed = params.get("allowed_payment_method_types", ["card", "customer_balance"])
    excluded = params.get("excluded_payment_method_types", [])
    return [method for method in allowed if method not in excluded]


def payment_intent(owner: Json, created: int) -> Json:
    """The payment of a session. It takes its metadata from `payment_intent_data`, not from the session."""
    data = owner["_payment_intent_data"]
    return {
        "id": new_id("pi"),
        "object": "payment_intent",
        "amount": owner["amount_total"],
        "amount_capturable": 0,
        "amount_received": 0,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": None,
        "confirmation_method": "automatic",
        "created": created,
        "currency": owner["currency"],
        "customer": None,
        "description": data.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": metadata(data.get("metadata")),
        "next_action": None,
        "payment_method": None,
        "payment_method_types": owner["payment_method_types"],
        "receipt_email": data.get("receipt_email"),
        "shipping": data.get("shipping"),
        "statement_descriptor": data.get("statement_descriptor"),
        "status": "requires_payment_method",
        "_session": owner["id"],
    }


def charge(intent: Json, *, created: int, last4: str | None, failure: Json | None) -> Json:
    """One try to take the money; `failure` has code, decline_code and message when it did not work."""
    method: Json = {"type": "customer_balance", "customer_balance": {}}
    if last4:
        method = {
            "type": "card",
            "card": {"brand": "visa", "last4": last4, "country": "US", "funding": "credit"},
        }
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0 if failure else intent["amount"],
        "amount_refunded": 0,
        "balance_transaction": None if failure else new_id("txn"),
        "captured": not failure,
        "created": created,
        "currency": intent["currency"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": failure["code"] if failure else None,
        "failure_message": failure["message"] if failure else None,
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "outcome": _outcome(failure),
        "paid": not failure,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": method,
        "receipt_email": intent["receipt_email"],
        "receipt_url": None,
        "refunded": False,
        "status": "failed" if failure else "succeeded",
    }


def _outcome(failure: Json | None) -> Json:
    if failure:
        return {
            "network_status": "declined_by_network",
            "reason": failure["decline_code"],
            "seller_message": "The bank did not approve this payment.",
            "type": "issuer_declined",
        }
    return {
        "network_status": "approved_by_network",
        "reason": None,
        "seller_message": "Payment complete.",
        "type": "authorized",
    }


def refund(source: Json, *, amount: int, created: int, status: str, params: Json) -> Json:
    """Money going back from a charge, in the smallest unit."""
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": new_id("txn"),
        "charge": source["id"],
        "created": created,
        "currency": source["currency"],
        "destination_details": {"type": "card", "card": {"reference_status": "pending", "type": "refund"}},
        "failure_reason": None,
        "metadata": metadata(params.get("metadata")),
        "payment_intent": source["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "status": status,
    }


def event(kind: str, data: Json, *, created: int, api_version: str, request: Json, pending: int) -> Json:
    """A notice that something happened, with the object as it was at that moment."""
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": api_version,
        "created": created,
        "data": {"object": data},
        "livemode": False,
        "pending_webhooks": pending,
        "request": request,
        "type": kind,
    }


def public(record: Any) -> Any:
    """A deep copy without the fields that are the simulator's own."""
    if isinstance(record, dict):
        return {k: public(v) for k, v in record.items() if not k.startswith("_")}
    if isinstance(record, list):
        return [public(item) for item in record]
    return record
