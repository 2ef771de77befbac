"""The pages and files of revenue: who sees what, and what a wrong question gets."""

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest

from storefront.core import clock
from tests import factories
from tests.revenue.conftest import MIDNIGHT

YEAR = "dari=2025-11&sampai=2025-12"


@pytest.fixture(autouse=True)
def december(db):
    with clock.travel(MIDNIGHT.replace(day=24)):
        yield


@pytest.fixture
def cilegon(books, client):
    factories.signed_in(client, "facility_staff", facility=books.cilegon)
    return client


@pytest.fixture
def kanwil(books, client):
    factories.signed_in(client, "regional")
    return client


def table(response):
    return list(csv.reader(StringIO(response.data.decode("utf-8-sig"))))


def test_a_facility_sees_its_own_numbers_and_nobody_elses(books, cilegon):
    page = cilegon.page(f"/petugas/pendapatan?{YEAR}&lapas={books.serang.id}&kelompok=bulan")

    assert "Lapas Cilegon" in page.text
    assert "Rp225.000" in page.text
    assert "Rutan Serang" not in page.text
    assert "Rp800.000" not in page.text


def test_the_files_of_a_facility_are_its_own_too(books, cilegon):
    rows = table(cilegon.get(f"/petugas/pendapatan/tabel.csv?{YEAR}&lapas={books.serang.id}"))

    assert rows[0][:4] == ["Bulan", "Pesanan", "Potong", "Penjualan"]
    assert [row[:4] for row in rows[1:]] == [
        ["November 2025", "1", "2", "150000"],
        ["Desember 2025", "1", "1", "75000"],
        ["Jumlah", "2", "3", "225000"],
    ]
    workbook = openpyxl.load_workbook(BytesIO(cilegon.get(f"/petugas/pendapatan/tabel.xlsx?{YEAR}").data))
    cells = {cell.value for sheet in workbook for row in sheet.iter_rows() for cell in row}
    assert workbook.sheetnames == ["Per bulan", "Per kanal penjualan", "Per acara"]
    assert {"November 2025", 150_000, "Toko daring", "Tanpa acara"} < cells
    assert not {800_000, "=Rutan Serang"} & cells


def test_a_facility_cannot_divide_by_facility(cilegon):
    cilegon.page(f"/petugas/pendapatan?{YEAR}&kelompok=lapas", 422)
    assert cilegon.get(f"/petugas/pendapatan/tabel.csv?{YEAR}&kelompok=lapas").status_code == 422


def test_rooms_are_closed_to_others(books, client):
    assert client.get("/petugas/pendapatan").status_code == 303
    factories.signed_in(client, "facility_head", facility=books.cilegon)
    assert client.get("/kanwil/pendapatan").status_code == 403
    assert client.get("/kanwil/pendapatan/tabel.csv").status_code == 403
    factories.signed_in(client, "promoter")
    assert client.get("/kanwil/pendapatan").status_code == 403
    factories.signed_in(client, "facility_staff")  # of no facility
    assert client.get("/petugas/pendapatan").status_code == 404


def test_the_office_sees_all_and_one(books, kanwil):
    everybody = kanwil.page(f"/kanwil/pendapatan?{YEAR}")
    one = kanwil.page(f"/kanwil/pendapatan?{YEAR}&lapas={books.serang.id}&kelompok=bulan")

    assert all(words in everybody.text for words in ("Lapas Cilegon", "Rp225.000", "Rp800.000", "Rp425.000"))
    assert len(everybody.all("table")) == 2  # the chart's numbers, and all of them
    assert "Rp225.000" not in one.text
    assert "Rutan Serang, November 2025 – Desember 2025" in one.text
    assert "-Rp600.000" in one.text  # December: nothing sold, three pairs taken back


def test_a_name_cannot_run_in_a_spreadsheet(kanwil):
    rows = table(kanwil.get(f"/kanwil/pendapatan/tabel.csv?{YEAR}"))
    assert [row[0] for row in rows] == ["Lapas", "Lapas Cilegon", "'=Rutan Serang", "Jumlah"]

    rows = table(kanwil.get(f"/kanwil/pendapatan/tabel.csv?{YEAR}&kelompok=bulan"))
    assert "-525000" in rows[2]  # numbers stay numbers


@pytest.mark.parametrize("wrong", ["dari=2025-13", "dari=2025-12&sampai=2025-11", "kelompok=x", "lapas=9999"])
def test_a_wrong_question_is_shown_again(kanwil, wrong):
    page = kanwil.page(f"/kanwil/pendapatan?{wrong}", 422)
    assert page.one("form", action="/kanwil/pendapatan")
    assert page.one("div", class_="error-summary")


def test_an_empty_shop_says_so(db, client):
    place = factories.facility()
    factories.signed_in(client, "facility_head", facility=place)
    page = client.page("/petugas/pendapatan")
    assert "Belum ada penjualan pada bulan-bulan ini" in page.text
    assert len(table(client.get("/petugas/pendapatan/tabel.csv"))) == 2


def test_pages_ask_the_database_the_same_however_much_was_sold(kanwil, query_count):
    with query_count(at_most=9):
        kanwil.page(f"/kanwil/pendapatan?{YEAR}")
