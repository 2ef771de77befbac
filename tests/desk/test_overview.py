"""All facilities on one screen: each figure is that of its list, whatever there is of it costs the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy

from storefront.catalog.models import FoodLicence, LicenceKind
from storefront.core import clock
from storefront.desk.queries.overview import FacilityLine, facility_lines, total
from storefront.desk.queries.today import facility_today
from storefront.facilities.services.days import pause_facility
from tests import factories
from tests.buying import buy, open_shop, pay
from tests.support.client import Client
from tests.support.html import Page

ROOM = "/kanwil/ikhtisar"


def licence(product: Any, days: int) -> None:
    factories.stored(
        FoodLicence(
            product_id=product.id, kind=LicenceKind.HALAL, number="ID36110000000000000", holder="Koperasi",
            valid_until=clock.today() + timedelta(days=days), created_at=clock.now(),
        )
    )  # fmt: skip


def line_of(facility_id: int) -> FacilityLine:
    return next(line for line in facility_lines() if line.id == facility_id)


@pytest.fixture
def busy(db: SQLAlchemy) -> Any:
    """A Lapas with everything in it: sales, a late parcel, a product to judge, permits near and far."""
    open_shop()
    place = factories.facility("LPA", name="Lapas Awal")
    bag = factories.product(place, price=100_000, stock=20)
    with clock.travel(clock.now() - timedelta(days=40)):
        pay(buy({bag: 1}))
    pay(buy({bag: 2}))
    factories.product(place, status="submitted")
    for days in (-3, 0, 90, 91):
        licence(factories.product(place), days)
    licence(factories.product(place, status="archived"), 5)
    return place


def test_each_figure_is_that_of_its_list(busy: Any) -> None:
    quiet = factories.facility("LPZ", name="Lapas Zaman")
    line = line_of(busy.id)

    assert (line.late, line.products, line.changes, line.permits, line.complaints) == (1, 1, 0, 3, 0)
    assert line.takings == facility_today(busy.id).takings > 0
    sums = total(facility_lines())
    assert (sums.late, sums.curation, sums.permits, sums.takings) == (1, 1, 3, line.takings)
    assert line_of(quiet.id).takings == 0


def test_what_stands_first_is_what_was_asked(busy: Any) -> None:
    other = factories.facility("LPB", name="Lapas Belakang")
    names = {order: [line.name for line in facility_lines(order)] for order in ("nama", "terlambat", "izin")}

    assert names["nama"] == ["Lapas Awal", "Lapas Belakang"]
    assert names["terlambat"][0] == names["izin"][0] == "Lapas Awal"
    for _number in range(4):
        licence(factories.product(other), 10)
    assert [line.name for line in facility_lines("izin")] == ["Lapas Belakang", "Lapas Awal"]


def test_a_closed_one_is_there_while_something_is_left(db: SQLAlchemy, busy: Any) -> None:
    shut = factories.facility("LPC", is_open=False)
    assert shut.id not in {line.id for line in facility_lines()}
    factories.product(shut, status="submitted")
    assert line_of(shut.id).products == 1


def test_more_facilities_cost_no_more(client: Client, busy: Any, query_count: Callable[..., Any]) -> None:
    factories.signed_in(client, "regional")
    client.get(ROOM)
    with query_count() as few:
        client.get(ROOM)
    for number in range(12):
        place = factories.facility(f"LQ{number}")
        licence(factories.product(place), number)
        factories.product(place, status="submitted")
    with query_count(at_most=len(few)):
        client.get(ROOM)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_leads_to_the_lists(client: Client, busy: Any, prefix: str) -> None:
    pause_facility(busy.id, clock.today() + timedelta(days=9), "Kami pindah gedung.")
    factories.signed_in(client, "regional")
    page = Page.parse(client.get(f"{prefix}{ROOM}?urut=izin").text)
    links = [node.attrs["href"] for node in page.one("main").all("a")]

    month, place = clock.period(clock.now()), busy.id
    for path in (
        f"/kanwil/pesanan?status=terlambat&lapas={place}", f"/kanwil/kurasi?lapas={place}",
        f"/kanwil/izin-pangan?lapas={place}", f"/kanwil/pendapatan?lapas={place}&dari={month}&sampai={month}",
    ):  # fmt: skip
        assert prefix + path in links
        assert client.get(prefix + path).status_code == 200
    assert [node.attrs["aria-sort"] for node in page.all("th") if "aria-sort" in node.attrs] == ["descending"]


def test_no_facility_yet(client: Client, db: SQLAlchemy) -> None:
    factories.signed_in(client, "regional")
    assert "Belum ada Lapas" in client.get(f"{ROOM}?urut=apa-saja").text


def test_complaints_of_one_facility(client: Client, db: SQLAlchemy, busy: Any) -> None:
    factories.signed_in(client, "regional")
    page = client.page(f"/kanwil/keluhan?lapas={busy.id}")
    chosen = [node for node in page.all("option") if "selected" in node.attrs]
    assert [node.attrs["value"] for node in chosen] == [str(busy.id)]
    assert client.get("/kanwil/keluhan?lapas=abc").status_code == 200


@pytest.mark.parametrize("role", ["facility_head", "promoter", "buyer"])
def test_only_the_office_sees_it(client: Client, db: SQLAlchemy, role: str) -> None:
    inside = factories.facility() if role == "facility_head" else None
    factories.signed_in(client, role, facility=inside)
    assert client.get(ROOM).status_code == 403
