"""Changes of products on sale: one waits for the office, one came back, one is still being written."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from devtools.demo.orders import World
from storefront.catalog.models import Product, ProductStatus
from storefront.catalog.services.changes import request_change, return_change, submit_change
from storefront.catalog.services.staging import alive_change, save_details
from storefront.catalog.services.staging_photos import describe_photo, move_photo
from storefront.core import clock
from storefront.core.db import db

STORY = "\n\nSetiap barang diperiksa dua kali sebelum dikemas."
SHADE = "Jauhkan dari sinar matahari langsung."


def write_changes(world: World) -> None:
    """Three days ago, yesterday and today; nothing of it is in the shop yet."""
    products = _products()
    at = world.now
    _at(at - timedelta(days=3), _retell, products[0], world)
    _at(at - timedelta(days=1), _rearrange, products[1], world)
    _at(at - timedelta(hours=5), _come_back, products[2], world)
    _at(at - timedelta(hours=2), _asked_for, products[3], world)


def _at(moment: Any, write: Callable[[Product, World], None], product: Product, world: World) -> None:
    with clock.travel(moment):
        write(product, world)


def _products() -> Sequence[Product]:
    """The four oldest products on sale with two photos or more, each of another facility."""
    found: dict[int, Product] = {}
    wanted = select(Product).filter_by(status=ProductStatus.PUBLISHED).order_by(Product.id)
    for product in db.session.scalars(wanted):
        if len(product.photos) > 1:
            found.setdefault(product.facility_id, product)
    return list(found.values())[:4]


def _maker(product: Product, world: World) -> int | None:
    return world.crew.staff[product.facility_id].id


def _retell(product: Product, world: World) -> None:
    product_id, maker, story = product.id, _maker(product, world), product.description + STORY
    save_details(product_id, maker, description=story, care=f"{product.care} {SHADE}".strip())
    submit_change(product_id, maker)


def _rearrange(product: Product, world: World) -> None:
    product_id, maker, last = product.id, _maker(product, world), product.photos[-1].picture_id
    move_photo(product_id, last, maker, up=True)
    describe_photo(product_id, last, "Dilihat dari dekat, di atas meja kayu", maker)
    submit_change(product_id, maker)


def _come_back(product: Product, world: World) -> None:
    product_id, maker = product.id, _maker(product, world)
    save_details(product_id, maker, title=f"{product.title} murah"[:90])
    submit_change(product_id, maker)
    change = alive_change(product_id)
    if change is not None:
        words = "“Murah” tidak perlu di judul. Tulis apa yang istimewa dari barangnya."
        return_change(change.id, world.crew.office[0].id, words, ["title"])


def _asked_for(product: Product, world: World) -> None:
    words = "Ukurannya belum ada. Tulis panjang, lebar, dan tinggi."
    request_change(product.id, world.crew.office[0].id, words, ["size_note"])
