"""The tree of shelves: made, renamed, moved and, while empty, deleted by the regional office."""

from sqlalchemy import select

from storefront.catalog.models import Category, Product
from storefront.catalog.services.index import reindex_category
from storefront.catalog.services.permits import refresh_below
from storefront.core import auditlog
from storefront.core.db import db, for_update, found, locked
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, lazy
from storefront.core.slugs import first_free, slug_of
from storefront.core.transactions import touch, transaction

MAX_NAME = 80
MAX_DEPTH = 4


class CategoryInUse(DomainError):
    """Products or categories still hang on it."""

    default = lazy("Kategori ini masih berisi produk atau subkategori. Pindahkan isinya dulu.")


def create_category(
    name: str,
    parent_id: int | None = None,
    *,
    slug: str = "",
    position: int = 0,
    name_en: str = "",
    actor_id: int | None = None,
) -> Category:
    """Add a category below another, or at the top. Raises Invalid, NotFound."""
    with transaction():
        name = _checked_name(name)
        parent = _lock_parent(parent_id)
        category = Category(name=name, slug=_free_slug(slug or name), parent_id=parent_id, position=position)
        db.session.add(category)
        db.session.flush()
        category.path = _path_below(parent, category.id)
        _refuse_deep(category.path)
        if name_en:
            name_category_in_english(category.id, name_en)
        auditlog.write("category.created", "category", category.id, actor_id=actor_id, name=name)
        touch("catalog")
    return category


def rename_category(category_id: int, name: str) -> Category:
    """Give a category another name; its address stays, links have to last. Raises Invalid, NotFound."""
    with transaction():
        category = locked(Category, category_id)
        category.name = _checked_name(name)
        db.session.flush()
        reindex_category(category_id)
        touch("catalog")
    return category


def name_category_in_english(category_id: int, name: str) -> None:
    """What a category is called on English pages, and is found by too; '' for its own name.

    Raises Invalid, NotFound.
    """
    name = " ".join(name.split())
    if len(name) > MAX_NAME:
        raise Invalid({"name_en": _("Paling panjang %(longest)s huruf.", longest=MAX_NAME)})
    with transaction():
        locked(Category, category_id).name_en = name or None
        db.session.flush()
        reindex_category(category_id)
        touch("catalog")


def place_category(category_id: int, position: int) -> None:
    """Say where a category stands among its siblings: smaller numbers first."""
    with transaction():
        locked(Category, category_id).position = position
        touch("catalog")


def move_category(category_id: int, parent_id: int | None) -> Category:
    """Hang a category and all below it elsewhere. Raises Invalid below itself or too deep, NotFound."""
    with transaction():
        # The whole tree is small and rarely changed: locking all of it keeps two moves from crossing.
        tree = list(db.session.scalars(for_update(select(Category).order_by(Category.id))))
        category = found(Category, category_id)
        parent = found(Category, parent_id) if parent_id is not None else None
        before = category.path
        if parent is not None and parent.path.startswith(before):
            raise Invalid({"parent_id": _("Kategori tidak dapat dipindah ke dalam dirinya sendiri.")})
        category.parent_id = parent_id
        category.parent = parent
        after = _path_below(parent, category.id)
        for below in tree:
            if below.path.startswith(before):
                below.path = after + below.path.removeprefix(before)
                _refuse_deep(below.path)
        db.session.flush()
        reindex_category(category_id)
        refresh_below(category.path)
        touch("catalog")
    return category


def delete_category(category_id: int, *, actor_id: int | None = None) -> None:
    """Remove an empty category. Raises CategoryInUse, NotFound."""
    with transaction():
        category = locked(Category, category_id)
        for model, owner in ((Product, Product.category_id), (Category, Category.parent_id)):
            if db.session.scalar(select(model.id).where(owner == category_id).limit(1)) is not None:
                raise CategoryInUse
        db.session.delete(category)
        auditlog.write("category.deleted", "category", category_id, actor_id=actor_id, name=category.name)
        touch("catalog")


def _lock_parent(parent_id: int | None) -> Category | None:
    return locked(Category, parent_id) if parent_id is not None else None


def _path_below(parent: Category | None, category_id: int) -> str:
    return f"{parent.path if parent else '/'}{category_id}/"


def _refuse_deep(path: str) -> None:
    if path.count("/") - 1 > MAX_DEPTH:
        raise Invalid({"parent_id": _("Paling dalam %(most)s tingkat.", most=MAX_DEPTH)})


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 2 <= len(name) <= MAX_NAME:
        raise Invalid({"name": _("Tulis nama kategori, 2 sampai %(most)s huruf.", most=MAX_NAME)})
    return name


def _free_slug(text: str) -> str:
    base = slug_of(text, 70, "kategori")
    taken = set(db.session.scalars(select(Category.slug).where(Category.slug.startswith(base))))
    return first_free(base, taken, MAX_NAME)
