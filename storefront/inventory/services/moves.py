"""Pieces that change their place in a facility, that broke or were given away; the places themselves."""

from functools import partial

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from storefront.core import auditlog, clock
from storefront.core.db import db
from storefront.core.errors import Invalid
from storefront.core.language import _, _n
from storefront.core.transactions import touch, transaction
from storefront.inventory.models import (
    REASONS,
    Location,
    LocationKind,
    MovementKind,
    Reason,
    StockLevel,
    StockMovement,
    StockTransfer,
)
from storefront.inventory.services.shelves import (
    ensure_storeroom,
    enter,
    is_written,
    level_of,
    move,
    movement,
    own_place,
    refuse_below_promised,
)

MOST = 100_000
"""Pieces in one go, as for what comes in."""

GONE = (MovementKind.DAMAGED, MovementKind.GIVEN)
"""What makes pieces less without a buyer."""


def transfer(
    facility_id: int, variant_id: int, quantity: int, *, from_id: int, to_id: int,
    actor_id: int | None = None, note: str = "", once: str | None = None,
) -> None:  # fmt: skip
    """Carry pieces from one place of a facility to another; together it has as many as before.

    Only what is promised to nobody can be carried. The same pieces sent again under one `once` go once.
    Raises Invalid, or NotFound for a place of another facility. Both levels are locked, the place with the
    smaller id first.
    """
    if not 1 <= quantity <= MOST:
        raise Invalid({"quantity": _("Tulis jumlah antara 1 dan 100.000.")})
    if from_id == to_id:
        raise Invalid({"to_id": _("Pilih tempat lain sebagai tujuan.")})
    with transaction():
        levels = {place: level_of(facility_id, variant_id, place) for place in sorted((from_id, to_id))}
        key = f"{variant_id}-{from_id}-{to_id}-{quantity}-{once[:64]}" if once else None
        if key and db.session.scalar(select(StockTransfer.id).filter_by(once=key)) is not None:
            return
        start, end = levels[from_id], levels[to_id]
        if quantity > start.available:
            raise Invalid({"quantity": _n("Yang dapat dipindahkan hanya %(n)s buah.", start.available)})
        start.on_hand -= quantity
        end.on_hand += quantity
        db.session.flush()
        row = StockTransfer(
            variant_id=variant_id, from_id=from_id, to_id=to_id, quantity=quantity, actor_id=actor_id,
            once=key, at=clock.now(),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        tell = partial(
            movement, kind=MovementKind.MOVED, actor_id=actor_id, note=note, transfer_id=row.id
        )  # fmt: skip
        db.session.execute(
            insert(StockMovement),
            [tell(level.id, on_hand=change) for level, change in ((start, -quantity), (end, quantity))],
        )
        enter("stock.moved", facility_id, start, actor_id, -quantity, to=_name(to_id))
        touch("catalog")


def take_out(
    facility_id: int, variant_id: int, quantity: int, *, reason: Reason, place_id: int | None = None,
    actor_id: int | None = None, note: str = "", once: str | None = None,
) -> StockLevel:  # fmt: skip
    """Pieces broke, are lost, or were given away: gone, but neither sold nor paid for.

    The reason says which; a gift also says for whom or what. Without `place_id` they lay in the storeroom.
    The same pieces under one `once` go once. Raises Invalid (too many, promised to buyers, a reason of
    another kind, a gift without words), NotFound for a place of another facility.
    """
    kind = next((kind for kind in GONE if reason in REASONS[kind]), None)
    errors = {}
    if not 1 <= quantity <= MOST:
        errors["quantity"] = _("Tulis jumlah antara 1 dan 100.000.")
    if kind is None:
        errors["reason"] = _("Pilihan ini tidak ada. Pilih dari daftar.")
    if kind is MovementKind.GIVEN and not note:
        errors["note"] = _("Tulis untuk siapa atau acara apa.")
    if errors or kind is None:
        raise Invalid(errors)
    with transaction():
        level = level_of(facility_id, variant_id, place_id)
        key = f"keluar-{level.id}-{quantity}-{once[:64]}" if once else None
        if is_written(key):
            return level
        if quantity > level.on_hand:
            raise Invalid({"quantity": _n("Di tempat itu hanya ada %(n)s buah.", level.on_hand)})
        refuse_below_promised(level, level.on_hand - quantity)
        level.on_hand -= quantity
        move(level, kind, on_hand=-quantity, actor_id=actor_id, note=note, reason=reason, once=key)
        enter(f"stock.{kind}", facility_id, level, actor_id, -quantity, reason=reason)
        touch("catalog")
    return level


def set_limit(facility_id: int, variant_id: int, low_at: int | None, *, actor_id: int | None = None) -> None:
    """From how many sellable pieces on a variant runs out; None: the shop's usual number. Raises Invalid."""
    if low_at is not None and not 0 <= low_at <= MOST:
        raise Invalid({"low_at": _("Tulis jumlah antara 0 dan 100.000.")})
    with transaction():
        level = level_of(facility_id, variant_id)
        if level.low_at == low_at:
            return
        level.low_at = low_at
        enter("stock.limit", facility_id, level, actor_id, 0, limit=low_at)


def open_place(facility_id: int, name: str, kind: LocationKind, *, actor_id: int | None = None) -> int:
    """Another place where a facility's things may lie; returns its id. Raises Invalid: name taken.

    A facility has one storeroom, which the shop makes itself.
    """
    if kind is LocationKind.STOREROOM:
        raise Invalid({"kind": _("Pilihan ini tidak ada. Pilih dari daftar.")})
    with transaction():
        ensure_storeroom(facility_id)  # its id comes before all others': levels are locked in this order
        place = Location(facility_id=facility_id, name=name, kind=kind)
        db.session.add(place)
        _store(facility_id, "stock.place_opened", name, actor_id)
        return place.id


def name_place(facility_id: int, place_id: int, name: str, *, actor_id: int | None = None) -> None:
    """Call a place something else. Raises NotFound, or Invalid when the name is taken."""
    with transaction():
        place = db.session.get_one(Location, own_place(facility_id, place_id))
        if place.name == name:
            return
        place.name = name
        _store(facility_id, "stock.place_named", name, actor_id)


def _store(facility_id: int, action: str, name: str, actor_id: int | None) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Invalid({"name": _("Tempat dengan nama ini sudah ada.")}) from error
    auditlog.write(action, "facility", facility_id, actor_id=actor_id, facility_id=facility_id, name=name)


def _name(place_id: int) -> str:
    return db.session.get_one(Location, place_id).name
