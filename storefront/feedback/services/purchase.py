"""What a buyer may speak about: a line that was bought and has arrived, once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.core.db import db
from storefront.core.errors import DomainError
from storefront.core.language import lazy
from storefront.core.transactions import transaction
from storefront.feedback.models import NOBODY, Review, ThankYouNote


class AlreadyWritten(DomainError):
    """One review and one thank-you for each bought line."""

    default = lazy("Anda sudah menulis untuk barang ini. Terima kasih.")


@dataclass(frozen=True)
class Purchase:
    """A line that its buyer has received, as the orders know it. Nothing in it names the buyer."""

    order_line_id: int
    product_id: int
    facility_id: int
    workshop_id: int | None
    title: str


def refuse_second(kind: type[Review] | type[ThankYouNote], purchase: Purchase) -> None:
    """Raises AlreadyWritten before any work is done for a second; `written_once` is what holds."""
    if db.session.scalar(select(kind.id).filter_by(order_line_id=purchase.order_line_id)) is not None:
        raise AlreadyWritten


@contextmanager
def written_once() -> Iterator[None]:
    """A transaction that stores one: of two at the same moment the second raises AlreadyWritten."""
    try:
        with transaction():
            yield
            db.session.flush()
    except IntegrityError as error:
        raise AlreadyWritten from error


def names_to_show(name: str) -> list[str]:
    """What may stand below a review instead of a name, the most personal first: 'Sari W.', 'Pembeli'.

    More of the name than this is never stored with a review.
    """
    words = [word for word in name.split() if word[:1].isalpha()]
    if not words:
        return [NOBODY]
    shown = words[0][:30] + (f" {words[-1][0].upper()}." if len(words) > 1 else "")
    return [shown, NOBODY]
