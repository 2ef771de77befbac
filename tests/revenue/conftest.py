"""Two facilities, a night on which November ends, and a mixed order paid in its last second."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from storefront.catalog.models import Product
from storefront.checkout.services import Placed
from storefront.core import clock
from storefront.core.clock import JAKARTA
from storefront.facilities.models import Facility
from storefront.orders.services import Actor
from storefront.payments.models import Refund
from storefront.payments.services import cancel_order, mark_refund_sent
from tests import buying, factories

NOON = datetime(2025, 11, 30, 12, tzinfo=JAKARTA)
LAST_SECOND = datetime(2025, 11, 30, 23, 59, 59, tzinfo=JAKARTA)
MIDNIGHT = datetime(2025, 12, 1, tzinfo=JAKARTA)


def sell(wishes: dict[Product, int], at: datetime) -> Placed:
    """An order that is paid at that moment."""
    with clock.travel(at - timedelta(minutes=5)):
        placed = buying.buy(wishes)
    with clock.travel(at):
        buying.pay(placed)
    return placed


def take_back(db: SQLAlchemy, placed: Placed, at: datetime) -> None:
    """The order is cancelled and its money has left, at that moment."""
    with clock.travel(at):
        cancel_order(placed.id, Actor(), reason="Barang rusak saat dikemas")
        refund_id = db.session.scalars(select(Refund.id).filter_by(order_id=placed.id)).one()
        mark_refund_sent(refund_id, f"re_{placed.number}", actor=Actor())


@dataclass
class Books:
    """What was sold: | mixed 30 Nov 23:59:59 | bag 1 Dec 0:00 | three shoes 30 Nov, back 1 Dec |."""

    cilegon: Facility
    serang: Facility
    mixed: Placed
    bag: Placed
    shoes: Placed


@pytest.fixture
def books(db: SQLAlchemy) -> Books:
    """The ledger of those three orders, and one that nobody paid."""
    buying.open_shop()
    cilegon = factories.facility("LPCLG", name="Lapas Cilegon")
    serang = factories.facility("RTSRG", name="=Rutan Serang")  # a name that a spreadsheet would run
    bag = factories.product(cilegon, title="Tas", price=75_000, stock=50)
    shoe = factories.product(serang, title="Sepatu", price=200_000, stock=50)
    mixed = sell({bag: 2, shoe: 1}, LAST_SECOND)
    alone = sell({bag: 1}, MIDNIGHT)
    shoes = sell({shoe: 3}, NOON)
    take_back(db, shoes, MIDNIGHT + timedelta(hours=9))
    with clock.travel(NOON):
        buying.buy({bag: 9})
    return Books(cilegon, serang, mixed, alone, shoes)
