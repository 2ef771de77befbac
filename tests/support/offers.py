"""Promotions for tests, written down through the real service."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from storefront.accounts.models import Role
from storefront.cart.services import set_code
from storefront.core import clock
from storefront.core.db import db
from storefront.promotions.models import (
    Funder,
    Promotion,
    PromotionKind,
    PromotionScope,
    PromotionUse,
    UseState,
)
from storefront.promotions.services import Author, Terms, create_promotion
from tests import factories


def author(role: str = "regional", facility_id: int | None = None) -> Author:
    """Somebody who makes promotions."""
    return Author(factories.user("regional").id, Role(role), facility_id)


def terms(**fields: Any) -> Terms:
    """Ten per cent off everything, borne by the province, running since yesterday."""
    usual = Terms(
        name="Diskon Contoh",
        kind=PromotionKind.PERCENT,
        value=10,
        starts_on=clock.today() - timedelta(days=1),
        funder=Funder.PEMPROV,
    )
    for name, enum in (("kind", PromotionKind), ("scope", PromotionScope), ("funder", Funder)):
        if name in fields:
            fields[name] = enum(fields[name])
    return replace(usual, **fields)


def offer(by: Author | None = None, **fields: Any) -> int:
    """The id of a new promotion; automatic unless it has a code."""
    return create_promotion(terms(**fields), by or author())


def with_code(token: str, code: str) -> str:
    """The same cart, with a voucher in it."""
    set_code(token, code)
    return token


def used(promotion_id: int) -> int:
    """How often a promotion is held or used, by its own count."""
    db.session.expire_all()
    return db.session.get_one(Promotion, promotion_id).used


def uses(promotion_id: int) -> list[UseState]:
    """Where its uses stand, the oldest first."""
    db.session.expire_all()
    statement = select(PromotionUse.state).filter_by(promotion_id=promotion_id).order_by(PromotionUse.id)
    return list(db.session.scalars(statement))
