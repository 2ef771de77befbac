"""Makes things for tests, stored and ready: people, facilities, … Call inside the `db` fixture's app context.

Each function gives every field a believable value; a test names only what it is about.
"""

from datetime import timedelta
from itertools import count
from typing import Any

from flask import current_app
from sqlalchemy import update

from storefront.accounts.models import Role, SecondFactor, User, UserSession
from storefront.accounts.services import enter_code, factors, totp, waiting
from storefront.catalog import services as catalog
from storefront.catalog.models import Category, Product, ProductPhoto, ProductStatus, Supply, Variant
from storefront.catalog.services.editing import copy_down
from storefront.catalog.services.index import index_product
from storefront.core import clock
from storefront.core.db import db
from storefront.core.models import Picture
from storefront.core.secrecy import seal
from storefront.core.tokens import new_token, token_hash
from storefront.core.transactions import touch, transaction
from storefront.facilities.models import Facility, FacilityKind, Membership, Workshop
from storefront.inventory import services as inventory
from storefront.inventory.models import Location, LocationKind, StockLevel
from tests.support.client import Client

AUTHENTICATOR = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""The secret in everybody's telephone."""
# From a million on: names with a number sort by number too, however many tests one process has run.
_numbers = count(1_000_000)


def stored(row: Any) -> Any:
    """Store a row (and what hangs on it) and return it."""
    with transaction():
        db.session.add(row)
    return row


def user(role: str = "regional", *, facility: Facility | None = None, **fields: Any) -> User:
    """A person; staff and heads get a membership of `facility`. Without `password_hash` no password.

    Whose role asks for a second factor has one, as whoever works here does; `factor=False`: not yet.
    """
    number = next(_numbers)
    values: dict[str, Any] = {
        "email": f"orang{number}@contoh.go.id",
        "name": f"Orang {number}",
        "role": Role(role),
        "created_at": clock.now(),
    } | fields
    facility_id = facility.id if facility else None
    needed = values["role"] in factors.REQUIRED and not values.get("is_demo")
    has_factor = values.pop("factor", needed)
    with transaction():
        person = User(**values)
        db.session.add(person)
        if has_factor:
            db.session.flush()
            db.session.add(
                SecondFactor(
                    user_id=person.id,
                    secret=seal(AUTHENTICATOR),
                    confirmed_at=values["created_at"],
                    last_step=1,
                )
            )
        if facility_id is not None:
            db.session.flush()
            db.session.add(
                Membership(user_id=person.id, facility_id=facility_id, created_at=values["created_at"])
            )
    return person


def code_now(*, later: int = 0) -> str:
    """What everybody's authenticator shows now, or `later` steps of 30 seconds."""
    return totp.code_at(AUTHENTICATOR, totp.step_at(clock.now()) + later)


def second_step(token: str, *, address: str = "127.0.0.1") -> str:
    """Take the second step of a sign-in that asks for it, as if the last code was long ago; its token."""
    if waiting(token) is None:
        return token
    forget_last_codes()
    return enter_code(token, code_now(), address=address)


def forget_last_codes() -> None:
    """Let everybody use the code of this half minute once more."""
    with transaction():
        db.session.execute(update(SecondFactor).values(last_step=1))


def facility(
    code: str | None = None, *, workshops: tuple[str, ...] = ("Bengkel Kayu",), **fields: Any
) -> Facility:
    """A Lapas with a workshop."""
    number = next(_numbers)
    code = code or f"LP{number}"
    values: dict[str, Any] = {
        "code": code,
        "slug": f"lapas-{code.lower()}",
        "name": f"Lapas Contoh {code}",
        "kind": FacilityKind.LAPAS,
        "class_": "IIA",
        "town": "Kota Serang",
        "regency_code": "36.73",
        "postal_code": "42117",
        "address": "Jl. Raya Pandeglang KM 6,5",
        "pickup_hours": "Senin–Kamis 09.00–14.00",
        "created_at": clock.now(),
    } | fields
    rows = [Workshop(name=name, position=position) for position, name in enumerate(workshops)]
    made: Facility = stored(Facility(**values, workshops=rows))
    return made


def open_session(person: User) -> str:
    """A session of a person, past both steps; returns its token."""
    token, moment = new_token(), clock.now()
    stored(
        UserSession(
            token_hash=token_hash(token),
            user_id=person.id,
            address="127.0.0.1",
            user_agent="",
            created_at=moment,
            last_seen_at=moment,
            expires_at=moment + timedelta(days=30),
            is_complete=True,
        )
    )
    return token


def sign_in(client: Client, person: User) -> str:
    """Sign a client in without its password and code; returns the session's token."""
    token = open_session(person)
    with client.session_transaction(base_url=current_app.config["PUBLIC_BASE_URL"]) as session:
        session.clear()
        session["_user_id"] = token
    return token


def signed_in(client: Client, role: str = "regional", *, facility: Facility | None = None) -> User:
    """A new person of this role, signed in with this client."""
    person = user(role, facility=facility)
    sign_in(client, person)
    return person


# --- the catalogue --------------------------------------------------------------------------------


def category(name: str | None = None, *, parent: Category | None = None) -> Category:
    """A shelf of the shop."""
    return catalog.create_category(name or f"Rak {next(_numbers)}", parent.id if parent else None)


def picture(**fields: Any) -> Picture:
    """The row of a picture, not stored yet and without files."""
    values: dict[str, Any] = {
        "key": f"foto/contoh{next(_numbers)}",
        "alt": "Contoh barang di atas kain",
        "width": 800,
        "height": 1000,
        "tone": "#e9dfcf",
        "widths": [360, 720, 800],
        "created_at": clock.now(),
    } | fields
    return Picture(**values)


def product(
    maker: Facility | None = None,
    *,
    title: str | None = None,
    status: str = "published",
    price: int | None = 50_000,
    weight: int | None = 500,
    stock: int | None = 10,
    shelf: Category | None = None,
    photo: bool = True,
    **fields: Any,
) -> Product:
    """A product with one variant. `stock` pieces lie in the storeroom; None was never counted.

    `supply="made_to_order"` has no stock, but a lead time and a capacity.
    """
    maker, shelf = maker or facility(), shelf or category()
    supply = Supply(fields.pop("supply", "ready"))
    to_order = supply is Supply.MADE_TO_ORDER
    values: dict[str, Any] = {
        "summary": "Dibuat dengan tangan",
        "supply": supply,
        "lead_days": 5 if to_order else None,
        "weekly_capacity": 10 if to_order else None,
        "created_at": clock.now(),
        "updated_at": clock.now(),
        "submitted_at": None if status == "draft" else clock.now(),
        "published_at": clock.now() if status == "published" else None,
        "slug": f"produk-{next(_numbers)}",
    } | fields
    with transaction():
        made = Product(title=title or f"Produk {next(_numbers)}", facility_id=maker.id, **values)
        made.category_id, made.status, made.price_from, made.price_to = shelf.id, status, price, price
        if photo:
            made.photo = picture()
            made.photos = [ProductPhoto(picture=made.photo, position=1)]
        db.session.add(made)
        db.session.flush()
        made.variants = [Variant(sku=f"{maker.code}-{made.id}-1", price=price, weight=weight, position=1)]
        db.session.flush()
        if stock is not None and not to_order:
            inventory.count(maker.id, made.variants[0].id, stock)
        if made.status == ProductStatus.PUBLISHED:
            index_product(made, is_new=True)
        touch("catalog")
    return made


def variant(
    of: Product,
    *values: str,
    price: int | None = 50_000,
    weight: int | None = 500,
    stock: int | None = 10,
    is_active: bool = True,
) -> Variant:
    """One more form of a product, say `variant(bag, "marun")`; the single form, if any, is archived."""
    with transaction():
        for other in of.variants:
            other.is_active = other.is_active and bool(other.option_values)
        if len(of.option_names) != len(values):
            of.option_names = ["warna", "ukuran"][: len(values)]
        number = len(of.variants) + 1
        made = Variant(sku=f"{of.facility.code}-{of.id}-{number}", price=price, weight=weight)
        made.option_values, made.label, made.position = list(values), " / ".join(values), number
        made.is_active = is_active
        of.variants.append(made)
        copy_down(of)
        db.session.flush()
        if stock is not None and of.supply is Supply.READY:
            inventory.count(of.facility_id, made.id, stock)
        touch("catalog")
    return made


def fair_location(facility_id: int, name: str = "Pameran") -> Location:
    """A place of a facility that online orders do not draw from, not stored yet."""
    return Location(facility_id=facility_id, name=name, kind=LocationKind.FAIR)


def level(at: Location, of: Variant, pieces: int) -> StockLevel:
    """Pieces at a place, not stored yet and without a movement."""
    return StockLevel(location_id=at.id, variant_id=of.id, on_hand=pieces)
