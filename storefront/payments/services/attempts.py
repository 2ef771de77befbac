"""Attempts to pay: at most one open one a method, and calls to vendors outside every lock."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.db import db, locked
from storefront.core.errors import DomainError
from storefront.core.language import _, lazy
from storefront.core.outbox import enqueue, handler
from storefront.core.transactions import transaction
from storefront.facilities.models import MerchantAccount
from storefront.orders.models import Order, OrderStatus
from storefront.orders.services import Actor
from storefront.payments.models import SEEN_BY_OFFICERS, AttemptStatus, CaseKind, EventKind, PaymentAttempt
from storefront.payments.providers import (
    Bill,
    Kind,
    Method,
    Receipt,
    bill_of,
    earliest_close,
    method_of,
    offered,
    provider,
)
from storefront.payments.services.cases import ask_case, waiting_for
from storefront.payments.services.closing import close_attempt, extend_deadline, tell_to_close
from storefront.payments.services.events import note_attempt
from storefront.payments.services.record import Money, record_payment

LONGEST_PAGE_HOLD = timedelta(hours=2)
STILLBORN = timedelta(minutes=3)
ASK_AGAIN = (timedelta(minutes=4), timedelta(minutes=20))


class NotPayable(DomainError):
    """The order takes no more money: paid, expired or cancelled."""

    default = lazy("Pesanan ini sudah tidak menunggu pembayaran.")


def hold_until(code: str, bill: Bill) -> datetime:
    """The payment deadline (UTC) of an order that is placed now, to be paid by the method of that code."""
    chosen = next((method for method in offered(bill) if method.code == code), None)
    return _from_now(chosen.hold if chosen else None)


def _from_now(hold: timedelta | None) -> datetime:
    return clock.now() + (hold or timedelta(minutes=current_app.config["RESERVATION_MINUTES"]))


def start_attempt(order_id: int, code: str) -> int:
    """Open an attempt by the method of that code, or find the one that is open; returns its id.

    Calls nobody. Raises NotPayable, and Invalid where the method is not offered.
    """
    with transaction():
        order = _payable(order_id)
        bill = due_bill(order)
        method = method_of(code, bill)
        standing = _standing(order_id, method)
        if standing is not None and not _is_stillborn(standing):
            return standing.id
        if standing is not None:  # its pay page never opened, and the vendor would now find it too short
            close_attempt(standing, AttemptStatus.FAILED)
        taker = provider(method.provider)
        account = taker.account(bill)
        extend_deadline(order, _deadline(order, method))
        attempt = _attempt(order, method, bill.total)
        if account is not None:
            attempt.account_id = account.id
            locked(MerchantAccount, account.id)  # who draws a sum knows all that were drawn
            if taker.kind is Kind.INSTRUCTIONS:
                attempt.unique_code = _free_code(account.id, attempt.amount)
                attempt.amount += attempt.unique_code
        db.session.add(attempt)
        db.session.flush()
        note_attempt(EventKind.STARTED, attempt)
        return attempt.id


def due_bill(order: Order) -> Bill:
    """What an order still lacks, for who offers ways to pay: of money that was short, the rest."""
    bill = bill_of(order)
    rest = order.total - waiting_for(order.id) if order.needs_review else order.total
    return replace(bill, total=rest) if rest > 0 else bill


def ask_buyer(case_id: int, actor: Actor) -> None:
    """The officer wrote to the buyer; who paid too little finds the rest on their page, and has the time.

    A transfer of the rest is expected from now on, so that officers find it among the others. Raises
    CaseClosed.
    """
    with transaction():
        case, order = ask_case(case_id, actor)
        if order is None or case.kind is not CaseKind.UNDERPAID or order.status is not OrderStatus.PENDING:
            return
        extend_deadline(order, case.due_at or order.pay_by)
        way = case.payment.provider if case.payment else ""
        if way in SEEN_BY_OFFICERS and any(m.code == way for m in offered(due_bill(order))):
            start_attempt(order.id, way)


def start_page(attempt_id: int, *, back: str) -> str:
    """The address of the pay page of an attempt, opened at the provider when it has none yet.

    Empty where the buyer pays on our own page. `back` is the order page. Raises ProviderAway: the attempt
    stays, and can be tried again; NotPayable when it is over, also since the provider was asked.
    """
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    if attempt.status is not AttemptStatus.STARTED:
        raise NotPayable
    if attempt.url or provider(attempt.provider).kind is not Kind.PAGE:
        return attempt.url
    order = attempt.order
    db.session.expunge(attempt)
    db.session.expunge(order)
    db.session.rollback()  # no lock, no open transaction while somebody else is asked
    started = provider(attempt.provider).start(attempt, order, back=back)
    with transaction():
        mine = locked(PaymentAttempt, attempt_id)
        mine.reference, mine.url = started.reference, started.url
        is_over = mine.status is not AttemptStatus.STARTED
        if is_over:
            tell_to_close(mine)
        for delay in () if is_over else ASK_AGAIN:
            enqueue("attempt.ask", {"attempt_id": attempt_id}, run_at=clock.now() + delay)
    if is_over:
        raise NotPayable
    return started.url


def shown_attempt(order_id: int) -> int:
    """The attempt that a proof is for: the open one that officers look for, else a new transfer."""
    seen = db.session.scalar(
        select(PaymentAttempt.id)
        .where(
            PaymentAttempt.order_id == order_id,
            PaymentAttempt.provider.in_(SEEN_BY_OFFICERS),
            PaymentAttempt.status == AttemptStatus.STARTED,
        )
        .order_by(PaymentAttempt.id.desc())
        .limit(1)
    )
    return seen if seen is not None else start_attempt(order_id, "transfer")


@handler("card.ask")  # under this name until the jobs of earlier versions are done
@handler("attempt.ask")
def ask(payload: dict[str, Any]) -> None:
    """Ask the provider about an attempt whose message may have got lost."""
    attempt = db.session.get(PaymentAttempt, payload["attempt_id"])
    if attempt is None or attempt.status is not AttemptStatus.STARTED or not attempt.reference:
        return
    name, reference, attempt_id, order_id = attempt.provider, attempt.reference, attempt.id, attempt.order_id
    db.session.rollback()
    apply_receipt(name, provider(name).fetch(reference), order_id=order_id, attempt_id=attempt_id)


@handler("attempt.close")
def close_page(payload: dict[str, Any]) -> None:
    """Tell the vendor that an attempt takes no more money; what was paid meanwhile is written down."""
    name, reference = payload["provider"], payload["reference"]
    receipt = provider(name).close(reference)
    if receipt.state == "paid":
        attempt = db.session.scalar(select(PaymentAttempt).filter_by(provider=name, reference=reference))
        found = (attempt.order_id, attempt.id) if attempt else (None, None)
        db.session.rollback()
        apply_receipt(name, receipt, order_id=found[0], attempt_id=found[1])


def apply_receipt(name: str, receipt: Receipt, *, order_id: int | None, attempt_id: int | None) -> str:
    """Write down what a provider says about an attempt; says what came of it.

    An attempt that ended without money can only end itself: never an order, never a payment.
    """
    if receipt.state == "paid":
        came = min(receipt.at or clock.now(), clock.now())  # its month is the month in which it was paid
        money = Money(name, receipt.payment_reference, receipt.amount, came, receipt.currency)
        return str(record_payment(money, order_id=order_id, attempt_id=attempt_id))
    if attempt_id is None or order_id is None:
        return "unknown"
    with transaction():
        locked(Order, order_id)
        attempt = locked(PaymentAttempt, attempt_id)
        if attempt.status is not AttemptStatus.STARTED:
            return "late"
        if receipt.state == "waiting":
            note_attempt(EventKind.PENDING, attempt)
        elif receipt.state in _ENDED:
            close_attempt(attempt, _ENDED[receipt.state])
    return receipt.state


_ENDED = {"failed": AttemptStatus.FAILED, "expired": AttemptStatus.EXPIRED}


def _is_stillborn(attempt: PaymentAttempt) -> bool:
    waits_for_page = provider(attempt.provider).kind is Kind.PAGE and not attempt.url
    return waits_for_page and attempt.created_at <= clock.now() - STILLBORN


def _deadline(order: Order, method: Method) -> datetime:
    """When the order's time ends if this method is chosen now: no change of mind renews it for ever."""
    if method.hold is not None:
        return min(_from_now(method.hold), order.placed_at + 2 * method.hold)
    if provider(method.provider).kind is not Kind.PAGE:
        return _from_now(None)
    return min(earliest_close(clock.now()), order.placed_at + LONGEST_PAGE_HOLD)


def _payable(order_id: int) -> Order:
    order = locked(Order, order_id)
    if order.status is not OrderStatus.PENDING or order.pay_by <= clock.now():
        raise NotPayable
    return order


def _standing(order_id: int, method: Method) -> PaymentAttempt | None:
    return db.session.scalar(
        select(PaymentAttempt)
        .where(
            PaymentAttempt.order_id == order_id,
            PaymentAttempt.provider == method.provider,
            PaymentAttempt.method.in_((method.code, "")),
            PaymentAttempt.status == AttemptStatus.STARTED,
            PaymentAttempt.expires_at > clock.now(),
        )
        .order_by(PaymentAttempt.id.desc())
        .limit(1)
    )


def _attempt(order: Order, method: Method, amount: int) -> PaymentAttempt:
    last = db.session.scalar(select(func.max(PaymentAttempt.number)).filter_by(order_id=order.id)) or 0
    return PaymentAttempt(
        order_id=order.id,
        number=last + 1,
        provider=method.provider,
        method=method.code,
        amount=amount,
        unique_code=0,
        idempotency_key=f"order-{order.number}-attempt-{last + 1}",
        expires_at=order.pay_by,
        created_at=clock.now(),
    )


def _free_code(account_id: int, total: int) -> int:
    """A random code whose sum nobody else was asked for. Raises NotPayable when all are in use."""
    used = set(
        db.session.scalars(
            select(PaymentAttempt.amount).where(
                PaymentAttempt.account_id == account_id,
                PaymentAttempt.status == AttemptStatus.STARTED,
                PaymentAttempt.amount.between(total + 1, total + 999),
            )
        )
    )
    free = [code for code in range(1, 1000) if total + code not in used]
    if not free:
        raise NotPayable(_("Terlalu banyak transfer yang menunggu. Pilih cara bayar lain."))
    return secrets.choice(free)
