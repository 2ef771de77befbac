"""The promoter's first page and the results of a fair: money and pieces, and no buyer."""

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest

from storefront.core import clock
from storefront.core.spreadsheets import read_csv
from tests.factories import facility, product, signed_in
from tests.support import fairs

FIRST = datetime(2026, 10, 4, 3, tzinfo=UTC)
NOON = datetime(2026, 10, 5, 5, tzinfo=UTC)


@pytest.fixture
def fair_id(db):
    """Two orders for Rp550.000, one of them (Rp200.000) taken back."""
    bag = product(facility(name="Lapas Cilegon"), title="Tas", price=75_000)
    shoe = product(facility(name="Lapas Serang"), title="=Sepatu", price=200_000)
    made = fairs.fair(products=[bag, shoe], target=1_000_000)
    fairs.paid_order(made, (bag, 2), (shoe, 1), at=FIRST, shipping=10_000)
    _, journal = fairs.paid_order(made, (shoe, 1), at=NOON)
    fairs.refund(journal, at=NOON)
    with clock.travel(NOON):
        yield made


def test_today_shows_what_runs_comes_and_was(client, fair_id):
    fairs.fair(name="Expo Cilegon", starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 2), published=False)
    past = fairs.fair(name="Expo Lebak", starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 2))
    signed_in(client, "promoter")

    main = client.page("/pemprov").one("main")

    for words in ("Rp350.000", "Terbitkan Expo Cilegon", "27 hari lagi", "Expo Lebak"):
        assert words in main.text
    assert main.all("a", href=f"/pemprov/acara/{past}/hasil")


def test_the_first_page_of_a_new_promoter(client, db):
    signed_in(client, "promoter")
    main = client.page("/pemprov").one("main")

    assert "Tidak ada acara hari ini." in main.text
    assert main.all("a", href="/pemprov/acara/baru")


@pytest.mark.parametrize("role", ["promoter", "regional"])
def test_the_results(client, fair_id, role):
    signed_in(client, role)
    main = client.page(f"/pemprov/acara/{fair_id}/hasil").one("main")

    for words in (
        "Rp350.000",
        "Rp550.000",
        "Rp200.000",
        "Rp20.000",
        "35%",
        "Lapas Cilegon",
        "Tas",
        "=Sepatu",
    ):
        assert words in main.text
    cells = [[cell.text for cell in row.all("td")] for row in main.all("tr")]
    assert any("Rp350.000" in row for row in cells)


def test_no_buyer_appears(client, fair_id):
    signed_in(client, "promoter")
    path = f"/pemprov/acara/{fair_id}/hasil"
    book = openpyxl.load_workbook(BytesIO(client.get(f"{path}.xlsx").data))
    sheets = " ".join(str(cell) for sheet in book for row in sheet.values for cell in row)

    for seen in (client.get(path).text, client.get(f"{path}.csv").text, sheets):
        assert "Siti" not in seen
        assert "8123456" not in seen
        assert "contoh.id" not in seen


def test_a_fair_that_brought_nothing(client, db):
    empty = fairs.fair()
    signed_in(client, "promoter")
    with clock.travel(NOON):
        assert "Belum ada penjualan" in client.page(f"/pemprov/acara/{empty}/hasil").one("main").text
        assert client.get(f"/pemprov/acara/{empty}/hasil.xlsx").status_code == 200


def test_the_csv_adds_up_and_runs_nothing(client, fair_id):
    signed_in(client, "promoter")
    answer = client.get(f"/pemprov/acara/{fair_id}/hasil.csv")
    header, *rows = read_csv(answer.data)

    assert header == [
        "Lapas", "Produk", "Pesanan", "Potong", "Penjualan", "Diskon", "Dikembalikan", "Penjualan bersih",
    ]  # fmt: skip
    assert ["Lapas Serang", "'=Sepatu", "2", "1", "400000", "0", "200000", "200000"] in rows
    assert sum(int(row[-1]) for row in rows) == 350_000
    assert 'filename="hasil-banten-expo-26.csv"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_workbook_has_a_sheet_a_table(client, fair_id):
    signed_in(client, "regional")
    book = openpyxl.load_workbook(BytesIO(client.get(f"/pemprov/acara/{fair_id}/hasil.xlsx").data))

    assert book.sheetnames == ["Ringkasan", "Per hari", "Per Lapas", "Per produk"]
    for name in ("Per hari", "Per Lapas", "Per produk"):
        _, *rows = book[name].values
        assert sum(row[-1] for row in rows) == 350_000
    summary = dict(zip(*book["Ringkasan"].values, strict=True))
    assert (summary["Penjualan bersih"], summary["Ongkos kirim"], summary["Target"]) == (
        350_000,
        20_000,
        1_000_000,
    )
    assert summary["Hari pertama"].date() == date(2026, 10, 4)


@pytest.mark.parametrize("role", ["buyer", "facility_staff", "facility_head"])
def test_results_are_for_the_offices(client, fair_id, role):
    signed_in(client, role, facility=facility())
    for path in (f"/pemprov/acara/{fair_id}/hasil", f"/pemprov/acara/{fair_id}/hasil.csv", "/pemprov"):
        assert client.get(path).status_code == 403


def test_the_promoters_desk_is_not_the_regional_offices(client, db):
    signed_in(client, "regional")
    assert client.get("/pemprov").status_code == 403
