"""Money comes in one way; every other module here leads to `record_payment` or away from it."""

from storefront.payments.services.attempts import ask_buyer, start_attempt, start_page
from storefront.payments.services.cases import accept_case, ask_case, open_case, refund_case, take_case
from storefront.payments.services.changes import cancel_order, cancel_own_order, cannot_make
from storefront.payments.services.expiry import expire_orders
from storefront.payments.services.record import record_payment
from storefront.payments.services.refunds import mark_refund_sent, refund_lines
from storefront.payments.services.sending import fail_refund
from storefront.payments.services.transfers import (
    check_claim,
    confirm_claim,
    reject_claim,
    submit_proof,
)
from storefront.payments.services.webhooks import receive_message

__all__ = [
    "accept_case",
    "ask_buyer",
    "ask_case",
    "cancel_order",
    "cancel_own_order",
    "cannot_make",
    "check_claim",
    "confirm_claim",
    "expire_orders",
    "fail_refund",
    "mark_refund_sent",
    "open_case",
    "receive_message",
    "record_payment",
    "refund_case",
    "refund_lines",
    "reject_claim",
    "start_attempt",
    "start_page",
    "submit_proof",
    "take_case",
]
