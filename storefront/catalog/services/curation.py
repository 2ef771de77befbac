"""How a product reaches the public: every step by the table NEXT_STATUS, each with its event."""

from collections.abc import Iterator
from contextlib import contextmanager

from storefront.catalog.models import NEXT_STATUS, Product, ProductStatus
from storefront.catalog.services import permits
from storefront.catalog.services.editing import Incomplete, missing_for_publication, record
from storefront.catalog.services.gate import copied_photos, let_photos_in
from storefront.catalog.services.index import index_product, unindex_product
from storefront.catalog.services.verdicts import tell
from storefront.catalog.services.wordcheck import refuse_words, texts_of
from storefront.core import clock
from storefront.core.db import locked
from storefront.core.errors import DomainError, Invalid
from storefront.core.gallery import is_hidden
from storefront.core.language import _, lazy
from storefront.core.transactions import touch, transaction

STATUS_WORDS = {
    ProductStatus.DRAFT: lazy("Draf"),
    ProductStatus.SUBMITTED: lazy("Menunggu kurasi"),
    ProductStatus.PUBLISHED: lazy("Tayang"),
    ProductStatus.RETURNED: lazy("Dikembalikan"),
    ProductStatus.ARCHIVED: lazy("Ditarik"),
}
"""What each status is called on the screen."""

LONGEST_REASON = 500


class WrongStep(DomainError):
    """The product is not where this step starts: somebody was faster, or the page was old."""

    def __init__(self, before: ProductStatus, after: ProductStatus) -> None:
        now, then = STATUS_WORDS[before].lower(), STATUS_WORDS[after].lower()
        super().__init__(
            _("Produk ini sekarang “%(now)s”, jadi tidak dapat menjadi “%(then)s”.", now=now, then=then)
        )


class Changed(DomainError):
    """The product is not what was looked at any more."""

    default = lazy("Produk ini baru saja diubah. Lihat sekali lagi, lalu putuskan.")


def state_of(product: Product) -> str:
    """A mark that is another one after every change of the product."""
    return product.updated_at.isoformat()


def submit_product(product_id: int, actor_id: int | None) -> None:
    """Hand a finished draft to the regional office. Raises Incomplete, WrongStep, NotFound.

    Raises Invalid by field for words that may not stand there: a text may be older than what is said of them.
    """
    with _moving(product_id, ProductStatus.SUBMITTED, actor_id) as product:
        _refuse_incomplete(product)
        refuse_words(texts_of(product))
        product.submitted_at = clock.now()


def take_back(product_id: int, actor_id: int | None) -> None:
    """Take a submitted product back into the drafts. Raises WrongStep, NotFound."""
    with _moving(product_id, ProductStatus.DRAFT, actor_id, only_from=ProductStatus.SUBMITTED):
        pass


def publish_product(product_id: int, actor_id: int | None, *, seen: str | None = None) -> None:
    """Show a product to the public. Raises Changed, Incomplete, WrongStep, NotFound.

    `seen` is the state (`state_of`) that was looked at: what was changed since is looked at once more.
    Photos that wait are let in by this look, unless they are this person's own; without one that is let in,
    nothing is published. The route sees to it that this is done by the regional office.
    """
    with (
        copied_photos(product_id, actor_id) as copies,
        _moving(product_id, ProductStatus.PUBLISHED, actor_id) as product,
    ):
        if seen is not None and seen != state_of(product):
            raise Changed
        if not let_photos_in(product, actor_id, copies):
            raise Changed
        _refuse_incomplete(product)
        if product.photo is not None and is_hidden(product.photo):
            raise Incomplete([_("foto yang sudah diperiksa orang kedua")])
        product.sold_until = permits.sold_until(product)
        product.published_at = clock.now()


def return_product(product_id: int, actor_id: int | None, reason: str) -> None:
    """Send a product back to its facility, saying why; it leaves the shop if it was there.

    Raises Invalid without a reason, WrongStep, NotFound.
    """
    reason = reason.strip()
    if not 3 <= len(reason) <= LONGEST_REASON:
        raise Invalid({"reason": _("Tulis alasannya, 3 sampai %(most)s huruf.", most=LONGEST_REASON)})
    with _moving(product_id, ProductStatus.RETURNED, actor_id, reason):
        pass


def withdraw_product(product_id: int, actor_id: int | None, reason: str = "") -> None:
    """Stop offering a product; orders that hold it stay as they are. Raises WrongStep, NotFound."""
    with _moving(product_id, ProductStatus.ARCHIVED, actor_id, reason) as product:
        product.is_featured = False


def restart_product(product_id: int, actor_id: int | None) -> None:
    """Make a withdrawn product a draft again. Raises WrongStep, NotFound."""
    with _moving(product_id, ProductStatus.DRAFT, actor_id, only_from=ProductStatus.ARCHIVED):
        pass


@contextmanager
def _moving(
    product_id: int,
    after: ProductStatus,
    actor_id: int | None,
    comment: str = "",
    *,
    only_from: ProductStatus | None = None,
) -> Iterator[Product]:
    """Move a locked product one step, with its event, and keep shelf and index true."""
    with transaction():
        product = locked(Product, product_id)
        before = product.status
        if after not in NEXT_STATUS[before] or only_from not in {None, before}:
            raise WrongStep(before, after)
        yield product
        product.status = after
        product.updated_at = clock.now()
        record(product, before, actor_id, comment)
        if after in {ProductStatus.PUBLISHED, ProductStatus.RETURNED}:
            tell(product.facility_id, actor_id)
        if after is ProductStatus.PUBLISHED:
            index_product(product, is_new=True)
            touch("catalog")
        elif before is ProductStatus.PUBLISHED:
            unindex_product(product)
            touch("catalog")


def _refuse_incomplete(product: Product) -> None:
    if missing := missing_for_publication(product):
        raise Incomplete(missing)
