"""What staff see while they write an order down: drafts of their own, goods to choose from, cash taken."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, literal, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from storefront.assisted.models import CashReceipt, Draft
from storefront.cart.models import Cart, CartLine
from storefront.catalog.models import Product, Supply, Variant
from storefront.catalog.queries.cards import ON_SALE
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.models import Picture
from storefront.core.tokens import token_hash
from storefront.facilities.models import Facility
from storefront.inventory.queries import availability
from storefront.orders.models import Order, Parcel

Scope = int | None
"""Whose orders: a facility's id, or None for the office, which sees all."""
MOST_FOUND = 12


@dataclass(frozen=True)
class GoodsRow:
    """A form of a product that can be sold now; `rest` is None where it is made to order."""

    variant_id: int
    title: str
    label: str
    sku: str
    facility: str
    price: int
    rest: int | None
    personalisation: str
    photo: Picture | None


def draft_of(scope: Scope, draft_id: int) -> Draft:
    """A draft of this facility, or of any for the office. Raises NotFound."""
    draft = db.session.scalar(_drafts(scope).where(Draft.id == draft_id).options(_with_order()))
    if draft is None:
        raise NotFound
    return draft


def drafts_of(scope: Scope, *, before: int | None = None, limit: int = 25) -> tuple[list[Draft], int | None]:
    """The drafts and orders that were written down, the last touched first, from the draft `before` on.

    With the last one's id when there are older ones.
    """
    asked = _drafts(scope)
    if before is not None:
        touched = select(Draft.updated_at).filter_by(id=before).scalar_subquery()
        asked = asked.where(tuple_(Draft.updated_at, Draft.id) < tuple_(touched, literal(before)))
    rows = db.session.scalars(
        asked.options(joinedload(Draft.order), joinedload(Draft.created_by), joinedload(Draft.facility))
        .order_by(Draft.updated_at.desc(), Draft.id.desc())
        .limit(limit + 1)
    ).all()
    return list(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None


def pieces_in(drafts: Sequence[Draft]) -> dict[int, int]:
    """How many pieces the carts of these drafts hold, by draft."""
    ids = {token_hash(draft.cart_token): draft.id for draft in drafts if draft.cart_token}
    rows = db.session.execute(
        select(Cart.token_hash, func.sum(CartLine.quantity))
        .join(Cart.lines)
        .where(Cart.token_hash.in_(ids))
        .group_by(Cart.token_hash)
    )
    return {ids[row[0]]: int(row[1]) for row in rows}


def find_goods(scope: Scope, words: str) -> list[GoodsRow]:
    """Forms of products on sale whose title, form or SKU holds every word; a facility finds its own."""
    wanted = words.split()[:6]
    if not wanted:
        return []
    statement = (
        select(Variant, Product, Facility, Picture)
        .join(Variant.product)
        .join(Product.facility)
        .outerjoin(Product.photo)
        .options(contains_eager(Variant.product))
        .where(ON_SALE, Variant.is_active, Variant.price.is_not(None))
        .order_by(Product.title, Variant.position, Variant.id)
        .limit(MOST_FOUND)
    )
    for word in wanted:
        fits = [
            column.icontains(word, autoescape=True) for column in (Product.title, Variant.label, Variant.sku)
        ]
        statement = statement.where(or_(*fits))
    if scope is not None:
        statement = statement.where(Product.facility_id == scope)
    rows = db.session.execute(statement).all()
    ready = {row.Variant.id for row in rows if row.Product.supply is Supply.READY}
    stock = availability(ready) if ready else {}
    return [
        GoodsRow(
            row.Variant.id, row.Product.title, row.Variant.label, row.Variant.sku, row.Facility.name,
            row.Variant.price, stock.get(row.Variant.id, 0) if row.Variant.id in ready else None,
            row.Product.personalisation or "", row.Picture,
        )
        for row in rows
    ]  # fmt: skip


def receipt_of(order_id: int | None) -> CashReceipt | None:
    """The cash that was taken for an order."""
    if order_id is None:
        return None
    return db.session.scalar(
        select(CashReceipt)
        .filter_by(order_id=order_id)
        .options(joinedload(CashReceipt.taken_by), joinedload(CashReceipt.counted_by))
    )


def _drafts(scope: Scope) -> Select[Draft]:
    statement = select(Draft)
    return statement if scope is None else statement.where(Draft.facility_id == scope)


def _with_order() -> ExecutableOption:
    return joinedload(Draft.order).options(
        selectinload(Order.lines), selectinload(Order.parcels).joinedload(Parcel.facility),
        selectinload(Order.discounts),
    )  # fmt: skip
