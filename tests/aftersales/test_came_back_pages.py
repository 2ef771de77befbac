"""The pages of a parcel that came back: staff note it, the buyer reads it, the office decides."""

import pytest
from sqlalchemy import func, select

from storefront.aftersales.models import CaseStatus, ComplaintCase, Problem
from storefront.core.db import db as database
from storefront.core.models import AuditEntry
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from storefront.orders.models import Order, Parcel, ParcelStatus
from storefront.shipping.models import TrackingEvent
from storefront.shipping.providers import Station, Track
from storefront.shipping.services import note_stations
from tests import factories
from tests.aftersales.conftest import case_now, deliver
from tests.aftersales.test_came_back import back


@pytest.fixture
def away(maker, plates):
    return deliver({plates: 6}, maker, arrive=False)


@pytest.fixture
def own(away) -> Facility:
    return database.session.get_one(Facility, away.facility_id)


def sent(away, good: str = "4", bad: str = "2", **more: str) -> dict[str, str]:
    line = away.lines["Piring Batok"]
    return {f"good_{line}": good, f"bad_{line}": bad, "problem": "not_home", "text": ""} | more


def acts() -> list[str]:
    database.session.rollback()
    return list(database.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


@pytest.mark.parametrize("role", ["facility_staff", "regional"])
def test_staff_note_it_and_stand_before_its_case(client, away, own, role):
    factories.signed_in(client, role, facility=own if role != "regional" else None)
    room = "/kanwil/keluhan" if role == "regional" else "/petugas/keluhan"
    home = f"/kanwil/pesanan/{away.number}" if role == "regional" else f"/petugas/pesanan/{away.parcel_id}"
    door = f"{room}/paket/{away.parcel_id}"
    assert door in client.get(home).text
    answer = client.submit(door, sent(away), action=door)
    case = database.session.scalars(select(ComplaintCase)).one()
    assert (answer.status_code, answer.location) == (303, f"{room}/{case.id}")
    page = client.get(answer.location).text
    assert "Paket kembali" in page
    assert "kembali: 4 baik, 2 tidak layak jual" in page
    assert acts()[-1] == "parcel.came_back"
    assert client.get(door).location == answer.location  # pressed again, it leads there
    assert case.reference in client.get(room + "?tab=kanwil").text


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(client, away, own):
    factories.signed_in(client, "facility_staff", facility=own)
    door = f"/petugas/keluhan/paket/{away.parcel_id}"
    answer = client.submit(door, sent(away, "3", "2", text="Pagar terkunci"), action=door)
    assert answer.status_code == 422
    assert "Jumlah keduanya harus 6." in answer.text
    assert "Pagar terkunci</textarea>" in answer.text
    assert 'value="3"' in answer.text
    none = client.submit(door, sent(away) | {"problem": ""}, action=door)
    assert (none.status_code, "Pilih salah satu." in none.text) == (422, True)
    assert database.session.scalar(select(func.count(ComplaintCase.id))) == 0


def test_one_that_arrived_meanwhile_is_refused_without_a_crash(client, arrived):
    factories.signed_in(client, "regional")
    assert client.get(f"/kanwil/keluhan/paket/{arrived.parcel_id}").status_code == 409
    assert client.get("/kanwil/keluhan/paket/999999").status_code == 404


def test_the_buyer_reads_it_on_the_order_and_writes(client, away):
    case_id = back(away, text="Pagar terkunci.")
    page = client.page(away.page)
    assert "Kembali ke Lapas Satu sebelum sampai kepada Anda." in page.text
    assert "Dikembalikan ke Lapas" in page.text  # the last step of its way
    here = f"{away.page}/keluhan/{case_id}"
    assert here in client.get(away.page).text
    told = client.get(here).text
    assert "Paket kembali: tidak ada orang di alamatnya" in told
    assert "Pagar terkunci." in told
    assert f"{here}/cabut" not in told
    assert client.submit(here, {"text": "Rumah nomor 14."}, action=f"{here}/pesan").status_code == 303
    english = client.get(f"/en{here}").text
    assert "Parcel came back: nobody was at the address" in english
    assert "Came back to Lapas Satu" in client.get(f"/en{away.page}").text


def test_the_office_decides_with_what_is_advised_at_hand(client, away):
    case_id = back(away, 4, 2, why=Problem.CARRIER)
    factories.signed_in(client, "regional")
    here = f"/kanwil/keluhan/{case_id}"
    assert "Keluhan menunggu keputusan" in client.get("/kanwil").text
    page = client.get(here).text
    assert "Disarankan" in page
    assert "Jl. Contoh 1" in page
    assert f"{here}/tolak" not in page
    body = {
        "putus-remedy": "exchange", "putus-text": "Kami kirim empat; sisanya kami bayar.",
        f"putus-pieces_{away.lines['Piring Batok']}": "4", "putus-street": "Jl. Benar 12",
        "putus-landmark": "",
    }  # fmt: skip
    refused = client.submit(here, body | {"putus-street": "J"}, action=f"{here}/putuskan")
    assert refused.status_code == 422
    assert "Tulis alamat lengkapnya" in refused.text
    assert case_now(case_id).status is CaseStatus.OFFICE
    assert client.submit(here, body, action=f"{here}/putuskan").status_code == 303
    assert "4 barang dikirim ulang. Uang untuk 2 barang dikembalikan." in client.get(here).text
    assert database.session.get_one(Order, away.order_id).address["street"] == "Jl. Benar 12"
    assert "order.address_corrected" in acts()
    assert "4 barang dikirim ulang." in client.get(f"{away.page}/keluhan/{case_id}").text
    assert "Alamat pengiriman dibetulkan" in client.get(f"/kanwil/pesanan/{away.number}").text


def test_the_couriers_word_is_a_hint_and_moves_nothing(client, away, own):
    from storefront.core import clock

    stations = [Station(clock.now(), "Paket dikembalikan ke pengirim", turned_back=True)]
    with transaction():
        note_stations(away.parcel_id, "biteship", Track(stations, delivered=True))
    [event] = database.session.scalars(select(TrackingEvent)).all()
    assert (event.turned_back, event.delivered) == (True, False)
    factories.signed_in(client, "facility_staff", facility=own)
    assert "bahwa paket ini dikembalikan" in client.get(f"/petugas/pesanan/{away.parcel_id}").text
    assert database.session.get_one(Parcel, away.parcel_id).status is ParcelStatus.SHIPPED


def test_the_facility_reads_no_address_and_no_number(client, away, own):
    case_id = back(away, text="Telepon 0812-3456-7890 tidak diangkat.")
    factories.signed_in(client, "facility_staff", facility=own)
    page = client.get(f"/petugas/keluhan/{case_id}").text
    assert "0812-3456" not in page
    assert "Jl. Contoh" not in page
