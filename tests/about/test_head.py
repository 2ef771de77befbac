"""What search engines and chat apps read in the head of a page."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from storefront.catalog.queries.machines import product_facts
from storefront.catalog.queries.product import product_page
from storefront.core import clock
from storefront.core.outbox import drain
from storefront.events import services
from storefront.feedback.queries.published import ReviewRow, ReviewsRow
from tests import factories
from tests.support import fairs, schema_org
from tests.support.html import Page

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def shop(db):
    """A shop with one of everything that the public sees."""
    product = factories.product(
        factories.facility("LPSRG"),
        shelf=factories.category("Tas"),
        title="Tas </script><b>",
        slug="tas-rajut",
    )
    fairs.fair(products=[product], story="Stan B12.")
    return product


SHARED = {
    "/": {"Organization", "WebSite"},
    "/produk": {"CollectionPage", "BreadcrumbList"},
    "/kategori/tas": {"CollectionPage", "BreadcrumbList"},
    "/produk/tas-rajut": {"Product", "BreadcrumbList"},
    "/lapas": {"CollectionPage"},
    "/lapas/lapas-lpsrg": {"CollectionPage", "BreadcrumbList"},
    "/acara": {"CollectionPage", "BreadcrumbList"},
    "/acara/banten-expo-2026": {"Event", "BreadcrumbList"},
    "/dampak": {"BreadcrumbList"},
    "/cara-belanja": {"BreadcrumbList"},
    "/tentang": {"BreadcrumbList"},
    "/privasi": {"BreadcrumbList"},
    "/syarat": {"BreadcrumbList"},
}


def metas(page: Page) -> dict[str, str]:
    return {
        meta.attrs.get("property") or meta.attrs["name"]: meta.attrs["content"]
        for meta in page.all("meta")
        if "content" in meta.attrs
    }


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", SHARED)
def test_a_shared_page_says_who_it_is(client, shop, path, prefix):
    page = Page.parse(client.get(prefix + path).text)
    base = client.application.config["PUBLIC_BASE_URL"]
    said = metas(page)

    assert page.one("link", rel="canonical").attrs["href"] == f"{base}{prefix}{path}"
    languages = {link.attrs["hreflang"]: link.attrs["href"] for link in page.all("link", rel="alternate")}
    assert languages == {"id": base + path, "en": f"{base}/en{path}", "x-default": base + path}
    assert "robots" not in said
    assert 10 < len(said["description"]) < 320
    for name in ("title", "description", "url", "image", "type", "site_name"):
        assert said[f"og:{name}"], name
    assert said["og:url"] == f"{base}{prefix}{path}"
    assert urlsplit(said["og:image"]).netloc
    assert said["twitter:card"] == "summary_large_image"
    assert {facts["@type"] for facts in schema_org.facts_of(page)} == SHARED[path]
    assert schema_org.faults(page) == []


@pytest.mark.parametrize("path", ["/masuk", "/lacak", "/simpan"])
def test_personal_pages_are_not_to_be_found(client, shop, path):
    page = client.page(path)

    assert metas(page)["robots"] == "noindex, nofollow"
    assert not page.all("link", rel="canonical")
    assert not page.all("script", type="application/ld+json")


@pytest.mark.parametrize("path", ["/keranjang", "/pengaduan"])
def test_an_empty_cart_and_the_complaint_channel_may_be_found(client, shop, path):
    page = client.page(path)

    assert "robots" not in metas(page)
    assert page.all("link", rel="canonical")


@pytest.mark.parametrize("path", ["/produk/tidak-ada", "/tidak-ada", "/lapas/tidak-ada"])
def test_refusals_are_not_to_be_found(client, shop, path):
    page = client.page(path, 404)

    assert metas(page)["robots"].startswith("noindex")
    assert not page.all("link", rel="canonical")


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/produk?urut=termurah", "/produk"),
        ("/produk?hal=1&utm_source=x", "/produk"),
        ("/produk?kategori=tas", "/kategori/tas"),
        ("/produk?kategori=tas&urut=termurah", "/kategori/tas"),
        ("/produk?lapas=lapas-lpsrg", "/produk?lapas=lapas-lpsrg"),
        ("/kategori/tas?urut=termahal", "/kategori/tas"),
        ("/produk?q=tas", None),
        ("/produk?harga_min=1000", None),
        ("/produk?siap_kirim=1", None),
        ("/produk?kategori=tas&lapas=lapas-lpsrg", None),
        ("/produk?kategori=tas&harga_max=99000", None),
        ("/kategori/tas?lapas=lapas-lpsrg", None),
        ("/produk?kategori=tidak-ada", "/produk"),
    ],
)
def test_a_list_has_one_address(client, shop, asked, canonical):
    page = Page.parse(client.get(asked).text)
    base = client.application.config["PUBLIC_BASE_URL"]
    links = [link.attrs["href"] for link in page.all("link", rel="canonical")]

    if canonical is None:
        assert (links, metas(page)["robots"]) == ([], "noindex, follow")
    else:
        assert links == [base + canonical]


def test_further_pages_are_pages_of_their_own(client, db):
    maker, shelf = factories.facility(), factories.category("Tas")
    for _ in range(30):
        factories.product(maker, shelf=shelf)
    page = client.page("/produk?hal=2&urut=termurah")

    assert page.one("link", rel="canonical").attrs["href"].endswith("/produk?hal=2")


# --- products and fairs -------------------------------------------------------------------------------


def offers(client, product) -> dict:
    page = client.page(f"/produk/{product.slug}")
    assert schema_org.faults(page) == []
    return schema_org.of_type(page, "Product")["offers"]


def test_one_form_is_one_offer(client, shop):
    offer = offers(client, shop)

    assert (offer["@type"], offer["price"], offer["priceCurrency"]) == ("Offer", 50_000, "IDR")
    assert offer["availability"].endswith("/InStock")
    assert offer["sku"] == shop.variants[0].sku
    assert offer["hasMerchantReturnPolicy"]["merchantReturnDays"] == 2


def test_several_forms_are_one_range_of_offers(client, db):
    product = factories.product(slug="baju")
    factories.variant(product, "marun", price=40_000, stock=0)
    factories.variant(product, "navy", price=60_000, stock=3)
    offer = offers(client, product)

    assert (offer["lowPrice"], offer["highPrice"], offer["offerCount"]) == (40_000, 60_000, 2)
    assert offer["availability"].endswith("/InStock")
    assert [each["availability"].rpartition("/")[2] for each in offer["offers"]] == ["OutOfStock", "InStock"]


def test_made_to_order_and_sold_out(client, db):
    ordered = offers(client, factories.product(supply="made_to_order"))
    assert ordered["availability"].endswith("/PreOrder")
    assert ordered["availabilityStarts"]
    assert offers(client, factories.product(stock=0))["availability"].endswith("/OutOfStock")


def test_nobody_rated_means_no_rating(client, shop):
    facts = schema_org.of_type(client.page("/produk/tas-rajut"), "Product")

    assert "aggregateRating" not in facts
    assert "review" not in facts


def test_real_reviews_make_the_rating(app, shop):
    rows = [
        ReviewRow(5, "Rapi & kuat.", clock.now(), "Siti A.", [], "", ""),
        ReviewRow(4, "", clock.now(), "B.", [], "", ""),
    ]
    reviews = ReviewsRow(count=2, average=4.5, stars={5: 1, 4: 1}, rows=rows)
    with app.test_request_context("/produk/tas-rajut"):
        facts = product_facts(replace(product_page("tas-rajut"), reviews=reviews))

    assert facts["aggregateRating"]["ratingValue"] == 4.5
    assert facts["aggregateRating"]["reviewCount"] == 2
    assert [(each["author"]["name"], each["reviewBody"]) for each in facts["review"]] == [
        ("Siti A.", "Rapi & kuat.")
    ]
    assert list(schema_org.wrong(facts)) == []


def test_a_title_cannot_end_the_script(client, shop):
    text = client.get("/produk/tas-rajut").text

    assert "</script><b>" not in text
    assert schema_org.of_type(Page.parse(text), "Product")["name"] == "Tas </script><b>"


def test_a_fair_says_when_and_where(client, shop):
    facts = schema_org.of_type(client.page("/acara/banten-expo-2026"), "Event")

    assert (facts["startDate"], facts["endDate"]) == ("2026-10-04", "2026-10-07")
    assert facts["location"]["name"] == "Alun-Alun Barat"
    assert facts["organizer"]["name"] == "Disperindag Provinsi Banten"


def test_shared_messages_carry_the_readers_language(client, shop):
    base = client.application.config["PUBLIC_BASE_URL"].replace(":", "%3A")
    for prefix in ("", "/en"):
        for path in ("/produk/tas-rajut", "/acara/banten-expo-2026"):
            page = Page.parse(client.get(prefix + path).text)
            (share,) = {a.attrs["href"] for a in page.all("a") if "wa.me/?text" in a.attrs.get("href", "")}
            assert share.endswith(f"{base}{prefix}{path}")


# --- the picture beside a link ------------------------------------------------------------------------


def test_the_picture_is_the_card_once_it_is_drawn(client, db):
    services.update_fair(fairs.fair(), fairs.details(), facility_ids=[], photo=fairs.jpeg(), photo_alt="Stan")
    before = metas(client.page("/acara/banten-expo-2026"))["og:image"]
    drain()
    after = metas(client.page("/acara/banten-expo-2026"))

    assert "/foto/" in before
    assert "/kartu/" in after["og:image"]
    assert (after["og:image:width"], after["og:image:height"]) == ("1200", "630")
    client.lint = False
    picture = client.get(urlsplit(after["og:image"]).path)
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    picture.close()
