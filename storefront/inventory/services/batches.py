"""Batches of food: received with their days, taken first-expired-first-out when a parcel is packed, blocked.

A second book beside the levels. What lies here is what a level has on hand and what is sold and not packed
yet; batches never hold more than that, and what they do not hold came in before anybody wrote batches down.
Their rows are locked after those of the levels, variant by variant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, column, func, insert, select, table

from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, insert_once, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _
from storefront.core.outbox import enqueue, handler
from storefront.core.transactions import touch, transaction
from storefront.inventory.models import (
    Batch,
    BatchMove,
    BatchMoveKind,
    Location,
    LocationKind,
    MovementKind,
    Reason,
    StockLevel,
)
from storefront.inventory.queries import is_bad

MOST_MARGIN = 14
"""Days before its best-before date in which long-lived food is not sold any more."""
SHARE = 5
"""Food that keeps for less is sold until a fifth of its life is left."""
MAX_CODE = 40
UNPACK = "batch.unpack"

_parcels = table("parcels", column("id"), column("order_id"), column("status"))
_items = table("parcel_items", column("parcel_id"), column("order_line_id"), column("quantity"))
_lines = table("order_lines", column("id"), column("variant_id"))
_orders = table("orders", column("id"), column("status"))  # the feature above, known by its tables only


class NoGoodBatch(DomainError):
    """What lies here of a food is blocked or past its day: it may not be packed."""


@dataclass(frozen=True)
class BatchFacts:
    """What is written on a batch of food."""

    code: str
    made_on: date
    best_before: date

    @property
    def sell_until(self) -> date:
        """The last WIB day on which it is sold: a fifth of its life before its end, two weeks at most."""
        life = (self.best_before - self.made_on).days
        return self.best_before - timedelta(days=min(MOST_MARGIN, life // SHARE))


def check_batch(facts: BatchFacts) -> BatchFacts:
    """The same with a clean code. Raises Invalid for days that cannot be, and for food too old to sell."""
    code, today = " ".join(facts.code.split()).upper(), clock.today()
    if not 1 <= len(code) <= MAX_CODE:
        raise Invalid({"batch_code": _("Tulis kode batch, paling panjang %(n)s huruf.", n=MAX_CODE)})
    if facts.made_on > today:
        raise Invalid({"made_on": _("Tanggal ini belum tiba.")})
    if facts.best_before < facts.made_on:
        raise Invalid({"best_before": _("Tanggal ini sebelum barangnya dibuat.")})
    if facts.sell_until < today:
        raise Invalid({"best_before": _("Terlalu dekat dengan tanggal kedaluwarsa untuk dijual.")})
    return BatchFacts(code, facts.made_on, facts.best_before)


def book_receipt(variant_id: int, facts: BatchFacts, quantity: int, actor_id: int | None) -> Batch:
    """So many pieces of a batch came in. Needs a transaction, the variant's level locked. Raises Invalid."""
    days = {"made_on": facts.made_on, "best_before": facts.best_before, "sell_until": facts.sell_until}
    mine = for_update(select(Batch).filter_by(variant_id=variant_id, code=facts.code))
    batch = db.session.scalar(mine)
    if batch is None:
        insert_once(
            Batch, variant_id=variant_id, code=facts.code, created_at=clock.now(),
            created_by_id=actor_id, **days,
        )  # fmt: skip
        batch = db.session.scalars(mine).one()
    if batch.blocked_at is not None:
        raise Invalid({"batch_code": _("Batch ini sudah diblokir.")})
    if (batch.made_on, batch.best_before) != (facts.made_on, facts.best_before):
        raise Invalid({"batch_code": _("Batch ini sudah dicatat dengan tanggal lain.")})
    _change(batch, BatchMoveKind.RECEIVED, quantity, actor_id=actor_id)
    return batch


def take(parcel_id: int, wanted: Mapping[int, int], actor_id: int | None) -> None:
    """A parcel is packed: so many pieces of each variant leave their batches, the first to expire first.

    Food that was here before batches were written down is packed without one. Needs a transaction.
    Raises NoGoodBatch.
    """
    for variant_id, pieces in sorted(wanted.items()):
        batches = _locked_batches(variant_id)
        if not batches:
            continue
        loose = _lying_here(variant_id) - sum(batch.left for batch in batches)
        left = pieces
        for batch in _good(batches):
            taken = min(left, batch.left)
            if taken:
                _change(batch, BatchMoveKind.TAKEN, -taken, parcel_id=parcel_id, actor_id=actor_id)
            left -= taken
        if left > max(0, loose):
            raise NoGoodBatch(
                _("Barang yang masih baik kurang %(n)s: sisanya diblokir atau terlalu tua.", n=left)
            )


def planned(
    parcels: Sequence[tuple[int, Mapping[int, int]]],
) -> dict[tuple[int, int], list[tuple[str, int]]]:
    """What `take` would take if these parcels were packed now in this order, by parcel and variant.

    For slips that are printed before anything is packed: codes and pieces.
    """
    variants = {variant_id for _parcel, wanted in parcels for variant_id in wanted}
    rows = _good(
        db.session.scalars(
            select(Batch)
            .where(Batch.variant_id.in_(variants), Batch.left > 0)
            .order_by(Batch.best_before, Batch.id)
        ).all()
    )
    rest = {batch.id: batch.left for batch in rows}
    found: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for parcel_id, wanted in parcels:
        for variant_id, pieces in wanted.items():
            left = pieces
            for batch in (row for row in rows if row.variant_id == variant_id):
                taken = min(left, rest[batch.id])
                rest[batch.id] -= taken
                left -= taken
                if taken:
                    found.setdefault((parcel_id, variant_id), []).append((batch.code, taken))
    return found


def give_back(parcel_id: int) -> None:
    """A packed parcel will not be sent: a job puts its pieces into their batches again. Needs a transaction.

    A job, because a cancelled order locks its levels later and batches come after those.
    """
    enqueue(UNPACK, {"parcel_id": parcel_id}, key=f"{UNPACK}:{parcel_id}:{clock.now().isoformat()}")


def trim(level: StockLevel) -> None:
    """Pieces went away otherwise than by sale: batches hold no more than lies here. The level is locked."""
    batches = _locked_batches(level.variant_id)
    if not batches:
        return
    over = sum(batch.left for batch in batches) - _lying_here(level.variant_id)
    for batch in batches:
        gone = min(batch.left, max(0, over))
        over -= gone
        if gone:
            _change(batch, BatchMoveKind.CORRECTED, -gone, actor_id=None)


def block(batch_id: int, reason: str, *, actor_id: int | None, facility_id: int | None = None) -> Batch:
    """Nothing of a batch is sold or packed any more; what can be is taken off the level at once.

    With `facility_id` only one of that facility. Raises Invalid without a reason, NotFound; twice is once.
    """
    reason = " ".join(reason.split())
    if not 3 <= len(reason) <= 200:
        raise Invalid({"reason": _("Tulis alasannya.")})
    with transaction():
        level = _level_of_batch(batch_id)
        if facility_id not in (None, level.location.facility_id):
            raise NotFound
        batch = locked(Batch, batch_id)
        if batch.blocked_at is None:
            batch.blocked_at, batch.blocked_by_id, batch.blocked_reason = clock.now(), actor_id, reason
            auditlog.write(
                "batch.blocked", "batch", batch.id, actor_id=actor_id,
                facility_id=level.location.facility_id, code=batch.code, reason=reason, left=batch.left,
            )  # fmt: skip
            _set_aside(level, batch, Reason.FAULTY, actor_id)
    return batch


def set_aside_old(limit: int = 200) -> int:
    """Take what is too old to sell off the levels; returns of how many batches. Nothing rests on it."""
    old = select(Batch.id).where(Batch.left > 0, is_bad(clock.today())).order_by(Batch.id).limit(limit)
    ids = db.session.scalars(old).all()
    db.session.rollback()
    return sum(_set_old_aside(batch_id) for batch_id in ids)


def _set_old_aside(batch_id: int) -> bool:
    with transaction():
        level = _level_of_batch(batch_id)
        return _set_aside(level, locked(Batch, batch_id), Reason.SPOILED, None)


def _set_aside(level: StockLevel, batch: Batch, reason: Reason, actor_id: int | None) -> bool:
    """As many pieces as nobody was promised; the rest stay withheld until their orders are seen to."""
    from storefront.inventory.services.shelves import move  # it calls `trim`

    pieces = min(batch.left, level.available)
    if pieces < 1:
        return False
    _change(batch, BatchMoveKind.SET_ASIDE, -pieces, actor_id=actor_id)
    level.on_hand -= pieces
    move(level, MovementKind.DAMAGED, on_hand=-pieces, actor_id=actor_id, reason=reason, note=batch.code)
    touch("catalog")
    return True


def _level_of_batch(batch_id: int) -> StockLevel:
    """The storeroom's level of a batch's variant, locked. Raises NotFound."""
    variant = select(Batch.variant_id).where(Batch.id == batch_id).scalar_subquery()
    level = db.session.scalar(for_update(_storeroom_levels().where(StockLevel.variant_id == variant)))
    if level is None:
        raise NotFound
    return level


def _storeroom_levels() -> Select[StockLevel]:
    rooms = select(Location.id).where(Location.kind == LocationKind.STOREROOM)
    return select(StockLevel).where(StockLevel.location_id.in_(rooms))


def _locked_batches(variant_id: int) -> Sequence[Batch]:
    return db.session.scalars(
        for_update(select(Batch).where(Batch.variant_id == variant_id).order_by(Batch.best_before, Batch.id))
    ).all()


def _good(batches: Sequence[Batch]) -> list[Batch]:
    """Those that may be packed: what was sold in time is still good on its best-before day."""
    today = clock.today()
    return [batch for batch in batches if batch.blocked_at is None and batch.best_before >= today]


def _lying_here(variant_id: int) -> int:
    """Pieces in the storeroom: on hand, and sold ones that no parcel has been packed with."""
    on_hand = select(func.coalesce(func.sum(StockLevel.on_hand), 0)).join(StockLevel.location)
    on_hand = on_hand.where(StockLevel.variant_id == variant_id, Location.kind == LocationKind.STOREROOM)
    sold = (
        select(func.coalesce(func.sum(_items.c.quantity), 0))
        .select_from(_items)
        .join(_lines, _lines.c.id == _items.c.order_line_id)
        .join(_parcels, _parcels.c.id == _items.c.parcel_id)
        .join(_orders, _orders.c.id == _parcels.c.order_id)
        .where(
            _lines.c.variant_id == variant_id,
            _parcels.c.status.in_(("waiting", "processing")),
            _orders.c.status == "paid",
        )
    )
    return int(db.session.scalar(on_hand) or 0) + int(db.session.scalar(sold) or 0)


def _change(
    batch: Batch, kind: BatchMoveKind, delta: int, *, parcel_id: int | None = None, actor_id: int | None
) -> None:
    batch.left += delta
    db.session.flush()
    row = {
        "batch_id": batch.id, "kind": kind, "delta": delta, "parcel_id": parcel_id, "actor_id": actor_id,
        "at": clock.now(),
    }  # fmt: skip
    db.session.execute(insert(BatchMove), [row])


@handler(UNPACK)
def unpack(payload: dict[str, Any]) -> None:
    """Put what a cancelled parcel took back into its batches. Running twice does no harm."""
    parcel_id = payload["parcel_id"]
    with transaction():
        moves = select(BatchMove.batch_id).filter_by(parcel_id=parcel_id).distinct()
        variants = select(Batch.variant_id).where(Batch.id.in_(moves)).distinct()
        levels = _storeroom_levels().where(StockLevel.variant_id.in_(variants))
        for level in db.session.scalars(for_update(levels.order_by(StockLevel.variant_id))).all():
            for batch in _locked_batches(level.variant_id):
                mine = select(func.sum(BatchMove.delta)).filter_by(batch_id=batch.id, parcel_id=parcel_id)
                pieces = -int(db.session.scalar(mine) or 0)
                if pieces > 0:
                    _change(batch, BatchMoveKind.UNPACKED, pieces, parcel_id=parcel_id, actor_id=None)
            trim(level)  # meanwhile they may have been sold and packed as pieces of no batch


def packed_from(parcel_ids: Sequence[int]) -> dict[tuple[int, int], list[tuple[str, int]]]:
    """Of which batches packed parcels are, by parcel and variant: codes and pieces."""
    rows = db.session.execute(
        select(BatchMove.parcel_id, Batch.variant_id, Batch.code, -func.sum(BatchMove.delta))
        .join(BatchMove.batch)
        .where(BatchMove.parcel_id.in_(parcel_ids))
        .group_by(BatchMove.parcel_id, Batch.variant_id, Batch.id, Batch.code)
        .having(func.sum(BatchMove.delta) < 0)
        .order_by(Batch.id)
    )
    found: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for parcel_id, variant_id, code, pieces in rows:
        if parcel_id is not None:
            found.setdefault((parcel_id, variant_id), []).append((code, int(pieces)))
    return found
