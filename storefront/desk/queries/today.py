"""What each role has to do now: counts, each leading to the place where it is done."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, func, select

from storefront.aftersales.queries import cases
from storefront.catalog.models import ALIVE, ChangeStatus, Product, ProductChange, ProductStatus
from storefront.catalog.queries.changes import waiting_count
from storefront.catalog.queries.permits import counts as permit_counts
from storefront.catalog.queries.staff import low_stock
from storefront.core import clock
from storefront.core.db import db
from storefront.core.language import _, _n
from storefront.desk.queries.jobs import given_up
from storefront.facilities.queries import waiting_page_count
from storefront.feedback.queries.desks import facility_to_do, office_to_do
from storefront.inventory.queries import LOW_STOCK
from storefront.orders.models import ParcelStatus
from storefront.orders.queries import late_parcels, parcel_counts, turned_round
from storefront.payments.queries import to_do
from storefront.revenue.models import Entry, Journal
from storefront.revenue.queries.fairs import GOODS


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
    """The first page of a desk. Takings in rupiah, of this WIB month. `trades`: orders came in already."""

    tasks: list[Task]
    takings: int
    pieces: int
    period: str
    trades: bool = False


def facility_today(facility_id: int) -> Today:
    """A facility's day."""
    tasks = [_late_task(facility_id), _turned_task(facility_id)]
    parcels = parcel_counts(facility_id)
    tasks += [*_parcel_tasks(parcels), *_shelf_tasks(facility_id)]
    tasks += _permit_tasks("/petugas/produk/izin", permit_counts(facility_id))
    tasks += _complaint_tasks(cases.facility_to_do(facility_id))
    tasks += _opinion_tasks(facility_to_do(facility_id))
    today = _with_takings([task for task in tasks if task.count], facility_id)
    return replace(today, trades=any(parcels.values()))


def _late_task(facility_id: int) -> Task:
    hint = _("Pembelinya sudah diberi tahu. Kemas dahulu, atau kembalikan dananya.")
    place = "/petugas/pesanan?tahap=terlambat"
    return Task(_("Kiriman terlambat"), late_parcels(facility_id), place, hint, urgent=True)


def _turned_task(facility_id: int) -> Task:
    hint = _("Catat di kirimannya bila paketnya sudah ada lagi di sini.")
    place = "/petugas/pesanan?tahap=jalan"
    return Task(_("Dibawa kembali oleh kurir"), turned_round(facility_id), place, hint)


def _parcel_tasks(parcels: dict[ParcelStatus, int]) -> list[Task]:
    board = "/petugas/pesanan"
    on_the_way = parcels.get(ParcelStatus.SHIPPED, 0) + parcels.get(ParcelStatus.READY, 0)
    return [
        Task(_("Pesanan perlu diterima"), parcels.get(ParcelStatus.WAITING, 0), board, urgent=True),
        Task(
            _("Pesanan perlu dikemas"), parcels.get(ParcelStatus.PROCESSING, 0), f"{board}?tahap=dikerjakan"
        ),
        Task(_("Kiriman siap diserahkan"), parcels.get(ParcelStatus.PACKED, 0), f"{board}?tahap=dikemas"),
        Task(_("Menunggu diambil atau sampai"), on_the_way, f"{board}?tahap=jalan"),
    ]


def _shelf_tasks(facility_id: int) -> list[Task]:
    products = _waiting(facility_id)
    on_sale = products[ProductStatus.PUBLISHED]
    returned, drafts = products[ProductStatus.RETURNED], products[ProductStatus.DRAFT]
    return [
        Task(
            _("Produk perlu diperbaiki"),
            returned.count,
            returned.place("/petugas/produk", "?status=returned"),
            _("Dikembalikan Kanwil. Baca catatannya, perbaiki, kirim lagi."),
            urgent=True,
        ),
        Task(
            _("Perubahan yang diminta Kanwil"),
            on_sale.asked_for,
            "/petugas/produk/perubahan",
            _("Produknya tetap tayang. Baca catatannya di halaman produk."),
            urgent=True,
        ),
        Task(
            _("Perubahan belum dikirim"),
            on_sale.unsent,
            "/petugas/produk/perubahan",
            _("Pembeli melihatnya setelah Anda mengirimnya dan Kanwil menyetujuinya."),
        ),
        Task(_("Draf belum dikirim"), drafts.count, drafts.place("/petugas/produk", "?status=draft")),
        Task(
            _("Stok menipis"),
            low_stock(facility_id),
            "/petugas/stok?menipis=ya",
            _("Tinggal %(low)s atau kurang", low=LOW_STOCK),
        ),
    ]


def _permit_tasks(room: str, permits: dict[str, int]) -> list[Task]:
    """Food whose permit ended or ends: what left the shelf first."""
    soon = _n("%(n)s di antaranya dalam 30 hari", permits["urgent"]) if permits["urgent"] else ""
    return [
        Task(
            _("Turun dari rak: izin pangan"), permits["gone"], f"{room}?tab=turun",
            _("Dijual lagi begitu izin barunya ditulis."), urgent=True,
        ),
        Task(_("Izin pangan sudah berakhir"), permits["ended"], f"{room}?tab=berakhir"),
        Task(_("Izin pangan segera berakhir"), permits["soon"], room, soon, urgent=bool(permits["urgent"])),
    ]  # fmt: skip


def _complaint_tasks(waiting: dict[str, int]) -> list[Task]:
    """What buyers complain of in a facility's parcels."""
    room = "/petugas/keluhan"
    return [
        Task(_("Keluhan menunggu jawaban"), waiting["answers"], f"{room}?tab=lapas", urgent=True),
        Task(_("Barang yang dikirim kembali"), waiting["goods"], f"{room}?tab=jalan"),
        Task(_("Keluhan yang perlu dikerjakan"), waiting["work"], f"{room}?tab=jalan"),
    ]


def _opinion_tasks(said: dict[str, int]) -> list[Task]:
    """What buyers said about a facility's things."""
    return [
        Task(_("Ulasan belum dijawab"), said["unanswered"], "/petugas/ulasan?belum=1"),
        Task(_("Ucapan terima kasih untuk diserahkan"), said["notes"], "/petugas/terima-kasih"),
    ]


def office_today() -> Today:
    """The office's day."""
    money, said = to_do(), office_to_do()
    disputes = cases.office_to_do()
    late = _n("%(n)s lewat batas", disputes["late"]) if disputes["late"] else ""
    waiting = _waiting()[ProductStatus.SUBMITTED]
    changed, oldest = waiting_count()
    tasks = [
        Task(_("Bukti pembayaran menunggu"), money["transfers"], "/kanwil/transfer", urgent=True),
        Task(_("Dana perlu diperiksa"), money["cases"], "/kanwil/perlu-diperiksa", urgent=True),
        Task(_("Pengembalian belum terkirim"), money["refunds"], "/kanwil/perlu-diperiksa"),
        Task(
            _("Produk menunggu kurasi"), waiting.count, waiting.place("/kanwil/kurasi"), _since(waiting.since)
        ),
        Task(_("Perubahan menunggu kurasi"), changed, "/kanwil/kurasi/perubahan", _since(oldest)),
        Task(_("Usulan halaman Lapas"), waiting_page_count(), "/kanwil/lapas/usulan"),
        Task(_("Kiriman terlambat"), late_parcels(), "/kanwil/pesanan?status=terlambat", urgent=True),
        Task(_("Keluhan menunggu keputusan"), disputes["decide"], "/kanwil/keluhan", late, urgent=True),
        Task(_("Pengaduan belum dijawab"), said["complaints"], "/kanwil/pengaduan", urgent=True),
        Task(_("Ulasan menunggu dibaca"), said["reviews"], "/kanwil/ulasan"),
        Task(_("Ucapan terima kasih menunggu dibaca"), said["notes"], "/kanwil/ulasan/terima-kasih"),
        Task(_("Surat atau tugas yang gagal"), sum(row.count for row in given_up()), "/kanwil/tugas-gagal"),
    ]
    tasks += _permit_tasks("/kanwil/izin-pangan", permit_counts())
    return _with_takings([task for task in tasks if task.count], None)


_UNFINISHED = (ChangeStatus.RETURNED, ChangeStatus.OPEN)


@dataclass(frozen=True)
class _Waiting:
    """Products in one status: how many, the first of them, and since when the oldest waits for curation.

    And how many have a change that the office sent back or asked for, or that is not sent yet.
    """

    count: int = 0
    first: int | None = None
    since: datetime | None = None
    asked_for: int = 0
    unsent: int = 0

    def place(self, room: str, many: str = "") -> str:
        """Where they are seen to; a single one on its own page."""
        return f"{room}/{self.first}" if self.count == 1 else room + many


def _waiting(facility_id: int | None = None) -> defaultdict[ProductStatus, _Waiting]:
    """What waits in each status, of one facility or of all."""
    found = (
        select(
            Product.status,
            func.count(Product.id),
            func.min(Product.id),
            func.min(Product.submitted_at),
            *(func.count(ProductChange.id).filter(ProductChange.status == one) for one in _UNFINISHED),
        )
        .outerjoin(  # at most one for each product: no product is counted twice
            ProductChange,
            and_(ProductChange.product_id == Product.id, ProductChange.status.in_(ALIVE)),
        )
        .group_by(Product.status)
    )
    if facility_id is not None:
        found = found.where(Product.facility_id == facility_id)
    rows: dict[ProductStatus, _Waiting] = {}
    for status, *figures in db.session.execute(found):
        rows[status] = _Waiting(*figures)
    return defaultdict(_Waiting, rows)


def _since(moment: datetime | None) -> str:
    """How long the oldest waits, once that is worth saying."""
    days = (clock.today() - clock.local(moment).date()).days if moment else 0
    return _n("Yang paling lama menunggu %(n)s hari", days) if days else ""


def _with_takings(tasks: list[Task], facility_id: int | None) -> Today:
    """The tasks beside this month's net sales: what the report says of the month."""
    period = clock.period(clock.now())
    sold = (
        select(-func.coalesce(func.sum(Entry.amount), 0), func.coalesce(func.sum(Entry.pieces), 0))
        .join(Entry.journal)
        .where(Entry.account.in_(GOODS), Journal.period == period)
    )
    if facility_id is not None:
        sold = sold.where(Entry.facility_id == facility_id)
    takings, pieces = db.session.execute(sold).one()
    return Today(tasks, int(takings), int(pieces), period)
