"""Numbers of receipts: one for each order that was paid, without gaps (DOMAIN 3c).

A number is taken in the transaction that pays the order, as one of its last statements: a payment that
fails takes none, and nobody waits for another longer than a commit takes. What tax lies in the goods is
written beside it: as the sellers' accounts said on that day, whatever they say later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select, update

from storefront.core import clock
from storefront.core.db import db, insert_once, locked
from storefront.core.taxes import TaxProfile
from storefront.core.transactions import gather, transaction
from storefront.facilities.models import MerchantAccount
from storefront.facilities.queries import sellers_of
from storefront.orders.models import Order
from storefront.payments.models import Invoice, InvoiceCounter, InvoiceTax, Payment, PaymentAttempt
from storefront.payments.services.refunds import captured_payments

OFFICE_CODE = "KANWIL"
"""Stands in the number where the office, not a facility, is the merchant of record."""
BATCH = 200


@dataclass(frozen=True)
class _Wanted:
    order_id: int
    merchant: str
    seller: str
    paid_at: datetime
    taxed: tuple["_Taxed", ...]


@dataclass(frozen=True)
class _Taxed:
    """A facility whose goods hold a tax; the columns of InvoiceTax."""

    facility_id: int
    account_id: int
    seller: str
    profile: TaxProfile
    price: int


def issue(order: Order, payment: Payment | None = None) -> None:
    """Give a paid order the number of its receipt when the running transaction ends.

    The merchant of record is whose account the money went to: a facility's own, or the office's. Goods are
    taxed by what the account of their own facility says, in whatever way they were paid for.
    """
    sellers = sellers_of({line.facility_id for line in order.lines}, clock.local(_moment(order)).date())
    account = _account_of(payment)
    if account is not None:  # where the money went is older than what is in force since this morning
        sellers[account.facility_id] = account
    account = account or sellers.get(None)
    facility = account.facility if account else None
    seller = account.holder if account else current_app.config["OFFICE_NAME"]
    code = facility.code if facility else OFFICE_CODE
    gather(_number, _Wanted(order.id, code, seller, _moment(order), _taxed(order, sellers)))


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
            payments = captured_payments(order_id)  # not what came late or twice and waits
            issue(db.session.get_one(Order, order_id), payments[0] if payments else None)
    return len(ids)


# --- pieces -------------------------------------------------------------------------------------------


def _moment(order: Order) -> datetime:
    return order.paid_at or clock.now()


def _account_of(payment: Payment | None) -> MerchantAccount | None:
    if payment is None or payment.attempt_id is None:
        return None
    attempt = db.session.get(PaymentAttempt, payment.attempt_id)
    return attempt.account if attempt else None


def _taxed(order: Order, sellers: Mapping[int | None, MerchantAccount]) -> tuple[_Taxed, ...]:
    """The facilities of an order whose seller takes a tax, with what is paid for their goods."""
    found = []
    for facility_id in dict.fromkeys(line.facility_id for line in order.lines):
        account = sellers.get(facility_id) or sellers.get(None)
        if account is not None and account.tax is not TaxProfile.NONE:
            price = _paid_for(order, facility_id)
            found.append(_Taxed(facility_id, account.id, account.holder, account.tax, price))
    return tuple(found)


def _paid_for(order: Order, facility_id: int) -> int:
    """What the buyer pays for the goods of a facility: their prices less what promotions take off them."""
    lines = {line.id: line.total for line in order.lines if line.facility_id == facility_id}
    return sum(lines.values()) - sum(row.amount for row in order.discounts if row.order_line_id in lines)


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
                issued_at=one.paid_at, taxes=[InvoiceTax(**vars(row)) for row in one.taxed],
            )
        )  # fmt: skip
    db.session.flush()
