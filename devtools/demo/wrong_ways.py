"""Two of the demo's parcels go wrong on the way: one is not packed in time, one comes back undelivered."""

from datetime import timedelta

from sqlalchemy import select

from devtools.demo import orders
from devtools.demo.orders import World
from devtools.demo.recent import DESK, paid, pick
from storefront.aftersales.models import Problem
from storefront.aftersales.services import Back, Counted, come_back
from storefront.core import clock
from storefront.core.db import db
from storefront.orders.models import Parcel, ParcelItem, ParcelStatus
from storefront.orders.services.late import tell_late

LATE_FOR, AWAY = 9 * 24, 8 * 24
"""Hours since they were paid."""
TRIES = 8
"""Some of the demo's buyers collect what they buy: such a parcel has no way to go wrong on."""


def go_wrong(world: World) -> None:
    """A parcel of the desk's facility that should be packed by now, and one that is before its door again."""
    paid(world, [pick(world, facility=DESK, ready=True)], LATE_FOR)
    tell_late()
    for _ in range(TRIES):
        placed, moment = paid(world, [pick(world, facility=DESK, ready=True)], AWAY)
        orders.move_along(world, placed.id, moment, "shipped")
        found = db.session.execute(
            select(Parcel.id, Parcel.facility_id).filter_by(order_id=placed.id, status=ParcelStatus.SHIPPED)
        ).one_or_none()
        if found is not None:
            _come_back(world, *found)
            return


def _come_back(world: World, parcel_id: int, facility_id: int) -> None:
    pieces = {
        row.order_line_id: Counted(row.quantity, 0)
        for row in db.session.scalars(select(ParcelItem).filter_by(parcel_id=parcel_id))
    }
    staff = int(world.crew.staff[facility_id].id or 0)
    words = "Kurir tidak menemukan rumahnya dan tidak dapat menelepon."
    db.session.rollback()
    with clock.travel(world.now - timedelta(hours=20)):
        come_back(
            parcel_id, staff, Back(Problem.BAD_ADDRESS, pieces, words), facility_id=facility_id
        )  # fmt: skip
