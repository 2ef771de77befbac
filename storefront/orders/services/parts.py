"""A facility's parcels divided, put together again, and sent once more in exchange."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from storefront.catalog.models import Product, Supply, Variant
from storefront.core import clock
from storefront.core.db import db, locked
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.core.transactions import transaction
from storefront.inventory import services as inventory
from storefront.orders.models import Order, OrderLine, OrderStatus, Parcel, ParcelItem, ParcelStatus
from storefront.orders.services.life import Actor, IllegalMove, move_parcel, record

OPEN = {ParcelStatus.WAITING, ParcelStatus.PROCESSING}
"""Until it is packed a parcel can be divided or put together with another."""


def split_parcel(
    facility_id: int, parcel_id: int, pieces: Mapping[int, int], actor: Actor, *, seen: str
) -> int:
    """Send some pieces (by line) in a parcel of their own; returns its id.

    `seen` is what the page showed (`contents_mark`): a button pressed twice divides once. The buyer pays
    no more shipping. Raises NotFound, Invalid, IllegalMove.
    """
    moving = {line_id: n for line_id, n in pieces.items() if n}
    with transaction():
        parcel = _open(facility_id, parcel_id)
        if contents_mark(parcel) != seen:
            raise IllegalMove
        inside = {item.order_line_id: item for item in parcel.items}
        if not set(moving) <= set(inside):
            raise NotFound
        if any(not 0 < n <= inside[line_id].quantity for line_id, n in moving.items()):
            raise Invalid({"pieces": _("Jumlahnya lebih banyak dari isi kiriman ini.")})
        left = sum(item.quantity for item in parcel.items) - sum(moving.values())
        if not moving or not left:
            raise Invalid({"pieces": _("Pilih sebagian isi: setiap kiriman berisi sedikitnya satu barang.")})
        fresh = _another(parcel, shipping_cost=0)
        for line_id, n in moving.items():
            _shift(inside[line_id], fresh, n)
        for each in (parcel, fresh):
            weigh(each)
        db.session.flush()
        note = f"{parcel.code} → {fresh.code}"
        record(parcel.order, "split", parcel=parcel, note=note, actor=actor)
        record(parcel.order, "parcel", parcel=fresh, note=note, actor=actor, after=fresh.status)
        return fresh.id


def merge_parcel(facility_id: int, parcel_id: int, actor: Actor) -> int:
    """Put a parcel back into the first one of its facility that is not packed; returns that one's id.

    Raises NotFound, IllegalMove when there is none.
    """
    with transaction():
        parcel = _open(facility_id, parcel_id)
        target = next((other for other in mates(parcel) if other.id < parcel.id), None)
        if target is None:
            raise IllegalMove
        there = {item.order_line_id: item for item in target.items}
        for item in list(parcel.items):
            parcel.items.remove(item)
            if item.order_line_id in there:
                there[item.order_line_id].quantity += item.quantity
            else:
                target.items.append(ParcelItem(line=item.line, quantity=item.quantity))
        db.session.flush()
        weigh(target)
        move_parcel(parcel, ParcelStatus.CANCELLED, note=f"{parcel.code} → {target.code}", actor=actor)
        record(parcel.order, "merged", parcel=target, note=f"{parcel.code} → {target.code}", actor=actor)
        return target.id


def mates(parcel: Parcel) -> list[Parcel]:
    """The other parcels of the same facility and order that it can be put together with."""
    if parcel.exchange_of_id is not None or parcel.status not in OPEN:
        return []
    return [
        other
        for other in parcel.order.parcels
        if other.id != parcel.id
        and other.facility_id == parcel.facility_id
        and other.exchange_of_id is None
        and other.status in OPEN
    ]


def create_exchange_parcel(of_parcel_id: int, pieces: Mapping[int, int], *, actor: Actor, key: str) -> int:
    """Send pieces (by line) once more, for free, instead of those of a parcel; returns the new one's id.

    The goods are held and sold at once. The same `key` gives the same parcel. In the running
    transaction, the order's row locked by the caller. Raises NotFound, OutOfStock.
    """
    of = locked(Parcel, of_parcel_id)
    order = of.order
    mark = f"exchange {key}"[:300]
    standing = next((event for event in order.events if event.note == mark), None)
    if standing is not None and standing.parcel_id is not None:
        return standing.parcel_id
    lines = {item.order_line_id: item for item in of.items}
    if not pieces or any(not 0 < n <= lines[k].quantity if k in lines else True for k, n in pieces.items()):
        raise NotFound
    parcel = _another(of, shipping_cost=0)
    parcel.exchange_of_id, parcel.status, parcel.ready_by = of.id, ParcelStatus.WAITING, None
    for line_id, n in sorted(pieces.items()):
        parcel.items.append(ParcelItem(line=lines[line_id].line, quantity=n))
    weigh(parcel)
    db.session.flush()
    record(order, "exchange", parcel=parcel, note=mark, actor=actor)
    wishes = wishes_of(order, pieces)
    promised = inventory.hold(order.id, wishes, until=clock.now())
    parcel.ready_by = max(promised.values(), default=None)
    inventory.consume(order.id)
    return parcel.id


def promise_anew(order: Order, promised: Mapping[int, date]) -> None:
    """Work that takes other weeks now is ready on these days (by variant): lines and parcels say so."""
    for line in order.lines:
        line.ready_by = promised.get(line.variant_id or 0, line.ready_by)
    for parcel in order.parcels:
        days = [item.line.ready_by for item in parcel.items if item.line.ready_by]
        parcel.ready_by = max(days, default=None)


def wishes_of(order: Order, pieces: Mapping[int, int]) -> list[inventory.Wish]:
    """What pieces of an order's lines want from the stock. Raises NotFound for goods that are gone."""
    wanted = [(line, pieces[line.id]) for line in order.lines if pieces.get(line.id)]
    products = dict(
        db.session.execute(
            select(Variant.id, Product)
            .join(Variant.product)
            .where(Variant.id.in_([line.variant_id for line, _n in wanted]))
        ).all()
    )
    return [_wish(line, n, products.get(line.variant_id or 0)) for line, n in wanted]


def _wish(line: OrderLine, quantity: int, product: Product | None) -> inventory.Wish:
    if line.variant_id is None or product is None:
        raise NotFound
    return inventory.Wish(
        variant_id=line.variant_id,
        product_id=product.id,
        facility_id=line.facility_id,
        title=line.title,
        quantity=quantity,
        made_to_order=product.supply is Supply.MADE_TO_ORDER,
        lead_days=product.lead_days or 0,
        weekly_capacity=product.weekly_capacity or 0,
        workshop_id=product.workshop_id,
    )


def contents_mark(parcel: Parcel) -> str:
    """What is in a parcel, in a few signs: a form that was shown before a change says so by it."""
    return ".".join(f"{item.order_line_id}x{item.quantity}" for item in parcel.items)


def weigh(parcel: Parcel) -> None:
    """A parcel weighs what is in it; in grams."""
    parcel.weight = sum(item.quantity * item.line.weight for item in parcel.items) or parcel.weight


def _shift(item: ParcelItem, to: Parcel, pieces: int) -> None:
    line = item.line
    if pieces == item.quantity:
        item.parcel.items.remove(item)
    else:
        item.quantity -= pieces
    to.items.append(ParcelItem(line=line, quantity=pieces))


def _another(parcel: Parcel, *, shipping_cost: int) -> Parcel:
    """A parcel that goes the same way; its code is the order's next one."""
    order = parcel.order
    last = max(int(other.code.rpartition("-")[2]) for other in order.parcels)
    fresh = Parcel(
        order=order, facility_id=parcel.facility_id, code=f"{order.number}-{last + 1}", status=parcel.status,
        method=parcel.method, service=parcel.service, service_label=parcel.service_label,
        days_min=parcel.days_min, days_max=parcel.days_max, shipping_cost=shipping_cost, weight=parcel.weight,
        ready_by=parcel.ready_by,
    )  # fmt: skip
    db.session.add(fresh)
    return fresh


def _open(facility_id: int, parcel_id: int) -> Parcel:
    """A facility's own parcel that is not packed yet; its order's row is locked first."""
    order_id = db.session.scalar(
        select(Parcel.order_id)
        .join(Parcel.order)
        .where(Parcel.id == parcel_id, Parcel.facility_id == facility_id, Order.status == OrderStatus.PAID)
    )
    if order_id is None:
        raise NotFound
    locked(Order, order_id)
    parcel = locked(Parcel, parcel_id)
    if parcel.status not in OPEN or parcel.exchange_of_id is not None:
        raise IllegalMove
    return parcel
