"""Food on sale: the permits that it carries, and what the office says that each kind of it needs."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.core.db import BigId, db, word_enum

if TYPE_CHECKING:
    from storefront.catalog.models import Category, Product


class LicenceKind(StrEnum):
    PIRT = "pirt"
    MD = "md"
    HALAL = "halal"


class FoodLicence(db.Model):
    """A permit that a food product carries: home industry (P-IRT), BPOM (MD), halal.

    Without a date it holds until somebody takes it off; a P-IRT number ends with the year named in it.
    `told_days` is the last warning that its people were sent: 180, 90, 30, or 0 once it ended.
    """

    __tablename__ = "food_licences"
    __table_args__ = (
        UniqueConstraint("product_id", "kind", "number"),
        CheckConstraint("number <> ''", name="has_number"),
        CheckConstraint("told_days IS NULL OR told_days IN (0, 30, 90, 180)", name="told_in_steps"),
        CheckConstraint("scan_key = '' OR scan_key LIKE 'private/%'", name="scan_is_private"),
        Index("ix_food_licences_valid_until", "valid_until"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    kind: Mapped[LicenceKind] = mapped_column(word_enum(LicenceKind))
    number: Mapped[str] = mapped_column(String(30))
    holder: Mapped[str] = mapped_column(String(120), default="")
    valid_until: Mapped[date | None]
    scan_key: Mapped[str] = mapped_column(String(120), default="", server_default="")
    told_days: Mapped[int | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    product: Mapped["Product"] = relationship(back_populates="licences")

    @property
    def last_day(self) -> date | None:
        """The last WIB day on which it holds, as far as it says."""
        if self.valid_until is None and self.kind is LicenceKind.PIRT and self.number[-2:].isdigit():
            return date(2000 + int(self.number[-2:]), 12, 31)
        return self.valid_until

    def holds_on(self, day: date) -> bool:
        """Is it valid on this day?"""
        return self.last_day is None or day <= self.last_day


class FoodNeed(StrEnum):
    """What a rule asks for. The first three are about the permit to sell, the others about halal."""

    PERMIT = "permit"
    MD = "md"
    NO_PERMIT = "no_permit"
    HALAL = "halal"
    NO_HALAL = "no_halal"


class FoodRule(db.Model):
    """What food of a category and all below it needs from a day on, until a later rule of it says otherwise.

    The nearest category that says something decides. `over_days`: only food that keeps longer than this.
    """

    __tablename__ = "food_rules"
    __table_args__ = (
        UniqueConstraint("category_id", "need", "valid_from"),
        CheckConstraint("legal_ref <> ''", name="names_its_law"),
        CheckConstraint("over_days IS NULL OR over_days BETWEEN 1 AND 365", name="over_days_sane"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"))
    need: Mapped[FoodNeed] = mapped_column(word_enum(FoodNeed))
    valid_from: Mapped[date]
    over_days: Mapped[int | None]
    legal_ref: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    category: Mapped["Category"] = relationship()
