"""What each role has to do now: counts, each leading to the place where it is done."""

from dataclasses import dataclass

from sqlalchemy import func, select

from storefront.catalog.models import Product, ProductStatus, Variant
from storefront.core import clock
from storefront.core.db import db
from storefront.inventory.models import Location, LocationKind, StockLevel
from storefront.orders.models import ParcelStatus
from storefront.orders.queries import parcel_counts
from storefront.payments.queries import to_do
from storefront.revenue.models import Entry, Journal

LOW = 3


@dataclass(frozen=True)
class Task:
    """Something to do: how many, and where."""

    label: str
    count: int
    href: str
    hint: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Today:
    """The first page of a desk. Takings in rupiah, of this WIB month."""

    tasks: list[Task]
    takings: int
    pieces: int
    period: str


def facility_today(facility_id: int) -> Today:
    """A facility's day."""
    tasks = [*_parcel_tasks(parcel_counts(facility_id)), *_shelf_tasks(facility_id)]
    return _with_takings([task for task in tasks if task.count], facility_id)


def _parcel_tasks(parcels: dict[ParcelStatus, int]) -> list[Task]:
    board = "/petugas/pesanan"
    on_the_way = parcels.get(ParcelStatus.SHIPPED, 0) + parcels.get(ParcelStatus.READY, 0)
    return [
        Task("Pesanan perlu diterima", parcels.get(ParcelStatus.WAITING, 0), board, urgent=True),
        Task("Pesanan perlu dikemas", parcels.get(ParcelStatus.PROCESSING, 0), f"{board}?tahap=dikerjakan"),
        Task("Kiriman siap diserahkan", parcels.get(ParcelStatus.PACKED, 0), f"{board}?tahap=dikemas"),
        Task("Menunggu diambil atau sampai", on_the_way, f"{board}?tahap=jalan"),
    ]


def _shelf_tasks(facility_id: int) -> list[Task]:
    products = _product_counts(facility_id)
    return [
        Task(
            "Produk dikembalikan kurator",
            products.get(ProductStatus.RETURNED, 0),
            "/petugas/produk?status=returned",
            "Baca catatannya, perbaiki, kirim lagi",
            urgent=True,
        ),
        Task("Draf belum dikirim", products.get(ProductStatus.DRAFT, 0), "/petugas/produk?status=draft"),
        Task(
            "Stok menipis", _low_stock(facility_id), "/petugas/stok?menipis=1", f"Tinggal {LOW} atau kurang"
        ),
    ]


def office_today() -> Today:
    """The office's day."""
    money = to_do()
    waiting = db.session.scalar(select(func.count(Product.id)).filter_by(status=ProductStatus.SUBMITTED)) or 0
    tasks = [
        Task("Bukti transfer menunggu", money["transfers"], "/kanwil/transfer", urgent=True),
        Task("Dana perlu diperiksa", money["cases"], "/kanwil/perlu-diperiksa", urgent=True),
        Task("Pengembalian belum terkirim", money["refunds"], "/kanwil/perlu-diperiksa"),
        Task("Produk menunggu kurasi", waiting, "/kanwil/kurasi"),
    ]
    return _with_takings([task for task in tasks if task.count], None)


def _with_takings(tasks: list[Task], facility_id: int | None) -> Today:
    period = clock.period(clock.now())
    sold = (
        select(-func.coalesce(func.sum(Entry.amount), 0), func.coalesce(func.sum(Entry.pieces), 0))
        .join(Entry.journal)
        .where(Entry.account == "sales", Journal.period == period)
    )
    if facility_id is not None:
        sold = sold.where(Entry.facility_id == facility_id)
    takings, pieces = db.session.execute(sold).one()
    return Today(tasks, int(takings), int(pieces), period)


def _product_counts(facility_id: int) -> dict[ProductStatus, int]:
    rows = db.session.execute(
        select(Product.status, func.count(Product.id))
        .where(Product.facility_id == facility_id)
        .group_by(Product.status)
    )
    return {row[0]: row[1] for row in rows}


def _low_stock(facility_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count(StockLevel.id))
            .join(StockLevel.location)
            .join(Variant, Variant.id == StockLevel.variant_id)
            .join(Variant.product)
            .where(
                Location.facility_id == facility_id,
                Location.kind == LocationKind.STOREROOM,
                Variant.is_active,
                Product.status == ProductStatus.PUBLISHED,
                StockLevel.available <= LOW,
            )
        )
        or 0
    )
