"""The shop's books for inspectors, row by row: nothing here holds a whole table in memory.

Field names are a contract: they stay. Amounts are whole rupiah, moments aware (shown in WIB).
"""

import heapq
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import aliased

from storefront.accounts.models import User
from storefront.catalog.models import CurationEvent, Product, Variant
from storefront.core.db import db
from storefront.core.models import AuditEntry
from storefront.facilities.models import Facility
from storefront.inventory.models import Location, MovementKind, StockLevel, StockMovement
from storefront.orders.models import Order, OrderDiscount, OrderEvent, OrderLine, Parcel
from storefront.payments.models import Payment, PaymentAttempt, Refund, RefundLine, RefundStatus
from storefront.revenue.models import Entry, Journal

Fields = dict[str, Any]
AnySelect = Select[*tuple[Any, ...]]
Bounds = tuple[datetime | None, datetime | None]
"""From (included) and until (not included), in UTC; None is open."""

EVERYTHING: Bounds = (None, None)
BATCH = 200

FIELDS: dict[str, tuple[str, ...]] = {
    "orders": (
        "number", "status", "channel", "total", "shipping", "discount", "lines", "payments", "refunds",
        "client_id", "created_at", "paid_at", "unique_code", "needs_review",
        "refund_due", "discounts",
    ),
    "stock": ("sku", "facility", "location", "received", "adjusted", "available", "reserved", "sold"),
    "ledger": ("journal", "account", "amount", "order", "at"),
    "audit": ("at", "kind", "subject", "what", "from", "to", "note", "actor"),
}  # fmt: skip
"""The fields of each export, in their order."""


def orders(bounds: Bounds = EVERYTHING) -> Iterator[Fields]:
    """Orders placed within the bounds, the oldest first, each with its lines, payments and sent refunds.

    A payment's amount is in minor units where its currency is foreign. Of a line's `qty`, `cancelled`
    pieces will not be sent, and the money of `refunded` ones has gone back.
    """
    last = 0
    while True:
        statement = select(Order).where(Order.id > last).order_by(Order.id).limit(BATCH)
        batch = db.session.scalars(_within(statement, Order.placed_at, bounds)).all()
        if not batch:
            return
        last = batch[-1].id
        yield from _orders(batch)
        db.session.expunge_all()


def stock(bounds: Bounds = EVERYTHING) -> Iterator[Fields]:
    """Every stock level; with an end in the bounds, as it was then.

    received + adjusted - sold = available + reserved. `adjusted` is what counting changed and what
    cancelled orders brought back.
    """
    until = bounds[1]
    counted = StockMovement.kind.in_((MovementKind.COUNTED, MovementKind.RETURNED, MovementKind.WRITTEN_OFF))
    on_hand, reserved = _sum(StockMovement.on_hand_delta), _sum(StockMovement.reserved_delta)
    now = until is None
    moved = StockMovement.level_id == StockLevel.id
    rows = db.session.execute(
        select(
            Variant.sku,
            Facility.code.label("facility"),
            Location.name.label("location"),
            _sum(_when(StockMovement.kind == MovementKind.RECEIVED)).label("received"),
            _sum(_when(counted)).label("adjusted"),
            (StockLevel.on_hand - StockLevel.reserved if now else on_hand - reserved).label("available"),
            (StockLevel.reserved if now else reserved).label("reserved"),
            (-_sum(_when(StockMovement.kind == MovementKind.SOLD))).label("sold"),
        )
        .select_from(StockLevel)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Location, Location.id == StockLevel.location_id)
        .join(Facility, Facility.id == Location.facility_id)
        .outerjoin(StockMovement, moved if until is None else moved & (StockMovement.at < until))
        .group_by(StockLevel.id, Variant.sku, Facility.code, Location.name)
        .order_by(Facility.code, Variant.sku, StockLevel.id)
        .execution_options(yield_per=BATCH)
    )
    for row in rows.mappings():
        yield {name: row[name] if isinstance(row[name], str) else int(row[name]) for name in FIELDS["stock"]}


def ledger(bounds: Bounds = EVERYTHING) -> Iterator[Fields]:
    """Every entry, in the order of booking. An account of a facility carries its code: 'sales:LPPTNG'."""
    statement = (
        select(Journal.key, Entry.account, Entry.amount, Facility.code, Order.number, Journal.at)
        .select_from(Entry)
        .join(Journal, Journal.id == Entry.journal_id)
        .outerjoin(Facility, Facility.id == Entry.facility_id)
        .outerjoin(Order, Order.id == Journal.order_id)
        .order_by(Journal.id, Entry.id)
        .execution_options(yield_per=BATCH)
    )
    for key, account, amount, code, number, at in db.session.execute(_within(statement, Journal.at, bounds)):
        yield {
            "journal": key,
            "account": f"{account}:{code}" if code else account,
            "amount": amount,
            "order": number,
            "at": at,
        }


def audit(bounds: Bounds = EVERYTHING) -> Iterator[Fields]:
    """Who did what, the oldest first: orders and parcels, products, stock, and the log of staff acts.

    Without an actor: a machine, or a command on the server.
    """
    streams = (_order_events(bounds), _curation_events(bounds), _movements(bounds), _acts(bounds))
    return heapq.merge(*streams, key=lambda row: row["at"])


# --- pieces -------------------------------------------------------------------------------------------


def _within(statement: AnySelect, moment: Any, bounds: Bounds) -> AnySelect:
    start, end = bounds
    statement = statement if start is None else statement.where(moment >= start)
    return statement if end is None else statement.where(moment < end)


def _sum(value: Any) -> Any:
    return func.coalesce(func.sum(value), 0)


def _when(condition: Any) -> Any:
    return case((condition, StockMovement.on_hand_delta), else_=0)


def _orders(batch: Sequence[Order]) -> Iterator[Fields]:
    ids = [order.id for order in batch]
    lines = _lines(ids)
    payments = _by_order(
        select(Payment.order_id, Payment.provider, Payment.reference.label("ref"), Payment.amount,
               Payment.currency, PaymentAttempt.unique_code)
        .outerjoin(PaymentAttempt, PaymentAttempt.id == Payment.attempt_id)
        .where(Payment.order_id.in_(ids)).order_by(Payment.id)
    )  # fmt: skip
    refunds = _by_order(
        select(Refund.order_id, Refund.reference.label("ref"), Refund.amount)
        .where(Refund.order_id.in_(ids), Refund.status == RefundStatus.SENT).order_by(Refund.id)
    )  # fmt: skip
    discounts = _discounts(ids)
    for order in batch:
        codes = [payment.pop("unique_code") or 0 for payment in payments[order.id]]
        yield {
            "number": order.number,
            "status": order.status.value,
            "channel": order.channel.value,
            "total": order.total,
            "shipping": order.shipping,
            "discount": order.discount,
            "lines": lines[order.id],
            "payments": payments[order.id],
            "refunds": refunds[order.id],
            "client_id": order.client_id,
            "created_at": order.placed_at,
            "paid_at": order.paid_at,
            "unique_code": sum(codes),
            "needs_review": order.needs_review,
            "refund_due": order.refund_due,
            "discounts": discounts[order.id],
        }


def _lines(ids: list[int]) -> defaultdict[int, list[Fields]]:
    """What was sold, and how many pieces of it will not be sent, and went back into money."""
    back = (
        select(_sum(RefundLine.quantity))
        .outerjoin(Refund, Refund.id == RefundLine.refund_id)
        .where(
            RefundLine.order_line_id == OrderLine.id,
            or_(RefundLine.refund_id.is_(None), Refund.status == RefundStatus.SENT),
        )
        .scalar_subquery()
    )
    found = _by_order(
        select(OrderLine.order_id, OrderLine.sku, OrderLine.quantity.label("qty"), OrderLine.unit_price,
               Facility.code.label("facility"), OrderLine.cancelled, back.label("refunded"))
        .join(Facility, Facility.id == OrderLine.facility_id)
        .where(OrderLine.order_id.in_(ids)).order_by(OrderLine.id)
    )  # fmt: skip
    for rows in found.values():
        for row in rows:
            row["refunded"] = int(row["refunded"])  # PostgreSQL sums integers into decimals
    return found


def _discounts(ids: list[int]) -> defaultdict[int, list[Fields]]:
    """What each promotion took off these orders, and who bears it."""
    found = _by_order(
        select(OrderDiscount.order_id, OrderDiscount.label.label("promotion"), OrderDiscount.code,
               OrderDiscount.funder, Facility.code.label("facility"),
               func.sum(OrderDiscount.amount).label("amount"))
        .outerjoin(Facility, Facility.id == OrderDiscount.facility_id)
        .where(OrderDiscount.order_id.in_(ids))
        .group_by(OrderDiscount.order_id, OrderDiscount.promotion_id, OrderDiscount.label, OrderDiscount.code,
                  OrderDiscount.funder, Facility.code)
        .order_by(OrderDiscount.promotion_id)
    )  # fmt: skip
    for rows in found.values():
        for row in rows:
            row["amount"] = int(row["amount"])  # PostgreSQL sums integers into decimals
    return found


def _by_order(statement: AnySelect) -> defaultdict[int, list[Fields]]:
    """Rows by their first column, the order's id."""
    found: defaultdict[int, list[Fields]] = defaultdict(list)
    for row in db.session.execute(statement).mappings():
        fields = dict(row)
        found[fields.pop("order_id")].append(fields)
    return found


def _order_events(bounds: Bounds) -> Iterator[Fields]:
    statement = (
        select(OrderEvent, Order.number, Parcel.code, User.email)
        .join(Order, Order.id == OrderEvent.order_id)
        .outerjoin(Parcel, Parcel.id == OrderEvent.parcel_id)
        .outerjoin(User, User.id == OrderEvent.actor_id)
    )
    for event, number, code, actor in _history(statement, OrderEvent, bounds):
        words = (event.kind, event.from_status, event.to_status, event.note)
        yield _event(event.at, "order", code or number, words, actor)


def _curation_events(bounds: Bounds) -> Iterator[Fields]:
    statement = (
        select(CurationEvent, Product.slug, User.email)
        .join(Product, Product.id == CurationEvent.product_id)
        .outerjoin(User, User.id == CurationEvent.actor_id)
    )
    for event, slug, actor in _history(statement, CurationEvent, bounds):
        words = ("curation", event.from_status or "", event.to_status, event.comment)
        yield _event(event.at, "product", slug, words, actor)


def _movements(bounds: Bounds) -> Iterator[Fields]:
    level, room = aliased(StockLevel), aliased(Location)
    statement = (
        select(StockMovement, Variant.sku, room.name, User.email)
        .join(level, level.id == StockMovement.level_id)
        .join(Variant, Variant.id == level.variant_id)
        .join(room, room.id == level.location_id)
        .outerjoin(User, User.id == StockMovement.actor_id)
    )
    for event, sku, place, actor in _history(statement, StockMovement, bounds):
        deltas = (f"on hand {event.on_hand_delta:+d}", f"reserved {event.reserved_delta:+d}")
        words = (event.kind.value, "", ", ".join(deltas), event.note)
        yield _event(event.at, "stock", f"{sku} {place}", words, actor)


def _acts(bounds: Bounds) -> Iterator[Fields]:
    statement = select(AuditEntry, User.email).outerjoin(User, User.id == AuditEntry.actor_id)
    for act, actor in _history(statement, AuditEntry, bounds):
        facts = json.dumps(act.facts, ensure_ascii=False, sort_keys=True) if act.facts else ""
        yield _event(act.at, "act", f"{act.subject} {act.subject_id}", (act.action, "", "", facts), actor)


def _history(statement: AnySelect, model: Any, bounds: Bounds) -> Iterator[Any]:
    ordered = _within(statement, model.at, bounds).order_by(model.at, model.id)
    return iter(db.session.execute(ordered.execution_options(yield_per=BATCH)))


def _event(at: datetime, kind: str, subject: str, words: tuple[str, ...], actor: str | None) -> Fields:
    what, before, after, note = words
    values = (at, kind, subject, what, str(before), str(after), note, actor)
    return dict(zip(FIELDS["audit"], values, strict=True))
