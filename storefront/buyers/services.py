"""Leaving: the account and all that is personal go, what the books need stays without a name."""

from sqlalchemy import delete, select

from storefront.accounts.models import Registration, User
from storefront.accounts.services import check_own_password
from storefront.aftersales.services import forget_cases
from storefront.buyers.queries import Somebody, lines_of, open_orders
from storefront.core.db import db, locked
from storefront.core.errors import DomainError
from storefront.core.language import _
from storefront.core.tokens import new_token
from storefront.core.transactions import transaction
from storefront.feedback.services import forget_buyer
from storefront.orders.models import Order
from storefront.orders.services.claims import claim_orders
from storefront.payments.services.destinations import forget_accounts
from storefront.promotions.services import forget_people

NOBODY = "(dihapus)"
"""Stored in place of a name, so it is not translated."""
KEPT_OF_ADDRESS = ("district", "district_label")
"""Where goods went is part of the market reports, at which door they were handed over is not."""


class StillOpen(DomainError):
    """Somebody still has to pay, send, or give back money: that needs to know whom."""


def erase_account(user_id: int, password: str, *, address: str) -> None:
    """Remove a buyer's account and personal data. docs/security.md says what stays and why.

    Raises Invalid on field `password`, TooMany, and StillOpen while an order is under way.
    """
    check_own_password(user_id, password, address=address)
    with transaction():
        claim_orders(user_id)
        user = locked(User, user_id)
        _forget(Somebody(user_id=user_id, email=user.email))
        db.session.execute(delete(Registration).where(Registration.email == user.email))
        db.session.flush()
        db.session.execute(delete(User).where(User.id == user_id))  # and what hangs on it


def erase_guest(who: Somebody) -> int:
    """Take the name off every order of a contact that has no account; returns how many orders.

    For the office, once it has made sure that the number or address is that person's. Raises StillOpen
    while one of these orders is under way.
    """
    with transaction():
        return _forget(who)


def _forget(who: Somebody) -> int:
    numbers = open_orders(who)
    if numbers:
        raise StillOpen(
            _("Belum dapat dihapus: masih ada pesanan yang berjalan (%(numbers)s). "
              "Hapuslah setelah pesanan itu selesai.", numbers=", ".join(numbers))
        )  # fmt: skip
    forget_buyer(lines_of(who), phone=who.phone, email=who.email)
    orders = db.session.scalars(select(Order).where(who.orders)).all()
    forget_cases([order.id for order in orders])
    forget_people([order.id for order in orders])
    forget_accounts([order.id for order in orders])
    for order in orders:
        _take_name_off(order)
    return len(orders)


def _take_name_off(order: Order) -> None:
    order.buyer_id = None
    order.customer_name, order.phone, order.email = NOBODY, "", ""
    order.address = {name: order.address[name] for name in KEPT_OF_ADDRESS if name in order.address}
    order.token = new_token()  # its old address was in letters
    for line in order.lines:
        line.note = ""
