"""Attempts to pay: at most one open one a provider, and calls to vendors outside every lock."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, lazy
from storefront.core.outbox import enqueue, handler
from storefront.core.transactions import transaction
from storefront.facilities.queries import office_account
from storefront.inventory.models import Reservation, ReservationState
from storefront.orders.models import Order, OrderStatus
from storefront.payments.models import AttemptStatus, PaymentAttempt
from storefront.payments.providers import earliest_close, required_card_provider
from storefront.payments.services.record import Money, record_payment

TRANSFER_HOURS = 24
LONGEST_CARD_HOLD = timedelta(hours=2)
STILLBORN = timedelta(minutes=3)
ASK_AGAIN = (timedelta(minutes=4), timedelta(minutes=20))


class NotPayable(DomainError):
    """The order takes no more money: paid, expired or cancelled."""

    default = lazy("Pesanan ini sudah tidak menunggu pembayaran.")


def hold_until(method: str) -> datetime:
    """The payment deadline of an order that is placed now (UTC)."""
    if method == "transfer":
        return clock.now() + timedelta(hours=TRANSFER_HOURS)
    return clock.now() + timedelta(minutes=current_app.config["RESERVATION_MINUTES"])


def start_attempt(order_id: int, provider: str) -> int:
    """Open an attempt, or find the one that is open; returns its id. Calls nobody.

    Raises NotPayable, and Invalid where the method is not offered.
    """
    return start_transfer(order_id) if provider == "transfer" else _start_card_attempt(order_id)


def start_transfer(order_id: int) -> int:
    """Ask for a bank transfer: the total plus a unique code of Rp1–999.

    No two open transfers to one account ask for the same sum, so a statement line names its order.
    """
    account = office_account(clock.today())
    if account is None:
        raise Invalid({"pembayaran": _("Transfer bank tidak tersedia.")})
    account_id = account.id
    with transaction():
        order = _payable(order_id)
        standing = _standing(order_id, "transfer")
        if standing is not None:
            return standing.id
        extend_deadline(order, clock.now() + timedelta(hours=TRANSFER_HOURS))
        code = _free_code(account_id, order.total)
        attempt = _attempt(order, "transfer", amount=order.total + code)
        attempt.unique_code, attempt.account_id = code, account_id
        db.session.flush()
        return attempt.id


def start_card(attempt_id: int, *, back: str) -> str:
    """The address of the pay page of an attempt, opened at the provider when it has none yet.

    `back` is the order page. Raises ProviderAway: the attempt stays, and can be tried again.
    """
    provider = required_card_provider()
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    if attempt.url:
        return attempt.url
    order = attempt.order
    db.session.expunge(attempt)
    db.session.expunge(order)
    db.session.rollback()  # no lock, no open transaction while somebody else is asked
    started = provider.start(attempt, order, back=back)
    with transaction():
        mine = locked(PaymentAttempt, attempt_id)
        mine.reference, mine.url = started.reference, started.url
        for delay in ASK_AGAIN:
            enqueue("card.ask", {"attempt_id": attempt_id}, run_at=clock.now() + delay)
    return started.url


@handler("card.ask")
def ask(payload: dict[str, Any]) -> None:
    """Ask the provider about an attempt whose message may have got lost."""
    attempt = db.session.get(PaymentAttempt, payload["attempt_id"])
    if attempt is None or attempt.status is not AttemptStatus.STARTED or not attempt.reference:
        return
    order_id, reference = attempt.order_id, attempt.reference
    db.session.rollback()
    receipt = required_card_provider().fetch(reference)
    if receipt.state == "paid":
        money = Money("stripe", receipt.payment_reference, receipt.amount, clock.now(), receipt.currency)
        record_payment(money, order_id=order_id, attempt_id=payload["attempt_id"])


def _start_card_attempt(order_id: int) -> int:
    required_card_provider()
    with transaction():
        order = _payable(order_id)
        standing = _standing(order_id, "stripe")
        if standing is not None and (standing.url or standing.created_at > clock.now() - STILLBORN):
            return standing.id
        if standing is not None:  # its pay page never opened, and the vendor would now find it too short
            standing.status, standing.closed_at = AttemptStatus.FAILED, clock.now()
        extend_deadline(order, min(earliest_close(clock.now()), order.placed_at + LONGEST_CARD_HOLD))
        attempt = _attempt(order, "stripe", amount=order.total)
        db.session.flush()
        return attempt.id


def _payable(order_id: int) -> Order:
    order = locked(Order, order_id)
    if order.status is not OrderStatus.PENDING or order.pay_by <= clock.now():
        raise NotPayable
    return order


def _standing(order_id: int, provider: str) -> PaymentAttempt | None:
    return db.session.scalar(
        select(PaymentAttempt).where(
            PaymentAttempt.order_id == order_id,
            PaymentAttempt.provider == provider,
            PaymentAttempt.status == AttemptStatus.STARTED,
            PaymentAttempt.expires_at > clock.now(),
        )
    )


def _attempt(order: Order, provider: str, *, amount: int) -> PaymentAttempt:
    last = db.session.scalar(select(func.max(PaymentAttempt.number)).filter_by(order_id=order.id)) or 0
    attempt = PaymentAttempt(
        order_id=order.id,
        number=last + 1,
        provider=provider,
        amount=amount,
        idempotency_key=f"order-{order.number}-attempt-{last + 1}",
        expires_at=order.pay_by,
        created_at=clock.now(),
    )
    db.session.add(attempt)
    return attempt


def extend_deadline(order: Order, until: datetime) -> None:
    """Give an order, and the stock it holds, a later deadline; never an earlier one."""
    if until <= order.pay_by:
        return
    order.pay_by = until
    for held in db.session.scalars(
        select(Reservation).filter_by(order_id=order.id, state=ReservationState.ACTIVE)
    ):
        held.expires_at = until


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
