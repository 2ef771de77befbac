"""What stands on each document, as plain data in the language of the moment: the sources hold no words.

Slips and work orders go to where the goods are made: they carry the parcel's code and things, and nothing
about the buyer. A label carries what the courier needs, and not what lies inside.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from storefront.core import barcode, qr
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.language import _, _n, language
from storefront.core.phone import show_phone
from storefront.inventory.services.batches import packed_from, planned
from storefront.orders.models import DeliveryMethod, Order, OrderLine, Parcel, ParcelItem, ParcelStatus
from storefront.orders.queries import VISIBLE
from storefront.orders.services.late import UNPACKED
from storefront.orders.services.life import pieces_of
from storefront.web.formats import long_date, weight

MOST = 60
"""So many parcels fit into one file."""
Data = dict[str, Any]
Batches = Mapping[tuple[int, int | None], list[str]]


def parcels_to_print(
    facility_id: int, *, ids: Sequence[int] = (), statuses: Sequence[ParcelStatus] = ()
) -> list[Parcel]:
    """Paid parcels of a facility, by id or by status, the longest waiting first; at most MOST.

    Raises NotFound when there is none, or when one of the ids is not the facility's.
    """
    chosen = Parcel.id.in_(ids) if ids else Parcel.status.in_(statuses)
    rows = db.session.scalars(
        select(Parcel)
        .join(Parcel.order)
        .options(
            contains_eager(Parcel.order),
            joinedload(Parcel.facility),
            selectinload(Parcel.items).joinedload(ParcelItem.line),
        )
        .where(Parcel.facility_id == facility_id, Order.status.in_(VISIBLE), chosen)
        .order_by(Order.paid_at, Parcel.id)
        .limit(MOST)
    )
    found = list(rows)
    if not found or (ids and len(found) != len(set(ids))):
        raise NotFound
    return found


def slip(parcels: Sequence[Parcel]) -> Data:
    """What lies in each parcel: codes, things, notes, and of food the batch."""
    made_of = _batches(parcels)
    return _common(_("Isi kiriman"), _("Isi kiriman tanpa data pembeli")) | {
        "words": {"columns": [_("Jumlah"), _("Barang"), "SKU"], "page": _("Halaman")},
        "closing": _("Cocokkan isi dengan daftar ini sebelum kiriman ditutup."),
        "parcels": [
            {
                "code": parcel.code,
                "qr": _square(parcel.code),
                "facts": _facts(parcel),
                "rows": [
                    {
                        "quantity": f"{item.quantity} ×",
                        "title": item.line.title,
                        "details": _details(item.line) + made_of.get((parcel.id, item.line.variant_id), []),
                        "sku": item.line.sku,
                    }
                    for item in parcel.items
                ],
            }
            for parcel in parcels
        ],
    }


def work(parcels: Sequence[Parcel]) -> Data:
    """What each workshop has to bring or make for each parcel, until when, and of food from which batch."""
    made_of = _batches(parcels)
    return _common(_("Perintah kerja"), _("Perintah kerja untuk bengkel, tanpa data pembeli")) | {
        "words": {
            "columns": [_("Selesai"), _("Jumlah"), _("Barang"), _("Siap paling lambat")],
            "page": _("Halaman"),
        },
        "closing": _("Setelah semua barang siap, serahkan bersama lembar ini kepada petugas."),
        "parcels": [
            {
                "code": parcel.code,
                "qr": _square(parcel.code),
                "facts": _facts(parcel),
                "workshops": [
                    {"name": name, "rows": [_task(item, parcel, made_of) for item in items]}
                    for name, items in _by_workshop(parcel).items()
                ],
            }
            for parcel in parcels
        ],
    }


def label(parcels: Sequence[Parcel]) -> Data:
    """Where each parcel goes; one that is collected carries only its code."""
    return _common(_("Label kiriman"), _("Label kiriman untuk kurir")) | {
        "words": {"from": _("Pengirim")},
        "parcels": [
            {
                "code": parcel.code,
                "qr": _square(parcel.code),
                "bars": barcode.svg(parcel.code).decode(),
                "service": [parcel.service_words, parcel.waybill, weight(parcel.weight)],
                "from": _sender(parcel),
                **_receiver(parcel),
            }
            for parcel in parcels
        ],
    }


def bundle(parcels: Sequence[Parcel]) -> Data:
    """All papers of these parcels in one file; work orders of those that are not packed yet."""
    unpacked = [parcel for parcel in parcels if parcel.status in UNPACKED]
    return _common(_("Berkas kiriman"), _("Perintah kerja, isi kiriman, dan label")) | {
        "work": work(unpacked) if unpacked else None,
        "slip": slip(parcels),
        "label": label(parcels),
    }


def _batches(parcels: Sequence[Parcel]) -> Batches:
    """Of which batches food is, or is to be taken, by parcel and variant; in words."""
    open_ones = [(parcel.id, pieces_of(parcel)) for parcel in parcels if parcel.status in UNPACKED]
    found = packed_from([parcel.id for parcel in parcels]) | planned(open_ones)
    return {
        (parcel_id, variant_id): [_("Batch %(code)s: %(n)s", code=code, n=pieces) for code, pieces in rows]
        for (parcel_id, variant_id), rows in found.items()
    }


# --- pieces -------------------------------------------------------------------------------------------


def _common(heading: str, about: str) -> Data:
    shop = current_app.config["SHOP_NAME"]
    return {
        "lang": language(),
        "title": f"{heading} – {shop}",
        "author": shop,
        "about": about,
        "heading": heading,
    }


def _square(code: str) -> str:
    return qr.svg(code, title=code).decode()


def _facts(parcel: Parcel) -> list[str]:
    pieces = sum(item.quantity for item in parcel.items)
    return [
        parcel.facility.name,
        _n("%(n)s barang", pieces) + " · " + _("Berat %(weight)s", weight=weight(parcel.weight)),
        _("Siap paling lambat %(day)s", day=long_date(parcel.ready_by)) if parcel.ready_by else "",
        _("Diantar %(day)s", day=long_date(parcel.deliver_on)) if parcel.deliver_on else "",
        _("Ambil di tempat") if parcel.method is DeliveryMethod.PICKUP else parcel.service_words,
    ]


def _details(line: OrderLine) -> list[str]:
    """The chosen form, the workshop, and what is to be written on the piece."""
    note = _("Tulisan: %(words)s", words=line.note) if line.note else ""
    return [words for words in (line.options, line.workshop, note) if words]


def _by_workshop(parcel: Parcel) -> Mapping[str, list[ParcelItem]]:
    shops: dict[str, list[ParcelItem]] = {}
    for item in sorted(parcel.items, key=lambda item: (item.line.workshop, item.order_line_id)):
        shops.setdefault(item.line.workshop or parcel.facility.name, []).append(item)
    return shops


def _task(item: ParcelItem, parcel: Parcel, made_of: Batches) -> Data:
    line = item.line
    note = _("Tulisan: %(words)s", words=line.note) if line.note else ""
    due = line.ready_by or parcel.ready_by
    return {
        "quantity": str(item.quantity),
        "title": line.title,
        "details": [words for words in (line.options, line.sku, note) if words]
        + made_of.get((parcel.id, line.variant_id), []),
        "due": long_date(due) if due else "–",
    }


def _sender(parcel: Parcel) -> list[str]:
    facility = parcel.facility
    phone = show_phone(facility.contact_phone) if facility.contact_phone else ""
    place = " ".join(filter(None, (facility.address or facility.town, facility.postal_code)))
    return [facility.name, place, phone]


def _receiver(parcel: Parcel) -> Data:
    if parcel.method is DeliveryMethod.PICKUP:
        return {"to-word": _("Ambil di tempat"), "to": [parcel.code], "hint": ""}
    order, address = parcel.order, parcel.order.address
    street = ", ".join(filter(None, (address.get("street"), address.get("village"))))
    town = " ".join(filter(None, (address.get("district_label"), address.get("postal_code"))))
    landmark = address.get("landmark") or ""
    return {
        "to-word": _("Kepada"),
        "to": [order.customer_name, show_phone(order.phone), street, town],
        "hint": _("Patokan: %(words)s", words=landmark) if landmark else "",
    }
