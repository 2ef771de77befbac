"""What staff do with many parcels at once: accept the chosen ones, write down a list of waybills."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import select

from storefront.core.db import db
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _, _n
from storefront.orders.models import DeliveryMethod, Parcel, ParcelStatus
from storefront.orders.queries import parcel_by_code
from storefront.orders.services.life import Actor, IllegalMove, accept_parcel, ship_parcel

MOST_LINES = 200
_BETWEEN = re.compile(r"[\s,;]+")


class Verdict(NamedTuple):
    """What became of one line of a list; `is_new` when something was written down."""

    number: int
    typed: str
    good: bool
    is_new: bool
    words: str


def accept_many(facility_id: int, parcel_ids: Sequence[int], actor: Actor) -> tuple[int, list[str]]:
    """Accept each of these parcels by itself; how many, and the codes of those that did not wait any more.

    Raises NotFound, before anything changes, when one of them is not the facility's.
    """
    rows = db.session.execute(
        select(Parcel.id, Parcel.code).where(Parcel.facility_id == facility_id, Parcel.id.in_(parcel_ids))
    ).all()
    db.session.rollback()
    if len(rows) != len(set(parcel_ids)):
        raise NotFound
    done, left = 0, []
    for parcel_id, code in rows:
        try:
            accept_parcel(facility_id, parcel_id, actor)
            done += 1
        except (IllegalMove, NotFound):
            db.session.rollback()
            left.append(code)
    return done, left


def enter_waybills(facility_id: int, text: str, *, courier: str, actor: Actor) -> list[Verdict]:
    """Hand packed parcels to a courier by a list: a line is a parcel's code and its waybill.

    Between them stands a tab, a space or a comma; a scanner writes them on two lines. Each line counts by
    itself: a bad one changes nothing, and the same list again changes nothing. Raises Invalid for more than
    MOST_LINES lines and for none.
    """
    pairs = list(read_pairs(text))
    if not pairs:
        raise Invalid({"lines": _("Tempel atau pindai paling sedikit satu baris.")})
    if len(pairs) > MOST_LINES:
        raise Invalid({"lines": _("Paling banyak %(most)s baris sekali simpan.", most=MOST_LINES)})
    return [
        Verdict(number, typed, *_enter(facility_id, parts, courier, actor)) for number, typed, parts in pairs
    ]


def read_pairs(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Number, words as typed and parts of each line; two lines of a word each (scanners do so) are one."""
    waiting: tuple[int, str] | None = None
    for number, line in enumerate(text.replace("\0", "").splitlines(), start=1):
        parts = [part for part in _BETWEEN.split(line.strip()) if part]
        if not parts:
            continue
        if len(parts) == 1 and waiting is None:
            waiting = (number, parts[0])
            continue
        if len(parts) == 1 and waiting is not None:
            yield waiting[0], f"{waiting[1]} {parts[0]}", [waiting[1], parts[0]]
            waiting = None
            continue
        if waiting is not None:
            yield waiting[0], waiting[1], [waiting[1]]
            waiting = None
        yield number, line.strip()[:200], parts
    if waiting is not None:
        yield waiting[0], waiting[1], [waiting[1]]


def _enter(facility_id: int, parts: list[str], courier: str, actor: Actor) -> tuple[bool, bool, str]:
    """What became of a line: is it good, is it new, and the words."""
    if len(parts) != 2:
        return False, False, _("Tulis kode kiriman, lalu nomor resinya.")
    parcel = parcel_by_code(facility_id, parts[0])
    if parcel is None:
        return False, False, _("Tidak ada kiriman dengan kode ini di Lapas Anda.")
    parcel_id, waybill = parcel.id, parts[1].upper()
    if parcel.status is ParcelStatus.PACKED and parcel.method is DeliveryMethod.DELIVERY:
        db.session.rollback()
        try:
            ship_parcel(facility_id, parcel_id, actor, courier=courier, waybill=waybill)
        except Invalid as error:
            db.session.rollback()
            return False, False, " ".join(str(words) for words in error.errors.values())
        except IllegalMove:
            db.session.rollback()  # somebody else sent it in this moment: judged anew below
        else:
            return True, True, _("Tersimpan. Pembeli diberi tahu nomor resinya.")
    return _as_it_is(parcel_id, courier, waybill)


def _as_it_is(parcel_id: int, courier: str, waybill: str) -> tuple[bool, bool, str]:
    parcel = db.session.get_one(Parcel, parcel_id, populate_existing=True)
    if (parcel.courier, parcel.waybill) == (courier, waybill):
        return True, False, _("Sudah tersimpan sebelumnya.")
    if parcel.method is DeliveryMethod.PICKUP:
        return False, False, _("Kiriman ini diambil sendiri oleh pembelinya.")
    if parcel.status in (ParcelStatus.WAITING, ParcelStatus.PROCESSING):
        return False, False, _("Kiriman ini belum dikemas.")
    if parcel.waybill:
        return False, False, _("Kiriman ini sudah berangkat dengan resi %(waybill)s.", waybill=parcel.waybill)
    return False, False, _("Kiriman ini tidak dapat dikirim lagi.")


def summary(verdicts: Sequence[Verdict]) -> str:
    """How many waybills were written down, in words."""
    return _n("%(n)s resi tersimpan.", sum(verdict.is_new for verdict in verdicts))
