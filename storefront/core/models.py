"""Tables that belong to no feature: versions of shared pages, the outbox, pictures, the audit log."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import BigId, append_only, db, word_enum


class Version(db.Model):
    """A counter per subject; a change of the subject raises it and old cached pages die."""

    __tablename__ = "versions"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


class JobState(StrEnum):
    READY = "ready"
    DONE = "done"
    FAILED = "failed"


class Job(db.Model):
    """One thing to do outside the transaction that asked for it."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index("ix_outbox_due", "state", "run_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    state: Mapped[JobState] = mapped_column(word_enum(JobState), default=JobState.READY)
    run_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))


class Picture(db.Model):
    """A picture in its renditions. Files are named `<key>-<width>.<avif|webp|jpg>`."""

    __tablename__ = "pictures"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="size_positive"),
        CheckConstraint("length(tone) = 7", name="tone_is_hex"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    alt: Mapped[str] = mapped_column(String(300), default="")
    width: Mapped[int]
    height: Mapped[int]
    tone: Mapped[str] = mapped_column(String(7))
    widths: Mapped[list[int]] = mapped_column(JSON)
    has_avif: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class PictureOriginal(db.Model):
    """The file that a picture was made from, kept privately for a while so that it can be turned and cropped.

    `turn` (degrees clockwise) and the box `crop_*` (per mille of the turned photo) are how the picture was
    made of it.
    """

    __tablename__ = "picture_originals"
    __table_args__ = (
        CheckConstraint("turn IN (0, 90, 180, 270)", name="turn_is_right_angle"),
        CheckConstraint(
            "crop_x >= 0 AND crop_y >= 0 AND crop_w > 0 AND crop_h > 0"
            " AND crop_x + crop_w <= 1000 AND crop_y + crop_h <= 1000",
            name="crop_inside",
        ),
    )

    picture_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("pictures.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    key: Mapped[str] = mapped_column(String(64), unique=True)
    turn: Mapped[int] = mapped_column(default=0)
    crop_x: Mapped[int] = mapped_column(default=0)
    crop_y: Mapped[int] = mapped_column(default=0)
    crop_w: Mapped[int] = mapped_column(default=1000)
    crop_h: Mapped[int] = mapped_column(default=1000)
    keep_until: Mapped[datetime] = mapped_column(index=True)


@append_only
class AuditEntry(db.Model):
    """One act of the staff: who did what to what, and with which figures. Each seals the one before.

    `number` counts from 1 without a gap. Nothing about a buyer stands here: an order is its number.
    No foreign keys: their locks would be taken behind the head's and close a circle with whoever
    holds that person's row and waits for the head.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(hash) = 64 AND length(previous) = 64", name="hashes_are_whole"),
        Index("ix_audit_entries_actor", "actor_id", "number"),
        Index("ix_audit_entries_facility", "facility_id", "number"),
        Index("ix_audit_entries_action", "action", "number"),
        Index("ix_audit_entries_subject", "subject", "subject_id", "number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[int] = mapped_column(BigId, unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    actor_id: Mapped[int | None] = mapped_column(BigId)
    facility_id: Mapped[int | None] = mapped_column(BigId)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64), unique=True)  # two can never follow the same one
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(db.Model):
    """Where the chain of acts ends: how many there are, and the last one's hash. One row, locked to add."""

    __tablename__ = "audit_head"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("entries >= 0", name="entries_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[int] = mapped_column(BigId, default=0)
    hash: Mapped[str] = mapped_column(String(64))
