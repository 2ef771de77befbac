"""What it costs to send a parcel, what vendors said about it, and how far it has come."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import BigId, append_only, db, word_enum


class Zone(StrEnum):
    SAME_REGENCY = "same_regency"
    SAME_PROVINCE = "same_province"
    JAVA = "java"
    SUMATRA_BALI = "sumatra_bali"
    OTHER = "other"


class Service(StrEnum):
    REGULAR = "regular"
    EXPRESS = "express"
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


class RateSource(db.Model):
    """A vendor of prices as the shop last met it: answered, or left alone for a while."""

    __tablename__ = "rate_sources"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    provider: Mapped[str] = mapped_column(String(16), unique=True)
    answered_at: Mapped[datetime | None]
    away_until: Mapped[datetime | None]  # nobody waits for it before then


class CachedPlace(db.Model):
    """What a vendor calls one of our places; an empty name when it does not know it."""

    __tablename__ = "cached_places"
    __table_args__ = (UniqueConstraint("provider", "place"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    place: Mapped[str] = mapped_column(String(16))  # a district's code, or 'pos:42117'
    vendor_id: Mapped[str] = mapped_column(String(64), default="")
    fetched_at: Mapped[datetime]


class CachedRate(db.Model):
    """What a vendor asked for so many kilograms from a facility to a district, and when it said so."""

    __tablename__ = "cached_rates"
    __table_args__ = (
        UniqueConstraint("provider", "facility_id", "district_code", "kilograms"),
        CheckConstraint("kilograms >= 1", name="kilograms_positive"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    district_code: Mapped[str] = mapped_column(String(8))
    kilograms: Mapped[int]  # as couriers round them
    offers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    fetched_at: Mapped[datetime] = mapped_column(index=True)


class WaybillLink(db.Model):
    """Where a courier's parcels are followed; `{resi}` in the address becomes the waybill."""

    __tablename__ = "waybill_links"
    __table_args__ = (CheckConstraint("pattern LIKE 'https://%'", name="pattern_is_https"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    courier: Mapped[str] = mapped_column(String(40), unique=True)
    pattern: Mapped[str] = mapped_column(String(300))
    updated_at: Mapped[datetime]


@append_only
class TrackingEvent(db.Model):
    """A station of a parcel as its courier told it. Told again, it is not written again."""

    __tablename__ = "tracking_events"
    __table_args__ = (UniqueConstraint("parcel_id", "at", "words"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"))
    provider: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(String(300))
    place: Mapped[str] = mapped_column(String(80), default="")
    delivered: Mapped[bool] = mapped_column(default=False)
    turned_back: Mapped[bool] = mapped_column(default=False)  # a hint for staff; moves nothing
    recorded_at: Mapped[datetime]


class FreshArea(db.Model):
    """A district that a facility brings fresh goods to: on which days, for how much, ordered until when."""

    __tablename__ = "fresh_areas"
    __table_args__ = (
        UniqueConstraint("facility_id", "district_code"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="some_weekday"),
        CheckConstraint("cost >= 0", name="cost_not_negative"),
        CheckConstraint("cutoff BETWEEN 0 AND 1439", name="cutoff_within_day"),
        CheckConstraint("notice_days BETWEEN 0 AND 7", name="notice_within_week"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    district_code: Mapped[str] = mapped_column(String(8))
    district_label: Mapped[str] = mapped_column(String(200))
    weekdays: Mapped[int]  # one bit a day, Monday the lowest
    cost: Mapped[int]  # rupiah
    cutoff: Mapped[int]  # minutes after midnight (WIB) …
    notice_days: Mapped[int]  # … so many days before the delivery

    @property
    def days(self) -> list[int]:
        """The weekdays of delivery, Monday 0."""
        return [day for day in range(7) if self.weekdays >> day & 1]


class ClosedDay(db.Model):
    """A day on which a facility brings nothing: a holiday, an inspection."""

    __tablename__ = "closed_days"
    __table_args__ = (UniqueConstraint("facility_id", "day"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(120), default="")
