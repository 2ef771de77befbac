"""Signing in and out with a browser, and one's own account."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from storefront.accounts import services
from storefront.accounts.models import User, UserSession
from storefront.accounts.services import passwords
from storefront.accounts.views import own_path
from tests import factories
from tests.support.client import Client

GOOD, OTHER = "meja biru kopi senja", "kuda hujan lampu pasar"


@pytest.fixture
def sari(db: SQLAlchemy) -> User:
    return factories.user(email="sari@contoh.go.id", name="Sari", password_hash=passwords.hash_password(GOOD))


def enter(client: Client, path: str = "/masuk", **fields: str):
    answer = client.submit(path, {"email": "sari@contoh.go.id", "password": GOOD} | fields)
    if answer.location != "/masuk/kode":
        return answer
    factories.forget_last_codes()
    return client.submit("/masuk/kode", {"code": factories.code_now()}, action="")


def visitor(app: Flask) -> Client:
    client = app.test_client()
    assert isinstance(client, Client)
    return client


def session_cookie(client: Client) -> str:
    cookie = client.get_cookie("sesi", domain="127.0.0.1")
    assert cookie is not None
    return cookie.value


def test_signing_in_leads_to_the_room_of_the_role(client: Client, sari: User) -> None:
    response = enter(client)

    assert (response.status_code, response.location) == (303, "/kanwil")
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get("/masuk").location == "/kanwil"


def test_the_wanted_page_comes_after_signing_in(client: Client, sari: User) -> None:
    asked = client.get("/kanwil/pengguna?q=sari")
    assert asked.status_code == 303

    assert enter(client, asked.location).location == "/kanwil/pengguna?q=sari"


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\0",
        "javascript:alert(1)",
        " //evil.example",
        "///evil.example",
        "evil.example",
        "http:/evil.example",
        "/" + "x" * 300_000,
        "",
        "/",
    ],
)
def test_signing_in_leads_nowhere_else(client: Client, sari: User, path: str) -> None:
    assert own_path(path) in {"", "/"}
    assert enter(client, lanjut=path).location == "/kanwil"


def test_signing_in_does_not_lead_into_the_room_of_others(client: Client, sari: User) -> None:
    assert enter(client, lanjut="/petugas/produk").location == "/kanwil"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password": "salah"}, "E-mail atau kata sandi salah."),
        ({"password": ""}, "Tulis kata sandi."),
        ({"email": ""}, "Tulis e-mail."),
        ({"email": "sari\0@contoh.go.id"}, "tidak terbaca"),
        ({"email": "😀"}, "Emoji"),
        ({"email": "x" * 300_000}, "Terlalu panjang"),
        ({"password": "x" * 300_000}, "E-mail atau kata sandi salah."),
        ({"password": "\0"}, "E-mail atau kata sandi salah."),
        ({"password": "١٢"}, "E-mail atau kata sandi salah."),
    ],
)
def test_bad_input_is_shown_again_with_words(
    client: Client, sari: User, fields: dict[str, str], words: str
) -> None:
    response = enter(client, **fields)

    assert response.status_code == 422
    assert words in response.text
    if "password" in fields:
        assert 'value="sari@contoh.go.id"' in response.text
        assert fields["password"] == "" or f'value="{fields["password"]}"' not in response.text


def test_too_many_guesses_are_told_when_to_come_back(client: Client, sari: User) -> None:
    for _ in range(5):
        enter(client, password="salah")

    response = enter(client)

    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 901
    assert "Terlalu banyak percobaan" in response.text


def test_a_disabled_account_is_told_so(client: Client, sari: User, db: SQLAlchemy) -> None:
    services.disable_user(sari.id, by_id=factories.user().id)

    response = enter(client)

    assert response.status_code == 403
    assert "dinonaktifkan" in response.text


def test_a_copied_cookie_dies_with_signing_out(app: Flask, client: Client, sari: User) -> None:
    enter(client)
    thief = visitor(app)
    thief.set_cookie("sesi", session_cookie(client), domain="127.0.0.1")
    assert thief.get("/akun").status_code == 200

    assert client.submit("/akun", action="/keluar").status_code == 303

    assert thief.get("/akun").location.startswith("/masuk")
    assert client.get("/akun").location.startswith("/masuk")


def test_signing_in_gives_a_new_session(client: Client, sari: User) -> None:
    client.get("/masuk")
    before = session_cookie(client)
    enter(client)
    first = session_cookie(client)
    client.submit("/akun", action="/keluar")
    enter(client)

    assert len({before, first, session_cookie(client)}) == 3


def test_disabling_ends_what_is_under_way(client: Client, sari: User, db: SQLAlchemy) -> None:
    enter(client)
    services.disable_user(sari.id, by_id=factories.user().id)

    assert client.get("/akun").location.startswith("/masuk")


def test_the_cookie_lasts_for_buyers_only(client: Client, sari: User, db: SQLAlchemy) -> None:
    assert "Expires" not in enter(client).headers["Set-Cookie"]
    client.submit("/akun", action="/keluar")
    factories.user("buyer", email="beli@contoh.id", password_hash=passwords.hash_password(GOOD))

    response = enter(client, email="beli@contoh.id")

    cookie = response.headers["Set-Cookie"]
    assert response.location == "/akun/pesanan"
    assert "Expires" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_form_from_elsewhere_or_without_its_token_is_refused(
    client: Client, sari: User, db: SQLAlchemy
) -> None:
    data = {"email": "sari@contoh.go.id", "password": GOOD}

    assert client.post("/masuk", data=data).status_code == 400
    assert client.post("/masuk", data=data, headers={"Origin": "https://evil.example"}).status_code == 403
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0


# --- one's own account ----------------------------------------------------------------------------


def test_changing_the_name(client: Client, sari: User) -> None:
    enter(client)

    assert client.submit("/akun", {"name": "Sari Dewi"}, action="/akun/nama").status_code == 303

    assert sari.name == "Sari Dewi"
    for name in ("", "Sari\0", "x" * 300_000, "😀"):
        assert client.submit("/akun", {"name": name}, action="/akun/nama").status_code == 422
    assert sari.name == "Sari Dewi"


def test_changing_the_password_signs_other_browsers_out(app: Flask, client: Client, sari: User) -> None:
    other = visitor(app)
    for browser in (client, other):
        enter(browser)

    wrong = client.submit("/akun", {"current": "salah", "new": OTHER}, action="/akun/sandi")
    weak = client.submit("/akun", {"current": GOOD, "new": "123456789012"}, action="/akun/sandi")
    right = client.submit("/akun", {"current": GOOD, "new": OTHER}, action="/akun/sandi")

    assert [wrong.status_code, weak.status_code, right.status_code] == [422, 422, 303]
    assert "Kata sandi sekarang salah" in wrong.text
    assert "mudah ditebak" in weak.text
    assert client.get("/akun").status_code == 200
    assert other.get("/akun").status_code == 303


def test_ending_own_sessions_and_nobody_elses(app: Flask, client: Client, sari: User, db: SQLAlchemy) -> None:
    other, third = visitor(app), visitor(app)
    for browser in (client, other, third):
        enter(browser)
    ids = db.session.scalars(select(UserSession.id).order_by(UserSession.id)).all()

    stranger = visitor(app)
    factories.signed_in(stranger)
    token = stranger.page("/akun").form("/akun/nama").one("input", name="csrf_token").attrs["value"]
    stolen = stranger.post(f"/akun/sesi/{ids[1]}/akhiri", data={"csrf_token": token})
    assert stolen.status_code == 404

    assert client.submit("/akun", action=f"/akun/sesi/{ids[1]}/akhiri").status_code == 303
    assert [browser.get("/akun").status_code for browser in (client, other, third)] == [200, 303, 200]
    assert client.submit("/akun", action="/akun/sesi/akhiri").status_code == 303
    assert [browser.get("/akun").status_code for browser in (client, third)] == [200, 303]


def test_choosing_a_password_by_a_link(client: Client, sari: User) -> None:
    path = f"/masuk/sandi/{services.create_link(sari.id)}"

    page = client.get(path)
    weak = client.submit(path, {"new": "123456789012"})
    done = client.submit(path, {"new": OTHER})

    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert (weak.status_code, done.status_code, done.location) == (422, 303, "/masuk")
    assert client.get(path).status_code == 404
    assert enter(client, password=OTHER).location == "/kanwil"


def test_a_signed_in_page_asks_for_its_person_once(client: Client, sari: User, query_count: Callable) -> None:
    enter(client)
    with query_count(at_most=2):  # the session with its person, and the list of sessions
        client.get("/akun")
