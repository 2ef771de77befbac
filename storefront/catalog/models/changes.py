"""Changes of products on sale that wait for the regional office, and what became of them."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import User
from storefront.core.db import BigId, append_only, db, word_enum
from storefront.core.models import Picture

if TYPE_CHECKING:
    from storefront.catalog.models import Product


class ChangeStatus(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


ALIVE = (ChangeStatus.OPEN, ChangeStatus.SUBMITTED, ChangeStatus.RETURNED)
"""A change that is written, waits, or came back: a product has at most one of these."""

NEXT_CHANGE: dict[ChangeStatus, set[ChangeStatus]] = {
    ChangeStatus.OPEN: {ChangeStatus.SUBMITTED, ChangeStatus.RETURNED, ChangeStatus.WITHDRAWN},
    ChangeStatus.SUBMITTED: {
        ChangeStatus.OPEN, ChangeStatus.RETURNED, ChangeStatus.APPROVED, ChangeStatus.WITHDRAWN,
    },
    ChangeStatus.RETURNED: {ChangeStatus.OPEN, ChangeStatus.SUBMITTED, ChangeStatus.WITHDRAWN},
    ChangeStatus.APPROVED: set(),
    ChangeStatus.WITHDRAWN: set(),
}  # fmt: skip
"""Written → submitted → approved, or returned with a comment and written on; withdrawn at any time before."""

_IS_ALIVE = text("status IN ('open', 'submitted', 'returned')")


class ProductChange(db.Model):
    """What a facility wants to be different on a product that the public sees.

    `fields` holds the new content of each part that changes, `base` what it was when it was changed:
    if the product says something else by now, the change is not applied (see `services.diffs`).
    `revision` rises with every change of the change; the office decides on the one it looked at.
    """

    __tablename__ = "product_changes"
    __table_args__ = (
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("status <> 'submitted' OR submitted_at IS NOT NULL", name="submitted_has_moment"),
        CheckConstraint("status <> 'approved' OR decided_at IS NOT NULL", name="approved_has_moment"),
        CheckConstraint("status <> 'returned' OR comment <> ''", name="returned_says_why"),
        Index(
            "uq_product_changes_alive", "product_id", unique=True,
            sqlite_where=_IS_ALIVE, postgresql_where=_IS_ALIVE,
        ),
        Index("ix_product_changes_queue", "status", "submitted_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    status: Mapped[ChangeStatus] = mapped_column(word_enum(ChangeStatus), default=ChangeStatus.OPEN)
    revision: Mapped[int] = mapped_column(default=1)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    base: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    comment: Mapped[str] = mapped_column(String(500), default="")  # what the office last asked for
    marked: Mapped[list[str]] = mapped_column(JSON, default=list)  # and about which parts
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]

    product: Mapped["Product"] = relationship()


class ChangeStep(StrEnum):
    SUBMITTED = "submitted"
    TAKEN_BACK = "taken_back"
    RETURNED = "returned"
    REQUESTED = "requested"
    RENEWED = "renewed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@append_only
class ChangeEvent(db.Model):
    """A step of a change: who took it, with which words, and what the change said at that moment."""

    __tablename__ = "change_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("product_changes.id"), index=True)
    step: Mapped[ChangeStep] = mapped_column(String(32))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    comment: Mapped[str] = mapped_column(String(500), default="")
    marked: Mapped[list[str]] = mapped_column(JSON, default=list)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    base: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]

    actor: Mapped[User | None] = relationship()


class ChangePhoto(db.Model):
    """A picture that waits with a change: its files are private until the change is approved."""

    __tablename__ = "change_photos"

    picture_id: Mapped[int] = mapped_column(ForeignKey("pictures.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    picture: Mapped[Picture] = relationship()
