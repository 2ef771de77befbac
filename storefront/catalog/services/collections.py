"""Every change of a collection: its words, its rule or its products, whether the public sees it.

Its address never changes after it was made: links and posters carry it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select

from storefront.catalog.models import (
    Category,
    Collection,
    CollectionItem,
    CollectionKind,
    Product,
    ProductTag,
)
from storefront.core import auditlog, clock
from storefront.core.db import db, locked
from storefront.core.errors import Invalid
from storefront.core.gallery import drop_picture, hang_picture, with_photo
from storefront.core.language import _
from storefront.core.models import Picture
from storefront.core.money import MAX_RUPIAH
from storefront.core.sequence import shifted
from storefront.core.slugs import first_free, slug_of
from storefront.core.transactions import touch, transaction
from storefront.core.words import normalise
from storefront.facilities.models import Facility

RULE_PARTS = ("category", "facility", "tag", "price_min", "price_max", "new_days")
MAX_ITEMS = 200
MAX_TITLE, MAX_INTRO, MAX_TAG, MAX_NEW_DAYS = 80, 300, 40, 365


@dataclass(frozen=True, kw_only=True)
class CollectionDetails:
    """What somebody writes about a collection. `rule`: see `checked_rule`; prices in rupiah."""

    title: str
    intro: str = ""
    kind: CollectionKind = CollectionKind.HAND
    rule: Mapping[str, Any] = field(default_factory=dict)


def create_collection(
    details: CollectionDetails, *, photo: bytes | None = None, photo_alt: str = "", by: int | None
) -> int:
    """Start a collection that nobody sees yet, after the others; returns its id. Raises Invalid."""
    cleaned = _checked(details)

    def change(picture: Picture | None) -> int:
        moment = clock.now()
        last = db.session.scalar(select(func.max(Collection.position)))
        collection = Collection(
            **cleaned, slug=_free_slug(cleaned["title"]), picture=picture, position=(last or 0) + 1,
            created_by_id=by, created_at=moment, updated_at=moment,
        )  # fmt: skip
        db.session.add(collection)
        db.session.flush()
        _enter("created", collection.id, by, title=collection.title)
        return collection.id

    return with_photo(change, photo, photo_alt)


def update_collection(
    collection_id: int,
    details: CollectionDetails,
    *,
    photo: bytes | None = None,
    photo_alt: str = "",
    by: int | None = None,
) -> None:
    """Change what is written about a collection. Products chosen by hand stay, whatever its kind is now.

    Without a new photo the old one stays, described by `photo_alt`. Raises Invalid, NotFound.
    """
    cleaned = _checked(details)

    def change(picture: Picture | None) -> None:
        collection = locked(Collection, collection_id)
        for name, value in cleaned.items():
            setattr(collection, name, value)
        collection.updated_at = clock.now()
        hang_picture(collection, picture, photo_alt)
        _enter("changed", collection_id, by, title=collection.title, rule=cleaned["rule"])
        touch("catalog")

    with_photo(change, photo, photo_alt)


def choose_items(collection_id: int, product_ids: Sequence[int], *, by: int | None = None) -> None:
    """Hold exactly these products, in this order. Raises Invalid, NotFound.

    One that was chosen before and has left the shelf since may stay: it shows again when it returns.
    """
    wanted = list(dict.fromkeys(product_ids))
    if len(wanted) > MAX_ITEMS:
        raise Invalid({"produk": _("Pilih paling banyak %(most)s produk.", most=MAX_ITEMS)})
    with transaction():
        collection = locked(Collection, collection_id)
        before = {item.product_id for item in collection.items}
        require_on_sale([key for key in wanted if key not in before])
        db.session.execute(delete(CollectionItem).where(CollectionItem.collection_id == collection_id))
        db.session.expire(collection, ["items"])
        db.session.add_all(
            CollectionItem(collection_id=collection_id, product_id=key, position=place)
            for place, key in enumerate(wanted)
        )
        collection.updated_at = clock.now()
        _enter("products", collection_id, by, products=wanted)
        touch("catalog")


def add_items(collection_id: int, product_ids: Sequence[int], *, by: int | None = None) -> None:
    """Hold these products after the ones that are there. Raises Invalid for none too, NotFound."""
    with transaction():
        collection = locked(Collection, collection_id)
        require_chosen(product_ids)
        there = [item.product_id for item in collection.items]
        choose_items(collection_id, [*there, *product_ids], by=by)


def show_collection(collection_id: int, *, is_published: bool, by: int | None = None) -> None:
    """Open the public page or close it. A repeat changes nothing. Raises NotFound."""
    with transaction():
        locked(Collection, collection_id).is_published = is_published
        _enter("published" if is_published else "hidden", collection_id, by)
        touch("catalog")


def shift_collection(collection_id: int, *, up: bool, by: int | None = None) -> None:
    """Swap a collection with the one before (or after) it; at the end nothing happens. Raises NotFound."""
    with transaction():
        one = locked(Collection, collection_id)
        row = db.session.scalars(select(Collection).order_by(Collection.position, Collection.id)).all()
        for position, collection in enumerate(shifted(row, one, up=up)):
            collection.position = position
        _enter("shifted", collection_id, by, up=up)
        touch("catalog")


def delete_collection(collection_id: int, *, by: int | None = None) -> None:
    """Remove a collection with its picture; its products stay in the shop. Raises NotFound."""
    with transaction():
        collection = locked(Collection, collection_id)
        picture = collection.picture
        db.session.delete(collection)
        db.session.flush()
        if picture is not None:
            drop_picture(picture)
        _enter("deleted", collection_id, by, title=collection.title)
        touch("catalog")


def tag_products(tag: str, product_ids: Sequence[int], *, add: bool = True, by: int | None = None) -> None:
    """Tie a tag to products, or take it off them; unknown ones are passed over.

    Raises Invalid for no word or no product.
    """
    word = tag_word(tag)
    if not word:
        raise Invalid({"tag": _("Tulis labelnya.")})
    require_chosen(product_ids)
    with transaction():
        known = set(db.session.scalars(select(Product.id).where(Product.id.in_(product_ids))))
        tagged = ProductTag.tag == word, ProductTag.product_id.in_(known)
        before = set(db.session.scalars(select(ProductTag.product_id).where(*tagged)))
        if add:
            db.session.add_all(ProductTag(product_id=key, tag=word) for key in sorted(known - before))
        else:
            db.session.execute(delete(ProductTag).where(*tagged))
        action = "tag.added" if add else "tag.removed"
        auditlog.write(action, "tag", word, actor_id=by, products=sorted(known))
        touch("catalog")


def tag_word(tag: str) -> str:
    """A tag as it is written down: folded, lower case, short; '' for nothing."""
    return normalise(tag)[:MAX_TAG].strip()


def checked_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule that can be asked: any of RULE_PARTS (category and facility by slug, prices in rupiah).

    Empty parts are left out. Raises Invalid naming the part that is wrong.
    """
    given = {name: value for name, value in rule.items() if value not in (None, "")}
    errors: dict[str, str] = {}
    if unknown := given.keys() - set(RULE_PARTS):
        raise Invalid({name: _("Aturan ini tidak dikenal.") for name in unknown})
    if "category" in given and not _exists(Category, given["category"]):
        errors["category"] = _("Kategori ini tidak ada lagi.")
    if "facility" in given and not _exists(Facility, given["facility"]):
        errors["facility"] = _("Lapas ini tidak ada lagi.")
    if "tag" in given:
        given["tag"] = tag_word(str(given["tag"]))
    limits = {"price_min": MAX_RUPIAH, "price_max": MAX_RUPIAH, "new_days": MAX_NEW_DAYS}
    for name, most in limits.items():
        if name in given and not (isinstance(given[name], int) and 1 <= given[name] <= most):
            errors[name] = _("Angka ini tidak masuk akal.")
    if not errors and given.get("price_max", MAX_RUPIAH) < given.get("price_min", 0):
        errors["price_max"] = _("Harga tertinggi lebih kecil daripada harga terendah.")
    if errors:
        raise Invalid(errors)
    return given


# --- pieces -------------------------------------------------------------------------------------------


def _enter(action: str, collection_id: int, by: int | None, **facts: Any) -> None:
    auditlog.write(f"collection.{action}", "collection", collection_id, actor_id=by, **facts)


def _checked(details: CollectionDetails) -> dict[str, Any]:
    """The columns to write. Raises Invalid naming every field that is wrong."""
    title, intro = " ".join(details.title.split()), " ".join(details.intro.split())
    errors: dict[str, str] = {}
    if not 3 <= len(title) <= MAX_TITLE:
        errors["title"] = _("Tulis judulnya, 3 sampai %(most)s huruf.", most=MAX_TITLE)
    if len(intro) > MAX_INTRO:
        errors["intro"] = _("Paling panjang %(longest)s huruf.", longest=MAX_INTRO)
    rule: dict[str, Any] = {}
    if details.kind is CollectionKind.RULE:
        try:
            rule = checked_rule(details.rule)
        except Invalid as error:
            errors |= error.errors
        if not rule and not errors:
            errors["category"] = _("Isi paling sedikit satu bagian aturan.")
    if errors:
        raise Invalid(errors)
    return {"title": title, "intro": intro, "kind": details.kind, "rule": rule}


def require_chosen(product_ids: Sequence[int]) -> None:
    """Raise Invalid where a form came without a tick."""
    if not product_ids:
        raise Invalid({"produk": _("Centang sedikitnya satu produk.")})


def _exists(model: Any, slug: object) -> bool:
    return db.session.scalar(select(model.id).where(model.slug == str(slug))) is not None


def require_on_sale(product_ids: Sequence[int]) -> None:
    """Raise Invalid unless the public sees each of these products now."""
    on_sale = select(Product.id).where(Product.id.in_(product_ids), Product.is_on_sale)
    if set(product_ids) - set(db.session.scalars(on_sale)):
        raise Invalid({"produk": _("Salah satu produk yang dipilih sudah tidak dijual.")})


def _free_slug(title: str) -> str:
    base = slug_of(title, 80, "koleksi")
    taken = set(db.session.scalars(select(Collection.slug).where(Collection.slug.startswith(base))))
    return first_free(base, taken, 100)
