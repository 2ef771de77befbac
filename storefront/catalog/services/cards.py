"""The picture beside a shared link to a product: drawn anew by a job when it shows something else."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from storefront.catalog.models import Product, ProductStatus
from storefront.core.db import db
from storefront.core.gallery import link_preview
from storefront.core.language import _
from storefront.core.linkcards import renew_card
from storefront.core.money import rupiah
from storefront.core.outbox import enqueue_all, handler
from storefront.core.pictures import LinkCard
from storefront.core.transactions import gather

JOB = "product.card"


def order_cards(product_ids: Sequence[int]) -> None:
    """Have the cards looked at after the running transaction. One that shows the same still costs nothing."""
    for product_id in product_ids:
        gather(_order, product_id)


def _order(product_ids: list[int]) -> None:
    enqueue_all(JOB, [{"product_id": product_id} for product_id in dict.fromkeys(product_ids)])


@handler(JOB)
def make_product_card(payload: dict[str, Any]) -> None:
    """Bring the card of a product up to date. Running twice does no harm."""
    product_id = int(payload["product_id"])
    product = db.session.scalar(
        select(Product)
        .options(joinedload(Product.facility), joinedload(Product.photo))
        .where(Product.id == product_id)
    )
    if product is None:
        return
    card = card_of(product) if product.status is ProductStatus.PUBLISHED else None
    renew_card(Product, product_id, product.card_key, card)


def card_of(product: Product) -> LinkCard:
    """What the card of a product says."""
    low, high = product.price_from or 0, product.price_to or 0
    return LinkCard(
        title=product.title,
        detail=rupiah(low) if low == high else _("mulai %(price)s", price=rupiah(low)),
        maker=product.facility.name,
        shop=current_app.config["SHOP_NAME"],
        photo=link_preview(product.photo) if product.photo else "",
    )
