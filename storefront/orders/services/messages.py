"""Messages about a parcel, from templates: no free words, and nothing in them but what the parcel is.

A facility may write its own words for each kind; they are Indonesian, and buyers who read English get the
shop's. What was sent stands in the order's history by its name, without the buyer's number or address.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import func, select

from storefront.core import auditlog, clock, letters
from storefront.core.db import db, insert_once
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import SOURCE, _, lazy, speaking
from storefront.core.outbox import enqueue, handler
from storefront.core.transactions import transaction
from storefront.orders.models import DeliveryMethod, MessageText, OrderEvent, Parcel, ParcelStatus
from storefront.orders.services.late import due_day
from storefront.orders.services.life import Actor, IllegalMove, own_parcel, record
from storefront.web.formats import long_date

LETTER = "parcel.message"
MOST_WORDS = 500
_FIELD = re.compile(r"\{([^{}]*)\}")
S = ParcelStatus


class Way(StrEnum):
    """How a message travels."""

    WHATSAPP = "whatsapp"
    EMAIL = "email"


WAY_WORDS = {Way.WHATSAPP: "WhatsApp", Way.EMAIL: lazy("e-mail")}
FIELDS = {
    "kode": lazy("kode kiriman"), "lapas": lazy("nama Lapas"), "barang": lazy("isi kiriman"),
    "tenggat": lazy("hari siap paling lambat"), "kurir": lazy("kurir"), "resi": lazy("nomor resi"),
}  # fmt: skip
"""What a template may name, and what stands there: all of it is the parcel's, none of it the buyer's."""


@dataclass(frozen=True)
class Kind:
    """A kind of message: its name, the shop's words, and at which steps of a parcel it fits."""

    name: Any
    words: Any
    fits: frozenset[ParcelStatus]
    method: DeliveryMethod | None = None


KINDS = {
    "prepared": Kind(
        lazy("Sedang disiapkan"),
        lazy("Halo, kiriman {kode} ({barang}) sedang disiapkan {lapas}. Siap paling lambat {tenggat}."),
        frozenset({S.WAITING, S.PROCESSING}),
    ),
    "late": Kind(
        lazy("Mohon maaf terlambat"),
        lazy("Halo, mohon maaf: kiriman {kode} ({barang}) belum siap di {lapas}. Kami kabari lagi."),
        frozenset({S.WAITING, S.PROCESSING}),
    ),
    "sent": Kind(
        lazy("Sudah berangkat"),
        lazy("Halo, kiriman {kode} dari {lapas} sudah berangkat dengan {kurir}, nomor resi {resi}."),
        frozenset({S.SHIPPED}),
    ),
    "ready": Kind(
        lazy("Siap diambil"),
        lazy("Halo, kiriman {kode} siap diambil di {lapas}. Bawa kode dari halaman pesanan Anda."),
        frozenset({S.READY}),
        DeliveryMethod.PICKUP,
    ),
}


@dataclass(frozen=True)
class Message:
    """A message as it would be sent about a parcel now."""

    kind: str
    name: str
    text: str


def words_of(facility_id: int) -> dict[str, str]:
    """A facility's own words by kind."""
    rows = db.session.execute(select(MessageText.kind, MessageText.body).filter_by(facility_id=facility_id))
    return {row[0]: row[1] for row in rows}


def messages_for(parcel: Parcel) -> list[Message]:
    """What can be said about a parcel at its step, in the language in which it was ordered."""
    own = words_of(parcel.facility_id) if parcel.order.language == SOURCE else {}
    fitting = [
        (key, kind) for key, kind in KINDS.items()
        if parcel.status in kind.fits and kind.method in (None, parcel.method)
    ]  # fmt: skip
    with speaking(parcel.order.language):
        texts = [fill(own.get(key) or str(kind.words), parcel) for key, kind in fitting]
    return [
        Message(key, str(kind.name), text) for (key, kind), text in zip(fitting, texts, strict=True) if text
    ]


def fill(words: str, parcel: Parcel) -> str:
    """The words with the parcel's facts in them; nothing when one of the facts is not there yet."""
    due = due_day(parcel)
    facts = {
        "kode": parcel.code,
        "lapas": parcel.facility.name,
        "barang": ", ".join(f"{item.quantity} × {item.line.title}" for item in parcel.items),
        "tenggat": long_date(due) if due else "",
        "kurir": parcel.courier,
        "resi": parcel.waybill,
    }
    if not all(facts.get(name) for name in _FIELD.findall(words)):
        return ""
    return _FIELD.sub(lambda found: facts[found[1]], words)


def save_words(facility_id: int, kind: str, body: str, *, actor_id: int | None) -> None:
    """A facility's own words for a kind; empty ones bring the shop's back. Raises NotFound, Invalid."""
    if kind not in KINDS:
        raise NotFound
    body = " ".join(body.replace("\0", " ").split())
    if len(body) > MOST_WORDS:
        raise Invalid({"body": _("Paling panjang %(most)s huruf.", most=MOST_WORDS)})
    unknown = [name for name in _FIELD.findall(body) if name not in FIELDS]
    if unknown or "{" in _FIELD.sub("", body) or "}" in _FIELD.sub("", body):
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        raise Invalid({"body": _("Yang dapat disebut hanya: %(fields)s.", fields=known)})
    with transaction():
        mine = select(MessageText).filter_by(facility_id=facility_id, kind=kind)
        row = db.session.scalar(mine)
        if (row.body if row else "") == body:
            return
        if not body and row:
            db.session.delete(row)
        elif row:
            row.body, row.updated_at, row.updated_by_id = body, clock.now(), actor_id
        else:
            values = {"body": body, "updated_at": clock.now(), "updated_by_id": actor_id}
            insert_once(MessageText, facility_id=facility_id, kind=kind, **values)
        auditlog.write(
            "message.words", "facility", facility_id, actor_id=actor_id, facility_id=facility_id, kind=kind
        )


class Sent(NamedTuple):
    """How often a kind of message went by e-mail, and when last."""

    times: int
    last: datetime


class Told(NamedTuple):
    """What was told; with `before`, nothing was sent now, because it went at that moment already."""

    text: str
    before: datetime | None = None


def sent_by_email(parcel_id: int) -> dict[str, Sent]:
    """What was written to the buyer of a parcel, by kind of message."""
    rows = db.session.execute(
        select(OrderEvent.note, func.count(), func.max(OrderEvent.at))
        .where(OrderEvent.parcel_id == parcel_id, OrderEvent.kind == "message")
        .group_by(OrderEvent.note)
    ).all()
    found = {row[0]: Sent(row[1], row[2]) for row in rows}
    kinds = {kind: _note(kind, Way.EMAIL) for kind in KINDS}
    return {kind: found[note] for kind, note in kinds.items() if note in found}


def _note(kind: str, way: Way) -> str:
    with speaking(SOURCE):
        return f"{KINDS[kind].name} · {WAY_WORDS[way]}"


def tell(
    facility_id: int, parcel_id: int, kind: str, way: Way, actor: Actor, *, times: int = 0
) -> Told:  # fmt: skip
    """Send a message by e-mail, or write down that it goes through WhatsApp; twice is once.

    A letter goes again only to whoever knows how many `times` it went before: a second press of the same
    button sends nothing and says when it went. Raises NotFound for somebody else's parcel, IllegalMove for
    a kind or way that does not fit it now.
    """
    with transaction():
        parcel = own_parcel(facility_id, parcel_id)
        message = next((one for one in messages_for(parcel) if one.kind == kind), None)
        if message is None or not (parcel.order.email if way is Way.EMAIL else parcel.order.phone):
            raise IllegalMove
        if way is Way.EMAIL:
            return _write(parcel, message, times, actor)
        note = _note(kind, way)
        told = select(OrderEvent.id).filter_by(parcel_id=parcel.id, kind="message", note=note)
        if db.session.scalar(told) is None:
            record(parcel.order, "message", parcel=parcel, note=note, actor=actor)
    return Told(message.text)


def _write(parcel: Parcel, message: Message, times: int, actor: Actor) -> Told:
    """One letter more, unless another went meanwhile. The caller holds the order's row."""
    sent = sent_by_email(parcel.id).get(message.kind)
    if sent and sent.times != times:
        return Told(message.text, sent.last)
    record(parcel.order, "message", parcel=parcel, note=_note(message.kind, Way.EMAIL), actor=actor)
    nth = f":{sent.times + 1}" if sent else ""
    payload = {"parcel_id": parcel.id, "text": message.text}
    enqueue(LETTER, payload, key=f"{LETTER}:{parcel.id}:{message.kind}{nth}")
    return Told(message.text)


@handler(LETTER)
def send_message(payload: dict[str, Any]) -> None:
    """Write to the buyer of a parcel, when they gave an e-mail address. Raises when mail is away."""
    parcel = db.session.get(Parcel, payload["parcel_id"])
    if parcel is None or not parcel.order.email:
        return
    order = parcel.order
    with speaking(order.language):
        letters.post(
            order.email, _("Kabar kiriman %(code)s", code=parcel.code), "message",
            link=letters.address(f"/pesanan/{order.token}"), order=order, words=payload["text"],
        )  # fmt: skip
