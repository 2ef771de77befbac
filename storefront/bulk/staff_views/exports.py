"""A facility's own products, stock and orders as CSV or Excel; the empty template to fill in."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from flask import Blueprint, Response, render_template

from storefront.bulk.queries import exports as queries
from storefront.bulk.services import FIELDS, TEMPLATE
from storefront.core import clock
from storefront.core.errors import NotFound
from storefront.core.language import _, lazy
from storefront.core.spreadsheets import Cell, Column, Sheet, csv_bytes, xlsx_bytes
from storefront.facilities.staff_views import own_facility

bp = Blueprint("exports", __name__, url_prefix="/petugas/ekspor")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES: dict[str, tuple[str, Callable[[], list[Column]], Callable[[int], Iterator[queries.Row]]]] = {
    "products": (lazy("Produk"), queries.product_columns, queries.product_rows),
    "stock": (lazy("Stok"), queries.stock_columns, queries.stock_rows),
    "orders": (lazy("Pesanan"), queries.order_columns, queries.order_rows),
}
_FILES = {"products": "produk", "stock": "stok", "orders": "pesanan"}
_EXAMPLE: dict[str, Cell] = {
    "sku": "TAS-01", "title": "Tas", "category": "Tas", "price": 185000, "stock": 5, "weight": 450,
    "length_cm": 35, "width_cm": 12, "height_cm": 28, "photos": "tas-01.jpg, tas-01b.jpg",
}  # fmt: skip


@bp.before_request
def stay_inside() -> None:
    """Nothing here, not even an empty template, is for somebody without a facility. Raises NotFound."""
    own_facility()


@bp.get("")
def index() -> str:
    """What can be taken out."""
    return render_template("bulk/exports.html", tables=TABLES)


@bp.get("/produk.<any(csv,xlsx):kind>")
def products(kind: str) -> Response:
    """Every product that is not withdrawn, as the template has it."""
    return _table("products", kind)


@bp.get("/stok.<any(csv,xlsx):kind>")
def stock(kind: str) -> Response:
    """What lies in the storeroom."""
    return _table("stock", kind)


@bp.get("/pesanan.<any(csv,xlsx):kind>")
def orders(kind: str) -> Response:
    """What was ordered here, without a word about who ordered it."""
    return _table("orders", kind)


@bp.get("/templat.<any(csv,xlsx):kind>")
def template(kind: str) -> Response:
    """The headings of an import with one example; in Excel a second sheet explains them."""
    columns = queries.product_columns()
    example = [[_EXAMPLE.get(field) for field in TEMPLATE.values()]]
    if kind == "csv":
        return file_answer("csv", "templat-produk", _("Produk"), columns, example)
    words = [[heading, str(FIELDS[field])] for heading, field in TEMPLATE.items()]
    sheets = [
        Sheet(_("Produk"), columns, example),
        Sheet(_("Keterangan"), [Column(_("Kolom"), "text", 26), Column(_("Isi"), "text", 40)], words),
    ]
    return _answer(xlsx_bytes(sheets), XLSX, "templat-produk.xlsx")


def file_answer(
    kind: str, name: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> Response:
    """A table as a download. Raises NotFound for a kind that is not there."""
    match kind:
        case "csv":
            body = csv_bytes(rows, [column.header for column in columns])
            return _answer(body, "text/csv; charset=utf-8", f"{name}.csv")
        case "xlsx":
            return _answer(xlsx_bytes([Sheet(title, columns, rows)]), XLSX, f"{name}.xlsx")
    raise NotFound


def _table(name: str, kind: str) -> Response:
    """One of the tables of the own facility, with its code and the day in its name."""
    facility = own_facility()
    title, columns, rows = TABLES[name]
    file = f"{_FILES[name]}-{facility.code.lower()}-{clock.today().isoformat()}"
    return file_answer(kind, file, str(title), columns(), rows(facility.id))


def _answer(body: bytes, content_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": content_type}
    return Response(body, headers=headers)
