"""The promoter's day, and what each fair brought. Amounts and pieces only: no buyer appears here."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.language import _, _c, _n
from storefront.core.money import rupiah
from storefront.core.spreadsheets import Cell, Column, Sheet, csv_bytes, xlsx_bytes
from storefront.desk.queries.beginning import promoter_beginning
from storefront.events.queries import FairCard, Phase, all_fairs
from storefront.revenue.queries import FairResult, FairTotals, fair_result, fair_totals
from storefront.web.formats import date_range, short_date

bp = Blueprint("promoter", __name__, url_prefix="/pemprov")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAST_SHOWN = 6
SOON = 7
"""From so many days before it begins, a fair that nobody sees is urgent."""


@dataclass(frozen=True)
class FairLine:
    """A fair and what it brought so far."""

    fair: FairCard
    totals: FairTotals


@bp.get("")
def home() -> ResponseReturnValue:
    """What runs, what comes next, and what the last fairs brought."""
    lines = fair_lines()
    phases = {phase.value: [line for line in lines if line.fair.phase is phase] for phase in Phase}
    return render_template(
        "desk/promoter/home.html",
        steps=[] if current_user.hides_beginning else promoter_beginning(),
        running=phases["running"],
        coming=phases["coming"][::-1],
        past=phases["past"][:LAST_SHOWN],
        drafts=[_draft(line.fair) for line in lines if _is_waiting(line.fair)],
    )


@bp.get("/acara/<int:fair_id>/hasil")
def result(fair_id: int) -> ResponseReturnValue:
    """What a fair brought: in total, against its target, per facility, product and day."""
    outcome = fair_result(fair_id)
    days = [bar(short_date(part.day), part.gross) for part in outcome.days]
    facilities = [bar(part.name, part.net) for part in outcome.facilities]
    return render_template("desk/promoter/result.html", result=outcome, days=days, facilities=facilities)


@bp.get("/acara/<int:fair_id>/hasil.csv")
def result_csv(fair_id: int) -> Response:
    """The products of a fair as one table."""
    outcome = fair_result(fair_id)
    heads = [_c("satu", "Lapas"), _("Produk"), *(column.header for column in _money_columns())]
    body = csv_bytes(product_rows(outcome), heads)
    return _download(body, "text/csv; charset=utf-8", f"hasil-{outcome.fair.code.lower()}.csv")


@bp.get("/acara/<int:fair_id>/hasil.xlsx")
def result_xlsx(fair_id: int) -> Response:
    """Everything on the page, one sheet a table."""
    outcome = fair_result(fair_id)
    return _download(xlsx_bytes(sheets(outcome)), XLSX, f"hasil-{outcome.fair.code.lower()}.xlsx")


# --- pieces -------------------------------------------------------------------------------------------


def fair_lines() -> list[FairLine]:
    """Every fair with its totals, the latest first."""
    fairs = all_fairs()
    totals = fair_totals([fair.id for fair in fairs])
    return [FairLine(fair, totals.get(fair.id, FairTotals())) for fair in fairs]


def bar(label: str, amount: int) -> dict[str, Any]:
    """A row of a chart. A bar cannot be shorter than nothing; its words say the true amount."""
    return {"label": label, "value": max(0, amount), "text": rupiah(amount)}


def _is_waiting(fair: FairCard) -> bool:
    return not fair.is_published and fair.phase is not Phase.PAST


def _draft(fair: FairCard) -> dict[str, Any]:
    """Something to do: look through a fair that nobody sees yet, and publish it."""
    return {
        "label": _("Terbitkan %(fair)s", fair=fair.name),
        "count": fair.products,
        "href": url_for("events_office.edit", fair_id=fair.id),
        "hint": f"{date_range(fair.starts_on, fair.ends_on)}, {_n('%(n)s produk dipilih', fair.products)}",
        "urgent": fair.days_left <= SOON,
    }


def product_rows(outcome: FairResult) -> list[list[Cell]]:
    """A row a product: facility, title, then the money columns; what was given off delivery has its own."""
    free = _("Gratis ongkir")
    return [[part.facility, part.title or free, *_money(part)] for part in outcome.products]


def sheets(outcome: FairResult) -> list[Sheet]:
    """The workbook of a result."""
    money = _money_columns()
    day = Column(_("Tanggal"), "date", 14)
    facility, product = Column(_c("satu", "Lapas"), width=36), Column(_("Produk"), width=44)
    return [
        Sheet(_("Ringkasan"), _summary_columns(), [_summary(outcome)]),
        Sheet(_("Per hari"), [day, *money], [[d.day, *_money(d)] for d in outcome.days]),
        Sheet(_("Per Lapas"), [facility, *money], [[f.name, *_money(f)] for f in outcome.facilities]),
        Sheet(_("Per produk"), [facility, product, *money], product_rows(outcome)),
    ]


def _money_columns() -> list[Column]:
    return [
        Column(_("Pesanan"), "number", 10),
        Column(_("Potong"), "number", 10),
        Column(_("Penjualan"), "rupiah", 18),
        Column(_("Diskon"), "rupiah", 14),
        Column(_c("uang", "Dikembalikan"), "rupiah", 18),
        Column(_("Penjualan bersih"), "rupiah", 18),
    ]


def _summary_columns() -> list[Column]:
    return [
        Column(_("Acara"), width=36),
        Column(_("Kode"), width=18),
        Column(_("Tempat"), width=36),
        Column(_("Penyelenggara"), width=30),
        Column(_("Hari pertama"), "date", 14),
        Column(_("Hari terakhir"), "date", 14),
        *_money_columns(),
        Column(_("Ongkos kirim"), "rupiah", 18),
        Column(_("Target"), "rupiah", 18),
    ]


def _summary(outcome: FairResult) -> list[Cell]:
    fair, totals = outcome.fair, outcome.totals
    what: list[Cell] = [fair.name, fair.code, fair.venue, fair.organiser, fair.starts_on, fair.ends_on]
    return [*what, *_money(totals), totals.shipping, fair.target]


def _money(part: Any) -> list[Cell]:
    return [part.orders, part.pieces, part.gross, part.discounts, part.refunds, part.net]


def _download(body: bytes, content_type: str, name: str) -> Response:
    response = Response(body, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
