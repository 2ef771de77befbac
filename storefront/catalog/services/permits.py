"""The food gate: which permits a kind of food needs on a day, and until when a product has them.

The office writes the rules (`food_rules`), each with the day from which it holds and its law. What they
ask of a product is worked out here and kept as `products.sold_until`, so that a shelf only compares it with
the WIB day: nothing has to run at midnight for a product to leave.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, false, or_, select

from storefront.catalog.models import (
    Category,
    FoodLicence,
    FoodNeed,
    FoodRule,
    LicenceKind,
    Product,
    ProductStatus,
)
from storefront.core import auditlog, clock
from storefront.core.db import db, found, locked
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.core.transactions import ask_anew, once, touch, transaction

FOREVER = date.max
PERMIT, HALAL = "permit", "halal"
_ABOUT = {
    FoodNeed.PERMIT: PERMIT, FoodNeed.MD: PERMIT, FoodNeed.NO_PERMIT: PERMIT,
    FoodNeed.HALAL: HALAL, FoodNeed.NO_HALAL: HALAL,
}  # fmt: skip
_MET_BY: dict[FoodNeed, frozenset[LicenceKind]] = {
    FoodNeed.PERMIT: frozenset({LicenceKind.PIRT, LicenceKind.MD}),
    FoodNeed.MD: frozenset({LicenceKind.MD}),
    FoodNeed.HALAL: frozenset({LicenceKind.HALAL}),
}
"""Any of these permits is enough; a need that is not here asks for nothing."""
LACKING = {
    FoodNeed.PERMIT: lazy("izin P-IRT atau BPOM MD yang masih berlaku"),
    FoodNeed.MD: lazy("izin BPOM MD yang masih berlaku"),
    FoodNeed.HALAL: lazy("sertifikat halal yang masih berlaku"),
}
MAX_LAW = 200


def needs_on(
    day: date, way: Sequence[int], rules: Iterable[FoodRule], shelf_days: int | None
) -> list[FoodRule]:
    """The rules that ask for something on a day, of a product whose category's ids from the root are `way`.

    The nearest category that says something about a matter decides, by its latest rule. Food of which nobody
    wrote how long it keeps counts as food that keeps.
    """
    nearest: dict[str, FoodRule] = {}
    known = [rule for rule in rules if rule.valid_from <= day and rule.category_id in way]
    for rule in sorted(known, key=lambda rule: (way.index(rule.category_id), rule.valid_from, rule.id)):
        nearest[_ABOUT[rule.need]] = rule  # the later ones are nearer, or newer
    keeps = shelf_days if shelf_days is not None else 10_000
    return [
        rule
        for rule in nearest.values()
        if rule.need in _MET_BY and (rule.over_days is None or keeps > rule.over_days)
    ]


def lacking_on(
    day: date,
    way: Sequence[int],
    rules: Iterable[FoodRule],
    shelf_days: int | None,
    licences: Iterable[FoodLicence],
) -> list[FoodRule]:
    """Those of the rules that no permit meets on that day."""
    held = {licence.kind for licence in licences if licence.holds_on(day)}
    return [rule for rule in needs_on(day, way, rules, shelf_days) if not _MET_BY[rule.need] & held]


def last_day(
    today: date,
    way: Sequence[int],
    rules: Sequence[FoodRule],
    shelf_days: int | None,
    licences: Sequence[FoodLicence],
) -> date:
    """Until when, from today on, nothing is lacking: FOREVER, or yesterday when something is lacking now."""
    turns = {today} | {rule.valid_from for rule in rules if rule.valid_from > today}
    ends = (licence.last_day for licence in licences)
    turns |= {end + timedelta(days=1) for end in ends if end is not None and today <= end < FOREVER}
    for day in sorted(turns):
        if lacking_on(day, way, rules, shelf_days, licences):
            return day - timedelta(days=1)
    return FOREVER


def sold_until(product: Product) -> date:
    """Until when a product may be sold by its permits, as it is now. One that ended keeps its day."""
    way = _way(product)
    rules = _rules(way)
    if not rules:
        return FOREVER
    day = last_day(clock.today(), way, rules, product.shelf_days, product.licences)
    before: date | None = product.sold_until  # none yet while a new product is made
    return before if before and before < clock.today() and day < clock.today() else day


def lacking(product: Product) -> list[FoodRule]:
    """The rules that a product does not meet today."""
    way = _way(product)
    return lacking_on(clock.today(), way, _rules(way), product.shelf_days, product.licences)


def lacking_words(product: Product) -> list[str]:
    """The same in words, each with its law: 'sertifikat halal yang masih berlaku (PP 42/2024)'."""
    return [f"{LACKING[rule.need]} ({rule.legal_ref})" for rule in lacking(product)]


def add_rule(
    category_id: int,
    need: FoodNeed,
    valid_from: date,
    legal_ref: str,
    *,
    over_days: int | None = None,
    actor_id: int | None = None,
) -> tuple[FoodRule, int]:
    """Ask something of a category's food from a day on; the rule, and how many products left the shelf by it.

    Raises Invalid for a rule that is there, NotFound.
    """
    legal_ref = " ".join(legal_ref.split())
    if not 3 <= len(legal_ref) <= MAX_LAW:
        raise Invalid({"legal_ref": _("Tulis peraturannya, misalnya Peraturan BPOM 31/2018.")})
    with transaction():
        category = found(Category, category_id)
        if db.session.scalar(
            select(FoodRule.id).filter_by(category_id=category_id, need=need, valid_from=valid_from)
        ):
            raise Invalid({"valid_from": _("Aturan ini sudah ada untuk kategori dan tanggal itu.")})
        rule = FoodRule(
            category_id=category_id, need=need, valid_from=valid_from, legal_ref=legal_ref,
            over_days=over_days, created_at=clock.now(), created_by_id=actor_id,
        )  # fmt: skip
        db.session.add(rule)
        db.session.flush()
        ask_anew()
        auditlog.write(
            "food_rule.added", "food_rule", rule.id, actor_id=actor_id, category=category.name, need=need,
            valid_from=valid_from, over_days=over_days, legal_ref=legal_ref,
        )  # fmt: skip
        return rule, refresh_below(category.path)


def drop_rule(rule_id: int, actor_id: int | None = None) -> None:
    """Take a rule back, as if it had never been. Raises NotFound."""
    with transaction():
        rule = locked(FoodRule, rule_id)
        path = rule.category.path
        auditlog.write(
            "food_rule.dropped", "food_rule", rule.id, actor_id=actor_id, category=rule.category.name,
            need=rule.need, valid_from=rule.valid_from, legal_ref=rule.legal_ref,
        )  # fmt: skip
        db.session.delete(rule)
        db.session.flush()
        ask_anew()
        refresh_below(path)


def refresh_all() -> int:
    """Work out `sold_until` of all food anew, each product by itself; returns how many changed.

    Nothing rests on it: it sets right what a rule that ended, or a restored backup, left behind.
    """
    paths = list(db.session.scalars(select(Category.path).join(FoodRule).distinct()))
    dated = Product.sold_until < FOREVER
    ids = list(db.session.scalars(select(Product.id).where(or_(dated, _below(paths))).order_by(Product.id)))
    db.session.rollback()
    return sum(_refresh(product_id) for product_id in ids)


def _refresh(product_id: int) -> bool:
    with transaction():
        try:
            product = locked(Product, product_id)
        except NotFound:  # gone meanwhile
            return False
        before, product.sold_until = product.sold_until, sold_until(product)
        if product.sold_until != before and product.status is ProductStatus.PUBLISHED:
            touch("catalog")
        return product.sold_until != before


def refresh_below(path: str) -> int:
    """The same for a category and all below it, in the running transaction; how many left the shelf."""
    ids = db.session.scalars(select(Product.id).where(_below([path])).order_by(Product.id)).all()
    left = 0
    for product_id in ids:
        product = locked(Product, product_id)
        was_on_sale, product.sold_until = product.is_on_sale, sold_until(product)
        left += was_on_sale and not product.is_on_sale
    if ids:
        db.session.flush()
        touch("catalog")
    return left


def _below(paths: Iterable[str]) -> ColumnElement[bool]:
    inside = [Category.path.startswith(path, autoescape=True) for path in paths]
    return Product.category_id.in_(select(Category.id).where(or_(false(), *inside)))


def _way(product: Product) -> list[int]:
    """The ids of a product's categories from the root; none without a category."""
    category = db.session.get(Category, product.category_id) if product.category_id else None
    return [int(part) for part in category.path.strip("/").split("/")] if category and category.path else []


def _rules(way: Sequence[int]) -> Sequence[FoodRule]:
    if not way:
        return []
    asked = select(FoodRule).where(FoodRule.category_id.in_(way))
    return once(("food_rules", *way), lambda: db.session.scalars(asked).all())
