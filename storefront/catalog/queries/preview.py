"""A product as buyers would see it while somebody still writes it: nothing of it is stored."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from storefront.catalog.models import Category, Product, ShippingClass
from storefront.catalog.queries.product import page_alone
from storefront.catalog.queries.rows import ProductPage
from storefront.core.db import db
from storefront.core.language import _
from storefront.core.models import Picture
from storefront.facilities.models import Facility, Workshop
from storefront.inventory.queries import availability

PLENTY = 99
"""Pieces of a form that nobody counted yet: before it is on sale, somebody has to."""

_BLANK: dict[str, Any] = {
    "id": 0, "slug": "", "title": "", "summary": "", "description": "", "materials": "", "care": "",
    "size_note": "", "technique": "", "work_hours": None, "personalisation": "", "card_key": "",
    "option_names": [], "supply": None, "lead_days": None, "weekly_capacity": None, "max_per_order": None,
    "shipping_class": ShippingClass.PARCEL, "published_at": None, "category": None, "licences": [],
    "facility_id": 0, "workshop_id": None,
    "paused_until": None, "pause_note": "", "is_unique": False,
}  # fmt: skip
_AROUND = ("facility", "workshop", "photos")


def preview_of(
    product: Product, typed: Mapping[str, Any] | None = None, prices: Mapping[int, int | None] | None = None
) -> ProductPage:
    """A product with what is typed in place of what is stored; `prices` in rupiah by variant."""
    typed, prices = typed or {}, prices or {}
    draft = SimpleNamespace(**{name: getattr(product, name) for name in (*_BLANK, *_AROUND)})
    if "workshop_id" in typed:
        draft.workshop = _workshop(product.facility_id, typed["workshop_id"])
    draft.variants = [
        _form_of(variant, prices.get(variant.id, variant.price)) for variant in product.variants
    ]
    pieces = availability(variant.id for variant in product.variants)
    return _page(draft, typed, {form.id: pieces.get(form.id, PLENTY) for form in draft.variants})


def preview_staged(
    product: Product, document: Mapping[str, Any], pictures: Mapping[int, Picture]
) -> ProductPage:
    """A product as it would be with its staged change; `document` is the changed one."""
    typed = {**document, "shipping_class": ShippingClass(document["shipping_class"])}
    draft = SimpleNamespace(**{name: getattr(product, name) for name in (*_BLANK, *_AROUND)})
    draft.workshop = _workshop(product.facility_id, document["workshop_id"])
    draft.category = db.session.get(Category, document["category_id"]) if document["category_id"] else None
    shown = [
        (pictures[one["picture"]], one["alt"]) for one in document["photos"] if one["picture"] in pictures
    ]
    draft.photos = [SimpleNamespace(picture=_described(picture, alt)) for picture, alt in shown]
    arity = len(document["option_names"])
    draft.variants = [_form_of(one, one.price) for one in product.variants if len(one.option_values) == arity]
    draft.variants += [_staged_form(-n, form) for n, form in enumerate(document["forms"], 1)]
    pieces = availability(one.id for one in draft.variants if one.id > 0)
    return _page(draft, typed, {form.id: pieces.get(form.id, PLENTY) for form in draft.variants})


def preview_of_new(
    facility: Facility, typed: Mapping[str, Any], pictures: Sequence[Picture], workshop: Workshop | None
) -> ProductPage:
    """A product that is not there yet; `typed` holds price (rupiah), weight (grams) and quantity too."""
    draft = SimpleNamespace(**_BLANK, facility=facility, workshop=workshop)
    draft.photos = [SimpleNamespace(picture=picture) for picture in pictures]
    draft.variants = [_only_form(typed.get("price"), typed.get("weight"))]
    quantity = typed.get("quantity")
    return _page(draft, typed, {0: PLENTY if quantity is None else quantity})


def _page(draft: SimpleNamespace, typed: Mapping[str, Any], pieces: dict[int, int]) -> ProductPage:
    vars(draft).update({name: value for name, value in typed.items() if name in _BLANK})
    draft.title = draft.title or _("Nama produk")
    prices = [variant.price for variant in draft.variants if variant.is_active and variant.price]
    draft.price_from, draft.price_to = min(prices, default=0), max(prices, default=0)
    return page_alone(draft, pieces)


def _form_of(variant: Any, price: int | None) -> SimpleNamespace:
    names = (
        "id",
        "sku",
        "label",
        "option_values",
        "weight",
        "length_cm",
        "width_cm",
        "height_cm",
        "is_active",
    )
    return SimpleNamespace(**{name: getattr(variant, name) for name in names}, price=price)


def _only_form(price: int | None, weight: int | None) -> SimpleNamespace:
    return SimpleNamespace(
        id=0, sku="", label="", option_values=[], price=price, weight=weight,
        length_cm=None, width_cm=None, height_cm=None, is_active=True,
    )  # fmt: skip


def _staged_form(number: int, form: Mapping[str, Any]) -> SimpleNamespace:
    made = _only_form(form.get("price"), form.get("weight"))
    made.id, made.option_values, made.label = number, form["values"], " / ".join(form["values"])
    return made


def _described(picture: Picture, alt: str) -> SimpleNamespace:
    names = ("id", "key", "width", "height", "tone", "widths", "has_avif")
    return SimpleNamespace(**{name: getattr(picture, name) for name in names}, alt=alt)


def _workshop(facility_id: int, workshop_id: int | None) -> Workshop | None:
    """The chosen workshop, if it is the facility's own."""
    room = db.session.get(Workshop, workshop_id) if workshop_id else None
    return room if room is not None and room.facility_id == facility_id else None
