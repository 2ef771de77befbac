"""Where money goes that an officer sends back: sealed, shown to few, then forgotten."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from storefront.core import auditlog, clock
from storefront.core.db import db, locked
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.core.outbox import enqueue, handler
from storefront.core.secrecy import seal, unseal
from storefront.core.transactions import transaction
from storefront.orders.models import Order
from storefront.orders.services import Actor
from storefront.payments.models import Refund, RefundStatus

KEPT = timedelta(days=7)
"""So long after the money was sent a bank may still bring it back."""


@dataclass(frozen=True)
class Destination:
    """A bank account: its bank, its number (digits), and whose it is."""

    bank: str
    number: str
    holder: str


def save_destination(order_id: int, *, bank: str, number: str, holder: str, actor: Actor) -> None:
    """Keep the account for what an officer has to send back for this order; a newer one replaces it.

    Raises Invalid naming every field that is wrong, NotFound when nothing is to be sent by hand.
    """
    place = _checked(bank, number, holder)
    with transaction():
        order = locked(Order, order_id)
        waiting = _waiting(order_id)
        if not waiting:
            raise NotFound
        for refund in waiting:
            refund.destination = seal(json.dumps(asdict(place)))
        if actor.id is not None:
            auditlog.write("refund.account_written", "order", order.number, actor_id=actor.id)


def read_destination(refund_id: int, actor: Actor) -> Destination | None:
    """The account of a refund that is to be sent, for who sends it; each look is entered in the log.

    None when the buyer gave none yet, or it is forgotten. Raises NotFound, secrecy.NotReadable.
    """
    refund = db.session.get(Refund, refund_id)
    if refund is None:
        raise NotFound
    sealed = refund.destination
    db.session.rollback()
    if not sealed:
        return None
    with transaction():
        auditlog.write("refund.account_seen", "refund", refund_id, actor_id=actor.id)
    return Destination(**json.loads(unseal(sealed)))


def awaits_destination(order_id: int) -> tuple[bool, bool]:
    """Whether an officer has money to send back for this order, and whether the account is known."""
    waiting = _waiting(order_id)
    return bool(waiting), bool(waiting) and all(refund.destination for refund in waiting)


def forget_accounts(order_ids: Collection[int]) -> None:
    """Erase the accounts of orders whose buyer's data goes, in the running transaction."""
    mine = update(Refund).where(Refund.order_id.in_(order_ids), Refund.destination != "")
    db.session.execute(mine.values(destination="").execution_options(synchronize_session="fetch"))


def forget_later(refund: Refund) -> None:
    """The money was sent: the account is erased once a bank cannot bring it back any more."""
    if refund.destination:
        run_at = clock.now() + KEPT
        enqueue("refund.forget", {"refund_id": refund.id}, key=f"refund.forget:{refund.id}", run_at=run_at)


@handler("refund.forget")
def _forget(payload: dict[str, Any]) -> None:
    with transaction():
        refund = locked(Refund, payload["refund_id"])
        if refund.status is RefundStatus.SENT:
            refund.destination = ""


def _waiting(order_id: int) -> list[Refund]:
    mine = select(Refund).where(
        Refund.order_id == order_id, Refund.by_hand, Refund.status != RefundStatus.SENT
    )
    return list(db.session.scalars(mine.order_by(Refund.id)))


def _checked(bank: str, number: str, holder: str) -> Destination:
    digits = "".join(sign for sign in number if sign not in " .-")
    errors = {}
    if not 2 <= len(bank.strip()) <= 40:
        errors["bank"] = _("Tulis nama bank atau dompet digitalnya.")
    if not digits.isascii() or not digits.isdigit() or not 5 <= len(digits) <= 34:
        errors["number"] = _("Tulis nomor rekening: 5–34 angka.")
    if not 3 <= len(holder.strip()) <= 80:
        errors["holder"] = _("Tulis nama pemilik rekening (3–80 huruf).")
    if errors:
        raise Invalid(errors)
    return Destination(bank.strip(), digits, holder.strip())
