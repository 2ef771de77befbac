"""Orders whose papers are not plain: in two parcels, partly refunded, of a seller whose prices hold PPN."""

from datetime import timedelta

from devtools.demo.orders import Pick, World
from devtools.demo.recent import DESK, paid
from storefront.checkout.services import Placed
from storefront.core import clock
from storefront.core.db import db
from storefront.inventory import services as inventory
from storefront.orders.models import Order, Parcel
from storefront.orders.services import SYSTEM, Actor
from storefront.orders.services.parts import contents_mark, split_parcel
from storefront.payments import services as payments
from storefront.payments.queries import refunds_of

TAXED = "LPRKB"
"""The facility with an account of its own, whose owner takes PPN."""


def make_papers(world: World) -> None:
    """One order in two parcels of the same facility, and one of two sellers of which a piece went back."""
    first, second = _several(world, DESK, 2), _several(world, DESK, 1)
    placed, paid_at = paid(world, [first, second], 20)
    with clock.travel(paid_at + timedelta(hours=1)):
        parcel = _parcel(placed, DESK)
        pieces = {parcel.items[0].order_line_id: 1}
        split_parcel(parcel.facility_id, parcel.id, pieces, _staff(world, parcel), seen=contents_mark(parcel))
    _partly_refunded(world)


def _partly_refunded(world: World) -> None:
    """A piece of the taxed facility cannot be sent; its money went back the same day, its PPN with it."""
    placed, paid_at = paid(world, [_several(world, TAXED, 3), _several(world, DESK, 1)], 26)
    with clock.travel(paid_at + timedelta(hours=2)):
        parcel = _parcel(placed, TAXED)
        pieces = {parcel.items[0].order_line_id: 1}
        payments.cannot_make(
            parcel.facility_id, parcel.id, pieces, _staff(world, parcel),
            reason="Satu barang retak saat dikemas; dananya kami kembalikan.", seen=contents_mark(parcel),
        )  # fmt: skip
    refund_ids = [refund.id for refund in refunds_of(placed.id)]
    with clock.travel(paid_at + timedelta(hours=6)):
        for refund_id in refund_ids:
            reference = f"re_demo_{world.next_serial():06}"
            payments.mark_refund_sent(refund_id, reference, actor=SYSTEM)


def _several(world: World, facility: str, pieces: int) -> Pick:
    """So many pieces of something of a facility; what comes from the shelf was brought the day before."""
    there = [
        (good, variant)
        for good in world.goods
        if good.facility == facility and good.shipping == "parcel" and good.price < 300_000
        for variant in good.prices
    ]
    good, variant = world.dice.choice(there)
    if good.stock:
        staff = world.crew.staff[good.facility_id].id
        with clock.travel(world.now - timedelta(hours=30)):
            inventory.receive(good.facility_id, variant, pieces, actor_id=staff, note="Hasil produksi")
    return good, variant, pieces


def _parcel(placed: Placed, facility: str) -> Parcel:
    order = db.session.get_one(Order, placed.id)
    return next(parcel for parcel in order.parcels if parcel.facility.code == facility)


def _staff(world: World, parcel: Parcel) -> Actor:
    return world.crew.staff[parcel.facility_id]
