"""A facility's own products, stock and orders as tables. Nothing about a buyer is in any of them."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from storefront.bulk.services.columns import TEMPLATE
from storefront.catalog.models import Product, ProductStatus, Supply, Variant
from storefront.core.db import db
from storefront.core.language import _
from storefront.core.spreadsheets import Cell, Column, Kind
from storefront.inventory.models import Location, LocationKind, StockLevel
from storefront.orders.models import Order, OrderLine, Parcel, ParcelItem

BATCH = 500
Row = list[Cell]
Levels = dict[int, tuple[int, int]]

_KINDS: dict[str, Kind] = {
    "price": "number", "stock": "number", "weight": "number", "length_cm": "number", "width_cm": "number",
    "height_cm": "number", "lead_days": "number", "weekly_capacity": "number", "work_hours": "number",
}  # fmt: skip
_WIDE = {"title": 36, "summary": 36, "description": 60}


def product_columns() -> list[Column]:
    """The headings of the template: what was taken out can be sent in again."""
    return [
        Column(heading, _KINDS.get(field, "text"), _WIDE.get(field, 16))
        for heading, field in TEMPLATE.items()
    ]


def product_rows(facility_id: int) -> Iterator[Row]:
    """A line per active variant of every product that is not withdrawn, in the template's columns."""
    last = 0
    while True:
        products = db.session.scalars(
            select(Product)
            .options(
                selectinload(Product.variants), joinedload(Product.category), joinedload(Product.workshop)
            )
            .where(Product.facility_id == facility_id, Product.id > last)
            .where(Product.status != ProductStatus.ARCHIVED)
            .order_by(Product.id)
            .limit(BATCH)
        ).all()
        if not products:
            return
        last = products[-1].id
        levels = _levels(facility_id, [variant.id for product in products for variant in product.variants])
        for product in products:
            for variant in product.variants:
                if variant.is_active:
                    fields = _fields(product, variant, levels)
                    yield [fields.get(field) for field in TEMPLATE.values()]
        db.session.expunge_all()


def _fields(product: Product, variant: Variant, levels: Levels) -> dict[str, Cell]:
    to_order = product.supply is Supply.MADE_TO_ORDER
    names, options = [*product.option_names, "", ""], [*variant.option_values, "", ""]
    return {
        "sku": variant.sku, "title": product.title, "summary": product.summary,
        "description": product.description,
        "category": product.category.name if product.category else None,
        "workshop": product.workshop.name if product.workshop else None,
        "price": variant.price, "weight": variant.weight, "length_cm": variant.length_cm,
        "stock": None if to_order else levels.get(variant.id, (None, 0))[0],
        "width_cm": variant.width_cm, "height_cm": variant.height_cm,
        "on_demand": to_order, "lead_days": product.lead_days if to_order else None,
        "weekly_capacity": product.weekly_capacity, "is_unique": product.is_unique,
        "materials": product.materials, "care": product.care, "size_note": product.size_note,
        "technique": product.technique, "work_hours": product.work_hours,
        "group": f"P{product.id}" if product.option_names else None,
        "option1_name": names[0], "option1": options[0], "option2_name": names[1], "option2": options[1],
    }  # fmt: skip


def _levels(facility_id: int, variant_ids: list[int]) -> Levels:
    found: Levels = {}
    for start in range(0, len(variant_ids), BATCH):
        rows = db.session.execute(
            select(StockLevel.variant_id, StockLevel.on_hand, StockLevel.reserved)
            .join(StockLevel.location)
            .where(
                Location.facility_id == facility_id,
                Location.kind == LocationKind.STOREROOM,
                StockLevel.variant_id.in_(variant_ids[start : start + BATCH]),
            )
        )
        found |= {row.variant_id: (row.on_hand, row.reserved) for row in rows}
    return found


def stock_columns() -> list[Column]:
    """What a stock table tells; its first columns can be sent in again."""
    return [
        Column("sku", "text", 22), Column("nama", "text", 40), Column("stok", "number", 10),
        Column(_("Dipesan"), "number", 10), Column(_("Dapat dijual"), "number", 12),
        Column(_("Status"), "text", 18),
    ]  # fmt: skip


def stock_rows(facility_id: int) -> Iterator[Row]:
    """A line per active variant of ready goods, in the order of SKUs; nothing where nobody counted."""
    room = select(Location.id).filter_by(facility_id=facility_id, kind=LocationKind.STOREROOM)
    here = (StockLevel.variant_id == Variant.id) & (StockLevel.location_id == room.scalar_subquery())
    rows: Iterable[Any] = db.session.execute(
        select(
            Variant.sku, Product.title, Variant.label, StockLevel.on_hand, StockLevel.reserved, Product.status
        )
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(StockLevel, here)
        .where(
            Product.facility_id == facility_id,
            Product.supply == Supply.READY,
            Product.status != ProductStatus.ARCHIVED,
            Variant.is_active,
        )
        .order_by(Variant.sku)
        .execution_options(yield_per=BATCH)
    )
    for sku, title, label, on_hand, reserved, status in rows:
        name = " – ".join(part for part in (title, label) if part)
        left = None if on_hand is None else on_hand - reserved
        yield [sku, name, on_hand, reserved, left, status.value]


def order_columns() -> list[Column]:
    """What an order table tells: what was to be sent, and what it cost."""
    return [
        Column(_("Kiriman"), "text", 18), Column(_("Pesanan"), "text", 16),
        Column(_("Dipesan pada"), "time", 16),
        Column(_("Dibayar pada"), "time", 16), Column(_("Status"), "text", 12), Column("sku", "text", 22),
        Column(_("Barang"), "text", 40), Column(_("Jumlah"), "number", 8),
        Column(_("Harga satuan"), "rupiah", 14), Column(_("Jumlah harga"), "rupiah", 14),
        Column(_("Siap paling lambat"), "date", 14),
    ]  # fmt: skip


def order_rows(facility_id: int) -> Iterator[Row]:
    """A line per thing in a parcel of the facility, the newest parcel first."""
    rows = db.session.execute(
        select(
            Parcel.code, Order.number, Order.placed_at, Order.paid_at, Parcel.status, OrderLine.sku,
            OrderLine.title, OrderLine.options, ParcelItem.quantity, OrderLine.unit_price, Parcel.ready_by,
        )
        .join(Order, Order.id == Parcel.order_id)
        .join(ParcelItem, ParcelItem.parcel_id == Parcel.id)
        .join(OrderLine, OrderLine.id == ParcelItem.order_line_id)
        .where(Parcel.facility_id == facility_id)
        .order_by(Parcel.id.desc(), OrderLine.id)
        .execution_options(yield_per=BATCH)
    )  # fmt: skip
    for code, number, placed, paid, status, sku, title, options, pieces, price, ready in rows:
        name = " – ".join(part for part in (title, options) if part)
        yield [code, number, placed, paid, status.value, sku, name, pieces, price, pieces * price, ready]
