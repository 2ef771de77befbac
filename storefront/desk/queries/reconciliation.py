"""Our payments beside those of a provider: what is with one and not with the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from storefront.core.db import db
from storefront.orders.models import Order
from storefront.payments.models import Payment
from storefront.payments.providers import Receipt

LONGEST_PAGE = timedelta(days=2)
"""A pay page is open for a day at most, and delayed money follows within another: so much earlier
than the payments of a period the provider is asked for attempts."""


@dataclass(frozen=True)
class Difference:
    """Something that the two books do not agree about. Amounts as each of them says, None: not there."""

    reference: str
    order: str
    ours: tuple[int, str] | None
    theirs: tuple[int, str] | None


def differences(provider: str, receipts: Iterable[Receipt], since: datetime) -> list[Difference]:
    """Compare what a provider lists as paid with what we recorded since then (UTC)."""
    theirs = {receipt.payment_reference: receipt for receipt in receipts}
    rows = db.session.execute(
        select(Payment.reference, Payment.amount, Payment.currency, Payment.received_at, Order.number)
        .outerjoin(Order, Order.id == Payment.order_id)
        .where(Payment.provider == provider, Payment.received_at >= since - LONGEST_PAGE)
        .order_by(Payment.id)
    )
    found = []
    for reference, amount, currency, received_at, number in rows:
        receipt = theirs.pop(reference, None)
        mine = (amount, currency)
        other = (receipt.amount, receipt.currency) if receipt else None
        if other != mine and (receipt or received_at >= since):
            found.append(Difference(reference, number or "", mine, other))
    missing = [
        Difference(receipt.payment_reference, "", None, (receipt.amount, receipt.currency))
        for receipt in theirs.values()
    ]
    return found + missing
