"""Whatever happens to food, in any order: batches hold no more than lies here, and give each piece once."""

from datetime import timedelta
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

from storefront.core import clock, outbox
from storefront.core.db import db as database
from storefront.core.errors import DomainError, Invalid
from storefront.desk.queries.audit.batches import RULES
from storefront.inventory import services as inventory
from storefront.inventory.models import Batch, BatchMove, Reason
from storefront.inventory.services.batches import NoGoodBatch, block, set_aside_old
from storefront.orders.services import SYSTEM, Actor, accept_parcel, pack_parcel
from storefront.payments.services import cancel_order
from tests import factories
from tests.buying import buy, only, open_shop, order_of, pay, stock_of
from tests.support.food import batch_of

SHELVES = ("A", "B", "C")
KEEPS = dict(zip(SHELVES, (40, 90, 200), strict=True))
pieces = st.integers(1, 6)


class Pantry(RuleBasedStateMachine):
    """One food beside a count of all that came in, by batch."""

    bought, packed = Bundle("bought"), Bundle("packed")

    @initialize()
    def open(self) -> None:
        self.officer = Actor(factories.user().id)
        self.food = factories.product(title="Keripik", stock=None)
        self.variant = only(self.food).id
        self.facility = self.food.facility_id
        self.came_in = dict.fromkeys(SHELVES, 0)
        self.blocked: set[str] = set()
        inventory.receive(self.facility, self.variant, 2)

    @rule(code=st.sampled_from(SHELVES), quantity=pieces)
    def receive(self, code: str, quantity: int) -> None:
        if code in self.blocked:
            with pytest.raises(Invalid):
                batch_of(self.facility, self.variant, quantity, code, keeps=KEEPS[code])
            return
        batch_of(self.facility, self.variant, quantity, code, keeps=KEEPS[code])
        self.came_in[code] += quantity

    @rule(quantity=pieces)
    def receive_loose(self, quantity: int) -> None:
        inventory.receive(self.facility, self.variant, quantity)

    @rule(target=bought, quantity=pieces)
    def order(self, quantity: int) -> Any:
        try:
            placed = buy({self.food: quantity})
        except DomainError:
            database.session.rollback()
            return None
        pay(placed)
        [parcel] = order_of(placed).parcels
        accept_parcel(self.facility, parcel.id, SYSTEM)
        return placed.id, parcel.id

    @rule(target=packed, one=consumes(bought))
    def pack(self, one: Any) -> Any:
        if one is None:
            return None
        try:
            pack_parcel(self.facility, one[1], SYSTEM)
        except NoGoodBatch:
            assert self.blocked, "only a blocked batch keeps what was sold from being packed"
            database.session.rollback()
            return None
        return one

    @rule(one=st.one_of(consumes(bought), consumes(packed)))
    def cancel(self, one: Any) -> None:
        if one is not None:
            cancel_order(one[0], self.officer, reason="Pembeli batal")

    @rule(counted=st.integers(0, 12))
    def count(self, counted: int) -> None:
        try:
            inventory.count(self.facility, self.variant, counted)
        except Invalid:
            database.session.rollback()

    @rule(quantity=pieces)
    def break_some(self, quantity: int) -> None:
        try:
            inventory.take_out(self.facility, self.variant, quantity, reason=Reason.BROKEN, note="Remuk")
        except DomainError:
            database.session.rollback()

    @rule(code=st.sampled_from(SHELVES))
    def block(self, code: str) -> None:
        found = database.session.scalar(select(Batch.id).filter_by(variant_id=self.variant, code=code))
        if found is not None:
            block(found, "Berjamur", actor_id=None)
            self.blocked.add(code)

    @rule()
    def run_jobs(self) -> None:
        while outbox.run_due(50):
            pass

    @rule(days=st.integers(1, 60))
    def look_later(self, days: int) -> None:
        """What has grown too old is taken off the level on the day on which somebody looks."""
        with clock.travel(clock.now() + timedelta(days=days)):
            set_aside_old()

    @invariant()
    def books_agree(self) -> None:
        if not hasattr(self, "blocked"):
            return
        database.session.expire_all()
        for one in RULES[:3]:
            assert one.find() == [], one.name
        moved = dict(
            database.session.execute(
                select(Batch.code, func.sum(BatchMove.delta))
                .join(BatchMove.batch)
                .where(Batch.variant_id == self.variant, BatchMove.kind.in_(("taken", "unpacked")))
                .group_by(Batch.code)
            ).all()
        )
        for code, total in moved.items():
            assert 0 <= -total <= self.came_in[code], "more went out of a batch than came into it"
        assert min(stock_of(self.food)) >= 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_batches_never_hold_or_give_more_than_came_in(db):
    open_shop()
    run_state_machine_as_test(Pantry, settings=settings(max_examples=15, stateful_step_count=20))
