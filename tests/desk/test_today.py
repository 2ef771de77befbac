"""*Hari ini*: what waits, counted for whoever looks."""

from datetime import timedelta

import pytest

from storefront.core import clock
from storefront.desk.queries.today import facility_today, office_today
from storefront.orders.services import Actor, accept_parcel
from storefront.payments.services import submit_proof
from storefront.web.menus import menu_for
from tests import factories
from tests.buying import buy, open_shop, order_of, pay, transfer_attempt


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(price=100_000, stock=20)


def counts(today):
    return {task.label: task.count for task in today.tasks}


def places(today):
    return {task.label: task.href for task in today.tasks}


def test_a_quiet_day_has_nothing_to_do(db):
    assert facility_today(factories.facility().id).tasks == []
    assert office_today().tasks == []


def test_a_lapas_sees_its_own_paid_orders_and_takings(bag):
    other = factories.facility()
    placed = buy({bag: 2})
    assert counts(facility_today(bag.facility_id)) == {}
    pay(placed)

    today = facility_today(bag.facility_id)
    assert counts(today) == {"Pesanan perlu diterima": 1}
    assert (today.takings, today.pieces) == (200_000, 2)
    assert counts(facility_today(other.id)) == {}
    assert (facility_today(other.id).takings, facility_today(other.id).pieces) == (0, 0)

    accept_parcel(bag.facility_id, order_of(placed).parcels[0].id, Actor())
    assert counts(facility_today(bag.facility_id)) == {"Pesanan perlu dikemas": 1}


def test_the_office_sees_proofs_cases_and_curation(bag):
    submit_proof(transfer_attempt(buy({bag: 1}, method="transfer")).id, "private/bukti/x.webp", sender="S")
    placed = buy({bag: 1})
    pay(placed, amount=5_000)
    factories.product(status="submitted")
    assert counts(office_today()) == {
        "Bukti pembayaran menunggu": 1,
        "Dana perlu diperiksa": 1,
        "Produk menunggu kurasi": 1,
    }


def test_a_single_thing_is_one_tap_away_and_many_are_listed(db):
    facility = factories.facility()
    draft = factories.product(facility, status="draft")
    assert places(facility_today(facility.id))["Draf belum dikirim"] == f"/petugas/produk/{draft.id}"
    factories.product(facility, status="draft")
    assert places(facility_today(facility.id))["Draf belum dikirim"] == "/petugas/produk?status=draft"

    with clock.travel(clock.now() - timedelta(days=3)):
        sent = factories.product(facility, status="submitted")
    assert places(office_today()) == {"Produk menunggu kurasi": f"/kanwil/kurasi/{sent.id}"}
    factories.product(facility, status="submitted")
    assert places(office_today()) == {"Produk menunggu kurasi": "/kanwil/kurasi"}
    assert office_today().tasks[0].hint == "Yang paling lama menunggu 3 hari"


def test_low_stock_counts_what_its_list_shows(client, db):
    facility = factories.facility()
    for stock, status in ((2, "published"), (None, "published"), (0, "draft"), (9, "published")):
        factories.product(facility, stock=stock, status=status)
    low = next(task for task in facility_today(facility.id).tasks if task.label == "Stok menipis")
    factories.signed_in(client, "facility_staff", facility=facility)
    assert low.count == len(client.page(low.href).one("tbody").all("tr")) == 2


def test_a_day_without_anything_to_do_says_so(client, db):
    factories.signed_in(client, "facility_staff", facility=factories.facility())
    assert "Semua beres" in client.page("/petugas").text


def test_the_pages_say_so_in_few_queries(bag, client, query_count):
    pay(buy({bag: 1}))
    factories.signed_in(client, "facility_staff", facility=factories.db.session.merge(bag).facility)
    with query_count(at_most=12):
        page = client.page("/petugas")
    assert "Pesanan perlu diterima" in page.text


def test_what_a_facility_does_daily_is_one_tap_away_on_a_phone():
    assert [item.path for item in menu_for("facility_staff")[:4]] == [
        "/petugas", "/petugas/pesanan", "/petugas/produk", "/petugas/stok",
    ]  # fmt: skip
