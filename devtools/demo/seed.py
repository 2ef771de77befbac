"""Fills an empty shop with the demo: once, from the beginning if an earlier try was interrupted."""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import flask_migrate
from sqlalchemy import func, inspect, select

from devtools.demo.accounts import open_accounts
from devtools.demo.buyers import Town
from devtools.demo.changes import write_changes
from devtools.demo.complaints import complain
from devtools.demo.deliveries import deliver
from devtools.demo.fairs import hold_fairs
from devtools.demo.feedback import tell
from devtools.demo.finding import arrange_finding
from devtools.demo.food import arrange_food
from devtools.demo.gate import show_gate
from devtools.demo.history import DAYS, make_history
from devtools.demo.notices import announce
from devtools.demo.offers import make_offers, use_vouchers
from devtools.demo.orders import World
from devtools.demo.papers import make_papers
from devtools.demo.people import answer_phones, hire
from devtools.demo.recent import make_recent
from devtools.demo.settings import set_up
from devtools.demo.shelves import goods, stock_shelves
from devtools.demo.surplus import pay_other_sums
from devtools.demo.tables import send_table
from devtools.demo.workshops import run_workshops
from devtools.demo.wrong_ways import go_wrong
from storefront.accounts.models import User
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import DomainError
from storefront.core.gallery import file_names
from storefront.core.models import Picture
from storefront.core.regions.loader import load_regions
from storefront.core.storage import storage
from storefront.core.transactions import touch, transaction, version
from storefront.facilities.services import load_banten
from storefront.orders.models import Order
from storefront.shipping.services import load_first_rates

ORDERS = 500
SEED = 20260128
DONE = "demo"
"""The subject whose version says that the seed was finished: the last thing it writes."""


class NotEmpty(DomainError):
    """Somebody uses this shop; the demo stays out of it."""

    default = "This shop has people or orders of its own. The demo is only put into an empty shop."


def is_seeded() -> bool:
    """Was the demo put into this shop, to its end?"""
    found = version(DONE) > 0
    db.session.rollback()
    return found


def seed(
    *,
    orders: int = ORDERS,
    read: Callable[[Path], bytes] = Path.read_bytes,
    say: Callable[[str], object] = print,
) -> bool:
    """Put the demo into this shop; False when it is there already. Raises NotEmpty.

    `read` gives the bytes of a photo file, `say` gets words of progress. The same day and the same
    number of orders give the same shop, except for what is random on purpose (numbers, tokens).
    """
    if is_seeded():
        return False
    _refuse_real()
    if _was_interrupted():
        say("percobaan sebelumnya terputus; mulai lagi")
        start_over()
    now = clock.now().replace(microsecond=0)
    with unhurried_collector():
        for words in _steps(now, orders, read):
            say(words)
    with transaction():
        touch("catalog")
        touch(DONE)
    return True


def _steps(now: datetime, count: int, read: Callable[[Path], bytes]) -> Iterator[str]:
    """Everything in its order; the people act at the moment at which the shop opened."""
    opening = now - timedelta(days=DAYS + 8)
    with clock.travel(opening):
        yield "wilayah Indonesia"
        load_regions()
        load_first_rates()
        load_banten()
        answer_phones()
        yield "petugas"
        crew = hire()
        yield from stock_shelves(crew, now, read)
    world = World(dice=Random(SEED), goods=goods(), crew=crew, town=Town.read(), now=now)  # noqa: S311
    past, running = hold_fairs(crew, world.goods, now)
    make_offers(world)
    yield from make_history(world, past, running, count)
    arrange_finding(crew.promoter)
    yield "pekerjaan hari ini"
    use_vouchers(world)
    make_recent(world, running)
    open_accounts()
    yield from tell(world, read)
    deliver()
    yield "keluhan pesanan"
    complain(world)
    go_wrong(world)
    make_papers(world)
    pay_other_sums(world)
    send_table(world)
    write_changes(world)
    show_gate(world)
    arrange_food(world)
    run_workshops(world)
    announce(world)
    set_up(world)


def _refuse_real() -> None:
    real = select(func.count(User.id)).where(User.is_demo.is_(False))
    bought = select(func.count(Order.id)).where(Order.is_demo.is_(False))
    if db.session.scalar(real) or db.session.scalar(bought):
        raise NotEmpty
    db.session.rollback()


def _was_interrupted() -> bool:
    found = db.session.scalar(select(User.id).limit(1)) or db.session.scalar(select(Picture.id).limit(1))
    db.session.rollback()
    return found is not None


def start_over() -> None:
    """Empty a shop that holds nothing but half a demo: every table is made anew, every file goes."""
    _refuse_real()
    names = [name for picture in db.session.scalars(select(Picture)) for name in file_names(picture)]
    db.session.remove()
    for name in names:
        with suppress(Exception):
            storage().delete(name)
    _drop_tables()
    with quiet():
        flask_migrate.upgrade()


def _drop_tables() -> None:
    """Leave an empty database: what may not be deleted row by row can still go as a whole."""
    engine = db.engine
    if engine.dialect.name == "sqlite":
        engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{engine.url.database}{suffix}").unlink(missing_ok=True)
        return
    preparer = engine.dialect.identifier_preparer
    names = ", ".join(preparer.quote(name) for name in inspect(engine).get_table_names())
    with engine.begin() as connection:
        if names:
            connection.exec_driver_sql(f"DROP TABLE {names} CASCADE")
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_change()")


@contextmanager
def unhurried_collector() -> Iterator[None]:
    """Look for garbage seldom while half a million short-lived rows pass by."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the migrations' own words out of the progress."""
    names = ("alembic", "alembic.runtime.migration")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
