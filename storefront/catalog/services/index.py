"""Which words a product is found by. Only published products are in the index."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import selectinload

from storefront.catalog.models import Category, Product, ProductStatus, SearchWord
from storefront.catalog.providers import search_provider
from storefront.catalog.services.cards import order_cards
from storefront.core.db import db
from storefront.core.transactions import touch, transaction
from storefront.core.words import STOP_WORDS, stems, tokens

TITLE_WEIGHT = 3
"""A title counts this many times: who types a name wants that product first."""

MAX_WORD = 40
BATCH = 500


def index_product(product: Product, *, is_new: bool = False) -> None:
    """Bring the index up to date with a published product. `is_new`: it was not there before."""
    _write(product)
    _learn(words_of(product), is_new=is_new)
    order_cards([product.id])  # whatever is found by other words may look different beside a link too


def unindex_product(product: Product) -> None:
    """Take a product out of the index, and one use off its words."""
    search_provider().remove(product.id)
    order_cards([product.id])  # it has none any more
    words = sorted(words_of(product))
    db.session.execute(
        update(SearchWord)
        .where(SearchWord.word.in_(words), SearchWord.uses > 0)
        .values(uses=SearchWord.uses - 1)
        .execution_options(synchronize_session=False)
    )


def words_of(product: Product) -> set[str]:
    """The plain words of a product: what typo help may suggest."""
    text = " ".join((product.title, *_texts(product)))
    return {
        word
        for word in tokens(text)
        if 3 <= len(word) <= MAX_WORD and word not in STOP_WORDS and not word.isdigit()
    }


def rebuild_index() -> int:
    """Index every published product anew and recount the words; returns how many there are.

    Needed after a facility or workshop was renamed, and after restoring a backup.
    """
    with transaction():
        search_provider().clear()
        db.session.execute(delete(SearchWord))
        ids = list(db.session.scalars(select(Product.id).filter_by(status=ProductStatus.PUBLISHED)))
        uses = Counter[str]()
        for start in range(0, len(ids), BATCH):
            batch = select(Product).options(selectinload(Product.variants))
            for product in db.session.scalars(batch.where(Product.id.in_(ids[start : start + BATCH]))):
                _write(product)
                uses.update(words_of(product))
            db.session.expunge_all()
        if uses:
            known = [{"word": word, "uses": count} for word, count in sorted(uses.items())]
            db.session.execute(insert(SearchWord), known)
        order_cards(ids)
        touch("catalog")
    return len(ids)


def reindex_category(category_id: int) -> None:
    """After a category was renamed or moved: the products of its subtree. Needs a transaction."""
    path = db.session.scalar(select(Category.path).filter_by(id=category_id))
    inside = select(Category.id).where(Category.path.startswith(path or "?", autoescape=True))
    for product in db.session.scalars(
        select(Product).where(Product.category_id.in_(inside), Product.status == ProductStatus.PUBLISHED)
    ):
        index_product(product)


def _write(product: Product) -> None:
    parts = [*[stems(product.title)] * TITLE_WEIGHT, *(stems(text) for text in _texts(product))]
    search_provider().index(product.id, " ".join(part for part in parts if part))


def _texts(product: Product) -> list[str]:
    workshop, category = product.workshop, product.category
    return [
        product.facility.name,
        product.facility.town,
        workshop.name if workshop else "",
        workshop.craft if workshop else "",
        *_category_names(category),
        product.materials,
        product.summary,
        product.description,
        *(v.label for v in product.variants if v.is_active),
    ]


def _category_names(category: Category | None) -> list[str]:
    names = []
    while category is not None:
        names += [category.name, *([category.name_en] if category.name_en else [])]
        category = category.parent
    return names


def _learn(words: Iterable[str], *, is_new: bool) -> None:
    """Know these words. In one order for everybody, so that two publishers cannot deadlock."""
    rows = [{"word": word, "uses": 1} for word in sorted(words)]
    if not rows:
        return
    postgresql = db.engine.dialect.name == "postgresql"
    known = (pg_insert if postgresql else sqlite_insert)(SearchWord)
    if is_new:
        known = known.on_conflict_do_update(index_elements=["word"], set_={"uses": SearchWord.uses + 1})
    else:
        known = known.on_conflict_do_nothing(index_elements=["word"])
    db.session.execute(known, rows)  # the rows apart: one statement for any number, made ready once
