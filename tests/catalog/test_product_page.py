"""The page of a product: where it comes from, what can be counted on, and every state that it may be in."""

import pytest

from storefront.catalog.models import Product
from storefront.catalog.queries.product import product_page
from storefront.catalog.services import update_product
from tests import factories
from tests.support.staged import approved


@pytest.fixture
def maker(db):
    return factories.facility("LPA", name="Lapas Satu", workshops=("Bengkel Kayu", "Bengkel Jahit"))


def test_it_says_where_it_comes_from(client, db, maker):
    rooms = {room.name: room.id for room in maker.workshops}
    made = factories.product(maker, title="Rak Pinus")
    slug, product_id = made.slug, made.id
    before = client.get(f"/produk/{slug}").text
    update_product(
        product_id, None, technique="Sambungan lidah", work_hours=6, materials="Kayu pinus",
        workshop_id=rooms["Bengkel Kayu"],
    )  # fmt: skip
    page = client.get(f"/produk/{slug}").text
    for words in ("Bengkel Kayu", "Sambungan lidah", "sekitar 6 jam kerja tangan", "Kayu pinus"):
        assert words in page
        assert words not in before
    assert "about 6 hours by hand" in client.get(f"/en/produk/{slug}").text


def test_staff_write_technique_and_hours(client, db, maker):
    product_id, slug = (made := factories.product(maker)).id, made.slug
    factories.signed_in(client, "facility_staff", facility=maker)
    path = f"/petugas/produk/{product_id}"
    assert client.submit(path, {"technique": "Anyam", "work_hours": "0"}, action=path).status_code == 422
    assert client.submit(path, {"technique": "Anyam", "work_hours": "5"}, action=path).status_code == 303
    assert "sekitar 5 jam" not in client.get(f"/produk/{slug}").text  # it waits for the regional office
    approved(product_id)
    assert "sekitar 5 jam" in client.get(f"/produk/{slug}").text


def test_what_can_be_counted_on_stands_on_every_page(client, db):
    page = client.get(f"/produk/{factories.product().slug}").text
    for words in ("dua hari kerja", "PP 80/2019", 'href="/pengaduan"', "Ke mana uang Anda pergi", "wa.me"):
        assert words in page


def test_beside_it_stand_its_own_workshop_first_and_its_shelf_elsewhere(db, maker):
    rooms = [room.id for room in maker.workshops]
    shelf = factories.category("Rak")
    made = factories.product(maker, shelf=shelf, workshop_id=rooms[0])
    near = factories.product(maker, workshop_id=rooms[0])
    far = factories.product(maker, workshop_id=rooms[1])
    elsewhere = factories.product(shelf=shelf)
    factories.product()

    page = product_page(made.slug)
    assert [card.id for card in page.more] == [near.id, far.id]
    assert [card.id for card in page.alike] == [elsewhere.id]


def test_one_left_says_so_and_offers_no_more(client, db):
    page = client.page(f"/produk/{factories.product(stock=1).slug}")
    assert "Tinggal satu-satunya." in page.text
    assert [field.attrs["value"] for field in page.all("input") if field.attrs.get("name") == "jumlah"] == [
        "1"
    ]


def test_sold_out_has_no_button_and_strikes_its_forms_through(client, db):
    made = factories.product(stock=0)
    factories.variant(made, "marun", stock=0)
    factories.variant(made, "navy", stock=0)
    page = client.get(f"/produk/{made.slug}").text
    assert "Sedang habis" in page
    assert "Tambah ke keranjang" not in page
    assert "<s>marun</s>" in page


def test_a_long_name_many_forms_and_a_large_price_are_all_there(client, db):
    made = factories.product(title="M" * 90, price=12_500_000)
    for size in range(31, 45):
        factories.variant(made, str(size), price=12_500_000)
    page = client.get(f"/produk/{made.slug}").text
    assert page.count('name="variant"') == 14
    assert "Rp12.500.000" in page


def test_a_page_of_a_product_without_photo_has_a_quiet_box(client, db):
    made = factories.product()
    made = db.session.get_one(Product, made.id)
    for photo in list(made.photos):
        db.session.delete(photo)
    db.session.commit()
    assert "Belum ada foto" in client.get(f"/produk/{made.slug}").text


def test_the_words_of_the_workshop_are_marked_as_indonesian_on_an_english_page(client, db):
    page = client.page(f"/en/produk/{factories.product(title='Tas Anyam').slug}")
    [title] = page.all("h1")
    assert title.attrs.get("lang") == "id"
