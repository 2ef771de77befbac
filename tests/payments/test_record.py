"""The one way to become paid, and what happens to money that does not fit."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.models import Job
from storefront.inventory.services import OutOfStock, count
from storefront.orders.models import OrderStatus, ParcelStatus
from storefront.orders.services import Actor, accept_parcel, pack_parcel, ship_parcel
from storefront.payments.models import Advice, Case, CaseKind, Payment, Refund, RefundStatus
from storefront.payments.services import (
    accept_case,
    cancel_order,
    expire_orders,
    mark_refund_sent,
    record_payment,
    refund_case,
)
from storefront.payments.services.cases import CannotAccept, CaseClosed
from storefront.payments.services.changes import TooLate
from storefront.payments.services.record import Money, Outcome
from tests import factories
from tests.buying import balance, buy, only, open_shop, order_of, pay, stock_of

pytestmark = pytest.mark.usefixtures("db")
OFFICER = Actor()


@pytest.fixture(autouse=True)
def shop(db):
    open_shop()


@pytest.fixture
def bag(shop):
    return factories.product(price=100_000, stock=5)


def expire(placed):
    with clock.travel(order_of(placed).pay_by + timedelta(seconds=1)):
        return expire_orders()


def the_case():
    database.session.expire_all()
    return database.session.scalars(select(Case)).one()


def test_money_that_fits_pays_sells_and_books_once(bag):
    placed = buy({bag: 2})

    assert pay(placed) is Outcome.PAID
    assert pay(placed) is Outcome.REPEAT

    order = order_of(placed)
    assert order.status is OrderStatus.PAID
    assert order.paid_at is not None
    assert stock_of(bag) == (3, 0)
    assert balance("clearing:stripe") == order.total
    assert balance("sales") == -200_000
    assert balance("shipping") == -order.shipping
    assert database.session.scalar(select(func.count(Payment.id))) == 1
    assert database.session.scalar(select(func.count(Job.id)).where(Job.kind == "letter.paid")) == 1


@pytest.mark.parametrize(
    ("difference", "kind"), [(-1, CaseKind.UNDERPAID), (1, CaseKind.OVERPAID)], ids=["short", "over"]
)
def test_a_wrong_amount_pays_nothing_and_is_kept(bag, difference, kind):
    placed = buy({bag: 1})
    total = order_of(placed).total

    assert pay(placed, amount=total + difference) is Outcome.REVIEW

    order = order_of(placed)
    assert (order.status, order.needs_review) == (OrderStatus.PENDING, True)
    assert the_case().kind is kind
    assert balance("suspense") == -(total + difference)
    assert stock_of(bag) == (5, 1)


def test_foreign_money_stays_out_of_the_ledger(bag):
    placed = buy({bag: 1})
    money = Money("stripe", "pi_usd", 1200, clock.now(), currency="USD")
    assert record_payment(money, order_id=placed.id) is Outcome.REVIEW
    assert the_case().kind is CaseKind.FOREIGN_CURRENCY
    assert balance("clearing:stripe") == 0


def test_money_for_nobody_is_kept_once(db):
    money = Money("stripe", "pi_stray", 50_000, clock.now())
    assert record_payment(money, order_id=None) is Outcome.REVIEW
    assert record_payment(money, order_id=None) is Outcome.REPEAT
    assert the_case().kind is CaseKind.UNKNOWN_ORDER
    assert balance("suspense") == -50_000


def test_paying_twice_keeps_the_second_money_apart(bag):
    placed = buy({bag: 1})
    pay(placed)
    assert pay(placed, reference="pi_second") is Outcome.REVIEW
    order = order_of(placed)
    assert (order.status, order.needs_review) == (OrderStatus.PAID, True)
    assert the_case().kind is CaseKind.DOUBLE
    assert balance("suspense") == -order.total
    with pytest.raises(CannotAccept):
        accept_case(the_case().id, OFFICER)


def test_an_order_that_nobody_paid_expires_once_and_gives_the_stock_back(bag):
    placed = buy({bag: 2})
    assert expire_orders() == 0
    assert expire(placed) == 1
    assert expire(placed) == 0

    order = order_of(placed)
    assert order.status is OrderStatus.EXPIRED
    assert [parcel.status for parcel in order.parcels] == [ParcelStatus.CANCELLED]
    assert stock_of(bag) == (5, 0)


def test_late_money_is_recorded_and_revives_nothing(bag):
    placed = buy({bag: 1})
    expire(placed)

    assert pay(placed) is Outcome.REVIEW

    assert order_of(placed).status is OrderStatus.EXPIRED
    assert the_case().kind is CaseKind.LATE
    assert stock_of(bag) == (5, 0)


def test_an_officer_accepts_late_money_while_the_goods_are_there(bag):
    placed = buy({bag: 1})
    expire(placed)
    pay(placed)

    accept_case(the_case().id, OFFICER)

    order = order_of(placed)
    assert (order.status, order.needs_review) == (OrderStatus.PAID, False)
    assert [parcel.status for parcel in order.parcels] == [ParcelStatus.WAITING]
    assert stock_of(bag) == (4, 0)
    assert (balance("suspense"), balance("clearing:stripe")) == (0, order.total)
    with pytest.raises(CaseClosed):
        refund_case(the_case().id, OFFICER)


def test_work_that_is_accepted_late_is_ready_when_the_workshop_has_time_again(bag):
    chair = factories.product(price=400_000, supply="made_to_order", weekly_capacity=1, lead_days=2)
    placed = buy({chair: 1, bag: 1})
    expire(placed)
    pay(placed)
    before = max(line.ready_by for line in order_of(placed).lines if line.made_to_order)
    with clock.travel(order_of(placed).pay_by + timedelta(seconds=2)):
        buy({chair: 2})  # others have the first two weeks now
        accept_case(the_case().id, OFFICER)

    order = order_of(placed)
    [line] = [line for line in order.lines if line.made_to_order]
    assert line.ready_by >= before + timedelta(days=14)
    assert sorted(str(parcel.ready_by) for parcel in order.parcels) == sorted([str(line.ready_by), "None"])


def test_late_money_cannot_be_accepted_when_the_goods_are_gone(bag):
    placed = buy({bag: 1})
    expire(placed)
    pay(placed)
    count(bag.facility_id, only(bag).id, 0)

    with pytest.raises(OutOfStock):
        accept_case(the_case().id, OFFICER)

    assert order_of(placed).status is OrderStatus.EXPIRED
    assert the_case().resolved_at is None
    assert balance("suspense") == -order_of(placed).total


def test_suspended_money_goes_back_and_the_accounts_are_even(bag):
    placed = buy({bag: 1})
    expire(placed)
    pay(placed)

    refund_case(the_case().id, OFFICER)
    refund = database.session.scalars(select(Refund)).one()
    assert refund.status is RefundStatus.DUE
    assert order_of(placed).refund_due == refund.amount
    mark_refund_sent(refund.id, "re_1", actor=OFFICER)
    mark_refund_sent(refund.id, "re_1", actor=OFFICER)

    assert (balance("suspense"), balance("clearing:stripe")) == (0, 0)
    assert order_of(placed).refund_due == 0


def test_cancelling_a_paid_order_puts_everything_back(bag):
    placed = buy({bag: 2})
    pay(placed)

    cancel_order(placed.id, OFFICER, reason="Barang ternyata rusak")

    order = order_of(placed)
    assert (order.status, order.refund_due) == (OrderStatus.CANCELLED, order.total)
    assert stock_of(bag) == (5, 0)
    assert balance("sales") == -200_000  # the money is still here
    refund = database.session.scalars(select(Refund)).one()
    mark_refund_sent(refund.id, "re_2", actor=OFFICER)
    assert (balance("sales"), balance("shipping"), balance("clearing:stripe")) == (0, 0, 0)


def test_money_for_what_was_paid_before_is_double_whatever_came_of_it(bag):
    placed = buy({bag: 1})
    pay(placed)
    cancel_order(placed.id, OFFICER, reason="Barang ternyata rusak")
    assert pay(placed, reference="pi_second") is Outcome.REVIEW
    case = the_case()
    assert (case.kind, case.advice) == (CaseKind.DOUBLE, Advice.REFUND)
    with pytest.raises(CannotAccept):
        accept_case(case.id, OFFICER)


def test_cancelling_an_unpaid_order_only_frees_the_stock(bag):
    placed = buy({bag: 2})
    cancel_order(placed.id, OFFICER, reason="Pembeli berubah pikiran")
    assert stock_of(bag) == (5, 0)
    assert database.session.scalar(select(func.count(Refund.id))) == 0


def test_a_parcel_that_left_cannot_be_cancelled(bag):
    placed = buy({bag: 1})
    pay(placed)
    parcel = order_of(placed).parcels[0].id
    accept_parcel(bag.facility_id, parcel, OFFICER)
    pack_parcel(bag.facility_id, parcel, OFFICER)
    ship_parcel(bag.facility_id, parcel, OFFICER, courier="JNE", waybill="CGK123456")
    with pytest.raises(TooLate):
        cancel_order(placed.id, OFFICER, reason="Terlambat sekali")
    assert order_of(placed).status is OrderStatus.PAID
