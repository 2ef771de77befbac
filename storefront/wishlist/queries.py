"""What a list shows: its products as cards, what changed since they were kept, what can be bought at once."""

from dataclasses import dataclass

from sqlalchemy import func, select

from storefront.catalog.models import Product, Variant
from storefront.catalog.queries.cards import card_columns, cards
from storefront.catalog.queries.rows import CardRow
from storefront.core.db import db
from storefront.facilities.models import Facility
from storefront.wishlist.models import SavedProduct
from storefront.wishlist.services import Owner


@dataclass(frozen=True)
class SavedRow:
    """A kept product. `card` is None when it is no longer sold; `variant_id` when there is one form only."""

    product_id: int
    title: str
    price_seen: int
    card: CardRow | None
    variant_id: int | None

    @property
    def price_change(self) -> int:
        """Rupiah by which its price rose (or fell) since it was kept."""
        return self.card.price_from - self.price_seen if self.card else 0


def saved_ids(owner: Owner) -> list[int]:
    """The products of a list, the latest first."""
    return list(
        db.session.scalars(
            select(SavedProduct.product_id).where(owner.mine()).order_by(SavedProduct.id.desc())
        )
    )


def saved_products(owner: Owner) -> list[SavedRow]:
    """A list with all that its page shows, the latest first. Four queries, however long it is."""
    rows = db.session.execute(
        select(SavedProduct.product_id, SavedProduct.price_seen, Product.title)
        .join(Product, Product.id == SavedProduct.product_id)
        .where(owner.mine())
        .order_by(SavedProduct.id.desc())
    ).all()
    if not rows:
        return []
    ids = [row.product_id for row in rows]
    open_ones = card_columns().where(Product.id.in_(ids), Facility.is_open)
    found = {card.id: card for card in cards(open_ones)}
    single = _single_forms(ids)
    return [
        SavedRow(
            row.product_id, row.title, row.price_seen, found.get(row.product_id), single.get(row.product_id)
        )
        for row in rows
    ]


def _single_forms(ids: list[int]) -> dict[int, int]:
    """The variant of each product that has only one, and asks for nothing to be written on it."""
    rows = db.session.execute(
        select(Variant.product_id, func.min(Variant.id))
        .join(Variant.product)
        .where(
            Variant.product_id.in_(ids),
            Variant.is_active,
            Product.is_on_sale,
            Product.personalisation == "",
        )
        .group_by(Variant.product_id)
        .having(func.count(Variant.id) == 1)
    )
    return {row[0]: row[1] for row in rows}
