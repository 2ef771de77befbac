"""Orders that staff write down: the shop's rules, once, inside the own facility; cash counted by two."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storefront.assisted.models import CashReceipt, Draft, Source
from storefront.assisted.queries import draft_of, drafts_of, find_goods
from storefront.assisted.services import (
    AlreadyPlaced,
    NotWritten,
    SameOfficer,
    add_goods,
    change_goods,
    count_cash,
    delete_stale_drafts,
    drop_draft,
    open_draft,
    place_draft,
    save_draft,
    take_cash,
)
from storefront.checkout.services import EmptyCart, TotalChanged
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid, NotFound
from storefront.core.models import AuditEntry
from storefront.orders.models import Channel, Order, OrderStatus
from storefront.orders.services import Actor
from storefront.payments.models import Case, CaseKind, Payment
from storefront.payments.services.attempts import NotPayable
from storefront.payments.services.expiry import expire_orders
from storefront.payments.services.record import Outcome
from tests import factories
from tests.buying import balance, only, open_shop, order_of, pay, somebody, stock_of


@pytest.fixture(autouse=True)
def shop(db):
    open_shop()


@pytest.fixture
def lapas(shop):
    return factories.facility("LPA").id


@pytest.fixture
def officers(lapas):
    return tuple(Actor(factories.user("facility_staff").id) for _number in range(2))


@pytest.fixture
def bag(lapas):
    maker = database.session.get(type(factories.facility()), lapas)
    return factories.product(maker, title="Tas Anyam", price=100_000, stock=3)


@pytest.fixture
def draft(lapas, officers, bag):
    made = open_draft(lapas, officers[0].id, Source.COUNTER)
    add_goods(lapas, made, only(bag).id, 2)
    return made


def place(lapas, draft, officer, **changes):
    pickups = changes.pop("pickups", frozenset({lapas}))
    return place_draft(
        lapas, draft, somebody(), officer, payment_method=changes.pop("method", "cash"), pickups=pickups,
        **changes,
    )  # fmt: skip


def test_a_draft_becomes_an_order_like_any_other(lapas, draft, officers, bag):
    placed = place(lapas, draft, officers[0], seen_total=200_000)
    order = order_of(placed)
    assert (order.status, order.channel, order.total) == (OrderStatus.PENDING, Channel.STAFF, 200_000)
    assert stock_of(bag) == (3, 2)
    assert draft_of(lapas, draft).order_id == order.id
    act = database.session.scalars(select(AuditEntry).filter_by(action="order.written")).one()
    assert (act.actor_id, act.facility_id, act.subject_id) == (officers[0].id, lapas, placed.number)


def test_a_second_click_finds_the_same_order(lapas, draft, officers, bag):
    first, again = place(lapas, draft, officers[0]), place(lapas, draft, officers[1])
    assert (first.number, first.is_new, again.is_new) == (again.number, True, False)
    assert stock_of(bag) == (3, 2)


def test_what_is_typed_is_kept_and_goes_when_the_order_has_it(lapas, draft, officers):
    save_draft(lapas, draft, {"nama": "Siti", "telepon": "ngawur", "alamat": "Jl. Contoh"})
    assert draft_of(lapas, draft).typed["telepon"] == "ngawur"
    place(lapas, draft, officers[0])
    assert draft_of(lapas, draft).typed == {}
    with pytest.raises(AlreadyPlaced):
        save_draft(lapas, draft, {"nama": "Lain"})
    with pytest.raises(AlreadyPlaced):
        drop_draft(lapas, draft)


def test_a_draft_holds_no_stock_and_sells_what_is_there(lapas, draft, officers, bag):
    assert stock_of(bag) == (3, 0)
    notice = add_goods(lapas, draft, only(bag).id, 5)
    assert "1" in notice
    assert place(lapas, draft, officers[0]).is_new
    assert stock_of(bag) == (3, 3)
    with pytest.raises(NotFound):
        change_goods(lapas, open_draft(lapas, officers[0].id, Source.PHONE), 1, 1)


def test_nothing_in_it_is_no_order(lapas, officers):
    empty = open_draft(lapas, officers[0].id, Source.PHONE)
    with pytest.raises(EmptyCart):
        place(lapas, empty, officers[0])


def test_another_sum_than_the_one_that_was_seen_asks_again(lapas, draft, officers):
    with pytest.raises(TotalChanged):
        place(lapas, draft, officers[0], seen_total=150_000)
    assert draft_of(lapas, draft).order_id is None


def test_a_facility_sells_and_sees_its_own_only(lapas, draft, officers, bag):
    other = factories.facility("LPB").id
    with pytest.raises(NotFound):
        draft_of(other, draft)
    with pytest.raises(NotFound):
        add_goods(other, draft, only(bag).id, 1)
    with pytest.raises(NotFound):
        place(other, draft, officers[0])
    theirs = open_draft(other, officers[0].id, Source.PHONE)
    with pytest.raises(NotFound):
        add_goods(other, theirs, only(bag).id, 1)
    assert find_goods(other, "tas") == []
    assert [row.title for row in find_goods(lapas, "tas anyam")] == ["Tas Anyam"]
    assert [row.id for row in drafts_of(lapas)[0]] == [draft]
    assert len(drafts_of(None)[0]) == 2
    add_goods(None, open_draft(None, officers[0].id, Source.PHONE), only(bag).id, 1)


def test_little_cash_is_taken_by_one_officer_once(lapas, draft, officers):
    order_id = place(lapas, draft, officers[0]).id
    assert take_cash(lapas, draft, officers[0], amount=200_000) is Outcome.PAID
    assert take_cash(lapas, draft, officers[0], amount=200_000) is Outcome.REPEAT
    order = database.session.get_one(Order, order_id)
    assert order.status is OrderStatus.PAID
    assert database.session.scalar(select(func.count(Payment.id))) == 1
    payment = database.session.scalars(select(Payment)).one()
    assert (payment.provider, payment.reference, payment.recorded_by_id) == (
        "cash", f"TUNAI-{order.number}", officers[0].id,
    )  # fmt: skip


@pytest.mark.parametrize("amount", [199_999, 200_001, 0])
def test_cash_is_the_exact_sum(lapas, draft, officers, amount):
    place(lapas, draft, officers[0])
    with pytest.raises(Invalid):
        take_cash(lapas, draft, officers[0], amount=amount)
    assert database.session.scalar(select(func.count(CashReceipt.id))) == 0


@pytest.mark.settings(CASH_ALONE_MAX=199_999)
def test_much_cash_is_counted_by_a_second_officer(lapas, draft, officers):
    placed = place(lapas, draft, officers[0])
    with pytest.raises(NotWritten):
        count_cash(lapas, draft, officers[1])
    assert take_cash(lapas, draft, officers[0], amount=200_000) is None
    order = order_of(placed)
    assert order.status is OrderStatus.PENDING
    assert order.pay_by > clock.now() + timedelta(hours=47)
    with pytest.raises(SameOfficer):
        count_cash(lapas, draft, officers[0])
    assert count_cash(lapas, draft, officers[1]) is Outcome.PAID
    assert count_cash(lapas, draft, officers[0]) is Outcome.REPEAT
    assert order_of(placed).status is OrderStatus.PAID
    assert sum(balance(account) for account in ("clearing:cash",)) == 200_000


@pytest.mark.settings(CASH_ALONE_MAX=200_000)
def test_cash_up_to_the_limit_needs_no_second_officer(lapas, draft, officers):
    place(lapas, draft, officers[0])
    assert take_cash(lapas, draft, officers[0], amount=200_000) is Outcome.PAID


@pytest.mark.settings(CASH_ALONE_MAX=199_999)
@pytest.mark.parametrize("meanwhile", ["paid", "expired"])
def test_cash_in_the_drawer_is_written_down_whatever_became_of_the_order(lapas, draft, officers, meanwhile):
    placed = place(lapas, draft, officers[0])
    take_cash(lapas, draft, officers[0], amount=200_000)
    if meanwhile == "paid":
        pay(placed, provider="qris")
    else:
        expire_orders(order_of(placed).pay_by + timedelta(seconds=1))

    assert count_cash(lapas, draft, officers[1]) is Outcome.REVIEW
    assert count_cash(lapas, draft, officers[1]) is Outcome.REPEAT

    assert balance("clearing:cash") == 200_000
    assert balance("suspense") == -200_000
    [case] = database.session.scalars(select(Case))
    assert case.kind is (CaseKind.DOUBLE if meanwhile == "paid" else CaseKind.LATE)


def test_cash_for_what_is_over_is_not_taken(lapas, draft, officers):
    placed = place(lapas, draft, officers[0])
    with clock.travel(clock.now() + timedelta(hours=1)):
        with pytest.raises(NotPayable):
            take_cash(lapas, draft, officers[0], amount=200_000)
        expire_orders()
        with pytest.raises(NotPayable):
            take_cash(lapas, draft, officers[0], amount=200_000)
    assert order_of(placed).status is OrderStatus.EXPIRED


def test_drafts_that_nobody_touches_are_forgotten(lapas, draft, officers):
    kept = open_draft(lapas, officers[0].id, Source.PHONE)
    place(lapas, draft, officers[0])
    assert delete_stale_drafts() == 0
    with clock.travel(clock.now() + timedelta(days=31)):
        assert delete_stale_drafts() == 1
    assert database.session.get(Draft, kept) is None
    assert database.session.get(Draft, draft) is not None


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_many_clicks_at_once_are_one_order_and_one_payment(app, lapas, draft, officers, bag):
    def at_once(act):
        gate, done = threading.Barrier(8), []

        def run():
            with app.app_context():
                gate.wait()
                done.append(act())

        threads = [threading.Thread(target=run) for _number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return done

    database.session.rollback()
    placed = at_once(lambda: place(lapas, draft, officers[0]))
    assert len({one.number for one in placed}) == 1
    assert sum(one.is_new for one in placed) == 1
    taken = at_once(lambda: take_cash(lapas, draft, officers[0], amount=200_000))
    assert sorted(taken) == sorted([Outcome.PAID] + [Outcome.REPEAT] * 7)
    database.session.rollback()
    assert database.session.scalar(select(func.count(Payment.id))) == 1
    assert stock_of(bag) == (1, 0)
