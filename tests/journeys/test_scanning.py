"""Codes are read by a camera and from photos in a browser that cannot read them by itself."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from storefront.orders.models import Parcel, ParcelStatus
from storefront.orders.services import SYSTEM, accept_parcel, pack_parcel
from tests import factories
from tests.buying import buy, open_shop, order_of, pay
from tests.support import browser as browsers
from tests.support import camera
from tests.support.browser import overflow

SCAN, WAYBILLS = "/petugas/pesanan/pindai", "/petugas/pesanan/resi"
ON, OFF, PHOTO = "Pindai dengan kamera", "Matikan kamera", "Pilih foto kode"
LIBRARY = "/vendor/zxing-wasm/"
READER = """window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code", "code_128"]; }
  async detect(picture) { return picture.width > 100 ? [{ rawValue: window.codeInView }] : []; }
};"""
"""What some telephones have and this browser has not: says what lies in a picture that is big enough."""


@pytest.fixture
def bag(db, live_server):
    open_shop()
    return factories.product(factories.facility("LPA"), title="Tas Anyam", stock=50)


def parcel(bag, *, packed: bool = False) -> tuple[int, str]:
    """A parcel that somebody works on, or that is packed: its id and code."""
    placed = buy({bag: 1})
    pay(placed)
    [made] = order_of(placed).parcels
    facility_id, parcel_id, code = made.facility_id, made.id, made.code
    accept_parcel(facility_id, parcel_id, SYSTEM)
    if packed:
        pack_parcel(facility_id, parcel_id, SYSTEM)
    return parcel_id, code


def now(db, parcel_id: int) -> Parcel:
    db.session.rollback()
    return db.session.get_one(Parcel, parcel_id)


@pytest.fixture
def officer(app, db, bag, browser, live_server, tmp_path):
    """Opens a window of one of the staff before a camera that sees these scenes; without any it has none."""
    with ExitStack() as stack:

        def come(*scenes, allowed: bool = True, **options) -> Page:
            film = camera.film(tmp_path / "kamera.y4m", scenes) if scenes else None
            own = stack.enter_context(camera.filming(browser, film, allowed=allowed))
            windows = browsers.Windows(own, live_server)
            stack.callback(lambda: faults.extend(windows.faults))
            stack.callback(windows.close)
            page, client = windows.open(**options), app.test_client()
            factories.signed_in(client, "facility_staff", facility=bag.facility)
            cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
            page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server}])
            return page

        faults: list[str] = []
        yield come
    assert not faults, "\n".join(faults)


@pytest.fixture
def photo(tmp_path) -> Callable[..., str]:
    """Writes a photo of codes as a telephone does; its path."""

    def taken(*codes) -> str:
        path = tmp_path / "foto.jpg"
        camera.scene(*codes).save(path, quality=80)
        return str(path)

    return taken


def choose(page: Page, path: str) -> None:
    """Choose a photo as soon as the script has shown the button for it."""
    expect(page.locator("[data-scanner]")).to_be_visible()
    page.locator("[data-photo]").set_input_files(path)


def asked_for(page: Page) -> list[str]:
    """The files of the library that a page fetches from here on."""
    files: list[str] = []
    page.context.on(
        "request", lambda one: files.append(one.url.rpartition("/")[2]) if LIBRARY in one.url else None
    )
    return files


def test_a_camera_moves_a_parcel_on_and_then_fills_in_its_waybill(db, bag, officer):
    parcel_id, code = parcel(bag)
    page = officer(camera.scene(camera.square(code)), camera.scene(camera.bars("JX1234567890")))
    files = asked_for(page)
    page.goto(SCAN)
    expect(page.get_by_role("button", name=ON, exact=True)).to_be_visible()
    assert files == [], "nobody asked for it yet"
    assert overflow(page) == 0

    page.get_by_role("button", name=ON, exact=True).click()
    expect(page.get_by_text("Kiriman ini akan ditandai sudah dikemas.")).to_be_visible()
    assert set(files) == {"reader.js", "zxing_reader.wasm"}
    assert now(db, parcel_id).status is ParcelStatus.PROCESSING, "nothing moves before the button"
    page.get_by_role("button", name="Sudah dikemas", exact=True).click()
    expect(page.get_by_text("Kiriman ditandai sudah dikemas.")).to_be_visible()

    page.get_by_role("button", name=ON, exact=True).click()
    expect(page.get_by_label("Nomor resi", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=ON, exact=True)).to_have_count(2)
    page.get_by_role("button", name=ON, exact=True).first.click()
    expect(page.get_by_label("Nomor resi", exact=True)).to_have_value("JX1234567890")
    expect(page.get_by_text("Terbaca: JX1234567890. Periksa, lalu simpan.")).to_be_visible()
    expect(page.locator("video").first).to_be_hidden()
    page.get_by_label("Kurir").select_option("J&T")
    page.get_by_role("button", name="Simpan resi dan kirim", exact=True).click()
    expect(page.get_by_text("Kiriman berangkat. Pembeli diberi tahu nomor resinya.")).to_be_visible()
    sent = now(db, parcel_id)
    assert (sent.status, sent.courier, sent.waybill) == (ParcelStatus.SHIPPED, "J&T", "JX1234567890")


def test_many_parcels_get_their_waybills_one_after_the_other(db, bag, officer):
    made = [parcel(bag, packed=True) for _ in range(2)]
    bills = ["JX1234567890", "SPX0987654321"]
    page = officer(
        *(
            camera.scene(drawn)
            for (_id, code), bill in zip(made, bills, strict=True)
            for drawn in (camera.square(code), camera.bars(bill))
        )
    )
    page.goto(WAYBILLS)
    page.get_by_role("button", name=ON, exact=True).click()
    lines = page.get_by_label("Kode kiriman dan nomor resi")
    pairs = r"() => (document.querySelector('textarea').value.match(/^\S+ \S+$/gm) ?? []).length === 2"
    browsers.wait_until(page, pairs)
    page.get_by_role("button", name=OFF, exact=True).click()
    expect(page.locator("video")).to_be_hidden()
    written = sorted(line.split() for line in lines.input_value().splitlines())
    assert written == sorted([code, bill] for (_id, code), bill in zip(made, bills, strict=True))
    assert overflow(page) == 0
    page.get_by_role("button", name="Simpan resi", exact=True).click()
    expect(page.get_by_text("2 resi tersimpan.")).to_be_visible()
    assert [now(db, parcel_id).waybill for parcel_id, _code in made] == bills


def test_a_photo_is_read_where_no_camera_is(bag, officer, photo):
    _parcel_id, code = parcel(bag, packed=True)
    page = officer()
    page.goto(SCAN)
    said = page.locator("[data-words]")
    page.get_by_role("button", name=ON, exact=True).click()
    expect(said).to_have_text("Tidak ada kamera yang dapat dipakai. Pilih foto, atau ketik saja.")
    expect(page.locator("video")).to_be_hidden()
    expect(page.get_by_role("button", name=ON, exact=True)).to_be_visible()

    choose(page, photo())
    expect(said).to_have_text("Tidak ada kode yang terbaca. Dekatkan, atau ketik saja.")
    choose(page, photo(camera.bars("JX1234567890")))
    expect(said).to_have_text("JX1234567890 bukan kode kiriman toko ini.")
    choose(page, photo(camera.square(code), camera.square("WBP-261122-ABCDE-1")))
    expect(said).to_have_text("Ada beberapa kode di gambar. Dekatkan ke satu saja.")
    choose(page, photo(camera.square(code), camera.bars("JX1234567890")))
    expect(page.get_by_role("link", name="Buka kiriman ini", exact=True)).to_be_visible()

    page.get_by_role("link", name="Buka kiriman ini", exact=True).click()
    expect(page.get_by_role("heading", name="Langkah berikutnya", exact=True)).to_be_visible()
    choose(page, photo(camera.square(code)))
    wrong = f"{code} bukan nomor resi. Arahkan ke barcode di struk atau label kurir."
    expect(page.locator("[data-words]")).to_have_text(wrong)
    choose(page, photo(camera.square(code), camera.bars("jne-0012345")))
    expect(page.get_by_label("Nomor resi", exact=True)).to_have_value("JNE-0012345")
    assert overflow(page) == 0


def test_photos_of_many_make_a_list_and_nothing_is_written_twice(bag, officer, photo):
    page = officer()
    page.goto(WAYBILLS)
    lines, said = page.locator("textarea"), page.locator("[data-words]")
    first, second = "WBP-261122-ABCDE-1", "WBP-261122-FGHJK-12"
    bill = camera.bars("JX1234567890")
    choose(page, photo(bill))
    expect(said).to_have_text("Arahkan dahulu ke kode kotak di kertas kiriman.")
    choose(page, photo(camera.square(first)))
    expect(said).to_have_text(f"Kiriman {first}. Sekarang arahkan ke barcode resinya.")
    choose(page, photo(camera.square(second)))
    expect(said).to_have_text(f"Kiriman {second}. Sekarang arahkan ke barcode resinya.")
    expect(lines).to_have_value(f"{second}\n")  # two codes one below the other would be read as a pair
    choose(page, photo(bill))
    expect(lines).to_have_value(f"{second} JX1234567890\n")
    choose(page, photo(camera.square(second), bill))
    expect(said).to_have_text(f"{second} sudah ada di daftar.")
    choose(page, photo(camera.square(first), camera.bars("JX0000000001")))
    expect(lines).to_have_value(f"{second} JX1234567890\n{first} JX0000000001\n")


def test_a_camera_that_may_not_be_used_is_said_in_words(bag, officer):
    page = officer(camera.scene(), allowed=False)
    page.goto(SCAN)
    page.get_by_role("button", name=ON, exact=True).click()
    expect(page.locator("[data-words]")).to_have_text(
        "Kamera tidak diizinkan. Izinkan kamera di setelan peramban, pilih foto, atau ketik saja."
    )


def test_a_library_that_does_not_come_is_said_and_asked_for_again(bag, officer, photo):
    _parcel_id, code = parcel(bag)
    page = officer()
    page.context.route("**/zxing_reader.wasm", lambda route: route.abort())
    page.goto(SCAN)
    choose(page, photo(camera.square(code)))
    expect(page.locator("[data-words]")).to_have_text(
        "Pembaca kode tidak dapat dimuat. Periksa sambungan internet, atau ketik saja."
    )
    page.context.unroute("**/zxing_reader.wasm")
    choose(page, photo(camera.square(code)))
    expect(page.get_by_text("Kiriman ini akan ditandai sudah dikemas.")).to_be_visible()


def test_a_browser_that_reads_codes_itself_fetches_no_library(bag, officer, photo):
    _parcel_id, code = parcel(bag)
    page = officer()
    files = asked_for(page)
    page.context.add_init_script(READER)
    page.goto(SCAN)
    page.evaluate("code => { window.codeInView = code; }", code)
    choose(page, photo())
    expect(page.get_by_text("Kiriman ini akan ditandai sudah dikemas.")).to_be_visible()
    assert files == []


def test_without_script_there_are_no_buttons_for_cameras(bag, officer):
    page = officer(javascript=False)
    page.goto(SCAN)
    expect(page.locator("[data-scanner]")).to_be_hidden()
    expect(page.get_by_label("Kode kiriman")).to_be_visible()
