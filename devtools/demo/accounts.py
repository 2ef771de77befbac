"""A buyer with an account: orders of a year, an address book, saved products, another one in English."""

from sqlalchemy import select

from devtools.demo.people import BUYER, BUYER_ENGLISH
from storefront.accounts import services as accounts
from storefront.accounts.models import Role
from storefront.accounts.services import Place
from storefront.catalog.models import Product, ProductStatus
from storefront.core.db import db
from storefront.core.transactions import transaction
from storefront.orders.models import DeliveryMethod, Order, OrderStatus
from storefront.orders.services.claims import claim_orders
from storefront.wishlist.services import Owner, save

PHONE = "+6281200008801"
PAST = ((OrderStatus.COMPLETED, 7), (OrderStatus.PAID, 2), (OrderStatus.CANCELLED, 1))
"""How many orders of each kind become this buyer's."""
SAVED = 6


def open_accounts() -> None:
    """Make both buyers; the first finds a history, as somebody does who first bought as a guest."""
    for one in (BUYER, BUYER_ENGLISH):
        user = accounts.create_user(
            one.email, name=one.name, role=Role.BUYER, password=one.password, is_demo=True
        )
        user_id = user.id
        accounts.change_phone(user_id, PHONE)
        if one is BUYER:
            _bought_as_a_guest(one.email)
            claim_orders(user_id)
            _remember_places(user_id)
            _save_products(user_id)


def _bought_as_a_guest(email: str) -> None:
    with transaction():
        for status, count in PAST:
            newest = (
                select(Order)
                .where(Order.status == status, Order.method == DeliveryMethod.DELIVERY, Order.email == "")
                .where(Order.refund_due == 0, Order.needs_review.is_(False))
                .order_by(Order.placed_at.desc())
                .limit(count)
            )
            for order in db.session.scalars(newest):
                order.customer_name, order.phone, order.email = BUYER.name, PHONE, email


def _remember_places(user_id: int) -> None:
    rows = db.session.scalars(
        select(Order.address).where(Order.buyer_id == user_id).order_by(Order.id.desc()).limit(2)
    ).all()
    for label, address in zip(("Rumah", "Kantor"), rows, strict=False):
        place = Place(
            BUYER.name, PHONE, address["district"], address["district_label"], address["street"],
            address["village"], address["postal_code"], address["landmark"], label,
        )  # fmt: skip
        accounts.save_address(user_id, place)


def _save_products(user_id: int) -> None:
    newest = select(Product.id).filter_by(status=ProductStatus.PUBLISHED).order_by(Product.id.desc())
    for product_id in db.session.scalars(newest.limit(SAVED)).all():
        save(Owner(user_id=user_id), product_id)
