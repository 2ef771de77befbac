"""The ledger: double entry, whole rupiah, written once. Reports are sums of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.core.db import BigId, append_only, db, word_enum


class JournalKind(StrEnum):
    CAPTURE = "capture"  # money arrived and paid for an order
    REVERSAL = "reversal"  # money went back, the sale is undone, all of it or a part
    SUSPENSE = "suspense"  # money arrived that pays for nothing yet
    SUSPENSE_OUT = "suspense_out"  # that money was used or sent back


@append_only
class Journal(db.Model):
    """One booking. Its entries sum to zero; `key` makes a repeat impossible."""

    __tablename__ = "journals"
    __table_args__ = (Index("ix_journals_period_kind", "period", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[JournalKind] = mapped_column(word_enum(JournalKind))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("journals.id"), index=True)
    memo: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    period: Mapped[str] = mapped_column(String(7))  # the WIB month, 'YYYY-MM'

    entries: Mapped[list["Entry"]] = relationship(back_populates="journal", order_by="Entry.id")


@append_only
class Entry(db.Model):
    """One side of a booking: debit positive, credit negative, in rupiah."""

    __tablename__ = "entries"
    __table_args__ = (CheckConstraint("amount <> 0", name="amount_not_zero"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    journal_id: Mapped[int] = mapped_column(ForeignKey("journals.id"), index=True)
    account: Mapped[str] = mapped_column(String(40), index=True)  # 'sales', 'shipping', 'clearing:stripe'
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.id"), index=True)
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"))
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcels.id"))  # whose shipping it is
    pieces: Mapped[int] = mapped_column(default=0)  # signed: sold, or taken back
    amount: Mapped[int]

    journal: Mapped[Journal] = relationship(back_populates="entries")
