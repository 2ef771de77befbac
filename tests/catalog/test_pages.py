"""The public pages: the same for everybody, right at once after a change, usable without a script."""

import json

import pytest

from storefront.catalog import services
from storefront.catalog.models import CollectionKind
from storefront.catalog.services.collections import CollectionDetails, create_collection, show_collection
from tests import factories


@pytest.fixture
def bag(db):
    """A bag in a category, from a facility with a name."""
    maker = factories.facility("LPSRG", name="Lapas Kelas IIA Serang")
    return factories.product(maker, title="Tas Rajut", slug="tas-rajut", shelf=factories.category("Tas"))


PAGES = ["/", "/produk", "/kategori/tas", "/produk/tas-rajut", "/lapas", "/lapas/lapas-lpsrg"]


@pytest.mark.parametrize("path", [*PAGES, "/sitemap.xml", "/robots.txt"])
def test_two_visitors_get_the_same_bytes_and_no_cookie(app, bag, path):
    first, second = app.test_client(), app.test_client()
    factories.signed_in(second, "buyer")
    answers = [visitor.get(path) for visitor in (first, second)]
    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].data == answers[1].data
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"].startswith("public")
        assert b"csrf_token" not in answer.data


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_shop_has_pages_too(client, db, path):
    factories.facility("LPSRG")
    factories.category("Tas")
    assert client.get(path).status_code == (404 if path == "/produk/tas-rajut" else 200)


@pytest.mark.parametrize("path", ["/kategori/lain", "/produk/lain", "/lapas/lain"])
def test_what_is_not_there(client, db, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES[:4])
def test_a_price_change_is_seen_by_the_next_request(client, db, bag, path):
    assert "Rp50.000" in client.get(path).text
    services.update_variant(bag.id, bag.variants[0].id, None, price=61_000)
    text = client.get(path).text
    assert "Rp61.000" in text
    assert "Rp50.000" not in text


def test_a_second_visit_asks_only_for_the_version(client, bag, query_count):
    client.get("/produk")
    with query_count(at_most=1):
        client.get("/produk")


@pytest.mark.parametrize("path", ["/produk", "/produk?q=tas", "/produk/tas-rajut"])
def test_a_first_visit_takes_six_queries(client, bag, query_count, path):
    with query_count(at_most=6):
        client.get(path)


def test_the_form_puts_a_variant_into_the_cart_without_a_token(client, bag):
    form = client.page("/produk/tas-rajut").form("/keranjang/tambah")
    names = {control.attrs.get("name") for control in form.all("input")}
    assert names == {"variant", "jumlah"}
    assert form.one("input", name="variant").attrs["value"] == str(bag.variants[0].id)


def test_variants_are_radio_chips_and_sold_out_ones_readable(client, db, bag):
    gone = factories.variant(bag, "hitam", "39", stock=0)
    left = factories.variant(bag, "hitam", "40", stock=2)
    dear = factories.variant(bag, "navy", "39", price=70_000)
    form = client.page("/produk/tas-rajut").form("/keranjang/tambah")
    chips = {radio.attrs["value"]: radio for radio in form.all("input", type="radio", name="variant")}
    assert set(chips) == {str(v.id) for v in (gone, left, dear)}
    assert "disabled" in chips[str(gone.id)].attrs
    assert "checked" in chips[str(left.id)].attrs
    assert [legend.text for legend in form.all("legend")] == ["Warna", "Warna: hitam", "Warna: navy"]
    first = form.one("div", **{"data-first-option": ""})
    assert "hidden" in first.attrs  # only the script chooses in two steps
    assert [one.attrs["value"] for one in first.all("input", type="radio")] == ["hitam", "navy"]
    assert "Sisa 2" in form.text
    assert "Rp70.000" in form.text
    english = client.page("/en/produk/tas-rajut").form("/en/keranjang/tambah")
    spoken = [part.text for tag in ("legend", "span", "s") for part in english.all(tag, lang="id")]
    assert spoken == ["Warna", "Warna: hitam", "Warna: navy", "hitam", "navy", "40", "39", "39"]


def test_personalisation_is_asked_for(client, db, bag):
    services.update_product(bag.id, None, personalisation="Nama yang dibordir")
    form = client.page("/produk/tas-rajut").form("/keranjang/tambah")
    assert form.one("input", name="catatan").attrs["maxlength"] == "120"
    assert "Nama yang dibordir" in form.text


def test_sold_out_has_no_button_and_says_so(client, db):
    product = factories.product(stock=0)
    page = client.page(f"/produk/{product.slug}")
    assert not page.form("/keranjang/tambah").all("button")
    assert "Sedang habis" in page.text


def test_made_to_order_says_when(client, db):
    product = factories.product(supply="made_to_order")
    assert "Siap paling lambat" in client.page(f"/produk/{product.slug}").text


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("parcel", "Ongkos kirim tampil sebelum Anda membayar"),
        ("cargo", "dengan kargo"),
        ("pickup_only", "Hanya diambil di tempat"),
        ("local_fresh", "hanya diantar di sekitar Kota Serang"),
    ],
)
def test_how_it_gets_to_the_buyer(client, db, way, words):
    product = factories.product(shipping_class=way)
    assert words in client.page(f"/produk/{product.slug}").text


def test_search_engines_read_the_same(client, bag):
    page = client.page("/produk/tas-rajut")
    told = [json.loads(script.text) for script in page.all("script", type="application/ld+json")]
    facts = next(one for one in told if one["@type"] == "Product")
    assert (facts["name"], facts["offers"]["price"], facts["brand"]["name"]) == (
        "Tas Rajut",
        50_000,
        "Lapas Kelas IIA Serang",
    )
    assert facts["offers"]["availability"].endswith("InStock")


def test_words_of_a_facility_cannot_break_out(client, db):
    nasty = "</script><script>alert(1)</script>"
    product = factories.product(title=nasty[:90], summary=nasty, description=nasty, materials='"><img src=x>')
    text = client.get(f"/produk/{product.slug}").text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_filters_work_as_a_form(client, db, bag):
    other = factories.product(shelf=factories.category("Batik"))
    page = client.page("/produk?kategori=batik&harga_min=10.000")
    cards = [link.attrs["href"] for link in page.all("a", class_="card__link")]
    assert cards == [f"/produk/{other.slug}"]
    boxes = {box.attrs["value"]: "checked" in box.attrs for box in page.all("input", name="kategori")}
    assert boxes == {"tas": False, "batik": True}
    assert page.one("meta", name="robots").attrs["content"] == "noindex, follow"
    chips = {chip.text: chip.attrs["href"] for chip in page.all("a", class_="chip")}
    assert chips == {
        "Hapus saringan Batik": "/produk?harga_min=10.000",
        "Hapus saringan mulai Rp10.000": "/produk?kategori=batik",
    }


def test_a_bad_price_is_422_beside_its_field(client, bag):
    page = client.page("/produk?harga_min=murah", status=422)
    field = page.one("input", name="harga_min")
    assert (field.attrs["value"], field.attrs["aria-invalid"]) == ("murah", "true")
    assert "Tulis jumlah dalam rupiah bulat" in page.text


def test_a_correction_is_told(client, bag):
    page = client.page("/produk?q=rjaut")
    assert page.one("p", class_="listing__corrected").one("strong").text == "rajut"
    assert page.all("a", class_="card__link")


def test_nothing_found_leads_on(client, bag):
    page = client.page("/produk?q=xyzzyq")
    assert "Belum ada yang cocok" in page.text
    assert [link.attrs["href"] for link in page.all("a", class_="card__link")] == ["/produk/tas-rajut"]


def test_an_empty_shop_does_not_ask_for_other_words(client, db):
    factories.category("Tas")
    for path in ("/produk", "/produk?q=batik", "/kategori/tas"):
        page = client.page(path)
        assert "Belum ada produk yang tayang" in page.text
        assert "Belum ada yang cocok" not in page.text


def test_an_empty_category_says_that_it_is_empty(client, bag):
    factories.category("Mebel")
    page = client.page("/kategori/mebel")
    assert "Rak ini masih kosong" in page.text
    assert [link.attrs["href"] for link in page.all("a", class_="card__link")] == ["/produk/tas-rajut"]
    assert "Belum ada yang cocok" in client.page("/kategori/mebel?q=tas").text


def test_more_is_a_real_link_that_keeps_the_filters(client, db):
    maker, shelf = factories.facility(), factories.category("Tas")
    for _ in range(25):
        factories.product(maker, shelf=shelf)
    page = client.page("/produk?kategori=tas&urut=termurah")
    (more,) = [link for link in page.all("a", rel="next") if "Tampilkan" in link.text]
    assert more.attrs["href"] == "/produk?kategori=tas&urut=termurah&hal=2"
    assert len(client.page(more.attrs["href"]).all("a", class_="card__link")) == 1


@pytest.mark.parametrize("path", ["/en/produk?urut=termurah", "/en/koleksi/murah"])
def test_more_stays_in_its_language(client, db, path):
    maker, shelf = factories.facility(), factories.category("Tas")
    for _ in range(25):
        factories.product(maker, shelf=shelf)
    rule = CollectionDetails(title="Murah", kind=CollectionKind.RULE, rule={"category": "tas"})
    show_collection(create_collection(rule, by=None), is_published=True)
    page = client.page(path)
    links = [link.attrs["href"] for link in page.all("a", class_="pagination__page")]
    links += [link.attrs["href"] for link in page.all("a", rel="next")]
    assert len(links) == 3
    assert all(link.startswith(path) for link in links)


def test_what_the_office_puts_first_stands_on_the_first_page(client, bag):
    assert "Pilihan kami" not in client.page("/").text
    services.feature_product(bag.id, featured=True)
    page = client.page("/")
    assert "Pilihan kami" in page.text
    assert [link.text for link in page.all("a", class_="card__link") if link.text == "Tas Rajut"] == [
        "Tas Rajut"
    ]


def test_an_old_link_says_what_happened(client, db, bag):
    services.withdraw_product(bag.id, None)
    page = client.page("/produk/tas-rajut", status=404)
    assert "Tas Rajut" in page.one("h1").text


def test_no_person_stands_behind_a_product(client, db):
    maker = factories.facility(workshops=("Bengkel Rajut",))
    person = factories.user("facility_staff", facility=maker, name="Siti Rahasia")
    product = services.create_product(
        maker.id, person.id, "Peci Rajut", price=1000, weight=90, workshop_id=maker.workshops[0].id
    )
    assert person.name not in client.get(f"/lapas/{maker.slug}").text
    assert product.workshop.name in client.get(f"/lapas/{maker.slug}").text


def test_the_sitemap_and_robots(client, bag):
    sitemap = client.get("/sitemap.xml")
    assert sitemap.mimetype == "application/xml"
    base = client.application.config["PUBLIC_BASE_URL"]
    assert f"<loc>{base}/produk/tas-rajut</loc>" in sitemap.text
    robots = client.get("/robots.txt")
    assert (robots.mimetype, "Disallow: /petugas" in robots.text) == ("text/plain", True)
