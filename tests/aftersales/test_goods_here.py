"""Goods that came back, but not as agreed: whoever keeps them gives something for them."""

import pytest
from sqlalchemy import func, select

from storefront.aftersales.models import CaseStatus, Remedy
from storefront.aftersales.services import (
    Counted,
    GoodsAreHere,
    Proposal,
    accept_wish,
    decide,
    finish,
    receive_back,
    reject,
    withdraw,
)
from storefront.payments.models import Refund
from tests import factories
from tests.aftersales.conftest import case_now, complain
from tests.support import html


def doubted(arrived, back: Counted) -> int:
    """A case of two plates that came back otherwise than agreed."""
    case_id = complain(arrived, plates=2)
    accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=True)
    line = arrived.lines["Piring Batok"]
    receive_back(arrived.facility_id, case_id, arrived.staff_id, {line: back}, doubt="Barang lain.")
    return case_id


@pytest.mark.parametrize("back", [Counted(1, 0), Counted(0, 2)])
def test_it_can_be_neither_rejected_nor_withdrawn(db, arrived, back):
    case_id = doubted(arrived, back)
    with pytest.raises(GoodsAreHere):
        reject(case_id, arrived.office_id, text="Bukan barang kami.")
    with pytest.raises(GoodsAreHere):
        withdraw(arrived.token, case_id)
    assert case_now(case_id).status is CaseStatus.OFFICE

    by_word = Proposal(Remedy.OTHER, {arrived.lines["Piring Batok"]: 2})
    decide(case_id, arrived.office_id, by_word, text="Barangnya kami kirim kembali, gratis.")
    finish(case_id, arrived.office_id)
    assert case_now(case_id).status is CaseStatus.SETTLED
    assert db.session.scalar(select(func.count(Refund.id))) == 0


def test_no_page_offers_it(db, arrived, client):
    case_id = doubted(arrived, Counted(1, 0))
    mine = client.get(f"{arrived.page}/keluhan/{case_id}").text
    assert "/cabut" not in mine
    factories.sign_in(client, db.session.get_one(factories.User, arrived.office_id))
    page = client.get(f"/kanwil/keluhan/{case_id}").text
    assert f"{case_id}/tolak" not in page
    assert "tidak dapat ditolak" in page
    here = f"/kanwil/keluhan/{case_id}"
    typed = html.values(client.page(here).form(f"{here}/pesan")) | {"tolak-text": "Tidak."}
    late = client.post(f"{here}/tolak", data=typed)
    assert late.status_code == 409
    assert "dikirim kembali ke pembeli" in late.text
    assert "cannot be rejected" in client.get(f"/en/kanwil/keluhan/{case_id}").text


def test_an_empty_parcel_can_be_rejected(db, arrived):
    case_id = doubted(arrived, Counted(0, 0))
    reject(case_id, arrived.office_id, text="Paketnya kosong.")
    assert case_now(case_id).status is CaseStatus.REJECTED
