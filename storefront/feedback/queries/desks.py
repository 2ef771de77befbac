"""What the office and the facilities see of it. A facility's reads start there and know no buyer."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from storefront.core import clock
from storefront.core.db import db, found
from storefront.core.errors import NotFound
from storefront.facilities.models import Workshop
from storefront.feedback.models import (
    Complaint,
    ComplaintStatus,
    NoteStatus,
    Review,
    ReviewPhoto,
    ReviewStatus,
    ThankYouNote,
)

SIZE = 20
BATCH = 60
"""Notes that are printed at once; more follow when these were handed over."""


class NoteRow(NamedTuple):
    """A thank-you as its facility reads it. There is nothing of the buyer in it, and no way to the order.

    `month` is 'YYYY-MM' in WIB: the moment itself would lead to an order.
    """

    id: int
    text: str
    product_title: str
    workshop: str
    month: str


def reviews_page(status: ReviewStatus, page: int) -> tuple[list[Review], int]:
    """The office's list: what waits, the longest waiting first; what was decided, the latest first."""
    waits = status is ReviewStatus.PENDING
    order = (Review.created_at, Review.id) if waits else (Review.decided_at.desc(), Review.id.desc())
    chosen = select(Review).filter_by(status=status).options(*_shown()).order_by(*order)
    return _page(chosen, select(func.count(Review.id)).filter_by(status=status), page)


def review(review_id: int) -> Review:
    """One review, for the office. Raises NotFound."""
    return found(Review, review_id)


def own_reviews(facility_id: int, page: int, *, unanswered: bool = False) -> tuple[list[Review], int]:
    """A facility's published reviews, newest first."""
    where = [Review.facility_id == facility_id, Review.status == ReviewStatus.PUBLISHED]
    if unanswered:
        where.append(Review.answer == "")
    chosen = (
        select(Review).where(*where).options(*_shown()).order_by(Review.created_at.desc(), Review.id.desc())
    )
    return _page(chosen, select(func.count(Review.id)).where(*where), page)


def own_review(facility_id: int, review_id: int) -> Review:
    """One published review of a facility. Raises NotFound."""
    review = db.session.scalar(
        select(Review).filter_by(id=review_id, facility_id=facility_id, status=ReviewStatus.PUBLISHED)
    )
    if review is None:
        raise NotFound
    return review


def notes_page(status: NoteStatus, page: int) -> tuple[list[ThankYouNote], int]:
    """The office's list of thanks, in the order of the reviews."""
    waits, kind = status is NoteStatus.PENDING, ThankYouNote
    order = (kind.created_at, kind.id) if waits else (kind.decided_at.desc(), kind.id.desc())
    chosen = (
        select(ThankYouNote)
        .filter_by(status=status)
        .options(joinedload(ThankYouNote.facility), joinedload(ThankYouNote.workshop))
        .order_by(*order)
    )
    return _page(chosen, select(func.count(ThankYouNote.id)).filter_by(status=status), page)


def note(note_id: int) -> ThankYouNote:
    """One note of thanks, for the office. Raises NotFound."""
    return found(ThankYouNote, note_id)


def batch_of(facility_id: int) -> list[NoteRow]:
    """The notes that a facility may print and hand over now, by workshop; the oldest BATCH of them."""
    rows = db.session.execute(
        select(
            ThankYouNote.id,
            ThankYouNote.text,
            ThankYouNote.product_title,
            func.coalesce(Workshop.name, "").label("workshop"),
            ThankYouNote.created_at,
        )
        .outerjoin(Workshop, Workshop.id == ThankYouNote.workshop_id)
        .where(ThankYouNote.facility_id == facility_id, ThankYouNote.status == NoteStatus.APPROVED)
        .order_by(ThankYouNote.id)
        .limit(BATCH)
    )
    notes = [NoteRow(*row[:4], month=clock.period(row.created_at)) for row in rows]
    return sorted(notes, key=lambda note: (note.workshop, note.id))


def handed_over(facility_id: int) -> int:
    """How many notes a facility has given to its workshops so far."""
    delivered = select(func.count(ThankYouNote.id)).filter_by(
        facility_id=facility_id, status=NoteStatus.DELIVERED
    )
    return db.session.scalar(delivered) or 0


def complaints_page(status: ComplaintStatus, page: int) -> tuple[list[Complaint], int]:
    """The office's list of complaints: open ones the longest waiting first, others the latest first."""
    order = Complaint.created_at if status is ComplaintStatus.OPEN else Complaint.created_at.desc()
    chosen = select(Complaint).filter_by(status=status).options(joinedload(Complaint.facility))
    counted = select(func.count(Complaint.id)).filter_by(status=status)
    return _page(chosen.order_by(order, Complaint.id), counted, page)


def complaint(complaint_id: int) -> Complaint:
    """One complaint, for the office. Raises NotFound."""
    return found(Complaint, complaint_id)


def complaint_counts() -> dict[ComplaintStatus, int]:
    """How many complaints stand in each status."""
    rows = db.session.execute(select(Complaint.status, func.count(Complaint.id)).group_by(Complaint.status))
    return {row[0]: row[1] for row in rows}


def office_to_do() -> dict[str, int]:
    """What waits for the office: `reviews`, `notes`, `complaints`."""
    counts = select(
        select(func.count(Review.id)).filter_by(status=ReviewStatus.PENDING).scalar_subquery(),
        select(func.count(ThankYouNote.id)).filter_by(status=NoteStatus.PENDING).scalar_subquery(),
        select(func.count(Complaint.id)).filter_by(status=ComplaintStatus.OPEN).scalar_subquery(),
    )
    return dict(zip(("reviews", "notes", "complaints"), db.session.execute(counts).one(), strict=True))


def facility_to_do(facility_id: int) -> dict[str, int]:
    """What waits at a facility: `unanswered` reviews, `notes` to hand over."""
    counts = select(
        select(func.count(Review.id))
        .filter_by(facility_id=facility_id, status=ReviewStatus.PUBLISHED, answer="")
        .scalar_subquery(),
        select(func.count(ThankYouNote.id))
        .filter_by(facility_id=facility_id, status=NoteStatus.APPROVED)
        .scalar_subquery(),
    )
    return dict(zip(("unanswered", "notes"), db.session.execute(counts).one(), strict=True))


def _shown() -> Sequence[Any]:
    return (
        joinedload(Review.facility),
        selectinload(Review.photos).joinedload(ReviewPhoto.picture, innerjoin=True),
    )


def _page(chosen: Select, counted: Select, page: int) -> tuple[list, int]:  # type: ignore[type-arg]
    total = db.session.scalar(counted) or 0
    return list(db.session.scalars(chosen.offset((page - 1) * SIZE).limit(SIZE))), total
