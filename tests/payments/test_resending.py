"""Refunds that no job sends any more: the vendor was away for longer than an hour."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.models import Job, JobState
from storefront.core.outbox import MAX_ATTEMPTS, drain
from storefront.core.transactions import transaction
from storefront.orders.services import Actor
from storefront.payments.models import Case, CaseKind, PaymentAttempt, Refund, RefundStatus
from storefront.payments.services import cancel_order, mark_refund_sent, start_attempt, start_page
from storefront.payments.services.attempts import ask
from storefront.payments.services.resending import resend_refunds
from tests import factories
from tests.buying import buy, open_shop, order_of

pytestmark = pytest.mark.cards


@pytest.fixture
def placed(db, vendor):
    """A cancelled order whose refund gave up."""
    open_shop()
    placed = buy({factories.product(price=100_000, stock=5): 1})
    attempt_id = start_attempt(placed.id, "card")
    start_page(attempt_id, back="http://127.0.0.1/pesanan/x")
    vendor.control.pay(database.session.get_one(PaymentAttempt, attempt_id).reference)
    ask({"attempt_id": attempt_id})
    cancel_order(placed.id, Actor(), reason="Barang rusak di gudang")
    with transaction():
        gave_up = update(Job).where(Job.kind == "refund.send")
        database.session.execute(gave_up.values(state=JobState.FAILED, attempts=MAX_ATTEMPTS))
    return placed


def the_refund() -> Refund:
    database.session.expire_all()
    return database.session.scalars(select(Refund)).one()


def test_it_is_asked_for_again_and_leaves_once(placed, vendor):
    drain()
    assert the_refund().status is RefundStatus.DUE

    assert [resend_refunds(), resend_refunds()] == [1, 0]
    drain()

    assert the_refund().status is RefundStatus.SENT
    assert len(vendor.control.refunds()) == 1
    assert order_of(placed).refund_due == 0
    assert resend_refunds() == 0


def test_after_a_day_an_officer_sends_it(placed, vendor):
    with clock.travel(clock.now() + timedelta(hours=21)):
        resend_refunds()
        resend_refunds()
        drain()

    assert vendor.control.refunds() == []
    refund = the_refund()
    assert (refund.status, refund.by_hand) == (RefundStatus.FAILED, True)
    assert [case.kind for case in database.session.scalars(select(Case))] == [CaseKind.REFUND_FAILED]
    mark_refund_sent(refund.id, "BR-1", actor=Actor(factories.user().id))
    assert order_of(placed).refund_due == 0


def test_what_a_job_still_sends_is_left_alone(placed):
    with transaction():
        database.session.execute(update(Job).values(state=JobState.READY, attempts=1))
    assert resend_refunds() == 0
