"""Handing over what is collected: to whoever knows the code that the buyer was told when it was ready."""

import hmac

from storefront.accounts.services.throttle import forget_attempts, note_attempt
from storefront.core import auditlog
from storefront.core.db import db
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.core.transactions import transaction
from storefront.orders.models import Parcel, ParcelStatus
from storefront.orders.services.life import Actor, IllegalMove, complete_if_done, move_parcel, own_parcel


def collect_parcel(facility_id: int, parcel_id: int, actor: Actor, *, code: str) -> Parcel:
    """Hand a parcel over to somebody who said its code; however it was typed.

    Raises Invalid for another code, TooMany after a few of those, NotFound, IllegalMove unless it is ready.
    """
    known = _ready(facility_id, parcel_id)
    subject, where = f"ambil:{known.code}", f"petugas-{actor.id}"
    right = hmac.compare_digest(as_read(code).encode(), known.pickup_code.encode())
    note_attempt(subject, where)
    if not right:
        raise Invalid({"code": _("Kode ini tidak cocok. Minta pembeli membuka halaman pesanannya.")})
    forget_attempts(subject, where)
    return _hand_over(facility_id, parcel_id, actor, note="")


def collect_without_code(facility_id: int, parcel_id: int, actor: Actor, *, reason: str) -> Parcel:
    """Hand a parcel over to somebody who does not know its code, for a reason that stays with the order.

    That it was done stands in the audit log. Raises Invalid without a reason, NotFound, IllegalMove.
    """
    if not 5 <= len(reason.strip()) <= 200:
        raise Invalid({"reason": _("Tulis bagaimana Anda mengenali pembelinya (5–200 huruf).")})
    with transaction():
        parcel = _hand_over(facility_id, parcel_id, actor, note=reason.strip())
        auditlog.write(
            "parcel.collected_without_code", "parcel", parcel.code, actor_id=actor.id, facility_id=facility_id
        )
    return parcel


def as_read(typed: str) -> str:
    """The code as it was made: capitals without gaps, and what looks like a digit is one (Crockford)."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return letters.translate(str.maketrans("OIL", "011"))


def _ready(facility_id: int, parcel_id: int) -> Parcel:
    parcel = db.session.get(Parcel, parcel_id)
    if parcel is None or parcel.facility_id != facility_id:
        raise NotFound
    if parcel.status is not ParcelStatus.READY:
        raise IllegalMove
    return parcel


def _hand_over(facility_id: int, parcel_id: int, actor: Actor, *, note: str) -> Parcel:
    with transaction():
        parcel = own_parcel(facility_id, parcel_id)
        if parcel.status is not ParcelStatus.READY:
            raise IllegalMove
        move_parcel(parcel, ParcelStatus.COLLECTED, note=note, actor=actor)
        complete_if_done(parcel.order)
    return parcel
