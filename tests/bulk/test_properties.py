"""Whatever people type: amounts read as meant, tables read as written, downloads that come back the same."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.bulk.queries.exports import product_columns, product_rows
from storefront.bulk.services import cells
from storefront.bulk.services.reading import read_table
from storefront.core.errors import Invalid
from storefront.core.spreadsheets import csv_bytes, neutralise
from tests import factories
from tests.bulk.files import csv, imported, judged, verdicts, xlsx

AMOUNTS = st.integers(1, 1_000_000_000)


def grouped(amount: int, sign: str) -> str:
    return f"{amount:,}".replace(",", sign)


@given(
    AMOUNTS,
    st.sampled_from(["{}", "Rp{}", "Rp {}", "rp. {}", "IDR {}", " {} "]),
    st.sampled_from(["", ".", ","]),
)
def test_a_price_reads_as_it_is_meant(amount: int, frame: str, sign: str) -> None:
    written = grouped(amount, sign)
    assert cells.price(frame.format(written)) == amount
    if sign:
        tail = "," if sign == "." else "."
        assert cells.price(frame.format(f"{written}{tail}00")) == amount


@given(AMOUNTS, st.integers(1, 99))
def test_a_fraction_of_a_rupiah_is_no_price(amount: int, cents: int) -> None:
    with pytest.raises(ValueError, match="rupiah"):
        cells.price(f"{amount}.{cents:02}")


@given(st.integers(0, 4_999), st.integers(1, 999), st.sampled_from(".,"))
def test_kilograms_become_grams(kilos: int, rest: int, sign: str) -> None:
    assert cells.weight_in(f"{kilos}{sign}{rest:03}0", Decimal(1000)) == kilos * 1000 + rest


CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"), max_size=20
)


@given(
    st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(";,\t"),
)
def test_a_table_reads_as_it_was_written(lines: list[tuple[str, str]], encoding: str, sign: str) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    body = "".join(sign.join(map(quoted, row)) + "\r\n" for row in [("sku", "nama"), *lines])
    kept = [[cell.strip() for cell in row] for row in lines if any(cell.strip() for cell in row)]
    try:
        found = read_table(body.encode(encoding))
    except Invalid:
        assert not kept
        return
    assert [row for _number, row in found.lines] == kept


@pytest.mark.parametrize("word", ["Kopi Café", "Kué lapis", "Ukuran ½ kg – besar"])
def test_windows_letters_are_read(word: str) -> None:
    table = f"sku;nama;keterangan\r\nA;{word};Dibuat dengan tangan di bengkel\r\n".encode("cp1252")
    assert read_table(table).lines[0][1][1] == word


@given(CELLS)
def test_what_an_export_neutralises_an_import_takes_back(words: str) -> None:
    if not words.startswith("'"):
        assert cells.unwrapped(neutralise(words)) == words


@given(st.integers(-(10**9), -1))
def test_negative_numbers_stay_numbers(number: int) -> None:
    assert (
        csv_bytes([[number, str(number)]], ["a", "b"]).decode("utf-8-sig").endswith(f"{number},{number}\r\n")
    )


WORDS = st.text(st.sampled_from("abc XYZ-=+'\"éü,;.12"), min_size=3, max_size=30).filter(
    lambda text: len(" ".join(text.split())) >= 3 and any(sign.isalnum() for sign in text)
)
ROWS = st.lists(st.tuples(WORDS, AMOUNTS, st.integers(0, 50), st.integers(1, 9_999)), min_size=1, max_size=4)


@pytest.mark.parametrize("make", [csv, xlsx])
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=ROWS)
def test_what_was_brought_in_comes_out_and_in_again_unchanged(db: Any, make: Any, rows: list[Any]) -> None:
    """Import, import again, download, import the download: the last three change nothing."""
    maker = factories.facility().id
    table = make([[f"S{n}", f"T {title}", *rest] for n, (title, *rest) in enumerate(rows)])
    kept = imported(maker, table)
    assert set(verdicts(kept)) == {"new"}
    assert set(verdicts(judged(maker, table))) == {"same"}
    headings = [column.header for column in product_columns()]
    for again in (csv, xlsx):
        out = again(list(product_rows(maker)), headings)
        assert set(verdicts(judged(maker, out))) == {"same"}
