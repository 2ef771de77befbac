"""Shelf to paid: a guest buys from two Lapas, with JavaScript and without, by card and by transfer."""

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from devtools.stripe_simulator import Settings, SimulatorServer
from storefront.orders.models import Order, OrderStatus
from tests import factories
from tests.buying import open_shop
from tests.support.browser import overflow, put_in_the_cart

SECRET = "whsec_journey"
pytestmark = pytest.mark.cards(SECRET)


@pytest.fixture
def vendor():
    with SimulatorServer(Settings(shop_name="Toko uji")) as server:
        yield server


@pytest.fixture
def shop(db, indonesia, live_server, vendor):
    """Two Lapas with one product each, at a real address, and a card vendor that tells it of payments."""
    open_shop()
    bag = factories.product(factories.facility("LPA"), title="Tas Anyam Pandan", price=185_000, stock=5)
    mat = factories.product(
        factories.facility("LPB"), title="Keset Sabut", price=55_000, weight=1600, stock=5
    )
    vendor.control.add_endpoint(f"{live_server}/webhooks/stripe", SECRET)
    return {"bag": bag.slug, "mat": mat.slug}


class Loads:
    """Counts the pages that a visitor has to wait for."""

    def __init__(self, page):
        self.count = 0
        page.on("load", lambda _page: self._one())

    def _one(self):
        self.count += 1


def fill_contact(page):
    page.get_by_label("Nama penerima").fill("Siti Contoh")
    page.get_by_label("Nomor WhatsApp").fill("0812 0000 1111")
    page.get_by_label("Alamat lengkap").fill("Jl. Contoh 1 RT 2/RW 3")


def the_order(db) -> Order:
    db.session.rollback()  # a new look, not the view of before
    return db.session.scalars(select(Order)).one()


def put_both_in_the_cart(page, shop):
    page.goto("/")
    for title in ("Tas Anyam Pandan", "Keset Sabut"):
        page.get_by_role("link", name=title).first.click()
        put_in_the_cart(page)
    expect(page.get_by_role("heading", name="Kiriman 2 dari")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_guest_buys_from_two_lapas_by_card_in_eight_loads(windows, shop, db, vendor, javascript):
    page = windows.open(javascript=javascript)
    loads = Loads(page)
    put_both_in_the_cart(page, shop)
    page.get_by_label("Dikirim ke kecamatan").fill("Cipondoh, Kota Tangerang")
    page.get_by_role("button", name="Lanjut ke checkout").click()
    fill_contact(page)
    page.get_by_role("radio", name="Kartu").check()
    button = page.get_by_role("button", name="Bayar Rp")
    promised = button.inner_text()
    button.click()
    page.wait_for_url(f"{vendor.base_url}/**")
    page.locator("#number").fill("4242 4242 4242 4242")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/pesanan/**")
    vendor.control.flush()

    order = the_order(db)
    assert order.status is OrderStatus.PAID
    assert len(order.parcels) == 2
    assert promised.replace(".", "").endswith(str(order.total))
    assert loads.count <= 8, f"{loads.count} page loads"
    page.reload()
    expect(page.get_by_role("heading", name="Lunas, terima kasih")).to_be_visible()
    if javascript:
        assert overflow(page) == 0


def test_typing_the_district_brings_the_price_without_a_new_page(page, shop, db):
    put_both_in_the_cart(page, shop)
    page.get_by_role("button", name="Lanjut ke checkout").click()
    fill_contact(page)
    page.get_by_label("Kecamatan tujuan").press_sequentially("cipondoh", delay=20)
    page.get_by_role("option", name="Cipondoh, Kota Tangerang").first.click()
    page.get_by_text("Dikirim:").first.wait_for()
    page.get_by_role("radio", name="Transfer bank").check()
    page.get_by_role("button", name="Bayar Rp").click()
    page.wait_for_url("**/pesanan/**")

    expect(page.get_by_role("heading", name="Transfer tepat sejumlah ini")).to_be_visible()
    assert the_order(db).shipping > 0
    assert overflow(page) == 0


def test_a_guest_pays_by_transfer_without_script_and_shows_a_proof(plain_page, shop, db, tmp_path):
    page = plain_page
    put_both_in_the_cart(page, shop)
    page.get_by_label("Dikirim ke kecamatan").fill("Cipondoh, Kota Tangerang")
    page.get_by_role("button", name="Lanjut ke checkout").click()
    fill_contact(page)
    page.get_by_role("radio", name="Transfer bank").check()
    page.get_by_role("button", name="Bayar Rp").click()
    page.wait_for_url("**/pesanan/**")

    picture = tmp_path / "bukti.png"
    Image.new("RGB", (300, 500), "#ffffff").save(picture)
    page.get_by_label("Foto atau tangkapan layar").set_input_files(str(picture))
    page.get_by_label("Nama pemilik rekening pengirim").fill("Siti Contoh")
    page.get_by_role("button", name="Kirim bukti pembayaran").click()
    expect(page.get_by_text("Bukti transfer diterima").first).to_be_visible()
    expect(page.get_by_role("heading", name="Bukti pembayaran sedang diperiksa")).to_be_visible()


def test_a_district_that_is_not_clear_is_asked_for_and_nothing_typed_is_lost(plain_page, shop):
    page = plain_page
    put_both_in_the_cart(page, shop)
    page.get_by_role("button", name="Lanjut ke checkout").click()
    fill_contact(page)
    page.get_by_label("Kecamatan tujuan").fill("serang")
    page.get_by_role("button", name="Bayar", exact=True).click()

    expect(page.get_by_role("alert")).to_be_visible()
    assert page.get_by_label("Nama penerima").input_value() == "Siti Contoh"
    page.get_by_role("radio", name="Serang, Kota Serang").check()
    page.get_by_role("radio", name="Transfer bank").check()
    page.get_by_role("button", name="Hitung ongkir").click()
    expect(page.get_by_text("Dikirim:").first).to_be_visible()


def test_an_order_is_found_by_number_and_telephone(page, shop, db):
    put_both_in_the_cart(page, shop)
    page.get_by_label("Dikirim ke kecamatan").fill("Cipondoh, Kota Tangerang")
    page.get_by_role("button", name="Lanjut ke checkout").click()
    fill_contact(page)
    page.get_by_role("radio", name="Transfer bank").check()
    page.get_by_role("button", name="Bayar Rp").click()
    page.wait_for_url("**/pesanan/**")
    number = the_order(db).number

    page.goto("/lacak")
    page.get_by_label("Nomor pesanan").fill(number.lower())
    page.get_by_label("Nomor WhatsApp").fill("+62 812-0000-1111")
    page.get_by_role("button", name="Lihat pesanan").click()
    page.wait_for_url("**/pesanan/**")
    expect(page.get_by_text(number).first).to_be_visible()
