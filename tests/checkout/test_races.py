"""Many buyers at once, on real threads and both databases: nobody gets what another has."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from storefront.cart.services import add
from storefront.checkout.services import CartChanged, place_order
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import DomainError
from storefront.core.models import Job
from storefront.inventory.services import OutOfStock
from storefront.orders.models import Order, OrderStatus
from storefront.payments.models import Payment
from storefront.payments.services import expire_orders, record_payment, start_attempt
from storefront.payments.services.record import Money
from tests import factories
from tests.buying import balance, buy, cart_of, open_shop, order_of, somebody, stock_of


@pytest.fixture(autouse=True)
def shop(db):
    open_shop()


def at_once(app: Flask, jobs: list[Callable[[], Any]], *, workers: int = 24) -> list[Any]:
    """Run jobs on threads that start together; a refusal of the shop is a result, a crash is not."""
    workers = min(workers, len(jobs))
    gate = Barrier(workers)

    def run(batch: list[Callable[[], Any]]) -> list[Any]:
        results = []
        gate.wait(timeout=60)
        for job in batch:
            with app.app_context():
                try:
                    results.append(job())
                except DomainError as refusal:
                    results.append(type(refusal))
                finally:
                    database.session.remove()
        return results

    database.session.remove()
    with ThreadPoolExecutor(workers) as pool:
        batches = list(pool.map(run, [jobs[index::workers] for index in range(workers)]))
    return [result for batch in batches for result in batch]


def test_forty_buyers_and_five_pieces_make_five_orders(app):
    bag = factories.product(stock=5)
    tokens = [cart_of({bag: 1}) for _ in range(40)]

    results = at_once(
        app, [lambda token=token: place_order(token, somebody(), payment_method="card") for token in tokens]
    )

    kinds = Counter("order" if not isinstance(result, type) else "refused" for result in results)
    assert kinds == {"order": 5, "refused": 35}
    assert {r for r in results if isinstance(r, type)} <= {OutOfStock, CartChanged}
    assert stock_of(bag) == (5, 5)
    assert database.session.scalar(select(func.count(Order.id))) == 5


def test_opposite_carts_do_not_lock_each_other_out(app):
    bag, mat = factories.product(stock=100), factories.product(stock=100)
    ids = [bag.variants[0].id, mat.variants[0].id]
    tokens = []
    for index in range(24):
        first, second = ids if index % 2 else ids[::-1]
        token = add(None, first, 1).token
        tokens.append(add(token, second, 1).token)

    results = at_once(
        app, [lambda token=token: place_order(token, somebody(), payment_method="card") for token in tokens]
    )

    assert all(not isinstance(result, type) for result in results)
    assert stock_of(bag) == stock_of(mat) == (100, 24)


def test_ten_clicks_place_one_order(app):
    bag = factories.product(stock=20)
    token = cart_of({bag: 2})

    placed = at_once(app, [lambda: place_order(token, somebody(), payment_method="card")] * 10, workers=10)

    assert len({order.number for order in placed}) == 1
    assert sum(order.is_new for order in placed) == 1
    assert stock_of(bag) == (20, 2)
    assert database.session.scalar(select(func.count(Job.id)).where(Job.kind == "letter.placed")) == 1


def test_the_same_message_twelve_times_is_one_payment(app):
    bag = factories.product(stock=5)
    placed = buy({bag: 1})
    money = Money("stripe", "pi_same", order_of(placed).total, clock.now())

    outcomes = at_once(app, [lambda: record_payment(money, order_id=placed.id)] * 12, workers=12)

    assert Counter(str(outcome) for outcome in outcomes) == {"paid": 1, "repeat": 11}
    assert stock_of(bag) == (4, 0)
    assert database.session.scalar(select(func.count(Payment.id))) == 1
    assert balance("clearing:stripe") == money.amount


def test_unknown_money_told_by_many_at_once_is_kept_once(app):
    money = Money("stripe", "pi_stray", 75_000, clock.now())
    outcomes = at_once(app, [lambda: record_payment(money, order_id=None)] * 12, workers=12)
    assert Counter(str(outcome) for outcome in outcomes) == {"review": 1, "repeat": 11}
    assert balance("suspense") == -75_000


def test_paying_and_expiring_at_once_end_in_one_of_both(app):
    bag = factories.product(stock=30)
    orders = [buy({bag: 1}) for _ in range(12)]
    totals = {placed.id: order_of(placed).total for placed in orders}
    late = max(order_of(placed).pay_by for placed in orders) + timedelta(seconds=1)

    def pay(order_id: int) -> str:
        return str(
            record_payment(Money("stripe", f"pi_{order_id}", totals[order_id], late), order_id=order_id)
        )

    def expire() -> int:
        return expire_orders(late)

    jobs = [job for placed in orders for job in (lambda key=placed.id: pay(key), expire)]
    at_once(app, jobs)

    database.session.expire_all()
    statuses = Counter(database.session.scalars(select(Order.status)))
    paid = statuses[OrderStatus.PAID]
    assert paid + statuses[OrderStatus.EXPIRED] == 12
    assert stock_of(bag) == (30 - paid, 0)
    assert balance("clearing:stripe") == sum(totals.values())
    assert balance("sales") == -50_000 * paid


def test_open_transfers_that_start_together_ask_for_different_sums(app):
    bag = factories.product(stock=30)
    orders = [buy({bag: 1}, method="transfer") for _ in range(12)]
    attempts = at_once(app, [lambda key=placed.id: start_attempt(key, "transfer") for placed in orders])
    assert len(set(attempts)) == 12


def test_one_order_opens_one_attempt_however_often_it_is_asked(app):
    placed = buy({factories.product(stock=5): 1}, method="transfer")
    attempts = at_once(app, [lambda: start_attempt(placed.id, "transfer")] * 8, workers=8)
    assert len(set(attempts)) == 1


def test_the_last_week_of_a_workshop_is_promised_once(app):
    shoes = factories.product(supply="made_to_order", weekly_capacity=1, lead_days=1)
    place_order(cart_of({shoes: 25}), somebody(), payment_method="card")
    tokens = [cart_of({shoes: 1}) for _ in range(8)]
    results = at_once(
        app, [lambda token=token: place_order(token, somebody(), payment_method="card") for token in tokens]
    )
    assert sum(not isinstance(result, type) for result in results) == 1
