"""What happened to money is written once; what is charged, pending and refunded follows from it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.outbox import drain
from storefront.core.transactions import transaction
from storefront.orders.services import Actor
from storefront.payments.models import (
    AttemptStatus,
    EventKind,
    PaymentAttempt,
    PaymentEvent,
    Refund,
)
from storefront.payments.providers import Receipt
from storefront.payments.queries import Sums, money_of, sums_of
from storefront.payments.services import cancel_order, expire_orders, mark_refund_sent, start_attempt
from storefront.payments.services.attempts import apply_receipt
from tests import factories
from tests.buying import buy, open_shop, order_of, pay, transfer_attempt

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=clock.UTC)
PAID, REFUND = 100_000, 30_000


def event(kind: EventKind, reference: str, amount: int, minute: int, **more: object) -> PaymentEvent:
    values = {"provider": "stripe", "currency": "IDR", "id": minute} | more
    return PaymentEvent(
        kind=kind, reference=reference, amount=amount, at=NOON + timedelta(minutes=minute), **values
    )


STORY = [
    event(EventKind.STARTED, "a-1", PAID, 1, attempt_id=1),
    event(EventKind.PENDING, "a-1", PAID, 2, attempt_id=1),
    event(EventKind.STARTED, "a-2", PAID, 3, attempt_id=2),
    event(EventKind.PENDING, "a-2", PAID, 4, attempt_id=2),
    event(EventKind.CHARGED, "pi_1", PAID, 5, attempt_id=1, payment_id=1),
    event(EventKind.CHARGED, "pi_usd", 1200, 6, payment_id=2, currency="USD"),
    event(EventKind.REFUND_DUE, "refund-1", REFUND, 7, payment_id=1, refund_id=1),
    event(EventKind.REFUND_DUE, "refund-2", REFUND, 8, payment_id=1, refund_id=2),
    event(EventKind.REFUND_FAILED, "refund-2", REFUND, 9, payment_id=1, refund_id=2),
    event(EventKind.REFUNDED, "refund-1", REFUND, 10, payment_id=1, refund_id=1),
]


@given(st.permutations(STORY), st.lists(st.sampled_from(STORY), max_size=5))
def test_neither_order_nor_repeats_change_the_sums(story, again):
    expected = Sums(charged=PAID, pending=PAID, refund_due=REFUND, refunded=REFUND)
    assert sums_of([*story, *again]) == expected


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=6))
def test_the_newest_success_of_a_reference_counts(amounts):
    told = [event(EventKind.CHARGED, "pi_1", amount, n, payment_id=1) for n, amount in enumerate(amounts)]
    assert sums_of(reversed(told)).charged == amounts[-1]


@given(st.lists(st.sampled_from([EventKind.FAILED, EventKind.EXPIRED]), max_size=2))
def test_what_failed_is_not_pending(ends):
    told = [STORY[1], *(event(kind, "a-1", PAID, 20, attempt_id=1) for kind in ends)]
    assert sums_of(told).pending == (0 if ends else PAID)


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(price=100_000, stock=9)


def kinds(placed):
    rows = select(PaymentEvent.kind).filter_by(order_id=placed.id).order_by(PaymentEvent.id)
    return [str(kind) for kind in database.session.scalars(rows)]


def test_a_sale_and_its_return_leave_their_events(bag):
    placed = buy({bag: 1}, method="transfer")
    transfer_attempt(placed)
    pay(placed, provider="transfer", reference="1:BR-1")
    total = order_of(placed).total
    assert money_of(placed.id) == Sums(charged=total)
    cancel_order(placed.id, Actor(factories.user().id), reason="Bahan habis")
    assert money_of(placed.id) == Sums(charged=total, refund_due=total)
    refund_id = database.session.scalars(select(Refund.id)).one()
    mark_refund_sent(refund_id, "TRX-9", actor=Actor(factories.user().id))
    drain()
    assert money_of(placed.id) == Sums(charged=total, refunded=total)
    assert kinds(placed) == ["started", "charged", "expired", "refund_due", "refunded"]


def test_money_on_its_way_is_pending_until_it_comes_or_fails(bag):
    placed = buy({bag: 1}, method="transfer")
    attempt_id = transfer_attempt(placed).id
    waiting = Receipt("x", "waiting")
    for _ in range(2):
        assert apply_receipt("transfer", waiting, order_id=placed.id, attempt_id=attempt_id) == "waiting"
    assert money_of(placed.id).pending > 0
    failed = Receipt("x", "failed")
    assert apply_receipt("transfer", failed, order_id=placed.id, attempt_id=attempt_id) == "failed"
    assert apply_receipt("transfer", failed, order_id=placed.id, attempt_id=attempt_id) == "late"
    assert money_of(placed.id) == Sums()
    assert kinds(placed) == ["started", "pending", "failed"]


def test_attempts_of_one_order_are_independent(bag):
    placed = buy({bag: 1}, method="transfer")
    first = transfer_attempt(placed).id
    apply_receipt("transfer", Receipt("x", "expired"), order_id=placed.id, attempt_id=first)
    second = start_attempt(placed.id, "transfer")
    assert second != first
    states = {row.id: row.status for row in database.session.scalars(select(PaymentAttempt))}
    assert states == {first: AttemptStatus.EXPIRED, second: AttemptStatus.STARTED}


def test_an_expired_order_ends_its_attempts_in_the_record(bag):
    placed = buy({bag: 1}, method="transfer")
    transfer_attempt(placed)
    with clock.travel(clock.now() + timedelta(days=3)):
        expire_orders()
    assert kinds(placed) == ["started", "expired"]


@pytest.mark.parametrize("statement", ["UPDATE payment_events SET amount = 1", "DELETE FROM payment_events"])
def test_events_are_written_once(bag, statement):
    pay(buy({bag: 1}))
    with pytest.raises(DatabaseError), transaction():
        database.session.execute(text(statement))
