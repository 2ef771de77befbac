"""The receipt of a paid order (DOMAIN 3c): everything on it was written down when it was sold and paid."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select

from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.language import _, _c, language, lazy
from storefront.core.money import rupiah
from storefront.core.phone import show_phone
from storefront.core.spelled import rupiah_in_words
from storefront.documents.queries import included, returns
from storefront.orders.models import Order, OrderLine
from storefront.payments.models import SURPLUS, Invoice, Payment, PaymentAttempt
from storefront.payments.queries import refunds_of
from storefront.payments.services.refunds import captured_payments
from storefront.web.formats import moment

Data = dict[str, Any]
METHOD_WORDS = {
    "card": lazy("Kartu"),
    "stripe": lazy("Kartu"),
    "qris": lazy("QRIS"),
    "va": lazy("Akun virtual bank"),
    "wallet": lazy("Dompet elektronik"),
    "transfer": lazy("Transfer bank"),
    "cash": lazy("Tunai"),
    "midtrans": lazy("Pembayaran daring"),
}


def invoice_of(order_id: int) -> Invoice:
    """The number of an order's receipt. Raises NotFound for one that was never paid."""
    invoice = db.session.scalar(select(Invoice).filter_by(order_id=order_id))
    if invoice is None:
        raise NotFound(_("Nota tersedia setelah pesanan ini dibayar."))
    return invoice


def nota(order: Order, invoice: Invoice) -> Data:
    """The receipt as plain data, in the language of the moment; titles of things stay as they were sold."""
    paid = captured(order.id)
    code, extra = _beyond(order, paid)
    back = returns.returns_of(order, [payment for payment, _attempt in paid])
    shop, office = current_app.config["SHOP_NAME"], current_app.config["OFFICE_NAME"]
    heading = _("Nota penjualan")
    return _words() | {
        "lang": language(),
        "title": f"{heading} {invoice.number}",
        "author": shop,
        "about": _("Nota pesanan %(number)s", number=order.number),
        "heading": heading,
        "number": invoice.number,
        "when": moment(invoice.issued_at),
        "shop": shop,
        "seller": [_("Penjual: %(name)s", name=invoice.seller), office, *_makers(order)],
        "buyer": _buyer(order),
        "order": [
            _("Nomor pesanan: %(number)s", number=order.number),
            _("Dipesan: %(when)s", when=moment(order.placed_at)),
            *(
                _("Kiriman: %(code)s, %(service)s", code=parcel.code, service=parcel.service_words)
                for parcel in order.parcels
            ),
        ],
        "groups": _groups(order.lines),
        "sums": _sums(order, code, extra),
        "total": [_("Total"), rupiah(order.total + code + extra)],
        "spelled": rupiah_in_words(order.total + code + extra),
        "payment": _payments(paid) or [_("Tidak ada yang perlu dibayar.")],
        "taxes": included.part(invoice.taxes, order.lines, back),
        "returns": returns.part(order, sum(payment.amount for payment, _attempt in paid), back),
        "notes": [included.note(invoice.taxes, len({line.facility_id for line in order.lines})), *_notes()],
    }  # fmt: skip


def captured(order_id: int) -> list[tuple[Payment, PaymentAttempt | None]]:
    """The payments that paid for an order, each with its attempt; none of those that wait in suspense."""
    return [
        (payment, db.session.get(PaymentAttempt, payment.attempt_id) if payment.attempt_id else None)
        for payment in captured_payments(order_id)
    ]


# --- pieces -------------------------------------------------------------------------------------------


def _words() -> Data:
    words = {
        "page": _("Halaman"),
        "buyer": _("Pembeli"),
        "order": _c("satu", "Pesanan"),
        "columns": [_("Barang"), _("Jumlah"), _("Harga"), _("Subtotal")],
        "spelled": _("Terbilang:"),
        "payment": _("Pembayaran"),
    }
    return {"words": words}


def _makers(order: Order) -> list[str]:
    names = dict.fromkeys(line.facility_name for line in order.lines)
    return [_("Dibuat di %(places)s", places=", ".join(names))]


def _buyer(order: Order) -> list[str]:
    address = order.address or {}
    street = ", ".join(filter(None, (address.get("street"), address.get("village"))))
    town = " ".join(filter(None, (address.get("district_label"), address.get("postal_code"))))
    return [order.customer_name, show_phone(order.phone) if order.phone else "", street, town]


def _groups(lines: Sequence[OrderLine]) -> list[Data]:
    """The lines by facility, in the order in which they were put into the cart."""
    groups: dict[str, list[Data]] = {}
    for line in lines:
        note = _("Tulisan: %(words)s", words=line.note) if line.note else ""
        row = {
            "title": line.title,
            "detail": " · ".join(words for words in (line.options, note) if words),
            "quantity": str(line.quantity),
            "price": rupiah(line.unit_price),
            "total": rupiah(line.total),
        }
        groups.setdefault(line.facility_name, []).append(row)
    return [{"name": name, "rows": rows} for name, rows in groups.items()]


def _beyond(order: Order, paid: Sequence[tuple[Payment, PaymentAttempt | None]]) -> tuple[int, int]:
    """What was kept besides the order's total: unique codes, and what officers let pass, more or less."""
    if not paid:
        return 0, 0
    surplus = sum(refund.amount for refund in refunds_of(order.id) if refund.key == SURPLUS)
    beyond = sum(payment.amount for payment, _attempt in paid) - surplus - order.total
    code = max(0, min(beyond, sum(attempt.unique_code for _payment, attempt in paid if attempt)))
    return code, beyond - code


def _sums(order: Order, code: int, extra: int) -> list[tuple[str, str]]:
    sums = [(_("Jumlah harga barang"), rupiah(order.subtotal)), (_("Ongkos kirim"), rupiah(order.shipping))]
    for given in order.given:
        words = f"{given.label} ({given.code})" if given.code else given.label
        sums.append((words, rupiah(-given.amount)))
    if code:
        sums.append((_("Kode unik transfer"), rupiah(code)))
    if extra:
        words = _("Lebih sedikit, tidak dikembalikan") if extra > 0 else _("Kurang sedikit, tidak ditagih")
        sums.append((words, rupiah(extra)))
    return sums


def _payments(paid: Sequence[tuple[Payment, PaymentAttempt | None]]) -> list[str]:
    return [
        _(
            "%(method)s, %(amount)s, diterima %(when)s",
            method=METHOD_WORDS.get((attempt and attempt.method) or payment.provider, payment.provider),
            amount=rupiah(payment.amount),
            when=moment(payment.received_at),
        )
        for payment, attempt in paid
    ]


def _notes() -> list[str]:
    config = current_app.config
    phone = show_phone(config["OFFICE_PHONE"]) if config["OFFICE_PHONE"] else ""
    contact = ", ".join(filter(None, (config["OFFICE_NAME"], phone, config["OFFICE_EMAIL"])))
    return [
        _(
            "Barang yang tidak sesuai dapat ditukar atau dibatalkan dalam dua hari kerja setelah diterima "
            "(PP 80/2019), lewat halaman pesanan."
        ),
        _("Pengaduan: %(contact)s.", contact=contact)
        + " "
        + _(
            "Layanan Pengaduan Konsumen, Direktorat Jenderal Perlindungan Konsumen dan Tertib Niaga, "
            "Kementerian Perdagangan: WhatsApp 0853-1111-1010."
        ),
    ]
