"""A product made on a phone without JavaScript; no page of the rooms is wider than the phone."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Page, expect

from tests import factories
from tests.catalog_staff.photos import photo
from tests.support.browser import overflow

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def sign_in(page: Page, app: Flask, role: str, live_server: str, **membership: object) -> None:
    """Give a browser window the cookie of somebody new with this role."""
    client = app.test_client()
    factories.signed_in(client, role, **membership)  # type: ignore[arg-type]
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
    assert cookie is not None
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server}])


def test_a_product_in_a_minute(
    plain_page: Page, app: Flask, db: SQLAlchemy, live_server: str, tmp_path: Path
) -> None:
    page, facility = plain_page, factories.facility()
    factories.category("Tas")
    sign_in(page, app, "facility_staff", live_server, facility=facility)
    (tmp_path / "tas.jpg").write_bytes(photo())
    page.goto("/petugas/produk")
    page.get_by_role("link", name="Buat produk pertama").click()
    page.get_by_label("Foto", exact=True).set_input_files(tmp_path / "tas.jpg")
    page.get_by_label("Sudah saya periksa").check()
    page.get_by_label("Nama produk").fill("Tas rajut")
    page.get_by_label("Kategori").select_option(label="Tas")
    page.get_by_label("Harga").fill("seratus ribu")
    page.get_by_label("Berat dengan kemasan").fill("1,2 kg")
    expect(page.get_by_label("Lama pengerjaan")).to_be_hidden()
    page.get_by_label("Jumlah yang ada").fill("3")
    page.get_by_text("Lengkapi nanti").click()
    page.get_by_label("Ringkasan").fill("Tas rajut dari benang katun.")
    page.get_by_role("button", name="Kirim untuk kurasi").click()
    expect(page.get_by_role("alert")).to_contain_text("rupiah bulat")
    page.get_by_label("Harga").fill("100.000")
    page.get_by_role("button", name="Kirim untuk kurasi").click()  # the photo need not be sent again
    expect(page.get_by_role("heading", level=1)).to_have_text("Tas rajut")
    expect(page.locator("[data-kind=product]")).to_have_attribute("data-status", "submitted")
    for path in ("/petugas/produk", page.url, "/petugas/stok", "/petugas/stok/1", "/petugas/produk/1/tarik"):
        page.goto(path)
        assert overflow(page) == 0, path


def test_a_second_tap_makes_no_second_product(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    facility = factories.facility()
    sign_in(page, app, "facility_staff", live_server, facility=facility)
    page.goto("/petugas/produk/baru")
    page.get_by_label("Nama produk").fill("Tas rajut")
    page.get_by_role("button", name="Simpan draf").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tas rajut")
    page.goto("/petugas/produk")
    expect(page.get_by_role("link", name="Tas rajut")).to_have_count(1)


def test_the_regional_office_fits_on_a_phone_too(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    long = "Miniatur leuit Baduy dengan ukiran halus dan atap ijuk asli dari pengrajin Banten"
    product_id = factories.product(title=long, status="submitted", photo=False).id
    sign_in(page, app, "regional", live_server)
    for path in (
        "/kanwil/kurasi",
        f"/kanwil/kurasi/{product_id}",
        "/kanwil/kurasi/tayang",
        "/kanwil/kategori",
    ):
        page.goto(path)
        assert overflow(page) == 0, path


def test_what_is_typed_is_seen_as_buyers_will(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str, tmp_path: Path
) -> None:
    """Beside the form on a desk, at a tap as a sheet on a phone; nothing is sent away, nothing is saved."""
    sign_in(page, app, "facility_staff", live_server, facility=factories.facility())
    (tmp_path / "tas.jpg").write_bytes(photo())
    page.goto("/petugas/produk/baru", wait_until="networkidle")
    page.get_by_label("Foto", exact=True).set_input_files(tmp_path / "tas.jpg")
    page.get_by_label("Nama produk").fill("Tas rajut")
    page.get_by_role("button", name="Lihat seperti pembeli").click()
    sheet = page.get_by_role("dialog", name="Seperti dilihat pembeli")
    expect(sheet.locator(".card__title")).to_have_text("Tas rajut")
    expect(sheet.locator("img[src^=blob]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("Harga").fill("125.000")
    expect(page.locator("live-preview .look__price")).to_have_text("Rp125.000")
    assert overflow(page) == 0
    page.goto("/petugas/produk")
    expect(page.get_by_text("Belum ada produk")).to_be_visible()


def test_without_a_connection_the_device_keeps_what_is_typed_and_sends_it_later(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    sign_in(page, app, "facility_staff", live_server, facility=factories.facility())
    page.goto("/petugas/produk/baru")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_label("Nama produk").fill("Tas rajut")
    state = page.locator("[data-draft-status]")
    expect(state).to_contain_text("aman di perangkat ini")
    page.get_by_role("button", name="Simpan draf").click()  # nothing is sent, nothing is lost
    expect(page.get_by_label("Nama produk")).to_have_value("Tas rajut")
    page.context.set_offline(False)
    expect(state).to_contain_text("Tersimpan pukul")
    expect(page).to_have_url(re.compile(r"formulir=1$"))
    page.reload()
    expect(page.get_by_label("Nama produk")).to_have_value("Tas rajut")


def test_what_the_device_kept_is_there_again_when_the_page_was_closed(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    sign_in(page, app, "facility_staff", live_server, facility=factories.facility())
    page.goto("/petugas/produk/baru", wait_until="networkidle")
    page.route("**/simpan-otomatis", lambda route: route.abort())
    page.get_by_label("Nama produk").fill("Tas rajut")
    page.get_by_label("Harga").fill("125000")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/petugas/produk")
    page.unroute("**/simpan-otomatis")
    page.goto("/petugas/produk/baru")
    expect(page.get_by_label("Harga")).to_have_value("125000")
    expect(page.locator("[data-draft-status]")).to_contain_text("Tersimpan pukul")


def test_two_tabs_do_not_overwrite_each_other(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    sign_in(page, app, "facility_staff", live_server, facility=factories.facility())
    page.goto("/petugas/produk/baru")
    page.get_by_label("Nama produk").fill("Tas rajut")
    expect(page.locator("[data-draft-status]")).to_contain_text("Tersimpan pukul")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Harga").fill("90000")
    expect(other.locator("[data-draft-status]")).to_contain_text("Tersimpan pukul")
    page.get_by_label("Harga").fill("125000")
    clash = page.locator("[data-draft-clash]")
    expect(clash).to_contain_text("dari layar lain pukul")
    assert overflow(page) == 0
    clash.get_by_role("button", name="Pakai ketikan saya").click()
    expect(clash).to_be_hidden()
    expect(page.locator("[data-draft-status]")).to_contain_text("Tersimpan pukul")
    other.reload()
    expect(other.get_by_label("Harga")).to_have_value("125000")
