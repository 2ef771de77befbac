"""What buyers say back: reviews of products, thanks to workshops, complaints to the office."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import User
from storefront.core.db import BigId, db, word_enum
from storefront.core.language import _
from storefront.core.models import Picture
from storefront.facilities.models import Facility, Workshop

NOBODY = "Pembeli"
"""The author of a review who does not want to be named."""
GONE = "@invalid"
"""The end of an address that nobody has (RFC 2606): nothing is ever sent there."""


def shown_author(author: str) -> str:
    """Who wrote a review, in the language of the moment: a shortened name stays, nobody is 'a buyer'."""
    return _("Pembeli") if author == NOBODY else author


class ReviewStatus(StrEnum):
    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"


class Review(db.Model):
    """What a verified buyer thinks of a thing: one a bought line, seen by nobody before the office looked.

    `author` is all that is shown of the buyer ("Sari W."); the order behind it is never shown.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_in_stars"),
        CheckConstraint("status = 'pending' OR decided_at IS NOT NULL", name="decided_has_moment"),
        CheckConstraint("status <> 'rejected' OR reason <> ''", name="rejected_says_why"),
        CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answer_has_moment"),
        CheckConstraint("answer = '' OR status = 'published'", name="answer_is_seen"),
        Index("ix_reviews_of_product", "product_id", "status", "created_at"),
        Index("ix_reviews_of_facility", "facility_id", "status", "created_at"),
        Index("ix_reviews_waiting", "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), unique=True)
    product_title: Mapped[str] = mapped_column(String(90))
    author: Mapped[str] = mapped_column(String(40))
    rating: Mapped[int]
    text: Mapped[str] = mapped_column(String(1000), default="")
    status: Mapped[ReviewStatus] = mapped_column(word_enum(ReviewStatus), default=ReviewStatus.PENDING)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    answer: Mapped[str] = mapped_column(String(1000), default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    facility: Mapped[Facility] = relationship()
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    photos: Mapped[list["ReviewPhoto"]] = relationship(
        back_populates="review", order_by="(ReviewPhoto.position, ReviewPhoto.id)"
    )

    @property
    def words(self) -> str:
        """All that its buyer wrote, for whoever decides about it."""
        return f"{self.text} {self.author}"


class ReviewPhoto(db.Model):
    """A picture that came with a review; re-encoded like every other, so without its metadata."""

    __tablename__ = "review_photos"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"), index=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("pictures.id"), unique=True)
    position: Mapped[int] = mapped_column(default=0)

    review: Mapped[Review] = relationship(back_populates="photos")
    picture: Mapped[Picture] = relationship(lazy="joined")  # not innerjoin: SQLite would read every picture


class NoteStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    DELIVERED = "delivered"
    REJECTED = "rejected"


class ThankYouNote(db.Model):
    """A few words to a workshop, one way: read by the office first, handed over on paper, never answered.

    What the facility's queries return of it is the text, the thing and the month; who bought is not
    among the columns, and the order line is only there so that nobody writes twice.
    """

    __tablename__ = "thank_you_notes"
    __table_args__ = (
        CheckConstraint("text <> ''", name="says_something"),
        CheckConstraint("status = 'pending' OR decided_at IS NOT NULL", name="decided_has_moment"),
        CheckConstraint("status <> 'rejected' OR reason <> ''", name="rejected_says_why"),
        CheckConstraint("(status = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_has_moment"),
        Index("ix_thank_you_notes_of_facility", "facility_id", "status", "created_at"),
        Index("ix_thank_you_notes_waiting", "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshops.id", ondelete="SET NULL"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), unique=True)
    product_title: Mapped[str] = mapped_column(String(90))
    text: Mapped[str] = mapped_column(String(500))
    status: Mapped[NoteStatus] = mapped_column(word_enum(NoteStatus), default=NoteStatus.PENDING)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    delivered_at: Mapped[datetime | None]

    facility: Mapped[Facility] = relationship()
    workshop: Mapped[Workshop | None] = relationship()

    @property
    def words(self) -> str:
        """All that its buyer wrote, for whoever decides about it."""
        return self.text


class ComplaintTopic(StrEnum):
    DELIVERY = "delivery"
    GOODS = "goods"
    PAYMENT = "payment"
    SERVICE = "service"
    PRIVACY = "privacy"
    CONTENT = "content"
    OTHER = "other"


class ComplaintStatus(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Complaint(db.Model):
    """What went wrong for somebody, to the regional office: nobody else sees who wrote."""

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint("phone <> '' OR email <> ''", name="can_be_answered"),
        CheckConstraint("text <> ''", name="says_something"),
        CheckConstraint("status <> 'answered' OR answer <> ''", name="answered_says_what"),
        CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answer_has_moment"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_has_moment"),
        Index("ix_complaints_waiting", "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    order_number: Mapped[str] = mapped_column(String(24), default="")
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.id"))
    topic: Mapped[ComplaintTopic] = mapped_column(word_enum(ComplaintTopic))
    text: Mapped[str] = mapped_column(String(2000))
    language: Mapped[str] = mapped_column(String(5), default="id")
    status: Mapped[ComplaintStatus] = mapped_column(word_enum(ComplaintStatus), default=ComplaintStatus.OPEN)
    created_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    facility: Mapped[Facility | None] = relationship()
    answered_by: Mapped[User | None] = relationship(foreign_keys=answered_by_id)

    @property
    def mail_to(self) -> str:
        """Where letters go; empty for a sender who left no address, or who had their data erased."""
        return "" if self.email.endswith(GONE) else self.email
