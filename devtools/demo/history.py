"""A year of orders: growth, weekends, the weeks before Lebaran, a fair, some that came to nothing."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from devtools.demo import orders
from devtools.demo.fairs import Stand
from devtools.demo.orders import World
from devtools.demo.shelves import Good
from storefront.core import clock
from storefront.core.db import db
from storefront.core.transactions import transaction
from storefront.inventory import services as inventory
from storefront.inventory.queries import availability
from storefront.orders.models import Order
from storefront.payments import services as payments

DAYS = 364
LEBARAN = (date(2026, 3, 20), date(2027, 3, 10), date(2028, 2, 26), date(2029, 2, 14), date(2030, 2, 4))
"""First days of Idul Fitri as forecast; they only shape invented demand."""

FESTIVE = {"kue", "camilan", "minuman", "kerudung", "pakaian"}
HOURS = (1, 1, 2, 3, 4, 4, 5, 5, 4, 4, 3, 4, 6, 8, 8, 5, 2)
"""How busy the hours from 06.00 to 22.00 WIB are."""

FAIR_SHARE, CARD_SHARE = 0.1, 0.55
EXPIRED, CANCELLED = 0.06, 0.10
"""An order's fate is a number from 0 to 1: below the first nobody pays, below the second it is undone."""

TRIES = 8
LOW, TOP_UP = 12, 24
REASONS = (
    "Pembeli salah memilih ukuran dan meminta dibatalkan.",
    "Bahan baku habis dan pembeli tidak bersedia menunggu.",
    "Alamat tidak terjangkau kurir; pembeli meminta dana kembali.",
)


def make_history(world: World, past: Stand, running: Stand, count: int) -> Iterator[str]:
    """Place `count` orders in the order of their moments; yields words of progress."""
    last_month = ""
    for number, moment in enumerate(_moments(world, past, count), start=1):
        month = clock.period(moment)
        if month != last_month:
            _refill(world, moment)
            last_month = month
        _one(world, moment, past, running)
        yield f"pesanan {number} dari {count}"
    _count_shelves(world)


def _moments(world: World, past: Stand, count: int) -> list[datetime]:
    """Moments of orders, oldest first, none of the last two days."""
    today = clock.local(world.now).date()
    days = [today - timedelta(days=back) for back in range(DAYS, 1, -1)]
    weights = [_demand(day, index / len(days)) for index, day in enumerate(days)]
    chosen = world.dice.choices(days, weights, k=count - round(count * FAIR_SHARE))
    for _ in range(round(count * FAIR_SHARE)):
        chosen.append(past.first + timedelta(days=world.dice.randint(0, (past.last - past.first).days)))
    hours = world.dice.choices(range(6, 23), HOURS, k=len(chosen))
    return sorted(
        datetime.combine(day, time(hour, world.dice.randint(0, 59), world.dice.randint(0, 59)), clock.JAKARTA)
        for day, hour in zip(chosen, hours, strict=True)
    )


def _demand(day: date, progress: float) -> float:
    """How much is ordered on a day: it grows over the year, weekends and festive weeks are busy."""
    demand = 0.6 + 0.9 * progress
    if day.weekday() >= 5:
        demand *= 1.4
    ahead = _days_to_lebaran(day)
    if 5 <= ahead <= 35:
        demand *= 2.2
    elif -7 <= ahead <= 2:
        demand *= 0.3
    return demand


def _days_to_lebaran(day: date) -> int:
    return min(((feast - day).days for feast in LEBARAN), key=abs)


def _weights(goods: list[Good], moment: datetime) -> list[float]:
    """Popularity: cheap things sell more often, festive food sells before the feast."""
    festive = 5 <= _days_to_lebaran(clock.local(moment).date()) <= 35
    return [
        (4.0 if festive and good.category in FESTIVE else 1.0) * (100_000 / good.price) ** 0.45
        for good in goods
    ]


def _one(world: World, moment: datetime, past: Stand, running: Stand) -> None:
    """One order from its cart to wherever it is now."""
    day = clock.local(moment).date()
    stand = next((s for s in (past, running) if s.first <= day <= s.last), None)
    if stand is not None and world.dice.random() > 0.75:
        stand = None  # somebody who did not come from the fair
    shown = [g for g in world.goods if stand is None or g.product_id in stand.product_ids]
    fair_id = stand.fair_id if stand else None
    fate = world.dice.random()
    for _ in range(TRIES):
        picks = orders.fill_basket(world, _weights(shown, moment), shown)
        with suppress(*orders.SOLD_OUT):
            if fate < EXPIRED:
                return _forgotten(world, picks, moment, fair_id)
            with transaction():  # one commit an order: a year of them has to fit into a minute
                return _paid(world, picks, moment, fair_id, cancelled=fate < CANCELLED)
    raise RuntimeError("the demo's shelves are empty")


def _paid(
    world: World, picks: list[orders.Pick], moment: datetime, fair_id: int | None, *, cancelled: bool
) -> None:
    """An order that somebody paid for; its parcels travel, or its money goes back."""
    worth = sum(good.prices[variant] * pieces for good, variant, pieces in picks)
    card = worth >= orders.CARD_FROM and world.dice.random() < CARD_SHARE
    with clock.travel(moment):
        placed = orders.buy(world, picks, method="card" if card else "transfer", fair_id=fair_id)
    with clock.travel(moment + timedelta(minutes=world.dice.randint(2, 12))):
        (orders.pay_by_card if card else orders.pay_by_transfer)(world, placed)
    paid_at = db.session.get_one(Order, placed.id).paid_at or moment
    if not cancelled:
        orders.move_along(world, placed.id, paid_at)
        return
    with clock.travel(paid_at + timedelta(hours=world.dice.randint(1, 6))):
        orders.cancel_paid(world, placed, world.dice.choice(REASONS))


def _forgotten(world: World, picks: list[orders.Pick], moment: datetime, fair_id: int | None) -> None:
    """Nobody pays; the minute hand does the rest."""
    with clock.travel(moment):
        placed = orders.buy(world, picks, method="transfer", fair_id=fair_id)
        orders.transfer(placed)
    with clock.travel(moment + timedelta(days=2)):
        payments.expire_orders()


def _refill(world: World, moment: datetime) -> None:
    """At the start of a month workshops bring what is running out."""
    with clock.travel(moment - timedelta(minutes=30)):
        ready = [(good, variant_id) for good in world.goods for variant_id in good.stock]
        rest = availability([variant_id for _, variant_id in ready])
        with transaction():
            for good, variant_id in ready:
                if rest.get(variant_id, 0) < LOW:
                    actor = world.crew.staff[good.facility_id].id
                    inventory.receive(
                        good.facility_id, variant_id, TOP_UP, actor_id=actor, note="Hasil produksi"
                    )


def _count_shelves(world: World) -> None:
    """The day before yesterday everything was counted: what the catalogue files say is there."""
    with clock.travel(world.now - timedelta(days=2)), transaction():
        for good in world.goods:
            actor = world.crew.staff[good.facility_id].id
            for variant_id, pieces in good.stock.items():
                inventory.count(good.facility_id, variant_id, pieces, actor_id=actor, note="Stok opname")
