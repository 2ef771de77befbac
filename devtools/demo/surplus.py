"""Transfers that were not the sum that was asked for: too much, given back already, and in two parts."""

from datetime import timedelta

from devtools.demo import orders
from devtools.demo.orders import World
from devtools.demo.recent import pick
from storefront.core import clock
from storefront.core.db import db
from storefront.payments import services as payments
from storefront.payments.models import PaymentAttempt
from storefront.payments.queries import open_cases


def pay_other_sums(world: World) -> None:
    """Cases that wait for the office: a rounded-up transfer and one in two parts; and a surplus owed back."""
    _transfer(world, hours=20, by=25_000)
    over = _transfer(world, hours=27, by=60_000)
    [case_id] = [case.id for case in open_cases() if case.order_id == over]
    with clock.travel(world.now - timedelta(hours=18)):
        payments.accept_case(case_id, world.crew.office[0])
    parts = _transfer(world, hours=9, by=-20_000)
    with clock.travel(world.now - timedelta(hours=2)):
        _arrives(world, payments.start_attempt(parts, "transfer"), by=500)


def _transfer(world: World, *, hours: int, by: int) -> int:
    """An order whose buyer transferred so much more (or less) than was asked; its id."""
    moment = world.now - timedelta(hours=hours)
    with clock.travel(moment):
        placed = orders.buy(world, [pick(world)], method="transfer", letters=True)
        attempt_id = orders.transfer(placed)
    with clock.travel(moment + timedelta(hours=3)):
        _arrives(world, attempt_id, by=by)
    return placed.id


def _arrives(world: World, attempt_id: int, *, by: int) -> None:
    """Both officers find the money on the statement."""
    amount = db.session.get_one(PaymentAttempt, attempt_id).amount + by
    reference = f"DEMO-TRX-{world.next_serial():06}"
    payments.check_claim(attempt_id, world.crew.office[0], amount=amount, bank_reference=reference)
    payments.confirm_claim(attempt_id, world.crew.office[1])
