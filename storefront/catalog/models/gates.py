"""The gate of photos: who sent one, what was looked at, and the second person's yes or no."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import User
from storefront.core.db import BigId, db, word_enum
from storefront.core.models import Picture


class GateState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def is_out(self) -> bool:
        """A second person said no, before the photo was seen or afterwards: it is never let in again."""
        return self in {GateState.REJECTED, GateState.WITHDRAWN}


class PhotoGate(db.Model):
    """A person's photo of a product on its way to the public.

    `checked_at` is when its uploader said that nothing on it may not be seen; a decision is another
    person's. `mark_*` say where on a rejected photo: a box in per mille of its width and height.
    A photo without a gate was put up by the shop itself (its demo, a command), not by a person; it gets one,
    without an uploader, when it is taken down. Who may take down is anybody in charge, the uploader too.
    """

    __tablename__ = "photo_gates"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_has_moment"),
        CheckConstraint("decided_at IS NOT NULL OR decided_by_id IS NULL", name="decider_has_moment"),
        CheckConstraint("decided_by_id <> uploaded_by_id OR state = 'withdrawn'", name="second_person"),
        CheckConstraint("uploaded_by_id IS NOT NULL OR state = 'withdrawn'", name="gated_has_uploader"),
        CheckConstraint("(state IN ('rejected', 'withdrawn')) = (reason <> '')", name="rejected_says_why"),
        CheckConstraint("state IN ('rejected', 'withdrawn') OR mark_x IS NULL", name="mark_is_of_rejected"),
        CheckConstraint(
            "(mark_x IS NULL) = (mark_y IS NULL) AND (mark_x IS NULL) = (mark_w IS NULL)"
            " AND (mark_x IS NULL) = (mark_h IS NULL)",
            name="mark_is_whole",
        ),
        CheckConstraint(
            "mark_x IS NULL OR (mark_x >= 0 AND mark_y >= 0 AND mark_w > 0 AND mark_h > 0"
            " AND mark_x + mark_w <= 1000 AND mark_y + mark_h <= 1000)",
            name="mark_inside",
        ),
        Index("ix_photo_gates_queue", "facility_id", "state", "sent_at"),
    )

    picture_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("pictures.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    state: Mapped[GateState] = mapped_column(word_enum(GateState), default=GateState.WAITING)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    sent_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    is_from_before: Mapped[bool] = mapped_column(default=False, server_default=false())  # no gate then
    reason: Mapped[str] = mapped_column(String(500), default="")
    mark_x: Mapped[int | None]
    mark_y: Mapped[int | None]
    mark_w: Mapped[int | None]
    mark_h: Mapped[int | None]

    picture: Mapped[Picture] = relationship()
    uploaded_by: Mapped[User | None] = relationship(foreign_keys=[uploaded_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def mark(self) -> tuple[int, int, int, int] | None:
        """The marked box (x, y, width, height) in per mille, if a spot was marked."""
        if self.mark_x is None or self.mark_y is None or self.mark_w is None or self.mark_h is None:
            return None
        return self.mark_x, self.mark_y, self.mark_w, self.mark_h
