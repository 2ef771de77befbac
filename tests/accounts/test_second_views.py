"""The second step in a browser: nothing opens before it, and what its pages say."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from html import unescape

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from storefront.accounts.models import SecondFactor, User
from storefront.accounts.services import passwords, totp
from storefront.core import clock, outbox
from storefront.web.access import _OPEN, _ROLES, ACCESS, Access
from tests import factories
from tests.architecture.test_access import doors
from tests.support.client import Client

GOOD = "meja biru kopi senja"


@pytest.fixture
def rudi(db: SQLAlchemy) -> User:
    """A head who never set one up."""
    return factories.user(
        "facility_head", facility=factories.facility(), email="rudi@contoh.go.id", factor=False,
        password_hash=passwords.hash_password(GOOD),
    )  # fmt: skip


@pytest.fixture
def sari(db: SQLAlchemy) -> User:
    """Of the office, with an authenticator."""
    return factories.user(email="sari@contoh.go.id", password_hash=passwords.hash_password(GOOD))


def enter(client: Client, email: str, path: str = "/masuk"):
    return client.submit(path, {"email": email, "password": GOOD})


def step(client: Client, path: str, code: str):
    return client.submit(path, {"code": code}, action="")


def secret_on(page: str) -> str:
    """The key that the page of setting up shows, without its blanks."""
    found = re.search(r'data-value="([A-Z2-7]{32})"', page)
    assert found is not None
    return found[1]


def code_of(secret: str) -> str:
    return totp.code_at(secret, totp.step_at(clock.now()))


def codes_on(page: str) -> list[str]:
    return re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", page)


@pytest.mark.parametrize("has_factor", [False, True])
def test_a_head_without_the_second_step_can_open_nothing(
    app: Flask, db: SQLAlchemy, client: Client, has_factor: bool
) -> None:
    person = factories.user(
        "facility_head", facility=factories.facility(), email="x@contoh.go.id", factor=has_factor,
        password_hash=passwords.hash_password(GOOD),
    )  # fmt: skip
    person_id = person.id
    assert enter(client, "x@contoh.go.id").location == "/masuk/kode"

    app.config["WTF_CSRF_ENABLED"] = False
    client.lint = False
    closed = [door for door in doors(app) if ACCESS[door.endpoint] not in {*_OPEN, Access.HALF}]
    assert {ACCESS[door.endpoint] for door in closed} >= _ROLES.keys()
    for door in closed:
        answer = client.open(door.path, method=door.method)
        assert answer.status_code == 303, door
        assert answer.location.startswith("/masuk?lanjut=/"), door
        assert "x@contoh.go.id" not in answer.text, door
    assert (db.session.get(SecondFactor, person_id) is not None) is has_factor


def test_shared_pages_do_not_know_of_the_first_step(client: Client, sari: User) -> None:
    before = client.get("/").data
    enter(client, "sari@contoh.go.id")
    answer = client.get("/")

    assert answer.data == before
    assert "Set-Cookie" not in answer.headers


def test_the_code_leads_to_the_page_that_was_asked_for(client: Client, sari: User) -> None:
    asked = client.get("/kanwil/pengguna?q=sari").location
    assert enter(client, "sari@contoh.go.id", asked).location == "/masuk/kode"
    assert client.get("/masuk").location == "/masuk/kode"
    page = client.get("/masuk/kode")
    assert page.headers["Cache-Control"] == "no-store"
    assert "sari@contoh.go.id" in page.text

    answer = step(client, "/masuk/kode", factories.code_now())

    assert (answer.status_code, answer.location) == (303, "/kanwil/pengguna?q=sari")
    assert client.get("/kanwil").status_code == 200
    assert client.get("/masuk/kode").location.startswith("/masuk")


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Tulis kode 6 angka dari aplikasi."), ("123", "Kode terdiri dari 6 angka."),
     ("😀", "Emoji"), ("9" * 300_000, "Terlalu panjang")],
)  # fmt: skip
def test_what_is_no_code_is_said_beside_the_field(client: Client, sari: User, typed: str, words: str) -> None:
    enter(client, "sari@contoh.go.id")
    answer = step(client, "/masuk/kode", typed)

    assert answer.status_code == 422
    assert words in unescape(answer.text)


def test_a_copied_half_open_cookie_opens_nothing_afterwards(app: Flask, client: Client, sari: User) -> None:
    enter(client, "sari@contoh.go.id")
    cookie = client.get_cookie("sesi", domain="127.0.0.1")
    assert cookie is not None
    step(client, "/masuk/kode", factories.code_now())

    thief = app.test_client()
    thief.set_cookie("sesi", cookie.value, domain="127.0.0.1")
    assert thief.get("/kanwil").location.startswith("/masuk")
    assert thief.get("/masuk/kode").location.startswith("/masuk?")


def test_the_second_step_needs_the_token_of_its_form(client: Client, sari: User) -> None:
    enter(client, "sari@contoh.go.id")

    assert client.post("/masuk/kode", data={"code": factories.code_now()}).status_code == 400
    foreign = {"Origin": "https://evil.example"}
    assert client.post("/masuk/kode", data={}, headers=foreign).status_code == 403


def test_leaving_in_between_ends_it(client: Client, sari: User) -> None:
    enter(client, "sari@contoh.go.id")
    client.submit("/masuk/kode", action="/keluar")

    assert client.get("/masuk/kode").location.startswith("/masuk?")
    assert client.get("/masuk").status_code == 200


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_head_sets_one_up_and_sees_the_codes_once(client: Client, rudi: User, prefix: str) -> None:
    assert enter(client, "rudi@contoh.go.id", prefix + "/masuk").location == prefix + "/masuk/kode"
    assert client.get(prefix + "/masuk/kode").location == prefix + "/masuk/pasang"
    page = client.get(prefix + "/masuk/pasang").text
    secret = secret_on(page)
    assert secret_on(client.get(prefix + "/masuk/pasang").text) == secret
    assert 'src="data:image/svg+xml;base64,' in page
    assert f"secret={secret}" in unescape(page)

    wrong = step(client, prefix + "/masuk/pasang", "000000" if code_of(secret) != "000000" else "111111")
    assert wrong.status_code == 422
    assert secret_on(wrong.text) == secret

    done = step(client, prefix + "/masuk/pasang", code_of(secret))

    assert done.status_code == 200
    assert done.headers["Cache-Control"] == "no-store"
    assert len(set(codes_on(done.text))) == 10
    assert client.get(prefix + "/petugas").status_code == 200
    assert codes_on(client.get(prefix + "/akun/verifikasi").text) == []
    assert client.get(prefix + "/akun/verifikasi/pasang").location == prefix + "/akun/verifikasi"


def test_a_code_on_paper_lets_in_and_the_owner_is_told(
    client: Client, rudi: User, letters: Callable[[], list[EmailMessage]]
) -> None:
    enter(client, "rudi@contoh.go.id")
    done = step(client, "/masuk/pasang", code_of(secret_on(client.get("/masuk/pasang").text)))
    client.delete_cookie("sesi", domain="127.0.0.1")
    enter(client, "rudi@contoh.go.id")
    assert "kode-cadangan" in client.get("/masuk/kode").text

    answer = step(client, "/masuk/kode-cadangan", codes_on(done.text)[0].lower())

    assert (answer.status_code, answer.location) == (303, "/petugas")
    outbox.run_due(10)
    told = [letter["Subject"] for letter in letters()]
    assert told == ["Verifikasi dua langkah sudah aktif", "Kode cadangan Anda dipakai untuk masuk"]
    assert "Kode yang tersisa: 9." in letters()[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_staff_turn_it_on_and_off_again(client: Client, db: SQLAlchemy) -> None:
    budi = factories.user(
        "facility_staff", facility=factories.facility(), email="budi@contoh.go.id",
        password_hash=passwords.hash_password(GOOD),
    )  # fmt: skip
    assert enter(client, "budi@contoh.go.id").location == "/petugas"
    assert "Belum aktif" in client.get("/akun/verifikasi").text
    form = "/akun/verifikasi/mulai"
    wrong = client.submit("/akun/verifikasi", {"password": "salah"}, action=form)
    assert (wrong.status_code, "Kata sandi sekarang salah." in wrong.text) == (422, True)

    begun = client.submit("/akun/verifikasi", {"password": GOOD}, action=form)
    assert begun.location == "/akun/verifikasi/pasang"
    done = step(client, begun.location, code_of(secret_on(client.get(begun.location).text)))
    codes = codes_on(done.text)
    assert "Kode cadangan tersisa: 10." in client.get("/akun/verifikasi").text

    token = client.page("/akun/verifikasi").form(form).one("input", name="csrf_token").attrs["value"]
    proof = {"csrf_token": token, "password": GOOD}
    none = client.post("/akun/verifikasi/matikan", data=proof)
    assert (none.status_code, "Tulis kodenya." in none.text) == (422, True)
    new = client.post("/akun/verifikasi/kode-cadangan", data=proof | {"code": codes[0]})
    assert len(codes_on(new.text)) == 10
    off = client.post("/akun/verifikasi/matikan", data=proof | {"code": codes_on(new.text)[0]})
    assert (off.status_code, off.location) == (303, "/akun/verifikasi")
    assert db.session.get(SecondFactor, budi.id) is None


def test_buyers_are_not_asked(client: Client, db: SQLAlchemy) -> None:
    factories.signed_in(client, "buyer")

    assert client.get("/akun/verifikasi").status_code == 403
    assert "erifikasi dua langkah" not in client.get("/akun").text


def test_the_office_takes_a_lost_one_off(client: Client, db: SQLAlchemy, sari: User) -> None:
    me = factories.signed_in(client)
    path = f"/kanwil/pengguna/{sari.id}"
    assert "Lepas verifikasi" in client.get(path).text

    answer = client.submit(path, action=f"{path}/lepas-verifikasi")

    assert (answer.status_code, answer.location) == (303, path)
    assert "Belum aktif" in client.get(path).text
    assert "Lepas verifikasi" not in client.get(path).text
    assert "Lepas verifikasi" not in client.get(f"/kanwil/pengguna/{me.id}").text
