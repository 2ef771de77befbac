"""A buyer goes, and what they wrote loses them."""

from collections.abc import Sequence

from sqlalchemy import update

from storefront.core.db import db
from storefront.core.transactions import touch, transaction
from storefront.feedback.models import GONE, NOBODY, Review
from storefront.feedback.queries.written import complaints_from


def forget_buyer(line_ids: Sequence[int], *, email: str, phone: str = "") -> None:
    """Take a buyer's name off the reviews of these order lines, and all of theirs out of complaints.

    Thank-you notes name nobody. Complaints are found by the address or number (E.164) that is proven
    to be theirs; the office keeps what happened, but not to whom.
    """
    with transaction():
        db.session.execute(update(Review).where(Review.order_line_id.in_(line_ids)).values(author=NOBODY))
        for complaint in complaints_from(email, phone):
            complaint.name, complaint.phone, complaint.order_number = NOBODY, "", ""
            complaint.email = f"dihapus-{complaint.id}{GONE}"
        touch("catalog")
