"""What it costs to send a parcel: one table that the office can replace by CSV."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import BigId, db, word_enum


class Zone(StrEnum):
    SAME_REGENCY = "same_regency"
    SAME_PROVINCE = "same_province"
    JAVA = "java"
    SUMATRA_BALI = "sumatra_bali"
    OTHER = "other"


class Service(StrEnum):
    REGULAR = "regular"
    CARGO = "cargo"
    LOCAL = "local"


class ShippingRate(db.Model):
    """The price of one service into one zone: a first kilogram, then each further one (rupiah)."""

    __tablename__ = "shipping_rates"
    __table_args__ = (
        UniqueConstraint("zone", "service"),
        CheckConstraint("first_kg >= 0 AND next_kg >= 0", name="prices_not_negative"),
        CheckConstraint("minimum_kg >= 1", name="minimum_positive"),
        CheckConstraint("days_min >= 0 AND days_max >= days_min", name="days_in_order"),
        CheckConstraint("divisor > 0", name="divisor_positive"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    zone: Mapped[Zone] = mapped_column(word_enum(Zone))
    service: Mapped[Service] = mapped_column(word_enum(Service))
    first_kg: Mapped[int]
    next_kg: Mapped[int]
    minimum_kg: Mapped[int] = mapped_column(default=1)
    days_min: Mapped[int]
    days_max: Mapped[int]
    divisor: Mapped[int]  # cm³ per kilogram
    label: Mapped[str] = mapped_column(String(60))
    updated_at: Mapped[datetime]
