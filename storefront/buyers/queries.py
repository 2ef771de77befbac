"""What a buyer sees of their own past, and all that the shop knows of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import selectinload

from storefront.accounts.models import User
from storefront.accounts.queries import addresses_of, sessions_of
from storefront.aftersales.queries.cases import data_of as complaints_of
from storefront.aftersales.queries.cases import live_orders
from storefront.catalog.models import Product
from storefront.core.db import db, found
from storefront.feedback.queries import data_of
from storefront.orders.models import Order, OrderLine, OrderStatus, Parcel
from storefront.orders.services import DONE
from storefront.web.formats import iso
from storefront.wishlist.queries import saved_ids
from storefront.wishlist.services import Owner


@dataclass(frozen=True)
class Somebody:
    """Who bought: an account with its answered address, or whoever has shown a contact to be theirs.

    The telephone number of an account is what was typed there, so nothing is found by it.
    """

    user_id: int | None = None
    phone: str = ""
    email: str = ""

    @property
    def orders(self) -> ColumnElement[bool]:
        """Their orders. What belongs to an account is found by that account only."""
        if self.user_id is not None:
            return Order.buyer_id == self.user_id
        known = [Order.phone == self.phone] if self.phone else []
        known += [Order.email == self.email] if self.email else []
        return and_(Order.buyer_id.is_(None), or_(false(), *known))


def orders_of(who: Somebody, *, offset: int = 0, limit: int | None = 10) -> tuple[list[Order], int]:
    """A buyer's orders with their parcels and lines, newest first, and how many there are."""
    total = db.session.scalar(select(func.count(Order.id)).where(who.orders)) or 0
    rows = db.session.scalars(
        select(Order)
        .options(selectinload(Order.parcels).joinedload(Parcel.facility), selectinload(Order.lines))
        .where(who.orders)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return list(rows), total


def open_orders(who: Somebody) -> list[str]:
    """The numbers of their orders that still need somebody: unpaid, under way, money to be returned, a
    complaint that goes on."""
    return list(
        db.session.scalars(
            select(Order.number)
            .where(
                who.orders,
                or_(
                    Order.status.in_((OrderStatus.PENDING, OrderStatus.PAID)),
                    Order.refund_due > 0,
                    Order.needs_review,
                    Order.id.in_(live_orders()),
                    Order.id.in_(_replacing()),
                ),
            )
            .order_by(Order.id)
        )
    )


def _replacing() -> Select[int]:
    """Orders of which something is still sent anew: a replacement needs its address."""
    return select(Parcel.order_id).where(Parcel.exchange_of_id.is_not(None), Parcel.status.not_in(DONE))


def lines_of(who: Somebody) -> Sequence[int]:
    """The ids of all lines of a buyer's orders."""
    return db.session.scalars(select(OrderLine.id).join(OrderLine.order).where(who.orders)).all()


def everything_about(user_id: int) -> dict[str, Any]:
    """All that the shop keeps of a buyer, to take away: plain words, rupiah and ISO-8601 moments.

    Only what is known to be theirs: found by the account and its answered e-mail address.
    """
    user = found(User, user_id)
    return {
        "account": {
            "name": user.name, "email": user.email, "phone": user.phone, "created_at": iso(user.created_at),
        },
        "addresses": [_address(row) for row in addresses_of(user_id)],
        "saved_products": _titles(saved_ids(Owner(user_id=user_id))),
        "sessions": [
            {"browser": row.browser, "address": row.address, "created_at": iso(row.created_at)}
            for row in sessions_of(user_id)
        ],
        **bought_by(Somebody(user_id=user_id, email=user.email)),
    }  # fmt: skip


def bought_by(who: Somebody) -> dict[str, Any]:
    """What is known of somebody without their account: orders, and what they wrote about them."""
    orders, _total = orders_of(who, limit=None)
    return {
        "orders": [_order(order) for order in orders],
        "order_complaints": complaints_of([order.id for order in orders]),
        **data_of(lines_of(who), phone=who.phone, email=who.email),
    }


def _address(row: Any) -> dict[str, Any]:
    names = (
        "label", "recipient", "phone", "street", "village", "district_label", "postal_code", "landmark",
        "is_default",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "status": order.status.value,
        "placed_at": iso(order.placed_at),
        "paid_at": iso(order.paid_at) if order.paid_at else None,
        "name": order.customer_name,
        "phone": order.phone,
        "email": order.email,
        "address": order.address,
        "subtotal": order.subtotal,
        "shipping": order.shipping,
        "discount": order.discount,
        "promotions": [
            {"name": given.label, "code": given.code, "amount": given.amount} for given in order.given
        ],
        "total": order.total,
        "lines": [
            {"title": line.title, "options": line.options, "note": line.note, "quantity": line.quantity,
             "unit_price": line.unit_price, "facility": line.facility_name}
            for line in order.lines
        ],
        "parcels": [
            {"code": parcel.code, "status": parcel.status.value, "courier": parcel.courier,
             "waybill": parcel.waybill}
            for parcel in order.parcels
        ],
    }  # fmt: skip


def _titles(product_ids: list[int]) -> list[str]:
    rows = dict(
        db.session.execute(select(Product.id, Product.title).where(Product.id.in_(product_ids))).all()
    )
    return [rows[product_id] for product_id in product_ids if product_id in rows]
