"""A facility writes down what came in and what was counted."""

from collections.abc import Callable
from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, update

from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from storefront.inventory.models import StockLevel, StockMovement
from tests import factories
from tests.support.client import Client

STOCK = "/petugas/stok"


def send(client: Client, variant_id: int, step: str, data: dict[str, Any]) -> Any:
    page = f"{STOCK}/{variant_id}"
    return client.submit(page, data, action=f"{page}/{step}")


def level(db: SQLAlchemy, variant_id: int) -> StockLevel | None:
    db.session.expire_all()
    return db.session.scalar(select(StockLevel).filter_by(variant_id=variant_id))


def test_the_table_shows_what_lies_there_and_what_runs_low(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    factories.product(facility, title="Tas", stock=12)
    factories.product(facility, title="Gitar", stock=3)
    factories.product(facility, title="Kursi", supply="made_to_order")
    factories.product(facility, title="Dompet", status="archived", stock=1)
    factories.product(title="Milik orang lain", stock=99)
    rows = {row.one("th").text.split(" LPTES")[0]: row for row in _rows(staff, STOCK)}
    assert set(rows) == {"Gitar", "Tas"}
    assert [cell.text for cell in rows["Tas"].all("td")[:3]] == ["12", "0", "12"]
    assert "Menipis" in rows["Gitar"].text
    assert [row.one("th").one("a").text for row in _rows(staff, f"{STOCK}?menipis=ya")] == ["Gitar"]
    assert len(_rows(staff, f"{STOCK}?q=tas")) == 1
    assert "Tidak ada barang yang cocok" in staff.page(f"{STOCK}?q=zzz").text


def _rows(client: Client, path: str) -> list[Any]:
    return client.page(path).one("tbody").all("tr")


def test_no_goods_yet(staff: Client) -> None:
    assert "Belum ada barang dengan stok" in staff.page(STOCK).text


def test_the_table_costs_the_same_for_one_and_for_many(
    staff: Client, db: SQLAlchemy, facility: Facility, query_count: Callable[..., Any]
) -> None:
    shelf = factories.category()
    factories.product(facility, shelf=shelf)
    with query_count() as few:
        staff.page(STOCK)
    for _ in range(12):
        factories.product(facility, shelf=shelf)
    with query_count(at_most=len(few)):
        staff.page(STOCK)


def test_what_comes_in_is_added_and_remembered(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    variant_id = factories.product(facility, stock=None).variants[0].id
    assert "Belum ada catatan" in staff.page(f"{STOCK}/{variant_id}").text
    answer = send(staff, variant_id, "terima", {"quantity": "1.200", "note": "Kiriman bengkel"})
    assert (answer.status_code, answer.location) == (303, f"{STOCK}/{variant_id}")
    send(staff, variant_id, "terima", {"quantity": "3"})
    found = level(db, variant_id)
    assert found is not None
    assert (found.on_hand, found.reserved) == (1203, 0)
    table = staff.page(f"{STOCK}/{variant_id}").one("tbody")
    assert ["+3" in table.all("tr")[0].text, "Kiriman bengkel" in table.all("tr")[1].text] == [True, True]
    assert all("Orang" in row.text for row in table.all("tr"))


def test_pressing_twice_brings_the_pieces_in_once(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    variant_id = factories.product(facility, stock=10).variants[0].id
    token = staff.page(f"{STOCK}/{variant_id}").one("input", name="once").attrs["value"]
    for quantity in ("5", "5", "7"):  # the same twice, then the form put right: that is another delivery
        answer = send(staff, variant_id, "terima", {"quantity": quantity, "once": token})
        assert answer.status_code == 303
    found = level(db, variant_id)
    assert found is not None
    assert found.on_hand == 10 + 5 + 7
    wrong = send(staff, variant_id, "terima", {"quantity": "", "once": token})
    assert f'value="{token}"' in wrong.text
    fresh = staff.page(f"{STOCK}/{variant_id}").one("input", name="once").attrs["value"]
    assert fresh != token


def test_a_long_history_is_folded(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    variant_id = factories.product(facility, stock=1).variants[0].id
    for quantity in range(1, 10):
        send(staff, variant_id, "terima", {"quantity": str(quantity)})
    page = staff.page(f"{STOCK}/{variant_id}")
    assert [len(body.all("tr")) for body in page.all("tbody")] == [8, 2]
    assert "Riwayat yang lebih lama" in page.one("main").all("summary")[-1].text


def test_a_count_writes_the_difference_and_never_goes_below_what_is_ordered(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    variant_id = factories.product(facility, stock=10).variants[0].id
    with transaction():
        db.session.execute(update(StockLevel).values(reserved=4))
    low = send(staff, variant_id, "hitung", {"quantity": "3", "note": "Tumpah"})
    assert (low.status_code, "4 buah yang sedang dipesan" in low.text) == (422, True)
    assert 'value="Tumpah"' in low.text
    assert send(staff, variant_id, "hitung", {"quantity": "4"}).status_code == 303
    found = level(db, variant_id)
    assert found is not None
    assert (found.on_hand, found.available) == (4, 0)
    newest = db.session.scalars(select(StockMovement).order_by(StockMovement.id.desc())).first()
    assert newest is not None
    assert newest.on_hand_delta == -6


@pytest.mark.parametrize("step", ["terima", "hitung"])
@pytest.mark.parametrize(
    "typed", ["", "-1", "1,5", "Rp 1.000,50", str(2**31), "1\x00", "😀", "9" * 300_000, "١٢"]
)
def test_nonsense_is_refused_in_words(
    staff: Client, db: SQLAlchemy, facility: Facility, step: str, typed: str
) -> None:
    variant_id = factories.product(facility, stock=5).variants[0].id
    answer = send(staff, variant_id, step, {"quantity": typed})
    assert answer.status_code == 422
    assert "Ada yang perlu diperbaiki" in answer.text
    found = level(db, variant_id)
    assert found is not None
    assert found.on_hand == 5


def test_nobody_elses_stock_is_there(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    mine, other = factories.product(facility), factories.product()
    mine_id, other_id = mine.variants[0].id, other.variants[0].id
    token = staff.page(f"{STOCK}/{mine_id}").all("input", name="csrf_token")[0].attrs["value"]
    assert staff.get(f"{STOCK}/{other_id}").status_code == 404
    for step in ("terima", "hitung"):
        data = {"quantity": "1", "csrf_token": token, "facility_id": str(other.facility_id)}
        assert staff.post(f"{STOCK}/{other_id}/{step}", data=data).status_code == 404
    found = level(db, other_id)
    assert found is not None
    assert found.on_hand == 10
