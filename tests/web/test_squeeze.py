"""What goes over the line: the better encoding, lean stylesheets, and rules for fetching ahead."""

import gzip
import json
from urllib.parse import urlsplit

import brotli
import pytest

from storefront.web.squeeze import lean_css, lean_js
from tests import factories

on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

WAYS = [
    ("br, gzip", "br"),
    ("gzip, br", "br"),
    ("gzip", "gzip"),
    ("br;q=0, gzip", "gzip"),
    ("identity", None),
]
OPEN = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@on_sqlite
@pytest.mark.parametrize(("accepted", "sent"), WAYS)
@pytest.mark.parametrize("path", ["/", "css/shop.css", "js/shop.js", "icons/sprite.svg"])
def test_everybody_gets_the_best_that_they_can_unpack(app, client, db, path, accepted, sent):
    client.lint = False
    address = path if path == "/" else app.extensions["assets"].url(path)
    plain = client.get(address, headers={"Accept-Encoding": "identity"}).data

    answer = client.get(address, headers={"Accept-Encoding": accepted})

    assert answer.headers.get("Content-Encoding") == sent
    assert OPEN[sent](answer.data) == plain
    assert answer.headers["Vary"] == "Accept-Encoding"


@on_sqlite
@pytest.mark.parametrize(("accepted", "sent"), WAYS)
@pytest.mark.parametrize("path", ["/masuk", "/keranjang", "/tidak-ada", "/saran?q=tas"])
def test_pages_of_one_person_and_refusals_are_squeezed_too(client, db, path, accepted, sent):
    for number in range(9):
        factories.product(title=f"Tas anyaman pandan {number}")
    client.lint = False
    answer = client.get(path, headers={"Accept-Encoding": accepted})

    assert answer.headers.get("Content-Encoding") == sent
    assert answer.content_length == len(answer.data)
    assert (
        b"Tas anyaman" in OPEN[sent](answer.data)
        if "saran" in path
        else b"</html>" in OPEN[sent](answer.data)
    )
    assert "Accept-Encoding" in answer.headers["Vary"]


@on_sqlite
def test_what_fits_into_a_packet_is_sent_as_it_is(client, db):
    answer = client.get("/wilayah?q=xyzzy", headers={"Accept-Encoding": "br"})

    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]


@on_sqlite
def test_a_picture_is_not_squeezed_again(app, client, db):
    answer = client.get(
        app.extensions["assets"].url("photos/hero.jpg"), headers={"Accept-Encoding": "br, gzip"}
    )

    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"].endswith("immutable")


LEAN = {
    "a { color: red; }\n\n/* why */\nb , i { margin: 0 auto }": "a{color:red}b,i{margin:0 auto}",
    '.x::before { content: "a ; /* b */ {"; }': '.x::before{content:"a ; /* b */ {"}',
    ".a { width: calc(1px + 2 * (3px - 1px)); }": ".a{width:calc(1px + 2 * (3px - 1px))}",
    "@media (min-width: 62rem) and (hover) { a :hover { top: 0 } }": (
        "@media (min-width:62rem) and (hover){a :hover{top:0}}"
    ),
    ".b { background: url(data:image/svg+xml,%3Csvg a='b  c'/%3E) 0 0; }": (
        ".b{background:url(data:image/svg+xml,%3Csvg a='b  c'/%3E) 0 0}"
    ),
}


@pytest.mark.parametrize("written", LEAN)
def test_a_stylesheet_loses_remarks_and_blanks_but_no_rule(written):
    assert lean_css(written) == LEAN[written]


def test_a_module_loses_remarks_that_stand_alone_and_nothing_else():
    written = (
        '/* What it\n   does. */\n\nconst a = "/* b */";\n  run(a); /* why */\n\n  /* Then. */\n  stop();\n'
    )

    assert lean_js(written) == 'const a = "/* b */";\nrun(a); /* why */\nstop();\n'


@on_sqlite
def test_shared_pages_name_what_may_be_fetched_ahead(app, client, db):
    factories.product()
    address = json.loads(client.get("/produk").headers["Speculation-Rules"])

    answer = client.get(address)
    rules = json.loads(answer.data)

    assert answer.mimetype == "application/speculationrules+json"
    assert urlsplit(address).path.startswith(f"/static/{app.extensions['assets'].build}/")
    (rule,) = rules["prefetch"]
    assert rule["eagerness"] == "moderate"
    may = rule["where"]["and"][0]["href_matches"]
    for private in ("/keranjang", "/checkout", "/masuk", "/keluar", "/akun", "/pesanan", "/simpan"):
        assert not any(pattern.removeprefix("/en").startswith(private) for pattern in may)
    assert "Speculation-Rules" not in client.get("/keranjang").headers
    assert "/produk/*" in may
