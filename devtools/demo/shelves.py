"""Categories, products, photos and stock of the demo, read from catalogue/*.toml and photos/."""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product as combinations
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from devtools.demo.people import Crew
from storefront.catalog import services as catalog
from storefront.catalog.models import Product, ShippingClass, Supply, Variant
from storefront.catalog.services.pending import claim_photos
from storefront.core import clock
from storefront.core.db import db
from storefront.core.gallery import store_picture
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from storefront.inventory import services as inventory

HERE = Path(__file__).parent
PHOTOS = HERE / "photos"
NOTICE = "Gambar ilustrasi; warna, serat, dan ukuran barang aslinya dapat sedikit berbeda."
FIRST_STOCK = 30
ROOT_CATEGORIES: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("Tas & Aksesori", "", (("tas", "Tas & Dompet"), ("aksesori", "Aksesori"))),
    ("Batik & Busana", "", (("kain", "Kain Batik & Ecoprint"), ("kerudung", "Kerudung & Syal"),
                            ("pakaian", "Pakaian & Peci"))),
    ("Alas Kaki", "alas-kaki", ()),
    ("Rumah & Dekorasi", "", (("anyaman", "Anyaman"), ("dekorasi", "Hiasan"), ("dapur", "Dapur & Meja Makan"),
                              ("perlengkapan", "Perlengkapan Rumah"))),
    ("Makanan & Minuman", "", (("camilan", "Camilan"), ("kue", "Kue & Roti"), ("minuman", "Minuman"),
                               ("segar", "Segar"))),
    ("Mebel", "mebel", ()),
    ("Bahan Bangunan", "bangunan", ()),
    ("Musik", "musik", ()),
    ("Jasa & Pesanan Khusus", "jasa", ()),
)  # fmt: skip
"""Name, key in the catalogue files (empty where only its children are used), children."""


@dataclass(frozen=True)
class Good:
    """A published product as the history buys it; prices in rupiah by variant id."""

    product_id: int
    facility_id: int
    facility: str
    regency: str
    title: str
    category: str
    made_to_order: bool
    shipping: str
    personalised: bool
    prices: dict[int, int]
    stock: dict[int, int]  # what lies on the shelf in the end, by variant id

    @property
    def price(self) -> int:
        """The lowest price of its variants."""
        return min(self.prices.values())


@dataclass(frozen=True)
class Shot:
    """A picture file with its description."""

    path: Path
    alt: str


def entries() -> list[dict[str, Any]]:
    """Every product of the catalogue files, in their order."""
    files = sorted((HERE / "catalogue").glob("*.toml"))
    return [entry for file in files for entry in tomllib.loads(file.read_text("utf-8"))["product"]]


def shots() -> dict[str, list[Shot]]:
    """Pictures by product name, and by file name for products that borrow one."""
    found: dict[str, list[Shot]] = {}
    for row in json.loads((PHOTOS / "manifest.json").read_text("utf-8")):
        shot = Shot(PHOTOS / row["file"], row["alt"])
        found.setdefault(row["product"], []).append(shot)
        found.setdefault(shot.path.stem, [shot])
    return found


def stock_shelves(crew: Crew, now: datetime, read: Callable[[Path], bytes]) -> Iterator[str]:
    """Make categories and products; yields words of progress. The catalogue opens at `clock.now()`."""
    opening = clock.now()
    categories = _categories()
    places = {row.code: row for row in db.session.scalars(select(Facility)).unique()}
    rooms = {(code, shop.name): shop.id for code, place in places.items() for shop in place.workshops}
    owners = {code: place.id for code, place in places.items()}
    known = shots()
    listed = entries()
    wanted = {entry["photo"]: known[entry["photo"]] for entry in listed if entry["photo"]}
    pictures: dict[str, list[int]] = {}
    for name, ids in _developed(wanted, opening, read):
        pictures[name] = ids
        yield f"foto {len(pictures)} dari {len(wanted)}"
    for number, entry in enumerate(listed, start=1):
        facility_id = owners[entry["facility"]]
        where = {"category_id": categories[entry["category"]],
                 "workshop_id": rooms.get((entry["facility"], entry.get("workshop", "")))}  # fmt: skip
        born = now - timedelta(days=entry["new"]) if "new" in entry else opening + timedelta(hours=number)
        with clock.travel(born):
            _make(entry, facility_id, where, pictures.get(entry["photo"], []), crew)
        yield f"produk {number} dari {len(listed)}"


def _categories() -> dict[str, int]:
    """The tree of shelves; ids by the keys that the catalogue files use."""
    ids = {}
    with transaction():
        for position, (name, key, children) in enumerate(ROOT_CATEGORIES):
            root = catalog.create_category(name, position=position).id
            ids[key] = root
            for below, (child, words) in enumerate(children):
                ids[child] = catalog.create_category(words, root, position=below).id
    return ids


def _developed(
    wanted: dict[str, list[Shot]], moment: datetime, read: Callable[[Path], bytes]
) -> Iterator[tuple[str, list[int]]]:
    """Put every photo through the shop's pipeline, two at a time: encoding leaves Python's lock."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001

    def develop(name: str) -> tuple[str, list[int]]:
        with app.app_context(), clock.travel(moment):
            return name, [store_picture(read(shot.path), shot.alt).id for shot in wanted[name]]

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(develop, wanted)


def _make(
    entry: dict[str, Any], facility_id: int, where: dict[str, Any], pictures: list[int], crew: Crew
) -> None:
    """One product on its way to the status that its entry names."""
    maker, office = crew.staff[facility_id].id, crew.office[0].id
    status = entry.get("status", "published")
    with transaction():
        product_id = _draft(entry, facility_id, where, maker)
        claim_photos(product_id, maker, pictures)
        if status == "draft":
            return
        catalog.submit_product(product_id, maker)
        if status == "returned":
            catalog.return_product(product_id, office, entry["reason"])
        if status == "published":
            catalog.publish_product(product_id, office)
            if entry.get("featured"):
                catalog.feature_product(product_id, featured=True)


def _draft(entry: dict[str, Any], facility_id: int, where: dict[str, Any], maker: int | None) -> int:
    """A draft with its variants and its first stock; returns its id."""
    made = "lead" in entry
    text = entry.get("description", "")
    product = catalog.create_product(
        facility_id,
        maker,
        entry["title"],
        price=entry["price"],
        weight=entry["weight"],
        summary=entry["summary"],
        description=f"{text}\n\n{NOTICE}" if text else NOTICE,
        materials=entry.get("materials", ""),
        care=entry.get("care", ""),
        size_note=entry.get("size_note", ""),
        personalisation=entry.get("personalisation", ""),
        supply=Supply.MADE_TO_ORDER if made else Supply.READY,
        lead_days=entry.get("lead"),
        weekly_capacity=entry.get("weekly"),
        max_per_order=entry.get("max_per_order"),
        shipping_class=ShippingClass(entry.get("shipping", "parcel")),
        **where,
    )
    db.session.flush()
    options: dict[str, list[str]] = entry.get("options", {})
    if options:
        catalog.set_options(product.id, maker, list(options))
    for values in combinations(*options.values()) if options else ():
        catalog.add_variant(product.id, maker, values, **_measures(entry, values))
    if not options:
        catalog.update_variant(product.id, product.variants[0].id, maker, **_measures(entry, ()))
    if not made:
        for variant in [one for one in product.variants if one.is_active]:
            inventory.receive(facility_id, variant.id, FIRST_STOCK, actor_id=maker, note="Stok awal")
    return product.id


def _measures(entry: dict[str, Any], values: Iterable[str]) -> dict[str, Any]:
    """Price, weight and size of a variant: those of its entry unless one of its values has its own."""
    found: dict[str, Any] = {"price": entry["price"], "weight": entry["weight"]}
    for value in values:
        found["price"] = entry.get("price_of", {}).get(value, found["price"])
        found["weight"] = entry.get("weight_of", {}).get(value, found["weight"])
    if "size" in entry:
        found |= dict(zip(("length_cm", "width_cm", "height_cm"), entry["size"], strict=True))
    return found


def goods() -> list[Good]:
    """What is on sale, for the history to buy; in the order of the catalogue."""
    by_title = {entry["title"]: entry for entry in entries()}
    rows = db.session.execute(
        select(Product, Facility)
        .join(Product.facility)
        .where(Product.status == "published")
        .order_by(Product.id)
    ).all()
    found = [_good(row.Product, row.Facility, by_title[row.Product.title]) for row in rows]
    db.session.rollback()
    return found


def _good(product: Product, facility: Facility, entry: dict[str, Any]) -> Good:
    active = [variant for variant in product.variants if variant.is_active]
    return Good(
        product_id=product.id,
        facility_id=facility.id,
        facility=facility.code,
        regency=facility.regency_code,
        title=product.title,
        category=entry["category"],
        made_to_order=product.supply is Supply.MADE_TO_ORDER,
        shipping=str(product.shipping_class),
        personalised=bool(product.personalisation),
        prices={variant.id: variant.price or 0 for variant in active},
        stock={} if product.supply is Supply.MADE_TO_ORDER else {v.id: _left(entry, v) for v in active},
    )


def _left(entry: dict[str, Any], variant: Variant) -> int:
    """How many pieces of a variant lie on the shelf in the end."""
    for value in variant.option_values:
        if value in entry.get("sold_out", ()):
            return 0
        if value in entry.get("left", {}):
            return int(entry["left"][value])
    return int(entry["stock"])
