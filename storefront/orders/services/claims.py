"""Whose account an order belongs to: decided by an e-mail address that was shown to be theirs, or by nothing.

An order's number or a telephone number that anybody may type gives nobody anything.
"""

from sqlalchemy import select, update

from storefront.accounts.models import Role, User
from storefront.core.db import db
from storefront.core.transactions import transaction
from storefront.orders.models import Order


def owner_of(email: str) -> int | None:
    """The buyer whose e-mail address this is. Every buyer's address was answered from before."""
    if not email:
        return None
    return db.session.scalar(select(User.id).filter_by(email=email, role=Role.BUYER, is_enabled=True))


def claim_orders(user_id: int) -> int:
    """Give a buyer the orders that were placed with their address and belong to nobody; how many."""
    email = db.session.scalar(select(User.email).filter_by(id=user_id, role=Role.BUYER))
    waiting = select(Order.id).where(Order.email == email, Order.buyer_id.is_(None))
    if not email or db.session.scalar(waiting.limit(1)) is None:  # signing in mostly only reads
        return 0
    with transaction():
        claimed = db.session.execute(
            update(Order).where(Order.email == email, Order.buyer_id.is_(None)).values(buyer_id=user_id)
        )
    return int(claimed.rowcount)  # type: ignore[attr-defined]
