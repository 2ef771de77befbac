"""What the buyers themselves wrote, found by the lines of their orders."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import false, or_, select

from storefront.core.db import db
from storefront.feedback.models import Complaint, Review, ThankYouNote


def reviewed(line_ids: Sequence[int]) -> dict[int, Review]:
    """The review of each of these order lines that has one."""
    rows = db.session.scalars(select(Review).where(Review.order_line_id.in_(line_ids)))
    return {review.order_line_id: review for review in rows}


def thanked(line_ids: Sequence[int]) -> dict[int, ThankYouNote]:
    """The thank-you note of each of these order lines that has one."""
    rows = db.session.scalars(select(ThankYouNote).where(ThankYouNote.order_line_id.in_(line_ids)))
    return {note.order_line_id: note for note in rows}


def complaints_from(email: str, phone: str = "") -> Sequence[Complaint]:
    """The complaints that were sent with this address or this number (E.164); '' finds nothing."""
    known = [Complaint.email == email] if email else []
    known += [Complaint.phone == phone] if phone else []
    return db.session.scalars(select(Complaint).where(or_(false(), *known)).order_by(Complaint.id)).all()


def data_of(line_ids: Sequence[int], *, email: str, phone: str = "") -> dict[str, Any]:
    """All that a buyer wrote, as they may take it away: reviews, thanks, complaints. ISO-8601 moments.

    `email` and `phone` have to be proven theirs: what is typed in an account as a number is not.
    """
    return {
        "reviews": [
            {"product": r.product_title, "author": r.author, "rating": r.rating, "text": r.text,
             "status": r.status.value, "created_at": r.created_at.isoformat(), "answer": r.answer}
            for r in reviewed(line_ids).values()
        ],
        "thanks": [
            {"product": n.product_title, "text": n.text, "status": n.status.value,
             "created_at": n.created_at.isoformat()}
            for n in thanked(line_ids).values()
        ],
        "complaints": [
            {"reference": c.reference, "topic": c.topic.value, "text": c.text, "status": c.status.value,
             "created_at": c.created_at.isoformat(), "answer": c.answer}
            for c in complaints_from(email, phone)
        ],
    }  # fmt: skip
