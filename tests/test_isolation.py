"""A facility touches only what is its own: every door of its rooms, tried with the ids of another one.

The doors come from the app itself, so a new route with an id fails here until it has a case. Nothing in
the whole database may have changed afterwards.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.routing import Rule

from storefront.accounts.models import UserSession
from storefront.catalog.models import Product
from storefront.catalog.services.diffs import PARTS
from storefront.catalog.services.staging import staged_document
from storefront.core.storage import storage
from storefront.facilities.models import Facility
from storefront.facilities.services.packaging import BoxDetails, add_box
from storefront.orders.models import OrderLine, Parcel
from storefront.payments.services import submit_proof
from storefront.web.access import ACCESS, Access
from tests import factories
from tests.buying import buy, open_shop, pay, transfer_attempt
from tests.catalog_staff.photos import upload
from tests.support.client import Client
from tests.support.doors import BODIES
from tests.support.things import Things, things_of

HEADS_ONLY = {"promotions_staff.edit", "promotions_staff.end"}
"""Doors whose buttons only the head of a facility may press."""
STEPS = ("terima", "kemas", "siap", "selesai")
GONE_AFTER = {
    "catalog_staff.drop_photo", "catalog_staff.undo_change", "catalog_staff.discard_changes",
    "assisted_staff.drop", "catalog_staff.drop_form",
    "catalog_staff.drop_licence",
}  # fmt: skip
"""Doors after which the next ones would find nothing."""
CHOICES = {"step", "kind", "paper", "role"}
"""Arguments that name no object."""
OF_HEADS = {"user_id", "session_id", "box_id"}
"""Ids that only the doors of heads take, beside those of things."""
UNCHANGED_BY_VISITS = {"user_sessions"}
FACILITY_ROOMS = (
    "/petugas", "/petugas/produk", "/petugas/produk?status=published", "/petugas/stok",
    "/petugas/pesanan?tahap=semua", "/petugas/ulasan", "/petugas/keluhan", "/petugas/terima-kasih",
    "/petugas/pendapatan", "/petugas/pendapatan?kelompok=acara", "/petugas/promosi",
    "/petugas/impor", "/petugas/ekspor", "/petugas/ubah-banyak", "/petugas/ubah-banyak?q=Keset",
    "/petugas/pesanan-baru", "/petugas/antar", "/petugas/promosi?tahap=running", "/petugas/promosi/laporan",
)  # fmt: skip


class Door(NamedTuple):  # one way into a room
    endpoint: str
    method: str
    path: str
    ids: frozenset[str]


def doors(app: Flask, rooms: set[Access], ids: dict[str, Any]) -> Iterator[Door]:
    """Every way into these rooms, with these ids; every choice of those arguments that have some."""
    adapter = app.url_map.bind("127.0.0.1")
    for rule in app.url_map.iter_rules():
        if ACCESS[rule.endpoint] not in rooms:
            continue
        for values in _fillings(rule, ids):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                path = adapter.build(rule.endpoint, values, method=method)
                yield Door(rule.endpoint, method, path, frozenset(rule.arguments - CHOICES))


def _fillings(rule: Rule, ids: dict[str, Any]) -> Iterator[dict[str, Any]]:
    values = {name: ids[name] for name in rule.arguments - CHOICES}
    if "step" in rule.arguments:
        yield from (values | {"step": step} for step in STEPS)
    elif chosen := rule.arguments & {"kind", "paper", "role"}:
        [name] = chosen
        words = rule._converters[name].regex.strip("(?:)").split("|")  # one of any(…)
        yield from (values | {name: word} for word in words)
    else:
        yield values


@pytest.fixture
def own(db: SQLAlchemy) -> Facility:
    open_shop()
    return factories.facility("LPA", name="Lapas Satu")


@pytest.fixture
def other(own: Facility) -> Facility:
    return factories.facility("LPB", name="Lapas Dua")


@pytest.fixture
def things(db: SQLAlchemy, own: Facility, other: Facility) -> tuple[Things, Things]:
    """The same things at both: a product of two forms and two photos, and a packed part of one order."""
    names = {own.id: "Tas Anyam Pandan", other.id: "Keset Sabut"}
    made = [factories.product(at, title=names[at.id], stock=20, price=50_000) for at in (own, other)]
    placed = buy({made[0]: 2, made[1]: 3})
    pay(placed)
    return things_of(made[0].id), things_of(made[1].id)


@pytest.fixture
def everything(db: SQLAlchemy) -> Callable[[], dict[str, Any]]:
    """Call it for all rows of all tables, to compare."""

    def look() -> dict[str, Any]:
        db.session.rollback()
        return {
            name: sorted(map(repr, db.session.execute(table.select()).all()))
            for name, table in db.metadata.tables.items()
            if name not in UNCHANGED_BY_VISITS
        }

    return look


@pytest.fixture
def knock(app: Flask, client: Client):
    """Calls a door with its body. The token of forms is another matter, tested elsewhere."""
    app.config["WTF_CSRF_ENABLED"] = False
    client.lint = False

    def call(door: Door, extra: dict[str, Any] | None = None) -> int:
        body = BODIES.get(door.endpoint, {}) | (extra or {}) if door.method == "POST" else None
        with client.open(door.path, method=door.method, data=body) as answer:
            return answer.status_code

    return call


def foreign_doors(app: Flask, mine: Things, theirs: Things) -> Iterator[Door]:
    """Each door with one or more ids of the other facility: all foreign, and every mixture."""
    for ids in (
        asdict(theirs),
        asdict(theirs) | {"product_id": mine.product_id},
        asdict(mine) | {"product_id": theirs.product_id},
    ):
        for door in doors(app, {Access.FACILITY}, ids):
            wanted = {name: ids[name] for name in door.ids}
            if any(wanted[name] == getattr(theirs, name) for name in wanted):
                yield door


def test_every_door_with_an_id_has_a_case(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if ACCESS[rule.endpoint] is Access.FACILITY]
    with_ids = {rule.endpoint for rule in rules if rule.arguments - CHOICES}
    rules += [rule for rule in app.url_map.iter_rules() if ACCESS[rule.endpoint] is Access.HEAD]
    arguments = {name for rule in rules for name in rule.arguments} - CHOICES

    assert with_ids == BODIES.keys()
    assert arguments == set(Things.__annotations__) | OF_HEADS


@pytest.mark.parametrize("role", ["facility_staff", "facility_head"])
def test_the_things_of_another_facility_are_not_there(
    app: Flask, client: Client, own: Facility, things, everything, knock, role: str
) -> None:
    mine, theirs = things
    factories.signed_in(client, role, facility=own)
    before = everything()
    tried = 0
    for door in foreign_doors(app, mine, theirs):
        smuggled = {"facility_id": str(own.id), "product_id": str(mine.product_id)}
        assert knock(door, smuggled) == 404, door
        tried += 1

    assert tried > len(BODIES)
    assert everything() == before


def test_a_head_has_no_hand_in_another_facility(
    app: Flask, client: Client, db: SQLAlchemy, own: Facility, other: Facility, things, everything, knock
) -> None:
    _, theirs = things
    person = factories.signed_in(app.test_client(), "facility_staff", facility=other)
    session = db.session.scalars(select(UserSession.id).filter_by(user_id=person.id)).one()
    box = add_box(other.id, BoxDetails(name="Dus", length_cm=9, width_cm=9, height_cm=9, weight=9))
    ids = asdict(theirs) | {"user_id": person.id, "session_id": session, "box_id": box}
    factories.signed_in(client, "facility_head", facility=own)
    before = everything()
    tried = {door.endpoint for door in doors(app, {Access.HEAD}, ids) if door.ids and knock(door) == 404}

    assert tried == {door.endpoint for door in doors(app, {Access.HEAD}, ids) if door.ids}
    assert everything() == before
    db.session.rollback()
    assert db.session.get(UserSession, session) is not None


def test_ones_own_things_are_behind_the_same_doors(
    app: Flask, client: Client, own: Facility, things, knock
) -> None:
    """So a 404 above is about whose it is, and not about a path that leads nowhere."""
    mine, _ = things
    factories.signed_in(client, "facility_staff", facility=own)
    for door in doors(app, {Access.FACILITY}, asdict(mine)):
        # The next doors need the photo.
        if door.ids and door.endpoint not in HEADS_ONLY | GONE_AFTER:
            assert knock(door) in {200, 303, 409, 422}, door
    factories.signed_in(client, "facility_head", facility=own)
    for door in doors(app, {Access.FACILITY}, asdict(mine)):
        if door.endpoint in HEADS_ONLY:
            assert knock(door) in {200, 303}, door


def test_forms_take_no_ids_of_another_facility(
    app: Flask, client: Client, db: SQLAlchemy, own: Facility, other: Facility, things, everything, knock
) -> None:
    mine, theirs = things
    workshop = other.workshops[0].id
    factories.signed_in(client, "facility_staff", facility=own)
    before = everything()
    page = f"/petugas/produk/{mine.product_id}"
    table = {f"v{theirs.variant_id}-sku": "X", f"v{theirs.variant_id}-price": "1"}
    both = table | {f"v{mine.variant_id}-sku": "Y", f"v{mine.variant_id}-price": "1"}
    for body in (table, both):
        assert client.post(f"{page}/varian", data=body).status_code == 404
    details = BODIES["catalog_staff.edit"] | {"workshop_id": str(workshop)}
    assert client.post(page, data=details).status_code == 422
    assert everything() == before


def test_more_fields_than_a_form_has_change_nothing(
    client: Client, db: SQLAlchemy, own: Facility, other: Facility, things, knock
) -> None:
    mine, _ = things
    person = factories.signed_in(client, "facility_staff", facility=own)
    person_id, other_id = person.id, other.id
    category_id = db.session.get_one(Product, mine.product_id).category_id
    wanted = {
        "facility_id": str(other_id), "status": "draft", "price": "1", "price_from": "1", "slug": "x",
        "is_featured": "1", "role": "regional", "id": "999", "total": "1", "shipping_cost": "1",
    }  # fmt: skip
    details = {"summary": "Dari pandan", "category_id": str(category_id)}
    for path, body in (
        (f"/petugas/produk/{mine.product_id}", BODIES["catalog_staff.edit"] | details),
        (f"/petugas/pesanan/{mine.parcel_id}/kirim", BODIES["orders_staff.ship"]),
        ("/akun/nama", {"name": "Nama Baru"}),
    ):
        answer = client.post(path, data=wanted | body)
        assert answer.status_code == 303, path
    db.session.rollback()
    product = db.session.get_one(Product, mine.product_id)
    parcel = db.session.get_one(Parcel, mine.parcel_id)
    assert (product.title, product.facility_id, product.status) == ("Tas Anyam Pandan", own.id, "published")
    staged = staged_document(product)
    assert (staged["title"], sorted(staged) == sorted(PARTS)) == ("Punya saya", True)
    assert (product.price_from, product.slug == "x") == (50_000, False)
    assert (parcel.status, parcel.facility_id, parcel.order.total > 1) == ("shipped", own.id, True)
    user = db.session.get_one(factories.User, person_id)
    assert (user.name, user.role) == ("Nama Baru", "facility_staff")


def test_a_new_product_belongs_to_the_facility_of_the_person(
    client: Client, db: SQLAlchemy, own: Facility, other: Facility, knock
) -> None:
    factories.signed_in(client, "facility_staff", facility=own)
    body = {"title": "Selundupan", "facility_id": str(other.id), "status": "published", "action": "draft"}
    assert client.post("/petugas/produk/baru", data=body).status_code == 303
    product = db.session.scalars(select(Product).filter_by(title="Selundupan")).one()
    assert (product.facility_id, product.status) == (own.id, "draft")
    assert client.get(f"/produk/{product.slug}").status_code == 404
    assert "Selundupan" not in client.get("/produk").text


def test_a_kept_photo_of_another_person_is_left_out(
    client: Client, db: SQLAlchemy, own: Facility, other: Facility, knock
) -> None:
    factories.signed_in(client, "facility_staff", facility=other)
    half = {"title": "", "action": "draft", "photos": upload()}
    page = client.post("/petugas/produk/baru", data=half, content_type="multipart/form-data")
    assert page.status_code == 422
    note = page.text.split('name="kept" value="')[1].split('"')[0]

    factories.signed_in(client, "facility_staff", facility=own)
    body = {"title": "Foto pinjaman", "action": "draft", "kept": note}
    assert client.post("/petugas/produk/baru", data=body).status_code == 303
    product = db.session.scalars(select(Product).filter_by(title="Foto pinjaman")).one()
    assert product.photos == []


def test_rooms_show_nothing_of_another_facility(
    client: Client, db: SQLAlchemy, own: Facility, other: Facility, things
) -> None:
    mine, theirs = things
    parcel = db.session.get_one(Parcel, theirs.parcel_id)
    never = [parcel.code, "Keset Sabut", "Lapas Dua", *(item.line.sku for item in parcel.items)]
    factories.signed_in(client, "facility_staff", facility=own)
    for path in (*FACILITY_ROOMS, f"/petugas/pesanan/{mine.parcel_id}", f"/petugas/stok/{mine.variant_id}"):
        for asked in ("", f"facility_id={other.id}", f"lapas={other.id}"):
            page = client.get(path + ("&" if "?" in path else "?") + asked)
            assert page.status_code == 200
            assert not [word for word in never if word in page.text], path
    for path in (
        "/petugas/produk?q=Keset",
        "/petugas/stok?q=Keset",
        f"/petugas/pesanan?tahap=semua&q={parcel.code}",
    ):
        rows = client.page(path).one("main").text
        assert not [word for word in ("Keset Sabut", other.code) if word in rows], path


def test_revenue_files_hold_only_own_rows(
    client: Client, db: SQLAlchemy, own: Facility, other: Facility, things
) -> None:
    factories.signed_in(client, "facility_staff", facility=own)
    for asked in ("", f"?lapas={other.id}", f"?facility_id={other.id}", "?kelompok=kanal"):
        csv = client.get(f"/petugas/pendapatan/tabel.csv{asked}")
        book = load_workbook(BytesIO(client.get(f"/petugas/pendapatan/tabel.xlsx{asked}").data))
        cells = [str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None]
        mine = db.session.scalars(select(OrderLine.total).filter_by(facility_id=own.id)).one()
        assert str(mine) in cells
        assert str(mine) in csv.text
        for foreign in ("Lapas Dua", "150000", "250000"):  # its name, its sales, both together
            assert foreign not in csv.text
            assert foreign not in cells
    by_facility = client.get("/petugas/pendapatan/tabel.csv?kelompok=lapas")
    assert "Lapas Dua" not in by_facility.text


def test_a_proof_of_transfer_is_for_the_office_only(
    client: Client, db: SQLAlchemy, own: Facility, other: Facility
) -> None:
    placed = buy({factories.product(own): 1}, method="transfer")
    attempt = transfer_attempt(placed)
    attempt_id = attempt.id
    storage().save("private/bukti/contoh.webp", b"RIFF", "image/webp")
    submit_proof(attempt_id, "private/bukti/contoh.webp", sender="Siti")
    for role in ("facility_staff", "facility_head", "promoter", "buyer"):
        inside = own if role.startswith("facility") else None
        factories.signed_in(client, role, facility=inside)
        assert client.get(f"/kanwil/transfer/{attempt_id}/bukti").status_code == 403, role
        assert client.get("/media/private/bukti/contoh.webp").status_code == 404, role
        assert client.get("/media/private%2Fbukti/contoh.webp").status_code == 404, role
    factories.signed_in(client, "regional")
    with client.get(f"/kanwil/transfer/{attempt_id}/bukti") as answer:
        assert answer.status_code == 200


def test_staff_decide_nothing_in_the_rooms_above_them(
    app: Flask, client: Client, db: SQLAlchemy, own: Facility, things, everything, knock
) -> None:
    mine, _ = things
    person = factories.signed_in(client, "facility_head", facility=own)
    placed = buy({factories.product(own): 1}, method="transfer")
    ids = asdict(mine) | {
        "attempt_id": transfer_attempt(placed).id,
        "number": placed.number,
        "user_id": person.id,
        "facility_id": own.id,
        "workshop_id": own.workshops[0].id,
        "category_id": 1, "collection_id": 1, "group_id": 1, "complaint_id": 1, "note_id": 1, "case_id": 1,
        "refund_id": 1, "fair_id": 1, "account_id": 1, "session_id": 1, "change_id": 1,
        "picture_id": 1, "rule_id": 1, "decision": "terima", "slug": "syarat", "code": "id",
        "version_number": 0,
    }  # fmt: skip
    before = everything()
    for door in doors(app, {Access.REGIONAL, Access.PROMOTER, Access.OFFICE}, ids):
        assert knock(door) == 403, door
    assert everything() == before


@pytest.mark.parametrize("role", [None, "buyer", "regional", "promoter"])
def test_others_do_not_come_into_a_facility(
    app: Flask, client: Client, db: SQLAlchemy, things, everything, knock, role: str | None
) -> None:
    mine, _ = things
    if role:
        factories.signed_in(client, role)
    before = everything()
    for door in doors(app, {Access.FACILITY}, asdict(mine)):
        assert knock(door) == (403 if role else 303), door
    assert everything() == before


def test_a_person_whose_place_was_taken_away_finds_nothing(
    app: Flask, client: Client, own: Facility, things, knock
) -> None:
    mine, _ = things
    factories.signed_in(client, "facility_staff")
    answers = {door: knock(door) for door in doors(app, {Access.FACILITY}, asdict(mine))}
    assert [door for door, status in answers.items() if status not in {403, 404}] == []


def test_both_facilities_have_a_part_of_one_order(
    db: SQLAlchemy, own: Facility, other: Facility, things
) -> None:
    """The things really are two parts of one order, or the tests above would prove nothing."""
    parcels = db.session.scalars(select(Parcel).order_by(Parcel.id)).all()
    assert {parcel.facility_id for parcel in parcels} == {own.id, other.id}
    assert len({parcel.order_id for parcel in parcels}) == 1
