"""From the order's page to the money back: buyer, facility and buyer again, with JavaScript and without."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from storefront.aftersales.models import CaseStatus, ComplaintCase, Remedy
from storefront.aftersales.services import Proposal, offer
from storefront.core.db import db as database
from storefront.payments.models import Refund
from tests.aftersales.conftest import Arrived, deliver
from tests.buying import open_shop
from tests.catalog_staff.photos import photo
from tests.factories import facility, product
from tests.support.browser import overflow, wait_until


@pytest.fixture
def arrived(db, live_server) -> Arrived:
    """Two plates and a bag, with their buyer."""
    open_shop()
    maker = facility("LPA", name="Lapas Satu")
    plates = product(maker, title="Piring Batok", price=20_000, stock=9)
    return deliver({plates: 2, product(maker, title="Tas Anyam", stock=9): 1}, maker)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_buyer_complains_and_takes_the_offer(db, windows, arrived, javascript):
    page = windows.open(javascript=javascript)
    page.goto(arrived.page)
    page.get_by_role("link", name="Laporkan masalah barang").click()
    page.get_by_role("button", name="Kirim keluhan").click()
    page.locator(".error-summary").get_by_text("Ceritakan apa yang terjadi.").wait_for()
    assert overflow(page) == 0

    page.get_by_label("Piring Batok").fill("2")
    page.get_by_label("Rusak atau cacat").check()
    page.get_by_label("Ceritakan").fill("Dua-duanya retak waktu dibuka.")
    page.locator("input[type=file]").set_input_files(
        {"name": "piring.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    page.get_by_label("Kirim penggantinya").check()
    page.get_by_role("button", name="Kirim keluhan").click()
    page.wait_for_url(f"**{arrived.page}/keluhan/*")
    expect(page.get_by_text("Lapas Satu menjawab paling lambat")).to_be_visible()
    shown = page.locator(".evidence img").first
    shown.scroll_into_view_if_needed()
    wait_until(page, "() => document.querySelector('.evidence img').naturalWidth > 0")
    assert overflow(page) == 0

    case_id = database.session.scalars(select(ComplaintCase.id)).one()
    money = Proposal(Remedy.REFUND, {arrived.lines["Piring Batok"]: 2})
    offer(arrived.facility_id, case_id, arrived.staff_id, money, text="Stoknya habis; uangnya saja.")
    page.reload()
    expect(page.get_by_text("Stoknya habis; uangnya saja.")).to_be_visible()
    page.get_by_role("button", name="Terima tawaran ini").click()
    page.get_by_text("Uang Anda dikembalikan.").first.wait_for()
    database.session.rollback()
    assert database.session.scalars(select(ComplaintCase.status)).one() is CaseStatus.SETTLED
    assert database.session.scalars(select(Refund.amount)).all() == [40_000]
    page.goto(arrived.page)
    expect(page.get_by_text("Selesai").first).to_be_visible()
    assert overflow(page) == 0
