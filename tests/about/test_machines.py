"""Sitemap, robots, product feed and manifest: what programs read, as their formats want it."""

import json
from xml.etree import ElementTree as ET

import pytest

from storefront.about.queries import addresses
from storefront.catalog.services import withdraw_product
from tests import factories
from tests.support import fairs

only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
GOOGLE = "{http://base.google.com/ns/1.0}"


def tree(client, path: str) -> ET.Element:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    return ET.fromstring(answer.data)  # noqa: S314 (our own)


# --- sitemap and robots -------------------------------------------------------------------------------


def test_the_sitemap_lists_every_public_page_in_both_languages(client, db):
    maker, shelf = factories.facility("LPSRG"), factories.category("Tas")
    product = factories.product(maker, shelf=shelf, slug="tas-rajut")
    factories.category("Kosong")
    factories.product(maker, shelf=shelf, status="draft", slug="rancangan")
    fairs.fair(products=[product])
    fairs.fair(name="Rahasia", published=False)
    base = client.application.config["PUBLIC_BASE_URL"]
    urls = tree(client, "/sitemap.xml").findall("s:url", SITEMAP)
    listed = [url.findtext("s:loc", namespaces=SITEMAP).removeprefix(base) for url in urls]

    for path in (
        "/",
        "/produk/tas-rajut",
        "/kategori/tas",
        "/lapas/lapas-lpsrg",
        "/acara/banten-expo-2026",
        "/dampak",
    ):
        assert {path, f"/en{path}"} <= set(listed)
    assert len(listed) == len(set(listed))
    assert not [path for path in listed if "rancangan" in path or "rahasia" in path or "kosong" in path]
    entry = urls[listed.index("/produk/tas-rajut")]
    languages = {link.attrib["hreflang"]: link.attrib["href"] for link in entry.findall("x:link", SITEMAP)}
    assert languages == {
        "id": f"{base}/produk/tas-rajut",
        "en": f"{base}/en/produk/tas-rajut",
        "x-default": f"{base}/produk/tas-rajut",
    }
    picture = entry.find(f"{IMAGE}image/{IMAGE}loc")
    assert picture is not None
    assert picture.text.endswith(".jpg")
    assert entry.findtext("s:lastmod", namespaces=SITEMAP).endswith("+07:00")


@only_sqlite
def test_every_address_of_the_sitemap_answers(client, db):
    factories.product(factories.facility("LPSRG"), shelf=factories.category("Tas"))
    fairs.fair()
    base = client.application.config["PUBLIC_BASE_URL"]
    for url in tree(client, "/sitemap.xml").findall("s:url/s:loc", SITEMAP):
        assert client.get(url.text.removeprefix(base)).status_code == 200, url.text


@only_sqlite
def test_a_large_shop_has_parts(client, db, monkeypatch):
    monkeypatch.setattr(addresses, "ONE_FILE", 4)
    monkeypatch.setattr(addresses, "PART", 2)
    maker = factories.facility()
    for _ in range(3):
        factories.product(maker)
    index = tree(client, "/sitemap.xml")
    base = client.application.config["PUBLIC_BASE_URL"]
    parts = [loc.text.removeprefix(base) for loc in index.findall("s:sitemap/s:loc", SITEMAP)]

    assert parts == ["/sitemap-halaman.xml", "/sitemap-produk-1.xml", "/sitemap-produk-2.xml"]
    counted = [len(tree(client, part).findall("s:url", SITEMAP)) for part in parts[1:]]
    assert counted == [4, 2]
    for wrong in (
        "/sitemap-produk-3.xml",
        "/sitemap-x.xml",
        "/sitemap-x-1.xml",
        "/sitemap-produk-01.xml",
        "/sitemap-produk-².xml",
        "/sitemap-produk-1-2.xml",
        "/sitemap-produk-0.xml",
        "/sitemap-produk-99999999.xml",
    ):
        assert client.get(wrong).status_code == 404


@only_sqlite
def test_robots_keeps_engines_out_of_what_belongs_to_somebody(client, db):
    text = client.get("/robots.txt").text

    for path in ("/keranjang/", "/pesanan/", "/akun", "/kanwil", "/en/keranjang/", "/en/petugas"):
        assert f"Disallow: {path}\n" in text
    assert f"Sitemap: {client.application.config['PUBLIC_BASE_URL']}/sitemap.xml" in text
    assert "Disallow: /produk" not in text


# --- the feed -----------------------------------------------------------------------------------------

REQUIRED = ("id", "title", "description", "link", "image_link", "availability", "price", "brand", "condition")
"""What Google's product data specification wants of goods without a GTIN, beside identifier_exists."""


def items(client) -> dict[str, dict[str, list[str]]]:
    root = tree(client, "/feed/produk.xml")
    assert root.attrib == {"version": "2.0"}
    found = {}
    for item in root.findall("channel/item"):
        values: dict[str, list[str]] = {}
        for each in item:
            assert each.tag.startswith(GOOGLE)
            values.setdefault(each.tag.removeprefix(GOOGLE), []).append(each.text or "")
        found[values["id"][0]] = values
    return found


def test_the_feed_has_what_shopping_services_require(client, db):
    base = client.application.config["PUBLIC_BASE_URL"]
    plain = factories.product(title="Tas & <Dompet>", slug="tas")
    ordered = factories.product(supply="made_to_order")
    gone = factories.product(stock=0)
    shirt = factories.product()
    red = factories.variant(shirt, "marun", price=60_000)
    factories.variant(shirt, "navy", price=70_000)
    feed = items(client)

    assert len(feed) == 5
    for values in feed.values():
        for name in REQUIRED:
            assert len(values[name]) == 1, name
            assert values[name][0].strip()
        assert len(values["id"][0]) <= 50
        assert len(values["title"][0]) <= 150
        assert values["price"][0].endswith(" IDR")
        assert values["link"][0].startswith(f"{base}/produk/")
        assert values["image_link"][0].startswith(f"{base}/media/foto/")
        assert values["identifier_exists"] == ["no"]
        assert values["availability"][0] in {"in_stock", "out_of_stock", "preorder"}
        assert ("availability_date" in values) == (values["availability"] == ["preorder"])
    assert feed[plain.variants[0].sku]["title"] == ["Tas & <Dompet>"]
    assert feed[plain.variants[0].sku]["price"] == ["50000 IDR"]
    assert feed[ordered.variants[0].sku]["availability"] == ["preorder"]
    assert feed[gone.variants[0].sku]["availability"] == ["out_of_stock"]
    assert feed[red.sku]["item_group_id"] == [f"P{shirt.id}"]
    assert feed[red.sku]["color"] == ["marun"]


def test_the_feed_says_what_the_page_says(client, db):
    """Shopping services refuse a product whose page shows another price or availability."""
    from tests.support import schema_org

    product = factories.product(price=75_000, supply="made_to_order")
    (item,) = items(client).values()
    offer = schema_org.of_type(client.page(f"/produk/{product.slug}"), "Product")["offers"]

    assert item["price"] == [f"{offer['price']} IDR"]
    assert offer["availability"].rpartition("/")[2].lower() == item["availability"][0]
    assert item["availability_date"][0].startswith(offer["availabilityStarts"])


@only_sqlite
def test_the_feed_leaves_out_what_cannot_be_sent_or_bought(client, db):
    maker = factories.facility()
    factories.product(maker, shipping_class="pickup_only")
    factories.product(maker, status="draft")
    old = factories.product(maker)
    withdraw_product(old.id, None, "Habis musim")

    assert items(client) == {}


@only_sqlite
def test_the_feed_drops_signs_that_xml_does_not_know(client, db):
    factories.product(description="Bunyi\x0b bel\x07 dan \ufffe")

    (item,) = items(client).values()
    assert item["description"] == ["Bunyi bel dan "]


@only_sqlite
def test_unusual_blanks_part_words_in_the_feed_too(client, db):
    factories.product(description="Berat 5\u00a0kg,\u2009padat\u2028dan\nkeras")

    (item,) = items(client).values()
    assert item["description"] == ["Berat 5 kg, padat dan\nkeras"]


@only_sqlite
def test_an_unchanged_feed_is_not_sent_again(client, db):
    factories.product()
    first = client.get("/feed/produk.xml")
    again = client.get("/feed/produk.xml", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    factories.product()
    after = client.get("/feed/produk.xml", headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200
    assert b"<item>" in after.data


@only_sqlite
def test_the_feed_reads_a_few_hundred_products_at_a_time(client, db, monkeypatch, query_count):
    monkeypatch.setattr("storefront.catalog.queries.machines.BATCH", 2)
    maker, shelf = factories.facility(), factories.category()
    for _ in range(5):
        factories.product(maker, shelf=shelf)
    assert len(items(client)) == 5


# --- the manifest -------------------------------------------------------------------------------------


@only_sqlite
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_manifest(client, db, prefix):
    page = client.page(f"{prefix}/lapas")
    answer = client.get(page.one("link", rel="manifest").attrs["href"])
    facts = json.loads(answer.data)

    assert answer.mimetype == "application/manifest+json"
    assert (facts["start_url"], facts["scope"], facts["lang"]) == (
        f"{prefix}/",
        f"{prefix}/",
        prefix[1:] or "id",
    )
    assert {icon["purpose"] for icon in facts["icons"]} == {"any", "maskable"}
    client.lint = False
    for address in [icon["src"] for icon in facts["icons"]] + [
        page.one("link", rel="apple-touch-icon").attrs["href"]
    ]:
        picture = client.get(address)
        assert (picture.status_code, picture.mimetype) == (200, "image/png")
        assert picture.data.startswith(b"\x89PNG")
