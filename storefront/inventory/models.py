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
        CheckConstraint("low_at IS NULL OR low_at BETWEEN 0 AND 100000", name="low_at_sane"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    low_at: Mapped[int | None]  # from this many sellable pieces on it runs out; without it LOW_STOCK

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
    MOVED = "moved"
    DAMAGED = "damaged"
    GIVEN = "given"


class Reason(StrEnum):
    """Why pieces are gone, or why a count found another number. Each belongs to one kind of movement."""

    UNKNOWN = "unknown"
    MISCOUNTED = "miscounted"
    FOUND = "found"
    MISSING = "missing"
    BROKEN = "broken"
    SPOILED = "spoiled"
    FAULTY = "faulty"
    STOLEN = "stolen"
    SAMPLE = "sample"
    GUESTS = "guests"
    CHARITY = "charity"
    OWN_USE = "own_use"


REASONS: dict[MovementKind, tuple[Reason, ...]] = {
    MovementKind.COUNTED: (Reason.UNKNOWN, Reason.MISCOUNTED, Reason.FOUND, Reason.MISSING),
    MovementKind.DAMAGED: (Reason.BROKEN, Reason.SPOILED, Reason.FAULTY, Reason.STOLEN),
    MovementKind.GIVEN: (Reason.SAMPLE, Reason.GUESTS, Reason.CHARITY, Reason.OWN_USE),
}
"""The reasons that fit each kind; other kinds explain themselves."""


def _one_of(kind: MovementKind) -> str:
    return ", ".join(f"'{reason}'" for reason in REASONS[kind])


@append_only
class StockTransfer(db.Model):
    """Pieces carried from one place of a facility to another: two movements that name it, out and in."""

    __tablename__ = "stock_transfers"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("from_id <> to_id", name="goes_elsewhere"),
        Index("uq_stock_transfers_once", "once", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    quantity: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    once: Mapped[str | None] = mapped_column(String(120))  # the same form sent twice carries them once
    at: Mapped[datetime]


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
            " OR (kind = 'written_off' AND on_hand_delta < 0 AND reserved_delta = 0)"
            " OR (kind = 'moved' AND on_hand_delta <> 0 AND reserved_delta = 0)"
            " OR (kind IN ('damaged', 'given') AND on_hand_delta < 0 AND reserved_delta = 0)",
            name="deltas_fit_kind",
        ),
        CheckConstraint("(kind = 'moved') = (transfer_id IS NOT NULL)", name="moved_has_transfer"),
        CheckConstraint(
            f"(kind = 'damaged' AND reason IS NOT NULL AND reason IN ({_one_of(MovementKind.DAMAGED)}))"
            f" OR (kind = 'given' AND reason IS NOT NULL AND reason IN ({_one_of(MovementKind.GIVEN)}))"
            f" OR (kind = 'counted' AND (reason IS NULL OR reason IN ({_one_of(MovementKind.COUNTED)})))"
            " OR (kind NOT IN ('damaged', 'given', 'counted') AND reason IS NULL)",
            name="reason_fits_kind",
        ),
        Index("uq_stock_movements_transfer", "transfer_id", "level_id", unique=True),
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
    reason: Mapped[Reason | None] = mapped_column(word_enum(Reason))
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("stock_transfers.id"))
    once: Mapped[str | None] = mapped_column(String(100))  # what was sent twice is written down once
    at: Mapped[datetime]

    level: Mapped[StockLevel] = relationship()


class ProductionSlot(db.Model):
    """One week of a made-to-order product: how many the workshop can make, how many are promised.

    Not a WorkshopWeek with one product in it: both limits hold at once, each row refuses its own.
    """

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


class WorkshopWeek(db.Model):
    """One week of a workshop with a capacity of its own: what all its products together take of it.

    Not the sum of their slots: a product may go to another workshop, what was promised here stays here.
    """

    __tablename__ = "workshop_weeks"
    __table_args__ = (
        UniqueConstraint("workshop_id", "week"),
        CheckConstraint("booked >= 0", name="booked_not_negative"),
        CheckConstraint("booked <= capacity", name="booked_within_capacity"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshops.id"))
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
        CheckConstraint("workshop_week_id IS NULL OR slot_id IS NOT NULL", name="week_has_slot"),
        Index("ix_reservations_state_expires_at", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    level_id: Mapped[int | None] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("production_slots.id"))
    workshop_week_id: Mapped[int | None] = mapped_column(ForeignKey("workshop_weeks.id"), index=True)
    quantity: Mapped[int]
    state: Mapped[ReservationState] = mapped_column(
        word_enum(ReservationState), default=ReservationState.ACTIVE
    )
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Batch(db.Model):
    """Food of one variant that was made together. `left` of it lie here and are not packed yet.

    A second book beside the levels, which stay the truth for selling: sold pieces leave their batch when they
    are packed. From the day after `sell_until` nothing of it is sold; a blocked one never is.
    """

    __tablename__ = "batches"
    __table_args__ = (
        UniqueConstraint("variant_id", "code"),
        CheckConstraint("code <> ''", name="has_code"),
        CheckConstraint("left_over >= 0", name="left_not_negative"),
        CheckConstraint("made_on <= sell_until AND sell_until <= best_before", name="days_in_order"),
        CheckConstraint("(blocked_at IS NULL) = (blocked_reason = '')", name="blocked_says_why"),
        Index("ix_batches_variant_best_before", "variant_id", "best_before"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    code: Mapped[str] = mapped_column(String(40))
    made_on: Mapped[date]
    best_before: Mapped[date]
    sell_until: Mapped[date]
    left: Mapped[int] = mapped_column("left_over", default=0)  # LEFT is a word of SQL
    blocked_at: Mapped[datetime | None]
    blocked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    blocked_reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class BatchMoveKind(StrEnum):
    RECEIVED = "received"
    TAKEN = "taken"
    UNPACKED = "unpacked"
    SET_ASIDE = "set_aside"
    CORRECTED = "corrected"


@append_only
class BatchMove(db.Model):
    """One change of a batch. Their sum is what is left of it; a parcel's say what it took from where."""

    __tablename__ = "batch_moves"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'received' AND delta > 0 AND parcel_id IS NULL)"
            " OR (kind = 'taken' AND delta < 0 AND parcel_id IS NOT NULL)"
            " OR (kind = 'unpacked' AND delta > 0 AND parcel_id IS NOT NULL)"
            " OR (kind IN ('set_aside', 'corrected') AND delta < 0 AND parcel_id IS NULL)",
            name="delta_fits_kind",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    kind: Mapped[BatchMoveKind] = mapped_column(word_enum(BatchMoveKind))
    delta: Mapped[int]
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcels.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]

    batch: Mapped[Batch] = relationship()
