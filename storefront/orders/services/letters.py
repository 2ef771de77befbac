"""Letters to buyers: jobs of the outbox, so they leave once, after the commit, or not at all.

Each is written in the language in which its order was placed.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from storefront.core import letters
from storefront.core.db import db
from storefront.core.language import lazy, speaking
from storefront.core.mail import Enclosure
from storefront.core.outbox import enqueue, handler
from storefront.orders.models import Order

SUBJECTS = {
    "placed": lazy("Pesanan %(number)s kami terima"),
    "paid": lazy("Pembayaran pesanan %(number)s kami terima"),
    "expired": lazy("Pesanan %(number)s kedaluwarsa"),
    "cancelled": lazy("Pesanan %(number)s dibatalkan"),
    "refunded": lazy("Dana pesanan %(number)s dikembalikan"),
    "shipped": lazy("Kiriman pesanan %(number)s dalam perjalanan"),
    "ready": lazy("Pesanan %(number)s siap diambil"),
    "reduced": lazy("Sebagian pesanan %(number)s tidak dapat kami kirim"),
    "late": lazy("Kiriman pesanan %(number)s terlambat"),
}

Enclosing = Callable[[Order], Callable[[], Sequence[Enclosure]]]
_enclosing: dict[str, Enclosing] = {}


def encloses(kind: str) -> Callable[[Enclosing], Enclosing]:
    """Register what makes the files that go with letters of one kind.

    It reads what it needs of the order, and gives a function that makes the files once reading is over.
    """

    def register(function: Enclosing) -> Enclosing:
        _enclosing[kind] = function
        return function

    return register


def write(kind: str, order: Order, *, mark: int | str | None = None) -> None:
    """Ask for a letter to the buyer, in the running transaction; nothing without an e-mail address.

    One a kind and order, or a kind and `mark` (the parcel or refund that it tells of).
    """
    if order.email:
        enqueue(f"letter.{kind}", {"order_id": order.id}, key=f"letter.{kind}:{mark or order.id}")


def send_letter(kind: str, payload: dict[str, Any]) -> None:
    """Write to the buyer of an order, when they gave an e-mail address. Raises when mail is away."""
    order = db.session.get(Order, payload["order_id"])
    if order is None or not order.email:
        return
    with speaking(order.language):
        subject = str(SUBJECTS[kind]) % {"number": order.number}
        letters.post(
            order.email, subject, kind, link=letters.address(f"/pesanan/{order.token}"), order=order,
            enclose=_enclosing[kind](order) if kind in _enclosing else None,
        )  # fmt: skip


for _kind in SUBJECTS:
    handler(f"letter.{_kind}")(partial(send_letter, _kind))
