"""What the regional office says to its facilities, who has read it, and which letters a person wants."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import User
from storefront.core.db import BigId, db
from storefront.facilities.models import Facility


class Notice(db.Model):
    """An announcement, on *Hari ini* of those it is for until they have read it or its last day is over.

    `for_all` is every facility, those of later too; else `places` says which. `once` is the form's own mark:
    sent twice, it is one announcement.
    """

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("title <> '' AND body <> ''", name="says_something"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_somebody"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    once: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    last_day: Mapped[date]  # WIB, included
    for_all: Mapped[bool]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    created_by: Mapped[User | None] = relationship(foreign_keys=created_by_id)
    places: Mapped[list[Facility]] = relationship(secondary="notice_places", order_by="Facility.name")


class NoticePlace(db.Model):
    """A facility that an announcement is for."""

    __tablename__ = "notice_places"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"), primary_key=True, index=True)


class NoticeRead(db.Model):
    """Somebody of a facility said that they have read it."""

    __tablename__ = "notice_reads"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]


class LetterChoice(db.Model):
    """Which letters of the shop a member of staff wants, and in which language. No row: all, Indonesian."""

    __tablename__ = "letter_choices"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    is_weekly: Mapped[bool] = mapped_column(default=True, server_default=true())
    language: Mapped[str] = mapped_column(String(2), default="id", server_default="id")
