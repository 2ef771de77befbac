"""Promotions as those see them who make them: what runs, how often it was used, what it cost so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from storefront.catalog.models import Category, Collection, Product
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.facilities.models import Facility
from storefront.promotions.models import Promotion, PromotionUse, UseState
from storefront.promotions.queries.offers import FAIRS, is_live

PAGE = 25


class Stage(StrEnum):
    """Where a promotion stands today (WIB)."""

    RUNNING = "running"
    COMING = "coming"
    USED_UP = "used_up"
    OVER = "over"


@dataclass(frozen=True)
class PromotionRow:
    """A promotion with its uses: orders that wait, orders that were paid, and rupiah given to those."""

    promotion: Promotion
    facility: str
    held: int
    used: int
    given: int

    @property
    def stage(self) -> Stage:
        """Where it stands today."""
        row, today = self.promotion, clock.today()
        if row.ended_at is not None or (row.ends_on is not None and row.ends_on < today):
            return Stage.OVER
        if row.starts_on > today:
            return Stage.COMING
        full = row.total_limit is not None and row.used >= row.total_limit
        return Stage.USED_UP if full else Stage.RUNNING

    @property
    def was_used(self) -> bool:
        """Did an order that stands ever use it? Then its terms stay."""
        return bool(self.held or self.used)


def promotions(
    realm: ColumnElement[bool], stage: Stage | None = None, *, offset: int = 0, limit: int = PAGE
) -> tuple[list[PromotionRow], int]:
    """The promotions of a realm (see Author), the newest first, and how many there are. Three queries."""
    where = [realm] if stage is None else [realm, _at(stage)]
    total = db.session.scalar(select(func.count(Promotion.id)).where(*where)) or 0
    newest = select(Promotion).where(*where).order_by(Promotion.id.desc()).offset(offset).limit(limit)
    return _rows(db.session.scalars(newest).all()), total


def counts(realm: ColumnElement[bool]) -> dict[Stage, int]:
    """How many promotions of a realm stand where."""
    return {
        stage: db.session.scalar(select(func.count(Promotion.id)).where(realm, _at(stage))) or 0
        for stage in Stage
    }


def promotion_of(realm: ColumnElement[bool], promotion_id: int) -> PromotionRow:
    """One promotion of a realm. Raises NotFound."""
    promotion = db.session.scalar(select(Promotion).where(Promotion.id == promotion_id, realm))
    if promotion is None:
        raise NotFound
    return _rows([promotion])[0]


def scope_choices(facility_id: int | None = None) -> dict[str, list[tuple[int, str]]]:
    """What a promotion may be for, by scope: (id, name). Products are named by their address instead.

    With `facility_id` of all facilities only that one.
    """
    return {
        "category": _names(Category.id, Category.name, Category.path),
        "facility": [
            row for row in _names(Facility.id, Facility.name, Facility.name) if facility_id in (None, row[0])
        ],
        "collection": _names(Collection.id, Collection.title, Collection.title),
        "fair": _names(FAIRS.c.id, FAIRS.c.name, FAIRS.c.starts_on.desc()),
    }


def product_by_slug(slug: str) -> int | None:
    """The id of the product with this address, on sale or not yet."""
    return db.session.scalar(select(Product.id).where(Product.slug == slug))


def slug_of(product_id: int | None) -> str:
    """The address of a product; '' for none."""
    return db.session.scalar(select(Product.slug).where(Product.id == product_id)) or ""


# --- pieces -------------------------------------------------------------------------------------------


def _at(stage: Stage) -> ColumnElement[bool]:
    today = clock.today()
    full = and_(Promotion.total_limit.is_not(None), Promotion.used >= Promotion.total_limit)
    match stage:
        case Stage.RUNNING:
            return and_(is_live(today), not_(full))
        case Stage.USED_UP:
            return and_(is_live(today), full)
        case Stage.COMING:
            return and_(Promotion.ended_at.is_(None), Promotion.starts_on > today)
        case _:
            return or_(Promotion.ended_at.is_not(None), Promotion.ends_on < today)


def _rows(found: Sequence[Promotion]) -> list[PromotionRow]:
    ids = [row.id for row in found]
    uses = {
        (promotion_id, state): (count, int(amount))
        for promotion_id, state, count, amount in db.session.execute(
            select(PromotionUse.promotion_id, PromotionUse.state, func.count(), func.sum(PromotionUse.amount))
            .where(PromotionUse.promotion_id.in_(ids))
            .group_by(PromotionUse.promotion_id, PromotionUse.state)
        )
    }
    payers = {row.facility_id for row in found if row.facility_id is not None}
    names = dict(_names(Facility.id, Facility.name, Facility.name)) if payers else {}
    return [
        PromotionRow(
            promotion=row,
            facility=names.get(row.facility_id or 0, ""),
            held=uses.get((row.id, UseState.HELD), (0, 0))[0],
            used=uses.get((row.id, UseState.USED), (0, 0))[0],
            given=uses.get((row.id, UseState.USED), (0, 0))[1],
        )
        for row in found
    ]


def _names(key: Any, name: Any, order: Any) -> list[tuple[int, str]]:
    return [(row[0], row[1]) for row in db.session.execute(select(key, name).order_by(order, key))]
