"""Stock, said by example: what a hold refuses, what comes back, and which pages become new."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid
from storefront.core.transactions import transaction, version
from storefront.inventory import services as inventory
from storefront.inventory.models import Location, MovementKind, ProductionSlot, StockMovement
from storefront.inventory.queries import Calendar, Work, history, ready_date
from storefront.inventory.services import OutOfStock, Wish
from tests import factories
from tests.buying import only, stock_of
from tests.tables.rows import Maker

pytestmark = pytest.mark.usefixtures("db")

ORDERS = Maker()
UNTIL = datetime(2030, 1, 1, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 3, tzinfo=UTC)


def order() -> int:
    with transaction():
        return ORDERS.new("orders")


def wish(product, quantity: int, **kwargs) -> Wish:
    return Wish(only(product).id, product.id, product.facility_id, product.title, quantity, **kwargs)


def hold(order_id: int, *wishes: Wish):
    with transaction():
        return inventory.hold(order_id, wishes, until=UNTIL)


def test_one_wish_that_cannot_be_met_holds_nothing_of_the_others():
    bag, mat = factories.product(stock=5), factories.product(stock=1, title="Tikar")

    with pytest.raises(OutOfStock, match="Stok Tikar tinggal 1") as refusal:
        hold(order(), wish(bag, 2), wish(mat, 2))

    assert (refusal.value.available, refusal.value.variant_id) == (1, only(mat).id)
    assert (stock_of(bag), stock_of(mat)) == ((5, 0), (1, 0))


def test_the_same_variant_in_two_wishes_counts_together():
    bag = factories.product(stock=3)

    with pytest.raises(OutOfStock):
        hold(order(), wish(bag, 2), wish(bag, 2))
    assert stock_of(bag) == (3, 0)


def test_what_was_never_counted_or_lies_at_a_fair_cannot_be_promised():
    bag = factories.product(stock=None)
    with transaction():
        fair = factories.fair_location(bag.facility_id)
        database.session.add(fair)
        database.session.flush()
        database.session.add(factories.level(fair, only(bag), 9))

    with pytest.raises(OutOfStock, match="sudah habis"):
        hold(order(), wish(bag, 1))


@pytest.mark.parametrize("quantity", [0, -1, 100_001])
def test_senseless_numbers_are_refused(quantity):
    bag = factories.product(stock=3)

    with pytest.raises(Invalid):
        inventory.receive(bag.facility_id, only(bag).id, quantity)
    if quantity:
        with pytest.raises(Invalid):
            inventory.count(bag.facility_id, only(bag).id, quantity)
    assert stock_of(bag) == (3, 0)


def test_a_count_below_what_buyers_hold_is_refused():
    bag = factories.product(stock=3)
    hold(order(), wish(bag, 2))

    with pytest.raises(Invalid, match="Ada 2 buah"):
        inventory.count(bag.facility_id, only(bag).id, 1)
    inventory.count(bag.facility_id, only(bag).id, 2)
    assert stock_of(bag) == (2, 2)


def test_history_tells_every_change_newest_first():
    bag = factories.product(stock=3)
    officer = factories.user("facility_staff")
    name = officer.name
    inventory.receive(bag.facility_id, only(bag).id, 4, actor_id=officer.id, note="Dari bengkel")
    number = order()
    hold(number, wish(bag, 2))
    with transaction():
        inventory.consume(number)
        inventory.put_back(number)

    rows = history(bag.facility_id, only(bag).id)

    assert [row.kind for row in rows] == [
        MovementKind.RETURNED, MovementKind.SOLD, MovementKind.RESERVED, MovementKind.RECEIVED,
        MovementKind.COUNTED,
    ]  # fmt: skip
    assert (rows[3].actor, rows[3].note, rows[3].on_hand_delta) == (name, "Dari bengkel", 4)
    assert rows[0].order_number
    assert history(factories.facility().id, only(bag).id) == []


def test_a_storeroom_is_made_once():
    lapas = factories.facility().id

    assert inventory.ensure_storeroom(lapas) == inventory.ensure_storeroom(lapas)
    assert len(database.session.scalars(select(Location).filter_by(facility_id=lapas)).all()) == 1


def test_pages_become_new_when_little_is_left_and_only_then():
    bag = factories.product(stock=20)
    before = version("catalog")
    hold(order(), wish(bag, 2))
    assert version("catalog") == before
    hold(order(), wish(bag, 13))
    assert version("catalog") == before + 1


# --- made to order ---------------------------------------------------------------------------------


def test_weeks_fill_one_after_the_other_and_are_free_again():
    table = factories.product(supply="made_to_order", weekly_capacity=2, lead_days=5)
    number = order()
    with clock.travel(SUNDAY):
        promised = hold(number, wish(table, 5, made_to_order=True, lead_days=5, weekly_capacity=2))
    slots = database.session.execute(
        select(ProductionSlot.week, ProductionSlot.booked).order_by(ProductionSlot.week)
    ).all()

    assert [tuple(slot) for slot in slots] == [
        (date(2026, 11, 16), 2), (date(2026, 11, 23), 2), (date(2026, 11, 30), 1),
    ]  # fmt: skip
    assert promised == {only(table).id: date(2026, 12, 4)}
    with transaction():
        inventory.release(number)
    assert set(database.session.scalars(select(ProductionSlot.booked))) == {0}
    assert database.session.scalars(select(StockMovement)).all() == []


def test_half_a_year_of_work_is_the_most():
    table = factories.product(supply="made_to_order", weekly_capacity=1)
    facts = {"made_to_order": True, "lead_days": 1, "weekly_capacity": 1}
    hold(order(), wish(table, 25, **facts))

    with pytest.raises(OutOfStock, match="tinggal 1"):
        hold(order(), wish(table, 2, **facts))
    hold(order(), wish(table, 1, **facts))
    with pytest.raises(OutOfStock, match="habis"):
        hold(order(), wish(table, 1, **facts))


def test_a_capacity_that_shrank_does_not_break_what_is_promised():
    table = factories.product(supply="made_to_order", weekly_capacity=4)
    with clock.travel(SUNDAY):
        hold(order(), wish(table, 4, made_to_order=True, lead_days=1, weekly_capacity=4))
        hold(order(), wish(table, 1, made_to_order=True, lead_days=1, weekly_capacity=1))

    booked = database.session.scalars(select(ProductionSlot.booked).order_by(ProductionSlot.week)).all()
    assert booked == [4, 1]


def test_ready_dates_count_working_days_and_never_come_before_their_week():
    friday = date(2026, 11, 20)
    this_week, next_week = date(2026, 11, 16), date(2026, 11, 23)

    assert ready_date(friday, 0, this_week) == friday
    assert ready_date(friday, 1, this_week) == date(2026, 11, 23)
    assert ready_date(friday, 1, next_week) == date(2026, 11, 27)
    assert ready_date(friday, 20, next_week) == date(2026, 12, 18)
    with clock.travel(SUNDAY):
        work = Work(product_id=1, facility_id=1, workshop_id=None, weekly_capacity=2, lead_days=0)
        assert Calendar().ready_by(work, 53) is None
        assert Calendar().ready_by(work, 52) is not None
        assert Calendar({1: {this_week: 2, next_week: 5}}).makeable(work) == 48


def test_a_button_pressed_twice_brings_the_pieces_in_once():
    bag = factories.product(stock=1)
    where = bag.facility_id, only(bag).id

    for _press in range(2):
        inventory.receive(*where, 4, once="satu-kali")
    assert stock_of(bag) == (5, 0)

    inventory.receive(*where, 3, once="satu-kali")  # the same page, put right: other pieces
    inventory.receive(*where, 4, once="lain-kali")
    assert stock_of(bag) == (12, 0)
