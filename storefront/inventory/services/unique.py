"""One of a kind: of each form of a unique product there is one piece, wherever it lies and whoever has it."""

from collections.abc import Collection, Mapping

from sqlalchemy import column, func, select, table

from storefront.core.db import db, for_update
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.inventory.models import MovementKind, StockLevel, StockMovement

_variants = table("variants", column("id"), column("product_id"))  # of the feature above
_products = table("products", column("id"), column("is_unique"))

WITH_BUYERS = (MovementKind.SOLD, MovementKind.RETURNED)


def pieces_made(variant_id: int) -> int:
    """How many pieces of a variant there are; its levels stay locked until the transaction ends."""
    levels = for_update(select(StockLevel.id).where(StockLevel.variant_id == variant_id))
    db.session.execute(levels.order_by(StockLevel.location_id))
    return _in_the_world(variant_id)


def _in_the_world(variant_id: int) -> int:
    """In all places of its facility, and sold and not come back."""
    lying = select(func.coalesce(func.sum(StockLevel.on_hand), 0)).where(StockLevel.variant_id == variant_id)
    sold = (
        select(func.coalesce(func.sum(StockMovement.on_hand_delta), 0))
        .join(StockMovement.level)
        .where(StockLevel.variant_id == variant_id, StockMovement.kind.in_(WITH_BUYERS))
    )
    return int(db.session.scalar(lying) or 0) - int(db.session.scalar(sold) or 0)


def refuse_second(variant_id: int, more: int) -> None:
    """So many more pieces of a unique product cannot be. Raises Invalid.

    The level of the storeroom has to be locked, so that two officers do not both bring the one piece.
    """
    if more <= 0 or not unique_of([variant_id]) or _in_the_world(variant_id) + more <= 1:
        return
    raise Invalid({"quantity": _("Barang ini satu-satunya: sudah tercatat atau sudah terjual.")})


def refuse_several(pieces: Mapping[int, int]) -> None:
    """So many first pieces of new variants cannot be: of what is unique there is one. Raises Invalid."""
    if unique_of([variant_id for variant_id, number in pieces.items() if number > 1]):
        raise Invalid({"quantity": _("Barang ini satu-satunya: paling banyak satu buah.")})


def unique_of(variant_ids: Collection[int]) -> set[int]:
    """Those of the variants that are forms of a unique product."""
    mine = (
        select(_variants.c.id)
        .join(_products, _products.c.id == _variants.c.product_id)
        .where(_variants.c.id.in_(variant_ids), _products.c.is_unique)
    )
    return set(db.session.scalars(mine))
