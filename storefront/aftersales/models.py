"""What a buyer complains of in a parcel that arrived, how it is settled, and the goods that come back."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import User
from storefront.core.db import BigId, db, word_enum
from storefront.facilities.models import Facility
from storefront.orders.models import Order, OrderLine, Parcel

MAX_TEXT = 1000


class Problem(StrEnum):
    """What is wrong with the things."""

    DAMAGED = "damaged"
    WRONG = "wrong"
    MISSING = "missing"
    NOT_AS_DESCRIBED = "not_as_described"
    CHANGED_MIND = "changed_mind"
    # Why a parcel came back undelivered: said by the staff, about the whole of it.
    REFUSED = "refused"
    BAD_ADDRESS = "bad_address"
    NOT_HOME = "not_home"
    CARRIER = "carrier"


UNDELIVERED = (Problem.REFUSED, Problem.BAD_ADDRESS, Problem.NOT_HOME, Problem.CARRIER)
"""Problems of a parcel that never reached its buyer; the last one is nobody's but ours."""
NO_WORDS = "-"
"""Stored where staff gave a reason and added no words to it."""


class Wish(StrEnum):
    """What the buyer would like."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    OTHER = "other"


class Remedy(StrEnum):
    """What is done about it: a wish, or less. NOTHING is only ever offered, with the reason why."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    OTHER = "other"
    NOTHING = "nothing"


class CaseStatus(StrEnum):
    """Whose turn it is: the facility's, the buyer's, the office's, or whoever carries the remedy out."""

    OPEN = "open"
    OFFERED = "offered"
    OFFICE = "office"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


NEXT_CASE: dict[CaseStatus, set[CaseStatus]] = {
    CaseStatus.OPEN: {CaseStatus.OFFERED, CaseStatus.ACCEPTED, CaseStatus.OFFICE, CaseStatus.WITHDRAWN},
    CaseStatus.OFFERED: {CaseStatus.ACCEPTED, CaseStatus.SETTLED, CaseStatus.OFFICE, CaseStatus.WITHDRAWN},
    CaseStatus.OFFICE: {CaseStatus.ACCEPTED, CaseStatus.REJECTED, CaseStatus.WITHDRAWN},
    # Goods that did not come back, or not as they were, and a stock that is gone go to the office.
    CaseStatus.ACCEPTED: {CaseStatus.SETTLED, CaseStatus.OFFICE},
    CaseStatus.SETTLED: set(),
    CaseStatus.REJECTED: set(),
    CaseStatus.WITHDRAWN: set(),
}
LIVE = tuple(status for status, after in NEXT_CASE.items() if after)
"""Somebody still has to do something."""
_LIVE_SQL = "status IN ({})".format(", ".join(f"'{status.value}'" for status in LIVE))


class ReturnStatus(StrEnum):
    """Where goods are that come back."""

    NONE = "none"
    ASKED = "asked"
    SENT = "sent"
    RECEIVED = "received"


class ComplaintCase(db.Model):
    """One complaint about one parcel, from its telling to its end. One at a time for each parcel.

    A parcel that came back undelivered is one too: staff open it on the buyer's behalf, its goods are there
    already, the `wish` is what is suggested, and the office decides.

    The general channel (`feedback.Complaint`) is for whatever has no parcel that arrived; it names nobody's
    order for certain and moves no money. `answer_by` is when whoever's turn it is has to have acted.
    """

    __tablename__ = "complaint_cases"
    __table_args__ = (
        CheckConstraint("text <> ''", name="says_something"),
        CheckConstraint(f"({_LIVE_SQL}) = (closed_at IS NULL)", name="closed_has_moment"),
        CheckConstraint(f"({_LIVE_SQL}) = (answer_by IS NOT NULL)", name="live_has_deadline"),
        CheckConstraint(
            "status NOT IN ('offered', 'accepted') OR remedy IS NOT NULL", name="says_what_is_done"
        ),
        CheckConstraint(
            "remedy IS NULL OR remedy <> 'nothing' OR NOT wants_goods", name="nothing_for_nothing"
        ),
        CheckConstraint("status <> 'rejected' OR remedy IS NULL", name="rejected_does_nothing"),
        CheckConstraint("return_status <> 'sent' OR waybill <> ''", name="sent_has_waybill"),
        CheckConstraint(
            "(return_status = 'received') = (received_at IS NOT NULL)", name="received_has_moment"
        ),
        CheckConstraint("refund_id IS NULL OR remedy = 'refund'", name="refund_is_the_remedy"),
        CheckConstraint("exchange_id IS NULL OR remedy = 'exchange'", name="exchange_is_the_remedy"),
        # Two clicks, or two windows, open one case.
        Index(
            "uq_complaint_cases_one_live",
            "parcel_id",
            unique=True,
            sqlite_where=db.text(_LIVE_SQL),
            postgresql_where=db.text(_LIVE_SQL),
        ),
        Index("ix_complaint_cases_status", "status", "answer_by", "id"),
        Index("ix_complaint_cases_facility", "facility_id", "status", "answer_by", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), index=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    status: Mapped[CaseStatus] = mapped_column(word_enum(CaseStatus), default=CaseStatus.OPEN)
    problem: Mapped[Problem] = mapped_column(word_enum(Problem))
    wish: Mapped[Wish] = mapped_column(word_enum(Wish))
    text: Mapped[str] = mapped_column(String(MAX_TEXT))
    opened_at: Mapped[datetime]
    decide_by: Mapped[datetime]  # the promise to the buyer: by then it is decided
    answer_by: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    # What is offered or decided; on its way once the status is `accepted`.
    remedy: Mapped[Remedy | None] = mapped_column(word_enum(Remedy))
    with_shipping: Mapped[bool] = mapped_column(default=False)
    wants_goods: Mapped[bool] = mapped_column(default=False)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    return_status: Mapped[ReturnStatus] = mapped_column(word_enum(ReturnStatus), default=ReturnStatus.NONE)
    courier: Mapped[str] = mapped_column(String(40), default="")
    waybill: Mapped[str] = mapped_column(String(60), default="")
    received_at: Mapped[datetime | None]

    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"), unique=True)
    exchange_id: Mapped[int | None] = mapped_column(ForeignKey("parcels.id"), unique=True)

    order: Mapped[Order] = relationship()
    parcel: Mapped[Parcel] = relationship(foreign_keys=parcel_id)
    exchange: Mapped[Parcel | None] = relationship(foreign_keys=exchange_id)
    facility: Mapped[Facility] = relationship()
    items: Mapped[list["CaseItem"]] = relationship(back_populates="case", order_by="CaseItem.id")
    photos: Mapped[list["CasePhoto"]] = relationship(order_by="CasePhoto.id")
    entries: Mapped[list["CaseEntry"]] = relationship(back_populates="case", order_by="CaseEntry.id")

    @property
    def is_live(self) -> bool:
        """Does somebody still have to do something?"""
        return self.closed_at is None

    @property
    def came_back(self) -> bool:
        """Is it about a parcel that came back undelivered?"""
        return self.problem in UNDELIVERED

    @property
    def goods_here(self) -> bool:
        """Do pieces that were the buyer's lie at the facility again?"""
        return any(item.restocked + item.written_off for item in self.items)

    @property
    def told(self) -> str:
        """What was told in words, if anything was."""
        return "" if self.text == NO_WORDS else self.text

    @property
    def waits_for_goods(self) -> bool:
        """Must things come back before the remedy can be carried out?"""
        return self.wants_goods and self.return_status is not ReturnStatus.RECEIVED


class CaseItem(db.Model):
    """So many pieces of one line: complained of, granted, and in what state they came back."""

    __tablename__ = "complaint_items"
    __table_args__ = (
        UniqueConstraint("case_id", "order_line_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("granted BETWEEN 0 AND quantity", name="granted_within"),
        CheckConstraint(
            "restocked >= 0 AND written_off >= 0 AND restocked + written_off <= quantity", name="back_within"
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("complaint_cases.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    quantity: Mapped[int]
    granted: Mapped[int] = mapped_column(default=0)
    restocked: Mapped[int] = mapped_column(default=0)
    written_off: Mapped[int] = mapped_column(default=0)

    case: Mapped[ComplaintCase] = relationship(back_populates="items")
    line: Mapped[OrderLine] = relationship()


class CasePhoto(db.Model):
    """A picture of what is wrong: re-encoded, kept privately, erased some time after the case is closed."""

    __tablename__ = "complaint_photos"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("complaint_cases.id"), index=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    added_at: Mapped[datetime]


class Party(StrEnum):
    """Who speaks in a case. The shop does when nobody did: a deadline passed, a stock was gone."""

    BUYER = "buyer"
    FACILITY = "facility"
    OFFICE = "office"
    SHOP = "shop"


LATE, STUCK = "late", "stuck"
"""What the shop says: a deadline passed; the remedy could not be carried out. Words stand in the queries."""


class CaseEntry(db.Model):
    """Something said or done in a case; a step says from where to where, a message says neither.

    The case stands where its last step led. Rows stay; their words go when the buyer's data does.
    """

    __tablename__ = "complaint_entries"
    __table_args__ = (
        CheckConstraint("to_status <> '' OR text <> ''", name="says_something"),
        CheckConstraint("party IN ('buyer', 'shop') OR actor_id IS NOT NULL", name="staff_have_names"),
        Index("ix_complaint_entries_of_case", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("complaint_cases.id"))
    party: Mapped[Party] = mapped_column(word_enum(Party))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    from_status: Mapped[str] = mapped_column(String(32), default="")
    to_status: Mapped[str] = mapped_column(String(32), default="")
    text: Mapped[str] = mapped_column(String(MAX_TEXT), default="")
    at: Mapped[datetime]

    case: Mapped[ComplaintCase] = relationship(back_populates="entries")
    actor: Mapped[User | None] = relationship()
