"""Orders that staff write down for a buyer who wrote, called or stands at the counter."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import User
from storefront.core.db import BigId, db, word_enum
from storefront.facilities.models import Facility
from storefront.orders.models import Order


class Source(StrEnum):
    """How the buyer reached us."""

    WHATSAPP = "whatsapp"
    PHONE = "phone"
    COUNTER = "counter"


class Draft(db.Model):
    """An order in the making: its cart, and what was typed so far. Emptied once it became an order."""

    __tablename__ = "order_drafts"
    __table_args__ = (
        Index("ix_order_drafts_facility_updated", "facility_id", "updated_at"),
        Index("ix_order_drafts_updated", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.id"))  # None: the office's
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    source: Mapped[Source] = mapped_column(word_enum(Source))
    cart_token: Mapped[str | None] = mapped_column(String(64), unique=True)  # of a cart that no browser has
    typed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), unique=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    facility: Mapped[Facility | None] = relationship()
    created_by: Mapped[User] = relationship()
    order: Mapped[Order | None] = relationship()


class CashReceipt(db.Model):
    """Notes and coins that an officer took for an order; above a limit a second one counts them too."""

    __tablename__ = "cash_receipts"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("taken_by_id <> counted_by_id", name="two_people"),
        CheckConstraint("(counted_by_id IS NULL) = (counted_at IS NULL)", name="counted_says_when"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), unique=True)
    amount: Mapped[int]  # rupiah
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    taken_at: Mapped[datetime]
    counted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    counted_at: Mapped[datetime | None]

    taken_by: Mapped[User] = relationship(foreign_keys=[taken_by_id])
    counted_by: Mapped[User | None] = relationship(foreign_keys=[counted_by_id])
