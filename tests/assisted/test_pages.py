"""The rooms in which staff write orders down, from the first word to the paid order."""

import pytest
from sqlalchemy import select

from storefront.assisted.models import Draft
from storefront.core.db import db as database
from storefront.facilities.models import Facility
from storefront.orders.models import Channel, Order, OrderStatus
from tests import factories
from tests.buying import CIPONDOH, know_cipondoh, only, open_shop, stock_of

ROOM = "/petugas/pesanan-baru"
GOOD = {
    "nama": "Siti Contoh", "telepon": "0812 0000 1111", "email": "", "alamat": "Jl. Contoh 1",
    "tujuan": "Cipondoh, Kota Tangerang, Banten", "kecamatan": CIPONDOH,
}  # fmt: skip


@pytest.fixture
def lapas(db):
    open_shop()
    know_cipondoh()
    return factories.facility("LPA", regency_code="36.71").id


@pytest.fixture
def bag(lapas):
    return factories.product(
        database.session.get_one(Facility, lapas), title="Tas Anyam", price=100_000, stock=4
    )


@pytest.fixture
def officer(client, lapas):
    factories.signed_in(client, "facility_staff", facility=database.session.get_one(Facility, lapas))
    return client


def draft_of(client, bag, source="whatsapp", pieces=2):
    """The address of a new draft with some goods in it."""
    answer = client.submit(ROOM, {"asal": source}, action=ROOM)
    assert answer.status_code == 303
    address = answer.location
    page = client.page(f"{address}/cari?q=anyam")
    assert "Tas Anyam" in page.text
    added = client.submit(
        f"{address}/cari?q=anyam", {"variant_id": only(bag).id, "jumlah": pieces}, action=f"{address}/barang"
    )
    assert added.status_code == 303
    return address


def order_now():
    database.session.rollback()
    return database.session.scalars(select(Order)).one()


def test_an_order_by_whatsapp_ends_in_a_link_to_pay(officer, bag):
    address = draft_of(officer, bag)
    counted = officer.submit(address, GOOD | {"aksi": "hitung"}, action=address)
    assert "Dikirim: Reguler" in counted.text
    assert "Dikirim: Ekspres" in counted.text
    total = 200_000 + 9_000
    placed = officer.submit(
        address, GOOD | {"aksi": "pesan", "bayar": "transfer", "total": total}, action=address
    )
    assert placed.status_code == 303, placed.text
    order = order_now()
    assert (order.channel, order.status, order.total) == (Channel.STAFF, OrderStatus.PENDING, total)
    page = officer.get(address).text
    assert f"/pesanan/{order.token}" in page
    assert "wa.me/6281200001111" in page
    assert "Tunai di loket" not in page
    pay_page = officer.get(f"/pesanan/{order.token}")
    assert "Bank Contoh" in pay_page.text


def test_the_express_service_is_chosen_and_frozen(officer, bag, lapas):
    address = draft_of(officer, bag, pieces=1)
    sent = GOOD | {"aksi": "pesan", "bayar": "transfer", f"kirim-{lapas}": "express", "total": 114_000}
    assert officer.submit(address, sent, action=address).status_code == 303
    [parcel] = order_now().parcels
    assert (parcel.service, parcel.service_label, parcel.shipping_cost) == ("express", "Ekspres", 14_000)


def test_bad_input_stands_beside_its_field_and_is_kept(officer, bag):
    address = draft_of(officer, bag)
    sent = GOOD | {"telepon": "dua belas", "nama": "", "aksi": "pesan", "bayar": "transfer"}
    answer = officer.submit(address, sent, action=address)
    assert answer.status_code == 422
    assert 'value="dua belas"' in answer.text
    assert "Jl. Contoh 1" in answer.text
    database.session.rollback()
    assert database.session.scalar(select(Order.id)) is None
    assert 'value="dua belas"' in officer.get(address).text  # and after a break it is still there


def test_a_draft_is_kept_and_continued_by_a_colleague(officer, bag, lapas, app):
    address = draft_of(officer, bag)
    saved = officer.submit(address, GOOD | {"aksi": "simpan"}, action=address)
    assert saved.location.endswith(ROOM)
    colleague = app.test_client()
    factories.signed_in(colleague, "facility_head", facility=database.session.get_one(Facility, lapas))
    assert "Siti Contoh" in colleague.page(ROOM).text
    assert 'value="Siti Contoh"' in colleague.get(address).text
    dropped = colleague.submit(address, {}, action=f"{address}/hapus")
    assert dropped.status_code == 303
    assert officer.get(address).status_code == 404


def test_pieces_are_changed_and_taken_out(officer, bag):
    address = draft_of(officer, bag)
    line = f"{address}/barang/1"
    officer.submit(address, {"jumlah": "3"}, action=line)
    assert "Rp300.000" in officer.page(address).text
    officer.submit(address, {"jumlah": "99"}, action=line)
    assert "Rp400.000" in officer.page(address).text
    officer.submit(address, {"aksi": "hapus"}, action=line)
    assert "Cari barangnya di atas" in officer.page(address).text


def test_somebody_at_the_counter_pays_cash(officer, bag, lapas):
    address = draft_of(officer, bag, source="counter")
    sent = GOOD | {"aksi": "pesan", "bayar": "cash", f"kirim-{lapas}": "pickup", "total": 200_000}
    assert officer.submit(address, sent, action=address).status_code == 303
    wrong = officer.submit(address, {"jumlah": "150.000"}, action=f"{address}/tunai")
    assert wrong.status_code == 422
    assert "Rp200.000" in wrong.text
    assert officer.submit(address, {"jumlah": "Rp 200.000"}, action=f"{address}/tunai").status_code == 303
    assert order_now().status is OrderStatus.PAID
    assert stock_of(bag) == (2, 0)
    assert "diterima" in officer.page(address).text


@pytest.mark.settings(CASH_ALONE_MAX=100_000)
def test_much_cash_waits_for_the_second_officer(officer, bag, lapas, app):
    address = draft_of(officer, bag, source="counter")
    sent = GOOD | {"aksi": "pesan", "bayar": "cash", f"kirim-{lapas}": "pickup", "total": 200_000}
    officer.submit(address, sent, action=address)
    officer.submit(address, {"jumlah": "200000"}, action=f"{address}/tunai")
    assert "Minta petugas lain" in officer.page(address).text
    assert order_now().status is OrderStatus.PENDING
    colleague = app.test_client()
    factories.signed_in(colleague, "facility_head", facility=database.session.get_one(Facility, lapas))
    assert colleague.submit(address, {}, action=f"{address}/tunai/hitung").status_code == 303
    assert order_now().status is OrderStatus.PAID


def test_another_facility_finds_nothing_here(officer, bag, app):
    address = draft_of(officer, bag)
    stranger = app.test_client()
    factories.signed_in(stranger, "facility_staff", facility=factories.facility("LPB"))
    assert stranger.get(address).status_code == 404
    assert "Siti" not in stranger.page(ROOM).text
    theirs = stranger.submit(ROOM, {"asal": "phone"}, action=ROOM).location
    assert "Tidak ada barang" in stranger.page(f"{theirs}/cari?q=anyam").text
    token = stranger.page(theirs).form(theirs)
    assert token is not None


def test_the_office_sells_anybodys_goods_and_sees_all(officer, bag, app):
    draft_of(officer, bag)
    office = app.test_client()
    factories.signed_in(office, "regional")
    room = "/kanwil/pesanan-baru"
    assert "Lapas Contoh LPA" in office.page(room).text
    address = office.submit(room, {"asal": "phone"}, action=room).location
    assert "Tas Anyam" in office.page(f"{address}/cari?q=tas").text
    assert "Write down an order" in office.page(f"/en{room}").text


def test_nonsense_is_no_500(officer, bag):
    address = draft_of(officer, bag)
    for words in ("", "\x00", "😀" * 200, "x" * 5_000, "-1"):
        sent = dict.fromkeys((*GOOD, "bayar", "total", "kirim-1", "hari-1"), words) | {"aksi": "pesan"}
        assert officer.submit(address, sent, action=address).status_code in (200, 422, 409)
        assert officer.submit(ROOM, {"asal": words}, action=ROOM).status_code == 422
    database.session.rollback()
    assert database.session.scalars(select(Draft)).one().order_id is None
