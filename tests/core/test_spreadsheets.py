"""Tables in and out, read back by independent readers."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.spreadsheets import Column, Sheet, csv_bytes, neutralise, read_csv, xlsx_bytes

TABLE = 'nama;harga;catatan\r\n\r\nTas "Café";Rp150.000;"baris\r\nbaru; lagi"\r\n'.replace(
    'Tas "Café"', '"Tas ""Café"""'
)
EXPECTED = [
    ["nama", "harga", "catatan"],
    [],
    ['Tas "Café"', "Rp150.000", "baris\r\nbaru; lagi"],
]
EVIL = [
    "=1+1",
    "+62812",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "  =1",
    "\n=1",
    '=HYPERLINK("x")',
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_letters_of_every_office(encoding):
    assert read_csv(TABLE.encode(encoding)) == EXPECTED


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]),
        ("a;b\r1;2\r", [["a", "b"], ["1", "2"]]),
        ("sep=;\r\na,x;b\r\n1;2\r\n", [["a,x", "b"], ["1", "2"]]),
        ('"Nama, lengkap";Harga\nTas;1\n', [["Nama, lengkap", "Harga"], ["Tas", "1"]]),
        ("satu\ndua\n", [["satu"], ["dua"]]),
        ("\n  a , b \n ,\n", [[], ["a", "b"], []]),
    ],
)
def test_separators_and_blank_rows(text, rows):
    assert read_csv(text.encode()) == rows


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (b"\xef\xbb\xbf\r\n", "kosong"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\xd0\xcf\x11\xe0rest", "Excel"),
        (b"a\0b", "bukan tabel"),
        (b'a;b\n"1;2\n', "tanda kutip"),
        (b"a;b\n" + b"x" * 200_000, "tidak dapat dibaca"),
    ],
)
def test_what_is_no_table_is_refused_in_plain_words(data, words):
    with pytest.raises(ValueError, match=words):
        read_csv(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        rows = read_csv(data)
    except ValueError:
        return
    assert all(isinstance(cell, str) for row in rows for cell in row)


def test_a_csv_that_excel_opens():
    moment = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
    data = csv_bytes([["Tas", -5000, None, True, date(2026, 1, 28), moment]], ["a", "b", "c", "d", "e", "f"])

    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines()[1] == "Tas,-5000,,ya,2026-01-28,2026-12-01T00:00:00+07:00"


@pytest.mark.parametrize("text", EVIL)
def test_formulas_become_texts(text):
    written = csv_bytes([[text]], [text]).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(written, newline="")))
    assert rows == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize("text", ["-12", "-1.250", "-3,5", "a=b", "tas-rajut", "Rp5.000", "", "'"])
def test_numbers_and_plain_texts_stay(text):
    assert neutralise(text) == text


@given(
    st.lists(
        st.lists(
            st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
            min_size=2,
            max_size=2,
        )
    )
)
def test_no_cell_starts_as_a_formula(rows):
    written = csv_bytes(rows, ["a", "b"]).decode("utf-8-sig")
    for row in csv.reader(StringIO(written, newline="")):
        for cell in row:
            assert cell.lstrip()[:1] not in set("=+@＝＋－＠") or cell.startswith("'")


def test_a_workbook_read_back():
    columns = [
        Column("Nama", width=30),
        Column("Total", "rupiah"),
        Column("Hari", "date"),
        Column("Jam", "time"),
        Column("Aktif"),
    ]
    moment = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)
    rows = [[text, -186_000, date(2026, 1, 28), moment, False] for text in EVIL] + [
        ["https://x.id", None, None, None, None]
    ]

    data = xlsx_bytes(
        [Sheet("Pesanan [Nov/2026]: semua yang sudah dibayar", columns, rows), Sheet("Kosong", columns, [])]
    )

    book = openpyxl.load_workbook(BytesIO(data))
    page = book.worksheets[0]
    assert len(page.title) <= 31
    assert page.freeze_panes == "A2"
    assert [cell.value for cell in page[1]] == ["Nama", "Total", "Hari", "Jam", "Aktif"]
    assert page["B2"].value == -186_000
    assert "Rp" in page["B2"].number_format
    assert page["C2"].value == datetime(2026, 1, 28)  # noqa: DTZ001 (Excel knows no zones)
    assert page["D2"].value == datetime(2026, 12, 1, 0, 30)  # noqa: DTZ001
    assert page["E2"].value == "tidak"
    for cell in page["A"]:
        assert cell.data_type == "s"
        assert cell.hyperlink is None
    book.close()


def test_ten_thousand_rows():
    rows = ([f"WBP-{n}", n, "Lapas Kelas I Tangerang"] for n in range(10_000))
    data = xlsx_bytes([Sheet("Pesanan", [Column("No"), Column("Total", "rupiah"), Column("UPT")], rows)])
    assert len(data) > 100_000
