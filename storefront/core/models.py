"""Tables that belong to no feature: versions of shared pages, the outbox, pictures."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import BigId, db, word_enum


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
