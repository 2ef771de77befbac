"""Numbers of receipts: one for each order that was paid, without gaps (DOMAIN 3c).

A number is taken in the transaction that pays the order, as one of its last statements: a payment that
fails takes none, and nobody waits for another longer than a commit takes.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select, update

from storefront.core import clock
from storefront.core.db import db, insert_once, locked
from storefront.core.transactions import gather, transaction
from storefront.facilities.models import MerchantAccount
from storefront.facilities.queries import office_account
from storefront.orders.models import Order
from storefront.payments.models import Invoice, InvoiceCounter, Payment, PaymentAttempt

OFFICE_CODE = "KANWIL"
"""Stands in the number where the office, not a facility, is the merchant of record."""
BATCH = 200


@dataclass(frozen=True)
class _Wanted:
    order_id: int
    merchant: str
    seller: str
    paid_at: datetime


def issue(order: Order, payment: Payment | None = None) -> None:
    """Give a paid order the number of its receipt when the running transaction ends.

    The merchant of record is whose account the money went to: a facility's own, or the office's.
    """
    account = _account_of(payment) or office_account(clock.local(_moment(order)).date())
    facility = account.facility if account else None
    seller = account.holder if account else current_app.config["OFFICE_NAME"]
    gather(_number, _Wanted(order.id, facility.code if facility else OFFICE_CODE, seller, _moment(order)))


def issue_missing() -> int:
    """Number paid orders that have none yet (those from before there were receipts), oldest first."""
    unnumbered = (
        select(Order.id)
        .outerjoin(Invoice, Invoice.order_id == Order.id)
        .where(Order.paid_at.is_not(None), Invoice.id.is_(None))
        .order_by(Order.paid_at, Order.id)
        .limit(BATCH)
    )
    ids = db.session.scalars(unnumbered).all()
    db.session.rollback()
    for order_id in ids:
        with transaction():
            locked(Order, order_id)  # of two workers the second finds it numbered
            if db.session.scalar(select(Invoice.id).filter_by(order_id=order_id)) is not None:
                continue
            paid = select(Payment).filter_by(order_id=order_id).order_by(Payment.id).limit(1)
            issue(db.session.get_one(Order, order_id), db.session.scalar(paid))
    return len(ids)


# --- pieces -------------------------------------------------------------------------------------------


def _moment(order: Order) -> datetime:
    return order.paid_at or clock.now()


def _account_of(payment: Payment | None) -> MerchantAccount | None:
    if payment is None or payment.attempt_id is None:
        return None
    attempt = db.session.get(PaymentAttempt, payment.attempt_id)
    return attempt.account if attempt else None


def _number(wanted: list[_Wanted]) -> None:
    """The counters are locked in one order, so that two payments can never wait for each other."""
    for one in sorted(wanted, key=lambda one: (one.merchant, clock.period(one.paid_at), one.order_id)):
        period = clock.period(one.paid_at)
        insert_once(InvoiceCounter, merchant=one.merchant, period=period, last=0)
        sequence = db.session.scalar(
            update(InvoiceCounter)
            .where(InvoiceCounter.merchant == one.merchant, InvoiceCounter.period == period)
            .values(last=InvoiceCounter.last + 1)
            .returning(InvoiceCounter.last)
            .execution_options(synchronize_session=False)
        )
        year, month = period.split("-")
        db.session.add(
            Invoice(
                order_id=one.order_id, merchant=one.merchant, seller=one.seller[:160], period=period,
                sequence=sequence, number=f"INV/{year}/{month}/{one.merchant}/{sequence:06d}",
                issued_at=one.paid_at,
            )
        )  # fmt: skip
    db.session.flush()
