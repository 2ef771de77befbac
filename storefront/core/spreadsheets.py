"""Tables in and out: CSV as offices really write it, CSV and Excel that are safe to open.

The only file that knows charset-normalizer and xlsxwriter.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any, Literal

import xlsxwriter
from charset_normalizer import from_bytes

from storefront.core.clock import local
from storefront.core.language import _

Cell = str | int | bool | date | datetime | None
Kind = Literal["text", "number", "rupiah", "date", "time"]

MAX_CELL = 32_767
"""More characters than this Excel does not take in one cell."""

_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DELIMITERS = ";,\t|"
_SEP = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_FORMULA = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"-[0-9]+([.,][0-9]+)*")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


def read_csv(data: bytes) -> list[list[str]]:
    """Read a CSV file whatever office wrote it: UTF-8 (with or without BOM), UTF-16 or Windows
    letters; semicolons, commas or tabs; a 'sep=;' line.

    Rows come in the file's order, blank ones as [], so that row numbers stay those that people see.
    Cells are stripped. Raises ValueError with words for the person for anything that is no such table.
    """
    if data.startswith(_EXCEL):
        raise ValueError(_("Ini berkas Excel. Simpan dulu sebagai CSV, lalu unggah berkas CSV-nya."))
    text = _decode(data)
    if "\0" in text:
        raise ValueError(_("Berkas ini bukan tabel CSV."))
    if not text.strip():
        raise ValueError(_("Berkas ini kosong."))
    delimiter = _delimiter(text)
    text = _SEP.sub("", text, count=1) if _SEP.match(text) else text
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ValueError(
            _("Tabel ini tidak dapat dibaca. Periksa tanda kutip yang belum ditutup, lalu unggah lagi.")
        ) from error
    cleaned = [[cell.strip() for cell in row] for row in rows]
    return [row if any(row) else [] for row in cleaned]


def csv_bytes(rows: Iterable[Sequence[Cell]], headers: Sequence[str]) -> bytes:
    """Write a CSV file that Excel opens: UTF-8 with BOM, commas, ISO dates (times in WIB).

    A text that a spreadsheet would run as a formula gets a leading apostrophe; numbers, negative
    ones too, stay numbers.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutralise(header) for header in headers])
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def neutralise(text: str) -> str:
    """Keep a text from being run as a formula: '=1+1' -> "'=1+1"; '-12' is a number and stays."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heading, what it holds, and its width in characters."""

    header: str
    kind: Kind = "text"
    width: int = 16


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; each row has a cell per column."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """Write an Excel workbook: frozen headings, filters, rupiah and WIB dates as Excel knows them.

    Texts are written as texts, never as formulas or links.
    """
    out = BytesIO()
    workbook = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    formats = {
        kind: workbook.add_format({"num_format": pattern})
        for kind, pattern in {
            "text": "@",
            "number": "#,##0",
            "rupiah": '"Rp"#,##0;-"Rp"#,##0',
            "date": "d/m/yyyy",
            "time": "d/m/yyyy hh.mm",
        }.items()
    }
    heading = workbook.add_format({"bold": True, "bg_color": "#EEE9DF", "text_wrap": True, "valign": "top"})
    for sheet in sheets:
        _write_sheet(workbook, sheet, formats, heading)
    workbook.close()
    return out.getvalue()


def _decode(data: bytes) -> str:
    """The text of a file in an encoding it does not tell."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        best = from_bytes(data, cp_isolation=["cp1252", "latin_1", "utf_16"]).best()
    return str(best) if best else data.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    """What stands between the cells: said by a 'sep=' line, else what divides the heading most."""
    if named := _SEP.match(text):
        return named[1]
    heading = next(line for line in text.splitlines() if line.strip())
    return max(_DELIMITERS, key=lambda sign: len(next(csv.reader([heading], delimiter=sign), [])))


def csv_cell(cell: Cell) -> str | int:
    """A cell as CSV files of the shop have it: neutralised texts, ISO dates, times in WIB."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, datetime):
        return local(cell).isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return neutralise(cell) if isinstance(cell, str) else cell


def _write_sheet(workbook: Any, sheet: Sheet, formats: dict[str, Any], heading: Any) -> None:
    page = workbook.add_worksheet(_SHEET_NAME.sub(" ", sheet.title).strip("' ")[:31])
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, column.header, heading)
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for index, (column, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(page, last, index, cell, formats[column.kind])
    if sheet.columns:
        page.autofilter(0, 0, last, len(sheet.columns) - 1)


def _write_cell(page: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        page.write_string(row, column, "ya" if cell else "tidak")
    elif isinstance(cell, int):
        page.write_number(row, column, cell, style)
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, local(cell).replace(tzinfo=None, microsecond=0), style)
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, style)
    else:
        page.write_string(row, column, cell[:MAX_CELL], style)
