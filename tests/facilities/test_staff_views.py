"""The office's rooms about facilities, people and its account, and whose facility a member of staff sees."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask_login import login_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from storefront.accounts import services as accounts
from storefront.accounts.models import User
from storefront.core import clock, outbox
from storefront.core.errors import Invalid, NotFound
from storefront.core.models import Picture
from storefront.facilities import queries
from storefront.facilities.models import Facility, MerchantAccount
from storefront.facilities.services import AccountDetails, propose_account
from storefront.facilities.staff_views import own_facility
from tests import factories
from tests.support import fairs, html
from tests.support.client import Client

NEW = {"code": "LPX", "name": "Lapas Contoh", "kind": "lapas", "class_": "IIA", "town": "Kota Serang"}
NEW |= {"regency_code": "36.73"}


@pytest.fixture
def office(db: SQLAlchemy, client: Client) -> User:
    return factories.signed_in(client, "regional")


def flash_of(client: Client, path: str) -> str:
    return client.page(path).one("main").text


# --- facilities -----------------------------------------------------------------------------------


def test_a_cover_for_the_public_page(client: Client, office: User, db: SQLAlchemy) -> None:
    facility = factories.facility("LPX")
    page = f"/kanwil/lapas/{facility.id}"
    token = client.page(page).all("input", name="csrf_token")[0].attrs["value"]

    def send(**data: object) -> int:
        return client.post(
            f"{page}/sampul", data={"csrf_token": token, "picture_alt": "Meja kerja"} | data
        ).status_code

    def photo() -> tuple[BytesIO, str]:
        return BytesIO(fairs.jpeg()), "bengkel.jpg"

    assert send() == 422, "there is none to describe"
    assert send(picture=(BytesIO(b"bukan foto"), "x.jpg")) == 422
    assert send(picture=photo()) == 303
    first = client.page("/lapas/lapas-lpx").one("div", class_="maker__photos maker__photos--1").one("img")
    assert first.attrs["alt"] == "Meja kerja"
    assert send(picture_alt="Mesin jahit") == 303
    again = client.page("/lapas/lapas-lpx").one("div", class_="maker__photos maker__photos--1").one("img")
    assert (again.attrs["alt"], again.attrs["src"]) == ("Mesin jahit", first.attrs["src"])
    assert send(picture=photo()) == 303
    assert db.session.scalar(select(func.count()).select_from(Picture)) == 1
    assert send(aksi="hapus") == send(aksi="hapus") == 303
    assert not client.page("/lapas/lapas-lpx").all("img", alt="Mesin jahit")
    assert db.session.scalar(select(func.count()).select_from(Picture)) == 0


def test_adding_a_facility_and_changing_it(client: Client, office: User, db: SQLAlchemy) -> None:
    made = client.submit("/kanwil/lapas/baru", NEW)
    facility = db.session.scalars(select(Facility)).one()
    assert (made.status_code, made.location) == (303, f"/kanwil/lapas/{facility.id}")

    changed = client.submit(
        made.location,
        {"story": "Dua baris.\r\n\r\nDi sini.", "contact_phone": "0812 3456 7890", "is_open": []},
        action=made.location,
    )

    assert changed.status_code == 303
    assert facility.story == "Dua baris.\n\nDi sini."
    assert facility.contact_phone == "+6281234567890"
    assert not facility.is_open
    assert "Tertutup" in client.page("/kanwil/lapas").text
    assert "0812-3456-7890" in client.get(made.location).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Lapas\0"),
        ("name", "😀"),
        ("name", "x" * 300_000),
        ("kind", "penjara"),
        ("class_", "IV"),
        ("regency_code", "١٢"),
        ("postal_code", "1234"),
        ("postal_code", "١٢٣٤٥"),
        ("contact_phone", "12"),
        ("story", "x" * 2001),
        ("code", "LP X"),
    ],
)
def test_bad_input_is_shown_again(
    client: Client, office: User, db: SQLAlchemy, field: str, value: str
) -> None:
    response = client.submit("/kanwil/lapas/baru", NEW | {"address": "Jl. Yang Tetap 1"} | {field: value})

    assert response.status_code == 422
    assert "Jl. Yang Tetap 1" in response.text
    assert f'href="#{field}"' in response.text
    assert db.session.scalars(select(Facility)).all() == []


def test_workshops_on_the_page(client: Client, office: User, db: SQLAlchemy) -> None:
    facility = factories.facility(workshops=("Bengkel Kayu",))
    page, workshop = f"/kanwil/lapas/{facility.id}", facility.workshops[0].id
    add, change = f"{page}/bengkel", f"{page}/bengkel/{workshop}"

    assert client.submit(page, {"baru-name": "Dapur Roti"}, action=add).status_code == 303
    assert client.submit(page, {"baru-name": ""}, action=add).status_code == 422
    assert client.submit(page, {"baru-name": "Dapur Roti"}, action=add).status_code == 422
    name = f"bengkel{workshop}-name"
    assert client.submit(page, {name: "Bengkel Jati"}, action=change).status_code == 303
    assert client.submit(page, {name: "Dapur Roti"}, action=change).status_code == 422
    assert client.submit(page, {name: "\0"}, action=change).status_code == 422
    assert [row.name for row in facility.workshops] == ["Bengkel Jati", "Dapur Roti"]
    assert client.submit(page, action=f"{change}/hapus").status_code == 303
    assert [row.name for row in facility.workshops] == ["Dapur Roti"]


def test_a_workshop_in_use_says_why_it_stays(client: Client, office: User, db: SQLAlchemy) -> None:
    facility = factories.facility()
    workshop = facility.workshops[0].id
    factories.product(facility, workshop_id=workshop)
    page = f"/kanwil/lapas/{facility.id}"

    client.submit(page, action=f"{page}/bengkel/{workshop}/hapus")

    assert "masih tertulis pada produk" in flash_of(client, page)


def test_the_list_of_facilities_costs_the_same_for_all(
    client: Client, office: User, db: SQLAlchemy, query_count: Callable
) -> None:
    factories.facility()
    with query_count() as few:
        client.page("/kanwil/lapas")
    for _ in range(20):
        factories.user("facility_staff", facility=factories.facility())
    with query_count() as many:
        client.page("/kanwil/lapas")

    assert len(few) == len(many) <= 3


# --- people ---------------------------------------------------------------------------------------


def test_inviting_shows_the_link_once_and_sends_a_letter(
    client: Client, office: User, db: SQLAlchemy, letters: Callable
) -> None:
    facility = factories.facility()
    data = {"name": "Budi", "email": "Budi@contoh.go.id", "role": "facility_head", "facility_id": facility.id}

    response = client.submit("/kanwil/pengguna/baru", data)

    assert response.status_code == 201
    token = re.split('[<"]', response.text.split("/masuk/sandi/")[1])[0]
    user = accounts.check_link(token)
    assert (user.email, user.role) == ("budi@contoh.go.id", "facility_head")
    assert queries.facility_of(user.id) is facility
    outbox.drain()
    assert [letter["To"] for letter in letters()] == ["budi@contoh.go.id"]
    assert token not in client.get(f"/kanwil/pengguna/{user.id}").text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "budi"}, "email"),
        ({"email": "x" * 300_000}, "email"),
        ({"email": "kantor@contoh.go.id"}, "email"),
        ({"name": "\0"}, "name"),
        ({"role": "buyer"}, "role"),
        ({"role": "king"}, "role"),
        ({"role": "facility_staff"}, "facility_id"),
        ({"role": "promoter", "facility_id": "1"}, "facility_id"),
        ({"role": "facility_staff", "facility_id": "١٢"}, "facility_id"),
        ({"role": "facility_staff", "facility_id": "999999"}, "facility_id"),
    ],
)
def test_bad_invitations_are_shown_again(
    client: Client, db: SQLAlchemy, fields: dict[str, str], wrong: str
) -> None:
    factories.sign_in(client, factories.user(email="kantor@contoh.go.id"))
    factories.facility()
    good = {"name": "Budi", "email": "budi@contoh.go.id", "role": "promoter"}

    response = client.submit("/kanwil/pengguna/baru", good | fields)

    assert response.status_code == 422
    assert f'href="#{wrong}"' in response.text
    assert len(db.session.scalars(select(User)).all()) == 1


def test_what_the_office_does_to_an_account(app: Flask, client: Client, office: User, db: SQLAlchemy) -> None:
    facility, other = factories.facility(), factories.facility(name="Lapas Tujuan")
    staff_client = app.test_client()
    assert isinstance(staff_client, Client)
    staff = factories.user("facility_staff", facility=facility, password_hash="-")
    factories.sign_in(staff_client, staff)
    page = f"/kanwil/pengguna/{staff.id}"

    def press(action: str, **data: object) -> int:
        return client.submit(page, data, action=f"{page}/{action}").status_code

    assert press("lapas", facility_id=other.id) == 303
    assert queries.facility_of(staff.id) is other
    assert press("lapas", facility_id="") == 422
    assert staff_client.get("/akun").status_code == 200
    assert press("akhiri-sesi") == 303
    assert staff_client.get("/akun").status_code == 303
    factories.sign_in(staff_client, staff)
    assert press("tautan") == 201
    assert press("nonaktifkan") == 303
    assert staff_client.get("/akun").status_code == 303
    assert "Nonaktif" in client.page(page).text
    assert press("aktifkan") == 303
    assert staff.is_enabled


def test_an_official_cannot_shut_the_office_out(client: Client, office: User, db: SQLAlchemy) -> None:
    page = client.page(f"/kanwil/pengguna/{office.id}")
    token = (
        page.form(f"/kanwil/pengguna/{office.id}/akhiri-sesi").one("input", name="csrf_token").attrs["value"]
    )

    client.post(f"/kanwil/pengguna/{office.id}/nonaktifkan", data={"csrf_token": token})
    assert "akun sendiri" in flash_of(client, f"/kanwil/pengguna/{office.id}")
    client.post(f"/kanwil/pengguna/{office.id}/akhiri-sesi", data={"csrf_token": token})

    assert client.get("/akun").status_code == 200


def test_people_are_searched_and_the_list_costs_the_same_for_all(
    client: Client, office: User, db: SQLAlchemy, query_count: Callable
) -> None:
    facility = factories.facility()
    factories.user("facility_staff", facility=facility, name="Budi 100%_\\", email="b_d@contoh.id")
    with query_count() as few:
        client.page("/kanwil/pengguna")
    for number in range(60):
        factories.user("facility_staff", facility=facility, name=f"Warna {number:02}")
    with query_count() as many:
        first = client.page("/kanwil/pengguna")
    assert len(few) == len(many) <= 4

    assert "Warna 40" in first.text
    assert "Warna 59" not in first.text
    assert "Warna 59" in client.page("/kanwil/pengguna?hal=2").text
    assert len(client.page("/kanwil/pengguna?q=BUDI 100%25_\\").all("tr")) == 2
    assert "Warna" not in client.page("/kanwil/pengguna?peran=regional").one("main").text
    for odd in ("q=%00", "q=😀", "q=" + "x" * 5000, "peran=king", "hal=١٢", "hal=-1"):
        assert client.get(f"/kanwil/pengguna?{odd}").status_code == 200


@pytest.mark.parametrize("path", ["/kanwil/pengguna/999999", "/kanwil/lapas/999999", "/kanwil/lapas/x"])
def test_what_is_not_there_is_a_404(client: Client, office: User, path: str) -> None:
    assert client.get(path).status_code == 404


# --- the account ----------------------------------------------------------------------------------


QRIS = (
    "00020101021126680016ID.CO.CONTOH.WWW01189360099000000000150215DEMO000000000010303UMI"
    "51440014ID.CO.QRIS.WWW0215ID10200000000010303UMI5204594753033605802ID5922GERAI KARYA WBP (DEMO)"
    "6006SERANG61054211762070703A0163048440"
)


def test_two_of_the_office_enter_its_account(client: Client, office: User, db: SQLAlchemy) -> None:
    data = {"bank": "BRI", "number": "0001-01-000001", "holder": "Koperasi Contoh", "owner": "koperasi"}
    assert "belum dapat membayar dengan transfer" in client.page("/kanwil/rekening").text

    assert client.submit("/kanwil/rekening", data | {"qris_payload": QRIS}).status_code == 303

    row = db.session.scalars(select(MerchantAccount)).one()
    assert (row.number, row.created_by_id, row.valid_from) == ("000101000001", office.id, clock.today())
    assert (row.nmid, row.qris_name, row.status) == ("ID1020000000001", "GERAI KARYA WBP (DEMO)", "proposed")
    page = client.page("/kanwil/rekening").text
    assert "belum dapat membayar dengan transfer" in page
    assert "Petugas Kanwil lain harus memeriksa" in page

    decide = f"/kanwil/rekening/usulan/{row.id}/setujui"
    token = html.values(client.page("/kanwil/rekening").form(decide.replace("setujui", "tolak")))
    client.post(decide, data=token)  # by hand: the page offers no such button
    assert "bukan yang mengusulkannya" in client.page("/kanwil/rekening").text
    factories.sign_in(client, factories.user("regional", name="Orang Kedua"))
    client.submit("/kanwil/rekening", action=decide)
    page = client.page("/kanwil/rekening").text
    assert "belum dapat membayar" not in page
    assert "000101000001" in page
    assert "ID1020000000001" in page
    assert office.name in page
    assert "Orang Kedua" in page
    for wrong in (
        {"number": "12"},
        {"bank": ""},
        {"holder": "\0"},
        {"valid_from": "٢٠٢٦"},
        {"valid_from": "2001-01-01"},
        {"owner": "pribadi"},
        {"qris_payload": QRIS[:-1] + "1"},
        {"qris_payload": "https://contoh.id"},
        {"qris_payload": "0" * 600},
    ):
        assert client.submit("/kanwil/rekening", data | wrong).status_code == 422


def test_a_facility_can_have_an_account_of_its_own(client: Client, office: User, db: SQLAlchemy) -> None:
    facility = factories.facility()
    path = f"/kanwil/rekening/lapas/{facility.id}"
    data = {"bank": "BRI", "number": "777888999", "holder": "Satker Contoh", "owner": "satker"}
    assert "masuk ke rekening Kanwil" in client.page(path).text
    assert client.submit(path, data).status_code == 303
    details = AccountDetails(bank="BRI", number="12345", holder="X", valid_from=clock.today())
    with pytest.raises(Invalid, match="menunggu persetujuan"):  # one proposal at a time
        propose_account(facility.id, details, by_id=office.id)
    assert "Satker Contoh" in client.page("/kanwil/rekening").text
    assert client.get("/kanwil/rekening/lapas/999999").status_code == 404


# --- whose facility -------------------------------------------------------------------------------


def test_staff_start_at_their_own_facility(app: Flask, db: SQLAlchemy) -> None:
    mine, theirs = factories.facility(), factories.facility()
    staff, head = (
        factories.user("facility_staff", facility=mine),
        factories.user("facility_head", facility=theirs),
    )
    for user, expected in ((staff, mine), (head, theirs)):
        with app.test_request_context():
            login_user(user)
            assert own_facility().id == expected.id


def test_staff_without_a_facility_see_nothing(app: Flask, db: SQLAlchemy) -> None:
    user = factories.user("facility_staff")
    with app.test_request_context():
        login_user(user)
        with pytest.raises(NotFound, match="belum terhubung"):
            own_facility()
