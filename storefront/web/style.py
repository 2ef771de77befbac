"""The page of pieces (/_gaya): every component in every state. Development only."""

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, current_app, render_template
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
STARS = [(str(star), f"{star} bintang") for star in range(1, 6)]
STATES = {
    "order": ("pending", "paid", "completed", "expired", "cancelled"),
    "parcel": (
        *("waiting", "processing", "packed", "shipped", "ready"),
        *("delivered", "collected", "cancelled", "returned"),
    ),
    "attempt": ("started", "succeeded", "failed", "expired"),
    "product": ("draft", "submitted", "published", "returned", "archived"),
    "refund": ("due", "sent", "failed"),
    "proof": ("submitted", "checked", "confirmed", "rejected"),
}
LONG_NAME = "Miniatur leuit Baduy dari kayu jati dengan atap ijuk asli dan tangga yang dapat dilepas"
SHEETS = ("shop", "personal", "style")
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
    nilai = WordField("Nilai Anda", choices=STARS)


def _usage() -> dict[str, str]:
    """What the comment at the top of each component says."""
    folder = Path(current_app.root_path).parent / "templates" / "components"
    helpers = {"attributes", "here", "flashes", "remarks"}
    return {
        path.stem: path.read_text().split("#}")[0].removeprefix("{#").strip()
        for path in sorted(folder.glob("*.html"))
        if path.stem not in helpers
    }


def _icons() -> list[str]:
    sprite = Path(current_app.root_path).parent / "static" / "icons" / "sprite.svg"
    return re.findall(r'symbol id="([^"]+)"', sprite.read_text())


def _picture() -> SimpleNamespace:
    """A photo whose file is not there: its tone shows, as on a slow line."""
    return SimpleNamespace(
        key="foto/contoh", alt="Kain batik pada gawangan", width=1440, height=1800, tone="#c9b79c",
        widths=[360, 720], has_avif=False,
    )  # fmt: skip


def _reviews() -> list[SimpleNamespace]:
    now = clock.now()
    return [
        SimpleNamespace(rating=5, text="Jahitannya rapi dan warnanya persis seperti di foto.", when=now,
                        name="Siti R.", photos=[_picture()], reply="Terima kasih, Bu Siti.",
                        reply_from="Lapas Kelas IIA Serang"),
        SimpleNamespace(rating=3, text="Bagus, tetapi datang sehari lebih lambat. " * 6, when=now,
                        name="Agus", photos=[], reply="", reply_from=""),
    ]  # fmt: skip


def _card(title: str, price: tuple[int, int], badge: tuple[str, str] | None, **more: Any) -> SimpleNamespace:
    kind = SimpleNamespace(kind=badge[0], label=badge[1]) if badge else None
    known = {
        "id": 0,
        "slug": "contoh",
        "facility_name": "Lapas Kelas IIA Serang",
        "photo": None,
        "available": True,
    }
    return SimpleNamespace(
        **{**known, "title": title, "price_from": price[0], "price_to": price[1], "badge": kind, **more}
    )


def _cards() -> list[SimpleNamespace]:
    return [
        _card("Batik tulis leuit", (450_000, 450_000), ("baru", "Baru")),
        _card(LONG_NAME, (150_000, 275_000), ("sisa", "Sisa 2")),
        _card("Meja teras", (1_850_000, 1_850_000), ("pesan", "Pesan dulu 14 hari")),
        _card("Sepatu kulit pantofel", (325_000, 325_000), ("habis", "Habis"), available=False),
    ]


def _lines() -> list[SimpleNamespace]:
    return [
        SimpleNamespace(title="Tas anyam pandan", options="marun", note="", quantity=2, total=370_000),
        SimpleNamespace(title=LONG_NAME, options="", note="Untuk Ibu", quantity=1, total=12_500_000),
    ]


def _picked() -> list[SimpleNamespace]:
    maker = SimpleNamespace(name="Lapas Kelas IIA Serang")
    return [
        SimpleNamespace(id=number, title=title, facility=maker, photo=None, price_from=45_000, status=status)
        for number, (title, status) in enumerate((("Keset sabut", "published"), (LONG_NAME, "archived")), 1)
    ]


def _example() -> dict[str, Any]:
    """What the pieces show."""
    now = clock.now()
    wrong = SampleForm(MultiDict({"nama": "<b>", "telepon": "12", "harga": "seratus", "kirim": "kurir"}))
    wrong.validate()
    many = [{"value": number, "label": f"Pilihan {number}"} for number in range(1, 15)]
    today = clock.today()
    fair = {"slug": "contoh", "name": "Banten Expo", "venue": "Alun-alun Serang", "picture": None}
    return {
        "form": SampleForm(MultiDict()),
        "wrong": wrong,
        "rated": SampleForm(MultiDict({"nilai": "4"})),
        "many": many,
        "usage": _usage(),
        "icons": _icons(),
        "states": STATES,
        "picture": _picture(),
        "reviews": _reviews(),
        "cards": _cards(),
        "collection": SimpleNamespace(
            slug="contoh", title="Hadiah dari Banten", intro="Kecil dan ringan.", photo=None, products=12
        ),
        "lines": _lines(),
        "picked": _picked(),
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


@bp.get("/_gaya/keadaan.css")
def states() -> Response:
    """The shop's stylesheets once more, with classes for what a mouse or a key would do."""
    assets = current_app.extensions["assets"]
    whole = "".join(assets.files[f"css/{name}.css"].body.decode() for name in SHEETS)
    shown = whole.replace(":hover", ".is-hover").replace(":focus-visible", ".is-focus")
    place = assets.url("css/shop.css").rsplit("/", 1)[0]
    return Response(shown.replace('url("../', f'url("{place}/../'), mimetype="text/css")
