"""A made-up shop of any size, written in bulk: what is measured is reading it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select

from storefront.catalog.models import Category, Product, ProductPhoto, ProductStatus, Supply, Variant
from storefront.catalog.providers import search_provider
from storefront.catalog.services import create_category
from storefront.catalog.services.index import TITLE_WEIGHT
from storefront.core import clock
from storefront.core.db import db
from storefront.core.models import Picture
from storefront.core.regions.loader import load_regions
from storefront.core.transactions import touch, transaction
from storefront.core.words import stems
from storefront.facilities.models import AccountStatus, Facility, FacilityKind, MerchantAccount, Workshop
from storefront.inventory.models import Location, LocationKind, MovementKind, StockLevel, StockMovement
from storefront.shipping.services import load_first_rates

THINGS = ("Tas", "Dompet", "Sepatu", "Kemeja", "Kursi", "Rak", "Nampan", "Sandal", "Selendang", "Gelang")
STUFFS = ("Pandan", "Batik", "Jati", "Rotan", "Kulit", "Bambu", "Sabut", "Tenun", "Rajut", "Kanvas")
COLOURS = ("merah", "biru", "hijau", "cokelat", "hitam")
FACILITIES = 12
PIECES = 100_000
"""In stock of everything: nothing sells out while it is measured."""

BATCH = 1_000


def open_shop() -> None:
    """Everything but products: regions, prices of delivery, the office's account, facilities, shelves."""
    load_regions()
    load_first_rates()
    with transaction():
        account = MerchantAccount(bank="Bank Uji", number="000123456", holder="Koperasi Uji")
        account.status = AccountStatus.STANDING
        account.valid_from, account.created_at = clock.today() - timedelta(days=1), clock.now()
        db.session.add(account)
        for number in range(1, FACILITIES + 1):
            place = _facility(number)
            db.session.add(place)
            db.session.flush()
            db.session.add(Location(facility_id=place.id, name="Gudang", kind=LocationKind.STOREROOM))
    for thing in THINGS:
        top = create_category(thing, None)
        for stuff in STUFFS[:3]:
            create_category(f"{thing} {stuff}", top.id)


def grow(total: int) -> None:
    """Add products until there are `total`, each with its photos, variants, stock and search words."""
    with transaction():
        have = db.session.scalar(select(func.count()).select_from(Product)) or 0
        rooms = select(Location.facility_id, Location.id).order_by(Location.id)
        places = [(row[0], row[1]) for row in db.session.execute(rooms)]
        workshops: dict[int, list[int]] = {}
        for workshop_id, facility_id in db.session.execute(select(Workshop.id, Workshop.facility_id)):
            workshops.setdefault(facility_id, []).append(workshop_id)
        leaves = select(Category.id).where(Category.parent_id.is_not(None)).order_by(Category.id)
        shelves = list(db.session.scalars(leaves))
        for start in range(have + 1, total + 1, BATCH):
            numbers = range(start, min(start + BATCH, total + 1))
            rows = [_product(n, places[n % len(places)], workshops, shelves) for n in numbers]
            _store(rows)
        touch("catalog")
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")  # as a database that runs for a day has done by itself


def slug_of(number: int) -> str:
    """The address of the n-th product, from 1."""
    return f"barang-uji-{number}"


def variant_of(number: int) -> int:
    """The id of the first variant of the n-th product."""
    return number * 10


def _facility(number: int) -> Facility:
    place = Facility(code=f"UJI{number}", slug=f"lapas-uji-{number}", name=f"Lapas Uji {number}")
    place.kind, place.class_, place.town, place.regency_code = FacilityKind.LAPAS, "IIA", "Serang", "36.73"
    place.created_at = clock.now()
    place.workshops = [Workshop(name=f"Bengkel {thing}", position=at) for at, thing in enumerate(THINGS[:3])]
    return place


def _product(
    number: int, place: tuple[int, int], workshops: dict[int, list[int]], shelves: list[int]
) -> dict[str, Any]:
    """One product and where its stock lies; every tenth is made to order."""
    facility_id, location_id = place
    thing, stuff = THINGS[number % 10], STUFFS[number // 10 % 10]
    moment = clock.now() - timedelta(minutes=10 * number)
    to_order = number % 10 == 7
    crew = workshops[facility_id]
    return {
        "id": number, "facility_id": facility_id, "workshop_id": crew[number // FACILITIES % len(crew)],
        "category_id": shelves[number % len(shelves)], "slug": slug_of(number),
        "title": f"{thing} {stuff} {COLOURS[number % 5].title()} {number}",
        "summary": f"{thing} dari {stuff.lower()}, dibuat dengan tangan",
        "description": "Dikerjakan di bengkel, diperiksa satu per satu. " * 6,
        "materials": stuff, "option_names": ["warna"] if number % 4 == 0 else [],
        "supply": Supply.MADE_TO_ORDER if to_order else Supply.READY,
        "lead_days": 7 if to_order else None, "weekly_capacity": 999 if to_order else None,
        "status": ProductStatus.PUBLISHED, "is_featured": number <= 3,
        "price_from": 20_000 + number % 97 * 1_000, "price_to": 20_000 + number % 97 * 1_000,
        "photo_id": number * 2, "created_at": moment, "updated_at": moment, "submitted_at": moment,
        "published_at": moment, "location_id": location_id,
    }  # fmt: skip


def _store(products: list[dict[str, Any]]) -> None:
    """Write a batch of products with all that hangs on them."""
    pictures = [_picture(product["id"] * 2 + at) for product in products for at in (0, 1)]
    db.session.execute(insert(Picture), pictures)
    columns = [{key: product[key] for key in product if key != "location_id"} for product in products]
    db.session.execute(insert(Product), columns)
    shown = [(product["id"], at) for product in products for at in (0, 1)]
    photos = [{"product_id": key, "picture_id": key * 2 + at, "position": at} for key, at in shown]
    db.session.execute(insert(ProductPhoto), photos)
    variants = [variant for product in products for variant in _variants(product)]
    db.session.execute(insert(Variant), variants)
    ready = {p["id"]: p["location_id"] for p in products if p["supply"] is Supply.READY}
    counted = [variant["id"] for variant in variants if variant["product_id"] in ready]
    levels = [
        {"id": key, "variant_id": key, "location_id": ready[key // 10], "on_hand": PIECES, "reserved": 0}
        for key in counted
    ]
    if levels:
        db.session.execute(insert(StockLevel), levels)
        kind, moment = MovementKind.RECEIVED, clock.now()
        moved = [{"level_id": key, "kind": kind, "on_hand_delta": PIECES, "at": moment} for key in counted]
        db.session.execute(insert(StockMovement), moved)
    for product in products:
        search_provider().index(product["id"], _stems(product))


def _picture(key: int) -> dict[str, Any]:
    return {
        "id": key, "key": f"foto/uji{key}", "alt": "Barang uji di atas kain", "width": 1440, "height": 1800,
        "tone": "#e9dfcf", "widths": [360, 720, 1440], "has_avif": True, "created_at": clock.now(),
    }  # fmt: skip


def _variants(product: dict[str, Any]) -> Iterator[dict[str, Any]]:
    values = COLOURS[:3] if product["option_names"] else ("",)
    for at, value in enumerate(values):
        yield {
            "id": variant_of(product["id"]) + at, "product_id": product["id"],
            "sku": f"UJI-{product['id']}-{at}", "option_values": [value] if value else [], "label": value,
            "price": product["price_from"], "weight": 500, "position": at,
        }  # fmt: skip


def _stems(product: dict[str, Any]) -> str:
    rest = (product["materials"], product["summary"], product["description"])
    return " ".join([*[stems(product["title"])] * TITLE_WEIGHT, *(stems(text) for text in rest)])
