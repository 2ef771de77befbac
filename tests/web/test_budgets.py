"""Bytes over the wire: what a first view costs, counted on the answers, so no clock is needed."""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from storefront.core import clock
from tests import factories
from tests.support import fairs
from tests.support.html import Page

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

KB = 1024
HOME, LIST_AND_PRODUCT, LIST_HTML, SCRIPT = 100 * KB, 70 * KB, 12 * KB, 12 * KB
READER = 440 * KB
"""The library that reads codes where the browser cannot; no page waits for it."""
FIRST_GO = 10 * 1460 - 600
"""What a server may send before it hears back, less the headers: ten packets (RFC 6928)."""
WAYS = {"br": "br", "gzip": "gzip, deflate"}
NAMES = (
    "Tas anyaman pandan dengan tali kulit, ukuran sedang", "Keset sabut kelapa tebal untuk pintu depan",
    "Batik tulis motif leuit dengan pewarna indigo alam", "Meja lipat kayu jati untuk anak sekolah",
    "Sepatu pantofel kulit sapi jahit tangan", "Kopi robusta Gunung Karang sangrai sedang 250 gram",
)  # fmt: skip
IMPORTED = re.compile(r'(?:from|import)\s*\(?\s*"(\./[^"]+)"')
NAMED = re.compile(r'"(\./[^"]+\.js)"')
"""A module that another one may fetch: at once, or when its element is there."""


@pytest.fixture
def shelf(db) -> str:
    """A shelf of thirty things from three places and a fair today; the path of one thing."""
    places = [factories.facility(f"LP{n}", name=f"Lapas Kelas IIA Kota Tangerang {n}") for n in range(3)]
    shelves = [factories.category(name) for name in ("Tas dan dompet", "Batik dan tenun", "Mebel")]
    made = [
        factories.product(
            places[n % 3], title=f"{NAMES[n % 6]} {n}", shelf=shelves[n % 3], slug=f"{n}-tas-anyaman-pandan",
            price=50_000 + 1_000 * n, summary="Dianyam rapat dari pandan pilihan, dilapis kain di dalam.",
            description="Dikerjakan di bengkel, diperiksa satu per satu. " * 20, materials="Pandan, kulit",
        )
        for n in range(30)
    ]  # fmt: skip
    for colour in ("marun", "biru", "hijau", "hitam"):
        factories.variant(made[0], colour)
    fairs.fair(products=made[:4], starts_on=clock.today(), ends_on=clock.today())
    return f"/produk/{made[0].slug}"


def fetched(client, address: str, way: str) -> tuple[bytes, str]:
    """What travels for an address, and what it is once unpacked."""
    client.lint = False
    packed = client.get(address, headers={"Accept-Encoding": WAYS[way]})
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert packed.status_code == plain.status_code == 200, address
    return packed.data, plain.data.decode("utf-8", "replace")


def first_view(client, path: str, way: str) -> dict[str, int]:
    """Every file that the first view of a page may fetch, but photos, with its bytes on the way."""
    data, html = fetched(client, path, way)
    sizes, page = {path: len(data)}, Page.parse(html)
    wanted = [part.attrs["src"] for part in page.all("script") if "src" in part.attrs]
    kept = ("stylesheet", "preload", "modulepreload", "icon", "manifest")
    wanted += [part.attrs["href"] for part in page.all("link") if part.attrs.get("rel", "") in kept]
    wanted += [part.attrs["href"] for part in page.all("use")]
    while wanted:
        address = urlsplit(wanted.pop()).path
        if address in sizes or "/photos/" in address:
            continue
        data, text = fetched(client, address, way)
        sizes[address] = len(data)
        if address.endswith(".js"):
            wanted += [urljoin(address, name) for name in IMPORTED.findall(text)]
    return sizes


def told(sizes: dict[str, int]) -> str:
    return "\n".join(f"{size:7} {path}" for path, size in sorted(sizes.items(), key=lambda item: -item[1]))


@pytest.mark.parametrize("way", WAYS)
def test_the_first_view_of_the_shop_is_light(client, shelf, way):
    home = first_view(client, "/", way)
    assert any(path.endswith(".woff2") for path in home), "the font counts here"
    assert sum(home.values()) <= HOME, told(home)
    for path in ("/produk", shelf, "/en/produk"):
        warm = {name: size for name, size in first_view(client, path, way).items() if ".woff2" not in name}
        assert sum(warm.values()) <= LIST_AND_PRODUCT, told(warm)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", ["/produk", "/en/produk"])
def test_a_list_of_24_is_light(client, shelf, path, way):
    data, html = fetched(client, path, way)
    cards = [part for part in Page.parse(html).all("article") if "card" in part.attrs.get("class", "")]
    assert len(cards) == 24
    assert len(data) <= LIST_HTML, len(data)


@pytest.mark.parametrize("way", WAYS)
def test_all_script_of_the_public_shop_is_light(app, client, db, way):
    assets = app.extensions["assets"]
    sizes, wanted = {}, ["js/shop.js"]
    while wanted:
        data, text = fetched(client, assets.url(name := wanted.pop()), way)
        sizes[name] = len(data)
        wanted += {urljoin(name, other) for other in NAMED.findall(text)} - {*sizes, *wanted}
    office = {name for name in assets.files if name.endswith(".js")} - {*sizes}
    own = (
        "choose-all", "code-worker", "keep-draft", "live-preview", "office", "photo-order", "photo-sender",
        "price-help", "read-code", "scan-code", "spot-mark",
    )  # fmt: skip
    assert office == {f"js/{name}.js" for name in own} | {"vendor/zxing-wasm/reader.js"}, (
        "nobody loads the rest"
    )
    assert sum(sizes.values()) <= SCRIPT, told(sizes)


@pytest.mark.parametrize("way", WAYS)
def test_whoever_scans_fetches_a_bounded_reader_once(app, client, db, way):
    """Asked for by a press of a button (tests/journeys/test_scanning.py), and kept for ever."""
    parts = [name for name in app.extensions["assets"].files if name.startswith("vendor/zxing-wasm/reader")]
    parts += ["vendor/zxing-wasm/zxing_reader.wasm", "js/read-code.js", "js/code-worker.js"]
    sizes = {name: len(fetched(client, app.extensions["assets"].url(name), way)[0]) for name in parts}
    assert len(sizes) == 4
    assert sum(sizes.values()) <= READER, told(sizes)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", ["/", "/produk", "/lapas", "/acara", "/dampak"])
def test_what_a_shared_page_waits_for_comes_in_one_go(client, shelf, path, way):
    data, html = fetched(client, path, way)
    links = Page.parse(html).all("link")
    sheets = [part.attrs["href"] for part in links if part.attrs.get("rel") == "stylesheet"]

    assert len(data) <= FIRST_GO, f"{path}: {len(data)}"
    assert len(sheets) == 1
    assert len(fetched(client, sheets[0], way)[0]) <= FIRST_GO


def test_static_files_are_named_by_their_content_and_kept_for_ever(app, client, db):
    client.lint = False
    assets = app.extensions["assets"]
    for name, asset in assets.files.items():
        address = assets.url(name)
        assert f"/{assets.build}/" in address
        answers = {way: client.get(address, headers={"Accept-Encoding": way}) for way in ("br", "gzip", "")}
        for way, answer in answers.items():
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", name
            assert "Set-Cookie" not in answer.headers
            assert answer.headers.get("Content-Encoding", "") in ("", way), name
        if name.endswith((".css", ".js", ".svg")) and len(asset.body) > 400:
            packed = {way: len(answers[way].data) for way in ("br", "gzip")}
            assert answers["br"].headers["Content-Encoding"] == "br", name
            assert packed["br"] <= packed["gzip"] < len(asset.body), name


def test_an_old_address_of_a_static_file_is_not_kept_for_ever(app, client, db):
    answer = client.get("/static/0123456789ab/css/shop.css")
    assert answer.status_code == 200  # a page of before the update still finds its stylesheet
    assert "immutable" not in answer.headers["Cache-Control"]
