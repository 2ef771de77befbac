"""No order shows a photo whose files went while it was placed: real threads, both ways round."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import select, text

from storefront.catalog.models import ProductPhoto
from storefront.catalog.services.photos import add_photo, remove_photo
from storefront.catalog.services.takedown import take_down
from storefront.checkout.services import place_order
from storefront.core.db import db as database
from storefront.core.gallery import file_name
from storefront.core.storage import storage
from storefront.orders.models import OrderLine
from tests import factories
from tests.buying import cart_of, open_shop, somebody
from tests.catalog.conftest import jpeg

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def bag(db):
    """A product with two photos that have files."""
    open_shop()
    product = factories.product(title="Tas Anyam", stock=9)
    product_id, bare = product.id, product.photos[0].id
    for colour in ("#8c4a1f", "#224466"):
        add_photo(product_id, jpeg(colour), "", None)
    remove_photo(product_id, bare, None)
    return db.session.get_one(factories.Product, product_id)


@contextmanager
def held(statement: str) -> Iterator[None]:
    """Rows that somebody else holds, so that whoever wants them last stops right before the commit."""
    database.session.remove()
    with database.engine.connect() as other:
        other.execute(text(statement))
        yield
        other.rollback()


def beginning(app: Flask, pool: ThreadPoolExecutor, act: Callable[[], object], *, queue: int) -> Future[None]:
    """Start an act on a thread of its own; back when it is done, or when so many wait for a lock."""

    def run() -> None:
        with app.app_context():
            act()
            database.session.remove()

    started = pool.submit(run)
    until = time.monotonic() + 60
    with database.engine.connect() as looking:
        while not started.done() and (looking.scalar(WAITING) or 0) < queue:
            assert time.monotonic() < until
            looking.rollback()
            time.sleep(0.02)
    return started


def missing_in_orders() -> list[str]:
    """Files that the order shows and that are gone."""
    database.session.remove()
    [line] = database.session.scalars(select(OrderLine))
    shown = line.photo or {"key": "", "widths": []}
    names = [file_name(shown["key"], width, "webp") for width in shown["widths"]]
    return [name for name in names if not storage().exists(name)]


@pytest.mark.parametrize("way", ["taken down", "dropped", "erased"])
def test_an_order_that_is_placed_first_loses_the_photo(app, bag, way):
    token, bag_id, face, officer = cart_of({bag: 1}), bag.id, bag.photos[0].id, factories.user().id
    leave = removal(way, bag_id, face, officer)
    with ThreadPoolExecutor(2) as pool:
        with held("SELECT * FROM stock_levels FOR UPDATE"):
            placing = beginning(
                app, pool, lambda: place_order(token, somebody(), payment_method="card"), queue=1
            )
            assert not placing.done()
            going = beginning(app, pool, leave, queue=2)
        placing.result(60)
        going.result(60)
    assert missing_in_orders() == []


@pytest.mark.parametrize("way", ["taken down", "dropped", "erased"])
def test_an_order_that_is_placed_second_never_gets_it(app, bag, way):
    token, bag_id, face, officer = cart_of({bag: 1}), bag.id, bag.photos[0].id, factories.user().id
    leave = removal(way, bag_id, face, officer)
    with ThreadPoolExecutor(2) as pool:
        with held("SELECT * FROM versions FOR UPDATE"):
            going = beginning(app, pool, leave, queue=1)
            assert not going.done()
            placing = beginning(
                app, pool, lambda: place_order(token, somebody(), payment_method="card"), queue=2
            )
        placing.result(60)
        going.result(60)
    assert missing_in_orders() == []


def removal(way: str, product_id: int, photo_id: int, officer: int) -> Callable[[], object]:
    if way == "taken down":
        picture_id = database.session.get_one(ProductPhoto, photo_id).picture_id
        return lambda: take_down(picture_id, officer, "Di belakang tampak gembok")
    return lambda: remove_photo(product_id, photo_id, officer, erase=way == "erased")
