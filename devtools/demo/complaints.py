"""What went wrong with a few of the demo's parcels: complaints in every stage, told through the services."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from devtools.demo.orders import World
from storefront.aftersales import services as aftersales
from storefront.aftersales.models import Party, Problem, Remedy, Wish
from storefront.catalog.models import Product, Variant
from storefront.core import clock
from storefront.core.db import db
from storefront.core.gallery import largest_of
from storefront.core.storage import read
from storefront.facilities.models import Facility
from storefront.orders.models import Order, OrderLine, OrderStatus, Parcel, ParcelItem
from storefront.orders.queries import ARRIVED

DESK = "LPPTNG"
"""Where the printed sign-ins of a facility work."""
HOURS = timedelta(hours=1)


@dataclass(frozen=True)
class Arrival:
    """A parcel that reached its buyer, with its first line. Plain values, for any session."""

    token: str
    parcel_id: int
    facility_id: int
    line_id: int
    at: datetime
    photo: bytes


def complain(world: World) -> None:
    """Let the buyers of the latest parcels complain, one story each, the new one at the DESK."""
    stories: list[Callable[[World, Arrival], None]] = [_new, _disputed, _coming_back, _made_good, _refused]
    desk = db.session.scalar(select(Facility.id).filter_by(code=DESK))
    latest = _latest(world)
    own = next((arrival for arrival in latest if arrival.facility_id == desk), None)
    for story, arrival in zip(stories, sorted(latest, key=lambda one: one is not own), strict=False):
        story(world, arrival)


def _latest(world: World) -> list[Arrival]:
    """Parcels that arrived last, the latest first, each of another order."""
    rows = db.session.execute(
        select(
            Order.token, Parcel.id, Parcel.facility_id, OrderLine.id, Parcel.finished_at, Product.id
        )
        .join(Order.parcels)
        .join(Parcel.items)
        .join(ParcelItem.line)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(
            Parcel.status.in_(ARRIVED), Order.status == OrderStatus.COMPLETED,
            Parcel.finished_at < world.now - 3 * HOURS,
        )
        .order_by(Parcel.finished_at.desc(), Parcel.id, OrderLine.id)
        .limit(80)
    ).all()  # fmt: skip
    found: dict[str, Arrival] = {}
    for token, parcel_id, facility_id, line_id, at, product_id in rows:
        photo = db.session.get_one(Product, product_id).photo
        if token not in found and photo is not None and at is not None:
            picture = read(largest_of(photo.key, photo.widths))
            found[token] = Arrival(token, parcel_id, facility_id, line_id, at, picture)
    db.session.rollback()
    return list(found.values())


def _open(arrival: Arrival, problem: Problem, wish: Wish, text: str, *, photo: bool = True) -> int:
    told = aftersales.Told({arrival.line_id: 1}, problem, wish, text)
    photos = [arrival.photo] if photo else []
    with clock.travel(arrival.at + 2 * HOURS):
        return aftersales.open_case(arrival.token, arrival.parcel_id, told, photos).id


def _new(_world: World, arrival: Arrival) -> None:
    _open(arrival, Problem.DAMAGED, Wish.EXCHANGE, "Kemasannya penyok, dan isinya rusak sebagian.")


def _disputed(world: World, arrival: Arrival) -> None:
    text = "Tidak seperti di foto. Saya ingin uangnya kembali."
    case_id = _open(arrival, Problem.NOT_AS_DESCRIBED, Wish.REFUND, text)
    staff = _staff(world, arrival)
    nothing = aftersales.Proposal(Remedy.NOTHING, {})
    words = "Fotonya dibuat dari barang yang sama; bedanya hanya cahaya. Keterangannya ada di halaman produk."
    with clock.travel(arrival.at + 4 * HOURS):
        aftersales.offer(arrival.facility_id, case_id, staff, nothing, text=words)
    with clock.travel(arrival.at + 5 * HOURS):
        aftersales.disagree(arrival.token, case_id, text="Bedanya bukan sedikit. Mohon dilihat fotonya.")


def _coming_back(world: World, arrival: Arrival) -> None:
    case_id = _open(arrival, Problem.WRONG, Wish.REFUND, "Yang datang bukan pilihan yang saya pesan.")
    with clock.travel(arrival.at + 4 * HOURS):
        aftersales.accept_wish(
            arrival.facility_id, case_id, _staff(world, arrival), wants_goods=True,
            text="Maaf, kami salah ambil. Mohon dikirim kembali; ongkosnya kami ganti.",
        )  # fmt: skip
    with clock.travel(arrival.at + 9 * HOURS):
        aftersales.send_back(arrival.token, case_id, courier="JNE", waybill="CONTOH240001")


def _made_good(world: World, arrival: Arrival) -> None:
    case_id = _open(
        arrival, Problem.MISSING, Wish.REFUND, "Satu barang tidak ada di dalam paket.", photo=False
    )
    with clock.travel(arrival.at + 3 * HOURS):
        aftersales.say(case_id, Party.BUYER, "Sudah saya cari sampai dasar kardus.", token=arrival.token)
    with clock.travel(arrival.at + 6 * HOURS):
        aftersales.accept_wish(
            arrival.facility_id, case_id, _staff(world, arrival), wants_goods=False,
            text="Benar, tertinggal di bengkel. Uangnya kami kembalikan.",
        )  # fmt: skip


def _refused(world: World, arrival: Arrival) -> None:
    text = "Saya kira ukurannya lebih besar."
    case_id = _open(arrival, Problem.NOT_AS_DESCRIBED, Wish.REFUND, text, photo=False)
    with clock.travel(arrival.at + 4 * HOURS):
        aftersales.hand_over(
            arrival.facility_id, case_id, _staff(world, arrival), text="Ukurannya tertulis di halaman produk."
        )
    with clock.travel(arrival.at + 8 * HOURS):
        words = "Ukurannya tertulis di halaman produk dan sesuai dengan barangnya."
        aftersales.reject(case_id, _office(world), text=words)


def _staff(world: World, arrival: Arrival) -> int:
    return int(world.crew.staff[arrival.facility_id].id or 0)


def _office(world: World) -> int:
    return int(world.crew.office[0].id or 0)
