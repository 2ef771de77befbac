"""On the page of a product: a colour, then a size; and what it costs to bring it home."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.buying import know_cipondoh, open_shop
from tests.support.browser import PATIENCE

ANSWER = PATIENCE


@pytest.fixture
def shoe(db, live_server):
    """Shoes in two colours: of the first every size is there, of the second one is gone."""
    open_shop()
    know_cipondoh()
    made = factories.product(factories.facility(regency_code="36.71"), title="Sepatu", slug="sepatu")
    for colour, size, price, stock in (
        ("hitam", "39", 130_000, 9), ("hitam", "40", 130_000, 9),
        ("navy", "39", 140_000, 9), ("navy", "40", 140_000, 0),
    ):  # fmt: skip
        factories.variant(made, colour, size, price=price, stock=stock)
    return f"/produk/{made.slug}"


def chosen(page):
    """The colour and the size that the form would send, and what it says they cost."""
    radio = page.locator("input[name=variant]:checked")
    assert radio.count() == 1
    colour = radio.evaluate("radio => radio.closest('[data-group]').dataset.group")
    size = radio.evaluate("radio => radio.nextElementSibling.firstChild.textContent.trim()")
    return colour, size, page.locator(".buy__price").inner_text()


def test_a_colour_is_chosen_before_the_size(page, shoe):
    page.goto(shoe)
    colours = page.get_by_role("group", name="Warna", exact=True)  # before the script: "Warna: hitam" ...
    sizes = page.get_by_role("group", name="Ukuran")
    expect(colours).to_be_visible(timeout=ANSWER)
    expect(sizes).to_have_count(1)
    assert chosen(page) == ("hitam", "39", "Rp130.000")

    colours.get_by_role("radio", name="navy").check()
    assert chosen(page) == ("navy", "39", "Rp140.000")
    colours.get_by_role("radio", name="hitam").check()
    sizes.get_by_role("radio", name="40").check()
    assert chosen(page) == ("hitam", "40", "Rp130.000")
    colours.get_by_role("radio", name="navy").check()  # in which size 40 is gone: what is left is chosen
    assert chosen(page) == ("navy", "39", "Rp140.000")

    page.wait_for_load_state("networkidle")  # the drawer is a script's; without it the cart's page comes
    page.get_by_role("button", name="Tambah ke keranjang").click()
    expect(page.get_by_role("dialog", name="Keranjang")).to_contain_text("navy / 39", timeout=ANSWER)


def test_without_script_every_form_stands_there(plain_page, shoe):
    plain_page.goto(shoe)
    for colour in ("hitam", "navy"):
        expect(plain_page.get_by_role("group", name=f"Warna: {colour}")).to_be_visible()
    plain_page.get_by_role("group", name="Warna: navy").get_by_role("radio", name="39").check()
    plain_page.get_by_role("button", name="Tambah ke keranjang").click()
    expect(plain_page.get_by_text("navy / 39")).to_be_visible()
    plain_page.goto(shoe)
    expect(plain_page.get_by_text("Ongkos kirim tampil sebelum Anda membayar.")).to_be_visible()
    expect(plain_page.get_by_role("button", name="Hitung ongkir")).to_be_hidden()


def test_the_place_is_asked_for_once(page, shoe):
    page.goto(shoe)
    page.get_by_role("button", name="Hitung ongkir ke tempat Anda").click()
    expect(page.get_by_label("Dikirim ke kecamatan")).to_be_focused(timeout=ANSWER)
    page.keyboard.type("cipondoh")
    page.get_by_role("option", name="Cipondoh, Kota Tangerang").click(timeout=ANSWER)
    cost = page.locator("shipping-cost")
    expect(cost).to_contain_text("Ongkir ke Cipondoh, Kota Tangerang: Rp", timeout=ANSWER)
    expect(page.get_by_role("button", name="Ke tempat lain")).to_be_focused()

    page.goto(f"/en{shoe}")
    expect(cost).to_contain_text("Delivery to Cipondoh, Kota Tangerang: Rp", timeout=ANSWER)
