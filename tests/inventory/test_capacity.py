"""Workshops promise what they can make: shared weeks, closing days, promises that are kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid, NotFound
from storefront.core.transactions import transaction
from storefront.facilities.services.days import close_days
from storefront.inventory import services as inventory
from storefront.inventory.models import WorkshopWeek
from storefront.inventory.queries import (
    MAX_WEEKS,
    Calendar,
    Work,
    calendar,
    is_open,
    open_days,
    ready_date,
    week_of,
    week_share,
)
from storefront.inventory.services import OutOfStock, Wish
from tests import factories
from tests.buying import only
from tests.tables.rows import Maker

ORDERS = Maker()
UNTIL = datetime(2030, 1, 1, tzinfo=UTC)
MONDAY = datetime(2026, 8, 3, 3, tzinfo=UTC)
THIS, NEXT, THIRD = (date(2026, 8, 3) + timedelta(weeks=n) for n in range(3))


def order() -> int:
    with transaction():
        return ORDERS.new("orders")


def made(maker, capacity: int = 10, lead_days: int = 1):
    return factories.product(
        maker, supply="made_to_order", weekly_capacity=capacity, lead_days=lead_days,
        workshop_id=maker.workshops[0].id,
    )  # fmt: skip


def wish(product, quantity: int) -> Wish:
    return Wish(
        only(product).id, product.id, product.facility_id, product.title, quantity, made_to_order=True,
        lead_days=product.lead_days or 0, weekly_capacity=product.weekly_capacity or 0,
        workshop_id=product.workshop_id,
    )  # fmt: skip


def hold(*wishes: Wish, number: int | None = None):
    number = number or order()
    with transaction():
        return inventory.hold(number, wishes, until=UNTIL)


def weeks() -> list[tuple[date, int, int]]:
    rows = select(WorkshopWeek.week, WorkshopWeek.booked, WorkshopWeek.capacity)
    return [tuple(row) for row in database.session.execute(rows.order_by(WorkshopWeek.week))]


def test_products_of_one_workshop_share_its_weeks(db):
    maker = factories.facility()
    chair, table = made(maker), made(maker)
    inventory.set_capacity(maker.id, maker.workshops[0].id, 4)
    number = order()
    with clock.travel(MONDAY):
        first = hold(wish(chair, 3))
        second = hold(wish(table, 3), number=number)
        assert first == {only(chair).id: date(2026, 8, 4)}
        assert second == {only(table).id: date(2026, 8, 14)}  # one this week, two next
        assert weeks() == [(THIS, 4, 4), (NEXT, 2, 4)]
        with transaction():
            inventory.release(number)
        assert weeks() == [(THIS, 3, 4), (NEXT, 0, 4)]


def test_a_smaller_capacity_keeps_what_was_promised(db):
    maker = factories.facility()
    chair, room = made(maker), maker.workshops[0].id
    with clock.travel(MONDAY):
        number = order()
        hold(wish(chair, 7), number=number)
        inventory.set_capacity(maker.id, room, 5)  # promised before anybody shared: it counts
        assert weeks() == [(THIS, 7, 7)]
        assert hold(wish(chair, 5)) == {only(chair).id: date(2026, 8, 14)}
        inventory.set_capacity(maker.id, room, 2)
        hold(wish(chair, 1))
        assert weeks() == [(THIS, 7, 7), (NEXT, 5, 5), (THIRD, 1, 2)]
        with transaction():
            inventory.consume(number)
            inventory.put_back(number)
        assert weeks()[0][1] == 0
        inventory.set_capacity(maker.id, room, None)
        assert hold(wish(chair, 10)) == {only(chair).id: date(2026, 8, 4)}


def test_half_a_year_of_a_workshop_is_the_most(db):
    maker = factories.facility()
    chair, table = made(maker, capacity=5), made(maker, capacity=5)
    inventory.set_capacity(maker.id, maker.workshops[0].id, 1)
    hold(wish(chair, MAX_WEEKS - 1))
    with pytest.raises(OutOfStock, match="tinggal 1"):
        hold(wish(table, 2))
    hold(wish(table, 1))
    with pytest.raises(OutOfStock, match="habis"):
        hold(wish(chair, 1))


def test_only_the_own_facility_sets_a_sensible_capacity(db):
    maker = factories.facility()
    with pytest.raises(NotFound):
        inventory.set_capacity(factories.facility().id, maker.workshops[0].id, 4)
    for senseless in (0, -1, 100_001):
        with pytest.raises(Invalid):
            inventory.set_capacity(maker.id, maker.workshops[0].id, senseless)


def test_closing_days_move_dates_and_leave_less_of_a_week(db):
    maker = factories.facility()
    chair = made(maker, capacity=5, lead_days=2)
    with clock.travel(MONDAY):
        close_days(maker.id, THIS + timedelta(days=1), THIS + timedelta(days=3), "Renovasi")
        close_days(maker.id, NEXT, NEXT + timedelta(days=6), "Renovasi")
        promised = hold(wish(chair, 2))
        assert promised == {only(chair).id: date(2026, 8, 18)}  # Friday, then Tuesday: the 17th is a holiday
        assert hold(wish(chair, 1)) == {only(chair).id: date(2026, 8, 21)}
        work = Work(chair.id, maker.id, None, 5, 2)
        seen = calendar([work])
        assert (seen.room(work, THIS), seen.room(work, NEXT), seen.room(work, THIRD)) == (0, 0, 4)


def test_a_cart_is_told_the_days_that_placing_the_order_books(db):
    maker = factories.facility()
    chair, table = made(maker), made(maker)
    inventory.set_capacity(maker.id, maker.workshops[0].id, 4)
    with clock.travel(MONDAY):
        works = [Work(p.id, maker.id, p.workshop_id, 10, 1) for p in (chair, table)]
        seen = calendar(works)
        told = [seen.take(work, 3) for work in works]
        promised = hold(wish(chair, 3), wish(table, 3))
        assert told == [promised[only(chair).id], promised[only(table).id]]


# --- arithmetic --------------------------------------------------------------------------------------

spans = st.lists(
    st.tuples(st.integers(0, 120), st.integers(0, 20)).map(
        lambda pair: (THIS + timedelta(days=pair[0]), THIS + timedelta(days=sum(pair)))
    ),
    max_size=4,
)
numbers = st.integers(1, 12)


@settings(max_examples=60, deadline=None)
@given(closed=spans, own=numbers, shared=st.none() | numbers, orders=st.lists(numbers, max_size=8))
def test_no_week_takes_more_than_it_can(closed, own, shared, orders):
    with clock.travel(MONDAY):
        work = Work(1, 1, 7, own, 3)
        held = Calendar(closed={1: closed}, capacities={7: shared} if shared else {})
        before = held.makeable(work)
        days = []
        for pieces in orders:
            fits = pieces <= held.makeable(work)
            day = held.take(work, pieces)
            assert (day is not None) == fits
            days += [day] if day else []
        assert days == sorted(days)
        assert all(is_open(day, closed) for day in days)
        taken = held.products.get(1, {})
        assert sum(taken.values()) == before - held.makeable(work)
        for week, pieces in taken.items():
            assert 0 < pieces <= week_share(min(own, shared or own), week, closed)
            assert open_days(week, closed)


@settings(max_examples=60, deadline=None)
@given(closed=spans, lead=st.integers(0, 60), ahead=st.integers(0, 30))
def test_a_day_is_never_before_its_work_nor_before_its_week(closed, lead, ahead):
    start = MONDAY.date()
    week = week_of(start) + timedelta(weeks=ahead)
    day = ready_date(start, lead, week, closed)
    worked = sum(is_open(start + timedelta(days=n), closed) for n in range(1, (day - start).days + 1))
    assert worked >= lead
    assert day >= start
    if ahead and open_days(week, closed):
        assert day >= open_days(week, closed)[-1]
