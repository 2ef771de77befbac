"""Stripe's own rules about a new Checkout Session, beyond the types of its parameters."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from devtools.stripe_simulator import objects
from devtools.stripe_simulator.errors import ApiError, ParameterError, missing_object

Json = dict[str, Any]

MINUTE, HOUR = 60, 3600
# Smallest charge is the worth of US$0.50. The rupiah has hundredths here: Rp8.300,00 is 830000.
MINIMUM = {"idr": 830_000, "usd": 50, "eur": 50, "sgd": 50, "myr": 200}
MAXIMUM = {"idr": 999_999_999_999}
DEFAULT_MAXIMUM = 99_999_999

_UNMODELLED = ("automatic_tax", "discounts", "optional_items", "subscription_data", "setup_intent_data")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def build_session(params: Json, now: int) -> Json:
    """An open session from checked parameters. Raises ApiError where Stripe would refuse it."""
    _check_mode(params)
    _check_urls(params)
    _check_texts(params)
    check_metadata(params.get("metadata"), "metadata")
    intent_data = params.get("payment_intent_data", {})
    check_metadata(intent_data.get("metadata"), "payment_intent_data[metadata]")
    items = _line_items(params)
    shipping = _shipping(params, items[0]["currency"])
    expires_at = _expires_at(params, now)
    session = objects.session(params, items=items, shipping=shipping, created=now, expires_at=expires_at)
    _check_total(session["amount_total"], session["currency"])
    return session


def check_metadata(metadata: Any, param: str) -> None:
    """At most 50 keys of 40 characters with values of 500."""
    if not metadata:
        return
    if len(metadata) > 50:
        raise ParameterError("You can only have up to 50 metadata keys.", param)
    for key, value in metadata.items():
        if len(key) > 40:
            raise ParameterError(
                f"Metadata keys can be a maximum of 40 characters: {key}",
                f"{param}[{key}]",
                "parameter_invalid_string",
            )
        check_length(value, 500, f"{param}[{key}]")


def check_length(value: str | None, limit: int, param: str) -> None:
    """Refuse a text that is longer than Stripe stores."""
    if value and len(value) > limit:
        message = f"Invalid string: {value[:20]}…; must be at most {limit} characters"
        raise ParameterError(message, param)


def _check_mode(params: Json) -> None:
    if "mode" not in params:
        raise ParameterError("Missing required param: mode.", "mode", "parameter_missing")
    if params["mode"] != "payment":
        raise ParameterError("The simulator only speaks mode=payment.", "mode")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise ParameterError("The simulator only speaks ui_mode=hosted_page.", "ui_mode")
    for name in _UNMODELLED:
        value = params.get(name)
        if value and value != {"enabled": False}:
            raise ParameterError(f"The simulator does not model {name}.", name)
    if params.get("payment_intent_data", {}).get("capture_method") == "manual":
        raise ParameterError(
            "The simulator does not model manual capture.", "payment_intent_data[capture_method]"
        )


def _check_urls(params: Json) -> None:
    if "success_url" not in params:
        raise ParameterError("Missing required param: success_url.", "success_url", "parameter_missing")
    for name in ("success_url", "cancel_url"):
        url = params.get(name)
        if url is None:
            continue
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or " " in url:
            message = (
                "Not a valid URL" if parts.scheme else "Invalid URL: An explicit scheme must be provided."
            )
            raise ParameterError(message, name, "url_invalid")
        check_length(url, 5000, name)


def _check_texts(params: Json) -> None:
    check_length(params.get("client_reference_id"), 200, "client_reference_id")
    email = params.get("customer_email")
    if email is not None and not _EMAIL.fullmatch(email):
        raise ParameterError(f"Invalid email address: {email}", "customer_email", "email_invalid")
    if "customer" in params:
        raise missing_object("customer", params["customer"], "customer")


def _line_items(params: Json) -> list[Json]:
    lines = params.get("line_items") or []
    if not lines:
        raise ParameterError("Missing required param: line_items.", "line_items", "parameter_missing")
    if len(lines) > 100:
        raise ParameterError("A Checkout Session may have at most 100 line items.", "line_items")
    items = [_line_item(line, f"line_items[{index}]") for index, line in enumerate(lines)]
    if len({item["currency"] for item in items}) > 1:
        raise ApiError(400, "All line items must have the same currency.", param="line_items", saved=False)
    return items


def _line_item(line: Json, path: str) -> Json:
    if "price" in line:
        raise missing_object("price", line["price"], f"{path}[price]")
    data = line.get("price_data")
    if data is None:
        message = f"You must specify either `price` or `price_data` in {path}."
        raise ParameterError(message, path, "parameter_missing")
    if "product" in data:
        raise missing_object("product", data["product"], f"{path}[price_data][product]")
    if "product_data" not in data:
        param = f"{path}[price_data][product_data]"
        raise ParameterError(f"Missing required param: {param}.", param, "parameter_missing")
    for name in ("tax_rates", "dynamic_tax_rates", "adjustable_quantity"):
        if line.get(name):
            raise ParameterError(f"The simulator does not model {name}.", f"{path}[{name}]")
    if line.get("quantity") is None:
        message = f"Quantity is required. Add `quantity` to `{path}`"
        raise ParameterError(message, f"{path}[quantity]", "parameter_missing")
    if line["quantity"] < 1:
        raise ParameterError("This value must be greater than or equal to 1.", f"{path}[quantity]")
    return _priced_item(line, data, path)


def _priced_item(line: Json, data: Json, path: str) -> Json:
    data["currency"] = _currency(data["currency"], f"{path}[price_data][currency]")
    product, prefix = data["product_data"], f"{path}[price_data][product_data]"
    check_length(product["name"], 1500, f"{prefix}[name]")
    check_metadata(product.get("metadata"), f"{prefix}[metadata]")
    if len(product.get("images") or []) > 8:
        raise ParameterError("A product may have at most 8 images.", f"{prefix}[images]")
    param = f"{path}[price_data][unit_amount]"
    if "unit_amount" not in data:
        raise ParameterError(f"Missing required param: {param}.", param, "parameter_missing")
    if data["unit_amount"] < 0:
        message = "This value must be greater than or equal to 0."
        raise ParameterError(message, param, "parameter_invalid_integer")
    return objects.line_item(line, data["unit_amount"])


def _currency(code: str, param: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", code):
        raise ParameterError(f"Invalid currency: {code}.", param)
    return code.lower()


def _shipping(params: Json, currency: str) -> Json | None:
    """The first shipping option is the chosen one; the simulator's page offers no other."""
    options = params.get("shipping_options") or []
    if not options:
        return None
    option = options[0]
    if "shipping_rate" in option:
        raise missing_object("shipping rate", option["shipping_rate"], "shipping_options[0][shipping_rate]")
    rate = option.get("shipping_rate_data", {})
    param = "shipping_options[0][shipping_rate_data][fixed_amount]"
    fixed = rate.get("fixed_amount")
    if fixed is None:
        raise ParameterError(f"Missing required param: {param}.", param, "parameter_missing")
    if _currency(fixed["currency"], f"{param}[currency]") != currency:
        raise ParameterError("Shipping must have the currency of the line items.", f"{param}[currency]")
    if fixed["amount"] < 0:
        raise ParameterError("This value must be greater than or equal to 0.", f"{param}[amount]")
    return {"shipping_amount": fixed["amount"], "display_name": rate["display_name"]}


def _expires_at(params: Json, now: int) -> int:
    """30 minutes to 24 hours from now. A shop that asks for exactly 30 minutes is refused a second later."""
    chosen: int = params.get("expires_at", now + 24 * HOUR)
    if chosen < now + 30 * MINUTE:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise ParameterError(message, "expires_at")
    if chosen > now + 24 * HOUR:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise ParameterError(message, "expires_at")
    return chosen


def _check_total(total: int, currency: str) -> None:
    least, most = MINIMUM.get(currency, 50), MAXIMUM.get(currency, DEFAULT_MAXIMUM)
    if total < least:
        bound = f"{least / 100:,.2f} {currency}"
        message = f"The Checkout Session's total amount due must add up to at least {bound}"
        raise ApiError(400, message, code="amount_too_small", saved=False)
    if total > most:
        bound = f"{most / 100:,.2f} {currency}"
        message = f"The Checkout Session's total amount due must be no more than {bound}"
        raise ApiError(400, message, code="amount_too_large", saved=False)
