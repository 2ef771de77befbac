"""Orders that change, over HTTP: the buyer's own pages, the facility's, the office's."""

import pytest
from sqlalchemy import select

from storefront.core import clock, outbox
from storefront.core.db import db as database
from storefront.core.models import AuditEntry
from storefront.core.transactions import transaction
from storefront.orders.models import OrderStatus
from storefront.orders.services import Actor, accept_parcel, pack_parcel
from storefront.payments.models import Refund
from storefront.payments.services import refund_lines
from storefront.payments.services.destinations import KEPT, forget_accounts
from tests import factories
from tests.buying import buy, open_shop, order_of, pay, stock_of


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(price=75_000, stock=9, title="Tas Purun")


@pytest.fixture
def staff(app, bag):
    """Somebody of the facility that makes the bag."""
    client = app.test_client()
    factories.signed_in(client, "facility_staff", facility=bag.facility)
    return client


@pytest.fixture
def officers(app, db):
    """Two officers, each at a browser of their own."""
    clients = [app.test_client() for _ in range(2)]
    for client in clients:
        factories.signed_in(client, "regional")
    return clients


def paid(bag, pieces: int = 3, **kwargs):
    placed = buy({bag: pieces})
    pay(placed, **kwargs)
    return placed


def line_of(placed) -> int:
    return order_of(placed).lines[0].id


def due(placed) -> int:
    return order_of(placed).refund_due


def test_a_buyer_cancels_in_two_steps(client, bag):
    placed = paid(bag)
    page = f"/pesanan/{placed.token}"
    assert f'href="{page}/batal"' in client.get(page).text
    assert "dapat diurungkan" in client.page(f"{page}/batal").text
    assert order_of(placed).status is OrderStatus.PAID, "looking cancels nothing"
    assert client.submit(f"{page}/batal", action=f"{page}/batal").status_code == 303
    assert order_of(placed).status is OrderStatus.CANCELLED
    assert stock_of(bag) == (9, 0)
    assert f'href="{page}/batal"' not in client.get(page).text
    assert "tidak dapat dibatalkan di sini" in client.page(f"{page}/batal").text


def test_a_packed_order_says_why_not(client, bag):
    placed = paid(bag)
    parcel = order_of(placed).parcels[0]
    for step in (accept_parcel, pack_parcel):
        step(bag.facility_id, parcel.id, Actor(None))
    page = f"/pesanan/{placed.token}"
    assert f'href="{page}/batal"' not in client.get(page).text
    assert "tidak dapat dibatalkan di sini" in client.page(f"{page}/batal").text


def test_the_account_is_sealed_seen_by_who_sends_and_forgotten(client, officers, bag):
    placed = paid(bag, provider="transfer", reference="1:BR1")
    page = f"/pesanan/{placed.token}"
    client.submit(f"{page}/batal", action=f"{page}/batal")
    assert f'href="{page}/rekening"' in client.get(page).text

    wrong = {"bank": "BRI", "number": "12ab", "holder": "Siti Rohmah"}
    refused = client.submit(f"{page}/rekening", wrong, action=f"{page}/rekening")
    assert refused.status_code == 422
    assert 'value="12ab"' in refused.text
    right = {"bank": "BRI", "number": "0123-01-000456-50-7", "holder": "Siti Rohmah"}
    assert client.submit(f"{page}/rekening", right, action=f"{page}/rekening").status_code == 303
    assert "Siti Rohmah" not in client.page(f"{page}/rekening").text
    refund = database.session.scalars(select(Refund)).one()
    assert refund.destination
    assert "Rohmah" not in refund.destination

    there = f"/kanwil/pengembalian/{refund.id}"
    assert "012301000456507" in officers[0].page(there).text
    seen = select(AuditEntry.action).where(AuditEntry.action == "refund.account_seen")
    assert database.session.scalars(seen).all() == ["refund.account_seen"]
    sent = officers[1].submit(there, {"reference": "TRF-1"}, action=there)
    assert sent.status_code == 303
    with clock.travel(clock.now() + KEPT):
        outbox.drain()
    database.session.expire_all()
    assert database.session.scalars(select(Refund.destination)).one() == ""
    assert "sudah dihapus" in officers[0].page(there).text


def test_an_officer_writes_the_account_down(officers, bag):
    placed = paid(bag, provider="transfer", reference="1:BR1")
    refund_id = refund_lines(placed.id, {line_of(placed): 1}, reason="Rusak", actor=Actor(None), key="k")
    there = f"/kanwil/pengembalian/{refund_id}"
    right = {"bank": "BRI", "number": "000456507", "holder": "Siti Rohmah"}
    assert officers[0].submit(there, right, action=f"{there}/rekening").status_code == 303
    assert "000456507" in officers[1].page(there).text


def test_nobody_else_sees_an_account(client, staff, bag):
    placed = paid(bag, provider="transfer", reference="1:BR1")
    refund_id = refund_lines(placed.id, {line_of(placed): 1}, reason="Rusak", actor=Actor(None), key="k")
    assert client.get(f"/kanwil/pengembalian/{refund_id}").status_code == 303
    assert staff.get(f"/kanwil/pengembalian/{refund_id}").status_code == 403
    assert client.get("/pesanan/somebody-else/rekening").status_code == 404
    assert client.get("/pesanan/somebody-else/batal").status_code == 404


def test_a_facility_takes_out_what_it_cannot_make(staff, bag):
    placed = paid(bag)
    line, parcel = line_of(placed), order_of(placed).parcels[0].id
    page = f"/petugas/pesanan/{parcel}/ubah"
    assert f'href="{page}"' in staff.get(f"/petugas/pesanan/{parcel}").text
    action = f"/petugas/pesanan/{parcel}/tidak-dapat-dibuat"

    for typed in (
        {f"baris-{line}": "4"},
        {f"baris-{line}": "satu"},
        {f"baris-{line}": "1", "reason": ""},
        {},
    ):
        refused = staff.submit(page, {"reason": "Purunnya habis"} | typed, action=action)
        assert refused.status_code == 422, typed
        assert all(f'value="{value}"' in refused.text for value in typed.values() if value)
    assert due(placed) == 0
    sent = {f"baris-{line}": "2", f"rusak-{line}": "1", "reason": "Purunnya habis"}
    assert staff.submit(page, sent, action=action).status_code == 303
    assert due(placed) == 150_000
    assert stock_of(bag) == (7, 0)


def test_a_facility_divides_and_puts_together(staff, bag):
    placed = paid(bag)
    line, parcel = line_of(placed), order_of(placed).parcels[0].id
    page = f"/petugas/pesanan/{parcel}/ubah"
    answer = staff.submit(page, {f"bagi-{line}": "1"}, action=f"/petugas/pesanan/{parcel}/bagi")
    assert answer.status_code == 303
    fresh = order_of(placed).parcels[1].id
    assert answer.location.endswith(f"/petugas/pesanan/{fresh}")
    assert (
        staff.submit(page, {f"bagi-{line}": "9"}, action=f"/petugas/pesanan/{parcel}/bagi").status_code == 422
    )
    merged = staff.submit(f"/petugas/pesanan/{fresh}/ubah", action=f"/petugas/pesanan/{fresh}/gabung")
    assert merged.location.endswith(f"/petugas/pesanan/{parcel}")
    assert "tidak dapat diubah lagi" in staff.page(f"/petugas/pesanan/{fresh}/ubah").text


def test_another_facility_changes_nothing_here(app, bag):
    placed = paid(bag)
    parcel = order_of(placed).parcels[0].id
    stranger = app.test_client()
    factories.signed_in(stranger, "facility_staff", facility=factories.facility())
    assert stranger.get(f"/petugas/pesanan/{parcel}/ubah").status_code == 404


def test_the_office_refunds_a_part_once_however_often_the_button_is_pressed(officers, bag):
    placed = paid(bag)
    line, parcel = line_of(placed), order_of(placed).parcels[0]
    shipping, parcel_id = parcel.shipping_cost, parcel.id
    page, action = f"/kanwil/pesanan/{placed.number}/ubah", f"/kanwil/pesanan/{placed.number}/kembalikan"
    sent = {f"baris-{line}": "1", "ongkir": str(parcel_id), "reason": "Terlambat", "kunci": "abc"}
    for _ in range(2):
        assert officers[0].submit(page, sent, action=action).status_code == 303
    assert due(placed) == 75_000 + shipping
    too_much = officers[0].submit(page, {f"baris-{line}": "3", "reason": "Terlambat"}, action=action)
    assert too_much.status_code == 422
    nothing = officers[0].submit(page, {"reason": "Terlambat"}, action=action)
    assert nothing.status_code == 422
    assert due(placed) == 75_000 + shipping


def test_the_office_cancels_and_writes_off(officers, bag):
    placed = paid(bag)
    line = line_of(placed)
    page, action = f"/kanwil/pesanan/{placed.number}/ubah", f"/kanwil/pesanan/{placed.number}/batalkan-semua"
    refused = officers[0].submit(page, {f"rusak-{line}": "7", "batal-reason": "Kebanjiran"}, action=action)
    assert refused.status_code == 422
    sent = {f"rusak-{line}": "2", "batal-reason": "Kebanjiran"}
    assert officers[0].submit(page, sent, action=action).status_code == 303
    assert order_of(placed).status is OrderStatus.CANCELLED
    assert stock_of(bag) == (7, 0)


def test_whose_data_goes_leaves_no_account(client, bag):
    placed = paid(bag, provider="transfer", reference="1:BR1")
    refund_lines(placed.id, {line_of(placed): 1}, reason="Rusak", actor=Actor(None), key="k")
    page = f"/pesanan/{placed.token}/rekening"
    right = {"bank": "BRI", "number": "000456507", "holder": "Siti Rohmah"}
    assert client.submit(page, right, action=page).status_code == 303
    with transaction():
        forget_accounts([placed.id])
    assert database.session.scalars(select(Refund.destination)).one() == ""
