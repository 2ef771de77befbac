"""Letters to buyers: jobs of the outbox, so they leave once, after the commit, or not at all."""

from functools import partial
from typing import Any

from flask import current_app, render_template

from storefront.core.db import db
from storefront.core.mail import send
from storefront.core.outbox import enqueue, handler
from storefront.orders.models import Order

SUBJECTS = {
    "placed": "Pesanan {number} kami terima",
    "paid": "Pembayaran pesanan {number} kami terima",
    "expired": "Pesanan {number} kedaluwarsa",
    "cancelled": "Pesanan {number} dibatalkan",
    "refunded": "Dana pesanan {number} dikembalikan",
    "shipped": "Kiriman pesanan {number} dalam perjalanan",
    "ready": "Pesanan {number} siap diambil",
}


def write(kind: str, order: Order, *, mark: int | None = None) -> None:
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
    link = f"{current_app.config['PUBLIC_BASE_URL']}/pesanan/{order.token}"
    words = {"order": order, "link": link, "shop": current_app.config["SHOP_NAME"], "kind": kind}
    text = render_template(f"mail/{kind}.txt", **words)
    html = render_template("mail/letter.html", text=text, **words)
    to, subject = order.email, SUBJECTS[kind].format(number=order.number)
    db.session.rollback()  # nothing stays open while the mail server is asked
    send(to, subject, text, html)


for _kind in SUBJECTS:
    handler(f"letter.{_kind}")(partial(send_letter, _kind))
