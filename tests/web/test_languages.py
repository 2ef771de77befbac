"""Two languages at two addresses: what is under /en is English, and stays under /en."""

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest

from storefront.core.language import speaking
from storefront.web import formats
from storefront.web.languages import ONE_LANGUAGE, here_in, split_language
from tests import factories
from tests.support import fairs

only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("path", "language", "rest"),
    [
        ("/", "id", "/"),
        ("/en", "en", "/"),
        ("/en/", "en", "/"),
        ("/en/produk", "en", "/produk"),
        ("/english", "id", "/english"),
        ("/enam", "id", "/enam"),
        ("/en/en/produk", "en", "/en/produk"),
        ("/EN/produk", "id", "/EN/produk"),
        ("/id/produk", "id", "/id/produk"),
        ("/produk/en", "id", "/produk/en"),
        *((f"/en{start}", "id", f"/en{start}") for start in ONE_LANGUAGE),
    ],
)
def test_the_prefix(path: str, language: str, rest: str) -> None:
    assert split_language(path) == (language, rest)


@only_sqlite
def test_what_is_answered_where(client, db):
    assert client.get("/en").status_code == 200
    assert client.get("/en/").status_code == 200
    assert client.get("/english").status_code == 404
    client.lint = False
    static = client.application.extensions["assets"].url("icons/mark.svg")
    assert client.get(static).status_code == 200
    assert client.get(f"/en{static}").status_code == 404
    assert client.get("/en/en/produk").status_code == 404


@pytest.fixture
def shop(db):
    """A shop with one of everything that the public sees."""
    product = factories.product(factories.facility("LPSRG"), shelf=factories.category("Tas"))
    fairs.fair(products=[product])
    return product


PAGES = (
    *(
        "/",
        "/produk",
        "/produk?q=tas",
        "/produk?harga_min=x",
        "/kategori/tas",
        "/lapas",
        "/lapas/lapas-lpsrg",
    ),
    *("/acara", "/acara/banten-expo-2026", "/dampak", "/cara-belanja", "/tentang", "/privasi", "/syarat"),
    *("/keranjang", "/masuk", "/lacak", "/pengaduan", "/tidak-ada"),
)


@only_sqlite
@pytest.mark.parametrize("path", PAGES)
def test_under_en_all_is_english_and_every_link_stays_there(client, shop, path):
    page = client.get(f"/en{path}").text
    page = client_page(page)

    assert page.one("html").attrs["lang"] == "en"
    own = urlsplit(client.application.config["PUBLIC_BASE_URL"]).netloc
    for element in [*page.all("a"), *page.all("form")]:
        address = element.attrs.get("href", element.attrs.get("action", ""))
        parts = urlsplit(address)
        if parts.netloc not in ("", own) or not parts.path or parts.scheme in ("mailto", "tel"):
            continue
        if element.attrs.get("hreflang") == "id" or parts.path.startswith(ONE_LANGUAGE):
            continue
        assert parts.path == "/en" or parts.path.startswith("/en/"), f"{path}: {address}"


def client_page(text):
    from tests.support.html import Page

    return Page.parse(text)


@only_sqlite
@pytest.mark.parametrize("path", ["/", "/produk", "/keranjang", "/tidak-ada"])
def test_each_language_leads_to_the_other(client, shop, path):
    for prefix, other in (("", "en"), ("/en", "id")):
        page = client_page(client.get(prefix + path).text)
        if path == "/tidak-ada":
            continue  # there is nothing to lead to
        switch = [link.attrs["href"] for link in page.all("a", hreflang=other)]
        assert switch, (prefix, path)
        assert all(urlsplit(href).path == (path if other == "id" else f"/en{path}") for href in switch)


@only_sqlite
@pytest.mark.parametrize(
    ("asked", "indonesian"),
    [
        ("/produk", "/produk"),
        ("//jahat.example/x", "/jahat.example/x"),
        ("/\\jahat.example", "/%5Cjahat.example"),
        ("/a?b#c", "/a%3Fb%23c"),
    ],
)
def test_the_other_language_is_never_another_site(app, db, asked, indonesian):
    for prefix in ("", "/en"):
        environ = app.test_request_context("/").request.environ | {"PATH_INFO": asked, "SCRIPT_NAME": prefix}
        with app.request_context(environ):
            assert (here_in("id"), here_in("en")) == (indonesian, f"/en{indonesian}")


@only_sqlite
@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (
            "/produk?urut=termurah&q=tas+%26+%22kain%22&utm_source=x",
            "/produk?q=tas+%26+%22kain%22&urut=termurah",
        ),
        ("/kategori/tas?lapas=lapas-lpsrg&lapas=x&fbclid=1", "/kategori/tas?lapas=lapas-lpsrg&lapas=x"),
        ("/?utm_source=x", "/"),
        ("/masuk?lanjut=/akun/alamat", "/masuk?lanjut=%2Fakun%2Falamat"),
        ("/tidak-ada?x=1", "/tidak-ada"),
    ],
)
def test_the_other_language_shows_the_same_things(client, shop, asked, kept):
    """What was searched and chosen stays; what a shared page does not know it cannot say."""
    for prefix in ("", "/en"):
        page = client_page(client.get(prefix + asked).text)
        for language, start in (("id", ""), ("en", "/en")):
            links = {
                link.attrs["href"] for link in page.all("a", class_="languages__link", hreflang=language)
            }
            assert links == {start + kept}


@only_sqlite
def test_a_redirect_keeps_the_language(client, shop):
    answer = client.get("/en/petugas")
    assert answer.location.startswith("/en/masuk")
    answer = client.get("/en/a/BANTEN-EXPO-26", follow_redirects=False)
    assert answer.location.startswith("/en/acara/")


@only_sqlite
def test_the_two_languages_are_two_pages_of_the_cache(client, shop):
    first, english = client.get("/produk").text, client.get("/en/produk").text
    assert first == client.get("/produk").text
    assert 'lang="id"' in first.split("<head>")[0]
    assert 'lang="en"' in english.split("<head>")[0]


# --- dates and numbers --------------------------------------------------------------------------------

DAY = date(2026, 1, 28)
MOMENT = datetime(2026, 1, 28, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("show", "value", "indonesian", "english"),
    [
        (formats.long_date, DAY, "Rabu, 28 Januari 2026", "Wednesday, 28 January 2026"),
        (formats.plain_date, DAY, "28 Januari 2026", "28 January 2026"),
        (formats.short_date, DAY, "28/1/2026", "28/1/2026"),
        (formats.clock_time, MOMENT, "14.30 WIB", "14.30 WIB"),
        (formats.moment, MOMENT, "28 Januari 2026 pukul 14.30 WIB", "28 January 2026, 14.30 WIB"),
        (formats.month_name, "2026-05", "Mei 2026", "May 2026"),
        (formats.number, 12345, "12.345", "12,345"),
        (formats.grouped, 12345, "12.345", "12.345"),
        (formats.rupiah, 12345, "Rp12.345", "Rp12.345"),
        (formats.weight, 450, "450 g", "450 g"),
        (formats.weight, 1250, "1,25 kg", "1.25 kg"),
        (formats.weight, 1_250_500, "1.250,5 kg", "1,250.5 kg"),
    ],
)
def test_how_things_look(show, value, indonesian, english):
    assert show(value) == indonesian
    with speaking("en"):
        assert show(value) == english


def test_a_range_of_days():
    with speaking("en"):
        assert formats.date_range(date(2026, 10, 4), date(2026, 10, 8)) == "4–8 October 2026"
        assert (
            formats.date_range(date(2026, 9, 30), date(2026, 10, 2)) == "30 September 2026 – 2 October 2026"
        )
