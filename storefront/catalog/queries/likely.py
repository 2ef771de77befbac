"""What a new product probably is, told from its name: its category, and what such things weigh packed.

Only the own products of the facility and what the public sees anyway are asked; nobody's drafts leak.
"""

from collections import Counter
from statistics import median

from sqlalchemy import ColumnElement, or_, select

from storefront.catalog.models import Category, Product, ProductStatus, Variant
from storefront.core.db import db
from storefront.core.words import stems

LATEST = 400
"""Products whose names are compared: enough to know the words of every category."""
OWN, SHOP, SHELF = 2, 1, 3
"""What a shared word counts for: in a name of one's own, of the shop's, in the category's own name."""
STEP = 10
"""Grams to which a usual weight is rounded."""


def likely_category(facility_id: int, title: str) -> int | None:
    """The category whose names share most words with this title; without any, the facility's usual one."""
    wanted = set(stems(title).split())
    if not wanted:
        return None
    rows = db.session.execute(
        select(Product.title, Product.category_id, Product.facility_id)
        .where(_visible(facility_id))
        .order_by(Product.id.desc())
        .limit(LATEST)
    ).all()
    points: Counter[int] = Counter()
    usual: Counter[int] = Counter()
    for name, category_id, owner_id in rows:
        if category_id is None:
            continue
        shared = len(wanted & set(stems(name).split()))
        points[category_id] += shared * (OWN if owner_id == facility_id else SHOP)
        usual[category_id] += owner_id == facility_id
    for category_id, name in db.session.execute(select(Category.id, Category.name)):
        points[category_id] += len(wanted & set(stems(name).split())) * SHELF
    best = _first(points)
    return best if best is not None else _first(usual)


def usual_weight(facility_id: int, category_id: int) -> int | None:
    """What one piece of this category weighs packed, in grams: the median, or None when nobody knows."""
    weights = db.session.scalars(
        select(Variant.weight)
        .join(Variant.product)
        .where(
            Product.category_id == category_id,
            Variant.weight.is_not(None),
            Variant.is_active,
            _visible(facility_id),
        )
        .limit(LATEST)
    ).all()
    known = [weight for weight in weights if weight]
    return max(STEP, round(median(known) / STEP) * STEP) if known else None


def _first(points: Counter[int]) -> int | None:
    """The one with most points; of equals the one that was there first."""
    best = max(points, key=lambda key: (points[key], -key), default=None)
    return best if best is not None and points[best] > 0 else None


def _visible(facility_id: int) -> ColumnElement[bool]:
    return or_(Product.facility_id == facility_id, Product.status == ProductStatus.PUBLISHED)
