"""The regional office: what waits, what is decided, and the shelves."""

from datetime import timedelta
from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from storefront.catalog.models import Category, Product, ProductStatus
from storefront.catalog.services import Changed, publish_product, state_of, update_product
from storefront.core import clock
from tests import factories
from tests.support.client import Client

QUEUE = "/kanwil/kurasi"
SHELVES = "/kanwil/kategori"


@pytest.fixture
def office(client: Client, db: SQLAlchemy) -> Client:
    factories.signed_in(client, "regional")
    return client


def fresh(db: SQLAlchemy, product_id: int) -> Product:
    db.session.expire_all()
    return db.session.get_one(Product, product_id)


def test_the_longest_waiting_stands_first_with_its_age(office: Client, db: SQLAlchemy) -> None:
    factories.product(title="Baru masuk", status="submitted")
    factories.product(title="Sudah lama", status="submitted", submitted_at=clock.now() - timedelta(days=9))
    factories.product(title="Masih draf", status="draft")
    lines = [line.text for line in office.page(QUEUE).one("ul", class_="lines").all("li")]
    assert ["Sudah lama" in lines[0], "9 hari menunggu" in lines[0], "Hari ini" in lines[1]] == [True] * 3
    assert len(lines) == 2


def test_an_empty_queue_says_that_all_is_decided(office: Client) -> None:
    assert "Tidak ada produk yang menunggu" in office.page(QUEUE).text
    assert "Belum ada produk yang tayang" in office.page(f"{QUEUE}/tayang").text


def decide(client: Client, product_id: int, step: str, data: dict[str, Any] | None = None) -> Any:
    page = f"{QUEUE}/{product_id}"
    return client.submit(page, data, action=f"{page}/{step}")


def test_a_good_product_is_published(office: Client, db: SQLAlchemy) -> None:
    product_id = factories.product(status="submitted", description="Dibuat dari kayu jati.").id
    assert "Dibuat dari kayu jati." in office.page(f"{QUEUE}/{product_id}").text
    assert decide(office, product_id, "terbitkan").location == QUEUE
    assert fresh(db, product_id).status is ProductStatus.PUBLISHED
    assert fresh(db, product_id).title in office.page(f"{QUEUE}/tayang").text
    assert decide(office, product_id, "unggulan", {"featured": "yes"}).status_code == 303
    assert fresh(db, product_id).is_featured


def test_what_changed_meanwhile_is_looked_at_again(office: Client, db: SQLAlchemy) -> None:
    product_id = factories.product(status="submitted").id
    answer = decide(office, product_id, "terbitkan", {"seen": "2020-01-01T00:00:00+00:00"})
    assert answer.location == f"{QUEUE}/{product_id}"
    assert "baru saja diubah" in office.page(answer.location).text
    assert fresh(db, product_id).status is ProductStatus.SUBMITTED


def test_a_change_between_the_look_and_the_decision_is_seen(db: SQLAlchemy) -> None:
    product_id = factories.product(status="submitted").id
    seen = state_of(fresh(db, product_id))
    update_product(product_id, None, "Judul yang tidak dibaca siapa pun")
    with pytest.raises(Changed):
        publish_product(product_id, None, seen=seen)
    assert fresh(db, product_id).status is ProductStatus.SUBMITTED
    publish_product(product_id, None, seen=state_of(fresh(db, product_id)))
    assert fresh(db, product_id).status is ProductStatus.PUBLISHED


def test_an_incomplete_one_is_not(office: Client, db: SQLAlchemy) -> None:
    product_id = factories.product(status="submitted", stock=None).id
    assert (
        "disabled"
        in office.page(f"{QUEUE}/{product_id}").form(f"{QUEUE}/{product_id}/terbitkan").one("button").attrs
    )
    answer = decide(office, product_id, "terbitkan")
    assert "Masih kurang" in office.page(answer.location).text
    assert fresh(db, product_id).status is ProductStatus.SUBMITTED


@pytest.mark.parametrize("before", ["submitted", "published"])
def test_sending_back_needs_a_reason(office: Client, db: SQLAlchemy, before: str) -> None:
    product_id = factories.product(status=before).id
    for reason in ("", "   ", "x", "y" * 501, "NUL\x00"):
        answer = decide(office, product_id, "kembalikan", {"reason": reason})
        assert answer.status_code == 422
        assert fresh(db, product_id).status == before
    assert decide(office, product_id, "kembalikan", {"reason": "Foto terlalu gelap."}).status_code == 303
    assert fresh(db, product_id).status is ProductStatus.RETURNED
    assert "Foto terlalu gelap." in office.page(f"{QUEUE}/{product_id}").text


def test_drafts_are_the_facilitys_own_business(office: Client, db: SQLAlchemy) -> None:
    product_id = factories.product(status="draft").id
    assert office.get(f"{QUEUE}/{product_id}").status_code == 404
    assert office.get(f"{QUEUE}/999999").status_code == 404


def test_shelves_are_added_moved_ordered_renamed_and_deleted(office: Client, db: SQLAlchemy) -> None:
    assert "Belum ada kategori" in office.page(SHELVES).text
    for name in ("Kayu", "Kain"):
        assert _add(office, name).status_code == 303
    kayu, kain = db.session.scalars(select(Category.id).order_by(Category.id))
    assert _add(office, "Mebel", str(kayu)).status_code == 303
    office.submit(SHELVES, {"direction": "up"}, action=f"{SHELVES}/{kain}/geser")
    names = [line.one("a").text for line in office.page(SHELVES).one("ul", class_="shelves").all("li")]
    assert names == ["Kain", "Kayu", "Mebel"]
    page = f"{SHELVES}/{kayu}"
    mebel = db.session.scalars(select(Category.id).filter_by(name="Mebel")).one()
    for parent, status in [(str(kayu), 422), (str(mebel), 422), ("99999", 422), (str(kain), 303)]:
        data = {"name": "Kayu jati", "parent_id": parent, "csrf_token": _token(office)}
        assert office.post(page, data=data).status_code == status
    db.session.expire_all()
    assert db.session.get_one(Category, mebel).path == f"/{kain}/{kayu}/{mebel}/"
    assert office.post(f"{page}/hapus", data={"csrf_token": _token(office)}).status_code == 409
    gone = office.submit(f"{SHELVES}/{mebel}", action=f"{SHELVES}/{mebel}/hapus")
    assert gone.status_code == 303
    assert office.get(f"{SHELVES}/{mebel}").status_code == 404


def test_shelves_refuse_nonsense(office: Client, db: SQLAlchemy) -> None:
    for name in ("", "x", "😀😀", "a\x00b", "n" * 300_000):
        answer = _add(office, name)
        assert answer.status_code == 422
    assert db.session.scalar(select(Category.id)) is None


def _add(client: Client, name: str, parent: str = "") -> Any:
    data = {"name": name, "parent_id": parent, "csrf_token": _token(client)}
    return client.post(SHELVES, data=data)


def _token(client: Client) -> str:
    return client.page(SHELVES).all("input", name="csrf_token")[0].attrs["value"]


@pytest.mark.parametrize("role", ["buyer", "promoter", "facility_head"])
def test_only_the_regional_office_decides(client: Client, db: SQLAlchemy, role: str) -> None:
    maker = factories.facility()
    product_id = factories.product(maker, status="submitted").id
    factories.signed_in(client, role, facility=maker if role == "facility_head" else None)
    for path in (QUEUE, f"{QUEUE}/tayang", f"{QUEUE}/{product_id}", SHELVES):
        assert client.get(path).status_code == 403
