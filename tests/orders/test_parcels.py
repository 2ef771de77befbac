"""The life of parcels: every step of the tables, no other one, by the staff of its own facility only."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, text

from storefront.checkout.services import place_order
from storefront.core.db import db as database
from storefront.core.errors import Invalid, NotFound
from storefront.core.outbox import drain
from storefront.core.transactions import transaction
from storefront.orders.models import (
    NEXT_ORDER,
    NEXT_PARCEL,
    DeliveryMethod,
    Order,
    OrderEvent,
    OrderStatus,
    Parcel,
    ParcelStatus,
)
from storefront.orders.queries import all_parcels_of, parcel_counts, parcel_of
from storefront.orders.services import (
    Actor,
    IllegalMove,
    accept_parcel,
    collect_parcel,
    finish_parcel,
    move_order,
    move_parcel,
    pack_parcel,
    ready_parcel,
    ship_parcel,
)
from tests import factories
from tests.buying import buy, cart_of, open_shop, order_of, pay, somebody

Step = Callable[[int, int, Actor], Parcel]


@pytest.fixture(autouse=True)
def shop(db):
    open_shop()


def ship(facility_id: int, parcel_id: int, actor: Actor) -> Parcel:
    return ship_parcel(facility_id, parcel_id, actor, courier="JNE", waybill="jne-12345")


def finish(facility_id: int, parcel_id: int, actor: Actor) -> Parcel:
    """It arrived, or its buyer said the code."""
    database.session.rollback()
    found = database.session.get(Parcel, parcel_id)
    if found is not None and found.status is ParcelStatus.READY and (code := found.pickup_code):
        return collect_parcel(facility_id, parcel_id, actor, code=code)
    return finish_parcel(facility_id, parcel_id, actor)


STEPS: dict[str, Step] = {
    "accept": accept_parcel, "pack": pack_parcel, "ship": ship, "ready": ready_parcel,
    "finish": finish,
}  # fmt: skip
DELIVERY = {
    (ParcelStatus.WAITING, "accept"): ParcelStatus.PROCESSING,
    (ParcelStatus.PROCESSING, "pack"): ParcelStatus.PACKED,
    (ParcelStatus.PACKED, "ship"): ParcelStatus.SHIPPED,
    (ParcelStatus.SHIPPED, "finish"): ParcelStatus.DELIVERED,
}
PICKUP = {
    (ParcelStatus.WAITING, "accept"): ParcelStatus.PROCESSING,
    (ParcelStatus.PROCESSING, "pack"): ParcelStatus.PACKED,
    (ParcelStatus.PACKED, "ready"): ParcelStatus.READY,
    (ParcelStatus.READY, "finish"): ParcelStatus.COLLECTED,
}


def paid(method: DeliveryMethod = DeliveryMethod.DELIVERY, facilities: int = 1) -> list[tuple[int, int]]:
    """A paid order with a parcel per facility: their facility and parcel ids."""
    wishes = {factories.product(): 1 for _ in range(facilities)}
    token = cart_of(wishes)
    pickups = {product.facility_id for product in wishes} if method is DeliveryMethod.PICKUP else set()
    placed = place_order(token, somebody(), payment_method="card", pickups=pickups)
    pay(placed)
    return [(parcel.facility_id, parcel.id) for parcel in order_of(placed).parcels]


def parcel(parcel_id: int) -> Parcel:
    database.session.rollback()
    return database.session.get_one(Parcel, parcel_id)


def put(parcel_id: int, status: ParcelStatus) -> None:
    """Set a parcel to a status, past the services."""
    with transaction():
        found = database.session.get_one(Parcel, parcel_id)
        found.status, found.waybill = status, "X12345"


@pytest.mark.parametrize(("method", "life"), [("delivery", DELIVERY), ("pickup", PICKUP)])
def test_staff_can_take_the_steps_of_the_life_and_no_others(method, life):
    [(facility_id, parcel_id)] = paid(DeliveryMethod(method))

    for status, (name, step) in itertools.product(ParcelStatus, STEPS.items()):
        put(parcel_id, status)
        if (status, name) in life:
            step(facility_id, parcel_id, Actor())
            assert parcel(parcel_id).status is life[status, name]
            if life[status, name] in {ParcelStatus.DELIVERED, ParcelStatus.COLLECTED}:
                assert parcel(parcel_id).order.status is OrderStatus.COMPLETED
        else:
            with pytest.raises(IllegalMove):
                step(facility_id, parcel_id, Actor())
            assert parcel(parcel_id).status is status


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_move_of_the_table_works_and_every_other_one_is_refused():
    [(_, parcel_id)] = paid()

    for before, after in itertools.product(ParcelStatus, repeat=2):
        put(parcel_id, before)
        events = len(database.session.scalars(select(OrderEvent)).all())
        if after in NEXT_PARCEL[before]:
            with transaction():
                move_parcel(database.session.get_one(Parcel, parcel_id), after, note="why")
            last = database.session.scalars(select(OrderEvent).order_by(OrderEvent.id.desc())).first()
            assert (last.from_status, last.to_status, last.parcel_id) == (before, after, parcel_id)
        else:
            with pytest.raises(IllegalMove), transaction():
                move_parcel(database.session.get_one(Parcel, parcel_id), after)
            assert len(database.session.scalars(select(OrderEvent)).all()) == events
            assert parcel(parcel_id).status is before


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_move_of_an_order_follows_its_table():
    placed = buy({factories.product(): 1})
    pay(placed)

    for before, after in itertools.product(OrderStatus, repeat=2):
        with transaction():
            database.session.get_one(Order, placed.id).status = before
        if after in NEXT_ORDER[before]:
            with transaction():
                move_order(database.session.get_one(Order, placed.id), after)
            assert order_of(placed).status is after
        else:
            with pytest.raises(IllegalMove), transaction():
                move_order(database.session.get_one(Order, placed.id), after)
            assert order_of(placed).status is before


def reachable(table, start):
    seen, todo = {start}, [start]
    while todo:
        fresh = table[todo.pop()] - seen
        seen |= fresh
        todo += fresh
    return seen


def test_the_tables_know_every_status_and_reach_it():
    assert set(NEXT_PARCEL) == reachable(NEXT_PARCEL, ParcelStatus.WAITING) == set(ParcelStatus)
    assert set(NEXT_ORDER) == reachable(NEXT_ORDER, OrderStatus.PENDING) == set(OrderStatus)
    assert not NEXT_ORDER[OrderStatus.COMPLETED] | NEXT_ORDER[OrderStatus.CANCELLED]


def test_a_second_click_is_refused_and_changes_nothing():
    [(facility_id, parcel_id)] = paid()
    accept_parcel(facility_id, parcel_id, Actor())

    with pytest.raises(IllegalMove):
        accept_parcel(facility_id, parcel_id, Actor())
    assert parcel(parcel_id).status is ParcelStatus.PROCESSING


@pytest.mark.parametrize("waybill", ["", "1234", "  ", "a b c d e", "x" * 41, "<script>", "=1+1234"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_parcel_does_not_leave_without_a_waybill(waybill):
    [(facility_id, parcel_id)] = paid()
    put(parcel_id, ParcelStatus.PACKED)

    with pytest.raises(Invalid) as refusal:
        ship_parcel(facility_id, parcel_id, Actor(), courier=" ", waybill=waybill)

    assert set(refusal.value.errors) == {"courier", "waybill"}
    assert parcel(parcel_id).status is ParcelStatus.PACKED


def test_staff_of_one_facility_never_see_nor_move_what_another_packs():
    (first, own), (_second, other) = paid(facilities=2)
    stranger = factories.facility().id

    for facility_id, parcel_id in ((first, other), (stranger, own), (stranger, other), (first, 9999)):
        for step in STEPS.values():
            with pytest.raises(NotFound):
                step(facility_id, parcel_id, Actor())
        with pytest.raises(NotFound):
            parcel_of(facility_id, parcel_id)
    assert {p.id for p in all_parcels_of(first)[0]} == {own}
    assert all_parcels_of(stranger) == ([], None)
    assert parcel_counts(stranger) == {}
    assert parcel(other).status is ParcelStatus.WAITING


def test_what_nobody_has_paid_for_does_not_exist_for_the_workshop():
    order = order_of(buy({factories.product(): 1}))
    [unpaid] = order.parcels
    facility_id, parcel_id = unpaid.facility_id, unpaid.id

    with pytest.raises(NotFound):
        accept_parcel(facility_id, parcel_id, Actor())
    with pytest.raises(NotFound):
        parcel_of(facility_id, parcel_id)
    assert all_parcels_of(facility_id) == ([], None)


def test_the_last_parcel_completes_the_order():
    (first, one), (second, two) = paid(facilities=2)
    put(one, ParcelStatus.SHIPPED)
    put(two, ParcelStatus.SHIPPED)

    finish_parcel(first, one, Actor())
    assert parcel(one).order.status is OrderStatus.PAID
    finish_parcel(second, two, Actor())
    assert parcel(two).order.status is OrderStatus.COMPLETED
    assert parcel(two).order.completed_at is not None


def test_two_facilities_that_finish_at_once_complete_the_order_once(app):
    parcels = paid(facilities=2)
    for _, parcel_id in parcels:
        put(parcel_id, ParcelStatus.SHIPPED)
    database.session.remove()
    gate = Barrier(2)

    def finish(own: tuple[int, int]) -> None:
        with app.app_context():
            gate.wait(timeout=60)
            try:
                finish_parcel(*own, Actor())
            finally:
                database.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(finish, parcels))

    order = parcel(parcels[0][1]).order
    assert order.status is OrderStatus.COMPLETED
    completed = [event for event in order.events if event.to_status == OrderStatus.COMPLETED]
    assert len(completed) == 1


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_whoever_finishes_waits_for_the_other_facility_and_sees_what_it_did(app):
    (first, one), (_, two) = paid(facilities=2)
    put(one, ParcelStatus.SHIPPED)
    put(two, ParcelStatus.SHIPPED)
    order_id = parcel(one).order_id
    database.session.remove()

    def finish() -> None:
        with app.app_context():
            try:
                finish_parcel(first, one, Actor())
            finally:
                database.session.remove()

    with ThreadPoolExecutor(1) as pool, database.engine.begin() as other:
        other.execute(text("SELECT 1 FROM orders WHERE id = :id FOR NO KEY UPDATE"), {"id": order_id})
        other.execute(text("UPDATE parcels SET status = 'delivered' WHERE id = :id"), {"id": two})
        running = pool.submit(finish)
        with pytest.raises(TimeoutError):
            running.result(timeout=1)
        other.commit()
        running.result(timeout=60)

    assert parcel(one).order.status is OrderStatus.COMPLETED


@pytest.mark.parametrize(("method", "words"), [("delivery", "dalam perjalanan"), ("pickup", "siap diambil")])
def test_the_buyer_hears_once_that_it_is_on_its_way_or_ready(letters, method, words):
    [(facility_id, parcel_id)] = paid(DeliveryMethod(method))
    put(parcel_id, ParcelStatus.PACKED)
    (ship if method == "delivery" else ready_parcel)(facility_id, parcel_id, Actor())
    drain()
    drain()

    told = [letter for letter in letters() if words in letter["Subject"]]
    assert len(told) == 1
    if method == "delivery":
        assert parcel(parcel_id).waybill == "JNE-12345"
        assert "JNE-12345" in told[0].get_body(("plain",)).get_content()


def test_every_step_is_written_down_with_who_took_it():
    [(facility_id, parcel_id)] = paid()
    officer = factories.user("facility_staff").id
    for step in (accept_parcel, pack_parcel, ship, finish_parcel):
        step(facility_id, parcel_id, Actor(officer))

    events = [event for event in parcel(parcel_id).order.events if event.parcel_id == parcel_id]
    assert [event.to_status for event in events] == ["processing", "packed", "shipped", "delivered"]
    assert {event.actor_id for event in events} == {officer}
