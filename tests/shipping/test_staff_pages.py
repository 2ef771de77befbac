"""The facility's rounds, and the office's page about couriers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storefront.catalog.models import ShippingClass
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid
from storefront.shipping.models import FreshArea
from storefront.shipping.queries import ParcelSpec, waybill_link
from storefront.shipping.services import ask_vendors, load_first_links, load_first_rates, save_link
from tests import factories
from tests.buying import CIPONDOH, know_cipondoh

ROOM, OFFICE = "/petugas/antar", "/kanwil/kurir"
GOOD = {
    "tujuan": "Cipondoh, Kota Tangerang, Banten", "kecamatan": CIPONDOH, "hari": ["1", "4"],
    "ongkos": "8.000", "batas": "14.30", "sebelum": "1",
}  # fmt: skip


@pytest.fixture
def officer(client, db):
    load_first_rates()
    know_cipondoh()
    factories.signed_in(client, "facility_staff", facility=factories.facility("LPA", regency_code="36.71"))
    return client


@pytest.fixture
def office(client, db):
    factories.signed_in(client, "regional")
    return client


def test_a_round_is_kept_changed_and_dropped(officer):
    assert "required" in officer.page(ROOM).one("input", name="tujuan").attrs
    assert officer.submit(ROOM, GOOD, action=ROOM).status_code == 303
    page = officer.page(ROOM).text
    assert "Selasa, Jumat" in page
    assert "14.30 WIB, 1 hari sebelumnya" in page
    assert officer.submit(ROOM, GOOD | {"ongkos": "0", "hari": ["6"]}, action=ROOM).status_code == 303
    area = database.session.scalars(select(FreshArea)).one()
    assert (area.cost, area.days, area.cutoff) == (0, [6], 14 * 60 + 30)
    drop = f"{ROOM}/{area.id}/hapus"
    assert officer.submit(ROOM, {}, action=drop).status_code == 303
    assert "Belum ada kecamatan" in officer.page(ROOM).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hari": []}, "Pilih paling sedikit satu hari"),
        ({"hari": ["9"]}, "Pilih paling sedikit satu hari"),
        ({"batas": "sore"}, "Tulis jamnya seperti 14.30."),
        ({"batas": "25.00"}, "Tulis jamnya seperti 14.30."),
        ({"ongkos": "-1"}, ""),
        ({"sebelum": "8"}, "Paling banyak 7"),
        ({"tujuan": "Entah", "kecamatan": ""}, "tidak kami temukan"),
        ({"tujuan": "", "kecamatan": ""}, "Tulis kecamatan"),
    ],
)
def test_bad_input_is_named_and_kept(officer, changes, words):
    answer = officer.submit(ROOM, GOOD | changes, action=ROOM)
    assert answer.status_code == 422
    assert words in answer.text
    if "batas" not in changes:
        assert 'value="14.30"' in answer.text
    assert database.session.scalar(select(FreshArea.id)) is None


def test_a_day_is_closed_and_opened(officer):
    day = clock.today() + timedelta(days=3)
    closing = f"{ROOM}/libur"
    assert (
        officer.submit(ROOM, {"tanggal": day.isoformat(), "alasan": "Inspeksi"}, action=closing).status_code
        == 303
    )
    assert "Inspeksi" in officer.page(ROOM).text
    assert officer.submit(ROOM, {"tanggal": "2020-01-01"}, action=closing).status_code == 422
    assert officer.submit(ROOM, {}, action=f"{ROOM}/libur/buka").status_code == 303
    assert "Inspeksi" not in officer.page(ROOM).text


def test_the_office_keeps_couriers_pages(office):
    load_first_links()
    page = office.page(OFFICE)
    assert "Belum ada penyedia" in page.text
    assert office.post(OFFICE, data={"courier": "Siluman", "pattern": "https://a.id"}).status_code in (
        400,
        404,
    )
    save_link("JNE", "https://jne.example/lacak?no={resi}", actor_id=factories.user().id)
    assert waybill_link("JNE", "AB 1&2") == "https://jne.example/lacak?no=AB%201%262"
    save_link("JNE", "", actor_id=factories.user().id)
    assert waybill_link("JNE", "AB12") == ""


@pytest.mark.parametrize(
    "pattern",
    [
        "http://jne.id/{resi}",
        "javascript:alert(1)",
        "https://",
        "https://x",
        'https://a.id/"><b>',
        "https://a.id/{x}",
        "https://[::1",
    ],
)
def test_what_is_no_safe_address_is_refused(db, pattern):
    with pytest.raises(Invalid):
        save_link("JNE", pattern, actor_id=factories.user().id)


@pytest.mark.vendors("rajaongkir", "biteship")
def test_the_office_sees_how_vendors_answer(office, couriers):
    know_cipondoh()
    lapas = factories.facility(postal_code="42117").id
    couriers.fail("down", vendor="rajaongkir")
    ask_vendors([ParcelSpec(lapas, "36.73", 500, 0, {ShippingClass.PARCEL})], CIPONDOH)
    page = office.page(OFFICE).text
    assert page.index("RajaOngkir") < page.index("tidak menjawab") < page.index("Biteship")
    assert "menjawab terakhir" in page
    assert "1 harga tersimpan" in page
