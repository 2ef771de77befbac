"""Where money goes that an officer sends back: sealed, shown to few, then forgotten."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from storefront.core import auditlog, clock, letters
from storefront.core.db import db, locked
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _, speaking
from storefront.core.outbox import enqueue, handler
from storefront.core.secrecy import NotReadable, seal, unseal
from storefront.core.transactions import transaction
from storefront.orders.models import Order
from storefront.orders.services import Actor, record
from storefront.payments.models import ACCOUNT_CHANGED, Refund, RefundStatus

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

    Then the order's own e-mail address hears of it, and officers see it: the order's page may be in other
    hands. Raises Invalid naming every field that is wrong, NotFound when nothing is to be sent by hand.
    """
    place = _checked(bank, number, holder)
    with transaction():
        order = locked(Order, order_id)
        waiting = _waiting(order_id)
        if not waiting:
            raise NotFound
        if any(refund.destination and _opened(refund.destination) != place for refund in waiting):
            record(order, ACCOUNT_CHANGED, actor=actor)
            tell_of_change(waiting[0])
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
    return _place(sealed)


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


def tell_of_change(refund: Refund) -> None:
    """Ask for the letter that says that the account was replaced, in the running transaction."""
    moment = clock.now().isoformat()
    payload = {"refund_id": refund.id, "at": moment}
    enqueue("letter.account", payload, key=f"letter.account:{refund.id}:{moment}")


@handler("letter.account")
def _write(payload: dict[str, Any]) -> None:
    """Write to the buyer, unless the account is forgotten by now. Raises as mail does."""
    refund = db.session.get(Refund, payload["refund_id"])
    order = db.session.get(Order, refund.order_id) if refund and refund.order_id else None
    if refund is None or order is None or not order.email or not refund.destination:
        return
    place = _place(refund.destination)
    with speaking(order.language):
        letters.post(
            order.email, _("Rekening pengembalian pesanan %(number)s diganti", number=order.number),
            "account_changed", link=letters.address("/pengaduan"), order=order, bank=place.bank,
            tail=place.number[-4:] if len(place.number) > 7 else place.number[-2:],
            at=datetime.fromisoformat(payload["at"]),
        )  # fmt: skip


def _place(sealed: str) -> Destination:
    return Destination(**json.loads(unseal(sealed)))


def _opened(sealed: str) -> Destination | None:
    """The same; None when it cannot be read any more."""
    try:
        return _place(sealed)
    except NotReadable:
        return None


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
