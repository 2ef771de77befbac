"""Whatever happens to stock, in whatever order: nothing appears, nothing vanishes, nothing is sold twice."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from storefront.core.db import db as database
from storefront.core.errors import Invalid
from storefront.core.transactions import transaction
from storefront.inventory import services as inventory
from storefront.inventory.models import (
    REASONS,
    LocationKind,
    MovementKind,
    ProductionSlot,
    Reason,
    Reservation,
    ReservationState,
    StockLevel,
    StockMovement,
)
from storefront.inventory.queries import availability
from storefront.inventory.services import OutOfStock, Wish
from tests import factories
from tests.tables.rows import Maker

UNTIL = datetime(2030, 1, 1, tzinfo=UTC)
CAPACITY, WEEKS = 2, 26
ORDERS = Maker()  # each run of the machine gets orders and variants of its own
things = st.integers(0, 1)  # which of two ready variants
pieces = st.integers(1, 6)


class Shelf(RuleBasedStateMachine):
    """Two variants that lie on a shelf and one that is made to order, beside a model of them in ints."""

    held, sold, over = Bundle("held"), Bundle("sold"), Bundle("over")

    @initialize()
    def open(self) -> None:
        made = [factories.product(stock=None), factories.product(stock=None)]
        bespoke = factories.product(supply="made_to_order", weekly_capacity=CAPACITY)
        self.maker = [product.facility_id for product in made]
        self.variants = [product.variants[0].id for product in made]
        self.bespoke = (bespoke.facility_id, bespoke.id, bespoke.variants[0].id)
        self.on_hand, self.reserved, self.away = [0, 0], [0, 0], [0, 0]
        self.outlets = [inventory.open_place(at, "Gerai", LocationKind.OUTLET) for at in self.maker]
        self.booked = 0
        self.carried: set[tuple[int, int, bool, str]] = set()

    def wishes(self, counts: tuple[int, int, int]) -> list[Wish]:
        ready = [
            Wish(self.variants[i], i, self.maker[i], "Tas", counts[i]) for i in (0, 1) if counts[i]
        ]  # fmt: skip
        facility_id, product_id, variant_id = self.bespoke
        to_order = Wish(
            variant_id, product_id, facility_id, "Meja", counts[2],
            made_to_order=True, lead_days=1, weekly_capacity=CAPACITY,
        )  # fmt: skip
        return [*ready, *([to_order] if counts[2] else [])]

    @rule(which=things, quantity=pieces)
    def receive(self, which: int, quantity: int) -> None:
        inventory.receive(self.maker[which], self.variants[which], quantity)
        self.on_hand[which] += quantity

    @rule(which=things, counted=st.integers(0, 12))
    def count(self, which: int, counted: int) -> None:
        if counted < self.reserved[which]:
            with pytest.raises(Invalid):
                inventory.count(self.maker[which], self.variants[which], counted)
        else:
            inventory.count(self.maker[which], self.variants[which], counted)
            self.on_hand[which] = counted

    @rule(which=things, quantity=pieces, back=st.booleans(), once=st.sampled_from(["", "a", "b"]))
    def carry(self, which: int, quantity: int, back: bool, once: str) -> None:
        room = inventory.ensure_storeroom(self.maker[which])
        ways = (self.outlets[which], room) if back else (room, self.outlets[which])
        key = (which, quantity, back, once)
        free = self.away[which] if back else self.on_hand[which] - self.reserved[which]
        sent = partial(
            inventory.transfer, self.maker[which], self.variants[which], quantity,
            from_id=ways[0], to_id=ways[1], once=once or None,
        )  # fmt: skip
        if once and key in self.carried:
            sent()
        elif quantity > free:
            with pytest.raises(Invalid):
                sent()
        else:
            sent()
            self.carried.add(key)
            self.on_hand[which] += quantity if back else -quantity
            self.away[which] += -quantity if back else quantity

    @rule(which=things, quantity=pieces, away=st.booleans(), reason=st.sampled_from(Reason))
    def take_out(self, which: int, quantity: int, away: bool, reason: Reason) -> None:
        place = self.outlets[which] if away else None
        free = self.away[which] if away else self.on_hand[which] - self.reserved[which]
        gone = partial(
            inventory.take_out, self.maker[which], self.variants[which], quantity,
            reason=reason, place_id=place, note="Panti asuhan",
        )  # fmt: skip
        if quantity > free or reason in REASONS[MovementKind.COUNTED]:
            with pytest.raises(Invalid):
                gone()
        else:
            gone()
            (self.away if away else self.on_hand)[which] -= quantity

    @rule(target=held, counts=st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 9)).filter(any))
    def hold(self, counts: tuple[int, int, int]) -> Any:
        fits = all(counts[i] <= self.on_hand[i] - self.reserved[i] for i in (0, 1))
        fits = fits and counts[2] <= CAPACITY * WEEKS - self.booked
        with transaction():
            order_id = ORDERS.new("orders")
        if not fits:
            with pytest.raises(OutOfStock), transaction():
                inventory.hold(order_id, self.wishes(counts), until=UNTIL)
            return (order_id, (0, 0, 0))
        with transaction():
            inventory.hold(order_id, self.wishes(counts), until=UNTIL)
        for i in (0, 1):
            self.reserved[i] += counts[i]
        self.booked += counts[2]
        return (order_id, counts)

    @rule(target=sold, order=consumes(held))
    def consume(self, order: tuple[int, tuple[int, int, int]]) -> Any:
        for i in (0, 1):
            self.on_hand[i] -= order[1][i]
            self.reserved[i] -= order[1][i]
        with transaction():
            inventory.consume(order[0])
        return order

    @rule(target=over, order=consumes(held))
    def release(self, order: tuple[int, tuple[int, int, int]]) -> Any:
        for i in (0, 1):
            self.reserved[i] -= order[1][i]
        self.booked -= order[1][2]
        with transaction():
            inventory.release(order[0])
        return order

    @rule(target=over, order=consumes(sold))
    def put_back(self, order: tuple[int, tuple[int, int, int]]) -> Any:
        for i in (0, 1):
            self.on_hand[i] += order[1][i]
        self.booked -= order[1][2]
        with transaction():
            inventory.put_back(order[0])
        return order

    @rule(order=sold)
    def repeat_for_a_sold_order(self, order: tuple[int, object]) -> None:
        with transaction():
            inventory.consume(order[0])
            inventory.release(order[0])

    @rule(order=over)
    def repeat_for_an_order_that_is_over(self, order: tuple[int, object]) -> None:
        with transaction():
            inventory.consume(order[0])
            inventory.release(order[0])
            inventory.put_back(order[0])

    @invariant()
    def the_shelf_is_what_the_model_says(self) -> None:
        if not hasattr(self, "booked"):
            return
        database.session.rollback()
        available = availability(self.variants)
        for i, variant_id in enumerate(self.variants):
            room = inventory.ensure_storeroom(self.maker[i])
            level = level_at(room, variant_id)
            outlet = level_at(self.outlets[i], variant_id)
            assert sums(outlet) == (self.away[i], 0)
            assert (outlet.on_hand if outlet else 0) == self.away[i]
            found = (level.on_hand, level.reserved) if level else (0, 0)
            assert found == (self.on_hand[i], self.reserved[i])
            assert 0 <= found[1] <= found[0]
            assert available.get(variant_id, 0) == found[0] - found[1]
            assert sums(level) == found
        slots = database.session.scalars(select(ProductionSlot).filter_by(product_id=self.bespoke[1])).all()
        assert sum(slot.booked for slot in slots) == self.booked
        assert all(0 <= slot.booked <= CAPACITY for slot in slots)

    @invariant()
    def what_is_held_is_what_is_reserved(self) -> None:
        if not hasattr(self, "booked"):
            return
        for i, variant_id in enumerate(self.variants):
            assert self.reserved[i] == database.session.scalar(
                select(func.coalesce(func.sum(Reservation.quantity), 0)).filter_by(
                    variant_id=variant_id, state=ReservationState.ACTIVE
                )
            )


def level_at(place_id: int, variant_id: int) -> StockLevel | None:
    """What lies of a variant at a place."""
    return database.session.scalar(select(StockLevel).filter_by(location_id=place_id, variant_id=variant_id))


def sums(level: StockLevel | None) -> tuple[int, int]:
    """What all movements of a level add up to."""
    if level is None:
        return (0, 0)
    columns = (StockMovement.on_hand_delta, StockMovement.reserved_delta)
    row = database.session.execute(
        select(*(func.coalesce(func.sum(column), 0) for column in columns)).filter_by(level_id=level.id)
    ).one()
    return (int(row[0]), int(row[1]))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_stock_is_conserved(db):
    run_state_machine_as_test(Shelf, settings=settings(max_examples=20, stateful_step_count=20))
