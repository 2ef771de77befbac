"""Many hands on one refund, on real threads and both databases: exactly one wins, nobody is paid twice."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from storefront.core.db import db as database
from storefront.core.errors import Invalid
from storefront.desk.queries.audit import verify
from storefront.orders.models import OrderStatus
from storefront.orders.services import Actor, IllegalMove
from storefront.orders.services.parts import contents_mark
from storefront.payments.models import Refund
from storefront.payments.services import (
    cancel_order,
    cancel_own_order,
    cannot_make,
    mark_refund_sent,
    refund_lines,
)
from storefront.payments.services.refunds import NothingToRefund
from storefront.revenue.models import Journal, JournalKind
from tests import factories
from tests.buying import balance, buy, open_shop, order_of, pay, stock_of
from tests.checkout.test_races import at_once

NOBODY = Actor()


@pytest.fixture
def paid(db):
    """Four bags, paid by card."""
    open_shop()
    placed = buy({factories.product(price=75_000, stock=9): 4})
    pay(placed)
    return placed


def line_of(placed) -> int:
    return order_of(placed).lines[0].id


def refunded() -> int:
    return database.session.scalar(select(func.coalesce(func.sum(Refund.amount), 0)))


def give(placed, line: int, pieces: int, key: str):
    return lambda: refund_lines(placed.id, {line: pieces}, reason="Rusak", actor=NOBODY, key=key)


def sound() -> None:
    database.session.rollback()
    assert [(found.rule, found.offenders) for found in verify() if not found.holds] == []


def test_the_same_refund_asked_for_by_24_clients_is_one(app, paid):
    line = line_of(paid)
    ids = at_once(app, [give(paid, line, 1, "same")] * 24)
    assert len(set(ids)) == 1
    assert refunded() == 75_000


def test_two_parts_that_together_are_too_much_do_not_both_win(app, paid):
    line = line_of(paid)
    results = at_once(app, [give(paid, line, 3, f"k{number}") for number in range(12)])
    assert Counter(isinstance(result, int) for result in results) == {True: 1, False: 11}
    assert {result for result in results if isinstance(result, type)} == {Invalid}
    assert refunded() == 225_000


def test_cancelled_and_reduced_and_refunded_at_once_gives_no_more_than_was_paid(app, paid):
    line, total = line_of(paid), order_of(paid).total
    parcel = order_of(paid).parcels[0]
    facility_id, parcel_id, mark = parcel.facility_id, parcel.id, contents_mark(parcel)
    reduce = {"reason": "Kayunya habis", "seen": mark}
    jobs = [
        lambda: cancel_order(paid.id, NOBODY, reason="Tidak jadi"),
        lambda: cancel_own_order(paid.id),
        lambda: cannot_make(facility_id, parcel_id, {line: 2}, NOBODY, **reduce),
        give(paid, line, 1, "one"),
        give(paid, line, 3, "three"),
        give(paid, line, 4, "four"),
    ] * 2

    results = at_once(app, jobs, workers=12)

    refusals = {result for result in results if isinstance(result, type)}
    assert refusals <= {IllegalMove, Invalid, NothingToRefund}
    assert order_of(paid).status is OrderStatus.CANCELLED
    assert refunded() == total
    sound()


def test_a_refund_that_is_marked_sent_twelve_times_is_booked_once(app, paid):
    refund_id = give(paid, line_of(paid), 2, "k")()
    at_once(app, [lambda: mark_refund_sent(refund_id, "re_1", actor=NOBODY)] * 12, workers=12)
    reversals = select(func.count(Journal.id)).where(Journal.kind == JournalKind.REVERSAL)
    assert database.session.scalar(reversals) == 1
    assert order_of(paid).refund_due == 0
    assert balance("clearing:stripe") == order_of(paid).total - 150_000
    sound()


def test_cancelling_frees_weeks_while_others_book_them(app, db):
    open_shop()
    chair = factories.product(price=400_000, supply="made_to_order", weekly_capacity=30)
    bag = factories.product(stock=60)
    orders = [buy({chair: 1, bag: 1}) for _ in range(6)]
    for placed in orders:
        pay(placed)

    results = at_once(
        app,
        [lambda placed=placed: cancel_own_order(placed.id) for placed in orders]
        + [lambda: buy({chair: 1, bag: 1}).id] * 6,
        workers=12,
    )

    assert [result for result in results if isinstance(result, type)] == []
    assert stock_of(bag) == (60, 6)
    sound()
