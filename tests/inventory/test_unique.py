"""What there is only one of: shown as such, sold once, and never brought twice."""

from functools import partial

import pytest

from storefront.cart.queries import contents
from storefront.cart.services import add
from storefront.catalog.queries.cards import newest
from storefront.catalog.queries.product import product_page
from storefront.catalog.services import update_product
from storefront.core.errors import Invalid
from storefront.inventory import services as inventory
from storefront.inventory.models import LocationKind, Reason
from storefront.orders.services import SYSTEM
from storefront.payments.services import cancel_order
from tests import factories
from tests.buying import buy, cart_of, only, open_shop, pay
from tests.checkout.test_races import at_once


@pytest.fixture
def statue(db):
    open_shop()
    return factories.product(title="Patung Kayu", stock=1, is_unique=True)


def badge() -> str | None:
    [card] = newest(limit=5)
    return card.badge.label if card.badge else None


def test_it_is_bought_without_asking_how_many(statue, client):
    page = client.page(f"/produk/{statue.slug}")
    assert "Satu-satunya: hanya ada satu" in page.text
    assert [field.attrs["type"] for field in page.all("input", name="jumlah")] == ["hidden"]
    assert badge() == "Satu-satunya"
    token = cart_of({statue: 1})
    assert [(line.is_unique, line.most) for line in contents(token).lines] == [(True, 1)]
    with pytest.raises(Invalid):
        add(token, only(statue).id, 1)


def test_the_cart_offers_no_other_number(statue, client):
    client.submit(
        f"/produk/{statue.slug}", {"variant": only(statue).id, "jumlah": "1"}, action="/keranjang/tambah"
    )
    cart = client.page("/keranjang")
    assert "Patung Kayu" in cart.text
    assert not cart.all("input", name="jumlah")
    assert "Satu-satunya" in cart.text


def test_once_sold_it_stays_sold(statue, client):
    facility_id, variant_id = statue.facility_id, only(statue).id
    pay(buy({statue: 1}))
    page = client.page(f"/produk/{statue.slug}")
    assert "Sudah terjual. Barang ini hanya ada satu" in page.text
    assert badge() == "Terjual"
    for again in (inventory.receive, inventory.count):
        with pytest.raises(Invalid, match="satu-satunya"):
            again(facility_id, variant_id, 1)


def test_what_was_cancelled_can_be_sold_again(statue):
    placed = buy({statue: 1})
    pay(placed)
    cancel_order(placed.id, SYSTEM, reason="Pembeli membatalkan pesanan")
    assert badge() == "Satu-satunya"
    assert product_page(statue.slug).variants[0].available == 1


def test_another_place_does_not_make_a_second_one(statue):
    facility_id, variant_id = statue.facility_id, only(statue).id
    outlet = inventory.open_place(facility_id, "Gerai", LocationKind.OUTLET)
    with pytest.raises(Invalid, match="satu-satunya"):
        inventory.count(facility_id, variant_id, 1, place_id=outlet)
    room = inventory.ensure_storeroom(facility_id)
    inventory.transfer(facility_id, variant_id, 1, from_id=room, to_id=outlet)
    with pytest.raises(Invalid, match="satu-satunya"):
        inventory.receive(facility_id, variant_id, 1)
    inventory.take_out(facility_id, variant_id, 1, reason=Reason.BROKEN, place_id=outlet)
    inventory.receive(facility_id, variant_id, 1)  # made anew: the broken one is gone for good


def test_only_what_was_never_more_than_one_is_marked(db):
    open_shop()
    many, one = factories.product(stock=2), factories.product(stock=1)
    made = factories.product(supply="made_to_order")
    officer = factories.user("facility_staff").id
    update_product(one.id, officer, is_unique=True)
    for product in (many, made):
        with pytest.raises(Invalid) as refused:
            update_product(product.id, officer, is_unique=True)
        assert set(refused.value.errors) == {"is_unique"}
    inventory.count(many.facility_id, only(many).id, 1)
    update_product(many.id, officer, is_unique=True)
    sold = factories.product(stock=5)
    pay(buy({sold: 2}))
    inventory.count(sold.facility_id, only(sold).id, 0)
    with pytest.raises(Invalid):
        update_product(sold.id, officer, is_unique=True)


def test_ten_officers_bring_the_one_piece(app, db):
    statue = factories.product(stock=0, is_unique=True)
    facility_id, variant_id = statue.facility_id, only(statue).id
    outlet = inventory.open_place(facility_id, "Gerai", LocationKind.OUTLET)
    brought = [partial(inventory.receive, facility_id, variant_id, 1)] * 5
    found = [partial(inventory.count, facility_id, variant_id, 1, place_id=outlet)] * 5

    results = at_once(app, [job for pair in zip(brought, found, strict=True) for job in pair])

    with pytest.raises(Invalid):
        inventory.receive(facility_id, variant_id, 1)
    assert inventory.pieces_made(variant_id) == 1
    assert Invalid in results
