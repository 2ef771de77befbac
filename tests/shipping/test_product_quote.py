"""What bringing one piece of a product costs, asked from its page."""

import pytest

from storefront.core.errors import NotFound
from storefront.shipping.queries import ParcelSpec, product_quote, quotes
from storefront.shipping.services import load_first_rates
from tests import factories
from tests.buying import CIPONDOH, know_cipondoh


@pytest.fixture
def bag(db):
    load_first_rates()
    know_cipondoh()
    return factories.product(factories.facility(regency_code="36.71"), slug="tas", weight=1400)


def test_a_piece_costs_what_the_checkout_asks(bag):
    found = product_quote("tas", CIPONDOH)
    spec = ParcelSpec(1, "36.71", 1400, 0, {bag.shipping_class})
    assert found.delivery == quotes([spec], CIPONDOH)[1].delivery
    assert (found.place.name, found.same) == ("Cipondoh", True)


def test_of_forms_of_different_weight_the_cheapest_is_named(bag):
    factories.variant(bag, "kecil", weight=500)
    factories.variant(bag, "besar", weight=9000)
    factories.variant(bag, "lama", weight=1, is_active=False)
    found = product_quote("tas", CIPONDOH)
    spec = ParcelSpec(1, "36.71", 500, 0, {bag.shipping_class})
    assert found.delivery == quotes([spec], CIPONDOH)[1].delivery
    assert not found.same


@pytest.mark.parametrize(
    ("slug", "code"), [("tas", "99.99.99"), ("tas", ""), ("tidak-ada", CIPONDOH), ("draf", CIPONDOH)]
)
def test_what_is_not_there_has_no_price(bag, slug, code):
    factories.product(slug="draf", status="draft")
    with pytest.raises(NotFound):
        product_quote(slug, code)


def test_the_page_asks_for_a_piece_of_a_page_that_anybody_may_keep(client, bag, query_count):
    client.lint = False  # a piece of a page is no page
    with query_count(at_most=3):
        answer = client.get(f"/produk/tas/ongkir?kecamatan={CIPONDOH}")
    assert "Cipondoh, Kota Tangerang" in answer.text
    assert "hari kerja" in answer.text
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers
    assert "working days" in client.get(f"/en/produk/tas/ongkir?kecamatan={CIPONDOH}").text
    assert client.get("/produk/tas/ongkir").status_code == 404
    assert 'data-src="/en/produk/tas/ongkir"' in client.get("/en/produk/tas").text


def test_what_nobody_brings_says_why(client, bag):
    client.lint = False
    far = factories.product(
        factories.facility(regency_code="36.73"), slug="kue", shipping_class="local_fresh"
    )
    answer = client.get(f"/produk/{far.slug}/ongkir?kecamatan={CIPONDOH}").text
    assert "kota yang sama" in answer
    assert "Rp" not in answer


def test_what_is_only_collected_asks_for_no_place(client, bag):
    factories.product(slug="meja", shipping_class="pickup_only")
    assert "/ongkir" not in client.get("/produk/meja").text
