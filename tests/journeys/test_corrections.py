"""What was wrong in the checkout and is right by now is no longer called wrong, before it is sent again."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.buying import open_shop
from tests.support.browser import put_in_the_cart


@pytest.fixture
def refused(page, db, indonesia):
    """The checkout of a buyer who sent it with hardly anything filled in."""
    open_shop()
    bag = factories.product(title="Tas Anyam", price=100_000, stock=5)
    page.goto(f"/produk/{bag.slug}")
    put_in_the_cart(page)
    page.goto("/checkout?tujuan=Cipondoh, Kota Tangerang")
    page.get_by_label("Nomor WhatsApp").fill("12")
    page.get_by_role("button", name="Bayar Rp").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.wait_for_load_state("networkidle")  # it is a script that looks again
    return page


def test_a_corrected_field_is_blamed_no_longer_and_the_others_are(refused):
    page = refused
    summary = page.locator(".error-summary li")
    expect(page.locator("[aria-invalid=true]")).not_to_have_count(0)
    before = summary.count()
    page.get_by_label("Nama penerima").fill("Siti Contoh")
    page.get_by_label("Nomor WhatsApp").focus()
    expect(page.locator("#nama-error")).to_have_count(0)
    expect(summary).to_have_count(before - 1)
    assert page.get_by_label("Nama penerima").get_attribute("aria-invalid") is None
    assert page.locator(".field--invalid:has(#nama)").count() == 0

    page.get_by_label("Nomor WhatsApp").fill("0812")  # other, and as wrong as before
    page.get_by_label("Nama penerima").focus()
    page.get_by_label("Alamat lengkap").fill("Jl. Contoh 1")
    page.get_by_label("Nama penerima").focus()
    expect(page.locator("#alamat-error")).to_have_count(0)
    expect(page.locator("#telepon-error")).to_be_visible()

    page.get_by_label("Nomor WhatsApp").fill("0812 0000 1111")
    page.get_by_label("Nama penerima").focus()
    expect(page.locator("#telepon-error")).to_have_count(0)
    expect(page.locator(".error-summary")).to_have_count(0)
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)
