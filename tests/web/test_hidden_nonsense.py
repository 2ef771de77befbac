"""What no page of ours sends in its hidden fields: nothing breaks on it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from storefront.catalog.models import Collection
from storefront.inventory.models import StockMovement
from storefront.notices.models import Notice
from tests import factories
from tests.buying import buy, open_shop, order_of, pay
from tests.support.client import Client

MARKS = ["a\0b", "x" * 70, "\u202e"]
DIGITS = "9" * 5_000


@pytest.fixture(autouse=True)
def without_tokens(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_that_we_never_gave_out_is_none(client: Client, db: Any, mark: str) -> None:
    facility = factories.facility("LPA")
    variant_id = factories.product(facility, stock=3).variants[0].id
    factories.signed_in(client, "facility_staff", facility=facility)
    room = f"/petugas/stok/{variant_id}"
    for path, data in (
        ("terima", {"quantity": "2", "once": mark}),
        ("hitung", {"quantity": "4", "counted-once": mark}),
        ("keluar", {"keluar-quantity": "1", "keluar-reason": "broken", "keluar-once": mark}),
    ):
        assert client.post(f"{room}/{path}", data=data).status_code == 303, path
    assert db.session.scalar(select(func.count(StockMovement.id)).where(StockMovement.once.is_not(None))) == 0


@pytest.mark.parametrize("mark", MARKS)
def test_changes_of_many_need_the_mark_of_their_page(client: Client, db: Any, mark: str) -> None:
    facility = factories.facility("LPA")
    variant_id = factories.product(facility, price=50_000).variants[0].id
    factories.signed_in(client, "facility_staff", facility=facility)
    asked = {"kind": "price", "amount": "60000", "perubahan": f"{variant_id}:50000:60000", "once": mark}
    assert client.post("/petugas/ubah-banyak/simpan", data=asked).status_code == 409
    asked |= {"once": "abc", "perubahan": f"{DIGITS}:1:2"}
    assert client.post("/petugas/ubah-banyak/simpan", data=asked).status_code in {409, 422}


def test_an_announcement_says_to_open_the_page_again(client: Client, db: Any) -> None:
    factories.signed_in(client, "regional")
    said = {"title": "Libur bersama", "body": "Toko tetap buka.", "whom": "all", "once": "a\0b"}
    answer = client.post("/kanwil/pengumuman/baru", data=said | {"last_day": "1/1/2099"})
    assert answer.status_code == 422
    assert db.session.scalar(select(func.count(Notice.id))) == 0


def test_words_for_buyers_hold_no_character_that_says_nothing(client: Client, db: Any) -> None:
    facility = factories.facility("LPA")
    factories.signed_in(client, "facility_head", facility=facility)
    sent = {"kind": "late", "body": "Maaf,\0{kode} menyusul."}
    assert client.post("/petugas/pesanan/pesan", data=sent).status_code == 303
    assert "Maaf, {kode} menyusul." in client.get("/petugas/pesanan/pesan").text


def test_numbers_without_end_in_names_and_boxes(client: Client, db: Any) -> None:
    open_shop()
    product = factories.product(factories.facility("LPA"))
    product_id, facility = product.id, product.facility
    placed = buy({product: 1})
    pay(placed)
    number = order_of(placed).number
    factories.signed_in(client, "facility_staff", facility=facility)
    answer = client.post(f"/petugas/produk/{product_id}/varian", data={f"v{DIGITS}-price": "1"})
    assert answer.status_code in {303, 422}
    office = client.application.test_client()
    factories.signed_in(office, "regional")
    data = {"ongkir": DIGITS, "reason": "Salah kirim"}
    assert office.post(f"/kanwil/pesanan/{number}/kembalikan", data=data).status_code == 422
    buyer = client.application.test_client()
    assert buyer.post("/checkout", data={"total": DIGITS}).status_code == 409, "an empty cart"


def test_a_collection_by_a_rule_is_written_down_from_its_page(client: Client, db: Any) -> None:
    """The choices of a rule are asked for at every request."""
    shelf = factories.category("Tas")
    slug = shelf.slug
    factories.product(factories.facility("LPA"))
    factories.signed_in(client, "promoter")
    rule = {"title": "Semua tas", "kind": "rule", "category": slug}
    assert client.post("/pemprov/koleksi/baru", data=rule).status_code == 303
    assert db.session.scalars(select(Collection.rule)).one()["category"] == slug
    wrong = client.post("/pemprov/koleksi/baru", data=rule | {"title": "Lain", "category": "tidak-ada"})
    assert (wrong.status_code, 'value="Lain"' in wrong.text) == (422, True)
