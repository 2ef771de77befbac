"""The queue of a facility's workshops, their capacity, its pauses and closing days, on the screen."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storefront.core import clock
from storefront.facilities.models import ClosingDay, Facility, Workshop
from storefront.facilities.services.days import close_days
from tests import factories
from tests.buying import buy, open_shop, order_of, pay
from tests.support.client import Client

QUEUE, PAUSES = "/petugas/antrean", "/petugas/jeda"


@pytest.fixture
def maker(db: Any) -> Facility:
    open_shop()
    return factories.facility("LPTES", workshops=("Bengkel Kayu", "Bengkel Jahit"))


@pytest.fixture
def staff(client: Client, maker: Facility) -> Client:
    factories.signed_in(client, "facility_staff", facility=maker)
    return client


def made(maker: Facility, title: str, lead_days: int, room: int = 0) -> Any:
    return factories.product(
        maker, title=title, supply="made_to_order", lead_days=lead_days,
        workshop_id=maker.workshops[room].id,
    )  # fmt: skip


def soon(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def token(staff: Client) -> str:
    return str(staff.page(PAUSES).all("input", name="csrf_token")[0].attrs["value"])


def test_an_empty_queue(staff: Client) -> None:
    assert "Tidak ada yang perlu dibuat" in staff.page(QUEUE).text


def test_the_most_urgent_comes_first_and_what_is_late_says_so(
    staff: Client, maker: Facility, query_count: Any
) -> None:
    with clock.travel(clock.now() - timedelta(days=30)):
        for title, days, room in (("Meja", 15, 0), ("Kursi", 3, 0), ("Seragam", 9, 1)):
            pay(buy({made(maker, title, days, room): 2}), reference=f"pi_{title}")
        waiting = buy({made(maker, "Belum dibayar", 1): 1})
    with query_count() as few:
        page = staff.page(QUEUE)
    rows = page.one("tbody").all("tr")
    assert [row.one("th").text.split()[0] for row in rows] == ["Kursi", "Seragam", "Meja"]
    assert all("Terlambat" in row.text for row in rows)
    assert order_of(waiting).customer_name not in page.one("tbody").text
    room = maker.workshops[1].id
    assert len(staff.page(f"{QUEUE}?bengkel={room}").one("tbody").all("tr")) == 1
    pay(buy({made(maker, "Lemari", 5): 3}), reference="pi_more")
    with query_count(at_most=len(few)):
        staff.page(QUEUE)


def test_a_workshop_says_how_many_it_makes(staff: Client, db: Any, maker: Facility) -> None:
    room = maker.workshops[0].id
    pay(buy({made(maker, "Meja", 2): 4}))
    door = f"{QUEUE}/bengkel/{room}"
    assert staff.submit(QUEUE, {f"b{room}-weekly_capacity": "9"}, action=door).status_code == 303
    assert "4 dari 9" in staff.page(QUEUE).text
    wrong = staff.submit(QUEUE, {f"b{room}-weekly_capacity": "0"}, action=door)
    assert (wrong.status_code, "Paling sedikit 1" in wrong.text) == (422, True)
    assert staff.submit(QUEUE, {f"b{room}-weekly_capacity": ""}, action=door).status_code == 303
    db.session.expire_all()
    assert db.session.get(Workshop, room).weekly_capacity is None
    foreign = factories.facility().workshops[0].id
    data = {f"b{foreign}-weekly_capacity": "9", "csrf_token": token(staff)}
    assert staff.post(f"{QUEUE}/bengkel/{foreign}", data=data).status_code == 404


def test_a_pause_of_the_facility_and_of_a_product(staff: Client, maker: Facility) -> None:
    bag = factories.product(maker, title="Tas", stock=5)
    bag_id, foreign = bag.id, factories.product().id
    data = {"jeda-until": soon(9), "jeda-note": "Bengkel diperbaiki."}
    assert staff.submit(PAUSES, data, action=PAUSES).status_code == 303
    assert "Bengkel diperbaiki." in staff.page(PAUSES).text
    assert staff.submit(PAUSES, {}, action=f"{PAUSES}/buka").status_code == 303
    assert "Bengkel diperbaiki." not in staff.page(PAUSES).text
    wrong = staff.submit(PAUSES, data | {"jeda-until": soon(0)}, action=PAUSES)
    assert (wrong.status_code, "setelah hari ini" in wrong.text) == (422, True)
    assert 'value="Bengkel diperbaiki."' in wrong.text
    one = f"{PAUSES}/produk/{bag_id}"
    assert staff.submit(one, {"until": soon(9), "note": "Menunggu bambu."}, action=one).status_code == 303
    assert "Menunggu bambu." in staff.page(PAUSES).text
    assert staff.submit(one, {"until": "", "note": ""}, action=one).status_code == 422
    assert staff.submit(one, {}, action=f"{one}/buka").status_code == 303
    assert staff.get(f"{PAUSES}/produk/{foreign}").status_code == 404


def test_closing_days_are_written_down_and_taken_back(staff: Client, db: Any, maker: Facility) -> None:
    days = {"libur-first": soon(3), "libur-reason": "Apel besar"}
    assert staff.submit(PAUSES, days, action=f"{PAUSES}/libur").status_code == 303
    row = db.session.scalars(select(ClosingDay)).one()
    assert (row.facility_id, row.first, row.last) == (maker.id, row.last, row.first)
    wrong = staff.submit(PAUSES, days | {"libur-last": soon(1)}, action=f"{PAUSES}/libur")
    assert (wrong.status_code, "sebelum hari pertama" in wrong.text) == (422, True)
    later = clock.today() + timedelta(days=4)
    foreign = close_days(factories.facility().id, later, later, "Renovasi")
    door = f"{PAUSES}/libur/{foreign}/hapus"
    assert staff.post(door, data={"csrf_token": token(staff)}).status_code == 404
    assert staff.submit(PAUSES, {}, action=f"{PAUSES}/libur/{row.id}/hapus").status_code == 303
    assert "Apel besar" not in staff.page(PAUSES).text
