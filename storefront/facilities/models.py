"""Lapas, Rutan and LPKA: their workshops, their people, and the account that money goes to."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from storefront.accounts.models import User
from storefront.core.db import BigId, db, word_enum
from storefront.core.models import Picture


class FacilityKind(StrEnum):
    LAPAS = "lapas"
    LAPAS_TERBUKA = "lapas_terbuka"
    RUTAN = "rutan"
    LPKA = "lpka"


class Facility(db.Model):
    """A custodial unit (UPT) that makes and sells. Public attribution ends at its workshops."""

    __tablename__ = "facilities"
    __table_args__ = (CheckConstraint("code = upper(code)", name="code_is_upper"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[FacilityKind] = mapped_column(word_enum(FacilityKind))
    class_: Mapped[str] = mapped_column("class", String(8))
    town: Mapped[str] = mapped_column(String(80))
    regency_code: Mapped[str] = mapped_column(String(5))
    address: Mapped[str] = mapped_column(String(300), default="")
    postal_code: Mapped[str] = mapped_column(String(5), default="")
    pickup_hours: Mapped[str] = mapped_column(String(200), default="")
    pickup_note: Mapped[str] = mapped_column(String(300), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    story: Mapped[str] = mapped_column(Text, default="")
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"))
    is_open: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    cover: Mapped[Picture | None] = relationship()
    picture = synonym("cover")  # as every other owner of a picture calls it
    workshops: Mapped[list["Workshop"]] = relationship(
        back_populates="facility", order_by="Workshop.position"
    )


class Workshop(db.Model):
    """A place of work inside a facility: the closest that the public comes to a maker."""

    __tablename__ = "workshops"
    __table_args__ = (UniqueConstraint("facility_id", "name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    craft: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)

    facility: Mapped[Facility] = relationship(back_populates="workshops")


class Membership(db.Model):
    """Ties a staff member or head to the facility that they may see and touch."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "facility_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"), index=True)
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship()
    facility: Mapped[Facility] = relationship()


class MerchantAccount(db.Model):
    """A bank account that receives transfers; without a facility it is the office's. Dated."""

    __tablename__ = "merchant_accounts"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates_in_order"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.id"))
    bank: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(30))
    holder: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
