"""What is on sale: categories, products, their variants and photos, and how they got there."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import User
from storefront.catalog.models.changes import (
    ALIVE,
    NEXT_CHANGE,
    ChangeEvent,
    ChangePhoto,
    ChangeStatus,
    ChangeStep,
    ProductChange,
)
from storefront.catalog.models.food import FoodLicence, FoodNeed, FoodRule, LicenceKind
from storefront.catalog.models.gates import GateState, PhotoGate
from storefront.catalog.models.writing import (
    DraftPicture,
    ProductDraft,
    WordRule,
    WordVerdict,
)
from storefront.core import clock
from storefront.core.boxes import Sides
from storefront.core.db import BigId, append_only, db, word_enum
from storefront.core.language import language
from storefront.core.models import Picture
from storefront.facilities.models import Facility, Workshop

__all__ = [
    "ALIVE",
    "NEXT_CHANGE",
    "NEXT_STATUS",
    "Category",
    "ChangeEvent",
    "ChangePhoto",
    "ChangeStatus",
    "ChangeStep",
    "Collection",
    "CollectionItem",
    "CollectionKind",
    "CurationEvent",
    "DraftPicture",
    "FoodLicence",
    "FoodNeed",
    "FoodRule",
    "GateState",
    "LicenceKind",
    "PhotoGate",
    "Product",
    "ProductChange",
    "ProductDraft",
    "ProductPhoto",
    "ProductStatus",
    "ProductTag",
    "SearchWord",
    "ShippingClass",
    "Supply",
    "Synonym",
    "Variant",
    "WordRule",
    "WordVerdict",
]


class Category(db.Model):
    """A shelf of the shop. `path` lists the ids from the root ('/3/17/'): a subtree is a prefix."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    path: Mapped[str] = mapped_column(String(120), default="", index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str | None] = mapped_column(String(80))  # on English pages; without it the name
    position: Mapped[int] = mapped_column(default=0)

    parent: Mapped["Category | None"] = relationship(remote_side="Category.id")

    @property
    def label(self) -> str:
        """Its name in the language of the moment."""
        return self.name_en if self.name_en and language() == "en" else self.name


class ProductStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    RETURNED = "returned"
    ARCHIVED = "archived"


NEXT_STATUS: dict[ProductStatus, set[ProductStatus]] = {
    ProductStatus.DRAFT: {ProductStatus.SUBMITTED, ProductStatus.ARCHIVED},
    ProductStatus.SUBMITTED: {ProductStatus.PUBLISHED, ProductStatus.RETURNED, ProductStatus.DRAFT},
    ProductStatus.RETURNED: {ProductStatus.SUBMITTED, ProductStatus.ARCHIVED},
    ProductStatus.PUBLISHED: {ProductStatus.ARCHIVED, ProductStatus.RETURNED},
    ProductStatus.ARCHIVED: {ProductStatus.DRAFT},
}
"""Draft → submitted → published, or returned with a reason; withdrawn products can start again."""


class Supply(StrEnum):
    READY = "ready"
    MADE_TO_ORDER = "made_to_order"


class ShippingClass(StrEnum):
    PARCEL = "parcel"
    CARGO = "cargo"
    PICKUP_ONLY = "pickup_only"
    LOCAL_FRESH = "local_fresh"


class Product(db.Model):
    """A thing that a workshop makes. Every sellable form of it is a variant, even a single one.

    `price_from`, `price_to` and `photo_id` repeat what the variants and photos say, so that a
    list is one read; `catalog.services` keeps them true.
    """

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("lead_days IS NULL OR lead_days BETWEEN 0 AND 365", name="lead_days_sane"),
        CheckConstraint("weekly_capacity IS NULL OR weekly_capacity > 0", name="capacity_positive"),
        CheckConstraint("max_per_order IS NULL OR max_per_order > 0", name="max_per_order_positive"),
        CheckConstraint("shelf_days IS NULL OR shelf_days BETWEEN 1 AND 3650", name="shelf_days_sane"),
        CheckConstraint("(paused_until IS NULL) = (pause_note = '')", name="pause_says_why"),
        CheckConstraint("NOT is_unique OR supply IS NULL OR supply = 'ready'", name="unique_is_ready"),
        CheckConstraint("status <> 'published' OR price_from > 0", name="published_has_price"),
        CheckConstraint("status <> 'published' OR photo_id IS NOT NULL", name="published_has_photo"),
        CheckConstraint("status <> 'published' OR supply IS NOT NULL", name="published_has_supply"),
        Index(
            "ix_products_paused_until",
            "paused_until",
            sqlite_where=db.text("paused_until IS NOT NULL"),
            postgresql_where=db.text("paused_until IS NOT NULL"),
        ),
        Index("ix_products_shelf_newest", "status", "published_at", "id"),
        Index("ix_products_shelf_price", "status", "price_from", "id"),
        Index("ix_products_shelf_facility", "status", "facility_id", "published_at"),
        Index("ix_products_shelf_category", "status", "category_id", "published_at"),
        Index("ix_products_shelf_popular", "status", "popularity", "id"),
        # All that the facets count stands in here, so that counting never reads the products themselves.
        Index(
            "ix_products_shelf_facets",
            "status",
            "category_id",
            "facility_id",
            "supply",
            "price_from",
            "price_to",
            "sold_until",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"), index=True)
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshops.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(90))
    summary: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    materials: Mapped[str] = mapped_column(String(300), default="")
    care: Mapped[str] = mapped_column(String(300), default="")
    size_note: Mapped[str] = mapped_column(String(120), default="")
    technique: Mapped[str] = mapped_column(String(120), default="", server_default="")
    work_hours: Mapped[int | None]  # by hand, for one piece
    option_names: Mapped[list[str]] = mapped_column(JSON, default=list)
    personalisation: Mapped[str] = mapped_column(String(80), default="")
    supply: Mapped[Supply | None] = mapped_column(word_enum(Supply))
    lead_days: Mapped[int | None]
    weekly_capacity: Mapped[int | None]
    max_per_order: Mapped[int | None]
    shipping_class: Mapped[ShippingClass] = mapped_column(
        word_enum(ShippingClass), default=ShippingClass.PARCEL
    )
    status: Mapped[ProductStatus] = mapped_column(word_enum(ProductStatus), default=ProductStatus.DRAFT)
    is_featured: Mapped[bool] = mapped_column(default=False)
    popularity: Mapped[int] = mapped_column(default=0, server_default="0")  # paid orders of late
    is_unique: Mapped[bool] = mapped_column(default=False, server_default=db.false())  # one of each variant
    shelf_days: Mapped[int | None]  # food: for how long it keeps after it was made
    # The last WIB day on which the permits that it needs hold; `catalog.services.permits` keeps it true.
    sold_until: Mapped[date] = mapped_column(default=date.max, server_default="9999-12-31")
    paused_until: Mapped[date | None]  # the first WIB day on which it can be ordered again
    pause_note: Mapped[str] = mapped_column(String(200), default="", server_default="")  # for buyers
    price_from: Mapped[int | None]
    price_to: Mapped[int | None]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"))
    card_key: Mapped[str] = mapped_column(String(80), default="", server_default="")  # beside shared links
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    facility: Mapped[Facility] = relationship()
    workshop: Mapped[Workshop | None] = relationship()
    category: Mapped[Category | None] = relationship()
    photo: Mapped[Picture | None] = relationship()
    variants: Mapped[list["Variant"]] = relationship(
        back_populates="product", order_by="(Variant.position, Variant.id)"
    )
    photos: Mapped[list["ProductPhoto"]] = relationship(
        back_populates="product", order_by="(ProductPhoto.position, ProductPhoto.id)"
    )
    licences: Mapped[list["FoodLicence"]] = relationship(
        back_populates="product", order_by="(FoodLicence.kind, FoodLicence.id)"
    )

    @hybrid_property
    def is_on_sale(self) -> bool:
        """Does the public see it today: published, and its permits hold on this WIB day?"""
        return self.status is ProductStatus.PUBLISHED and self.sold_until >= clock.today()

    @is_on_sale.inplace.expression
    @classmethod
    def _on_sale_expression(cls) -> ColumnElement[bool]:
        # The day is asked when the statement runs: parts of statements are kept for longer than a day.
        today = bindparam("wib_day", callable_=clock.today, type_=Date(), unique=True)
        return and_(cls.status == ProductStatus.PUBLISHED, cls.sold_until >= today)


class Variant(db.Model):
    """What a buyer puts into the cart. Its SKU begins with the code of its facility."""

    __tablename__ = "variants"
    __table_args__ = (
        UniqueConstraint("product_id", "label"),
        CheckConstraint("price IS NULL OR price BETWEEN 1 AND 1000000000", name="price_sane"),
        CheckConstraint("weight IS NULL OR weight BETWEEN 1 AND 5000000", name="weight_sane"),
        CheckConstraint(
            "(length_cm IS NULL OR length_cm > 0) AND (width_cm IS NULL OR width_cm > 0)"
            " AND (height_cm IS NULL OR height_cm > 0)",
            name="size_positive",
        ),
        CheckConstraint(
            "material_cost IS NULL OR material_cost BETWEEN 0 AND 1000000000", name="material_cost_sane"
        ),
        CheckConstraint("work_minutes IS NULL OR work_minutes BETWEEN 1 AND 120000", name="work_sane"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    option_values: Mapped[list[str]] = mapped_column(JSON, default=list)
    label: Mapped[str] = mapped_column(String(120), default="")  # 'marun / 39'; empty when single
    price: Mapped[int | None]
    weight: Mapped[int | None]  # grams, packed
    length_cm: Mapped[int | None]
    width_cm: Mapped[int | None]
    height_cm: Mapped[int | None]
    material_cost: Mapped[int | None]  # rupiah in one piece; for the staff and the office, never for buyers
    work_minutes: Mapped[int | None]  # of work in one piece; likewise
    is_active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    product: Mapped[Product] = relationship(back_populates="variants")

    @property
    def sides(self) -> Sides | None:
        """Length, width and height packed, in cm; None as long as one is unknown."""
        if self.length_cm and self.width_cm and self.height_cm:
            return (self.length_cm, self.width_cm, self.height_cm)
        return None


class ProductPhoto(db.Model):
    """A picture of a product, in the order in which the workshop shows them."""

    __tablename__ = "product_photos"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("pictures.id"), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    product: Mapped[Product] = relationship(back_populates="photos")
    picture: Mapped[Picture] = relationship(lazy="joined")  # not innerjoin: SQLite would read every picture


@append_only
class CurationEvent(db.Model):
    """A product changed its status: who decided, when, and with which words."""

    __tablename__ = "curation_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    from_status: Mapped[ProductStatus | None] = mapped_column(String(32))
    to_status: Mapped[ProductStatus] = mapped_column(String(32))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    comment: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]

    actor: Mapped[User | None] = relationship()


class SearchWord(db.Model):
    """A word that occurs in a published product: what typo help may suggest."""

    __tablename__ = "search_words"

    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    uses: Mapped[int] = mapped_column(default=0)


class Synonym(db.Model):
    """A group of words that mean the same to a buyer: searching one finds the others too."""

    __tablename__ = "synonyms"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    words: Mapped[list[str]] = mapped_column(JSON)  # at least two, as they are written
    created_at: Mapped[datetime]


class ProductTag(db.Model):
    """A word that the office ties products together with ('oleh-oleh', 'hadiah kantor')."""

    __tablename__ = "product_tags"
    __table_args__ = (CheckConstraint("tag = lower(tag)", name="tag_is_lower"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class CollectionKind(StrEnum):
    HAND = "hand"
    RULE = "rule"


class Collection(db.Model):
    """Products shown together: chosen one by one, or by a rule that is asked each time.

    `rule` holds any of category, facility (slugs), tag, price_min, price_max (rupiah), new_days.
    """

    __tablename__ = "collections"
    __table_args__ = (CheckConstraint("length(title) >= 3", name="title_has_words"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    intro: Mapped[str] = mapped_column(String(300), default="")
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"))
    kind: Mapped[CollectionKind] = mapped_column(word_enum(CollectionKind))
    rule: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_published: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    picture: Mapped[Picture | None] = relationship()
    items: Mapped[list["CollectionItem"]] = relationship(
        back_populates="collection", order_by="CollectionItem.position", cascade="all, delete-orphan"
    )


class CollectionItem(db.Model):
    """A product that was put into a collection by hand."""

    __tablename__ = "collection_items"

    collection_id: Mapped[int] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True
    )
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    collection: Mapped[Collection] = relationship(back_populates="items")
