"""Attempts to pay, money that arrived, what vendors told us, and what people must look at."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import User
from storefront.core.db import BigId, append_only, db, word_enum
from storefront.core.language import _
from storefront.core.taxes import TaxProfile
from storefront.facilities.models import MerchantAccount
from storefront.orders.models import Order


class AttemptStatus(StrEnum):
    STARTED = "started"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    EXPIRED = "expired"


class PaymentAttempt(db.Model):
    """One try to pay an order by one provider. `amount` is what we ask for, in rupiah."""

    __tablename__ = "payment_attempts"
    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        UniqueConstraint("provider", "reference"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("unique_code BETWEEN 0 AND 999", name="unique_code_range"),
        CheckConstraint("unique_code = 0 OR account_id IS NOT NULL", name="code_has_account"),
        # No two open transfers to one account ask for the same sum: the statement tells who paid.
        Index(
            "uq_payment_attempts_open_code",
            "account_id",
            "amount",
            unique=True,
            sqlite_where=db.text("status = 'started' AND unique_code > 0"),
            postgresql_where=db.text("status = 'started' AND unique_code > 0"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    number: Mapped[int]  # 1, 2, … within the order
    provider: Mapped[str] = mapped_column(String(16))
    method: Mapped[str] = mapped_column(String(16), default="", server_default="")  # the buyer's choice
    status: Mapped[AttemptStatus] = mapped_column(word_enum(AttemptStatus), default=AttemptStatus.STARTED)
    amount: Mapped[int]
    unique_code: Mapped[int] = mapped_column(default=0)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("merchant_accounts.id"))
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    reference: Mapped[str | None] = mapped_column(String(120))  # the vendor's, once it is known
    url: Mapped[str] = mapped_column(Text, default="")
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship()
    account: Mapped[MerchantAccount | None] = relationship()


@append_only
class Payment(db.Model):
    """Money that a provider or an officer says has arrived. Written once per reference."""

    __tablename__ = "payments"
    __table_args__ = (UniqueConstraint("provider", "reference"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str] = mapped_column(String(120))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("payment_attempts.id"))
    amount: Mapped[int]  # minor units when the currency is foreign
    currency: Mapped[str] = mapped_column(String(3), default="IDR")
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    @property
    def shown_reference(self) -> str:
        """The bank's or vendor's reference as people know it: a transfer's without our account's id."""
        return self.reference.partition(":")[2] or self.reference


class EventKind(StrEnum):
    """What can happen to money. `started`, `pending`, `failed`, `expired` are of attempts."""

    STARTED = "started"
    PENDING = "pending"  # the provider says that the money is on its way
    CHARGED = "charged"
    FAILED = "failed"
    EXPIRED = "expired"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"


@append_only
class PaymentEvent(db.Model):
    """One thing that happened to money, as it was told. What is charged, pending or refunded follows.

    `reference` is the provider's for what happened: of the attempt, the payment or the refund.
    """

    __tablename__ = "payment_events"
    __table_args__ = (
        UniqueConstraint("provider", "reference", "kind"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("kind <> 'charged' OR payment_id IS NOT NULL", name="charged_has_payment"),
        CheckConstraint(
            "kind NOT IN ('refund_due', 'refunded', 'refund_failed') OR refund_id IS NOT NULL",
            name="refund_has_refund",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[EventKind] = mapped_column(word_enum(EventKind))
    provider: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str] = mapped_column(String(120))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("payment_attempts.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"))
    amount: Mapped[int]  # minor units when the currency is foreign
    currency: Mapped[str] = mapped_column(String(3), default="IDR")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class RefundStatus(StrEnum):
    DUE = "due"
    SENT = "sent"
    FAILED = "failed"


class Refund(db.Model):
    """Money that goes back, all of a payment or a part. `reference` is the vendor's or the bank's.

    What failed at a provider is still owed: an officer sends it by hand. `destination` is the buyer's
    bank account, sealed (core/secrecy.py), and forgotten after the money was sent.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        UniqueConstraint("payment_id", "key"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("status <> 'sent' OR reference IS NOT NULL", name="sent_has_reference"),
        CheckConstraint(
            "sent_by_id IS NULL OR requested_by_id IS NULL OR sent_by_id <> requested_by_id",
            name="two_people",
        ),
        Index("ix_refunds_status_requested_at", "status", "requested_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    key: Mapped[str] = mapped_column(String(80), server_default="")  # who asks again gets the same refund
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    amount: Mapped[int]
    by_hand: Mapped[bool] = mapped_column(default=False, server_default=db.false())
    status: Mapped[RefundStatus] = mapped_column(word_enum(RefundStatus), default=RefundStatus.DUE)
    reference: Mapped[str | None] = mapped_column(String(120), unique=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    requested_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # of what was sent by hand
    destination: Mapped[str] = mapped_column(Text, default="", server_default="")

    payment: Mapped[Payment] = relationship()
    lines: Mapped[list["RefundLine"]] = relationship(order_by="RefundLine.id")


@append_only
class RefundLine(db.Model):
    """What a refund is for: pieces of a line, or the shipping of a parcel; `amount` after discounts.

    `earlier` pieces of the line went back before, so that parts add up to the whole
    (orders/services/amounts.py).
    """

    __tablename__ = "refund_lines"
    __table_args__ = (
        UniqueConstraint("order_line_id", "earlier"),
        UniqueConstraint("parcel_id"),
        CheckConstraint("(order_line_id IS NULL) <> (parcel_id IS NULL)", name="of_a_line_or_a_parcel"),
        CheckConstraint("(order_line_id IS NULL) = (quantity = 0) AND quantity >= 0", name="line_has_pieces"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("earlier >= 0", name="earlier_not_negative"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # None: nobody had paid for it (promotions bore all of it), so nothing is sent.
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"), index=True)
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"))
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcels.id"))
    quantity: Mapped[int] = mapped_column(default=0)
    earlier: Mapped[int] = mapped_column(default=0)
    amount: Mapped[int]


class ProviderEvent(db.Model):
    """A signed message of a provider, stored before it is acted on."""

    __tablename__ = "provider_events"
    __table_args__ = (UniqueConstraint("provider", "event_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    event_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(80), default="")


class ProofStatus(StrEnum):
    SUBMITTED = "submitted"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


SEEN_BY_OFFICERS = ("transfer", "qris")
"""Providers whose money two officers find on a statement."""


class TransferClaim(db.Model):
    """Somebody says that money arrived which no machine tells of (transfer, QRIS): two officers look."""

    __tablename__ = "transfer_claims"
    __table_args__ = (
        UniqueConstraint("attempt_id"),
        CheckConstraint("checked_by_id <> confirmed_by_id", name="two_people"),
        CheckConstraint(
            "status <> 'confirmed' OR (checked_by_id IS NOT NULL AND confirmed_by_id IS NOT NULL)",
            name="confirmed_by_two",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("payment_attempts.id"))
    status: Mapped[ProofStatus] = mapped_column(word_enum(ProofStatus), default=ProofStatus.SUBMITTED)
    proof_key: Mapped[str] = mapped_column(String(120), default="")  # private storage
    sender: Mapped[str] = mapped_column(String(120), default="")
    amount: Mapped[int | None]  # what the first officer saw on the statement
    bank_reference: Mapped[str] = mapped_column(String(80), default="")
    transferred_on: Mapped[datetime | None]
    submitted_at: Mapped[datetime]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    checked_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(300), default="")

    attempt: Mapped[PaymentAttempt] = relationship()
    checked_by: Mapped[User | None] = relationship(foreign_keys=[checked_by_id])


class CaseKind(StrEnum):
    LATE = "late"
    UNDERPAID = "underpaid"
    OVERPAID = "overpaid"
    DOUBLE = "double"
    FOREIGN_CURRENCY = "foreign_currency"
    UNKNOWN_ORDER = "unknown_order"
    REFUND_FAILED = "refund_failed"


ACCEPTED = "accepted"
"""The resolution of a case whose money pays for its order."""

SURPLUS = "surplus"
"""The key of a refund that is no part of a sale: what came in above what was asked, and waits in suspense."""

ACCOUNT_CHANGED = "account_changed"
"""The event of an order whose bank account for refunds was replaced by another one."""

REFUND_FAILED = "failed"
REFUND_OUTSIDE = "outside"
"""How the note of a refund's case begins; the vendor's reference follows."""


class Advice(StrEnum):
    """What usually is right for a case; the officer decides."""

    ACCEPT = "accept"
    REFUND = "refund"
    ASK = "ask"


class Case(db.Model):
    """Something about money that only a person can decide: the list *Perlu diperiksa*."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("payment_id"),
        CheckConstraint("(resolved_at IS NULL) = (resolution = '')", name="resolved_says_how"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[CaseKind] = mapped_column(word_enum(CaseKind))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    expected: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    advice: Mapped[Advice] = mapped_column(word_enum(Advice), default=Advice.ASK, server_default="ask")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # None: opened before deadlines were kept
    asked_at: Mapped[datetime | None]  # when the buyer was last asked
    resolved_at: Mapped[datetime | None] = mapped_column(index=True)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    resolution: Mapped[str] = mapped_column(String(16), default="")  # 'accepted' | 'refunded'

    payment: Mapped[Payment | None] = relationship()
    order: Mapped[Order | None] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])

    @property
    def words(self) -> str:
        """The note in the language of the moment."""
        what, _blank, reference = self.note.partition(" ")
        if what == REFUND_FAILED:
            return _("Pengembalian %(reference)s gagal", reference=reference)
        if what == REFUND_OUTSIDE:
            return _("Pengembalian %(reference)s dibuat di luar toko", reference=reference)
        return self.note


@append_only
class Invoice(db.Model):
    """The number of an order's receipt: without gaps per merchant of record and WIB month of payment."""

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("merchant", "period", "sequence"),
        CheckConstraint("sequence > 0", name="sequence_positive"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), unique=True)
    merchant: Mapped[str] = mapped_column(String(12))  # a facility's code, or OFFICE_CODE
    seller: Mapped[str] = mapped_column(String(160))  # in whose name the account stood that day
    period: Mapped[str] = mapped_column(String(7))
    sequence: Mapped[int]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    issued_at: Mapped[datetime]

    taxes: Mapped[list["InvoiceTax"]] = relationship(order_by="InvoiceTax.id")


@append_only
class InvoiceTax(db.Model):
    """A facility whose goods on a receipt hold a tax: whose they were and which rule was theirs that day.

    Goods of a facility without a row hold none. `price` is what the buyer paid for them, after discounts.
    """

    __tablename__ = "invoice_taxes"
    __table_args__ = (
        UniqueConstraint("invoice_id", "facility_id"),
        CheckConstraint("profile <> 'none'", name="profile_has_rule"),
        CheckConstraint("price >= 0", name="price_not_negative"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("merchant_accounts.id"))  # whose tax it is
    seller: Mapped[str] = mapped_column(String(160))
    profile: Mapped[TaxProfile] = mapped_column(word_enum(TaxProfile))
    price: Mapped[int]


class InvoiceCounter(db.Model):
    """The last number given by a merchant in a month; its row is locked by whoever takes the next."""

    __tablename__ = "invoice_counters"
    __table_args__ = (
        UniqueConstraint("merchant", "period"),
        CheckConstraint("last >= 0", name="last_not_negative"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    merchant: Mapped[str] = mapped_column(String(12))
    period: Mapped[str] = mapped_column(String(7))
    last: Mapped[int] = mapped_column(default=0)
