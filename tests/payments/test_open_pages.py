"""Pay pages that must not stay open, and orders that must not wait for ever."""

from collections import Counter
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import func, insert, select

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.outbox import drain
from storefront.core.transactions import transaction
from storefront.payments.models import AttemptStatus, Case, PaymentAttempt
from storefront.payments.services import cancel_own_order, start_attempt, start_page
from storefront.payments.services.attempts import NotPayable
from tests import factories
from tests.buying import buy, open_shop, order_of, pay
from tests.checkout.test_races import at_once

pytestmark = pytest.mark.cards
BACK = "http://127.0.0.1/pesanan/x"


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(price=100_000, stock=50)


def test_an_order_that_was_paid_another_way_leaves_no_page_open(bag, vendor):
    placed = buy({bag: 1})
    start_page(start_attempt(placed.id, "card"), back=BACK)
    pay(placed, provider="qris")
    drain()
    assert [session["status"] for session in vendor.control.sessions()] == ["expired"]
    assert database.session.scalar(select(func.count(Case.id))) == 0


def test_nothing_is_started_once_the_time_is_over(bag, vendor):
    placed = buy({bag: 1})
    with clock.travel(order_of(placed).pay_by + timedelta(seconds=1)), pytest.raises(NotPayable):
        start_attempt(placed.id, "card")  # also before the order has expired


def test_nobody_is_led_to_a_page_of_an_order_that_is_over(bag, vendor):
    placed = buy({bag: 1})
    attempt_id = start_attempt(placed.id, "card")
    cancel_own_order(placed.id)
    with pytest.raises(NotPayable):
        start_page(attempt_id, back=BACK)
    assert vendor.control.sessions() == []


def test_a_page_that_opened_too_late_is_closed_again(app, bag, vendor):
    placed = buy({bag: 1})
    attempt_id = start_attempt(placed.id, "card")
    vendor.control.api_fault("hang", seconds=1, after=True, count=1)
    found = []

    def open_page():
        with app.app_context():
            try:
                found.append(start_page(attempt_id, back=BACK))
            except NotPayable:
                found.append("over")

    database.session.remove()
    buyer = Thread(target=open_page)
    buyer.start()
    while not vendor.control.sessions():
        pass
    cancel_own_order(placed.id)
    buyer.join()
    drain()

    assert found == ["over"]
    assert [session["status"] for session in vendor.control.sessions()] == ["expired"]


def test_the_last_free_sum_of_an_account_is_asked_of_one_order(app, bag):
    first, *others = [buy({bag: 1}, method="transfer") for _ in range(7)]
    open_one = database.session.get_one(PaymentAttempt, start_attempt(first.id, "transfer"))
    total, common = order_of(first).total, {
        "order_id": first.id, "provider": "transfer", "method": "transfer", "status": AttemptStatus.STARTED,
        "account_id": open_one.account_id, "expires_at": open_one.expires_at, "created_at": clock.now(),
    }  # fmt: skip
    taken = [code for code in range(1, 999) if code != open_one.unique_code]
    with transaction():
        database.session.execute(
            insert(PaymentAttempt),
            [
                common | {"number": 1 + code, "unique_code": code, "amount": total + code,
                          "idempotency_key": f"taken-{code}"}
                for code in taken
            ],
        )  # fmt: skip

    found = at_once(app, [lambda key=placed.id: start_attempt(key, "transfer") for placed in others])

    free = 999 - len(taken) - 1
    assert Counter(isinstance(one, int) for one in found) == {True: free, False: len(others) - free}
    assert {one for one in found if isinstance(one, type)} == {NotPayable}
