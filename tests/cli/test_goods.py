"""`stock receive` and `orders expire`."""

import json
from datetime import timedelta

import pytest

from storefront.core import clock
from storefront.orders.models import OrderStatus
from tests import buying, factories


@pytest.fixture
def bag(db):
    return factories.product(factories.facility("LPCLG"), price=75_000, stock=4)


def test_received_pieces_can_be_sold(bag, flask):
    sku = buying.only(bag).sku
    answer = json.loads(flask("stock", "receive", "--sku", sku, "--qty", "3", "--json").stdout)

    assert answer == {
        "sku": sku, "facility": "LPCLG", "location": "Gudang", "received": 3, "on_hand": 7,
        "available": 7, "reserved": 0,
    }  # fmt: skip
    assert buying.stock_of(bag) == (7, 0)
    assert "8 on hand" in flask("stock", "receive", "--sku", sku, "--qty", "1").stdout


def test_what_cannot_be_received_is_refused_in_words(bag, flask):
    sku = buying.only(bag).sku
    chair = buying.only(factories.product(supply="made_to_order")).sku

    assert (
        "no variant has the SKU NONE"
        in flask("stock", "receive", "--sku", "NONE", "--qty", "1", status=1).output
    )
    assert "made to order" in flask("stock", "receive", "--sku", chair, "--qty", "1", status=1).output
    for quantity in ("0", "-3", "100001"):
        flask("stock", "receive", "--sku", sku, f"--qty={quantity}", status=1)
    away = flask("stock", "receive", "--sku", sku, "--qty", "1", "--location", "Outlet", status=1)
    assert "in Gudang, not in Outlet" in away.output
    assert buying.stock_of(bag) == (4, 0)


def test_orders_expire_once_by_the_clock_that_is_given(bag, flask):
    buying.open_shop()
    placed = buying.buy({bag: 4})
    later = (clock.now() + timedelta(hours=5)).isoformat()

    assert flask("orders", "expire").stdout == "0 orders expired\n"
    assert flask("orders", "expire", "--now", later).stdout == "1 orders expired\n"
    assert flask("orders", "expire", "--now", later).stdout == "0 orders expired\n"
    assert buying.order_of(placed).status is OrderStatus.EXPIRED
    assert buying.stock_of(bag) == (4, 0)


def test_a_moment_without_an_offset_is_of_banten(bag, flask):
    buying.open_shop()
    buying.buy({bag: 1})
    near = clock.local(clock.now() + timedelta(hours=1)).replace(tzinfo=None).isoformat()

    assert flask("orders", "expire", "--now", near).stdout == "1 orders expired\n"
    assert "no moment" in flask("orders", "expire", "--now", "tomorrow", status=2).output
