"""One order at a time, the way buyers, officers and staff would make it move, at a moment of the past."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from sqlalchemy import select

from devtools.demo.buyers import Town, somebody
from devtools.demo.people import Crew
from devtools.demo.shelves import PHOTOS, Good
from storefront.cart import services as cart
from storefront.checkout.services import Buyer, CartChanged, Placed, place_order, send_proof
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import Invalid
from storefront.core.transactions import transaction
from storefront.inventory.services import OutOfStock
from storefront.orders import services as orders
from storefront.orders.models import DeliveryMethod, Order, Parcel
from storefront.orders.services import SYSTEM
from storefront.payments import services as payments
from storefront.payments.models import SEEN_BY_OFFICERS
from storefront.payments.queries import attempts_of, payments_of, refunds_of
from storefront.payments.services.record import Money, record_payment

PROOF = PHOTOS / "bukti-transfer-contoh.webp"
COURIERS = (("JNE", "DEMO-JNE"), ("J&T", "DEMO-JT"), ("SiCepat", "DEMO-SC"), ("Pos Indonesia", "DEMO-POS"))
CARD_FROM = 10_000
NAMES_TO_STITCH = ("Panitia Lomba", "Sanggar Melati", "Kelas 6A", "Karang Taruna RW 05", "Koperasi Contoh")

SOLD_OUT = (Invalid, OutOfStock, CartChanged)

Pick = tuple[Good, int, int]
"""A product, one of its variants, pieces."""


@dataclass
class World:
    """What the demo's history is made from: the dice, the goods, the people, the present moment."""

    dice: Random
    goods: list[Good]
    crew: Crew
    town: Town
    now: datetime
    serial: int = 0

    def next_serial(self) -> int:
        """A number for references that nobody issued."""
        self.serial += 1
        return self.serial


def fill_basket(world: World, weights: list[float], goods: list[Good]) -> list[Pick]:
    """One product by popularity, sometimes a second of the same facility, seldom one from elsewhere."""
    dice = world.dice
    first = dice.choices(goods, weights)[0]
    chosen = [first]
    if dice.random() < 0.3:
        near = [good for good in goods if good.facility_id == first.facility_id and good is not first]
        chosen += [dice.choice(near)] if near else []
    if dice.random() < 0.12 and first.shipping == "parcel":
        far = [g for g in goods if g.facility_id != first.facility_id and g.shipping == "parcel"]
        chosen += [dice.choice(far)] if far else []
    return [(good, dice.choice(list(good.prices)), _pieces(dice, good)) for good in chosen]


def _pieces(dice: Random, good: Good) -> int:
    if good.category == "bangunan":
        return dice.choice((4, 6, 10, 12, 20)) if good.price < 100_000 else dice.choice((1, 2, 3))
    if good.price > 250_000:
        return 1
    return dice.choices((1, 2, 3, 5), (60, 25, 10, 5))[0]


def buy(
    world: World, picks: list[Pick], *, method: str, fair_id: int | None = None, letters: bool = False,
    code: str = "",
) -> Placed:  # fmt: skip
    """Fill a cart, with a voucher's `code`, and place its order now.

    Raises one of SOLD_OUT when something is gone by then.
    """
    heavy = any(good.shipping != "parcel" for good, _, _ in picks)
    buyer = somebody(world.dice, world.town, near=heavy, letters=letters)
    collects = fair_id is None and world.dice.random() < 0.08
    pickups = frozenset(good.facility_id for good, _, _ in picks) if collects else frozenset()
    with transaction():
        token = _carry(world, picks, fair_id)
        if code:
            cart.set_code(token, code)
        return place_order(
            token, buyer if not collects else _without_address(buyer), payment_method=method,
            pickups=pickups, is_demo=True,
        )  # fmt: skip


def _carry(world: World, picks: list[Pick], fair_id: int | None) -> str:
    token: str | None = None
    for good, variant_id, pieces in picks:
        note = world.dice.choice(NAMES_TO_STITCH) if good.personalised else ""
        token = cart.add(token, variant_id, pieces, note=note, fair_id=fair_id).token
    return token or ""


def _without_address(buyer: Buyer) -> Buyer:
    return Buyer(buyer.name, buyer.phone, buyer.email)


# --- money --------------------------------------------------------------------------------------------


def pay_by_card(world: World, order: Placed) -> None:
    """The card vendor reports the money. The reference says that it is of the demo."""
    total = db.session.get_one(Order, order.id).total
    money = Money("stripe", f"pi_demo_{world.next_serial():06}", total, clock.now())
    record_payment(money, order_id=order.id)


def transfer(order: Placed, *, proof: bool = False, code: str = "transfer") -> int:
    """The buyer asks for a transfer (or our QRIS), and shows a proof if `proof`; returns the attempt's id."""
    attempt_id = payments.start_attempt(order.id, code)
    if proof:
        send_proof(order.id, PROOF.read_bytes(), sender=db.session.get_one(Order, order.id).customer_name)
    return attempt_id


def check(world: World, order: Placed) -> int:
    """The first officer finds the transfer on the statement; returns the attempt's id."""
    attempt = next(one for one in attempts_of(order.id) if one.provider in SEEN_BY_OFFICERS)
    attempt_id, amount = attempt.id, attempt.amount
    reference = f"DEMO-TRX-{world.next_serial():06}"
    payments.check_claim(attempt_id, world.crew.office[0], amount=amount, bank_reference=reference)
    return attempt_id


def pay_by_transfer(world: World, order: Placed) -> None:
    """A transfer that two officers confirm, hours after each other."""
    start = clock.now()
    dice = world.dice
    transfer(order)
    with clock.travel(start + timedelta(minutes=dice.randint(60, 480))):
        attempt_id = check(world, order)
    with clock.travel(start + timedelta(minutes=dice.randint(490, 900))):
        payments.confirm_claim(attempt_id, world.crew.office[1])


def cancel_paid(world: World, order: Placed, reason: str) -> None:
    """The office cancels a paid order; the vendor, or the other officer, sends the money two days later."""
    first, second = world.crew.office[:2]
    payments.cancel_order(order.id, first, reason=reason)
    refunds = [(refund.id, second if refund.by_hand else SYSTEM) for refund in refunds_of(order.id)]
    with clock.travel(min(clock.now() + timedelta(days=2), world.now)):
        for refund_id, sender in refunds:
            reference = f"re_demo_{world.next_serial():06}"
            payments.mark_refund_sent(refund_id, reference, actor=sender)


def pay_again(world: World, order: Placed) -> None:
    """The same buyer pays a second time: somebody has to look at it."""
    amount = payments_of(order.id)[0].amount
    money = Money("stripe", f"pi_demo_{world.next_serial():06}", amount, clock.now())
    record_payment(money, order_id=order.id, actor=SYSTEM)


# --- parcels ------------------------------------------------------------------------------------------


def move_along(world: World, order_id: int, paid_at: datetime, until: str = "") -> None:
    """Take every parcel of a paid order as far as it would be by now, or to the status `until`."""
    parcels = db.session.get_one(Order, order_id).parcels
    plans = [(parcel.id, parcel.facility_id, _plan(world, parcel, paid_at)) for parcel in parcels]
    for parcel_id, facility_id, plan in plans:
        for moment, step in plan:
            if moment >= world.now and not until:
                break
            with clock.travel(min(moment, world.now)):
                _step(world, facility_id, parcel_id, step)
            if step == until:
                break


def _plan(world: World, parcel: Parcel, paid_at: datetime) -> list[tuple[datetime, str]]:
    """When which step would be taken: work in office hours, made-to-order goods near their date."""
    dice = world.dice
    accepted = _office_hours(dice, paid_at + timedelta(hours=2))
    packed = _office_hours(dice, accepted + timedelta(hours=3))
    if parcel.ready_by is not None:
        due = datetime.combine(parcel.ready_by, time(9, 0), clock.JAKARTA) - timedelta(
            days=dice.randint(0, 2)
        )
        packed = max(packed, _office_hours(dice, due))
    if parcel.method is DeliveryMethod.PICKUP:
        ready = packed + timedelta(minutes=dice.randint(5, 50))
        collected = _office_hours(dice, ready + timedelta(hours=dice.randint(20, 90)))
        return [(accepted, "processing"), (packed, "packed"), (ready, "ready"), (collected, "collected")]
    shipped = _office_hours(dice, packed + timedelta(hours=1))
    days = dice.randint(parcel.days_min, max(parcel.days_min, parcel.days_max)) + 1
    delivered = shipped + timedelta(days=days, minutes=dice.randint(-180, 180))
    return [(accepted, "processing"), (packed, "packed"), (shipped, "shipped"), (delivered, "delivered")]


def _office_hours(dice: Random, moment: datetime) -> datetime:
    """A minute of a working day's office hours, not before `moment`."""
    local = clock.local(moment)
    day = local.date()
    if local.hour >= 14:
        day += timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    first = 9 * 60 if day > local.date() else max(9 * 60, local.hour * 60 + local.minute + 1)
    minute = dice.randint(first, max(first, 15 * 60))
    return datetime.combine(day, time(minute // 60, minute % 60), clock.JAKARTA)


def _step(world: World, facility_id: int, parcel_id: int, step: str) -> None:
    actor = world.crew.staff[facility_id]
    if step == "processing":
        orders.accept_parcel(facility_id, parcel_id, actor)
    elif step == "packed":
        orders.pack_parcel(facility_id, parcel_id, actor)
    elif step == "ready":
        orders.ready_parcel(facility_id, parcel_id, actor)
    elif step == "shipped":
        courier, prefix = world.dice.choice(COURIERS)
        waybill = f"{prefix}-{world.next_serial():08}"
        orders.ship_parcel(facility_id, parcel_id, actor, courier=courier, waybill=waybill)
    elif code := db.session.scalar(select(Parcel.pickup_code).filter_by(id=parcel_id)):
        orders.collect_parcel(facility_id, parcel_id, actor, code=code)
    else:
        orders.finish_parcel(facility_id, parcel_id, actor)
