"""Which column of somebody's table is which of our fields: guessed from its heading, changed by people.

The headings are those of our own template and of the product tables of Shopify (old and new), WooCommerce
and Open Food Network; docs/operating.md lists them.
"""

import re
from collections.abc import Sequence

from storefront.core.language import lazy
from storefront.core.words import tokens

FIELDS: dict[str, str] = {
    "sku": lazy("SKU"),
    "title": lazy("Nama produk"),
    "summary": lazy("Ringkasan"),
    "description": lazy("Cerita"),
    "category": lazy("Kategori"),
    "workshop": lazy("Bengkel"),
    "price": lazy("Harga"),
    "stock": lazy("Stok"),
    "weight": lazy("Berat (gram)"),
    "weight_kg": lazy("Berat (kg)"),
    "weight_lb": lazy("Berat (pon)"),
    "length_cm": lazy("Panjang (cm)"),
    "width_cm": lazy("Lebar (cm)"),
    "height_cm": lazy("Tinggi (cm)"),
    "lead_days": lazy("Lama pengerjaan (hari kerja)"),
    "weekly_capacity": lazy("Kapasitas per minggu"),
    "on_demand": lazy("Dibuat setelah dipesan (ya/tidak)"),
    "is_unique": lazy("Satu-satunya (ya/tidak)"),
    "materials": lazy("Bahan"),
    "care": lazy("Perawatan"),
    "size_note": lazy("Ukuran"),
    "technique": lazy("Teknik"),
    "work_hours": lazy("Jam kerja"),
    "group": lazy("Kode kelompok varian"),
    "option1_name": lazy("Nama pilihan 1"),
    "option1": lazy("Isi pilihan 1"),
    "option2_name": lazy("Nama pilihan 2"),
    "option2": lazy("Isi pilihan 2"),
    "photos": lazy("Nama berkas foto"),
    "facility": lazy("Lapas (kode atau nama)"),
}
"""What a column can be. Several columns may be photos; every other field has at most one column."""

SEVERAL = {"photos"}

TEMPLATE: dict[str, str] = {
    "sku": "sku",
    "nama": "title",
    "ringkasan": "summary",
    "deskripsi": "description",
    "kategori": "category",
    "bengkel": "workshop",
    "harga": "price",
    "stok": "stock",
    "berat_gram": "weight",
    "panjang_cm": "length_cm",
    "lebar_cm": "width_cm",
    "tinggi_cm": "height_cm",
    "dibuat_setelah_dipesan": "on_demand",
    "pre_order_hari": "lead_days",
    "kapasitas_minggu": "weekly_capacity",
    "satu_satunya": "is_unique",
    "bahan": "materials",
    "perawatan": "care",
    "ukuran": "size_note",
    "teknik": "technique",
    "jam_kerja": "work_hours",
    "kelompok": "group",
    "opsi1_nama": "option1_name",
    "opsi1_nilai": "option1",
    "opsi2_nama": "option2_name",
    "opsi2_nilai": "option2",
    "foto": "photos",
}
"""The headings of our own template, in its order; exports of products have the same."""

_ALIASES = """
sku: variant sku, kode, kode barang, kode produk, product code, item code
title: name, product name, nama produk, nama barang, judul, produk, barang
summary: short description, deskripsi singkat, keterangan singkat
description: body html, body (html), product description, keterangan, cerita
category: categories, type, product type, product category, primary taxon, jenis barang
workshop: workshop, unit kerja
price: variant price, regular price, harga jual, harga satuan, harga rp, harga (rp)
stock: quantity, on hand, variant inventory qty, inventory quantity, jumlah, jumlah stok, stok akhir, qty
weight: variant grams, grams, weight value (grams), weight (g), berat, berat gram, berat (g), berat (gram)
weight_kg: weight (kg), berat (kg), berat kg
weight_lb: weight (lbs), weight (lb)
length_cm: length (cm), panjang, panjang (cm)
width_cm: width (cm), lebar, lebar (cm)
height_cm: height (cm), tinggi, tinggi (cm)
lead_days: lama pengerjaan, hari pengerjaan, pre order hari
weekly_capacity: kapasitas, kapasitas per minggu
on_demand: on demand, pre order
is_unique: satu-satunya, unik, unique, hanya satu, karya tunggal, one of a kind
group: handle, url handle, parent, induk, kode kelompok
option1_name: option1 name, attribute 1 name
option1: option1 value, attribute 1 value(s), attribute 1 values, display name, varian
option2_name: option2 name, attribute 2 name
option2: option2 value, attribute 2 value(s), attribute 2 values
photos: images, image src, product image url, image, foto1, foto2, foto3, foto4, foto5, nama foto
facility: producer, vendor, upt kode, upt, lapas
"""


def key_of(heading: str) -> str:
    """A heading as it is compared: 'Variant_SKU ' -> 'variant sku'."""
    return " ".join(tokens(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading).replace("_", " ")))


def _known() -> dict[str, str]:
    known = {key_of(field): field for field in FIELDS}
    known |= {key_of(heading): field for heading, field in TEMPLATE.items()}
    for line in _ALIASES.strip().splitlines():
        field, _colon, names = line.partition(":")
        known |= {key_of(name): field for name in names.split(",")}
    return known


KNOWN = _known()
"""Field by compared heading."""


def guess(headings: Sequence[str], remembered: dict[str, str] | None = None) -> list[str]:
    """The field that each column most likely is, '' for none; what people chose before goes first.

    A field that only one column may be goes to the first of them.
    """
    found: list[str] = []
    for heading in headings:
        key = key_of(heading)
        field = (remembered or {}).get(key, KNOWN.get(key, ""))
        found.append(field if field in SEVERAL or field not in found else "")
    return found
