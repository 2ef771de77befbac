"""Excel workbooks that people send, read as rows of texts. The only file that knows openpyxl."""

import warnings
from collections.abc import Iterable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from storefront.core.archives import MEGABYTE, Archive, Limits
from storefront.core.language import _

MAX_COLUMNS = 200
_LIMITS = Limits(entries=2000, size=150 * MEGABYTE)


def read_xlsx(data: bytes, most_rows: int) -> list[list[str]]:
    """The first sheet of a workbook: a row of texts per line, blank lines as [], cells stripped.

    A formula is what Excel last worked out for it, or the formula itself ('=A1*2') where no result was
    kept. Whole numbers carry no '.0'; other numbers have at least four decimals, so that none reads as
    grouped thousands. At most `most_rows` + 1 filled lines are read: enough to see that there are too many.
    Raises ValueError with words for the person for anything that is no such workbook.
    """
    archive = Archive(data, _LIMITS)
    if "[Content_Types].xml" not in set(archive.names()):
        raise ValueError(_("Berkas ini bukan lembar kerja Excel (XLSX)."))
    rows = _texts(data, most_rows, values=True)
    if any(b"<f" in archive.read(name) for name in archive.names() if name.startswith("xl/worksheets/sheet")):
        _put_formulas(rows, _texts(data, most_rows, values=False))
    return rows


def _texts(data: bytes, most_rows: int, *, values: bool) -> list[list[str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about decorations that it does not keep; we only read cells
            book = load_workbook(BytesIO(data), read_only=True, data_only=values, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # other programs write them wrong, and then rows are missing
            rows = _read(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), most_rows)
            book.close()
    except Exception as error:  # readers of hostile bytes raise whatever they like
        raise ValueError(
            _("Lembar kerja ini tidak dapat dibaca. Simpan ulang sebagai XLSX atau CSV.")
        ) from error
    return rows


def _read(lines: Iterable[tuple[Any, ...]], most_rows: int) -> list[list[str]]:
    rows: list[list[str]] = []
    filled = 0
    for line in lines:
        cells = [_text(cell) for cell in line]
        filled += any(cells)
        rows.append(cells if any(cells) else [])
        if filled > most_rows or len(rows) > 10 * most_rows + 1000:
            break
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _put_formulas(rows: list[list[str]], formulas: list[list[str]]) -> None:
    """Where a cell has a formula without a kept result, show the formula."""
    for number, line in enumerate(formulas):
        if number >= len(rows):
            rows.append([])
        for place, cell in enumerate(line):
            if cell.startswith("=") and not (place < len(rows[number]) and rows[number][place]):
                rows[number].extend([""] * (place + 1 - len(rows[number])))
                rows[number][place] = cell


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "ya" if cell else "tidak"
        case float():
            return str(int(cell)) if cell.is_integer() else _decimal(cell)
        case datetime():
            return (
                cell.date().isoformat()
                if cell.time() == time()
                else cell.isoformat(sep=" ", timespec="minutes")
            )
        case date():
            return cell.isoformat()
        case _:
            return str(cell).strip()


def _decimal(number: float) -> str:
    whole, _dot, rest = f"{number:.10f}".rstrip("0").partition(".")
    return f"{whole}.{rest.ljust(4, '0')}"
