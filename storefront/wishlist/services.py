"""Keeping products to find them again. A list belongs to an account, or to a browser's token."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from storefront.catalog.models import Product
from storefront.core import clock
from storefront.core.db import db, insert_once
from storefront.core.errors import DomainError, NotFound
from storefront.core.language import _
from storefront.core.tokens import new_token, token_hash
from storefront.core.transactions import transaction
from storefront.wishlist.models import SavedProduct

MOST = 100
FORGOTTEN_AFTER = 365
"""Days after which the list of a browser without an account is deleted."""


@dataclass(frozen=True)
class Owner:
    """Whose list: an account's, or the one of a browser that holds this token."""

    user_id: int | None = None
    token: str | None = None

    def mine(self) -> ColumnElement[bool]:
        """The rows of this list."""
        if self.user_id is not None:
            return SavedProduct.user_id == self.user_id
        return SavedProduct.token_hash == token_hash(self.token or "")


def save(owner: Owner, product_id: int) -> Owner:
    """Put a product on a list; twice is once. Returns the owner, with a token if it had none.

    Raises NotFound for what is not on sale and DomainError when the list is full.
    """
    if owner.user_id is None and not owner.token:
        owner = Owner(token=new_token())
    with transaction():
        price = db.session.scalar(
            select(Product.price_from).where(Product.id == product_id, Product.is_on_sale)
        )
        if price is None:
            raise NotFound(_("Produk ini sedang tidak dijual."))
        others = select(func.count(SavedProduct.id)).where(
            owner.mine(), SavedProduct.product_id != product_id
        )
        if (db.session.scalar(others) or 0) >= MOST:
            raise DomainError(
                _("Simpanan memuat paling banyak %(n)s produk. Hapus beberapa lebih dulu.", n=MOST)
            )
        insert_once(
            SavedProduct,
            user_id=owner.user_id,
            token_hash=None if owner.user_id is not None else token_hash(owner.token or ""),
            product_id=product_id,
            price_seen=price,
            saved_at=clock.now(),
        )
    return owner


def remove(owner: Owner, product_id: int) -> None:
    """Take a product from a list; nothing happens when it is not there."""
    with transaction():
        db.session.execute(delete(SavedProduct).where(owner.mine(), SavedProduct.product_id == product_id))


def merge(user_id: int, token: str) -> None:
    """Put what a browser kept onto an account's list. What both have stays once, up to the limit."""
    with transaction():
        device, account = Owner(token=token).mine(), Owner(user_id=user_id).mine()
        both = select(SavedProduct.product_id).where(account)
        db.session.execute(delete(SavedProduct).where(device, SavedProduct.product_id.in_(both)))
        free = MOST - (db.session.scalar(select(func.count(SavedProduct.id)).where(account)) or 0)
        newest = select(SavedProduct.id).where(device).order_by(SavedProduct.id.desc()).limit(max(free, 0))
        ids = list(db.session.scalars(newest))
        db.session.execute(
            update(SavedProduct).where(SavedProduct.id.in_(ids)).values(user_id=user_id, token_hash=None)
        )
        db.session.execute(delete(SavedProduct).where(device))


def delete_stale(days: int = FORGOTTEN_AFTER) -> int:
    """Forget what browsers without an account kept so long ago; returns how many."""
    with transaction():
        gone = db.session.execute(
            delete(SavedProduct)
            .where(SavedProduct.token_hash.is_not(None))
            .where(SavedProduct.saved_at < clock.now() - timedelta(days=days))
            .returning(SavedProduct.id)
        ).all()
    return len(gone)
