"""Two officers and many buyers at the same shelf, on real threads: pieces stay as many as there are."""

from functools import partial

from sqlalchemy import func, select

from storefront.checkout.services import CartChanged, place_order
from storefront.core.db import db as database
from storefront.desk.queries.audit import verify
from storefront.inventory import services as inventory
from storefront.inventory.models import LocationKind, MovementKind, Reason, StockMovement, WorkshopWeek
from storefront.inventory.queries import MAX_WEEKS, places
from storefront.inventory.services import OutOfStock
from tests import factories
from tests.buying import buy, cart_of, only, open_shop, somebody
from tests.checkout.test_races import at_once


def _free(facility_id: int, variant_id: int) -> dict[str, tuple[int, int]]:
    return {row.name: (row.on_hand, row.reserved) for row in places(facility_id, variant_id)}


def test_buyers_and_officers_share_the_last_pieces(app, db):
    open_shop()
    bag = factories.product(stock=10)
    facility_id, variant_id = bag.facility_id, only(bag).id
    outlet = inventory.open_place(facility_id, "Gerai", LocationKind.OUTLET)
    room = inventory.ensure_storeroom(facility_id)
    carry = partial(inventory.transfer, facility_id, variant_id, 1, from_id=room, to_id=outlet)
    tokens = [cart_of({bag: 1}) for _ in range(8)]
    buyers = [partial(place_order, token, somebody(), payment_method="card") for token in tokens]

    def breaks() -> None:
        inventory.take_out(facility_id, variant_id, 1, reason=Reason.BROKEN)

    at_once(app, [job for trio in zip(buyers, [carry] * 8, [breaks] * 8, strict=True) for job in trio])

    lying = _free(facility_id, variant_id)
    kinds = select(StockMovement.kind, func.sum(StockMovement.on_hand_delta)).group_by(StockMovement.kind)
    moved = dict(database.session.execute(kinds).all())
    assert lying["Gudang"][0] == lying["Gudang"][1] <= 8  # only what buyers hold is left
    assert lying["Gudang"][0] + lying["Gerai"][0] == 10 + moved.get(MovementKind.DAMAGED, 0)
    assert moved.get(MovementKind.MOVED, 0) == 0


def test_the_last_places_of_a_workshop_are_promised_once(app, db):
    open_shop()
    maker = factories.facility()
    room, three_left = maker.workshops[0].id, 3
    chair, table = (
        factories.product(
            maker, supply="made_to_order", weekly_capacity=5, lead_days=1, workshop_id=room, price=price
        )
        for price in (250_000, 900_000)
    )
    inventory.set_capacity(maker.id, room, 1)
    buy({chair: MAX_WEEKS - three_left})
    tokens = [cart_of({product: 1}) for product in (chair, table) for _ in range(8)]

    results = at_once(
        app, [partial(place_order, token, somebody(), payment_method="card") for token in tokens]
    )

    won = [result for result in results if not isinstance(result, type)]
    weeks = database.session.execute(select(WorkshopWeek.booked, WorkshopWeek.capacity)).all()
    assert len(won) == three_left
    assert {result for result in results if isinstance(result, type)} <= {OutOfStock, CartChanged}
    assert [tuple(week) for week in weeks] == [(1, 1)] * MAX_WEEKS
    assert not [found.rule for found in verify() if not found.holds]


def test_opposite_ways_do_not_lock_each_other_out_and_one_press_counts(app, db):
    bag = factories.product(stock=100)
    facility_id, variant_id = bag.facility_id, only(bag).id
    outlet = inventory.open_place(facility_id, "Gerai", LocationKind.OUTLET)
    room = inventory.ensure_storeroom(facility_id)
    inventory.transfer(facility_id, variant_id, 50, from_id=room, to_id=outlet)
    there = partial(inventory.transfer, facility_id, variant_id, 1, from_id=room, to_id=outlet)
    back = partial(inventory.transfer, facility_id, variant_id, 2, from_id=outlet, to_id=room)
    pressed = partial(inventory.transfer, facility_id, variant_id, 7, from_id=room, to_id=outlet, once="x")

    results = at_once(app, [there, back] * 10 + [pressed] * 4)

    assert not [result for result in results if isinstance(result, type)]
    assert _free(facility_id, variant_id) == {"Gudang": (50 - 10 + 20 - 7, 0), "Gerai": (50 + 10 - 20 + 7, 0)}
