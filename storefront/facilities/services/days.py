"""When a facility does not work, and when it takes no orders: the days it is closed, and its pause."""

from datetime import date, timedelta

from sqlalchemy import select

from storefront.core import auditlog, clock
from storefront.core.db import db, locked
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.core.transactions import touch, transaction
from storefront.facilities.models import ClosingDay, Facility

FARTHEST = 366
"""Days ahead that a pause may last and a closing day may lie."""

SHORTEST = 5
"""Letters of the sentence that buyers read."""


def check_pause(until: date, note: str) -> None:
    """A pause ends within a year, and buyers are told why. Raises Invalid."""
    errors = {}
    today = clock.today()
    if until <= today:
        errors["until"] = _("Tulis hari setelah hari ini.")
    elif until > today + timedelta(days=FARTHEST):
        errors["until"] = _("Paling lama satu tahun.")
    if len(note) < SHORTEST:
        errors["note"] = _("Tulis satu kalimat untuk pembeli.")
    if errors:
        raise Invalid(errors)


def pause_facility(facility_id: int, until: date, note: str, *, by_id: int | None = None) -> None:
    """A facility takes no orders until this day, on which it does again; what was sold stays sold.

    `note` stands on its pages and in carts. Raises Invalid, NotFound.
    """
    check_pause(until, note)
    with transaction():
        facility = locked(Facility, facility_id)
        facility.paused_until, facility.pause_note = until, note
        _enter("facility.paused", facility_id, by_id, until=until.isoformat(), comment=note)
        touch("catalog")


def resume_facility(facility_id: int, *, by_id: int | None = None) -> None:
    """A facility takes orders again. A second call changes nothing. Raises NotFound."""
    with transaction():
        facility = locked(Facility, facility_id)
        if facility.paused_until is None:
            return
        facility.paused_until, facility.pause_note = None, ""
        _enter("facility.resumed", facility_id, by_id)
        touch("catalog")


def close_days(facility_id: int, first: date, last: date, reason: str, *, by_id: int | None = None) -> int:
    """Nobody works on these days, both included; returns the row's id. The same days twice are one row.

    Dates of what is ordered from now on leave them out; what was promised stays promised. Raises Invalid.
    """
    today, errors = clock.today(), {}
    if last < today:
        errors["last"] = _("Hari ini sudah lewat.")
    elif last > today + timedelta(days=FARTHEST):
        errors["last"] = _("Paling jauh satu tahun dari sekarang.")
    if last < first:
        errors["last"] = _("Hari terakhir tidak boleh sebelum hari pertama.")
    if errors:
        raise Invalid(errors)
    with transaction():
        locked(Facility, facility_id)
        same = select(ClosingDay.id).filter_by(facility_id=facility_id, first=first, last=last)
        if standing := db.session.scalar(same):
            return standing
        row = ClosingDay(
            facility_id=facility_id, first=first, last=last, reason=reason, created_by_id=by_id,
            created_at=clock.now(),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        days = [first.isoformat(), last.isoformat()]
        _enter("facility.closed_days", facility_id, by_id, days=days, comment=reason)
        touch("catalog")
        return row.id


def open_days(facility_id: int, row_id: int, *, by_id: int | None = None) -> None:
    """They work on those days after all. Raises NotFound for anybody else's."""
    with transaction():
        row = db.session.scalar(select(ClosingDay).filter_by(id=row_id, facility_id=facility_id))
        if row is None:
            raise NotFound
        days = [row.first.isoformat(), row.last.isoformat()]
        db.session.delete(row)
        _enter("facility.opened_days", facility_id, by_id, days=days)
        touch("catalog")


def _enter(action: str, facility_id: int, by_id: int | None, **facts: object) -> None:
    auditlog.write(action, "facility", facility_id, actor_id=by_id, facility_id=facility_id, **facts)
