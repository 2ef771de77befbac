"""From the order page to a published review, with JavaScript and without; and a complaint."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from storefront.feedback.models import Complaint, Review
from storefront.feedback.services import answer_review, publish_review
from tests import factories
from tests.buying import open_shop
from tests.catalog_staff.photos import photo
from tests.feedback.conftest import deliver
from tests.support.browser import overflow


@pytest.fixture
def arrived(db, live_server):
    """A bag that has reached its buyer."""
    open_shop()
    return deliver(factories.product(factories.facility("LPA"), title="Tas Anyam Pandan", stock=5))


def has_photo(db, page, arrived):
    review = db.session.scalars(select(Review)).one()
    publish_review(review.id, None)
    answer_review(arrived.facility_id, review.id, None, "Sama-sama, semoga awet.")
    page.goto(f"/produk/{arrived.slug}")
    opinions = page.locator("#ulasan")
    opinions.get_by_text("Jahitannya rapat").wait_for()
    expect(opinions.get_by_text("Sama-sama, semoga awet.")).to_be_visible()
    expect(opinions.get_by_text("Siti C.")).to_be_visible()
    assert opinions.locator(".review__photos img").count() == 1
    assert overflow(page) == 0


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_buyer_reviews_what_arrived(db, windows, arrived, javascript):
    page = windows.open(javascript=javascript)
    page.goto(f"/pesanan/{arrived.token}")
    page.get_by_role("link", name="Tulis ulasan").click()
    page.get_by_role("button", name="Kirim ulasan").click()
    page.locator(".error-summary").get_by_text("Pilih nilainya.").wait_for()
    assert overflow(page) == 0

    page.locator(".rating__star").nth(4).click()
    page.get_by_label("Cerita Anda").fill("Jahitannya rapat, talinya kuat.")
    page.locator("input[type=file]").set_input_files(
        {"name": "tas.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    page.get_by_label("Siti C.").check()
    page.get_by_role("button", name="Kirim ulasan").click()
    page.wait_for_url(f"**/pesanan/{arrived.token}")
    expect(page.get_by_text("sedang dibaca Kantor Wilayah")).to_be_visible()
    has_photo(db, page, arrived)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_somebody_complains_and_gets_a_number(db, windows, live_server, javascript):
    page = windows.open(javascript=javascript)
    page.goto("/pengaduan")
    page.get_by_label("Tentang apa?").select_option(label="Barang rusak atau tidak sesuai")
    page.get_by_label("Apa yang terjadi?").fill("Satu dari enam piring retak waktu dibuka.")
    page.get_by_label("Nama Anda").fill("Siti Contoh")
    page.get_by_role("button", name="Kirim pengaduan").click()
    page.locator(".error-summary").wait_for()
    assert page.get_by_label("Apa yang terjadi?").input_value().startswith("Satu dari enam")

    page.get_by_label("Nomor WhatsApp").fill("0812 0000 1111")
    page.get_by_role("button", name="Kirim pengaduan").click()
    page.wait_for_url("**/pengaduan/diterima")
    reference = db.session.scalars(select(Complaint.reference)).one()
    expect(page.get_by_text(reference)).to_be_visible()
    assert overflow(page) == 0
