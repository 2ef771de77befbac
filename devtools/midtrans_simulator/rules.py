"""What Snap refuses: https://docs.midtrans.com/reference/request-body-json-parameter."""

from __future__ import annotations

import re
from typing import Any

KNOWN = {
    *(
        "credit_card",
        "gopay",
        "shopeepay",
        "other_qris",
        "bca_va",
        "bni_va",
        "bri_va",
        "permata_va",
        "cimb_va",
    ),
    *("other_va", "echannel", "indomaret", "alfamart", "akulaku", "kredivo"),
}
FIELDS = {
    *("transaction_details", "item_details", "customer_details", "enabled_payments", "callbacks", "expiry"),
    *("custom_field1", "custom_field2", "custom_field3", "page_expiry", "credit_card"),
}
UNITS = ("minute", "minutes", "hour", "hours", "day", "days")
START = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}"


class Refused(Exception):
    """Midtrans says no, under one of its status codes."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def page_problem(asked: Any) -> str | None:
    """Why a request for a page is refused; None when it is right."""
    if not isinstance(asked, dict):
        return "The request body is not JSON"
    if unknown := asked.keys() - FIELDS:
        return f"unknown: {', '.join(sorted(unknown))}"
    details = asked.get("transaction_details") or {}
    return _details_problem(details) or _items_problem(asked, details) or _rest_problem(asked)


def _details_problem(details: dict[str, Any]) -> str | None:
    if not re.fullmatch(r"[A-Za-z0-9._~-]{1,50}", str(details.get("order_id", ""))):
        return "transaction_details.order_id is required, at most 50 of A-Z a-z 0-9 - _ ~ ."
    amount = details.get("gross_amount")
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 1:
        return "transaction_details.gross_amount must be a whole number"
    return None


def _items_problem(asked: dict[str, Any], details: dict[str, Any]) -> str | None:
    items = asked.get("item_details")
    if items is None:
        return None
    if any(len(str(item.get("name", ""))) > 50 or not item.get("name") for item in items):
        return "item_details.name is required, at most 50 letters"
    if sum(item["price"] * item["quantity"] for item in items) != details["gross_amount"]:
        return "transaction_details.gross_amount is not equal to the sum of item_details"
    return None


def _rest_problem(asked: dict[str, Any]) -> str | None:
    if unknown := set(asked.get("enabled_payments") or ()) - KNOWN:
        return f"enabled_payments is unknown: {', '.join(sorted(unknown))}"
    expiry = asked.get("expiry")
    if expiry is None:
        return None
    if expiry.get("unit") not in UNITS or not isinstance(expiry.get("duration"), int):
        return "expiry.unit or expiry.duration is wrong"
    if not re.fullmatch(START, expiry.get("start_time", "2026-01-01 00:00:00 +0700")):
        return "expiry.start_time format is invalid: yyyy-MM-dd hh:mm:ss Z"
    return None
