"""Choosing how parcels travel: by service and day, at prices that were at hand before anything was locked."""

import pytest
from sqlalchemy import select

from config import Config
from devtools.courier_simulator import CourierServer, Spot
from storefront.checkout.queries import Way
from storefront.checkout.services import TotalChanged, WayGone, place_order
from storefront.core import outgoing
from storefront.core.db import db as database
from storefront.orders.models import Order
from storefront.shipping.providers.rate_table import demo_rates
from storefront.shipping.services import load_first_rates, replace_rates
from tests import factories
from tests.buying import CIPONDOH, buy, cart_of, know_cipondoh, only, open_shop, order_of, somebody
from tests.support.html import values

SPOTS = [
    Spot(11, "Cipondoh", "Kota Tangerang", "Banten", "15148"),
    Spot(12, "Serang", "Kota Serang", "Banten", "42117"),
]


@pytest.fixture
def couriers():
    outgoing._breakers.clear()
    with CourierServer(SPOTS, key="kunci") as server:
        yield server


@pytest.fixture
def config(config: Config, couriers: CourierServer) -> Config:
    keys = {"RAJAONGKIR_KEY": "kunci", "RAJAONGKIR_API_BASE": couriers.rajaongkir}
    return Config(**vars(config) | keys)


@pytest.fixture
def bag(db):
    open_shop()
    know_cipondoh()
    return factories.product(title="Tas Anyam", price=100_000, weight=900, stock=5)


@pytest.fixture
def cart(client, bag):
    client.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": 1})
    return client


GOOD = {
    "nama": "Siti Contoh", "telepon": "081200001111", "tujuan": "Cipondoh, Kota Tangerang, Banten",
    "kecamatan": CIPONDOH, "alamat": "Jl. Contoh 1", "bayar": "transfer",
}  # fmt: skip


def counted(client, **changes):
    return client.submit("/checkout", GOOD | {"aksi": "hitung"} | changes, action="/checkout")


def sent(client, **changes):
    form = client.page("/checkout").form("/checkout")
    return client.post("/checkout", data=values(form) | GOOD | changes)


def test_the_buyer_chooses_among_couriers_and_the_cheapest_comes_first(cart, bag, couriers):
    page = counted(cart).text
    assert (
        page.index("Dikirim: J&amp;T EZ")
        < page.index("Dikirim: SiCepat REG")
        < page.index("Dikirim: JNE YES")
    )
    assert couriers.calls() == 3
    assert sent(cart).status_code == 303


def test_the_chosen_service_is_frozen_with_its_price(cart, bag, couriers):
    counted(cart)
    key = f"kirim-{bag.facility_id}"
    counted(cart, **{key: "jne:YES"})
    answer = sent(cart, **{key: "jne:YES", "total": str(100_000 + 38_000)})
    assert answer.status_code == 303, answer.text
    [parcel] = database.session.scalars(select(Order)).one().parcels
    assert (parcel.service, parcel.service_label, parcel.shipping_cost) == ("jne:YES", "JNE YES", 38_000)


@pytest.mark.parametrize("kind", ["down", "quota", "nonsense", "none"])
def test_vendors_that_are_away_cost_nobody_an_order(cart, bag, couriers, kind):
    couriers.fail(kind)
    page = counted(cart)
    assert page.status_code == 200
    assert "Dikirim: Reguler" in page.text
    assert "tidak dapat dihubungi" not in page.text
    assert sent(cart).status_code == 303


def test_a_price_that_changed_meanwhile_asks_again(bag, couriers):
    with pytest.raises(TotalChanged):
        buy({bag: 1}, seen_total=100_000)


def test_placing_asks_nobody(bag, couriers):
    order = order_of(buy({bag: 1}))
    assert couriers.calls() == 0
    assert order.parcels[0].service == "regular"


def test_a_service_that_is_gone_is_never_exchanged_for_another(bag):
    token = cart_of({bag: 1})
    for way in (Way("jne:REG"), Way("regular-lama"), Way("x" * 32)):
        with pytest.raises(WayGone):
            place_order(token, somebody(), payment_method="card", ways={bag.facility_id: way})
    replace_rates([rate for rate in demo_rates() if rate.service != "express"])
    with pytest.raises(WayGone):
        place_order(token, somebody(), payment_method="card", ways={bag.facility_id: Way("express")})
    load_first_rates()
    assert place_order(
        token, somebody(), payment_method="card", ways={bag.facility_id: Way("regular")}
    ).is_new
