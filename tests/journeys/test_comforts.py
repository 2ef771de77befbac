"""What the script adds to pages that work without it: suggestions, the drawer, quantities, large photos,
what was seen and what was kept. Each also the plain way, where there is one."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from storefront.catalog.models import Product
from storefront.core.storage import storage
from storefront.core.transactions import transaction
from tests import factories
from tests.buying import open_shop
from tests.support.browser import PATIENCE

ANSWER = PATIENCE


def draw(picture) -> None:
    """Put files behind a picture's row."""
    for width in picture.widths:
        for kind, mimetype in (("webp", "image/webp"), ("jpg", "image/jpeg")):
            file = BytesIO()
            Image.new("RGB", (width, width * 5 // 4), picture.tone).save(
                file, "JPEG" if kind == "jpg" else kind
            )
            storage().save(f"{picture.key}-{width}.{kind}", file.getvalue(), mimetype)


@pytest.fixture
def shop(db, live_server):
    """Two products with photos, one of them with two photos."""
    open_shop()
    bag = factories.product(factories.facility("LPA"), title="Tas Anyam Pandan", price=185_000, stock=5)
    mat = factories.product(factories.facility("LPB"), title="Keset Sabut", price=55_000, stock=5)
    with transaction():
        db.session.add(bag)
        more = factories.picture(alt="Jahitan dari dekat")
        bag.photos.append(type(bag.photos[0])(picture=more, position=2))
    for picture in (bag.photo, more, mat.photo):
        draw(picture)
    return {"bag": bag.slug, "mat": mat.slug, "bag_id": bag.id, "mat_id": mat.id}


def counted(page, number):
    expect(page.locator(".site-header cart-count")).to_have_text(
        str(number) if number else "", timeout=ANSWER
    )


def put_in(page, slug):
    page.goto(f"/produk/{slug}", wait_until="networkidle")
    page.get_by_role("button", name="Tambah ke keranjang").click()


def test_what_is_added_opens_the_drawer_and_focus_returns(page, shop):
    put_in(page, shop["bag"])
    drawer = page.get_by_role("dialog", name="Keranjang")

    expect(drawer).to_contain_text("Tas Anyam Pandan", timeout=ANSWER)
    expect(drawer).to_contain_text("Rp185.000")
    counted(page, 1)
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    expect(drawer.get_by_role("status")).to_contain_text("Tas Anyam Pandan")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="Tambah ke keranjang")).to_be_focused()
    assert page.url.endswith(f"/produk/{shop['bag']}")


def test_without_an_answer_the_form_is_sent_as_ever(page, shop):
    def refuse(route):
        route.abort() if route.request.resource_type == "fetch" else route.continue_()

    page.route("**/keranjang/tambah", refuse)

    put_in(page, shop["bag"])

    page.wait_for_url("**/keranjang", timeout=ANSWER)
    expect(page.get_by_role("heading", name="Keranjang", level=1)).to_be_visible()
    counted(page, 1)


def test_what_is_sold_out_meanwhile_is_said_on_the_cart_page(page, shop, db):
    page.goto(f"/produk/{shop['bag']}", wait_until="networkidle")
    with transaction():
        db.session.get(Product, shop["bag_id"]).status = "archived"

    page.get_by_role("button", name="Tambah ke keranjang").click()

    page.wait_for_url("**/keranjang", timeout=ANSWER)
    expect(page.locator(".flashes")).to_be_visible()


def test_a_quantity_changes_where_it_stands(page, shop):
    put_in(page, shop["bag"])
    counted(page, 1)
    page.goto("/keranjang", wait_until="networkidle")
    loads = []
    page.on("load", lambda _: loads.append(1))

    page.get_by_role("button", name="Tambah", exact=True).first.click()

    expect(page.locator("#isi-keranjang")).to_contain_text("Rp370.000", timeout=ANSWER)
    counted(page, 2)
    expect(page.get_by_role("button", name="Tambah", exact=True).first).to_be_focused()
    page.get_by_role("button", name=re.compile("^Hapus Tas")).click()
    expect(page.locator("#isi-keranjang")).to_contain_text("kosong", timeout=ANSWER)
    counted(page, 0)
    assert loads == []


def test_a_half_typed_district_stays_and_no_tap_is_lost(page, shop):
    put_in(page, shop["bag"])
    counted(page, 1)
    page.goto("/keranjang", wait_until="networkidle")
    page.route("**/keranjang/ubah", lambda _route: None)  # the answer is under way
    page.locator("#tujuan").fill("cipon")
    more = page.get_by_role("button", name="Tambah", exact=True).first

    for _ in range(2):
        more.click()
        page.wait_for_timeout(500)  # longer than the script waits for another tap
    more.click()
    page.unroute("**/keranjang/ubah")  # lets it go

    expect(page.locator("#isi-keranjang")).to_contain_text("Rp740.000", timeout=ANSWER)
    assert page.locator("#tujuan").input_value() == "cipon"
    counted(page, 4)


def test_the_drawer_changes_and_removes_what_is_in_it(page, shop):
    put_in(page, shop["mat"])
    counted(page, 1)
    put_in(page, shop["bag"])
    drawer = page.get_by_role("dialog", name="Keranjang")
    line = drawer.get_by_role("listitem").filter(has_text="Tas Anyam Pandan")

    for _ in range(4):
        line.get_by_role("button", name="Tambah", exact=True).click()

    expect(drawer).to_contain_text("Rp980.000", timeout=ANSWER)  # 5 × 185.000 + 55.000
    expect(line.get_by_role("spinbutton")).to_be_focused()  # + has come to its end
    counted(page, 6)
    line.get_by_role("button", name="Hapus Tas Anyam Pandan").click()
    expect(drawer).not_to_contain_text("Tas Anyam Pandan", timeout=ANSWER)
    expect(drawer.get_by_role("link", name="Keset Sabut")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Tambah ke keranjang")).to_be_focused()


def test_a_photo_opens_large_and_is_fetched_only_then(office_page, shop):
    page = office_page
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/produk/{shop['bag']}", wait_until="networkidle")
    expect(page.locator("dialog.zoom")).to_be_hidden()
    assert page.locator("[data-large]").get_attribute("src") is None

    page.locator("[data-zoom]").first.click()
    large = page.locator("[data-large]")
    expect(large).to_have_attribute("src", re.compile(r"-800\.webp$"), timeout=ANSWER)
    assert large.get_attribute("alt") == "Contoh barang di atas kain"
    page.keyboard.press("ArrowRight")
    expect(large).to_have_attribute("alt", "Jahitan dari dekat")
    expect(page.locator("[data-count]")).to_have_text("2 / 2")

    large.click()
    expect(page.get_by_role("button", name="Perbesar", exact=True)).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("(s => s.scrollWidth > s.clientWidth)(document.querySelector('.zoom__stage'))")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.zoom")).to_be_hidden()
    expect(page.locator("[data-zoom]").first).to_be_focused()


def test_without_script_a_photo_is_a_link(plain_page, shop):
    plain_page.goto(f"/produk/{shop['bag']}")

    large = plain_page.locator("[data-zoom]").first.get_attribute("href")

    assert large.endswith("-800.webp")
    assert plain_page.request.get(large).headers["content-type"] == "image/webp"


def test_what_was_seen_is_remembered_on_this_device_only(page, windows, shop):
    page.goto(f"/produk/{shop['bag']}", wait_until="networkidle")
    page.goto(f"/produk/{shop['mat']}", wait_until="networkidle")
    seen = page.locator("recent-items")

    expect(seen).to_contain_text("Tas Anyam Pandan", timeout=ANSWER)
    expect(seen).not_to_contain_text("Keset Sabut")
    expect(seen).to_contain_text("Rp185.000")
    assert page.evaluate("localStorage.getItem('terlihat')") == f"[{shop['mat_id']},{shop['bag_id']}]"
    stranger = windows.open()
    stranger.goto(f"/produk/{shop['mat']}", wait_until="networkidle")
    expect(stranger.locator("recent-items")).to_be_hidden()
    seen.get_by_role("button", name="Hapus daftar ini").click()
    expect(seen).to_be_hidden()
    assert page.evaluate("localStorage.getItem('terlihat')") == "[]"


def test_a_heart_keeps_a_product_without_a_new_page(page, shop):
    page.goto("/produk", wait_until="networkidle")
    heart = page.get_by_role("button", name="Simpan Tas Anyam Pandan")

    heart.click()

    kept = page.get_by_role("button", name="Hapus Tas Anyam Pandan dari simpanan")
    expect(kept).to_have_attribute("aria-pressed", "true", timeout=ANSWER)
    assert page.url.endswith("/produk")
    page.goto(f"/produk/{shop['bag']}", wait_until="networkidle")
    expect(kept.first).to_have_attribute("aria-pressed", "true")
    page.goto("/simpan")
    expect(page.locator("main")).to_contain_text("Tas Anyam Pandan")
    expect(page.locator("main")).not_to_contain_text("Keset Sabut")


def test_a_heart_works_without_script(plain_page, shop):
    plain_page.goto("/produk")

    plain_page.get_by_role("button", name="Simpan Tas Anyam Pandan").click()
    plain_page.goto("/simpan")

    expect(plain_page.locator("main")).to_contain_text("Tas Anyam Pandan")


def test_the_search_suggests_products_with_photos(page, shop):
    page.goto("/", wait_until="networkidle")
    field = page.get_by_role("combobox", name="Cari produk")
    page.locator("#cari").click()
    field.press_sequentially("any", delay=40)
    options = page.get_by_role("option")

    expect(options.first).to_contain_text("Tas Anyam Pandan", timeout=ANSWER)
    expect(options.first).to_contain_text("Rp185.000")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "cari-saran-0")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert field.input_value() == "any"
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url(f"**/produk/{shop['bag']}", timeout=ANSWER)


def test_enter_searches_as_ever(page, shop):
    page.goto("/", wait_until="networkidle")
    page.locator("#cari").fill("sabut")
    page.locator("#cari").press("Enter")

    page.wait_for_url("**/produk?q=sabut", timeout=ANSWER)
    expect(page.locator("main")).to_contain_text("Keset Sabut")


def test_the_phone_menu_closes_with_escape(page, shop):
    page.goto("/")
    menu = page.locator("details.site-menu")
    menu.locator("summary").click()
    expect(menu.get_by_role("link", name="Acara")).to_be_visible()

    page.keyboard.press("Escape")

    expect(menu.get_by_role("link", name="Acara")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
