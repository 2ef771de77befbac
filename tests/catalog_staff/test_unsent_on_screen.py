"""The page of a product keeps what is typed: after a closed tab, without a connection, on two screens."""

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Page, expect

from storefront.catalog.models import Product
from tests import factories
from tests.catalog_staff.test_on_a_phone import sign_in
from tests.support.browser import overflow

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def opened(page: Page, app: Flask, db: SQLAlchemy, live_server: str) -> Page:
    """The page of a product on sale, for its facility."""
    facility = factories.facility()
    factories.product(facility, title="Tas lama", description="Rajut")
    sign_in(page, app, "facility_staff", live_server, facility=facility)
    page.goto("/petugas/produk/1", wait_until="networkidle")
    return page


def test_a_closed_tab_loses_nothing_and_saving_ends_it(opened: Page, db: SQLAlchemy) -> None:
    page, state = opened, opened.locator("[data-draft-status]")
    page.get_by_label("Nama produk").fill("Tas baru")
    page.get_by_text("Cerita, bahan, ukuran, dan pengiriman").click()
    page.locator("[name=materials]").fill("Katun")
    expect(state).to_contain_text("Tersimpan sementara pukul")
    assert db.session.get_one(Product, 1).title == "Tas lama"
    other = page.context.new_page()
    page.close()
    other.goto("/petugas/produk/1")
    expect(other.get_by_label("Nama produk")).to_have_value("Tas baru")
    expect(other.locator("[name=materials]")).to_have_value("Katun")
    expect(other.get_by_text("belum menyimpannya")).to_be_visible()
    assert overflow(other) == 0
    other.get_by_role("button", name="Simpan rincian").click()
    expect(other.get_by_text("Perubahan disimpan.")).to_be_visible()
    expect(other.get_by_text("belum menyimpannya")).to_have_count(0)
    expect(other.locator("[data-draft-status]")).to_be_empty()


def test_without_a_connection_the_device_keeps_it(opened: Page) -> None:
    page, state = opened, opened.locator("[data-draft-status]")
    page.context.set_offline(True)
    page.get_by_label("Nama produk").fill("Tas baru")
    expect(state).to_contain_text("aman di perangkat ini")
    page.get_by_role("button", name="Simpan rincian").click()  # nothing is sent, nothing is lost
    expect(page.get_by_label("Nama produk")).to_have_value("Tas baru")
    page.context.set_offline(False)
    expect(state).to_contain_text("Tersimpan sementara pukul")


def test_who_was_signed_out_is_told_and_finds_it_again(
    opened: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    page, cookies = opened, opened.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("Nama produk").fill("Tas baru")
    page.locator("[name=is_unique]").check()
    expect(page.locator("[data-draft-status]")).to_contain_text("Sesi halaman ini berakhir")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Simpan rincian").click()
    expect(page.get_by_label("Nama produk")).to_have_count(0)
    page.context.add_cookies(cookies)  # signed in again
    page.goto("/petugas/produk/1")
    expect(page.get_by_label("Nama produk")).to_have_value("Tas baru")
    expect(page.locator("[name=is_unique]")).to_be_checked()
    expect(page.locator("[data-draft-status]")).to_contain_text("Tersimpan sementara pukul")


def test_two_tabs_do_not_overwrite_each_other(opened: Page) -> None:
    page, state = opened, opened.locator("[data-draft-status]")
    other = page.context.new_page()
    other.goto("/petugas/produk/1", wait_until="networkidle")
    page.get_by_label("Nama produk").fill("Tas biru")
    expect(state).to_contain_text("Tersimpan sementara pukul")
    other.get_by_label("Nama produk").fill("Tas merah")
    clash = other.locator("[data-draft-clash]")
    expect(clash).to_contain_text("dari layar lain pukul")
    assert overflow(other) == 0
    clash.get_by_role("button", name="Pakai ketikan saya").click()
    expect(clash).to_be_hidden()
    expect(other.locator("[data-draft-status]")).to_contain_text("Tersimpan sementara pukul")
    other.reload()
    expect(other.get_by_label("Nama produk")).to_have_value("Tas merah")


def test_what_was_thrown_away_does_not_come_back(opened: Page) -> None:
    page = opened
    page.get_by_label("Nama produk").fill("Tas baru")
    expect(page.locator("[data-draft-status]")).to_contain_text("Tersimpan sementara pukul")
    page.reload()
    page.get_by_text("Buang ketikan", exact=True).click()
    page.get_by_role("button", name="Ya, buang ketikan", exact=True).click()
    expect(page.get_by_text("Ketikan yang belum disimpan dibuang.")).to_be_visible()
    expect(page.get_by_label("Nama produk")).to_have_value("Tas lama")
    expect(page.locator("[data-draft-status]")).to_be_empty()
