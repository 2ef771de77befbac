"""The promoter's pages: write down a fair, choose what it shows, publish it, print its poster."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import func, select

from storefront.core import clock
from storefront.events.models import Fair, FairProduct
from tests.factories import facility, product, signed_in
from tests.support import fairs

LIST = "/pemprov/acara"
FILLED = {
    "name": "Banten Expo 2026",
    "venue": "Alun-Alun Barat, Kota Serang",
    "starts_on": "2026-10-04",
    "ends_on": "7/10/2026",
    "organiser": "Disperindag Provinsi Banten",
}


@pytest.fixture
def promoter(client, db):
    with clock.travel(datetime(2026, 10, 5, 5, tzinfo=UTC)):
        yield signed_in(client, "promoter")


def only_fair(db):
    return db.session.scalars(select(Fair)).one()


def picked(db, fair_id):
    rows = select(FairProduct.product_id).filter_by(fair_id=fair_id).order_by(FairProduct.position)
    return list(db.session.scalars(rows))


def test_a_fair_is_written_down_with_everything(client, db, promoter):
    home, by = facility(name="Lapas Cilegon").id, promoter.id
    answer = client.submit(
        f"{LIST}/baru",
        FILLED
        | {
            "facilities": [str(home)],
            "story": "Stan B12.\r\n\r\nAda demo membatik.",
            "target": "Rp 50.000.000",
            "picture": (BytesIO(fairs.jpeg()), "stan.jpg"),
            "picture_alt": "Stan tahun lalu",
        },
        content_type="multipart/form-data",
    )

    fair = only_fair(db)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{LIST}/{fair.id}/produk")
    assert (fair.starts_on, fair.ends_on) == (date(2026, 10, 4), date(2026, 10, 7))
    assert (fair.story, fair.target, fair.created_by_id) == (
        "Stan B12.\n\nAda demo membatik.",
        50_000_000,
        by,
    )
    assert [taker.id for taker in fair.facilities] == [home]
    assert fair.picture.alt == "Stan tahun lalu"
    assert "Acara tersimpan" in client.page(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Tulis nama acaranya."),
        ({"venue": " "}, "Tulis tempat acaranya."),
        ({"organiser": ""}, "Tulis siapa penyelenggaranya."),
        ({"starts_on": ""}, "Isi hari pertama."),
        ({"ends_on": ""}, "Isi hari terakhir."),
        ({"ends_on": "2026-10-03"}, "Hari terakhir tidak boleh sebelum hari pertama."),
        ({"ends_on": "2028-10-03"}, "Acara paling lama satu tahun."),
        ({"starts_on": "31/2/2026"}, "Tulis tanggal yang benar, misalnya 28/1/2026."),
        ({"starts_on": "２０２６-10-04"}, "Tulis tanggal yang benar, misalnya 28/1/2026."),
        ({"target": "banyak"}, "Tulis jumlah dalam rupiah bulat, misalnya 125.000."),
        ({"facilities": ["999"]}, "Pilihan ini tidak ada. Pilih dari daftar."),
        ({"facilities": ["satu"]}, "Pilihan ini tidak ada. Pilih dari daftar."),
        ({"story": "x" * 2001}, "Terlalu panjang: 2.001 huruf, paling banyak 2.000."),
    ],
)
def test_bad_input_is_shown_again_with_words_beside_it(client, db, promoter, wrong, words):
    answer = client.submit(f"{LIST}/baru", FILLED | wrong)

    assert answer.status_code == 422
    assert words in answer.text
    kept = {**FILLED, **{name: value for name, value in wrong.items() if name != "facilities"}}
    assert all(value.strip() in answer.text for value in kept.values())
    assert db.session.scalar(select(func.count(Fair.id))) == 0


def test_a_file_that_is_no_photo_is_refused_beside_its_field(client, db, promoter):
    answer = client.submit(
        f"{LIST}/baru",
        FILLED | {"picture": (BytesIO(b"%PDF-1.7"), "poster.pdf")},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 422
    assert 'id="picture-error"' in answer.text
    assert db.session.scalar(select(func.count(Fair.id))) == 0


def test_nobody_sets_code_address_or_publication_with_a_form(client, db, promoter):
    client.submit(f"{LIST}/baru", FILLED | {"code": "MILIKKU", "slug": "milikku", "is_published": "1"})

    fair = only_fair(db)
    assert (fair.code, fair.slug, fair.is_published) == ("BANTEN-EXPO-26", "banten-expo-2026", False)


def test_a_fair_is_changed(client, db, promoter):
    first, second = facility().id, facility().id
    fair_id = fairs.fair(story="Lama", target=1_000_000)
    path = f"{LIST}/{fair_id}"

    form = client.page(path).form("")
    assert form.one("input", name="starts_on").attrs["value"] == "2026-10-04"
    assert form.one("input", name="target").attrs["value"] == "1.000.000"

    answer = client.submit(
        path, {"venue": "Gedung Negara", "target": "", "facilities": [str(first), str(second)]}, action=""
    )
    fair = only_fair(db)
    assert answer.status_code == 303
    assert (fair.venue, fair.target, fair.story) == ("Gedung Negara", None, "Lama")
    assert {taker.id for taker in fair.facilities} == {first, second}


def test_publish_and_take_back(client, db, promoter):
    fair_id = fairs.fair(published=False)
    path = f"{LIST}/{fair_id}"

    client.submit(path, action=f"{path}/terbit")
    assert only_fair(db).is_published
    client.submit(path, action=f"{path}/tarik")
    assert not only_fair(db).is_published


def test_products_are_chosen_ordered_and_removed_without_script(client, db, promoter):
    home = facility(name="Lapas Cilegon")
    bag, shoe, cake = (product(home, title=title).id for title in ("Tas", "Sepatu", "Kue"))
    fair_id = fairs.fair()
    path = f"{LIST}/{fair_id}/produk"

    client.submit(path, {"produk": [str(bag), str(shoe), str(cake)]}, action=f"{path}/tambah")
    assert picked(db, fair_id) == [bag, shoe, cake]

    client.submit(
        path,
        {"produk": [str(bag), str(cake)], f"urutan-{bag}": "9", f"urutan-{cake}": " 1 "},
        action=f"{path}/susun",
    )
    assert picked(db, fair_id) == [cake, bag]


def test_the_search_among_products_keeps_what_is_chosen(client, db, promoter):
    home = facility(name="Lapas Cilegon")
    bag, shoe = product(home, title="Tas"), product(home, title="Sepatu").id
    fair_id = fairs.fair(products=[bag])
    bag_id = bag.id
    path = f"{LIST}/{fair_id}/produk"

    main = client.page(f"{path}?q=sepatu").one("main")
    assert [box.attrs["value"] for box in main.all("input", type="checkbox")] == [str(bag_id), str(shoe)]
    assert "Tidak ada produk" in client.page(f"{path}?q=meja").one("main").text

    client.submit(f"{path}?q=sepatu", {"produk": [str(shoe)]}, action=f"{path}/tambah")
    assert picked(db, fair_id) == [bag_id, shoe]


@pytest.mark.parametrize("nonsense", ["999", "-1", "x", "１", "9" * 30])
def test_products_that_nobody_sells_cannot_be_chosen(client, db, promoter, nonsense):
    product(facility())
    fair_id = fairs.fair()
    path = f"{LIST}/{fair_id}/produk"

    answer = client.submit(path, {"produk": [nonsense]}, action=f"{path}/tambah")

    assert answer.status_code in {303, 422}
    assert picked(db, fair_id) == []


def test_a_draft_is_not_on_sale_even_with_its_number(client, db, promoter):
    draft = product(facility(), status="draft").id
    product(facility())
    fair_id = fairs.fair()
    path = f"{LIST}/{fair_id}/produk"

    answer = client.submit(path, {"produk": [str(draft)]}, action=f"{path}/tambah")

    assert answer.status_code == 422
    assert "sudah tidak dijual" in answer.text


def test_the_poster_kit_works_before_the_fair_is_published(client, db, promoter):
    fair_id = fairs.fair(published=False)
    link = f"{client.application.config['PUBLIC_BASE_URL']}/a/BANTEN-EXPO-26"

    assert link in client.page(f"{LIST}/{fair_id}/poster").one("main").text
    assert "belum terbit" in client.page(f"{LIST}/{fair_id}/poster").one("main").text
    image = Image.open(BytesIO(client.get(f"{LIST}/{fair_id}/qr.png").data)).convert("RGB")
    assert zxingcpp.read_barcode(image).text == link
    assert client.get(f"{LIST}/{fair_id}/qr.svg").mimetype == "image/svg+xml"


def test_the_poster_is_one_page_to_print(client, db, promoter):
    fair_id = fairs.fair()
    page = client.page(f"{LIST}/{fair_id}/cetak")

    for words in ("Banten Expo 2026", "4–7 Oktober 2026", "/a/BANTEN-EXPO-26"):
        assert words in page.one("main").text


def test_the_list_leads_everywhere(client, db, promoter):
    fair_id = fairs.fair(published=False)
    main = client.page(LIST).one("main")

    hrefs = {link.attrs["href"] for link in main.all("a")}
    assert {f"{LIST}/{fair_id}{tail}" for tail in ("", "/produk", "/poster", "/hasil")} <= hrefs
    assert "Draf" in main.text


# --- access -------------------------------------------------------------------------------------------

PAGES = ["", "/baru", "/1", "/1/produk", "/1/poster", "/1/cetak", "/1/qr.svg"]
ACTIONS = ["/baru", "/1", "/1/produk/susun", "/1/produk/tambah", "/1/terbit", "/1/tarik"]


@pytest.mark.parametrize("role", ["buyer", "facility_staff", "facility_head", "regional"])
def test_only_promoters_come_in(client, db, role):
    fairs.fair(published=False)
    signed_in(client, role, facility=facility())
    client.lint = False

    assert {client.get(f"{LIST}{tail}").status_code for tail in PAGES} == {403}
    assert {client.post(f"{LIST}{tail}").status_code for tail in ACTIONS} <= {400, 403}
    assert not only_fair(db).is_published


def test_strangers_are_asked_to_sign_in(client, db):
    for tail in PAGES:
        answer = client.get(f"{LIST}{tail}")
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/masuk")


@pytest.mark.parametrize(
    "tail", ["/999", "/999/produk", "/999/poster", "/999/cetak", "/999/qr.png", "/999/hasil"]
)
def test_a_fair_that_is_not_there(client, promoter, tail):
    assert client.get(f"{LIST}{tail}").status_code == 404


@pytest.mark.parametrize("tail", ["", "/produk/susun", "/produk/tambah", "/terbit", "/tarik"])
def test_a_change_needs_the_token_of_our_page(client, db, promoter, tail):
    fair_id = fairs.fair(published=False)

    assert client.post(f"{LIST}/{fair_id}{tail}", data=FILLED).status_code in {400, 422}
    assert not only_fair(db).is_published
