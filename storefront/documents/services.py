"""The receipt as a file, the letters that bring it, and its link for a chat."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from storefront.core import auditlog, clock, documents, letters
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, NotFound
from storefront.core.language import _, speaking
from storefront.core.mail import Enclosure
from storefront.core.outbox import enqueue, handler
from storefront.core.phone import whatsapp_link
from storefront.core.transactions import transaction
from storefront.documents.queries.receipt import invoice_of, nota
from storefront.orders.models import Order
from storefront.orders.services.letters import encloses
from storefront.payments.models import Invoice

log = logging.getLogger(__name__)

LETTER = "letter.receipt"
AT_MOST_EVERY_MINUTES = 5


def receipt_file(order: Order, invoice: Invoice) -> Callable[[], Enclosure]:
    """Read what stands on an order's receipt, in the language of the moment; the call sets it as a PDF."""
    data, at, name = nota(order, invoice), invoice.issued_at, invoice.number.replace("/", "-")
    return lambda: Enclosure(f"{name}.pdf", documents.pdf("nota", data, at=at))


@encloses("paid")
def enclosed(order: Order) -> Callable[[], Sequence[Enclosure]]:
    """The receipt for a letter. One that cannot be made keeps no letter back: its link stands there."""
    try:
        return partial(_made, receipt_file(order, invoice_of(order.id)))
    except NotFound:  # paid before there were receipts, and not numbered yet
        return list


def _made(make: Callable[[], Enclosure]) -> Sequence[Enclosure]:
    try:
        return [make()]
    except Exception:
        log.exception("a receipt could not be set; its letter leaves without it")
        return []


def send_receipt(order_id: int, *, actor_id: int | None) -> None:
    """Have the buyer written to where their receipt lies; pressing twice within minutes sends one letter.

    Raises NotFound for an order that was never paid, DomainError without an e-mail address.
    """
    with transaction():
        order = locked(Order, order_id)
        invoice = invoice_of(order_id)
        if not order.email:
            raise DomainError(_("Pembeli tidak memberi alamat e-mail. Kirim tautannya lewat WhatsApp."))
        slot = int(clock.now().timestamp()) // (60 * AT_MOST_EVERY_MINUTES)
        enqueue(LETTER, {"order_id": order_id}, key=f"{LETTER}:{order_id}:{slot}")
        auditlog.write("receipt.sent", "order", order.number, actor_id=actor_id, receipt=invoice.number)


def receipt_chat(order: Order) -> str:
    """A link that opens a chat with the buyer, the address of their order already typed."""
    with speaking(order.language):
        address = letters.address(f"/pesanan/{order.token}")
        words = _(
            "Nota dan perjalanan pesanan %(number)s ada di sini: %(address)s",
            number=order.number, address=address,
        )  # fmt: skip
    return whatsapp_link(order.phone, words)


@handler(LETTER)
def _send(payload: dict[str, Any]) -> None:
    order = db.session.get(Order, payload["order_id"])
    if order is None or not order.email:
        return
    with speaking(order.language):
        letters.post(
            order.email, _("Nota pesanan %(number)s", number=order.number), "receipt",
            link=letters.address(f"/pesanan/{order.token}/nota.pdf"), order=order,
            enclose=enclosed(order),
        )  # fmt: skip
