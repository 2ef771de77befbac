"""An officer's round on a telephone: accept what came in, print, scan each parcel on, note the waybills."""

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from storefront.core import qr
from storefront.orders.models import Parcel, ParcelStatus
from tests import factories
from tests.buying import buy, open_shop, order_of, pay
from tests.support.browser import overflow


@pytest.fixture
def shop(db, live_server):
    open_shop()
    bag = factories.product(factories.facility("LPA"), title="Tas Anyam", stock=50)
    made = []
    for _ in range(3):
        placed = buy({bag: 1})
        pay(placed)
        [parcel] = order_of(placed).parcels
        made.append((parcel.id, parcel.code))
    return bag.facility_id, made


@pytest.fixture
def officer(app, db, shop, windows):
    """Opens a window of one of the staff, with or without scripts."""

    def come(**options):
        client, page = app.test_client(), windows.open(**options)
        facility = db.session.get_one(factories.Facility, shop[0])
        factories.signed_in(client, "facility_staff", facility=facility)
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": windows.base_url}])
        return page

    return come


def statuses(db, made):
    db.session.rollback()
    return [db.session.get_one(Parcel, parcel_id).status for parcel_id, _code in made]


def test_a_round_on_a_telephone(db, shop, officer, windows, tmp_path):
    _facility, made = shop
    page = officer()
    page.goto("/petugas/pesanan")
    assert overflow(page) == 0
    page.get_by_label("Pilih semua").check()
    page.get_by_label(f"Pilih {made[2][1]}").uncheck()
    page.get_by_role("button", name="Terima yang dicentang").click()
    expect(page.get_by_text("2 pesanan diterima. Selamat bekerja.")).to_be_visible()
    assert statuses(db, made) == [ParcelStatus.PROCESSING] * 2 + [ParcelStatus.WAITING]

    page.goto("/petugas/pesanan?tahap=kemas")
    page.get_by_label("Pilih semua").check()
    ids = page.locator("input[name=kiriman]:checked").evaluate_all("all => all.map(one => one.value)")
    file = page.request.get("/petugas/cetak/berkas.pdf?" + "&".join(f"kiriman={one}" for one in ids))
    assert len(PdfReader(io.BytesIO(file.body())).pages) == 6  # a work order, a slip and a label each

    picture = tmp_path / "kode.png"
    for _parcel_id, code in made[:2]:
        picture.write_bytes(qr.png(code))
        page.goto("/petugas/pesanan/pindai")
        assert overflow(page) == 0
        expect(page.locator("[data-scanner]")).to_be_visible()
        page.locator("[data-photo]").set_input_files(str(picture))
        expect(page.get_by_text("Kiriman ini akan ditandai sudah dikemas.")).to_be_visible()
        page.get_by_role("button", name="Sudah dikemas").click()
        expect(page.get_by_text("Kiriman ditandai sudah dikemas.")).to_be_visible()
    assert statuses(db, made)[:2] == [ParcelStatus.PACKED] * 2

    page.goto("/petugas/pesanan/resi")
    page.get_by_label("Kode kiriman dan nomor resi").fill(f"{made[0][1]}\tJX0001\n{made[1][1]}\tJX")
    page.get_by_role("button", name="Simpan resi").click()
    expect(page.get_by_text("1 baris belum tersimpan")).to_be_visible()
    assert overflow(page) == 0
    assert statuses(db, made)[:2] == [ParcelStatus.SHIPPED, ParcelStatus.PACKED]
    assert windows.faults == []


def test_a_picture_without_a_code_is_said_in_words(shop, officer, tmp_path):
    page = officer()
    page.goto("/petugas/pesanan/pindai")
    expect(page.locator("[data-scanner]")).to_be_visible()
    nothing = tmp_path / "kosong.txt"
    nothing.write_text("bukan gambar")
    page.locator("[data-photo]").set_input_files(str(nothing))
    expect(page.get_by_text("Tidak ada kode yang terbaca.")).to_be_visible()


def test_the_round_goes_without_script(db, shop, officer):
    _facility, made = shop
    page = officer(javascript=False)
    page.goto("/petugas/pesanan")
    expect(page.get_by_label("Pilih semua")).to_be_hidden()
    page.get_by_label(f"Pilih {made[0][1]}").check()
    page.get_by_role("button", name="Terima yang dicentang").click()
    page.goto("/petugas/pesanan/pindai")
    expect(page.locator("[data-scanner]")).to_be_hidden()
    page.get_by_label("Kode kiriman").fill(made[0][1])
    page.get_by_role("button", name="Cari kiriman").click()
    page.get_by_role("button", name="Sudah dikemas").click()
    assert statuses(db, made)[0] is ParcelStatus.PACKED
