"""The boxes that a facility packs in, and what it says at its counter."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, locked
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.core.transactions import touch, transaction
from storefront.facilities.models import Facility, Packaging

MOST_CM = 300
MOST_GRAMS = 50_000
NO_HOURS: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class BoxDetails:
    """A size: cm inside, grams when empty. One that is not active is kept for later and never chosen."""

    name: str
    length_cm: int
    width_cm: int
    height_cm: int
    weight: int
    is_active: bool = True


def add_box(facility_id: int, details: BoxDetails, *, by_id: int | None = None) -> int:
    """Another size; returns its id. Parcels of orders from now on may go in it. Raises Invalid, NotFound."""
    _check(details)
    with transaction():
        locked(Facility, facility_id)
        row = Packaging(facility_id=facility_id, created_at=clock.now(), **asdict(details))
        db.session.add(row)
        _store("packaging.added", facility_id, details, by_id)
        return row.id


def change_box(facility_id: int, box_id: int, details: BoxDetails, *, by_id: int | None = None) -> None:
    """Say anew what a size is. Orders that were placed keep their prices. Raises Invalid, NotFound."""
    _check(details)
    with transaction():
        mine = for_update(select(Packaging).filter_by(id=box_id, facility_id=facility_id))
        row = db.session.scalar(mine)
        if row is None:
            raise NotFound
        values = asdict(details)
        if all(getattr(row, name) == value for name, value in values.items()):
            return
        for name, value in values.items():
            setattr(row, name, value)
        _store("packaging.changed", facility_id, details, by_id)


def set_counter(
    facility_id: int, *, pickup_hours: str, pickup_note: str, contact_phone: str,
    workshop_hours: Mapping[int, str] = NO_HOURS, by_id: int | None = None,
) -> None:  # fmt: skip
    """When and how goods are collected, and whom buyers ask or complain to: at once. Raises NotFound.

    `workshop_hours` are by the id of a workshop, empty for the facility's; those of other facilities are
    passed over.
    """
    values = {"pickup_hours": pickup_hours, "pickup_note": pickup_note, "contact_phone": contact_phone}
    with transaction():
        facility = locked(Facility, facility_id)
        changed = sorted(name for name, value in values.items() if getattr(facility, name) != value)
        rooms = [one for one in facility.workshops if workshop_hours.get(one.id, one.hours) != one.hours]
        changed += ["workshop_hours"] if rooms else []
        if not changed:
            return
        for name, value in values.items():
            setattr(facility, name, value)
        for room in rooms:
            room.hours = workshop_hours[room.id]
        auditlog.write(
            "facility.counter", "facility", facility_id, actor_id=by_id, facility_id=facility_id,
            fields=changed,
        )  # fmt: skip
        touch("catalog")


def _check(details: BoxDetails) -> None:
    errors = {}
    for side in ("length_cm", "width_cm", "height_cm"):
        if not 1 <= getattr(details, side) <= MOST_CM:
            errors[side] = _("Tulis 1 sampai 300 cm.")
    if not 0 <= details.weight <= MOST_GRAMS:
        errors["weight"] = _("Tulis paling banyak 50 kg.")
    if not details.name.strip():
        errors["name"] = _("Beri nama ukurannya.")
    if errors:
        raise Invalid(errors)


def _store(action: str, facility_id: int, details: BoxDetails, by_id: int | None) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Invalid({"name": _("Kemasan dengan nama ini sudah ada.")}) from error
    auditlog.write(
        action, "facility", facility_id, actor_id=by_id, facility_id=facility_id, **asdict(details)
    )  # fmt: skip
    touch("catalog")
