"""Twenty-four buyers and one voucher, on real threads: one has it, nobody else pays less, nobody is stuck."""

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import func, select

from storefront.checkout.services import TotalChanged, place_order
from storefront.core.db import db as database
from storefront.desk.queries.audit import money, promotions, stock
from storefront.inventory.models import Reservation
from storefront.orders.models import Order, OrderDiscount
from storefront.payments.models import PaymentAttempt
from storefront.payments.services import expire_orders
from storefront.promotions.services import OfferGone
from tests import factories
from tests.buying import cart_of, open_shop, order_of, pay, somebody, stock_of
from tests.checkout.test_races import at_once
from tests.support.offers import offer, used, with_code

MANY = 24


@pytest.fixture(autouse=True)
def shop(db):
    open_shop()


def place(token: str, number: int, seen: int | None = None, **fields):
    """Place an order as one of many people."""
    buyer = somebody(phone=f"+62812000{number:05}", email=f"orang{number}@contoh.id", **fields)
    return place_order(token, buyer, payment_method="card", seen_total=seen)


def broken() -> list[str]:
    """The rules about promotions, money and stock that do not hold."""
    return [rule.name for rule in (*promotions.RULES, *money.RULES, *stock.RULES) if rule.find()]


def test_a_single_voucher_is_had_by_exactly_one_of_many(app):
    bag = factories.product(price=50_000, stock=100)
    voucher = offer(code="SATU", value=20, total_limit=1)
    tokens = [with_code(cart_of({bag: 1}), "SATU") for _ in range(MANY)]

    results = at_once(app, [partial(place, token, number) for number, token in enumerate(tokens)])

    won = [one for one in results if not isinstance(one, type)]
    refused = Counter(one for one in results if isinstance(one, type))
    # Who looked before the first had it is refused; who looked afterwards was shown the full price.
    assert set(refused) <= {OfferGone}
    cheap = [one for one in won if order_of(one).discount]
    assert [order_of(one).discount for one in cheap] == [10_000]
    assert used(voucher) == 1
    assert stock_of(bag) == (100, len(won))
    assert database.session.scalar(select(func.count(Reservation.id))) == len(won)
    assert broken() == []


def test_who_agreed_to_the_lower_sum_and_lost_is_not_charged_another_one(app):
    bag = factories.product(price=50_000, stock=100)
    voucher = offer(code="SATU", value=20, total_limit=1)
    seen = order_of(place(cart_of({bag: 1}), 999)).total - 10_000
    tokens = [with_code(cart_of({bag: 1}), "SATU") for _ in range(MANY)]

    results = at_once(app, [partial(place, token, number, seen) for number, token in enumerate(tokens)])

    won = [one for one in results if not isinstance(one, type)]
    assert len(won) == 1
    assert order_of(won[0]).total == seen
    assert {one for one in results if isinstance(one, type)} <= {OfferGone, TotalChanged}
    assert database.session.scalar(select(func.count(Order.id))) == 2
    assert database.session.scalar(select(func.count(PaymentAttempt.id))) == 0
    assert used(voucher) == 1
    assert stock_of(bag) == (100, 2)


def test_one_person_with_many_tabs_has_it_as_often_as_one_person_may(app):
    bag = factories.product(price=50_000, stock=100)
    offer(code="DUAKALI", value=20, person_limit=2)
    tokens = [with_code(cart_of({bag: 1}), "DUAKALI") for _ in range(12)]

    results = at_once(
        app, [partial(place_order, token, somebody(), payment_method="card") for token in tokens]
    )

    assert {one for one in results if isinstance(one, type)} <= {OfferGone}
    assert database.session.scalar(select(func.count(OrderDiscount.id))) == 2
    assert broken() == []


def test_two_vouchers_two_products_and_opposite_carts_do_not_lock_each_other_out(app):
    bag, mat = factories.product(stock=100), factories.product(stock=100)
    offer(name="Tas", scope="product", scope_id=bag.id, total_limit=1000)
    offer(name="Keset", scope="product", scope_id=mat.id, total_limit=1000, person_limit=1000)
    tokens = [cart_of({bag: 1, mat: 1} if number % 2 else {mat: 1, bag: 1}) for number in range(MANY)]

    results = at_once(app, [partial(place, token, number % 3) for number, token in enumerate(tokens)])

    assert all(not isinstance(result, type) for result in results)
    assert stock_of(bag) == stock_of(mat) == (100, MANY)


def test_paying_and_expiring_at_once_leave_every_use_counted_once(app):
    bag = factories.product(stock=100)
    voucher = offer(code="DUABELAS", total_limit=12)
    placed = [place(with_code(cart_of({bag: 1}), "DUABELAS"), number) for number in range(12)]
    late = max(order_of(one).pay_by for one in placed)

    def settle(one):
        return str(pay(one))

    jobs = [job for one in placed for job in (partial(settle, one), partial(expire_orders, late))]
    at_once(app, jobs)

    paid = database.session.scalar(select(func.count(Order.id)).where(Order.paid_at.is_not(None)))
    assert used(voucher) == paid
    assert broken() == []
