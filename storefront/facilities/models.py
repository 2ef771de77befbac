"""Lapas, Rutan and LPKA: their workshops, their people, and the account that money goes to."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from storefront.accounts.models import User
from storefront.core.db import BigId, db, word_enum
from storefront.core.models import Picture
from storefront.core.taxes import TaxProfile


class FacilityKind(StrEnum):
    LAPAS = "lapas"
    LAPAS_TERBUKA = "lapas_terbuka"
    RUTAN = "rutan"
    LPKA = "lpka"


class Facility(db.Model):
    """A custodial unit (UPT) that makes and sells. Public attribution ends at its workshops."""

    __tablename__ = "facilities"
    __table_args__ = (
        CheckConstraint("code = upper(code)", name="code_is_upper"),
        CheckConstraint("(paused_until IS NULL) = (pause_note = '')", name="pause_says_why"),
    )

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
    paused_until: Mapped[date | None]  # the first WIB day on which it takes orders again
    pause_note: Mapped[str] = mapped_column(String(200), default="", server_default="")  # for buyers
    created_at: Mapped[datetime]

    cover: Mapped[Picture | None] = relationship()
    picture = synonym("cover")  # as every other owner of a picture calls it
    workshops: Mapped[list["Workshop"]] = relationship(
        back_populates="facility", order_by="Workshop.position"
    )


class Workshop(db.Model):
    """A place of work inside a facility: the closest that the public comes to a maker."""

    __tablename__ = "workshops"
    __table_args__ = (
        UniqueConstraint("facility_id", "name"),
        CheckConstraint(
            "weekly_capacity IS NULL OR weekly_capacity BETWEEN 1 AND 100000", name="capacity_sane"
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"), index=True)
    # Pieces a week that all its made-to-order products share; without it each counts for itself.
    weekly_capacity: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(80))
    craft: Mapped[str] = mapped_column(String(200), default="")
    # When it serves buyers, in words; without any it keeps the hours of its facility.
    hours: Mapped[str] = mapped_column(String(200), default="", server_default="")
    position: Mapped[int] = mapped_column(default=0)

    facility: Mapped[Facility] = relationship(back_populates="workshops")


class ClosingDay(db.Model):
    """Days on which nobody of a facility works, the first and the last included."""

    __tablename__ = "closing_days"
    __table_args__ = (
        CheckConstraint("last >= first", name="days_in_order"),
        CheckConstraint("reason <> ''", name="says_why"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"), index=True)
    first: Mapped[date]
    last: Mapped[date]
    reason: Mapped[str] = mapped_column(String(120))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class Packaging(db.Model):
    """A size that a facility packs in: cm inside, and what the empty box weighs."""

    __tablename__ = "packagings"
    __table_args__ = (
        UniqueConstraint("facility_id", "name"),
        CheckConstraint(
            "length_cm BETWEEN 1 AND 300 AND width_cm BETWEEN 1 AND 300 AND height_cm BETWEEN 1 AND 300",
            name="size_sane",
        ),
        CheckConstraint("weight BETWEEN 0 AND 50000", name="weight_sane"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    name: Mapped[str] = mapped_column(String(60))
    length_cm: Mapped[int]
    width_cm: Mapped[int]
    height_cm: Mapped[int]
    weight: Mapped[int]  # grams, empty
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class PageChangeStatus(StrEnum):
    """What becomes of the words and the photo that a facility proposes for its public page."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class PageChange(db.Model):
    """Public words and a cover that wait for the office. `base` is what stood there when they were written.

    `words` and `base`: {"story": …, "workshops": [{"id": …, "name": …, "craft": …}]}; a new workshop's id is
    None. `cover` is a hidden picture; without one the cover stays.
    """

    __tablename__ = "page_changes"
    __table_args__ = (
        Index(
            "uq_page_changes_waiting",
            "facility_id",
            unique=True,
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided_has_day"),
        CheckConstraint("status <> 'returned' OR comment <> ''", name="returned_says_why"),
        CheckConstraint("status = 'waiting' OR cover_id IS NULL", name="cover_waits"),
        CheckConstraint(
            "status <> 'approved' OR decided_by_id IS NOT NULL AND decided_by_id <> created_by_id",
            name="approved_by_another",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"), index=True)
    status: Mapped[PageChangeStatus] = mapped_column(
        word_enum(PageChangeStatus), default=PageChangeStatus.WAITING
    )
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    base: Mapped[dict[str, Any]] = mapped_column(JSON)
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"), index=True)
    comment: Mapped[str] = mapped_column(String(500), default="")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]

    facility: Mapped[Facility] = relationship()
    cover: Mapped[Picture | None] = relationship()
    picture = synonym("cover")
    created_by: Mapped[User] = relationship(foreign_keys=[created_by_id])


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


class AccountOwner(StrEnum):
    SATKER = "satker"
    KOPERASI = "koperasi"


class AccountStatus(StrEnum):
    """Whether an account may be used. `standing` are those entered before two people were asked for."""

    STANDING = "standing"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


class MerchantAccount(db.Model):
    """Where money goes: a bank account, and the QRIS that leads to it. Dated, and agreed by two people.

    Without a facility it is the office's. Rows stay as history: a change is a new row.
    """

    __tablename__ = "merchant_accounts"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates_in_order"),
        CheckConstraint("created_by_id <> decided_by_id", name="two_people"),
        CheckConstraint(
            "status <> 'approved' OR (created_by_id IS NOT NULL AND decided_by_id IS NOT NULL)",
            name="approved_by_two",
        ),
        CheckConstraint("qris_payload = '' OR length(nmid) = 15", name="qris_has_nmid"),
        # Two proposals for one facility, or for the office, cannot wait side by side.
        Index(
            "uq_merchant_accounts_proposed",
            "facility_id",
            unique=True,
            sqlite_where=text("status = 'proposed'"),
            postgresql_where=text("status = 'proposed'"),
        ),
        Index(
            "uq_merchant_accounts_proposed_office",
            "status",
            unique=True,
            sqlite_where=text("status = 'proposed' AND facility_id IS NULL"),
            postgresql_where=text("status = 'proposed' AND facility_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.id"))
    owner: Mapped[AccountOwner] = mapped_column(
        word_enum(AccountOwner), default=AccountOwner.KOPERASI, server_default="koperasi"
    )
    bank: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(30))
    holder: Mapped[str] = mapped_column(String(120))
    qris_payload: Mapped[str] = mapped_column(String(512), default="", server_default="")
    qris_name: Mapped[str] = mapped_column(String(25), default="", server_default="")
    nmid: Mapped[str] = mapped_column(String(15), default="", server_default="")
    # What its owner's prices hold, as long as the account is theirs: another status is another row.
    tax: Mapped[TaxProfile] = mapped_column(
        word_enum(TaxProfile), default=TaxProfile.NONE, server_default="none"
    )
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    status: Mapped[AccountStatus] = mapped_column(
        word_enum(AccountStatus), default=AccountStatus.PROPOSED, server_default="standing"
    )
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]

    facility: Mapped[Facility | None] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
