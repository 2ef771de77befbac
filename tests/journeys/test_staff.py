"""The whole story in a browser: from a photo on a telephone to shipped goods and the right report."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from storefront.catalog.models import Product, ProductStatus
from storefront.core import clock
from storefront.core.money import rupiah
from storefront.events.models import Fair
from storefront.facilities.models import Facility
from storefront.orders.models import Order, OrderLine, OrderStatus
from tests import factories
from tests.buying import open_shop
from tests.support import fairs
from tests.support.browser import OFFICE, overflow, put_in_the_cart

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


@pytest.fixture
def camera_photo(tmp_path):
    """A photo of 12 megapixels from a telephone: lying on its side, with the place it was taken at."""
    light = Image.linear_gradient("L").resize((4000, 3000))
    grain = Image.effect_noise((400, 300), 40).resize((4000, 3000))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = 6, "Telepon Contoh"
    exif.get_ifd(GPS).update({1: "S", 2: (6.0, 7.0, 30.0), 3: "E", 4: (106.0, 9.0, 15.0)})
    path = tmp_path / "IMG_0001.jpg"
    Image.merge("RGB", (light, grain, light.rotate(180))).save(path, "JPEG", quality=92, exif=exif)
    with Image.open(path) as taken:
        assert taken.getexif().get_ifd(GPS)
    return path


@pytest.fixture
def shop(db, indonesia, live_server):
    """Two Lapas; the second sells mats already. A fair runs."""
    open_shop()
    shelf = factories.category("Tas")
    first, second = factories.facility("LPA", name="Lapas Satu"), factories.facility("LPB", name="Lapas Dua")
    mat = factories.product(second, title="Keset Sabut", price=55_000, weight=1600, stock=5, shelf=shelf)
    today = clock.today()
    fair = fairs.fair(products=[mat], starts_on=today, ends_on=today + timedelta(days=2))
    return {"first": first.id, "second": second.id, "mat": mat.slug, "fair": fair}


@pytest.fixture
def people(app, db, shop, windows):
    """Opens a window of a new person who is signed in: `people("facility_staff", "first", size=OFFICE)`."""

    def come(role, where=None, **options):
        client, page = app.test_client(), windows.open(**options)
        facility = db.session.get_one(Facility, shop[where]) if where else None
        factories.signed_in(client, role, facility=facility)
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": windows.base_url}])
        return page

    return come


class Loads:
    """Counts the pages that a person has to wait for."""

    def __init__(self, page):
        self.count = 0
        page.on("load", lambda _page: self._one())

    def _one(self):
        self.count += 1


def visible_fields(page):
    """How many things the form asks for: a group of radio buttons is one."""
    controls = page.locator("main form").first.locator("input:visible, select:visible, textarea:visible")
    names = controls.evaluate_all("all => all.filter(one => one.type !== 'hidden').map(one => one.name)")
    return set(names)


def put_on_sale(page, photo):
    """Fill in what is asked for and hand it in; returns how many things were filled in."""
    page.goto("/petugas")
    page.get_by_role("link", name="Produk baru").first.click()
    asked = visible_fields(page)
    page.get_by_label("Foto", exact=True).set_input_files(str(photo))
    page.get_by_label("Sudah saya periksa").check()
    page.get_by_label("Nama produk").fill("Tas Anyam Pandan")
    page.get_by_label("Kategori").select_option(label="Tas")
    page.get_by_label("Harga").fill("Rp 185.000")
    page.get_by_label("Berat dengan kemasan").fill("0,6 kg")
    page.get_by_label("Jumlah yang ada").fill("4")
    page.get_by_text("Lengkapi nanti").click()
    page.get_by_label("Ringkasan").fill("Tas pandan yang dianyam rapat, muat laptop")
    page.get_by_role("button", name="Kirim untuk kurasi").click()
    page.wait_for_url(re.compile(r"/petugas/produk/\d+$"))
    return asked - {"supply"}  # chosen already


def publish(page):
    page.goto("/kanwil/kurasi")
    page.get_by_role("link", name="Tas Anyam Pandan").click()
    page.get_by_role("button", name="Terbitkan").click()
    page.wait_for_url("**/kanwil/kurasi")


def buy_both(page, db, shop):
    """A guest comes by the fair's link and buys from both Lapas; one part is sent, one collected."""
    page.goto(f"/produk/{shop['mat']}?e={db.session.get_one(Fair, shop['fair']).code}")
    put_in_the_cart(page)
    page.goto("/produk")
    page.get_by_role("link", name="Tas Anyam Pandan").first.click()
    put_in_the_cart(page)
    page.get_by_label("Dikirim ke kecamatan").fill("Cipondoh")
    page.get_by_role("option", name="Cipondoh").first.click()
    page.get_by_role("button", name="Lanjut ke checkout").click()
    page.wait_for_url("**/checkout**")
    page.wait_for_load_state("networkidle")  # sums are a script's, and follow what is chosen from then on
    page.get_by_label("Nama penerima").fill("Siti Contoh")
    page.get_by_label("Nomor WhatsApp").fill("0812 0000 1111")
    page.get_by_label("Alamat lengkap").fill("Jl. Contoh 1 RT 2/RW 3")
    page.get_by_role("radio", name="Transfer bank").check()
    page.get_by_role("radio", name="Ambil di Lapas Dua").check()
    page.locator("#ringkasan").get_by_text("ambil sendiri", exact=True).wait_for()
    page.get_by_role("button", name="Bayar Rp").click()
    page.wait_for_url("**/pesanan/**")
    return the_order(db)


def the_order(db):
    db.session.rollback()  # a new look, not the view of before
    return db.session.scalars(select(Order)).one()


def find_money(page, order, amount):
    """The first officer finds the transfer on the statement."""
    page.goto("/kanwil/transfer")
    page.get_by_role("link", name=order.number).click()
    assert page.get_by_role("button", name="Konfirmasi").count() == 0
    page.get_by_label("Jumlah yang masuk").fill(str(amount))
    page.get_by_label("Nomor referensi mutasi").fill("MUTASI-1")
    page.get_by_role("button", name="Ada di mutasi rekening").click()
    page.wait_for_url("**/kanwil/transfer")
    page.get_by_role("link", name=order.number).click()
    assert page.get_by_role("button", name="Konfirmasi").count() == 0  # that is for somebody else
    expect(page.get_by_text("petugas lain perlu mengonfirmasi")).to_be_visible()


def confirm_money(page, order):
    page.goto("/kanwil/transfer")
    page.get_by_role("link", name=order.number).click()
    page.get_by_role("button", name="Konfirmasi").click()
    page.wait_for_url("**/kanwil/transfer")


def pack(page, own, other):
    """Take the own part from paid to packed; the other part is nowhere to be seen."""
    page.goto("/petugas")
    page.get_by_role("link", name="Pesanan perlu diterima").click()
    expect(page.get_by_text(own).first).to_be_visible()
    assert page.get_by_text(other).count() == 0
    page.get_by_role("link", name="WBP-").first.click()
    assert page.get_by_text(other).count() == 0
    page.get_by_role("button", name="Terima pesanan").click()
    page.get_by_role("button", name="Sudah dikemas").click()


def test_from_a_photo_on_a_telephone_to_the_report(windows, people, shop, db, camera_photo):
    staff = people("facility_staff", "first")
    loads = Loads(staff)
    assert len(put_on_sale(staff, camera_photo)) <= 7
    assert loads.count <= 3, f"{loads.count} page loads from Hari ini to handed in"
    assert overflow(staff) == 0
    officer, colleague = people("regional", size=OFFICE), people("regional", size=OFFICE)
    publish(officer)

    guest = windows.open()
    stands_on_the_shelf(guest)
    order = buy_both(guest, db, shop)
    order_page, amount = guest.url, int(guest.locator("copy-text").first.get_attribute("data-value"))
    expect(guest.get_by_role("heading", name="Menunggu pembayaran")).to_be_visible()
    find_money(officer, order, amount)
    assert the_order(db).status is OrderStatus.PENDING
    confirm_money(colleague, order)
    assert the_order(db).status is OrderStatus.PAID
    guest.goto(order_page)
    expect(guest.get_by_role("heading", name="Lunas, terima kasih")).to_be_visible()

    pack(staff, "Tas Anyam Pandan", "Keset Sabut")
    staff.get_by_label("Kurir").select_option("JNE")
    staff.get_by_label("Nomor resi").fill("JT0012345")
    staff.get_by_role("button", name="Simpan resi dan kirim").click()
    second = people("facility_head", "second")
    pack(second, "Keset Sabut", "Tas Anyam Pandan")
    second.get_by_role("button", name="Siap diambil").click()
    guest.goto(order_page)
    expect(guest.get_by_text("Dikirim dengan JNE, nomor resi JT0012345.")).to_be_visible()
    expect(guest.get_by_text("Siap diambil di Lapas Dua.").first).to_be_visible()
    code = guest.locator("copy-text", has_text="Kode pengambilan").locator(".copy__value").inner_text()
    second.get_by_label("Kode pengambilan").fill(code)
    for page, done in ((staff, "Sudah sampai"), (second, "Serahkan barang")):
        page.get_by_role("button", name=done).click()
        assert overflow(page) == 0
    guest.goto(order_page)
    expect(guest.get_by_role("heading", name="Pesanan selesai")).to_be_visible()
    assert overflow(guest) == 0
    the_reports_agree(officer, people, shop, db)


def stands_on_the_shelf(page):
    """The new product is in the list at once, and its picture says nothing of the telephone or the place."""
    page.goto("/produk")
    card = page.locator(".card", has_text="Tas Anyam Pandan")
    expect(card.get_by_text("Rp185.000")).to_be_visible()
    source = card.locator("img").evaluate("one => one.decode().then(() => one.currentSrc)")
    for address in {source, re.sub(r"-\d+\.\w+$", "-720.jpg", source)}:
        answer = page.request.get(address)
        assert answer.ok, address
        with Image.open(io.BytesIO(answer.body())) as served:
            assert len(served.getexif()) == 0
            assert not {"exif", "xmp", "icc_profile"} & served.info.keys()
            assert served.height > served.width  # upright, as it was held
        assert b"Telepon Contoh" not in answer.body()


def the_reports_agree(officer, people, shop, db):
    """Revenue by facility is what the lines say; the fair of the first click has the order."""
    lines = {line.facility_id: line.total for line in db.session.scalars(select(OrderLine))}
    officer.goto("/kanwil/pendapatan?kelompok=lapas")
    for name, facility in (("Lapas Satu", "first"), ("Lapas Dua", "second")):
        row = officer.locator(".report__table tbody tr", has_text=name)
        assert rupiah(lines[shop[facility]]) in row.inner_text()
    assert rupiah(sum(lines.values())) in officer.locator(".report__table tfoot tr").inner_text()
    promoter = people("promoter", size=OFFICE)
    promoter.goto(f"/pemprov/acara/{shop['fair']}/hasil")
    assert rupiah(sum(lines.values())) in promoter.locator("main").inner_text()
    assert the_order(db).fair_id == shop["fair"]


def test_a_product_is_handed_in_without_script_as_quickly(people, shop, db, camera_photo):
    staff = people("facility_staff", "first", javascript=False)
    loads = Loads(staff)
    assert len(put_on_sale(staff, camera_photo)) <= 7
    assert loads.count <= 3, f"{loads.count} page loads from Hari ini to handed in"
    product = db.session.scalars(select(Product).filter_by(title="Tas Anyam Pandan")).one()
    assert (product.status, product.facility_id) == (ProductStatus.SUBMITTED, shop["first"])
    assert len(product.photos) == 1
    photo = product.photos[0].picture
    assert photo.height > photo.width
    publish(people("regional", size=OFFICE, javascript=False))
    page = staff.context.new_page()
    page.goto("/produk")
    expect(page.get_by_role("link", name="Tas Anyam Pandan")).to_be_visible()
