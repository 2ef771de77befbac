"""Reviews: written by a verified buyer, let through by the office, answered by the facility."""

from collections.abc import Sequence

from sqlalchemy import select

from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, locked
from storefront.core.errors import DomainError, Invalid, NotFound, Unavailable
from storefront.core.gallery import drop_picture, store_picture
from storefront.core.language import _
from storefront.core.models import Picture
from storefront.core.transactions import touch, transaction
from storefront.feedback.models import Review, ReviewPhoto, ReviewStatus
from storefront.feedback.services.purchase import Purchase, refuse_second, written_once
from storefront.feedback.services.words import reason_given

MAX_PHOTOS = 3
MAX_TEXT, MAX_AUTHOR = 1000, 40


def submit_review(
    purchase: Purchase, *, rating: int, text: str, author: str, photos: Sequence[bytes] = ()
) -> Review:
    """Take what a buyer says about a thing; it waits for the office. `rating` is 1 to 5 stars.

    Photos are stored first, each re-encoded without its metadata; when the review cannot be stored
    they go again. Call it outside a transaction. Raises Invalid (a bad photo too), AlreadyWritten.
    """
    _check(rating, text, author, photos)
    refuse_second(Review, purchase)
    pictures: list[int] = []
    try:
        for number, data in enumerate(photos, start=1):
            alt = _("Foto pembeli %(n)s: %(title)s", n=number, title=purchase.title)
            pictures.append(store_picture(data, alt).id)
        return _store(purchase, rating, text.strip(), author.strip(), pictures)
    except Unavailable as error:
        _drop(pictures)
        raise Invalid({"photos": str(error)}) from error
    except BaseException:
        _drop(pictures)
        raise


def publish_review(review_id: int, actor_id: int | None) -> None:
    """Show a review at its product. Raises NotFound; a decision that was taken can be changed."""
    with transaction():
        review = locked(Review, review_id)
        _decide(review, ReviewStatus.PUBLISHED, actor_id)
        review.reason = ""


def reject_review(review_id: int, actor_id: int | None, reason: str) -> None:
    """Do not show a review, for a reason that is kept; its answer goes with it. Raises Invalid, NotFound."""
    reason = reason_given(reason)
    with transaction():
        review = locked(Review, review_id)
        review.answer, review.answered_at, review.answered_by_id = "", None, None
        review.reason = reason
        _decide(review, ReviewStatus.REJECTED, actor_id)


def answer_review(facility_id: int, review_id: int, actor_id: int | None, text: str) -> None:
    """Write (or change) the facility's public answer; an empty text takes it back.

    Raises NotFound unless the review is the facility's own and published, Invalid for a long text.
    """
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise Invalid({"answer": _("Paling panjang %(n)s huruf.", n=MAX_TEXT)})
    with transaction():
        review = db.session.scalar(
            for_update(
                select(Review).filter_by(id=review_id, facility_id=facility_id, status=ReviewStatus.PUBLISHED)
            )
        )
        if review is None:
            raise NotFound
        review.answer = text
        review.answered_at = clock.now() if text else None
        review.answered_by_id = actor_id if text else None
        auditlog.write(
            "review.answered" if text else "review.answer_removed", "review", review_id, actor_id=actor_id,
            facility_id=facility_id,
        )  # fmt: skip
        touch("catalog")


def _check(rating: int, text: str, author: str, photos: Sequence[bytes]) -> None:
    errors: dict[str, str] = {}
    if not 1 <= rating <= 5:
        errors["rating"] = _("Pilih satu sampai lima bintang.")
    if len(text.strip()) > MAX_TEXT:
        errors["text"] = _("Paling panjang %(n)s huruf.", n=MAX_TEXT)
    if not author.strip() or len(author.strip()) > MAX_AUTHOR:
        errors["author"] = _("Pilih nama yang tampil.")
    if len(photos) > MAX_PHOTOS:
        errors["photos"] = _("Paling banyak %(n)s foto.", n=MAX_PHOTOS)
    if errors:
        raise Invalid(errors)


def _store(purchase: Purchase, rating: int, text: str, author: str, pictures: Sequence[int]) -> Review:
    with written_once():
        review = Review(
            product_id=purchase.product_id,
            facility_id=purchase.facility_id,
            order_line_id=purchase.order_line_id,
            product_title=purchase.title,
            author=author,
            rating=rating,
            text=text,
            created_at=clock.now(),
        )
        review.photos = [
            ReviewPhoto(picture_id=picture_id, position=position)
            for position, picture_id in enumerate(pictures, start=1)
        ]
        db.session.add(review)
    return review


def _drop(picture_ids: Sequence[int]) -> None:
    if not picture_ids:
        return
    with transaction():
        for picture in db.session.scalars(select(Picture).where(Picture.id.in_(picture_ids))):
            drop_picture(picture)


def _decide(review: Review, status: ReviewStatus, actor_id: int | None) -> None:
    if review.status is status:
        raise DomainError(_("Ulasan ini sudah diputuskan begitu."))
    seen = ReviewStatus.PUBLISHED in {status, review.status}
    review.status, review.decided_at, review.decided_by_id = status, clock.now(), actor_id
    auditlog.write(
        f"review.{status}", "review", review.id, actor_id=actor_id, facility_id=review.facility_id,
        product=review.product_id, rating=review.rating,
    )  # fmt: skip
    if seen:
        touch("catalog")
