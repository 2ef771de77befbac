"""Reviews as the public reads them: let through by the office, at their product."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select, true
from sqlalchemy.orm import joinedload

from storefront.core.db import db
from storefront.core.models import Picture
from storefront.feedback.models import Review, ReviewStatus, shown_author

SIZE = 6
STARS = (5, 4, 3, 2, 1)


class ReviewRow(NamedTuple):
    """One review, as the component `review_card` shows it; `name` is all that is said of the buyer."""

    rating: int
    text: str
    when: datetime
    name: str
    photos: list[Picture]
    reply: str
    reply_from: str


@dataclass(frozen=True)
class ReviewsRow:
    """The reviews of a product: a page of them, and what all of them say together.

    `average` is None as long as there are none; it is never shown without `count`. `stars` counts
    the reviews with 5, 4, 3, 2 and 1 stars.
    """

    count: int = 0
    average: float | None = None
    stars: dict[int, int] = field(default_factory=dict)
    rows: list[ReviewRow] = field(default_factory=list)
    number: int = 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // SIZE))

    @property
    def more(self) -> bool:
        """Is there a page after this one?"""
        return self.number < self.pages


def reviews_of(product_id: int, page: int = 1) -> ReviewsRow:
    """A page of a product's published reviews with their sums, newest first: one statement for all.

    A page past the end, of an old link, is the first one.
    """
    whole = select(Review.rating).filter_by(product_id=product_id, status=ReviewStatus.PUBLISHED).subquery()
    counted = [func.sum(case((whole.c.rating == stars, 1), else_=0)) for stars in STARS]
    sums = select(func.count(), func.sum(whole.c.rating), *counted).select_from(whole).subquery()
    listed = (
        select(Review, *(column.label(f"sum_{n}") for n, column in enumerate(sums.c)))
        .join(sums, true())  # its one row stands beside every review
        .options(
            joinedload(Review.facility, innerjoin=True),
            joinedload(Review.photos),
        )
        .filter_by(product_id=product_id, status=ReviewStatus.PUBLISHED)
        .order_by(Review.created_at.desc(), Review.id.desc())
        .limit(SIZE)
        .offset((page - 1) * SIZE)
    )
    rows = db.session.execute(listed).unique().all()
    if not rows:
        return reviews_of(product_id) if page > 1 else ReviewsRow()
    count, total, *stars = (int(value) for value in rows[0][1:])
    by_stars = dict(zip(STARS, stars, strict=True))
    return ReviewsRow(count, round(total / count, 1), by_stars, [_row(row[0]) for row in rows], page)


def _row(review: Review) -> ReviewRow:
    return ReviewRow(
        review.rating, review.text, review.created_at,
        shown_author(review.author),
        [photo.picture for photo in review.photos], review.answer, review.facility.name,
    )  # fmt: skip
