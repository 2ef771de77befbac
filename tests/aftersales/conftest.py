"""A parcel that has arrived, its buyer, the people of its facility and of the office."""

from dataclasses import dataclass

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from storefront.aftersales.models import ComplaintCase, Problem, Wish
from storefront.aftersales.services import Told, open_case
from storefront.catalog.models import Product
from storefront.core.db import db as database
from storefront.facilities.models import Facility
from storefront.orders.models import OrderLine, Parcel
from storefront.orders.services import Actor, accept_parcel, finish_parcel, pack_parcel, ship_parcel
from tests import factories
from tests.buying import buy, open_shop, pay


@dataclass(frozen=True)
class Arrived:
    """An order of one parcel that has reached its buyer. Plain values, for any session."""

    order_id: int
    token: str
    number: str
    parcel_id: int
    lines: dict[str, int]
    """Ids of the order's lines by title."""
    facility_id: int
    staff_id: int
    office_id: int

    @property
    def page(self) -> str:
        """The address of the order."""
        return f"/pesanan/{self.token}"

    @property
    def form(self) -> str:
        """Where its buyer complains."""
        return f"{self.page}/keluhan/kiriman/{self.parcel_id}"


def bring(parcel_id: int, facility_id: int, *, arrive: bool = True) -> None:
    """Send a parcel on its way, to its end if wanted."""
    accept_parcel(facility_id, parcel_id, Actor(None))
    pack_parcel(facility_id, parcel_id, Actor(None))
    ship_parcel(facility_id, parcel_id, Actor(None), courier="JNE", waybill=f"AB123{parcel_id}")
    if arrive:
        finish_parcel(facility_id, parcel_id, Actor(None))


def deliver(wishes: dict[Product, int], maker: Facility, *, arrive: bool = True) -> Arrived:
    """Buy these things of one facility, pay them, and bring them to their buyer."""
    facility_id = maker.id
    staff_id = factories.user("facility_staff", facility=maker).id
    office_id = factories.user("regional").id
    placed = buy(wishes)
    pay(placed)
    parcel_id = database.session.scalars(select(Parcel.id).filter_by(order_id=placed.id)).one()
    bring(parcel_id, facility_id, arrive=arrive)
    rows = database.session.execute(select(OrderLine.title, OrderLine.id).filter_by(order_id=placed.id)).all()
    database.session.rollback()
    return Arrived(
        placed.id, placed.token, placed.number, parcel_id, {row[0]: row[1] for row in rows}, facility_id,
        staff_id, office_id,
    )  # fmt: skip


@pytest.fixture
def maker(db: SQLAlchemy) -> Facility:
    open_shop()
    return factories.facility("LPA", name="Lapas Satu")


@pytest.fixture
def plates(maker: Facility) -> Product:
    return factories.product(maker, title="Piring Batok", price=20_000, stock=20)


@pytest.fixture
def arrived(maker: Facility, plates: Product) -> Arrived:
    """Six plates at 20,000 rupiah and a bag at 50,000, with the buyer; 14 plates lie on the shelf."""
    bag = factories.product(maker, title="Tas Anyam", price=50_000, stock=5)
    return deliver({plates: 6, bag: 1}, maker)


def told(arrived: Arrived, *, plates: int = 2, bag: int = 0, wish: Wish = Wish.REFUND, **fields) -> Told:
    """What Siti tells: so many plates are broken."""
    pieces = {arrived.lines["Piring Batok"]: plates, arrived.lines.get("Tas Anyam", 0): bag}
    pieces = {line_id: quantity for line_id, quantity in pieces.items() if quantity}
    values = {"problem": Problem.DAMAGED, "text": "Retak waktu dibuka."} | fields
    return Told(pieces, wish=wish, **values)


def complain(arrived: Arrived, photos: tuple[bytes, ...] = (), **fields) -> int:
    """Open a case; its id."""
    return open_case(arrived.token, arrived.parcel_id, told(arrived, **fields), photos).id


def case_now(case_id: int) -> ComplaintCase:
    """The case as it is stored now."""
    database.session.rollback()
    return database.session.get_one(ComplaintCase, case_id)
