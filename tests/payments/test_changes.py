"""Orders that change: cancelled by their buyer, reduced, divided and put together, sent late."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storefront.core import clock, outbox
from storefront.core.errors import Invalid, NotFound
from storefront.core.transactions import transaction
from storefront.desk.queries.audit import verify
from storefront.inventory.models import ProductionSlot
from storefront.inventory.services import OutOfStock
from storefront.orders.models import OrderStatus, Parcel, ParcelStatus
from storefront.orders.queries import late_parcels
from storefront.orders.services import Actor, IllegalMove, accept_parcel, pack_parcel
from storefront.orders.services.late import tell_late
from storefront.orders.services.parts import (
    contents_mark,
    create_exchange_parcel,
    merge_parcel,
    split_parcel,
)
from storefront.payments.models import Refund
from storefront.payments.services import cancel_order, cancel_own_order, cannot_make
from storefront.payments.services.changes import AlreadyPacked
from tests import buying, factories
from tests.buying import order_of, stock_of

NOBODY = Actor()


def sound() -> None:
    """Every rule of the audit holds."""
    assert [(found.rule, found.offenders) for found in verify() if not found.holds] == []


@pytest.fixture
def bag(db):
    """A bag of which nine lie in the storeroom."""
    buying.open_shop()
    return factories.product(price=75_000, stock=9, weight=400)


def paid(wishes):
    placed = buying.buy(wishes)
    buying.pay(placed)
    return placed


def parcel_of(placed, number: int = 0) -> Parcel:
    return order_of(placed).parcels[number]


def contents(placed) -> list[tuple[str, list[int]]]:
    """Each parcel's status and the pieces in it."""
    return [
        (parcel.status.value, [item.quantity for item in parcel.items]) for parcel in order_of(placed).parcels
    ]


def reduce(placed, pieces, *, lost=None, number: int = 0, seen: str | None = None):
    parcel = parcel_of(placed, number)
    mark = contents_mark(parcel) if seen is None else seen
    return cannot_make(
        parcel.facility_id, parcel.id, pieces, NOBODY, reason="Kayunya habis", lost=lost, seen=mark
    )


def owed(placed, db) -> int:
    return db.session.scalar(select(func.coalesce(func.sum(Refund.amount), 0)).filter_by(order_id=placed.id))


@pytest.mark.parametrize("is_paid", [False, True])
def test_a_buyer_cancels_before_anything_is_packed(bag, db, is_paid):
    placed = buying.buy({bag: 2})
    if is_paid:
        buying.pay(placed)
        accept_parcel(parcel_of(placed).facility_id, parcel_of(placed).id, NOBODY)
    cancel_own_order(placed.id)
    assert order_of(placed).status is OrderStatus.CANCELLED
    assert stock_of(bag) == (9, 0)
    assert owed(placed, db) == (order_of(placed).total if is_paid else 0)
    with pytest.raises(IllegalMove):
        cancel_own_order(placed.id)
    sound()


def test_a_buyer_cannot_cancel_what_is_packed(bag, db):
    placed = paid({bag: 1})
    parcel = parcel_of(placed)
    facility_id, parcel_id = parcel.facility_id, parcel.id
    accept_parcel(facility_id, parcel_id, NOBODY)
    pack_parcel(facility_id, parcel_id, NOBODY)
    with pytest.raises(AlreadyPacked):
        cancel_own_order(placed.id)
    assert order_of(placed).status is OrderStatus.PAID


def test_damaged_goods_of_a_cancelled_order_do_not_go_back_on_the_shelf(bag, db):
    placed = paid({bag: 3})
    line = order_of(placed).lines[0].id
    with pytest.raises(Invalid):
        cancel_order(placed.id, NOBODY, reason="Kebanjiran", lost={line: 4})
    cancel_order(placed.id, NOBODY, reason="Kebanjiran", lost={line: 1})
    assert stock_of(bag) == (8, 0)
    sound()


def test_what_cannot_be_made_goes_back_and_the_rest_goes_on(bag, db):
    placed = paid({bag: 3})
    line = order_of(placed).lines[0].id
    shipping = order_of(placed).shipping

    reduce(placed, {line: 2}, lost={line: 1})

    assert contents(placed) == [("waiting", [1])]
    assert order_of(placed).lines[0].cancelled == 2
    assert parcel_of(placed).weight == 400
    assert owed(placed, db) == 150_000
    assert stock_of(bag) == (7, 0)
    assert order_of(placed).status is OrderStatus.PAID
    sound()

    reduce(placed, {line: 1})

    assert owed(placed, db) == 225_000 + shipping
    assert contents(placed) == [("cancelled", [1])]
    assert order_of(placed).status is OrderStatus.CANCELLED
    sound()


def test_a_button_pressed_twice_takes_out_once(bag, db):
    placed = paid({bag: 3})
    line = order_of(placed).lines[0].id
    mark = contents_mark(parcel_of(placed))
    reduce(placed, {line: 1}, seen=mark)
    with pytest.raises(IllegalMove):
        reduce(placed, {line: 1}, seen=mark)
    assert owed(placed, db) == 75_000


def test_no_more_is_taken_out_than_there_is_and_only_of_ones_own(bag, db):
    placed = paid({bag: 2})
    parcel, line = parcel_of(placed), order_of(placed).lines[0].id
    mark, parcel_id, mine = contents_mark(parcel), parcel.id, parcel.facility_id
    stranger = factories.facility().id
    with pytest.raises(Invalid):
        cannot_make(mine, parcel_id, {line: 3}, NOBODY, reason="Kayunya habis", seen=mark)
    for facility_id, line_id in ((stranger, line), (mine, line + 99)):
        with pytest.raises(NotFound):
            cannot_make(facility_id, parcel_id, {line_id: 1}, NOBODY, reason="Kayunya habis", seen=mark)
    assert owed(placed, db) == 0


def test_what_was_taken_out_before_is_not_written_off_again(bag):
    placed = paid({bag: 3})
    line = order_of(placed).lines[0].id
    reduce(placed, {line: 1})
    with pytest.raises(Invalid):
        cancel_order(placed.id, NOBODY, reason="Kebanjiran", lost={line: 3})
    cancel_order(placed.id, NOBODY, reason="Kebanjiran", lost={line: 2})
    assert stock_of(bag) == (7, 0)
    sound()


def test_a_cancelled_chair_frees_its_place_in_the_week(db):
    buying.open_shop()
    chair = factories.product(price=400_000, supply="made_to_order")
    placed = paid({chair: 3})
    booked = select(func.sum(ProductionSlot.booked))
    assert db.session.scalar(booked) == 3
    reduce(placed, {order_of(placed).lines[0].id: 2})
    assert db.session.scalar(booked) == 1
    assert parcel_of(placed).ready_by is not None
    sound()


def test_a_parcel_is_divided_and_put_together_again(bag, db):
    mat = factories.product(bag.facility, price=50_000, weight=1000)
    placed = paid({bag: 3, mat: 1})
    parcel = parcel_of(placed)
    facility_id, parcel_id, mark = parcel.facility_id, parcel.id, contents_mark(parcel)
    bags, mats = (line.id for line in order_of(placed).lines)

    fresh = split_parcel(facility_id, parcel_id, {bags: 1, mats: 1}, NOBODY, seen=mark)

    assert contents(placed) == [("waiting", [2]), ("waiting", [1, 1])]
    assert [parcel.weight for parcel in order_of(placed).parcels] == [800, 1400]
    assert [parcel.shipping_cost for parcel in order_of(placed).parcels][1] == 0
    assert parcel_of(placed, 1).code.endswith("-2")
    with pytest.raises(IllegalMove):
        split_parcel(facility_id, parcel_id, {bags: 1}, NOBODY, seen=mark)
    sound()

    assert merge_parcel(facility_id, fresh, NOBODY) == parcel_id
    assert contents(placed) == [("waiting", [3, 1]), ("cancelled", [])]
    assert parcel_of(placed).weight == 2200
    with pytest.raises(IllegalMove):
        merge_parcel(facility_id, parcel_id, NOBODY)
    sound()


def test_shipping_goes_back_only_when_nothing_of_the_facility_is_sent(bag, db):
    placed = paid({bag: 2})
    line, parcel = order_of(placed).lines[0].id, parcel_of(placed)
    split_parcel(parcel.facility_id, parcel.id, {line: 1}, NOBODY, seen=contents_mark(parcel))
    reduce(placed, {line: 1})
    assert owed(placed, db) == 75_000
    reduce(placed, {line: 1}, number=1)
    assert owed(placed, db) == order_of(placed).total
    sound()


def test_a_parcel_keeps_something(bag, db):
    placed = paid({bag: 2})
    line, parcel = order_of(placed).lines[0].id, parcel_of(placed)
    facility_id, parcel_id, mark = parcel.facility_id, parcel.id, contents_mark(parcel)
    for pieces in ({}, {line: 0}, {line: 2}, {line: 3}):
        with pytest.raises(Invalid):
            split_parcel(facility_id, parcel_id, pieces, NOBODY, seen=mark)
    with pytest.raises(NotFound):
        split_parcel(facility_id, parcel_id, {line + 99: 1}, NOBODY, seen=mark)


def exchange(parcel_id: int, pieces, key: str = "c1") -> int:
    with transaction():
        return create_exchange_parcel(parcel_id, pieces, actor=NOBODY, key=key)


def test_an_exchange_is_sent_once_and_for_free(bag, db):
    placed = paid({bag: 3})
    line, first = order_of(placed).lines[0].id, parcel_of(placed).id
    again = exchange(first, {line: 2})
    assert exchange(first, {line: 2}) == again
    assert stock_of(bag) == (4, 0)
    parcel = parcel_of(placed, 1)
    assert (parcel.id, parcel.exchange_of_id, parcel.shipping_cost) == (again, first, 0)
    assert owed(placed, db) == 0
    sound()
    with pytest.raises(OutOfStock):
        exchange(first, {line: 3}, "c2") and exchange(first, {line: 3}, "c3")


def test_no_more_is_exchanged_than_the_parcel_held(bag):
    placed = paid({bag: 2})
    line, first = order_of(placed).lines[0].id, parcel_of(placed).id
    for pieces in ({line: 3}, {line: 0}, {line: -1}, {line + 99: 1}, {}):
        with pytest.raises(NotFound):
            exchange(first, pieces)
    assert stock_of(bag) == (7, 0)


def test_no_more_is_written_off_than_is_taken_out(bag):
    placed = paid({bag: 3})
    line = order_of(placed).lines[0].id
    with pytest.raises(Invalid):
        reduce(placed, {line: 1}, lost={line: 2})
    assert stock_of(bag) == (6, 0)


def test_who_waits_too_long_is_told_once(bag, db):
    placed = paid({bag: 1})
    packed = paid({bag: 1})
    accept_parcel(parcel_of(packed).facility_id, parcel_of(packed).id, NOBODY)
    pack_parcel(parcel_of(packed).facility_id, parcel_of(packed).id, NOBODY)
    assert (tell_late(), late_parcels()) == (0, 0)
    with clock.travel(clock.now() + timedelta(days=15)):
        assert late_parcels(bag.facility_id) == 1
        assert (tell_late(), tell_late()) == (1, 0)
    assert parcel_of(placed).late_told_at is not None
    assert parcel_of(placed).status is ParcelStatus.WAITING
    assert [event.kind for event in order_of(placed).events].count("late") == 1
    outbox.drain()
    sound()
