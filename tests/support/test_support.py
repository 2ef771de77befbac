"""The tests' own tools do what the tests believe of them."""

import smtplib
import socket
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Page
from sqlalchemy import text

from storefront.core.storage import storage
from tests import factories
from tests.filled import Filled
from tests.support import html
from tests.support.network import NetworkRefused
from tests.support.smtp import Mailbox

GOOD = """<!doctype html><html lang="id"><head><title>Toko</title></head><body><main><h1>Toko</h1>
<form method="post" action="/x"><input type="hidden" name="csrf_token" value="abc">
<label for="n">Nama</label><input id="n" name="nama" value="Siti">
<label>Pesan <textarea name="pesan">
Halo</textarea></label>
<label>Ukuran <select name="ukuran"><option value="s">S</option><option value="m" selected>M</option></select>
</label>
<label><input type="checkbox" name="setuju" value="ya"> Setuju</label><button>Kirim</button></form>
</main></body></html>"""


def test_postgresql_starts_and_answers(postgres_server: str) -> None:
    with psycopg.connect(f"{postgres_server} dbname=postgres") as connection:
        row = connection.execute("SELECT current_setting('server_version_num')::int, lower('É')").fetchone()
    assert row is not None
    assert row[0] >= 180000
    assert row[1] == "é"


def test_each_test_has_the_migrated_tables_of_its_backend(db: SQLAlchemy, backend: str) -> None:
    assert db.engine.dialect.name == backend
    assert db.session.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1


@pytest.mark.parametrize("attempt", [1, 2])
def test_no_test_sees_what_another_one_stored(db: SQLAlchemy, attempt: int) -> None:
    db.session.execute(text("CREATE TABLE only_here (id integer)"))  # fails if the other attempt's is there
    db.session.commit()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("attempt", [1, 2])
def test_a_copy_of_the_filled_shop_is_the_tests_own(shop: Filled, db: SQLAlchemy, attempt: int) -> None:
    assert db.session.scalar(text("SELECT count(*) FROM orders")) > 5
    assert storage().exists("private/bukti/contoh.jpg")
    storage().delete("private/bukti/contoh.jpg")
    db.session.execute(text("CREATE TABLE only_here (id integer)"))
    db.session.commit()
    assert factories.product(shop.facility).id  # what the test makes has other numbers than what is there


def test_statements_are_counted_and_a_limit_names_them(
    db: SQLAlchemy, query_count: Callable[..., Any]
) -> None:
    with query_count() as statements:
        db.session.execute(text("SELECT 1"))
    assert statements == ["SELECT 1"]

    with pytest.raises(AssertionError, match=r"1\. SELECT 2"), query_count(at_most=0):
        db.session.execute(text("SELECT 2"))


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("8.8.8.8", 53)])
def test_the_network_is_closed(address: tuple[str, int]) -> None:
    with socket.socket() as outside, pytest.raises(NetworkRefused):
        outside.connect(address)
    with pytest.raises(NetworkRefused):
        socket.create_connection(("example.com", 80))


def test_mail_arrives(mail_server: Mailbox) -> None:
    with smtplib.SMTP(mail_server.host, mail_server.port) as connection:
        connection.sendmail("a@localhost", ["b@localhost"], "Subject: Pesanan\r\n\r\nHalo")
    assert [letter["Subject"] for letter in mail_server.letters] == ["Pesanan"]


def test_a_good_page_passes_and_its_form_is_read_as_a_browser_would() -> None:
    assert html.problems(GOOD) == []
    form = html.Page.parse(GOOD).form("/x")
    assert html.values(form) == {
        "csrf_token": ["abc"],
        "nama": ["Siti"],
        "pesan": ["Halo"],
        "ukuran": ["m"],
    }


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("<!doctype html>", ""), "doctype"),
        (('lang="id"', 'lang="de"'), "lang"),
        (("<title>Toko</title>", "<title></title>"), "title"),
        (("<h1>Toko</h1>", ""), "<h1>"),
        (("<h1>", '<h1 id="n">'), "2 times"),
        (("<h1>", '<h1 style="color:red">'), "style attribute"),
        (("<h1>", '<h1 onclick="x()">'), "onclick"),
        (("<h1>", "<script>x()</script><h1>"), "inline <script>"),
        (("<h1>", "<style>p{}</style><h1>"), "<style>"),
        (("<h1>", '<img src="/a.jpg"><h1>'), "no alt"),
        (("<h1>", '<a href="javascript:x()">x</a><h1>'), "javascript:"),
        (("<h1>", '<a href="/x"><img src="/a.jpg" alt=""></a><h1>'), "no words"),
        (('<label for="n">Nama</label>', ""), "no label"),
        (('for="n"', 'for="m"'), "points to nothing"),
        (("<button>Kirim</button>", "<button></button>"), "no words"),
    ],
)
def test_what_is_wrong_with_a_page_is_named(change: tuple[str, str], complaint: str) -> None:
    found = html.problems(GOOD.replace(*change))
    assert any(complaint in problem for problem in found), found


@pytest.mark.settings(SHOP_NAME="Toko Uji")
def test_a_test_can_change_settings(app: Flask) -> None:
    assert app.config["SHOP_NAME"] == "Toko Uji"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_phone_reaches_the_shop(page: Page, live_server: str) -> None:
    answer = page.goto("/healthz")
    assert answer is not None
    assert answer.status == 200
    assert page.url == f"{live_server}/healthz"
    assert page.evaluate("screen.width") == 360


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_browser_without_script_runs_none(plain_page: Page) -> None:
    plain_page.goto("data:text/html,<p id=x>a</p><script>x.textContent='b'</script>")
    assert plain_page.text_content("#x") == "a"
