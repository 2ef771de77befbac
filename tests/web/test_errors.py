"""Refusals: in the shop's look or as JSON, with a number that the log has too, and nothing half done."""

import logging
import re

import pytest
from sqlalchemy import func, select, text

from config import Config
from storefront.core.db import db as database
from storefront.core.errors import Forbidden, TooMany, Unavailable
from storefront.inventory.models import StockMovement
from storefront.web import errors
from storefront.web.access import ACCESS, Access
from storefront.web.requestlog import JsonLines
from tests import factories
from tests.buying import buy, only, open_shop, order_of
from tests.support.html import Page

only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
JSON = {"Accept": "application/json"}


@pytest.fixture
def without_database(config, make_app):
    """A shop whose database server is away, as strangers see it."""
    values = {name: getattr(config, name) for name in Config.__dataclass_fields__}
    return make_app(Config(**values | {"DATABASE_URL": NOWHERE})).test_client()


@pytest.fixture
def broken(app, monkeypatch):
    """A client of the shop with one more page that fails as the test says; bugs are not shown to it."""
    app.register_error_handler(Exception, errors._crashed)  # as where strangers visit

    def add(error: Exception) -> None:
        def fail() -> str:
            raise error

        app.add_url_rule("/rusak", "rusak", fail)
        monkeypatch.setitem(ACCESS, "rusak", Access.PUBLIC)

    return add


def looks_like_ours(response, status: int) -> None:
    assert response.status_code == status
    assert "Karya Banten" in response.text
    assert f'data-status="{status}"' in response.text
    assert response.headers["X-Request-Id"] in response.text
    assert response.headers["Cache-Control"] == "no-store"


@only_sqlite
@pytest.mark.parametrize("path", ["/", "/produk", "/keranjang", "/pesanan/abc", "/kanwil"])
def test_without_its_database_the_shop_says_come_back_soon(without_database, path):
    without_database.set_cookie("isi_keranjang", "1", domain="127.0.0.1")
    response = without_database.get(path)

    if path == "/kanwil":  # nobody can be known: sign in, which then says the same
        assert response.status_code in {303, 503}
    elif response.status_code != 200:  # an empty cart needs no database
        looks_like_ours(response, 503)
        assert response.headers["Retry-After"] == "30"
    else:
        assert path == "/keranjang"


@only_sqlite
def test_an_outage_in_the_middle_leaves_nothing_half_done(app, client, db):
    open_shop()
    bag = factories.product(stock=5)
    client.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": 1})
    movements = database.session.scalar(select(func.count(StockMovement.id)))
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE cart_lines RENAME TO gone"))

    response = client.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": 1})

    looks_like_ours(response, 503)
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO cart_lines"))
        assert connection.execute(text("SELECT quantity FROM cart_lines")).scalars().all() == [1]
    assert database.session.scalar(select(func.count(StockMovement.id))) == movements
    assert client.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": 1}).status_code == 303


@only_sqlite
@pytest.mark.parametrize("path", ["/tidak-ada", "/produk/tidak-ada", "/pesanan/tidak-ada", "/<script>"])
def test_what_is_not_there(client, db, path):
    response = client.get(path)

    looks_like_ours(response, 404)
    assert "<script>" not in response.text.partition("<main")[2]


@only_sqlite
def test_the_wrong_way_to_ask_names_the_right_one(client, db):
    response = client.get("/keranjang/tambah")

    looks_like_ours(response, 405)
    assert "POST" in response.headers["Allow"]


@only_sqlite
def test_a_body_over_the_limit_is_not_read(app, client, db):
    app.config["MAX_CONTENT_LENGTH"] = 1000

    looks_like_ours(client.post("/keranjang/tambah", data={"jumlah": "1" * 2000}), 413)


@only_sqlite
def test_a_host_that_is_not_ours_gets_a_page_too(client, db):
    client.lint = False
    response = client.get("/", base_url="http://evil.example")

    assert response.status_code == 400
    assert "evil.example" not in response.text
    assert response.headers["X-Request-Id"]


@only_sqlite
def test_whoever_asks_too_often_is_told_how_long_to_wait(client, db):
    answers = [client.get("/wilayah?q=").status_code for _ in range(240)]
    refused = client.get("/wilayah?q=")

    assert set(answers) == {200}
    looks_like_ours(refused, 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    elsewhere = client.get("/wilayah?q=", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 200


@only_sqlite
@pytest.mark.settings(RATELIMIT_STORAGE_URI="redis://127.0.0.1:1/0")
def test_without_its_counter_the_shop_counts_by_itself(client, db):
    answers = [client.get("/wilayah?q=").status_code for _ in range(241)]

    assert answers == [200] * 240 + [429]


@only_sqlite
@pytest.mark.parametrize(
    ("error", "status", "wait"), [(TooMany(retry_after=90), 429, "90"), (Unavailable(), 503, "30")]
)
def test_a_refusal_of_a_service_keeps_its_status_and_its_wait(client, db, broken, error, status, wait):
    broken(error)
    response = client.get("/rusak")

    looks_like_ours(response, status)
    assert response.headers["Retry-After"] == wait


def ways(response) -> dict[str, str]:
    """Where the buttons of a refusal lead, by their words."""
    main = Page.parse(response.text).one("main")
    return {link.text.strip(): link.attrs["href"] for link in main.all("a")}


@only_sqlite
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_refusal_leads_on(client, db, broken, prefix):
    """To where the reader can do something about it, in the language they read."""
    again, before = ("Coba lagi", "Buka lagi halaman sebelumnya")
    if prefix:
        again, before = ("Try again", "Open the previous page again")
    home = {"Ke beranda" if not prefix else "To the home page": f"{prefix}/"}
    shop = client.application.config["PUBLIC_BASE_URL"]
    cart = {"Referer": f"{shop}{prefix}/keranjang?x=1"}
    broken(Unavailable())

    lost = ways(client.get(f"{prefix}/tidak-ada", headers=cart))
    assert list(lost.values()) == [f"{prefix}/produk", f"{prefix}/lacak", f"{prefix}/"]
    asked = f"{prefix}/keranjang/tambah"
    assert ways(client.get(asked, headers=cart)) == {before: f"{prefix}/keranjang?x=1"} | home
    assert ways(client.get(asked)) == home
    assert ways(client.get(f"{prefix}/rusak", headers=cart)) == {again: ""} | home


@only_sqlite
def test_staff_are_led_back_to_their_own_room(client, db):
    factories.signed_in(client, "facility_head", facility=factories.facility())

    assert ways(client.get("/petugas/produk/999")) == {"Hari ini": "/petugas", "Ke beranda": "/"}
    assert ways(client.get("/kanwil/kurasi")) == {"Akun saya": "/akun", "Ke beranda": "/"}


@only_sqlite
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_who_is_lost_in_the_shop_finds_its_search_and_the_other_language(client, db, prefix):
    page = client.page(f"{prefix}/tidak-ada", 404)

    assert page.all("input", name="q")
    assert {link.attrs["href"] for link in page.all("a", hreflang="en")} == {"/en/tidak-ada"}
    assert {link.attrs["href"] for link in page.all("a", hreflang="id")} == {"/tidak-ada"}


@only_sqlite
@pytest.mark.parametrize(
    "page",
    ["https://jahat.example/keranjang", "http://127.0.0.1.jahat.example/x", "http://[", "", "/keranjang",
     "{shop}/keranjang/tambah"],
)  # fmt: skip
def test_the_way_back_is_a_page_of_this_shop_or_none(client, db, page):
    shop = client.application.config["PUBLIC_BASE_URL"]
    response = client.get("/keranjang/tambah", headers={"Referer": page.format(shop=shop)})

    assert (response.status_code, ways(response)) == (405, {"Ke beranda": "/"})


@only_sqlite
def test_the_way_back_never_becomes_another_site(client, db):
    shop = client.application.config["PUBLIC_BASE_URL"]
    for path in ("//jahat.example", "/\\jahat.example", "///jahat.example", "/\t/jahat.example"):
        response = client.get("/keranjang/tambah", headers={"Referer": f"{shop}{path}"})
        assert "/jahat.example" in ways(response).values(), path


@only_sqlite
def test_a_refusal_with_words_of_its_own_says_them(client, db, broken):
    broken(Forbidden())
    assert "minta pengelola" in client.get("/rusak").text

    response = client.post("/keranjang/tambah", headers={"Sec-Fetch-Site": "cross-site"})
    looks_like_ours(response, 403)
    assert "tidak berasal dari halaman toko" in response.text


@only_sqlite
def test_an_origin_that_is_no_address_is_another_site(client, db):
    for origin in ("http://[", "null", "127.0.0.1", "//"):
        assert client.post("/keranjang/tambah", headers={"Origin": origin}).status_code == 403


@only_sqlite
def test_a_bug_shows_nobody_its_inside(client, db, broken, caplog):
    broken(RuntimeError("sandi rahasia"))
    response = client.get("/rusak")

    looks_like_ours(response, 500)
    assert "rahasia" not in response.text
    assert "RuntimeError" not in response.text
    logged = next(record for record in caplog.records if record.message == "unhandled error")
    assert logged.fields["id"] == response.headers["X-Request-Id"]


@only_sqlite
@pytest.mark.parametrize("path", ["/tidak-ada", "/webhooks/tidak-ada", "/webhooks/stripe"])
def test_programs_get_json(client, db, path):
    headers = {} if path.startswith("/webhooks") else JSON
    response = client.get(path, headers=headers)

    assert response.mimetype == "application/json"
    assert response.json["status"] == response.status_code
    assert response.headers["X-Request-Id"]


@only_sqlite
def test_a_browser_that_takes_json_as_well_gets_a_page(client, db):
    response = client.get("/tidak-ada", headers={"Accept": "text/html,application/json;q=0.9"})

    assert response.mimetype == "text/html"


def test_an_error_of_the_database_is_logged_without_what_was_in_the_row(client, db, broken, caplog):
    order = order_of(buy_one())
    number, token, phone = order.number, order.token, order.phone
    try:
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE orders SET total = -1, phone = :phone"), {"phone": phone})
    except Exception as error:  # noqa: BLE001 - whichever of the drivers it is
        broken(error)
    with caplog.at_level(logging.INFO):
        response = client.get("/rusak")

    assert response.status_code == 500
    lines = "\n".join(lines_of(caplog.records))
    assert "total_adds_up" in lines
    for secret in (phone, token, "Siti", "Cipondoh", number):
        assert secret not in lines


def buy_one():
    open_shop()
    return buy({factories.product(): 1})


def lines_of(records) -> list[str]:
    return [JsonLines().format(record) for record in records if re.match(r"storefront", record.name)]
