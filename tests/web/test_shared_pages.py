"""Pages that all share: one for everybody, kept until the catalogue changes, never a moment longer."""

import gzip

import brotli
import pytest

from storefront.core.transactions import touch, transaction
from tests import factories
from tests.support.html import Page

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

PLAIN = {"Accept-Encoding": "identity"}
PAGES = ("/", "/produk", "/lapas", "/robots.txt", "/sitemap.xml")


def kept(app) -> int:
    return len(app.extensions["pages"]._pages)


@pytest.mark.parametrize("path", PAGES)
def test_two_visitors_get_the_same_bytes_and_no_cookie(app, client, db, path):
    product = factories.product()
    signed, stranger = app.test_client(), app.test_client()
    client.post("/keranjang/tambah", data={"variant": product.variants[0].id, "jumlah": 1})
    factories.signed_in(signed, "regional")

    answers = [visitor.get(path, headers=PLAIN) for visitor in (client, signed, stranger)]

    assert len({answer.data for answer in answers}) == 1
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["Cache-Control"].startswith("public")
        assert b"csrf" not in answer.data


def test_a_copy_that_is_still_true_is_not_sent_again(client, db):
    factories.product()
    first = client.get("/produk", headers=PLAIN)

    again = client.get("/produk", headers=PLAIN | {"If-None-Match": first.headers["ETag"]})
    other = client.get("/produk", headers=PLAIN | {"If-None-Match": '"other"'})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert (other.status_code, other.data) == (200, first.data)


@pytest.mark.parametrize(
    ("accepted", "sent", "unpack"),
    [("gzip", "gzip", gzip.decompress), ("gzip, br", "br", brotli.decompress)],
)
def test_whoever_can_unpack_gets_the_page_squeezed(client, db, accepted, sent, unpack):
    factories.product()
    plain = client.get("/", headers=PLAIN)
    client.lint = False

    squeezed = client.get("/", headers={"Accept-Encoding": accepted})

    assert squeezed.headers["Content-Encoding"] == sent
    assert unpack(squeezed.data) == plain.data
    assert len(squeezed.data) < len(plain.data)
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == squeezed.headers["Vary"] == "Accept-Encoding"


def test_a_change_is_seen_by_the_very_next_visitor(client, db):
    product = factories.product(title="Tas Anyam")
    before = client.get("/produk", headers=PLAIN)
    assert "Tas Anyam" in before.text

    with transaction():
        product.title = "Tas Baru"
        touch("catalog")
    after = client.get("/produk", headers=PLAIN | {"If-None-Match": before.headers["ETag"]})

    assert after.status_code == 200
    assert "Tas Baru" in after.text
    assert "Tas Anyam" not in after.text


def test_a_change_that_was_taken_back_changes_no_page(client, db):
    first = client.get("/produk", headers=PLAIN)
    with pytest.raises(ValueError, match="no"), transaction():  # noqa: PT012
        factories.product()
        touch("catalog")
        raise ValueError("no")

    assert client.get("/produk", headers=PLAIN).data == first.data


def test_parameters_that_a_page_does_not_know_make_no_new_copies(app, client, db):
    first = client.get("/produk", headers=PLAIN)
    count = kept(app)

    for query in ("utm_source=x", "fbclid=1&a=2", "Q=besar", "x" * 500):
        assert client.get(f"/produk?{query}", headers=PLAIN).data == first.data

    assert kept(app) == count


def test_the_order_of_parameters_makes_no_new_copy(app, client, db):
    factories.product()
    client.get("/produk?urut=termurah&hal=1", headers=PLAIN)
    count = kept(app)
    client.get("/produk?hal=1&urut=termurah", headers=PLAIN)

    assert kept(app) == count


def test_the_memory_has_an_end(app, client, db, monkeypatch):
    monkeypatch.setattr("storefront.web.pages.MAX_PAGES", 5)
    for number in range(20):
        client.get(f"/produk?q=kata{number}", headers=PLAIN)

    assert kept(app) <= 5


def test_a_refusal_is_not_kept_and_a_kept_page_needs_one_question(app, client, db, query_count):
    client.get("/produk/belum-ada", headers=PLAIN)
    assert kept(app) == 0
    client.get("/produk", headers=PLAIN)

    with query_count(at_most=1) as statements:
        client.get("/produk", headers=PLAIN)
    assert "versions" in statements[0]


def test_head_says_what_get_would(client, db):
    got = client.get("/produk", headers=PLAIN)
    head = client.head("/produk", headers=PLAIN)

    assert head.data == b""
    assert head.headers["ETag"] == got.headers["ETag"]
    assert Page.parse(got.text)
