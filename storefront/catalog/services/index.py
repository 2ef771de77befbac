"""Which words a product is found by. Only published products are in the index."""

from collections.abc import Iterable

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storefront.catalog.models import Category, Product, ProductStatus, SearchWord
from storefront.catalog.providers import search_provider
from storefront.catalog.services.cards import order_card
from storefront.core.db import db
from storefront.core.transactions import touch, transaction
from storefront.core.words import STOP_WORDS, stems, tokens

TITLE_WEIGHT = 3
"""A title counts this many times: who types a name wants that product first."""

MAX_WORD = 40
BATCH = 500


def index_product(product: Product, *, is_new: bool = False) -> None:
    """Bring the index up to date with a published product. `is_new`: it was not there before."""
    title, rest = product.title, _texts(product)
    parts = [*[stems(title)] * TITLE_WEIGHT, *(stems(text) for text in rest)]
    search_provider().index(product.id, " ".join(part for part in parts if part))
    _learn(words_of(product), add=1 if is_new else 0)
    order_card(product.id)  # whatever is found by other words may look different beside a link too


def unindex_product(product: Product) -> None:
    """Take a product out of the index, and one use off its words."""
    search_provider().remove(product.id)
    order_card(product.id)  # it has none any more
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
        for start in range(0, len(ids), BATCH):
            batch = select(Product).where(Product.id.in_(ids[start : start + BATCH]))
            for product in db.session.scalars(batch):
                index_product(product, is_new=True)
            db.session.expunge_all()
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


def _learn(words: Iterable[str], *, add: int) -> None:
    """Know these words. In one order for everybody, so that two publishers cannot deadlock."""
    ordered = sorted(words)
    if not ordered:
        return
    postgresql = db.engine.dialect.name == "postgresql"
    insert = (pg_insert if postgresql else sqlite_insert)(SearchWord)
    rows = insert.values([{"word": word, "uses": 1} for word in ordered])
    if add:
        known = rows.on_conflict_do_update(index_elements=["word"], set_={"uses": SearchWord.uses + add})
    else:
        known = rows.on_conflict_do_nothing(index_elements=["word"])
    db.session.execute(known)
