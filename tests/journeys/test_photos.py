"""Photos from a telephone, in a browser: sent one by one, one of them twice, turned, marked and let in."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from storefront.catalog.models import PhotoGate, Product
from storefront.catalog.services.staging_photos import add_photo
from tests import factories
from tests.catalog.conftest import jpeg
from tests.support.browser import overflow


@pytest.fixture
def photos(tmp_path):
    """Three photos to choose."""
    paths = []
    for number, colour in enumerate(("#8c4a1f", "#224466", "#557733"), 1):
        Image.new("RGB", (1600, 1200), colour).save(path := tmp_path / f"foto-{number}.jpg")
        paths.append(str(path))
    return paths


@pytest.fixture
def come(app, windows):
    """Opens a window of this person."""

    def opened(person, **options):
        client, page = app.test_client(), windows.open(**options)
        factories.sign_in(client, person)
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": windows.base_url}])
        return page

    return opened


def test_photos_are_sent_one_by_one_and_the_failed_one_again(app, db, live_server, come, photos):
    facility = factories.facility("LPA")
    product_id = factories.product(facility, status="draft", photo=False, title="Tas Foto").id
    staff = factories.user("facility_staff", facility=facility)
    page = come(staff)
    tries = []

    def once(route):
        tries.append(route.request.url)
        route.abort() if len(tries) == 2 else route.continue_()

    page.route(f"**/petugas/produk/{product_id}/foto", once)
    page.goto(f"/petugas/produk/{product_id}")
    page.get_by_label("Tambah foto").set_input_files(photos)
    expect(page.get_by_text("lalu centang kotak di atas")).to_be_visible()
    assert tries == []
    page.get_by_label("Sudah saya periksa").check()
    again = page.get_by_role("button", name="Kirim lagi")
    expect(again).to_be_visible()
    expect(page.locator(".sent__item.is-done")).to_have_count(2)
    assert overflow(page) == 0
    with page.expect_navigation():
        again.click()
    expect(page.locator(".album__item")).to_have_count(3)
    assert len(tries) == 4
    assert db.session.query(PhotoGate).count() == 3


def open_first(page):
    """The page of the first photo."""
    page.locator(".album__item a").first.click()
    page.wait_for_url(re.compile(r"/foto/\d+$"))
    expect(page.locator("spot-mark.is-ready")).to_have_count(1)
    return page.locator(".spotted").bounding_box()


def back(page, button):
    """Press a button that leads back to the product."""
    page.get_by_role("button", name=button).click()
    page.wait_for_url(re.compile(r"/petugas/produk/\d+#foto$"))


def size_of_first(db, product_id):
    db.session.rollback()
    picture = db.session.get(Product, product_id).photos[0].picture
    return picture.width, picture.height


def test_photos_of_a_new_product_are_put_in_order_before_it_is_sent(app, db, live_server, come, photos):
    factories.category("Tas")
    facility = factories.facility("LPA")
    page = come(factories.user("facility_staff", facility=facility))
    page.goto("/petugas/produk/baru")
    page.get_by_label("Foto", exact=True).set_input_files(photos)
    page.get_by_label("Sudah saya periksa").check()
    expect(page.locator(".sent__item.is-done")).to_have_count(3)
    expect(page.get_by_role("button", name="Majukan foto-1.jpg", exact=True)).to_be_hidden()

    third = page.get_by_role("button", name="Majukan foto-3.jpg", exact=True)
    third.click()
    expect(page.locator("#kabar")).to_have_text("foto-3.jpg sekarang di urutan 2.")
    third.click()
    expect(third).to_be_hidden()
    expect(page.locator(".sent__name")).to_have_text(
        ["Pakai foto-3.jpg", "Pakai foto-1.jpg", "Pakai foto-2.jpg"]
    )
    page.get_by_role("button", name="Kirim untuk kurasi", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()  # without a name nothing is sent; the order stays
    page.get_by_role("button", name="Majukan foto 2", exact=True).click()
    page.get_by_label("Nama produk").fill("Tas Tiga Warna")
    page.get_by_role("button", name="Simpan draf", exact=True).click()
    expect(page.get_by_role("heading", name="Tas Tiga Warna", exact=True)).to_be_visible()

    product = db.session.scalars(select(Product)).one()
    reds = [int(photo.picture.tone[1:3], 16) for photo in product.photos]
    assert reds == sorted(reds, reverse=True), "brown, green, blue: the first, the third, the second"


def test_a_photo_is_turned_cropped_and_sent_back_with_a_mark(app, db, live_server, come):
    facility = factories.facility("LPA")
    product_id = factories.product(facility, status="draft", photo=False, title="Tas Foto").id
    staff = factories.user("facility_staff", facility=facility)
    head = factories.user("facility_head", facility=facility)
    add_photo(product_id, jpeg(size=(1600, 1200)), "", staff.id, checked=True)
    page = come(staff)
    page.goto(f"/petugas/produk/{product_id}")
    open_first(page)
    back(page, "Putar kanan")
    assert size_of_first(db, product_id) == (1200, 1600)
    box = open_first(page)
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 10, box["y"] + box["height"] / 2 + 10, steps=4)
    page.mouse.up()
    assert overflow(page) == 0
    back(page, "Potong ke kotak")
    assert abs(size_of_first(db, product_id)[0] - 600) < 12

    second = come(head)
    second.goto("/petugas/produk/foto-menunggu")
    second.locator(".line__title").first.click()
    second.wait_for_url(re.compile(r"foto-menunggu/\d+$"))
    expect(second.locator("spot-mark.is-ready")).to_have_count(1)
    stage = second.locator(".spotted").bounding_box()
    second.mouse.click(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    second.get_by_label("Alasan").fill("Tampak gembok")
    assert overflow(second) == 0
    second.get_by_role("button", name="Tolak foto").click()
    second.wait_for_url(re.compile("foto-menunggu$"))
    db.session.rollback()
    x, y, *size = db.session.scalars(select(PhotoGate)).one().mark
    assert (abs(x - 400) < 9, abs(y - 400) < 9, size) == (True, True, [200, 200])
