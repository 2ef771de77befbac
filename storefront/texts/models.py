"""What the office wrote on the shop's own pages: every version, kept as it was published."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import User
from storefront.core.db import BigId, append_only, db, word_enum


class PageSlug(StrEnum):
    """The pages that are words only; the value is where they lie."""

    BUYING = "cara-belanja"
    ABOUT = "tentang"
    PRIVACY = "privasi"
    TERMS = "syarat"


@append_only
class PageVersion(db.Model):
    """One text of a page in one language, in `core.markup`. Shown from `valid_from` (a day, WIB) on.

    `number` counts the texts of this page in this language from 1. An English one without a body says that
    there is no English any more: the page shows the Indonesian.
    """

    __tablename__ = "page_versions"
    __table_args__ = (
        UniqueConstraint("slug", "language", "number"),
        CheckConstraint("language IN ('id', 'en')", name="language_known"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("body <> '' OR language <> 'id'", name="indonesian_says_something"),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("reason <> ''", name="says_why"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[PageSlug] = mapped_column(word_enum(PageSlug))
    language: Mapped[str] = mapped_column(String(2))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[date]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    created_by: Mapped[User] = relationship()
