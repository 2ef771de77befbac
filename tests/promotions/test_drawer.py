"""The cart at the side of a page says what applies, what nearly would, and what became of a code."""

import pytest

from tests import factories
from tests.buying import only, open_shop
from tests.support.html import Page
from tests.support.offers import offer


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(title="Tas Anyam", price=50_000, stock=9)


def drawer(client, bag, pieces=1):
    """Put some in by the script; what the drawer shows then."""
    answer = client.post(
        "/keranjang/tambah",
        data={"variant": only(bag).id, "jumlah": pieces},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 200
    return Page.parse(answer.json["html"])


def offers(page) -> list[str]:
    return [row.text for box in page.all("ul", **{"class": "drawer__offers"}) for row in box.all("li")]


def test_without_promotions_there_is_no_list(client, bag):
    assert offers(drawer(client, bag)) == []


def test_an_offer_has_its_name_and_amount_and_the_next_one_what_is_missing(client, bag):
    offer(name="Diskon pelanggan", value=10)
    offer(name="Gratis ongkir", kind="free_shipping", value=0, minimum=120_000)
    offer(name="Jauh sekali", minimum=9_000_000)
    first, second = offers(drawer(client, bag, 2))
    assert "Diskon pelanggan" in first
    assert "−Rp10.000" in first
    assert "Belanja Rp20.000 lagi untuk Gratis ongkir" in second


def test_free_delivery_that_is_won_already_is_said_before_the_price_is_known(client, bag):
    offer(name="Gratis ongkir", kind="free_shipping", value=0, minimum=40_000)
    [row] = offers(drawer(client, bag))
    assert "Gratis ongkir berlaku; dihitung setelah tujuan diketahui." in row


def test_a_code_that_does_not_count_says_why(client, bag):
    offer(code="BESAR", minimum=150_000)
    drawer(client, bag)
    client.submit("/keranjang", {"kode": "BESAR"}, action="/keranjang/kode")
    assert any(
        "Kode BESAR berlaku setelah belanja Rp50.000 lagi." in row for row in offers(drawer(client, bag))
    )


def test_all_is_english_there(client, bag):
    offer(name="Diskon pelanggan", minimum=60_000)
    client.get("/en/keranjang")
    answer = client.post(
        "/en/keranjang/tambah",
        data={"variant": only(bag).id, "jumlah": 1},
        headers={"Accept": "application/json"},
    )
    assert "Spend Rp10.000 more" in answer.json["html"]
