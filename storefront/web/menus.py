"""The back office's menus: who sees which rooms, in the order of a working day."""

from typing import NamedTuple

from flask import Flask, request


class Item(NamedTuple):
    """One entry: where it leads, what it is called, and its icon in the sprite."""

    path: str
    label: str
    icon: str


_FACILITY = (
    Item("/petugas", "Hari ini", "home"),
    Item("/petugas/pesanan", "Pesanan", "box"),
    Item("/petugas/produk", "Produk", "grid"),
    Item("/petugas/stok", "Stok", "list"),
    Item("/petugas/pendapatan", "Pendapatan", "chart"),
)
MENUS: dict[str, tuple[Item, ...]] = {
    "facility_staff": _FACILITY,
    "facility_head": _FACILITY,
    "regional": (
        Item("/kanwil", "Hari ini", "home"),
        Item("/kanwil/kurasi", "Kurasi", "check"),
        Item("/kanwil/transfer", "Transfer", "bank"),
        Item("/kanwil/perlu-diperiksa", "Perlu diperiksa", "warning"),
        Item("/kanwil/pesanan", "Pesanan", "box"),
        Item("/kanwil/pendapatan", "Pendapatan", "chart"),
        Item("/kanwil/lapas", "Lapas", "store"),
        Item("/kanwil/pengguna", "Pengguna", "user"),
        Item("/kanwil/kategori", "Kategori", "grid"),
        Item("/kanwil/ongkir", "Ongkir", "truck"),
        Item("/kanwil/rekening", "Rekening", "card"),
    ),
    "promoter": (
        Item("/pemprov", "Hari ini", "home"),
        Item("/pemprov/acara", "Acara", "calendar"),
    ),
    "buyer": (),
}
HOME = {
    "facility_staff": "/petugas",
    "facility_head": "/petugas",
    "regional": "/kanwil",
    "promoter": "/pemprov",
    "buyer": "/",
}
"""Where each role lands after signing in."""


def menu_for(role: str) -> tuple[Item, ...]:
    """The menu of a role."""
    return MENUS.get(role, ())


def is_here(item: Item) -> bool:
    """Is the visitor in this room (its page, or one below it)?"""
    roots = {"/petugas", "/kanwil", "/pemprov"}
    return request.path == item.path or (item.path not in roots and request.path.startswith(item.path + "/"))


def init_app(app: Flask) -> None:
    """Give the office layout its menu."""
    app.jinja_env.globals.update(menu_for=menu_for, is_here=is_here)
