"""The office's list of late parcels: the longest waiting first, by facility, counted on *Hari ini*."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.transactions import transaction
from storefront.core.workdays import after_working_days
from storefront.desk.queries.today import office_today
from storefront.orders.models import Order, Parcel
from storefront.orders.queries import late_at, late_page
from storefront.orders.services import Actor, accept_parcel, pack_parcel
from storefront.orders.services.late import PACK_DAYS, tell_late
from tests import factories
from tests.buying import buy, open_shop, pay
from tests.support.html import Page
from tests.support.queries import counted

PLACE = "/kanwil/pesanan?status=terlambat"


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(factories.facility("LPA", name="Lapas Satu"), stock=50)


def bought(product, days_ago: int) -> int:
    """A parcel paid for so many days ago; its id."""
    placed = buy({product: 1})
    pay(placed)
    with transaction():
        paid = clock.now() - timedelta(days=days_ago)
        database.session.execute(update(Order).where(Order.id == placed.id).values(paid_at=paid))
    return database.session.scalars(select(Parcel.id).filter_by(order_id=placed.id)).one()


def seen(**asked) -> list[int]:
    database.session.rollback()
    return [row.id for row in late_page(**asked)[0]]


def test_the_longest_waiting_stands_first_and_says_how_long(bag):
    newer, oldest, fresh = bought(bag, 9), bought(bag, 20), bought(bag, 0)
    assert seen() == [oldest, newer]
    assert fresh not in seen()
    for row in late_page()[0]:
        parcel = database.session.get_one(Parcel, row.id)
        paid = clock.local(parcel.order.paid_at).date()
        due = after_working_days(paid, PACK_DAYS)
        assert (row.due, row.days) == (due, (clock.today() - due).days)
        assert row.days >= 1
    assert not any(row.told for row in late_page()[0])
    tell_late()
    assert all(row.told for row in late_page()[0])


def test_what_is_made_to_order_counts_from_its_own_day(bag):
    parcel_id = bought(bag, 30)
    with transaction():
        database.session.get_one(Parcel, parcel_id).ready_by = clock.today() - timedelta(days=2)
    [row] = late_page()[0]
    assert row.days == 2
    with transaction():
        database.session.get_one(Parcel, parcel_id).ready_by = clock.today()
    assert seen() == []


def test_a_packed_parcel_is_not_late_any_more(bag):
    parcel_id = bought(bag, 9)
    accept_parcel(bag.facility_id, parcel_id, Actor())
    assert seen() == [parcel_id]
    pack_parcel(bag.facility_id, parcel_id, Actor())
    assert seen() == []


def test_by_facility_and_on_to_the_end_without_a_repeat(bag):
    other = factories.product(factories.facility("LPB", name="Lapas Dua"), stock=9)
    mine = [bought(bag, 9 + n // 2) for n in range(7)]
    theirs = bought(other, 12)
    assert [(row.name, row.parcels) for row in late_at()] == [("Lapas Satu", 7), ("Lapas Dua", 1)]
    assert seen(facility_id=other.facility_id) == [theirs]
    whole = seen(limit=50)
    assert set(whole) == {*mine, theirs}
    found, after = [], None
    while True:
        rows, after = late_page(after=after, limit=2)
        found += [row.id for row in rows]
        if after is None:
            break
    assert found == whole


def test_the_page_its_filter_and_the_way_on(client, bag, monkeypatch):
    monkeypatch.setattr("storefront.payments.staff_views.SIZE", 2)
    other = factories.product(factories.facility("LPB", name="Lapas Dua"), stock=9)
    for n in range(3):
        bought(bag, 9 + n)
    bought(other, 30)
    factories.signed_in(client, "regional")
    assert {task.label: task.count for task in office_today().tasks}["Kiriman terlambat"] == 4
    assert PLACE in client.get("/kanwil").text.replace("&amp;", "&")
    page = Page.parse(client.get(PLACE).text)
    assert "Semua Lapas (4)" in page.text
    assert len(page.all("tr")) == 3
    [further] = page.all("a", rel="next")
    second = Page.parse(client.get(further.attrs["href"]).text)
    assert "Kembali ke yang paling lama" in second.text
    only = client.get(f"{PLACE}&lapas={other.facility_id}").text
    assert "Lapas Dua (1)" in only
    assert len(Page.parse(only).all("tr")) == 2
    assert "Lapas ini tidak punya" in client.get(f"{PLACE}&lapas=99999").text
    assert client.get(f"{PLACE}&lapas=x&sebelum=ngawur").status_code == 200
    assert "Late parcels" in client.get(f"/en{PLACE}").text


def test_nothing_late_says_so(client, db):
    factories.signed_in(client, "regional")
    assert "Tidak ada kiriman yang terlambat" in client.get(PLACE).text
    assert "Kiriman terlambat" not in {task.label for task in office_today().tasks}


def test_more_rows_ask_no_more_questions(client, bag):
    factories.signed_in(client, "regional")
    bought(bag, 9)
    client.get(PLACE)
    with counted() as few:
        client.get(PLACE)
    for n in range(6):
        bought(bag, 9 + n)
    with counted() as many:
        client.get(PLACE)
    assert len(many) == len(few)
