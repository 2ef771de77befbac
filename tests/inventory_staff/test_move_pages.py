"""A facility carries its things about, says what broke, names its places, and sees what nobody buys."""

from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from storefront.facilities.models import Facility
from storefront.inventory import services as inventory
from storefront.inventory.models import Location, LocationKind, StockLevel, StockMovement
from tests import factories
from tests.support.client import Client

STOCK = "/petugas/stok"


@pytest.fixture
def variant_id(facility: Facility) -> int:
    return factories.product(facility, title="Tas", stock=10).variants[0].id


def send(client: Client, variant_id: int, step: str, data: dict[str, Any]) -> Any:
    page = f"{STOCK}/{variant_id}"
    return client.submit(page, data, action=f"{page}/{step}")


def lying(db: SQLAlchemy, variant_id: int) -> dict[str, int]:
    db.session.expire_all()
    rows = select(Location.name, StockLevel.on_hand).join(StockLevel.location)
    return dict(db.session.execute(rows.where(StockLevel.variant_id == variant_id)).all())


def test_a_place_is_opened_named_and_filled(
    staff: Client, db: SQLAlchemy, facility: Facility, variant_id: int
) -> None:
    assert "Baru ada satu tempat" in staff.page(f"{STOCK}/{variant_id}").text
    rooms = f"{STOCK}/tempat"
    assert (
        staff.submit(rooms, {"baru-name": "Gerai Serang", "baru-kind": "outlet"}, action=rooms).status_code
        == 303
    )
    taken = staff.submit(rooms, {"baru-name": "Gerai Serang", "baru-kind": "fair"}, action=rooms)
    assert (taken.status_code, "sudah ada" in taken.text, 'value="Gerai Serang"' in taken.text) == (
        422,
        True,
        True,
    )
    storeroom, outlet = sorted(db.session.scalars(select(Location.id)))
    named = staff.submit(rooms, {f"t{outlet}-name": "Gerai Cilegon"}, action=f"{rooms}/{outlet}")
    assert named.status_code == 303
    ways = {"pindah-from_id": str(storeroom), "pindah-to_id": str(outlet)}
    assert send(staff, variant_id, "pindah", {"pindah-quantity": "4"} | ways).status_code == 303
    assert lying(db, variant_id) == {"Gudang": 6, "Gerai Cilegon": 4}
    page = staff.page(f"{STOCK}/{variant_id}")
    assert "Dipindahkan · Gerai Cilegon" in page.text
    assert "Gerai Cilegon: 4." in page.text
    refused = send(staff, variant_id, "pindah", {"pindah-quantity": "7"} | ways)
    assert (refused.status_code, "hanya 6 buah" in refused.text) == (422, True)
    same = send(
        staff, variant_id, "pindah", {"pindah-quantity": "1"} | ways | {"pindah-to_id": str(storeroom)}
    )
    assert (same.status_code, "Pilih tempat lain" in same.text) == (422, True)


def test_what_broke_and_what_was_given_away(staff: Client, db: SQLAlchemy, variant_id: int) -> None:
    gone = {"keluar-quantity": "2", "keluar-reason": "spoiled", "keluar-note": "Kena hujan"}
    assert send(staff, variant_id, "keluar", gone).status_code == 303
    given = {"keluar-quantity": "1", "keluar-reason": "charity"}
    refused = send(staff, variant_id, "keluar", given)
    assert (refused.status_code, "untuk siapa" in refused.text) == (422, True)
    assert send(staff, variant_id, "keluar", given | {"keluar-note": "Panti asuhan"}).status_code == 303
    assert lying(db, variant_id) == {"Gudang": 7}
    assert "Keluar, tidak layak jual (basi atau lewat tanggal)" in staff.page(f"{STOCK}/{variant_id}").text
    for typed in ({"keluar-quantity": ""}, {"keluar-reason": "miscounted"}, {"keluar-reason": ""}):
        assert send(staff, variant_id, "keluar", gone | typed).status_code == 422
    assert lying(db, variant_id) == {"Gudang": 7}


def test_a_count_says_why_it_differs(staff: Client, db: SQLAlchemy, variant_id: int) -> None:
    data = {"quantity": "8", "reason": "missing"}
    assert send(staff, variant_id, "hitung", data).status_code == 303
    newest = db.session.scalars(select(StockMovement).order_by(StockMovement.id.desc())).first()
    assert newest is not None
    assert (newest.on_hand_delta, newest.reason) == (-2, "missing")
    assert send(staff, variant_id, "hitung", data | {"reason": "sample"}).status_code == 422


def test_a_limit_of_its_own(staff: Client, db: SQLAlchemy, variant_id: int) -> None:
    assert send(staff, variant_id, "batas", {"batas-low_at": "12"}).status_code == 303
    assert "Menipis" in staff.page(f"{STOCK}?menipis=ya").one("tbody").text
    assert 'value="12"' in staff.get(f"{STOCK}/{variant_id}").text
    assert send(staff, variant_id, "batas", {"batas-low_at": ""}).status_code == 303
    assert not staff.page(f"{STOCK}?menipis=ya").all("tbody")
    assert send(staff, variant_id, "batas", {"batas-low_at": "-1"}).status_code == 422


def test_what_nobody_buys(staff: Client, facility: Facility) -> None:
    assert "masih laku" in staff.page(f"{STOCK}/belum-laku").text
    assert staff.get(f"{STOCK}/belum-laku?hari=abc&hal=9").status_code == 200


def test_nobody_elses_things_are_there(staff: Client, db: SQLAlchemy, variant_id: int) -> None:
    other = factories.product(stock=3)
    other_id, maker = other.variants[0].id, other.facility_id
    foreign = inventory.open_place(maker, "Gerai orang", LocationKind.OUTLET)
    own = inventory.open_place(
        db.session.scalars(select(Facility.id).filter_by(code="LPTES")).one(), "Gerai", LocationKind.OUTLET
    )
    page = staff.page(f"{STOCK}/{variant_id}")
    token = page.all("input", name="csrf_token")[0].attrs["value"]
    assert "Gerai orang" not in page.text
    for step in ("pindah", "keluar", "batas"):
        assert staff.post(f"{STOCK}/{other_id}/{step}", data={"csrf_token": token}).status_code == 404
    ways = {"pindah-quantity": "1", "pindah-from_id": str(own), "pindah-to_id": str(foreign)}
    assert send(staff, variant_id, "pindah", ways).status_code == 422
    renamed = {"csrf_token": token, f"t{foreign}-name": "Milik saya"}
    assert staff.post(f"{STOCK}/tempat/{foreign}", data=renamed).status_code == 404
    assert lying(db, other_id) == {"Gudang": 3}
