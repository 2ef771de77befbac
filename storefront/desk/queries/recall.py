"""Batches of food as the office finds them, and who has pieces of one at home."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from storefront.catalog.models import Product, Variant
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.models import Job
from storefront.facilities.models import Facility
from storefront.inventory.models import Batch, BatchMove
from storefront.orders.models import Order, Parcel, ParcelStatus
from storefront.orders.services.recall import letter_key
from storefront.web.pagination import Page, paged

PAGE = 30


@dataclass(frozen=True)
class BatchRow:
    """A batch with what it is of; `blocked_reason` is empty while it may be sold."""

    id: int
    code: str
    title: str
    label: str
    facility: str
    made_on: date
    best_before: date
    left: int
    blocked_reason: str


@dataclass(frozen=True)
class BuyerRow:
    """An order with pieces of a batch, and whether its buyer was written to."""

    order_id: int
    number: str
    name: str
    phone: str
    email: str
    parcel: str
    status: ParcelStatus
    pieces: int
    is_told: bool


_ROW = (
    select(
        Batch.id, Batch.code, Product.title, Variant.label, Facility.name, Batch.made_on, Batch.best_before,
        Batch.left, Batch.blocked_reason,
    )
    .join(Variant, Variant.id == Batch.variant_id)
    .join(Product, Product.id == Variant.product_id)
    .join(Facility, Facility.id == Product.facility_id)
)  # fmt: skip


def batches(words: str = "", page: int = 1) -> Page:
    """Batches whose code or product holds every word, the newest first."""
    found = _ROW
    for word in words.split()[:6]:
        found = found.where(
            Batch.code.icontains(word, autoescape=True) | Product.title.icontains(word, autoescape=True)
        )
    return paged(found.order_by(Batch.created_at.desc(), Batch.id.desc()), page, PAGE).each(BatchRow)


def batch(batch_id: int) -> BatchRow:
    """One batch. Raises NotFound."""
    row = db.session.execute(_ROW.where(Batch.id == batch_id)).one_or_none()
    if row is None:
        raise NotFound
    return BatchRow(*row)


def buyers(batch_id: int) -> list[BuyerRow]:
    """Whose parcels took pieces of a batch: with their contact, so for the office alone."""
    pieces = -func.sum(BatchMove.delta)
    rows = db.session.execute(
        select(
            Order.id, Order.number, Order.customer_name, Order.phone, Order.email, Parcel.code, Parcel.status,
            pieces,
        )
        .join(Parcel, Parcel.order_id == Order.id)
        .join(BatchMove, BatchMove.parcel_id == Parcel.id)
        .where(BatchMove.batch_id == batch_id)
        .group_by(
            Order.id, Order.number, Order.customer_name, Order.phone, Order.email, Parcel.id, Parcel.code,
            Parcel.status,
        )
        .having(pieces > 0)
        .order_by(Order.id, Parcel.id)
    ).all()  # fmt: skip
    keys = {letter_key(batch_id, row[0]) for row in rows}
    told = set(db.session.scalars(select(Job.key).where(Job.key.in_(keys))))
    return [
        BuyerRow(*row[:7], pieces=int(row[7]), is_told=letter_key(batch_id, row[0]) in told) for row in rows
    ]
