"""Whatever buyers, providers, clock and officers do, in whatever order: the books agree after every step."""

import contextlib
import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from storefront.aftersales.models import UNDELIVERED, CaseStatus, ComplaintCase, Problem, Remedy
from storefront.aftersales.services import Back, Counted, Proposal, come_back, decide, finish
from storefront.checkout.services import place_order
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.db import locked
from storefront.core.errors import DomainError
from storefront.core.transactions import transaction
from storefront.desk.queries import audit
from storefront.inventory import services as inventory
from storefront.inventory.models import LocationKind
from storefront.orders.models import Order, Parcel, ParcelStatus
from storefront.orders.services import (
    SYSTEM,
    Actor,
    accept_parcel,
    finish_parcel,
    pack_parcel,
    ship_parcel,
)
from storefront.orders.services.parts import (
    contents_mark,
    create_exchange_parcel,
    merge_parcel,
    split_parcel,
)
from storefront.payments.models import Case, PaymentAttempt, Refund
from storefront.payments.services import (
    accept_case,
    ask_buyer,
    cancel_order,
    cancel_own_order,
    cannot_make,
    expire_orders,
    fail_refund,
    mark_refund_sent,
    record_payment,
    refund_case,
    refund_lines,
    start_attempt,
)
from storefront.payments.services.record import Money
from tests import factories
from tests.buying import cart_of, open_shop, somebody
from tests.cluster.shelves import CAME_IN, WHY, Shelves, few
from tests.support.books import faults, fingerprint
from tests.support.offers import offer, with_code

which = st.integers(0, 10_000)
OUTLET = LocationKind.OUTLET
DECISIONS = (accept_case, partial(accept_case, together=True), refund_case, ask_buyer)
EXAMPLES = int(os.environ.get("TRADE", "25"))
"""Of 40 operations each, the same ones every time; TRADE=500 takes so many others, at random."""

_names = count(1)


class Trade(Shelves):
    """Two facilities, three products, two vouchers; every operation that moves stock, money or a use."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[int] = []
        self.references: list[Money] = []
        self.shelf: list[tuple[int, int]] = []

    @initialize()
    def open_the_shop(self) -> None:
        a, b = factories.facility(), factories.facility()
        run = next(_names)
        self.products = [
            factories.product(price=50_000, stock=9, maker=a),
            factories.product(price=33_333, stock=6, maker=b),
            factories.product(
                price=410_001, stock=None, supply="made_to_order", weekly_capacity=2, maker=a,
                workshop_id=a.workshops[0].id,
            ),
        ]  # fmt: skip
        self.workshop = (a.id, a.workshops[0].id)
        self.shelf = [(p.facility_id, p.variants[0].id) for p in self.products[:2]]
        CAME_IN.update({self.shelf[0][1]: 9, self.shelf[1][1]: 6})
        self.outlets = [inventory.open_place(p.facility_id, "Gerai", OUTLET) for p in self.products[:2]]
        self.codes = [f"TIGA{run}", f"LAPAS{run}", f"BEBAS{run}"]
        offer(code=self.codes[0], value=15, total_limit=3, person_limit=2)
        offer(code=self.codes[1], kind="amount", value=7_777, funder="facility", facility_id=a.id)
        offer(code=self.codes[2], kind="free_shipping", value=1, funder="office", total_limit=2)
        self.officers = [Actor(factories.user("regional").id), Actor(factories.user("regional").id)]

    def tries(self, act: Callable[[], Any]) -> Any:
        """Do it; a refusal is an answer too, but then nothing may have changed."""
        database.session.rollback()
        before = fingerprint()
        database.session.rollback()
        try:
            return act()
        except DomainError:
            database.session.rollback()
            assert fingerprint() == before, "refused, and yet something changed"
            return None

    def order(self, n: int) -> Order:
        database.session.expire_all()
        return database.session.get_one(Order, self.orders[n % len(self.orders)])

    def parcel(self, n: int) -> Parcel:
        parcels = self.order(n).parcels
        return parcels[n % len(parcels)]

    def pays(
        self, order: Order, amount: int, currency: str = "IDR", provider: str = "transfer",
        attempt_id: int | None = None,
    ) -> None:  # fmt: skip
        money = Money(provider, f"uji-{next(_names)}", amount, clock.now(), currency)
        self.references.append(money)
        order_id = order.id
        self.tries(lambda: record_payment(money, order_id=order_id, attempt_id=attempt_id))

    @rule(
        pieces=st.tuples(*[st.integers(0, 3)] * 3).filter(any),
        code=st.integers(0, 4),
        person=st.integers(1, 3),
    )
    def buy(self, pieces: tuple[int, ...], code: int, person: int) -> None:
        wishes = {p: n for p, n in zip(self.products, pieces, strict=True) if n}

        def place() -> int:
            token = cart_of(wishes)
            if code < len(self.codes):
                with_code(token, self.codes[code])
            buyer = somebody(phone=f"+6281200000{person:03}", email=f"orang{person}@contoh.id")
            return place_order(token, buyer, payment_method="transfer").id

        with contextlib.suppress(DomainError):
            self.orders.append(place())

    @precondition(lambda self: self.orders)
    @rule(
        n=which,
        by=st.sampled_from([0, 0, 0, 0, -5_000, 5_000, 900, -40_000, 300_000]),
        provider=st.sampled_from(["transfer", "qris", "cash"]),
    )
    def pay(self, n: int, by: int, provider: str) -> None:
        order = self.order(n)
        self.pays(order, max(1, order.total + by), provider=provider)

    @precondition(lambda self: self.orders)
    @rule(n=which)
    def pay_in_dollars(self, n: int) -> None:
        self.pays(self.order(n), 2_500, "USD")

    @precondition(lambda self: self.references and self.orders)
    @rule(n=which, m=which)
    def tell_of_the_same_money_again(self, n: int, m: int) -> None:
        money, order_id = self.references[n % len(self.references)], self.orders[m % len(self.orders)]
        before = fingerprint()
        record_payment(money, order_id=order_id)
        assert fingerprint() == before

    @rule(amount=st.integers(1, 90_000))
    def money_from_nobody(self, amount: int) -> None:
        record_payment(Money("transfer", f"tak-dikenal-{next(_names)}", amount, clock.now()), order_id=None)

    @precondition(lambda self: self.orders)
    @rule(n=which)
    def time_passes(self, n: int) -> None:
        expire_orders(self.order(n).pay_by + timedelta(seconds=1))

    @rule(n=which, decide=st.sampled_from(DECISIONS))
    def decide_a_case(self, n: int, decide: Callable[..., Any]) -> None:
        cases = database.session.scalars(select(Case.id).where(Case.resolved_at.is_(None))).all()
        if cases:
            self.tries(lambda: decide(cases[n % len(cases)], self.officers[n % 2]))

    @precondition(lambda self: self.orders)
    @rule(n=which, m=which, by=st.sampled_from([0, 0, -1_000, 999, 7_000]))
    def pay_what_is_missing(self, n: int, m: int, by: int) -> None:
        """Too little first, then the rest, or more of it; who is asked for it has an attempt of that sum."""
        order = self.order(n)
        order_id, total = order.id, order.total
        self.pays(order, max(1, total * (m % 9 + 1) // 10))
        attempt_id = self.tries(lambda: start_attempt(order_id, "transfer"))
        if attempt_id is not None:
            asked = database.session.get_one(PaymentAttempt, attempt_id).amount
            self.pays(self.order(n), max(1, asked + by), attempt_id=attempt_id)

    @precondition(lambda self: self.orders)
    @rule(n=which, lost=st.booleans())
    def cancel(self, n: int, *, lost: bool) -> None:
        order = self.order(n)
        order_id, gone = order.id, {order.lines[0].id: 1} if lost else {}
        self.tries(lambda: cancel_order(order_id, self.officers[0], reason=WHY, lost=gone))

    @precondition(lambda self: self.orders)
    @rule(n=which)
    def buyer_cancels(self, n: int) -> None:
        order_id = self.order(n).id
        self.tries(lambda: cancel_own_order(order_id))

    @precondition(lambda self: self.orders)
    @rule(n=which, pieces=few, lost=st.integers(0, 1))
    def part_cannot_be_made(self, n: int, pieces: int, lost: int) -> None:
        parcel = self.parcel(n)
        if parcel.items:
            where, what, seen = (
                (parcel.facility_id, parcel.id),
                parcel.items[-1].order_line_id,
                contents_mark(parcel),
            )
            self.tries(
                lambda: cannot_make(
                    *where,
                    {what: pieces},
                    self.officers[0],
                    reason=WHY,
                    seen=seen,
                    lost={what: min(lost, pieces)},
                )
            )

    @precondition(lambda self: self.orders)
    @rule(n=which, pieces=few, shipping=st.booleans(), key=st.sampled_from("abc"))
    def give_money_back(self, n: int, pieces: int, *, shipping: bool, key: str) -> None:
        order = self.order(n)
        line, parcel = order.lines[n % len(order.lines)].id, order.parcels[n % len(order.parcels)].id
        order_id, also = order.id, [parcel] if shipping else []
        self.tries(
            lambda: refund_lines(
                order_id, {line: pieces}, shipping=also, reason=WHY, actor=self.officers[0], key=key
            )
        )

    @rule(n=which, officer=st.integers(0, 1), fails=st.booleans())
    def money_leaves(self, n: int, officer: int, *, fails: bool) -> None:
        refunds = database.session.scalars(select(Refund.id).order_by(Refund.id)).all()
        if not refunds:
            return
        refund = refunds[n % len(refunds)]
        if fails:
            self.tries(lambda: fail_refund(refund, f"gagal {refund}"))
        else:
            by_hand = database.session.scalar(select(Refund.by_hand).filter_by(id=refund))
            actor = self.officers[officer] if by_hand else SYSTEM
            self.tries(lambda: mark_refund_sent(refund, f"KEMBALI-{refund}", actor=actor))

    @precondition(lambda self: self.orders)
    @rule(n=which)
    def parcel_goes_on(self, n: int) -> None:
        parcel = self.parcel(n)
        step: Callable[..., Any] = {
            ParcelStatus.WAITING: accept_parcel,
            ParcelStatus.PROCESSING: pack_parcel,
            ParcelStatus.PACKED: lambda *who: ship_parcel(*who, courier="jne", waybill=f"RESI{n:05}"),
        }.get(parcel.status, finish_parcel)
        where = (parcel.facility_id, parcel.id)
        self.tries(lambda: step(*where, self.officers[0]))

    @precondition(lambda self: self.orders)
    @rule(n=which, pieces=few)
    def divide(self, n: int, pieces: int) -> None:
        parcel = self.parcel(n)
        if parcel.items:
            where, what, seen = (
                (parcel.facility_id, parcel.id),
                parcel.items[0].order_line_id,
                contents_mark(parcel),
            )
            self.tries(lambda: split_parcel(*where, {what: pieces}, self.officers[0], seen=seen))

    @precondition(lambda self: self.orders)
    @rule(n=which)
    def put_together(self, n: int) -> None:
        parcel = self.parcel(n)
        where = (parcel.facility_id, parcel.id)
        self.tries(lambda: merge_parcel(*where, self.officers[0]))

    @precondition(lambda self: self.orders)
    @rule(n=which, key=st.sampled_from("xy"))
    def exchange(self, n: int, key: str) -> None:
        parcel = self.parcel(n)
        if parcel.status is not ParcelStatus.DELIVERED or not parcel.items:
            return
        order_id, parcel_id, what = parcel.order_id, parcel.id, parcel.items[0].order_line_id

        def send() -> None:
            with transaction():
                locked(Order, order_id)
                create_exchange_parcel(parcel_id, {what: 1}, actor=self.officers[0], key=f"{parcel_id}{key}")

        self.tries(send)

    @precondition(lambda self: self.orders)
    @rule(n=which, good=st.integers(0, 3), why=st.sampled_from(UNDELIVERED), by_office=st.booleans())
    def comes_back(self, n: int, good: int, why: Problem, *, by_office: bool) -> None:
        parcel = self.parcel(n)
        fit = {item.order_line_id: min(good, item.quantity) for item in parcel.items}
        seen = {
            item.order_line_id: Counted(fit[item.order_line_id], item.quantity - fit[item.order_line_id])
            for item in parcel.items
        }
        parcel_id, here = parcel.id, None if by_office else parcel.facility_id
        officer = self.officers[0].id
        self.tries(lambda: come_back(parcel_id, officer, Back(why, seen), facility_id=here))

    @rule(n=which, pieces=st.integers(0, 3), remedy=st.sampled_from(["refund", "exchange", "other"]))
    def office_decides_what_came_back(self, n: int, pieces: int, remedy: str) -> None:
        cases = database.session.scalars(select(ComplaintCase).where(ComplaintCase.closed_at.is_(None))).all()
        if not cases:
            return
        case = cases[n % len(cases)]
        case_id, officer = case.id, self.officers[n % 2].id
        again = {item.order_line_id: min(pieces, item.quantity) for item in case.items}
        proposal = Proposal(Remedy(remedy), again, with_shipping=bool(n % 2))
        if case.status is CaseStatus.ACCEPTED:
            self.tries(lambda: finish(case_id, officer))
        else:
            self.tries(lambda: decide(case_id, officer, proposal, text=WHY))

    @invariant()
    def the_books_agree(self) -> None:
        database.session.rollback()
        assert not list(faults(CAME_IN, [facility_id for facility_id, _variant in self.shelf]))

    def teardown(self) -> None:
        assert not list(faults(CAME_IN))
        broken = {found.rule: found.offenders for found in audit.verify() if not found.holds}
        assert not broken


def test_the_books_agree_whatever_happens(db):
    CAME_IN.clear()
    open_shop()
    run_state_machine_as_test(
        Trade,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            derandomize=not os.environ.get("TRADE"),
            suppress_health_check=list(HealthCheck),
        ),
    )
