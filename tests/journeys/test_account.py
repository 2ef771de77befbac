"""A visitor becomes a buyer: registers, answers the letter, buys, finds the order again, and leaves."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from storefront.accounts.models import User
from storefront.core.outbox import drain
from storefront.orders.models import Order
from tests import factories
from tests.accounts.test_newcomers import GOOD, link_in
from tests.buying import know_cipondoh, open_shop
from tests.journeys.test_buying import put_in_the_cart
from tests.support.browser import overflow


@pytest.fixture
def shop(db, live_server):
    know_cipondoh()
    open_shop()
    return factories.product(title="Tas Anyam Pandan", price=185_000, stock=5).slug


def register(page, db, letters):
    page.goto("/masuk")
    page.get_by_role("link", name="Buat akun").click()
    page.get_by_label("Nama", exact=True).fill("Rina Contoh")
    page.get_by_label("E-mail").fill("rina@contoh.id")
    page.get_by_label("Kata sandi").fill(GOOD)
    page.get_by_role("button", name="Buat akun").click()
    page.get_by_role("heading", name="Periksa e-mail Anda").wait_for()
    db.session.rollback()
    drain()
    page.goto(link_in(letters()[-1]))
    page.get_by_label("Kata sandi").fill(GOOD)
    page.get_by_role("button", name="Buka akun").click()
    page.wait_for_url("**/akun/pesanan")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_from_a_stranger_to_a_buyer_with_a_history_and_away(windows, shop, db, letters, javascript):
    page = windows.open(javascript=javascript)
    page.goto(f"/produk/{shop}")
    page.get_by_role("button", name="Simpan Tas Anyam Pandan").first.click()
    if javascript:
        page.get_by_role("button", name="Hapus Tas Anyam Pandan").first.wait_for()
    register(page, db, letters)
    page.goto("/simpan")
    expect(page.get_by_role("heading", name="Tas Anyam Pandan")).to_be_visible()  # brought along

    page.goto(f"/produk/{shop}")
    put_in_the_cart(page)
    page.get_by_role("button", name="Lanjut ke checkout").click()
    page.wait_for_url("**/checkout**")
    page.wait_for_load_state("networkidle")  # sums are a script's, and follow what is chosen from then on
    page.get_by_label("Nomor WhatsApp").fill("0812 0000 1111")
    page.get_by_label("Kecamatan tujuan").fill("Cipondoh, Kota Tangerang")
    page.get_by_label("Alamat lengkap").fill("Jl. Contoh 1 RT 2/RW 3")
    page.get_by_label("Simpan alamat ini").check()
    if not javascript:
        page.get_by_role("button", name="Hitung ongkir").click()
    page.get_by_role("button", name="Bayar Rp").click()
    page.wait_for_url("**/pesanan/**")

    page.goto("/akun/pesanan")
    number = db.session.scalars(select(Order.number)).one()
    db.session.rollback()
    expect(page.get_by_role("link", name=number, exact=True)).to_be_visible()
    page.get_by_role("button", name="Beli lagi").click()
    page.wait_for_url("**/keranjang")
    page.get_by_role("button", name="Lanjut ke checkout").click()
    expect(page.get_by_role("radio", name="Jl. Contoh 1")).to_be_checked()
    if javascript:
        expect(page.get_by_label("Alamat lengkap")).to_be_hidden()
        assert overflow(page) == 0

    page.goto("/akun")
    page.get_by_text("Hapus akun saya", exact=True).click()
    page.get_by_role("textbox", name="Kata sandi", exact=True).fill(GOOD)
    page.get_by_role("button", name="Ya, hapus akun saya").click()
    expect(page.get_by_role("alert").get_by_text(number)).to_be_visible()  # an order is under way
    assert db.session.scalars(select(User.email)).all() == ["rina@contoh.id"]
