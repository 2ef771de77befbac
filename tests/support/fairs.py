"""Fairs and what was paid through them, made by hand."""

from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image

from storefront.catalog.models import Product
from storefront.core.db import db
from storefront.core.transactions import transaction
from storefront.events import services
from storefront.events.services import FairDetails
from storefront.facilities.models import Facility
from storefront.orders.models import DeliveryMethod, Order, OrderLine, OrderStatus, Parcel, ParcelItem
from storefront.revenue.models import Journal
from storefront.revenue.services import Pieces, book_capture, book_refund

_numbers = count(1)
DAY = date(2026, 10, 4)


def details(**fields: Any) -> FairDetails:
    """What a promoter writes: four days in October 2026."""
    values: dict[str, Any] = {
        "name": "Banten Expo 2026",
        "venue": "Alun-Alun Barat, Kota Serang",
        "organiser": "Disperindag Provinsi Banten",
        "starts_on": DAY,
        "ends_on": DAY + timedelta(days=3),
    } | fields
    return FairDetails(**values)


def fair(*, published: bool = True, products: list[Product] | None = None, **fields: Any) -> int:
    """A fair; returns its id."""
    fair_id = services.create_fair(details(**fields), by=None)
    if products:
        services.choose_products(fair_id, [product.id for product in products])
    if published:
        services.publish_fair(fair_id)
    return fair_id


def paid_order(
    fair_id: int | None, *lines: tuple[Product, int], at: datetime, shipping: int = 0
) -> tuple[Order, Journal]:
    """An order of (product, quantity) paid at that moment; `shipping` rupiah for each parcel."""
    number = next(_numbers)
    sums = [(item.id, item.facility_id, item.title, item.price_from or 0, pieces) for item, pieces in lines]
    goods = sum(price * pieces for *_, price, pieces in sums)
    facilities = sorted({row[1] for row in sums})
    fees = shipping * len(facilities)
    with transaction():
        order = Order(
            number=f"T{number:06d}",
            token=f"token{number}",
            status=OrderStatus.PAID,
            fair_id=fair_id,
            customer_name="Siti Pembeli",
            phone="+6281234567890",
            email="siti@contoh.id",
            method=DeliveryMethod.DELIVERY,
            subtotal=goods,
            shipping=fees,
            total=goods + fees,
            payment_method="qris",
            pay_by=at,
            placed_at=at,
            paid_at=at,
        )
        db.session.add(order)
        for facility_id in facilities:
            order.parcels.append(_parcel(f"{order.number}-{facility_id}", facility_id, shipping))
        db.session.flush()
        for product_id, facility_id, title, price, pieces in sums:
            parcel = next(parcel for parcel in order.parcels if parcel.facility_id == facility_id)
            line = _line(order.id, product_id, facility_id, title, price, pieces)
            parcel.items.append(ParcelItem(line=line, quantity=pieces))
        db.session.flush()
        db.session.refresh(order)
        journal = book_capture(order, provider="qris", reference=order.number, received=order.total, at=at)
    return order, journal


def refund(journal: Journal, *, at: datetime) -> None:
    """Undo a whole sale."""
    with transaction():
        order = db.session.get_one(Order, journal.order_id)
        book_refund(
            journal,
            lines=[Pieces(line.id, 0, line.quantity) for line in order.lines],
            parcels={parcel.id for parcel in order.parcels},
            provider="qris",
            amount=order.total,
            reference=journal.key,
            at=at,
        )


def jpeg() -> bytes:
    """A small photo as a phone sends it."""
    out = BytesIO()
    Image.new("RGB", (800, 1000), (160, 110, 70)).save(out, "JPEG")
    return out.getvalue()


def _parcel(code: str, facility_id: int, shipping: int) -> Parcel:
    return Parcel(
        facility_id=facility_id,
        code=code,
        method=DeliveryMethod.DELIVERY,
        service="reg",
        service_label="Reguler",
        shipping_cost=shipping,
        weight=1000,
    )


def _line(order_id: int, product_id: int, facility_id: int, title: str, price: int, pieces: int) -> OrderLine:
    return OrderLine(
        order_id=order_id,
        facility_id=facility_id,
        sku=f"SKU-{product_id}",
        title=title,
        facility_name=db.session.get_one(Facility, facility_id).name,
        unit_price=price,
        quantity=pieces,
        total=price * pieces,
        weight=400,
    )
