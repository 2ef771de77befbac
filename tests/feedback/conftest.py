"""A buyer who has received something, and the people who read what they write."""

from dataclasses import dataclass

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from storefront.catalog.models import Product
from storefront.core.db import db as database
from storefront.core.transactions import transaction
from storefront.feedback.services import Purchase
from storefront.orders.models import Order, OrderLine, Parcel
from storefront.orders.queries import received_line
from storefront.orders.services import Actor, accept_parcel, finish_parcel, pack_parcel, ship_parcel
from tests import factories
from tests.buying import buy, open_shop, pay


@dataclass(frozen=True)
class Bought:
    """A line that has arrived: where its order is, and what was bought. Plain values, for any session."""

    token: str
    line_id: int
    product_id: int
    facility_id: int
    slug: str
    number: str

    @property
    def purchase(self) -> Purchase:
        """What the services take."""
        return received_line(self.token, self.line_id)[0]

    @property
    def review_path(self) -> str:
        """Where its buyer reviews it."""
        return f"/pesanan/{self.token}/ulasan/{self.line_id}"

    @property
    def thanks_path(self) -> str:
        """Where its buyer thanks the workshop."""
        return f"/pesanan/{self.token}/terima-kasih/{self.line_id}"


def deliver(product: Product, *, arrive: bool = True) -> Bought:
    """Buy and pay one piece, and bring it to its buyer."""
    product_id, facility_id, slug = product.id, product.facility_id, product.slug
    placed = buy({product: 1})
    pay(placed)
    parcel_id = database.session.scalars(select(Parcel.id).filter_by(order_id=placed.id)).one()
    accept_parcel(facility_id, parcel_id, Actor(None))
    pack_parcel(facility_id, parcel_id, Actor(None))
    ship_parcel(facility_id, parcel_id, Actor(None), courier="JNE", waybill=f"AB123{parcel_id}")
    if arrive:
        finish_parcel(facility_id, parcel_id, Actor(None))
    line_id = database.session.scalars(select(OrderLine.id).filter_by(order_id=placed.id)).one()
    number = database.session.get_one(Order, placed.id).number
    database.session.rollback()
    return Bought(placed.token, line_id, product_id, facility_id, slug, number)


@pytest.fixture
def product(db: SQLAlchemy) -> Product:
    open_shop()
    made = factories.product(factories.facility("LPA", name="Lapas Satu"), title="Tas Anyam", stock=20)
    with transaction():
        made = db.session.get_one(Product, made.id)
        made.workshop_id = made.facility.workshops[0].id
    return db.session.get_one(Product, made.id)


@pytest.fixture
def bought(product: Product) -> Bought:
    """A line of "Tas Anyam" that has reached Siti Contoh."""
    return deliver(product)
