"""What a buyer may speak about: a line that was bought and has arrived."""

from dataclasses import dataclass

from storefront.core.errors import DomainError
from storefront.core.language import lazy
from storefront.feedback.models import NOBODY


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


def names_to_show(name: str) -> list[str]:
    """What may stand below a review instead of a name, the most personal first: 'Sari W.', 'Pembeli'.

    More of the name than this is never stored with a review.
    """
    words = [word for word in name.split() if word[:1].isalpha()]
    if not words:
        return [NOBODY]
    shown = words[0][:30] + (f" {words[-1][0].upper()}." if len(words) > 1 else "")
    return [shown, NOBODY]
