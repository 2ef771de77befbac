"""Two fairs: one that is over and sold well, one that runs these days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from devtools.demo.people import Crew
from devtools.demo.shelves import Good, shots
from storefront.core import clock
from storefront.events import services as events
from storefront.events.services import FairDetails

PAST_PICKS = (
    "Sepatu Rutira Slop", "Tas Sulam Pita Melati", "Batik Cap Motif Surosowan", "Piring Lidi Sawit (set 6)",
    "Peci Rajut", "Keripik Tempe 150 g", "Jahe Merah Instan", "Miniatur Leuit Baduy", "Totebag Kanvas Sablon",
    "Emping Melinjo 250 g", "Keranjang Buah Lidi", "Kopi Robusta Sangrai 200 g",
)  # fmt: skip
NOW_PICKS = (
    "Miniatur Kapal Layar", "Gitar Akustik Pasthika", "Batik Tulis Leuit", "Sepatu Rutira Slop",
    "Scarf Ecoprint Daun Jati", "Nastar Toples 500 g", "Angklung Mini 8 Nada", "Set Piring-Gelas-Sendok Kayu",
    "Sirup Markisa 500 ml", "Bantal Sofa Rajut", "Kain Ecoprint 2 m", "Peci Rajut",
)  # fmt: skip


@dataclass(frozen=True)
class Stand:
    """A fair as the history needs it."""

    fair_id: int
    first: date
    last: date
    product_ids: frozenset[int]


def hold_fairs(crew: Crew, goods: list[Good], now: datetime) -> tuple[Stand, Stand]:
    """Make both fairs as the promoter would, weeks before each begins; the past one first."""
    today = clock.local(now).date()
    friday = today - timedelta(days=today.weekday() + 3 + 6 * 7)  # a weekend some seven weeks ago
    past = FairDetails(
        name=f"Pekan Karya Nusantara {friday.year}",
        venue="Lapangan terbuka pusat kota, Serang (contoh)",
        organiser="Dinas Perindustrian dan Perdagangan (contoh)",
        starts_on=friday,
        ends_on=friday + timedelta(days=2),
        story="Tiga hari pameran usaha kecil. Stan karya warga binaan berdiri di antara perajin dari delapan "
        "kabupaten dan kota; pengunjung memindai kode di setiap barang dan memesan langsung dari tempat.",
        target=6_000_000,
    )
    running = FairDetails(
        name=f"Bazar Karya Banten {today.year}",
        venue="Halaman gedung serbaguna, Kota Serang (contoh)",
        organiser="Dewan Kerajinan Daerah (contoh)",
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=5),
        story="Sepekan penuh karya tangan: kayu, anyaman, kain, dan rasa dari seluruh Banten. "
        "Lihat barangnya di stan, bawa pulang hari itu juga atau pesan untuk dikirim ke rumah.",
        target=10_000_000,
    )
    return (
        _fair(past, PAST_PICKS, "hero-karya", crew, goods),
        _fair(running, NOW_PICKS, "hero-anyaman", crew, goods),
    )


def _fair(details: FairDetails, picks: tuple[str, ...], photo: str, crew: Crew, goods: list[Good]) -> Stand:
    by_title = {good.title: good.product_id for good in goods}
    product_ids = [by_title[title] for title in picks]
    shot = shots()[photo][0]
    with clock.travel(clock.day_start(details.starts_on) - timedelta(days=21) + timedelta(hours=10)):
        fair_id = events.create_fair(
            details, photo=shot.path.read_bytes(), photo_alt=shot.alt, by=crew.promoter
        )
        events.choose_products(fair_id, product_ids)
        events.publish_fair(fair_id)
    return Stand(fair_id, details.starts_on, details.ends_on, frozenset(product_ids))
