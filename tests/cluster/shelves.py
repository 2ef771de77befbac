"""What officers do at the shelves and in the workshops while everybody trades (`test_trade`)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from storefront.catalog.models import Product
from storefront.catalog.services.pauses import pause_product, resume_product
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import DomainError
from storefront.inventory import services as inventory
from storefront.inventory.models import Reason
from tests.support.books import number

few = st.integers(1, 3)
WHY = "Alasan untuk uji coba"

CAME_IN: dict[int, int] = {}
"""Pieces of each variant that were ever received or found; all runs of the machine trade in one shop."""


class Shelves(RuleBasedStateMachine):
    """Rules for two shelves, three products and the workshop of one of them."""

    tries: Callable[[Callable[[], Any]], Any]
    shelf: list[tuple[int, int]]
    outlets: list[int]
    products: list[Product]
    workshop: tuple[int, int]

    @rule(n=st.integers(0, 1), pieces=few)
    def receive(self, n: int, pieces: int) -> None:
        facility_id, variant_id = self.shelf[n]
        inventory.receive(facility_id, variant_id, pieces)
        CAME_IN[variant_id] += pieces

    @rule(n=st.integers(0, 1), found=st.integers(0, 9))
    def count_the_shelf(self, n: int, found: int) -> None:
        facility_id, variant_id = self.shelf[n]
        before = number(
            "SELECT on_hand FROM stock_levels WHERE variant_id = :v AND location_id = :l",
            v=variant_id,
            l=inventory.ensure_storeroom(facility_id),
        )
        database.session.rollback()
        try:
            inventory.count(facility_id, variant_id, found)
        except DomainError:
            return
        CAME_IN[variant_id] += found - before

    @rule(n=st.integers(0, 1), pieces=few, back=st.booleans(), once=st.sampled_from("xyz"))
    def carry(self, n: int, pieces: int, once: str, *, back: bool) -> None:
        facility_id, variant_id = self.shelf[n]
        room, outlet = inventory.ensure_storeroom(facility_id), self.outlets[n]
        ways = {"from_id": outlet, "to_id": room} if back else {"from_id": room, "to_id": outlet}
        self.tries(lambda: inventory.transfer(facility_id, variant_id, pieces, once=once, **ways))

    @rule(n=st.integers(0, 1), pieces=few, reason=st.sampled_from(["broken", "charity"]), away=st.booleans())
    def goes_without_a_buyer(self, n: int, pieces: int, reason: str, *, away: bool) -> None:
        facility_id, variant_id = self.shelf[n]
        told = {"reason": Reason(reason), "place_id": self.outlets[n] if away else None, "note": WHY}
        if self.tries(lambda: inventory.take_out(facility_id, variant_id, pieces, **told)):
            CAME_IN[variant_id] -= pieces

    @rule(n=st.integers(0, 2), days=st.sampled_from([None, 1, 30]))
    def rest_or_go_on(self, n: int, days: int | None) -> None:
        """A paused product sells nothing; what was sold of it before goes its way."""
        product_id, facility_id = self.products[n].id, self.products[n].facility_id
        if days is None:
            resume_product(facility_id, product_id)
        else:
            pause_product(facility_id, product_id, clock.today() + timedelta(days=days), WHY)

    @rule(pieces=st.sampled_from([None, 1, 1, 3]))
    def workshop_says_what_it_can(self, pieces: int | None) -> None:
        inventory.set_capacity(*self.workshop, pieces)
