"""What is typed about a product that is there already, kept until it is sent: nothing of it is public.

Only what differs from the product is kept, field by field and word for word; what others change meanwhile is
not turned back by it. A product has one such draft, for everybody of its facility.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.catalog.models import Product, ProductDraft
from storefront.catalog.services.drafting import OF_PRODUCTS, Newer, check_length
from storefront.core import clock
from storefront.core.db import db, for_update, found
from storefront.core.errors import DomainError
from storefront.core.language import lazy
from storefront.core.transactions import transaction


class SentAlready(DomainError):
    """What was typed here was sent or thrown away on another screen."""

    default = lazy(
        "Ketikan ini sudah disimpan atau dibuang dari layar lain. Yang Anda ketik masih di sini:"
        " periksa, lalu simpan sekali lagi."
    )


def unsent(product_id: int, *, lock: bool = False) -> ProductDraft | None:
    """What somebody typed about a product and did not send; with nothing in it after it was typed back."""
    wanted = select(ProductDraft).filter_by(key=f"{OF_PRODUCTS}{product_id}")
    return db.session.scalar(for_update(wanted) if lock else wanted)


def keep_unsent(
    product_id: int,
    actor_id: int | None,
    typed: Mapping[str, str],
    *,
    draft_id: int | None = None,
    revision: int = 0,
) -> ProductDraft | None:
    """Keep what differs from the product so far; None when that is nothing and nothing was kept.

    `draft_id` and `revision`: what the screen shows. Raises Newer when another screen saved since,
    SentAlready when it is there no more, NotFound, Invalid when there is too much of it.
    """
    check_length(typed)
    try:
        return _keep(product_id, actor_id, typed, draft_id, revision)
    except IntegrityError:  # two screens in one moment: the other one began it
        return _keep(product_id, actor_id, typed, draft_id, revision)


def _keep(
    product_id: int, actor_id: int | None, typed: Mapping[str, str], draft_id: int | None, revision: int
) -> ProductDraft | None:
    with transaction():
        draft, moment = unsent(product_id, lock=True), clock.now()
        if draft is None:
            if draft_id is not None:
                raise SentAlready
            if not typed:
                return None
            draft = ProductDraft(
                facility_id=found(Product, product_id).facility_id, key=f"{OF_PRODUCTS}{product_id}",
                revision=1, created_at=moment,
            )  # fmt: skip
            db.session.add(draft)
        else:
            _refuse_newer(draft, draft_id, revision, typed)
            draft.revision += 1
        draft.typed, draft.updated_at, draft.updated_by_id = dict(typed), moment, actor_id
        db.session.flush()
    return draft


def _refuse_newer(draft: ProductDraft, draft_id: int | None, revision: int, typed: Mapping[str, str]) -> None:
    """A screen that never heard of the draft is behind everything that stands in it."""
    if draft_id is not None and draft_id != draft.id:
        raise SentAlready
    behind = bool(draft.typed) if draft_id is None else draft.revision != revision
    if behind and draft.typed != dict(typed):
        raise Newer(draft)


@contextmanager
def sending(product_id: int, actor_id: int | None, draft_id: int | None, revision: int) -> Iterator[None]:
    """Save what was typed in this block: all of it together with the end of its draft, or nothing.

    A screen that never heard of a draft ends its own only. Raises Newer, SentAlready.
    """
    with transaction():
        draft = unsent(product_id, lock=True)
        if draft_id is None:
            if draft is not None and draft.updated_by_id == actor_id:
                db.session.delete(draft)
        elif draft is None or draft.id != draft_id:
            raise SentAlready
        elif draft.revision != revision:
            raise Newer(draft)
        else:
            db.session.delete(draft)
        db.session.flush()
        yield


def drop_unsent(product_id: int) -> None:
    """Throw away what was typed; a second time nothing happens."""
    with transaction():
        draft = unsent(product_id, lock=True)
        if draft is not None:
            db.session.delete(draft)
