"""The page of pieces (/_gaya): every component in every state. Development only."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, render_template
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, MultipleFileField

from storefront.core import clock
from storefront.web.fields import (
    DayField,
    GramsField,
    LineField,
    PhoneField,
    RupiahField,
    TextField,
    WordField,
)
from storefront.web.pagination import Page

bp = Blueprint("style", __name__)

DELIVERY = [("kirim", "Kirim ke alamat"), ("ambil", "Ambil di Lapas")]
SHELVES = [("batik", "Batik"), ("kayu", "Kerajinan kayu")]


class SampleForm(FlaskForm):
    """One field of each kind."""

    class Meta:
        csrf = False

    nama = LineField("Nama lengkap", max_length=60)
    telepon = PhoneField("Nomor WhatsApp")
    catatan = TextField("Catatan", max_length=300, required=False)
    harga = RupiahField("Harga")
    berat = GramsField("Berat")
    tanggal = DayField("Tanggal siap", render_kw={"type": "date"})
    kategori = WordField("Kategori", choices=SHELVES)
    kirim = WordField("Cara menerima", choices=DELIVERY)
    terbuka = BooleanField("Terbuka: produknya tampil dan dapat dipesan")
    foto = MultipleFileField("Foto")


def _card(title: str, price: tuple[int, int], badge: tuple[str, str] | None, **more: Any) -> SimpleNamespace:
    kind = SimpleNamespace(kind=badge[0], label=badge[1]) if badge else None
    known = {"slug": "contoh", "facility_name": "Lapas Kelas IIA Serang", "photo": None, "available": True}
    return SimpleNamespace(
        **{**known, "title": title, "price_from": price[0], "price_to": price[1], "badge": kind, **more}
    )


def _cards() -> list[SimpleNamespace]:
    long_name = "Miniatur leuit Baduy dari kayu jati dengan atap ijuk asli dan tangga yang dapat dilepas"
    return [
        _card("Batik tulis leuit", (450_000, 450_000), ("baru", "Baru")),
        _card(long_name, (150_000, 275_000), ("sisa", "Sisa 2")),
        _card("Meja teras", (1_850_000, 1_850_000), ("pesan", "Pesan dulu 14 hari")),
        _card("Sepatu kulit pantofel", (325_000, 325_000), ("habis", "Habis"), available=False),
    ]


def _example() -> dict[str, Any]:
    """What the pieces show."""
    now = clock.now()
    wrong = SampleForm(MultiDict({"nama": "<b>", "telepon": "12", "harga": "seratus", "kirim": "kurir"}))
    wrong.validate()
    today = clock.today()
    fair = {"slug": "contoh", "name": "Banten Expo", "venue": "Alun-alun Serang", "picture": None}
    return {
        "form": SampleForm(MultiDict()),
        "wrong": wrong,
        "cards": _cards(),
        "page": Page(items=[], number=3, size=24, total=312),
        "facility": SimpleNamespace(
            slug="contoh", name="Lapas Kelas IIA Serang", town="Kota Serang", products=24,
            workshops=("Batik", "Kayu"), photo=None,
        ),
        "fair": SimpleNamespace(
            **fair, phase="running", days_left=0, starts_on=today, ends_on=today + timedelta(days=4)
        ),
        "events": [
            {"title": "Pesanan dibuat", "at": now - timedelta(days=2)},
            {"title": "Dikirim", "at": now, "text": "Reguler, resi 00123456789", "state": "now"},
            {"title": "Diterima", "text": "Perkiraan 3 hari lagi", "state": "next"},
        ],
    }  # fmt: skip


@bp.get("/_gaya")
def gallery() -> str:
    """Every component, to look at."""
    return render_template("style/gallery.html", **_example())
