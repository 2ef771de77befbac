"""The back office's menus: who sees which rooms, in the order of a working day.

The first four stand at the foot of a phone's screen, the rest behind one more tap.
"""

from typing import NamedTuple

from flask import Flask, request

from storefront.core.language import lazy


class Item(NamedTuple):
    """One entry: where it leads, what it is called, and its icon in the sprite."""

    path: str
    label: str
    icon: str


_FACILITY = (
    Item("/petugas", lazy("Hari ini"), "home"),
    Item("/petugas/pesanan", lazy("Pesanan"), "box"),
    Item("/petugas/produk", lazy("Produk"), "grid"),
    Item("/petugas/stok", lazy("Stok"), "list"),
    Item("/petugas/keluhan", lazy("Keluhan"), "info"),
    Item("/petugas/impor", lazy("Banyak sekaligus"), "download"),
    Item("/petugas/pesanan-baru", lazy("Catat pesanan"), "edit"),
    Item("/petugas/antar", lazy("Antar segar"), "truck"),
    Item("/petugas/ulasan", lazy("Ulasan"), "chat"),
    Item("/petugas/antrean", lazy("Antrean bengkel"), "clock"),
    Item("/petugas/jeda", lazy("Jeda dan libur"), "calendar"),
    Item("/petugas/pendapatan", lazy("Pendapatan"), "chart"),
    Item("/petugas/promosi", lazy("Promosi"), "tag"),
    Item("/petugas/pengumuman", lazy("Pengumuman"), "chat"),
)
MENUS: dict[str, tuple[Item, ...]] = {
    "facility_staff": _FACILITY,
    "facility_head": (
        *_FACILITY,
        Item("/petugas/orang", lazy("Petugas"), "user"),
        Item("/petugas/pengaturan", lazy("Pengaturan"), "store"),
    ),
    "regional": (
        Item("/kanwil", lazy("Hari ini"), "home"),
        Item("/kanwil/kurasi", lazy("Kurasi"), "check"),
        Item("/kanwil/transfer", lazy("Transfer"), "bank"),
        Item("/kanwil/perlu-diperiksa", lazy("Perlu diperiksa"), "warning"),
        Item("/kanwil/pesanan", lazy("Pesanan"), "box"),
        Item("/kanwil/ikhtisar", lazy("Semua Lapas"), "store"),
        Item("/kanwil/keluhan", lazy("Keluhan kiriman"), "warning"),
        Item("/kanwil/pesanan-baru", lazy("Catat pesanan"), "edit"),
        Item("/kanwil/ulasan", lazy("Ulasan"), "chat"),
        Item("/kanwil/pengaduan", lazy("Pengaduan umum"), "info"),
        Item("/kanwil/pendapatan", lazy("Pendapatan"), "chart"),
        Item("/kanwil/pengumuman", lazy("Pengumuman"), "chat"),
        Item("/kanwil/pengaturan", lazy("Pengaturan"), "list"),
        Item("/kanwil/halaman", lazy("Halaman toko"), "edit"),
        Item("/kanwil/lapas", lazy("Lapas"), "store"),
        Item("/kanwil/pengguna", lazy("Pengguna"), "user"),
        Item("/kanwil/kategori", lazy("Kategori"), "grid"),
        Item("/kanwil/izin-pangan", lazy("Izin pangan"), "check"),
        Item("/pemprov/koleksi", lazy("Koleksi"), "heart"),
        Item("/pemprov/promosi", lazy("Promosi"), "tag"),
        Item("/kanwil/sinonim", lazy("Sinonim"), "search"),
        Item("/kanwil/kata-produk", lazy("Kata produk"), "edit"),
        Item("/kanwil/ongkir", lazy("Ongkir"), "truck"),
        Item("/kanwil/kurir", lazy("Kurir"), "pin"),
        Item("/kanwil/rekening", lazy("Rekening"), "card"),
        Item("/kanwil/catatan", lazy("Catatan tindakan"), "list"),
    ),
    "promoter": (
        Item("/pemprov", lazy("Hari ini"), "home"),
        Item("/pemprov/acara", lazy("Acara"), "calendar"),
        Item("/pemprov/koleksi", lazy("Koleksi"), "heart"),
        Item("/pemprov/promosi", lazy("Promosi"), "tag"),
    ),
    "buyer": (),
}
HOME = {
    "facility_staff": "/petugas",
    "facility_head": "/petugas",
    "regional": "/kanwil",
    "promoter": "/pemprov",
    "buyer": "/akun/pesanan",
}
"""Where each role lands after signing in."""


ROOTS = ("/petugas", "/kanwil", "/pemprov")
"""Where the rooms of the back office begin."""


def menu_for(role: str) -> tuple[Item, ...]:
    """The menu of a role."""
    return MENUS.get(role, ())


def is_here(item: Item) -> bool:
    """Is the visitor in this room (its page, or one below it)?"""
    return request.path == item.path or (item.path not in ROOTS and request.path.startswith(item.path + "/"))


def init_app(app: Flask) -> None:
    """Give the office layout its menu."""
    app.jinja_env.globals.update(menu_for=menu_for, is_here=is_here)
