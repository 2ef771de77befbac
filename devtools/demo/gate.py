"""The gate of photos at work: some wait for a second person, one was rejected, one was taken down."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from devtools.demo.orders import World
from storefront.catalog.models import Product, ProductChange, ProductStatus
from storefront.catalog.services.gate import Mark, reject_photo
from storefront.catalog.services.staging_photos import add_photo, album
from storefront.catalog.services.takedown import take_down
from storefront.core import clock
from storefront.core.db import db
from storefront.core.gallery import largest_of
from storefront.core.storage import read

SHOTS = 4
"""Products that get another photo: the last one's is rejected."""


def show_gate(world: World) -> None:
    """Yesterday evening and this morning; what waits is another look at what each product shows already."""
    products = _products()
    for number, product in enumerate(products[:SHOTS]):
        with clock.travel(world.now - timedelta(hours=16 - 4 * number)):
            _send(product, world.crew.staff[product.facility_id].id)
    office = world.crew.office[0].id or 0  # a person: never nobody
    with clock.travel(world.now - timedelta(hours=3)):
        rejected = db.session.get_one(Product, products[SHOTS - 1].id)
        reject_photo(
            album(rejected)[-1][0].id, office, "Di sudut kanan atas tampak gembok. Potong bagian itu.",
            Mark(640, 60, 280, 260),
        )  # fmt: skip
        shown = db.session.get_one(Product, products[SHOTS].id)
        take_down(
            shown.photos[-1].picture_id, office, "Di belakang tampak pagar. Ambil lagi di dalam bengkel.",
            Mark(40, 80, 900, 240),
        )  # fmt: skip


def _send(product: Product, maker: int | None) -> None:
    product_id, shown = product.id, product.photos[0].picture
    data = read(largest_of(shown.key, shown.widths))
    add_photo(product_id, data, "", maker, checked=True)


def _products() -> Sequence[Product]:
    """Products on sale with two photos or more and no change of their own: the newest of each facility."""
    busy = select(ProductChange.product_id)
    wanted = select(Product).where(Product.status == ProductStatus.PUBLISHED, Product.id.not_in(busy))
    found: dict[int, Product] = {}
    for product in db.session.scalars(wanted.order_by(Product.id.desc())):
        if len(product.photos) > 1:
            found.setdefault(product.facility_id, product)
    return list(found.values())[: SHOTS + 1]
