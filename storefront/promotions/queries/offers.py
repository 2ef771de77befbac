"""Which promotions a basket may have today, each with the products that it counts for."""

from collections.abc import Collection as AnyCollection
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, column, or_, select, table

from storefront.catalog.models import Category, Collection, CollectionItem, CollectionKind, Product
from storefront.catalog.queries.collections import rule_conditions
from storefront.core import clock
from storefront.core.db import db
from storefront.core.language import _
from storefront.facilities.models import Facility
from storefront.promotions.models import Promotion, PromotionPerson, PromotionScope
from storefront.promotions.queries.reckoning import Basket, Offer, Reckoning, reckon
from storefront.web.formats import plain_date

FAIRS = table("fairs", column("id"), column("name"), column("starts_on"), column("ends_on"))
"""Fairs are a neighbour's: only what a promotion says of one is read here."""

Found = Row[Any]


def is_live(today: date) -> ColumnElement[bool]:
    """May it be had on this WIB day? How often it was used is another question."""
    return and_(
        Promotion.ended_at.is_(None),
        Promotion.starts_on <= today,
        or_(Promotion.ends_on.is_(None), Promotion.ends_on >= today),
    )


def reckoned(basket: Basket, people: AnyCollection[str] = ()) -> Reckoning:
    """What today's promotions take off a basket. `people` are the buyer's keys, as far as they are known.

    One query where nothing is on offer; two or three more where products have to be looked up.
    """
    if not basket.goods:
        return Reckoning(code=basket.code)
    automatic = and_(Promotion.code.is_(None), is_live(clock.today()))
    rows = _rows(or_(automatic, Promotion.code == basket.code) if basket.code else automatic)
    spent = _spent(rows, people)
    offers = (_offer(row, basket, spent) for row in rows if _concerns(row.Promotion, basket))
    return reckon(basket, offers)


def code_offer(code: str) -> Offer | None:
    """The promotion of a code as it stands today, or None: nobody knows this code."""
    return _seen_alone(Promotion.code == code)


def offer_to_show(promotion_id: int) -> Offer | None:
    """A promotion as its own page tells of it."""
    return _seen_alone(Promotion.id == promotion_id)


def _seen_alone(condition: ColumnElement[bool]) -> Offer | None:
    rows = _rows(condition)
    return _offer(rows[0], Basket(fair_id=rows[0].Promotion.fair_id), frozenset()) if rows else None


def _rows(asked: ColumnElement[bool]) -> list[Found]:
    """The promotions that are asked for, with the names of what they are for."""
    statement = (
        select(
            Promotion, Product.title, Category.name, Category.name_en, Category.path,
            Facility.name.label("facility"), Collection, FAIRS.c.name.label("fair"),
        )
        .outerjoin(Product, Product.id == Promotion.product_id)
        .outerjoin(Category, Category.id == Promotion.category_id)
        .outerjoin(Facility, Facility.id == Promotion.scope_facility_id)
        .outerjoin(Collection, Collection.id == Promotion.collection_id)
        .outerjoin(FAIRS, FAIRS.c.id == Promotion.fair_id)
        .where(asked)
        .order_by(Promotion.id)
    )  # fmt: skip
    return list(db.session.execute(statement))


def _concerns(promotion: Promotion, basket: Basket) -> bool:
    """Automatic offers of other fairs, and those that are used up, are nothing that a buyer has to know."""
    if promotion.code is not None:
        return True
    return not _is_used_up(promotion) and promotion.fair_id in (None, basket.fair_id)


def _offer(row: Found, basket: Basket, spent: AnyCollection[int]) -> Offer:
    promotion: Promotion = row.Promotion
    makers = {promotion.scope_facility_id, promotion.facility_id} - {None}
    return Offer(
        id=promotion.id,
        name=promotion.name,
        code=promotion.code or "",
        kind=promotion.kind,
        value=promotion.value,
        pieces=promotion.pieces or 0,
        minimum=promotion.minimum,
        maximum=promotion.maximum,
        funder=promotion.funder,
        facility_id=promotion.facility_id,
        scope_words=_scope_words(row),
        products=_products(row, basket.product_ids),
        # A facility that gives something off its own goods gives nothing off anybody else's.
        makers=frozenset(key for key in makers if key is not None) or None,
        refused=_refusal(promotion, row.fair or "", basket, spent),
    )


def _products(row: Found, among: AnyCollection[int]) -> frozenset[int] | None:
    """The products of the basket that the promotion counts for; None: all of them."""
    promotion: Promotion = row.Promotion
    match promotion.scope:
        case PromotionScope.PRODUCT:
            return frozenset({promotion.product_id or 0})
        case PromotionScope.CATEGORY:
            inside = select(Category.id).where(Category.path.startswith(row.path))
            return _ids(Product.id, Product.category_id.in_(inside), Product.id.in_(among))
        case PromotionScope.COLLECTION if row.Collection.kind is CollectionKind.HAND:
            wanted = CollectionItem.collection_id == row.Collection.id
            return _ids(CollectionItem.product_id, wanted, CollectionItem.product_id.in_(among))
        case PromotionScope.COLLECTION:
            return _ids(Product.id, *rule_conditions(row.Collection.rule), Product.id.in_(among))
        case _:
            return None


def _ids(key: Any, *conditions: ColumnElement[bool]) -> frozenset[int]:
    return frozenset(db.session.scalars(select(key).where(*conditions)))


def _spent(rows: Iterable[Found], people: AnyCollection[str]) -> frozenset[int]:
    """The promotions that this person has used as often as one person may."""
    limited = [row.Promotion.id for row in rows if row.Promotion.person_limit is not None]
    if not limited or not people:
        return frozenset()
    return _ids(
        PromotionPerson.promotion_id,
        PromotionPerson.promotion_id.in_(limited),
        PromotionPerson.key.in_(people),
        PromotionPerson.used >= PromotionPerson.most,
    )


def _is_used_up(promotion: Promotion) -> bool:
    return promotion.total_limit is not None and promotion.used >= promotion.total_limit


def _refusal(promotion: Promotion, fair: str, basket: Basket, spent: AnyCollection[int]) -> str:
    """Why it cannot be had, in words for the buyer; '' when it can."""
    today = clock.today()
    if promotion.ended_at is not None or (promotion.ends_on is not None and promotion.ends_on < today):
        return _("Masa berlakunya sudah berakhir.")
    if promotion.starts_on > today:
        return _("Baru berlaku mulai %(day)s.", day=plain_date(promotion.starts_on))
    if _is_used_up(promotion):
        return _("Kuotanya sudah habis.")
    if promotion.id in spent:
        return _("Sudah dipakai sebanyak yang dibolehkan untuk satu orang.")
    if promotion.fair_id not in (None, basket.fair_id):
        return _("Hanya untuk pengunjung %(fair)s yang datang lewat kode QR-nya.", fair=fair)
    return ""


def _scope_words(row: Found) -> str:
    """What it counts for: '' for everything."""
    promotion: Promotion = row.Promotion
    match promotion.scope:
        case PromotionScope.PRODUCT:
            return str(row.title)
        case PromotionScope.CATEGORY:
            return Category(name=row.name, name_en=row.name_en).label
        case PromotionScope.FACILITY:
            return str(row.facility)
        case PromotionScope.COLLECTION:
            return str(row.Collection.title)
        case PromotionScope.FAIR:
            return str(row.fair)
        case _:
            return ""
