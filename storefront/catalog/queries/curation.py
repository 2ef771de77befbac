"""What the regional office sees: what waits for it, what it let in, and the shelves of the shop."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from storefront.catalog.models import Category, CurationEvent, Product, ProductStatus
from storefront.catalog.queries.queues import EVERYTHING, Wanted, makers_of
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.web.pagination import Page, Stretch, newest, paged

PAGE = 20


def waiting(page: int = 1, wanted: Wanted = EVERYTHING) -> Page:
    """Products that wait for a decision, the longest waiting first."""
    conditions = [Product.status == ProductStatus.SUBMITTED, *wanted.conditions(Product.submitted_at)]
    whole = select(Product).options(selectinload(Product.variants), selectinload(Product.photos))
    return _page(whole.where(*conditions).order_by(Product.submitted_at, Product.id), page)


def makers_waiting() -> list[tuple[int, str]]:
    """(id, name) of the facilities that have a product waiting."""
    return makers_of(select(Product.id).filter_by(status=ProductStatus.SUBMITTED))


def published(*, words: str = "", page: int = 1) -> Page:
    """Products in the shop, newest first."""
    wanted = [Product.status == ProductStatus.PUBLISHED]
    if words:
        wanted.append(Product.title.icontains(words, autoescape=True))
    latest = Product.published_at.desc(), Product.id.desc()
    return _page(select(Product).where(*wanted).order_by(*latest), page)


def _page(found: Select[tuple[Product]], page: int) -> Page:
    beside = joinedload(Product.photo), joinedload(Product.facility), joinedload(Product.workshop)
    return paged(found.options(*beside), page, PAGE)


def product_for_curation(product_id: int) -> Product:
    """A product that was submitted at least once, with all that its page shows. Raises NotFound."""
    product = db.session.scalar(
        select(Product)
        .options(
            selectinload(Product.variants),
            selectinload(Product.photos),
            joinedload(Product.category),
            joinedload(Product.workshop),
            joinedload(Product.facility),
            joinedload(Product.photo),
        )
        .where(Product.id == product_id, Product.submitted_at.is_not(None))
    )
    if product is None:
        raise NotFound
    return product


def decisions(product_id: int, before: int | None = None) -> Stretch:
    """How a product got to where it is, newest first, with who decided; what is older than `before`."""
    found = select(CurationEvent).options(joinedload(CurationEvent.actor)).filter_by(product_id=product_id)
    return newest(found, CurationEvent.at, CurationEvent.id, before=before, size=PAGE)


def last_word(product_id: int) -> str:
    """What was said with the newest decision about a product; '' for nothing."""
    said = select(CurationEvent.comment).filter_by(product_id=product_id)
    return db.session.scalar(said.order_by(CurationEvent.at.desc(), CurationEvent.id.desc()).limit(1)) or ""


@dataclass(frozen=True)
class Shelf:
    """A category in the tree: how deep it stands, and what is in it itself."""

    id: int
    parent_id: int | None
    name: str
    slug: str
    depth: int
    products: int
    is_first: bool
    is_last: bool
    is_empty: bool
    path: str
    name_en: str

    def holds(self, other: "Shelf") -> bool:
        """Is the other one this one, or somewhere inside it?"""
        return other.path.startswith(self.path)


def shelves() -> list[Shelf]:
    """All categories as a tree written in lines: each right below its parent, in their order."""
    counts = {
        row[0]: row[1]
        for row in db.session.execute(select(Product.category_id, func.count()).group_by(Product.category_id))
    }
    children: dict[int | None, list[Category]] = {}
    for category in db.session.scalars(select(Category).order_by(Category.position, Category.id)):
        children.setdefault(category.parent_id, []).append(category)
    return list(_below(None, 0, children, counts))


def _below(
    parent_id: int | None,
    depth: int,
    children: dict[int | None, list[Category]],
    counts: dict[int | None, int],
) -> Iterator[Shelf]:
    siblings = children.get(parent_id, [])
    for index, category in enumerate(siblings):
        products = counts.get(category.id, 0)
        yield Shelf(
            id=category.id,
            parent_id=parent_id,
            name=category.name,
            slug=category.slug,
            depth=depth,
            products=products,
            is_first=index == 0,
            is_last=index == len(siblings) - 1,
            is_empty=not products and category.id not in children,
            path=category.path,
            name_en=category.name_en or "",
        )
        yield from _below(category.id, depth + 1, children, counts)
