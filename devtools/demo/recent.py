"""The last two days: what the people of the demo find on their desks when they sign in."""

from datetime import datetime, timedelta

from devtools.demo import orders
from devtools.demo.fairs import Stand
from devtools.demo.orders import Pick, World
from storefront.checkout.services import Placed
from storefront.core import clock
from storefront.payments import services as payments

DESK = "LPPTNG"
"""The facility whose staff the demo's visitor signs in as."""

TO_ACCEPT, TO_PACK = 4, 3


def make_recent(world: World, running: Stand) -> None:
    """Parcels to accept and to pack, transfers to check and to confirm, a case, orders of the fair."""
    for number in range(TO_PACK):
        _desk_order(world, hours=30 - number, until="processing")
    for number in range(TO_ACCEPT):
        _desk_order(world, hours=5 - number)
    _from_fair(world, running)
    _late_money(world)
    _double_money(world)
    _transfers(world)
    _refund_due(world)


def _desk_order(world: World, *, hours: int, until: str = "") -> None:
    """A paid card order at the desk's facility, `hours` ago."""
    picks = [pick(world, facility=DESK) for _ in range(world.dice.randint(1, 2))]
    placed, paid_at = paid(world, picks, hours)
    if until:
        orders.move_along(world, placed.id, paid_at, until)


def paid(world: World, picks: list[Pick], hours: int, fair_id: int | None = None) -> tuple[Placed, datetime]:
    moment = world.now - timedelta(hours=hours)
    placed = _place(world, picks, moment, method="card", fair_id=fair_id)
    paid_at = moment + timedelta(minutes=4)
    with clock.travel(paid_at):
        orders.pay_by_card(world, placed)
    return placed, paid_at


def _place(
    world: World, picks: list[Pick], moment: datetime, *, method: str, fair_id: int | None = None
) -> Placed:
    with clock.travel(moment):
        return orders.buy(world, picks, method=method, fair_id=fair_id, letters=True)


def pick(
    world: World, *, facility: str = "", product_ids: frozenset[int] = frozenset(), ready: bool = False
) -> Pick:
    """A product that can be had: made to order (unless `ready`), or with enough left to stay as it is."""
    fitting = [
        (good, variant)
        for good in world.goods
        if (not facility or good.facility == facility)
        and (not product_ids or good.product_id in product_ids)
        and good.shipping == "parcel"
        and good.price < 300_000
        for variant in good.prices
        if (good.made_to_order and not ready) or good.stock.get(variant, 0) > 6
    ]
    good, variant = world.dice.choice(fitting)
    return good, variant, 1


def _from_fair(world: World, running: Stand) -> None:
    for hours in (21, 16, 7):
        picks = [pick(world, product_ids=running.product_ids)]
        paid(world, picks, hours, fair_id=running.fair_id)


def _late_money(world: World) -> None:
    """A transfer that came after the deadline: the office decides about it."""
    moment = world.now - timedelta(hours=40)
    placed = _place(world, [pick(world)], moment, method="transfer")
    with clock.travel(moment):
        orders.transfer(placed)
    with clock.travel(world.now - timedelta(hours=12)):
        payments.expire_orders()
    with clock.travel(world.now - timedelta(hours=9)):
        attempt_id = orders.check(world, placed)
    with clock.travel(world.now - timedelta(hours=8)):
        payments.confirm_claim(attempt_id, world.crew.office[1])


def _double_money(world: World) -> None:
    """A card that was charged twice."""
    placed, _ = paid(world, [pick(world)], 14)
    with clock.travel(world.now - timedelta(hours=13)):
        orders.pay_again(world, placed)


def _transfers(world: World) -> None:
    """One with a proof, one that a first officer has checked, one that nobody sent yet; the same by QRIS."""
    kinds = ((6, True, False), (10, True, True), (2, False, False))
    for code, hours, proof, checked in (
        *(("transfer", *kind) for kind in kinds),
        *(("qris", hours + 1, proof, checked) for hours, proof, checked in kinds),
    ):
        moment = world.now - timedelta(hours=hours)
        placed = _place(world, [pick(world)], moment, method=code)
        with clock.travel(moment + timedelta(minutes=25)):
            orders.transfer(placed, proof=proof, code=code)
        if checked:
            with clock.travel(moment + timedelta(hours=4)):
                orders.check(world, placed)


def _refund_due(world: World) -> None:
    """A cancelled transfer order whose money has to go back by hand."""
    moment = world.now - timedelta(hours=34)
    placed = _place(world, [pick(world)], moment, method="transfer")
    with clock.travel(moment):
        orders.pay_by_transfer(world, placed)
    with clock.travel(world.now - timedelta(hours=15)):
        payments.cancel_order(placed.id, world.crew.office[0], reason="Pembeli memesan dua kali.")
