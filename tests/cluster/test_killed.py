"""Power goes at every single point of what must not be lost: afterwards nothing is half, lost or doubled."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from devtools.stripe_simulator import SimulatorServer
from storefront.checkout.services import Placed, place_order
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.models import Job, JobState
from storefront.core.outbox import LEASE, drain
from storefront.desk.queries import audit
from storefront.orders.models import OrderStatus
from storefront.orders.services import Actor
from storefront.payments.models import PaymentAttempt
from storefront.payments.services import cancel_order, expire_orders, start_attempt, start_page
from tests import factories
from tests.buying import buy, cart_of, open_shop, order_of, somebody, stock_of
from tests.support.client import Client
from tests.support.killed import deaths

PIECES = 500
WEBHOOK = "whsec_killed"
pytestmark = pytest.mark.cards(WEBHOOK)


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(stock=PIECES)


def healthy() -> None:
    """Every rule holds: asked after each death, and at the end, for what mending breaks stays broken."""
    broken = {finding.rule: finding.offenders for finding in audit.verify() if not finding.holds}
    assert not broken


def paid_at(vendor: SimulatorServer, placed: Placed) -> str:
    """The buyer paid on the vendor's page; the shop does not know it yet. The session."""
    attempt_id = start_attempt(placed.id, "card")
    start_page(attempt_id, back="http://127.0.0.1/pesanan/x")
    database.session.expire_all()
    session = database.session.get_one(PaymentAttempt, attempt_id).reference
    assert session
    vendor.control.pay(session)
    return session


def told(app: Flask, vendor: SimulatorServer, session: str) -> Callable[[], int]:
    """The vendor's message about a session, as often as it is sent."""
    kind = "checkout.session.completed"
    event = next(e for e in vendor.control.events(kind) if e["data"]["object"]["id"] == session)
    payload, signature = vendor.control.signed(event["id"], WEBHOOK)
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    return lambda: Client(app).post("/webhooks/stripe", data=payload, headers=headers).status_code


def test_an_order_is_placed_whole_or_not_at_all(bag):
    carts = [cart_of({bag: 1})]
    for death in deaths(lambda: place_order(carts[-1], somebody(), payment_method="card")):
        healthy()
        assert stock_of(bag)[1] in {death - 1, death}
        again = place_order(carts[-1], somebody(), payment_method="card")  # the buyer presses again
        assert order_of(again).status is OrderStatus.PENDING
        assert stock_of(bag) == (PIECES, death)
        carts.append(cart_of({bag: 1}))
    healthy()
    assert death > 15


def test_money_that_a_message_tells_of_is_booked_once(app, bag, vendor):
    def unheard() -> tuple[Placed, Callable[[], int]]:
        placed = buy({bag: 1})
        return placed, told(app, vendor, paid_at(vendor, placed))

    order, message = unheard()
    for death in deaths(lambda: message()):  # noqa: B023, PLW0108  # each time the newest message
        healthy()
        assert message() == 200  # the vendor heard nothing and tells again
        assert order_of(order).status is OrderStatus.PAID
        assert stock_of(bag) == (PIECES - death, 0)
        order, message = unheard()
    healthy()
    assert death > 15


def test_a_refund_leaves_once(app, bag, vendor):
    def owed() -> Placed:
        placed = buy({bag: 1})
        assert told(app, vendor, paid_at(vendor, placed))() == 200
        drain()
        cancel_order(placed.id, Actor(), reason="Barang rusak di gudang")
        return placed

    order = owed()
    for death in deaths(drain):
        healthy()
        _let_the_lease_run_out()
        assert len(vendor.control.refunds()) == death
        assert order_of(order).refund_due == 0
        assert stock_of(bag) == (PIECES, 0)
        order = owed()
    healthy()
    assert death > 10


def test_a_letter_arrives_and_its_second_copy_has_the_same_name(app, bag):
    arrived = Path(app.config["INSTANCE_DIR"]) / "mail"
    buy({bag: 1})
    for death in deaths(drain):
        _let_the_lease_run_out()
        assert len(list(arrived.glob("*.eml"))) == death
        buy({bag: 1})
    assert death > 4


def test_an_order_expires_whole_or_not_at_all(bag, vendor):
    def late() -> Placed:
        placed = buy({bag: 1})
        start_page(start_attempt(placed.id, "card"), back="http://127.0.0.1/pesanan/x")
        return placed

    order = late()
    tomorrow = clock.now() + timedelta(days=1)
    for death in deaths(lambda: expire_orders(tomorrow)):
        healthy()
        expire_orders(tomorrow)
        assert order_of(order).status is OrderStatus.EXPIRED
        assert stock_of(bag) == (PIECES, 0)
        assert len(vendor.control.sessions()) == death
        order = late()
    healthy()
    assert death > 8


def _let_the_lease_run_out() -> None:
    """Somebody else's worker takes over what the dead one had taken."""
    with clock.travel(clock.now() + LEASE + timedelta(seconds=1)):
        drain()
    assert not database.session.scalars(select(Job).where(Job.state == JobState.FAILED)).all()
