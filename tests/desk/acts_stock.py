"""The steps of what a facility does with its stock beyond receiving and counting."""

from datetime import timedelta

from storefront.core import clock
from tests.desk.acts_step import Step


def soon(days: int) -> str:
    """A day that comes in so many days, as a form sends it."""
    return (clock.today() + timedelta(days=days)).isoformat()


VARIANT = "/petugas/stok/{stocked}"
STOCK: tuple[Step, ...] = (
    Step(
        "inventory_staff.give_out",
        f"{VARIANT}/keluar",
        {"keluar-quantity": "1", "keluar-reason": "broken"},
        ("stock.damaged",),
    ),
    Step(
        "inventory_staff.give_out",
        f"{VARIANT}/keluar",
        {"keluar-quantity": "1", "keluar-reason": "charity", "keluar-note": "Panti asuhan"},
        ("stock.given",),
    ),
    Step(
        "inventory_staff.add_room",
        "/petugas/stok/tempat",
        {"baru-name": "Gerai Serang", "baru-kind": "outlet"},
        ("stock.place_opened",),
    ),
    Step(
        "inventory_staff.rename_room",
        "/petugas/stok/tempat/{outlet}",
        lambda ids: {f"t{ids['outlet']}-name": "Gerai Cilegon"},
        ("stock.place_named",),
    ),
    Step(
        "inventory_staff.carry",
        f"{VARIANT}/pindah",
        lambda ids: {
            "pindah-quantity": "1",
            "pindah-from_id": ids["storeroom"],
            "pindah-to_id": ids["outlet"],
        },
        ("stock.moved",),
    ),
    Step(
        "pauses.pause",
        "/petugas/jeda",
        lambda _ids: {"jeda-until": soon(9), "jeda-note": "Bengkel diperbaiki"},
        ("facility.paused",),
    ),
    Step(
        "making.capacity",
        "/petugas/antrean/bengkel/{workshop}",
        lambda ids: {f"b{ids['workshop']}-weekly_capacity": "12"},
        ("workshop.capacity",),
    ),
    Step("pauses.resume", "/petugas/jeda/buka", {}, ("facility.resumed",)),
    Step(
        "pauses.close",
        "/petugas/jeda/libur",
        lambda _ids: {"libur-first": soon(3), "libur-reason": "Apel besar"},
        ("facility.closed_days",),
    ),
    Step("pauses.reopen", "/petugas/jeda/libur/{closed}/hapus", {}, ("facility.opened_days",)),
    Step(
        "pauses.product",
        "/petugas/jeda/produk/{product}",
        lambda _ids: {"until": soon(9), "note": "Menunggu bambu"},
        ("product.paused",),
    ),
    Step("pauses.resume_one", "/petugas/jeda/produk/{product}/buka", {}, ("product.resumed",)),
    Step("inventory_staff.limit", f"{VARIANT}/batas", {"batas-low_at": "7"}, ("stock.limit",)),
)
