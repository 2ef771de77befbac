"""Where things lie, how many there are, who holds them, and every change ever made."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.elements import ColumnElement

from storefront.core.db import BigId, append_only, db, word_enum
from storefront.facilities.models import Facility


class LocationKind(StrEnum):
    STOREROOM = "storeroom"
    FAIR = "fair"
    OUTLET = "outlet"


class Location(db.Model):
    """A place that holds stock of one facility. Online orders draw from its storeroom."""

    __tablename__ = "locations"
    __table_args__ = (
        UniqueConstraint("facility_id", "name"),
        # One storeroom a facility: the place that online orders draw from.
        Index(
            "uq_locations_one_storeroom",
            "facility_id",
            unique=True,
            sqlite_where=db.text("kind = 'storeroom'"),
            postgresql_where=db.text("kind = 'storeroom'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[LocationKind] = mapped_column(word_enum(LocationKind))

    facility: Mapped[Facility] = relationship()


class StockLevel(db.Model):
    """How many pieces of a variant lie at a location, and how many of them are promised."""

    __tablename__ = "stock_levels"
    __table_args__ = (
        UniqueConstraint("variant_id", "location_id"),
        CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("reserved <= on_hand", name="reserved_within_on_hand"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)

    location: Mapped[Location] = relationship()

    @hybrid_property
    def available(self) -> int:
        """What can still be sold: the one place that says so."""
        return self.on_hand - self.reserved

    @available.inplace.expression
    @classmethod
    def _available_expression(cls) -> ColumnElement[int]:
        return cls.on_hand - cls.reserved


class MovementKind(StrEnum):
    RECEIVED = "received"
    COUNTED = "counted"
    RESERVED = "reserved"
    RELEASED = "released"
    SOLD = "sold"
    RETURNED = "returned"
    WRITTEN_OFF = "written_off"


@append_only
class StockMovement(db.Model):
    """One change of one level. Their sums are the level: `audit verify` adds them up."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint("on_hand_delta <> 0 OR reserved_delta <> 0 OR kind = 'counted'", name="changes"),
        CheckConstraint(
            "(kind = 'received' AND on_hand_delta > 0 AND reserved_delta = 0)"
            " OR (kind = 'counted' AND reserved_delta = 0)"
            " OR (kind = 'reserved' AND on_hand_delta = 0 AND reserved_delta > 0)"
            " OR (kind = 'released' AND on_hand_delta = 0 AND reserved_delta < 0)"
            " OR (kind = 'sold' AND on_hand_delta < 0 AND reserved_delta = on_hand_delta)"
            " OR (kind = 'returned' AND on_hand_delta > 0 AND reserved_delta = 0)"
            " OR (kind = 'written_off' AND on_hand_delta < 0 AND reserved_delta = 0)",
            name="deltas_fit_kind",
        ),
        Index("ix_stock_movements_level_at", "level_id", "at"),
        Index("uq_stock_movements_once", "once", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_levels.id"))
    kind: Mapped[MovementKind] = mapped_column(word_enum(MovementKind))
    on_hand_delta: Mapped[int] = mapped_column(default=0)
    reserved_delta: Mapped[int] = mapped_column(default=0)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str] = mapped_column(String(200), default="")
    once: Mapped[str | None] = mapped_column(String(100))  # what was sent twice is written down once
    at: Mapped[datetime]

    level: Mapped[StockLevel] = relationship()


class ProductionSlot(db.Model):
    """One week of a made-to-order product: how many the workshop can make, how many are promised."""

    __tablename__ = "production_slots"
    __table_args__ = (
        UniqueConstraint("product_id", "week"),
        CheckConstraint("booked >= 0", name="booked_not_negative"),
        CheckConstraint("booked <= capacity", name="booked_within_capacity"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    week: Mapped[date]  # its Monday
    capacity: Mapped[int]
    booked: Mapped[int] = mapped_column(default=0)


class ReservationState(StrEnum):
    ACTIVE = "active"
    CONSUMED = "consumed"
    RELEASED = "released"


class Reservation(db.Model):
    """Pieces (or weeks of work) held for an order until it is paid or its deadline passes."""

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("(level_id IS NULL) <> (slot_id IS NULL)", name="holds_one_thing"),
        Index("ix_reservations_state_expires_at", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    level_id: Mapped[int | None] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("production_slots.id"))
    quantity: Mapped[int]
    state: Mapped[ReservationState] = mapped_column(
        word_enum(ReservationState), default=ReservationState.ACTIVE
    )
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
