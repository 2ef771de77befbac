"""Parcels that are not packed in time: the facility sees them, and their buyer is told, once."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from storefront.core import clock
from storefront.core.db import db, locked
from storefront.core.transactions import transaction
from storefront.core.workdays import after_working_days
from storefront.orders.models import Order, OrderStatus, Parcel, ParcelStatus
from storefront.orders.services import letters
from storefront.orders.services.life import record

PACK_DAYS = 3
"""Working days after the payment in which what is ready has to be packed."""
UNPACKED = (ParcelStatus.WAITING, ParcelStatus.PROCESSING)


def is_late() -> ColumnElement[bool]:
    """Of parcels joined with their orders: paid for, not packed, and their day is over."""
    today = clock.today()
    return and_(
        Order.status == OrderStatus.PAID,
        Parcel.status.in_(UNPACKED),
        or_(
            Parcel.ready_by < today,
            and_(Parcel.ready_by.is_(None), Order.paid_at < clock.day_start(_paid_in_time(today))),
        ),
    )


def due_day(parcel: Parcel) -> date | None:
    """The last WIB day on which a parcel may be packed without being late; None while its order is unpaid."""
    paid_at = parcel.order.paid_at
    if parcel.ready_by is not None or paid_at is None:
        return parcel.ready_by
    return after_working_days(clock.local(paid_at).date(), PACK_DAYS)


def tell_late(limit: int = 200) -> int:
    """Write to the buyers of parcels that became late, once each; returns to how many."""
    rows = db.session.execute(
        select(Parcel.id, Parcel.order_id)
        .join(Parcel.order)
        .where(is_late(), Parcel.late_told_at.is_(None))
        .order_by(Parcel.id)
        .limit(limit)
    ).all()
    db.session.rollback()
    return sum(_tell(parcel_id, order_id) for parcel_id, order_id in rows)


def _tell(parcel_id: int, order_id: int) -> bool:
    with transaction():
        order = locked(Order, order_id)
        parcel = locked(Parcel, parcel_id)
        if order.status is not OrderStatus.PAID or parcel.status not in UNPACKED or parcel.late_told_at:
            return False
        parcel.late_told_at = clock.now()
        record(order, "late", parcel=parcel)
        letters.write("late", order, mark=parcel.id)
    return True


def _paid_in_time(today: date) -> date:
    """The first day of payment for which there is still time: what was paid before it is late."""
    day = today
    while after_working_days(day - timedelta(days=1), PACK_DAYS) >= today:
        day -= timedelta(days=1)
    return day
