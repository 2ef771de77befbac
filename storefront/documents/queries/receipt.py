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
from storefront.orders.models import Order, OrderLine
from storefront.payments.models import Invoice, Payment, PaymentAttempt, RefundStatus
from storefront.payments.queries import payments_of, refunds_of
from storefront.revenue.services import capture_of
from storefront.web.formats import long_date, moment

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
    code = sum(attempt.unique_code for _payment, attempt in paid if attempt)
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
        "sums": _sums(order, code),
        "total": [_("Total"), rupiah(order.total + code)],
        "spelled": rupiah_in_words(order.total + code),
        "payment": [*_payments(paid), *_returns(order.id)] or [_("Tidak ada yang perlu dibayar.")],
        "notes": _notes(),
    }  # fmt: skip


def captured(order_id: int) -> list[tuple[Payment, PaymentAttempt | None]]:
    """The payments that paid for an order, each with its attempt; none of those that wait in suspense."""
    found = []
    for payment in payments_of(order_id):
        if capture_of(payment.provider, payment.reference):
            attempt = db.session.get(PaymentAttempt, payment.attempt_id) if payment.attempt_id else None
            found.append((payment, attempt))
    return found


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


def _sums(order: Order, code: int) -> list[tuple[str, str]]:
    sums = [(_("Jumlah harga barang"), rupiah(order.subtotal)), (_("Ongkos kirim"), rupiah(order.shipping))]
    for given in order.given:
        words = f"{given.label} ({given.code})" if given.code else given.label
        sums.append((words, rupiah(-given.amount)))
    if code:
        sums.append((_("Kode unik transfer"), rupiah(code)))
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


def _returns(order_id: int) -> list[str]:
    return [
        _("Dikembalikan %(amount)s pada %(day)s", amount=rupiah(refund.amount), day=long_date(refund.sent_at))
        for refund in refunds_of(order_id)
        if refund.status is RefundStatus.SENT and refund.sent_at
    ]


def _notes() -> list[str]:
    config = current_app.config
    phone = show_phone(config["OFFICE_PHONE"]) if config["OFFICE_PHONE"] else ""
    contact = ", ".join(filter(None, (config["OFFICE_NAME"], phone, config["OFFICE_EMAIL"])))
    return [
        _("Tidak ada PPN yang dipungut. Nota ini bukan Faktur Pajak."),
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
