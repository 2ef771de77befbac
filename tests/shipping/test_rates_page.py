"""/kanwil/ongkir: the table out and in by CSV; a mistake changes nothing."""

import io

import pytest

from storefront.shipping.models import Service, Zone
from storefront.shipping.queries import all_rates
from storefront.shipping.services import load_first_rates
from tests import factories

PAGE = "/kanwil/ongkir"


@pytest.fixture
def office(client, db):
    load_first_rates()
    factories.signed_in(client, "regional")
    return client


def upload(office, body: bytes, name: str = "tarif.csv"):
    return office.submit(PAGE, {"berkas": (io.BytesIO(body), name)}, action=PAGE)


def test_what_is_downloaded_can_be_changed_and_uploaded(office):
    table = office.get(f"{PAGE}/tarif.csv").data
    [first] = [r for r in all_rates() if (r.zone, r.service) == (Zone.SAME_REGENCY, Service.REGULAR)]
    before = first.first_kg
    changed = table.replace(f",{before},".encode(), b",12345,", 1).replace(
        f";{before};".encode(), b";12345;", 1
    )
    assert changed != table

    assert upload(office, changed).status_code == 303

    assert 12345 in {rate.first_kg for rate in all_rates()}


@pytest.mark.parametrize(
    "body", [b"", b"\x00\x01\x02", b"zona;layanan\r\nbulan;kilat\r\n", b"PK\x03\x04zip", "١٢".encode()]
)
def test_a_file_that_is_no_table_changes_nothing_and_says_why(office, body):
    before = [(rate.zone, rate.service, rate.first_kg) for rate in all_rates()]
    answer = upload(office, body)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert [(rate.zone, rate.service, rate.first_kg) for rate in all_rates()] == before


def test_a_wrong_cell_is_named_by_row_and_column(office):
    table = office.get(f"{PAGE}/tarif.csv").data
    [first] = [r for r in all_rates() if (r.zone, r.service) == (Zone.SAME_REGENCY, Service.REGULAR)]
    broken = table.replace(f",{first.first_kg},".encode(), b",-1,", 1).replace(
        f";{first.first_kg};".encode(), b";-1;", 1
    )
    answer = upload(office, broken)
    assert answer.status_code == 422
    assert "kolom kg pertama" in answer.text
