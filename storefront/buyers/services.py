"""Leaving: the account and all that is personal go, what the books need stays without a name."""

from sqlalchemy import delete, select

from storefront.accounts.models import Registration, User
from storefront.accounts.services import forget_attempts, note_attempt, passwords
from storefront.buyers.queries import lines_of, open_orders
from storefront.core.db import db, found, locked
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.core.tokens import new_token
from storefront.core.transactions import transaction
from storefront.feedback.services import forget_buyer
from storefront.orders.models import Order
from storefront.orders.services.claims import claim_orders

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
    stored = found(User, user_id).password_hash
    subject = f"sandi:{user_id}"
    note_attempt(subject, address)
    db.session.rollback()
    if not passwords.matches(stored, password):
        raise Invalid({"password": _("Kata sandi salah.")})
    forget_attempts(subject, address)
    with transaction():
        claim_orders(user_id)
        user = locked(User, user_id)
        numbers = open_orders(user_id)
        if numbers:
            raise StillOpen(
                _("Akun belum dapat dihapus: masih ada pesanan yang berjalan (%(numbers)s). "
                  "Hapuslah setelah pesanan itu selesai.", numbers=", ".join(numbers))
            )  # fmt: skip
        forget_buyer(lines_of(user_id), email=user.email)
        for order in db.session.scalars(select(Order).filter_by(buyer_id=user_id)):
            _take_name_off(order)
        db.session.execute(delete(Registration).where(Registration.email == user.email))
        db.session.flush()
        db.session.execute(delete(User).where(User.id == user_id))  # and what hangs on it


def _take_name_off(order: Order) -> None:
    order.buyer_id = None
    order.customer_name, order.phone, order.email = NOBODY, "", ""
    order.address = {name: order.address[name] for name in KEPT_OF_ADDRESS if name in order.address}
    order.token = new_token()  # its old address was in letters
    for line in order.lines:
        line.note = ""
