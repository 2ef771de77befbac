"""Placing an order: everything or nothing, once, and with what was agreed."""

import os
import secrets
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from storefront.cart.models import Cart
from storefront.cart.queries import contents
from storefront.cart.services import add
from storefront.catalog.models import ProductStatus, ShippingClass
from storefront.checkout.services import CartChanged, EmptyCart, TooMuch, TotalChanged, place_order
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid
from storefront.core.models import Job
from storefront.core.transactions import transaction
from storefront.inventory.models import Reservation, StockMovement
from storefront.inventory.services import OutOfStock, count
from storefront.orders.models import Order, OrderStatus, ParcelStatus
from tests import factories
from tests.buying import buy, cart_of, only, open_shop, order_of, pay, somebody, stock_of

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def shop(db):
    open_shop()


def test_copies_what_is_sold_and_holds_the_stock():
    lapas = factories.facility(workshops=("Bengkel Kayu",))
    bag = factories.product(lapas, title="Tas Anyam", price=185_000, weight=450, stock=5)

    order = order_of(buy({bag: 2}))

    assert order.status is OrderStatus.PENDING
    assert (order.subtotal, order.total) == (370_000, 370_000 + order.shipping)
    assert order.shipping > 0
    [line] = order.lines
    assert (line.title, line.unit_price, line.quantity, line.total) == ("Tas Anyam", 185_000, 2, 370_000)
    assert line.facility_name == lapas.name
    assert stock_of(bag) == (5, 2)
    assert [parcel.status for parcel in order.parcels] == [ParcelStatus.WAITING]


def test_two_facilities_make_two_parcels_whose_shipping_adds_up():
    bag, mat = factories.product(), factories.product(price=55_000, weight=1600)

    order = order_of(buy({bag: 1, mat: 1}))

    assert len(order.parcels) == 2
    assert sum(parcel.shipping_cost for parcel in order.parcels) == order.shipping
    inside = {(item.line, item.quantity) for parcel in order.parcels for item in parcel.items}
    assert inside == {(line, line.quantity) for line in order.lines}


def test_a_second_click_finds_the_same_order():
    bag = factories.product(stock=5)
    token = cart_of({bag: 1})

    first = place_order(token, somebody(), payment_method="card")
    again = place_order(token, somebody(), payment_method="card")

    assert (first.is_new, again.is_new) == (True, False)
    assert again.number == first.number
    assert stock_of(bag) == (5, 1)
    assert database.session.scalar(select(func.count(Job.id)).where(Job.kind == "letter.placed")) == 1


def test_the_cart_is_empty_afterwards_and_a_new_one_begins():
    bag = factories.product(stock=5)
    token = cart_of({bag: 1})
    place_order(token, somebody(), payment_method="card")

    assert contents(token).lines == []
    new = add(token, only(bag).id, 1).token
    assert new != token
    assert contents(new).pieces == 1


def test_one_line_that_is_sold_out_leaves_nothing_behind():
    bag, lamp = factories.product(stock=5), factories.product(title="Lampu", stock=1)
    token = cart_of({bag: 2, lamp: 1})
    count(lamp.facility_id, only(lamp).id, 0)

    with pytest.raises(CartChanged, match="Lampu"):
        place_order(token, somebody(), payment_method="card")

    assert stock_of(bag) == (5, 0)
    assert database.session.scalar(select(func.count(Order.id))) == 0
    assert database.session.scalar(select(func.count(Reservation.id))) == 0
    assert contents(token).pieces == 3


def test_the_same_variant_in_two_lines_counts_together():
    cup = factories.product(stock=3, personalisation="Nama")
    token = add(None, only(cup).id, 2, note="Ani").token
    add(token, only(cup).id, 1, note="Budi")
    assert len(contents(token).lines) == 2

    order = order_of(place_order(token, somebody(), payment_method="card"))

    assert [line.note for line in order.lines] == ["Ani", "Budi"]
    assert stock_of(cup) == (3, 3)


def test_two_lines_that_together_exceed_the_stock_are_refused():
    cup = factories.product(stock=3, personalisation="Nama")
    token = add(None, only(cup).id, 2, note="Ani").token
    add(token, only(cup).id, 1, note="Budi")
    count(cup.facility_id, only(cup).id, 2)

    with pytest.raises(CartChanged):
        place_order(token, somebody(), payment_method="card")


def test_a_price_that_changed_after_the_button_was_shown_asks_again():
    bag = factories.product(price=50_000)
    token = cart_of({bag: 1})
    seen = 50_000
    with transaction():
        only(bag).price = 60_000

    with pytest.raises(TotalChanged):
        place_order(token, somebody(), payment_method="card", seen_total=seen)

    assert contents(token).lines[0].notices == (
        "Harga naik dari Rp50.000 menjadi Rp60.000 sejak Anda menambahkannya.",
    )


def test_a_product_that_was_withdrawn_meanwhile_stops_the_checkout_in_words():
    bag = factories.product(title="Tas Jeans")
    token = cart_of({bag: 1})
    with transaction():
        database.session.merge(bag).status = ProductStatus.ARCHIVED

    with pytest.raises(CartChanged, match="Tas Jeans: sedang tidak dijual"):
        place_order(token, somebody(), payment_method="card")


def test_an_empty_or_unknown_cart_buys_nothing():
    with pytest.raises(EmptyCart):
        place_order("tidak-ada", somebody(), payment_method="card")


def test_goods_that_travel_need_a_destination():
    bag = factories.product()
    with pytest.raises(Invalid):
        place_order(cart_of({bag: 1}), somebody(district_code=None, address={}), payment_method="card")


def test_collecting_costs_nothing_and_keeps_no_address():
    bag = factories.product()
    order = order_of(buy({bag: 1}, pickups=frozenset({bag.facility_id})))
    assert (order.shipping, order.method, order.address) == (0, "pickup", {})


def test_what_may_only_be_collected_is_never_sent():
    cake = factories.product(shipping_class=ShippingClass.PICKUP_ONLY)
    order = order_of(
        place_order(cart_of({cake: 1}), somebody(district_code=None, address={}), payment_method="card")
    )
    assert order.parcels[0].method == "pickup"


def test_renaming_and_repricing_a_product_changes_no_order():
    bag = factories.product(title="Tas Lama", price=50_000)
    placed = buy({bag: 1})
    with transaction():
        same = database.session.merge(bag)
        same.title = "Tas Baru"
        only(bag).price = 99_000

    [line] = order_of(placed).lines
    assert (line.title, line.unit_price) == ("Tas Lama", 50_000)


def test_made_to_order_takes_weeks_and_says_when_it_is_ready():
    with clock.travel(datetime(2026, 1, 28, 3, tzinfo=UTC)):  # a Wednesday
        shoes = factories.product(supply="made_to_order", weekly_capacity=5, lead_days=2)
        first, second = buy({shoes: 4}), buy({shoes: 4})

    assert order_of(first).lines[0].ready_by == date(2026, 1, 30)
    assert order_of(second).lines[0].ready_by == date(2026, 2, 6)


def test_a_workshop_never_promises_more_than_half_a_year_of_work():
    shoes = factories.product(supply="made_to_order", weekly_capacity=1, lead_days=1)
    token = cart_of({shoes: 26})
    place_order(token, somebody(), payment_method="card")
    with pytest.raises(Invalid):
        cart_of({shoes: 1})


def test_the_stock_is_held_last_and_by_few_queries(query_count):
    bag, mat = factories.product(), factories.product()
    token = cart_of({bag: 1, mat: 1})

    with query_count(at_most=21) as statements:
        place_order(token, somebody(), payment_method="card")

    writes = [s for s in statements if s.split()[0] in {"INSERT", "UPDATE"}]
    assert "stock_levels" in " ".join(writes[-4:])


def test_every_change_of_stock_left_its_movement():
    bag = factories.product(stock=5)
    placed = buy({bag: 2})
    pay(placed)
    on_hand, reserved = stock_of(bag)
    sums = database.session.execute(
        select(func.sum(StockMovement.on_hand_delta), func.sum(StockMovement.reserved_delta))
    ).one()
    assert (on_hand, reserved) == tuple(sums) == (3, 0)


@pytest.mark.parametrize(("pieces", "fits"), [(2, True), (3, False)])
def test_a_sum_that_no_table_holds_is_refused_in_words(pieces, fits):
    house = factories.product(price=999_000_000, stock=9)
    home = frozenset({house.facility_id})
    token = cart_of({house: pieces})
    if fits:
        assert place_order(token, somebody(), payment_method="transfer", pickups=home).is_new
        return
    with pytest.raises(TooMuch):
        place_order(token, somebody(), payment_method="transfer", pickups=home)
    assert stock_of(house) == (9, 0)


def test_a_number_that_was_drawn_before_is_drawn_again(monkeypatch):
    drawn = [b"\1" * 5, b"\1" * 5, b"\2" * 5]
    monkeypatch.setattr(secrets, "token_bytes", lambda n: drawn.pop(0) if n == 5 else os.urandom(n))
    bag = factories.product(stock=5)
    first, second = (buy({bag: 1}).number for _ in range(2))
    assert (first[-5:], second[-5:]) == ("11111", "22222")
    assert stock_of(bag) == (5, 2)


def test_a_sold_out_piece_names_itself(db):
    bag = factories.product(title="Keranjang Buah", stock=1)
    tokens = [cart_of({bag: 1}), cart_of({bag: 1})]
    place_order(tokens[0], somebody(), payment_method="card")
    with pytest.raises((OutOfStock, CartChanged), match="Keranjang Buah"):
        place_order(tokens[1], somebody(), payment_method="card")
    assert db.session.scalar(select(func.count(Cart.id)).where(Cart.closed_at.is_(None))) == 1
