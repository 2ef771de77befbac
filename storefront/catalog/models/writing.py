"""What helps to write a product: half-filled forms, and words that do not belong there."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import User
from storefront.core.db import BigId, db, word_enum


class WordVerdict(StrEnum):
    """What the office says about a word: not here, look twice, or all right after all."""

    REFUSED = "refused"
    WARNED = "warned"
    ALLOWED = "allowed"


class WordRule(db.Model):
    """A word or phrase (folded: lower case, letters and digits) in the texts of products.

    It goes before the shop's own list, so that the office can also let a word of that list pass.
    """

    __tablename__ = "word_rules"
    __table_args__ = (CheckConstraint("word <> '' AND word = lower(word)", name="word_is_folded"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    word: Mapped[str] = mapped_column(String(60), unique=True)
    verdict: Mapped[WordVerdict] = mapped_column(word_enum(WordVerdict))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ProductDraft(db.Model):
    """A form for a new product that nobody sent yet: what was typed, right or wrong, as it was typed.

    `revision` counts the saves, so that two screens never overwrite each other unseen; `key` is of the page
    on which it was begun, so that what is sent twice, because an answer was lost, makes one draft.
    """

    __tablename__ = "product_drafts"
    __table_args__ = (CheckConstraint("revision >= 1", name="revision_counts"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"), index=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    revision: Mapped[int]
    typed: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    updated_by: Mapped[User | None] = relationship()


class DraftPicture(db.Model):
    """A picture that waits in a draft: it is not cleared away with those that nobody wants."""

    __tablename__ = "draft_pictures"

    picture_id: Mapped[int] = mapped_column(ForeignKey("pictures.id", ondelete="CASCADE"), primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("product_drafts.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
