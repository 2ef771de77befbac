"""Pieces that are carried, that broke or were given away; limits, places, and what nobody buys."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from storefront.catalog.queries.slow import slow_stock
from storefront.catalog.queries.staff import low_stock, stock_rows
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid, NotFound
from storefront.inventory import services as inventory
from storefront.inventory.models import LocationKind, MovementKind, Reason, StockMovement, StockTransfer
from storefront.inventory.queries import availability, history, places
from tests import factories
from tests.buying import buy, only, open_shop, pay, stock_of

pytestmark = pytest.mark.usefixtures("db")


def outlet(product, name: str = "Gerai Serang") -> int:
    return inventory.open_place(product.facility_id, name, LocationKind.OUTLET)


def lying(product) -> dict[str, int]:
    rows = places(product.facility_id, only(product).id)
    return {row.name: row.on_hand for row in rows}


def carry(product, quantity: int, to: int, **kwargs) -> None:
    room = inventory.ensure_storeroom(product.facility_id)
    inventory.transfer(product.facility_id, only(product).id, quantity, from_id=room, to_id=to, **kwargs)


def test_what_is_carried_is_at_the_other_place_and_not_for_sale_online():
    bag = factories.product(stock=10)
    carry(bag, 4, outlet(bag), note="Untuk pekan depan")

    assert list(lying(bag).items()) == [("Gudang", 6), ("Gerai Serang", 4)]
    assert availability([only(bag).id]) == {only(bag).id: 6}
    newest = history(bag.facility_id, only(bag).id)[:2]
    assert {(row.place, row.on_hand_delta, row.kind) for row in newest} == {
        ("Gudang", -4, MovementKind.MOVED), ("Gerai Serang", 4, MovementKind.MOVED),
    }  # fmt: skip
    assert {row.note for row in newest} == {"Untuk pekan depan"}


def test_only_what_nobody_ordered_can_be_carried_and_only_inside_the_facility():
    open_shop()
    bag = factories.product(stock=5)
    place, foreign = outlet(bag), outlet(factories.product())
    buy({bag: 3})

    with pytest.raises(Invalid, match="hanya 2 buah"):
        carry(bag, 3, place)
    with pytest.raises(NotFound):
        carry(bag, 1, foreign)
    with pytest.raises(Invalid):
        carry(bag, 1, inventory.ensure_storeroom(bag.facility_id))
    for senseless in (0, -1, 100_001):
        with pytest.raises(Invalid):
            carry(bag, senseless, place)
    assert (stock_of(bag), lying(bag)["Gerai Serang"]) == ((5, 3), 0)
    assert database.session.scalars(select(StockTransfer)).all() == []


def test_what_is_sent_twice_is_done_once():
    bag = factories.product(stock=10)
    place = outlet(bag)
    for _press in range(2):
        carry(bag, 2, place, once="a")
        inventory.take_out(bag.facility_id, only(bag).id, 1, reason=Reason.BROKEN, once="b")
    assert lying(bag) == {"Gudang": 7, "Gerai Serang": 2}

    carry(bag, 3, place, once="a")  # the same page, put right
    assert lying(bag) == {"Gudang": 4, "Gerai Serang": 5}


def test_a_count_sent_twice_does_not_undo_what_was_sold_in_between():
    open_shop()
    bag = factories.product(stock=10)
    inventory.count(bag.facility_id, only(bag).id, 8, reason=Reason.MISSING, once="a")
    pay(buy({bag: 3}))
    inventory.count(bag.facility_id, only(bag).id, 8, reason=Reason.MISSING, once="a")

    assert stock_of(bag) == (5, 0)
    counted = select(StockMovement.reason).filter_by(kind=MovementKind.COUNTED)
    assert Reason.MISSING in database.session.scalars(counted).all()


def test_a_count_of_another_place_leaves_the_storeroom_alone():
    bag = factories.product(stock=10)
    place = outlet(bag)
    carry(bag, 4, place)
    inventory.count(bag.facility_id, only(bag).id, 3, place_id=place, reason=Reason.MISSING)

    assert lying(bag) == {"Gudang": 6, "Gerai Serang": 3}
    with pytest.raises(Invalid):
        inventory.count(bag.facility_id, only(bag).id, 3, reason=Reason.SAMPLE)


def test_broken_pieces_and_gifts_say_why_and_never_take_what_is_ordered():
    open_shop()
    bag = factories.product(stock=5)
    here = bag.facility_id, only(bag).id
    buy({bag: 3})

    with pytest.raises(Invalid, match="3 buah yang sedang dipesan"):
        inventory.take_out(*here, 3, reason=Reason.BROKEN)
    with pytest.raises(Invalid, match="hanya ada 5 buah"):
        inventory.take_out(*here, 6, reason=Reason.BROKEN)
    with pytest.raises(Invalid) as refused:
        inventory.take_out(*here, 1, reason=Reason.CHARITY)
    assert set(refused.value.errors) == {"note"}
    with pytest.raises(Invalid):
        inventory.take_out(*here, 1, reason=Reason.FOUND)
    assert stock_of(bag) == (5, 3)

    inventory.take_out(*here, 1, reason=Reason.CHARITY, note="Panti asuhan")
    inventory.take_out(*here, 1, reason=Reason.SPOILED)
    assert stock_of(bag) == (3, 3)
    assert [(row.kind, row.reason) for row in history(*here)[:2]] == [
        (MovementKind.DAMAGED, Reason.SPOILED), (MovementKind.GIVEN, Reason.CHARITY),
    ]  # fmt: skip


def test_each_variant_may_have_a_limit_of_its_own():
    maker = factories.facility()
    shoes, soap = factories.product(maker, stock=9), factories.product(maker, stock=2)
    assert low_stock(maker.id) == 1

    inventory.set_limit(maker.id, only(shoes).id, 10)
    inventory.set_limit(maker.id, only(soap).id, 1)
    low = stock_rows(maker.id, low_only=True).items
    assert [(row.variant_id, row.is_low) for row in low] == [(only(shoes).id, True)]
    inventory.set_limit(maker.id, only(soap).id, None)
    assert low_stock(maker.id) == 2
    with pytest.raises(Invalid):
        inventory.set_limit(maker.id, only(soap).id, -1)


def test_a_place_has_one_name_and_no_facility_a_second_storeroom():
    bag = factories.product(stock=1)
    place = outlet(bag)
    with pytest.raises(Invalid):
        outlet(bag)
    with pytest.raises(Invalid):
        inventory.open_place(bag.facility_id, "Gudang 2", LocationKind.STOREROOM)
    with pytest.raises(Invalid):
        inventory.name_place(bag.facility_id, place, "Gudang")
    with pytest.raises(NotFound):
        inventory.name_place(factories.facility().id, place, "Rumah")
    inventory.name_place(bag.facility_id, place, "Gerai Cilegon")
    assert "Gerai Cilegon" in lying(bag)


def test_what_nobody_bought_for_long_is_listed_with_its_worth():
    open_shop()
    maker = factories.facility()
    with clock.travel(datetime(2026, 1, 5, 3, tzinfo=UTC)):
        soap = factories.product(maker, title="Sabun", price=10_000, stock=7)
        hat = factories.product(maker, title="Peci", price=50_000, stock=2)
        bag = factories.product(maker, title="Tas", price=90_000, stock=3)
        empty = factories.product(maker, title="Habis", stock=1)
        inventory.take_out(maker.id, only(empty).id, 1, reason=Reason.BROKEN)
    with clock.travel(datetime(2026, 4, 1, 3, tzinfo=UTC)):
        pay(buy({hat: 1}), reference="pi_slow")
        factories.product(maker, title="Baru masuk", stock=9)
    with clock.travel(datetime(2026, 4, 30, 3, tzinfo=UTC)):
        found, older = slow_stock(maker.id, 90), slow_stock(maker.id, 30)
        assert [(row.title, row.pieces, row.value) for row in found.page.items] == [
            ("Tas", 3, 270_000), ("Sabun", 7, 70_000),
        ]  # fmt: skip
        assert (found.pieces, found.value, found.page.items[0].was_sold) == (10, 340_000, False)
        assert {row.title for row in older.page.items} == {"Tas", "Sabun"}
        assert slow_stock(soap.facility_id, 180).page.items == []
        assert slow_stock(factories.facility().id).page.items == []
    with clock.travel(datetime(2026, 4, 1, 3, tzinfo=UTC) + timedelta(days=31)):
        rows = {row.title: row for row in slow_stock(maker.id, 30).page.items}
        assert rows["Peci"].was_sold
        assert bag.title in rows
