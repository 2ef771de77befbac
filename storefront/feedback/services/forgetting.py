"""A buyer goes, and what they wrote loses them."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update

from storefront.core.db import db
from storefront.core.transactions import touch, transaction
from storefront.feedback.models import NOBODY, Complaint, Review

GONE = "@invalid"
"""The end of an address that nobody has (RFC 2606): nothing is ever sent there."""


def forget_buyer(line_ids: Sequence[int], *, phone: str = "", email: str = "") -> None:
    """Take a buyer's name off the reviews of these order lines, and all of theirs out of complaints.

    Thank-you notes name nobody. Complaints are found by `phone` (E.164) or `email`; the office keeps what
    happened, but not to whom.
    """
    with transaction():
        db.session.execute(update(Review).where(Review.order_line_id.in_(line_ids)).values(author=NOBODY))
        known = [Complaint.phone == phone] if phone else []
        known += [Complaint.email == email] if email else []
        if known:
            for complaint in db.session.scalars(select(Complaint).where(or_(*known))):
                complaint.name, complaint.phone, complaint.order_number = NOBODY, "", ""
                complaint.email = f"dihapus-{complaint.id}{GONE}"
        touch("catalog")
