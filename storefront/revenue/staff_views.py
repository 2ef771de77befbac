"""Revenue as a page, a CSV and an Excel file: a facility sees its own, the office sees all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from storefront.core import clock
from storefront.core.language import _, _c, lazy
from storefront.core.money import rupiah
from storefront.core.spreadsheets import Cell, Column, Sheet, csv_bytes, xlsx_bytes
from storefront.facilities.queries import facility_options
from storefront.facilities.staff_views import own_facility
from storefront.revenue.forms import ALL_DIVISIONS, OWN_DIVISIONS, OfficeReportForm, ReportForm, a_year_back
from storefront.revenue.queries import Division, Report, Row, Sums, report
from storefront.revenue.queries.reports import with_quiet_months
from storefront.web.formats import month_name

staff = Blueprint("revenue_staff", __name__, url_prefix="/petugas/pendapatan")
office = Blueprint("revenue_office", __name__, url_prefix="/kanwil/pendapatan")
BLUEPRINTS = (staff, office)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DIVISIONS: dict[str, Division] = {
    "bulan": "month",
    "lapas": "facility",
    "kanal": "channel",
    "acara": "fair",
}
CHANNEL_WORDS = {"web": lazy("Toko daring"), "staff": lazy("Dicatat petugas"), "pos": lazy("Kasir acara")}


def numbers() -> list[Column]:
    """The columns of every report, in the language of the moment."""
    return [
        Column(_("Pesanan"), "number", 10),
        Column(_("Potong"), "number", 10),
        Column(_("Penjualan"), "rupiah", 18),
        Column(_("Diskon"), "rupiah", 14),
        Column(_c("uang", "Dikembalikan"), "rupiah", 18),
        Column(_("Penjualan bersih"), "rupiah", 18),
        Column(_("Ongkos kirim"), "rupiah", 18),
        Column(_c("uang", "Diterima"), "rupiah", 18),
    ]


@dataclass(frozen=True)
class Asked:
    """A valid question: months 'YYYY-MM', division, and whose revenue (None: everybody's)."""

    first: str
    last: str
    division: str
    facility_id: int | None

    def answer(self, division: str | None = None) -> Report:
        """The report, by the division that was asked for or by another one."""
        found = report(self.first, self.last, DIVISIONS[division or self.division], self.facility_id)
        return with_quiet_months(found) if found.by == "month" else found


@staff.get("")
def own() -> ResponseReturnValue:
    """The facility's own revenue."""
    facility = own_facility()
    form, asked = _ask_own(facility.id)
    return _page(form, asked, facility.name)


@staff.get("/tabel.<any(csv,xlsx):kind>")
def own_table(kind: str) -> ResponseReturnValue:
    """The same as a file."""
    form, asked = _ask_own(own_facility().id)
    return _file(asked, kind, OWN_DIVISIONS) if asked else _page(form, None, own_facility().name)


@office.get("")
def everybody() -> ResponseReturnValue:
    """The revenue of all facilities, or of the one that is chosen."""
    form, asked = _ask_office()
    return _page(form, asked, form.whose)


@office.get("/tabel.<any(csv,xlsx):kind>")
def everybody_table(kind: str) -> ResponseReturnValue:
    """The same as a file."""
    form, asked = _ask_office()
    return _file(asked, kind, ALL_DIVISIONS) if asked else _page(form, None, form.whose)


# --- pieces -------------------------------------------------------------------------------------------


def _ask_own(facility_id: int) -> tuple[ReportForm, Asked | None]:
    """The question of a facility: whatever the address says, it is about that facility."""
    form = ReportForm(_typed(kelompok="bulan"))
    return form, _asked(form, facility_id)


def _ask_office() -> tuple[OfficeReportForm, Asked | None]:
    form = OfficeReportForm(_typed(kelompok="lapas", lapas="0"))
    form.lapas.offer([(0, _("Semua Lapas")), *facility_options()])
    asked = _asked(form, None)
    return form, asked and Asked(asked.first, asked.last, asked.division, form.lapas.data or None)


def _typed(**defaults: str) -> MultiDict[str, str]:
    """What the address says; a year up to this month where it says nothing."""
    usual = {"dari": a_year_back(), "sampai": clock.period(clock.now())} | defaults
    return MultiDict({name: request.args.get(name, value) for name, value in usual.items()})


def _asked(form: ReportForm, facility_id: int | None) -> Asked | None:
    form.offer_months()
    if not form.validate():
        return None
    return Asked(form.dari.data, form.sampai.data, form.kelompok.data, facility_id)


def _page(form: ReportForm, asked: Asked | None, whose: str) -> tuple[str, int]:
    answer = asked.answer() if asked else None
    room = request.blueprint or ""
    choice = dict(form.data)
    html = render_template(
        "revenue/report.html",
        form=form,
        report=answer,
        whose=whose,
        division=str(dict(ALL_DIVISIONS).get(form.kelompok.data, "")),
        bars=[_bar(answer, row) for row in answer.rows] if answer else [],
        columns=[column.header for column in numbers()],
        label=label,
        here=url_for(f"{room}.{'own' if room == staff.name else 'everybody'}"),
        files={
            kind: url_for(f"{room}.{'own' if room == staff.name else 'everybody'}_table", kind=kind, **choice)
            for kind in ("csv", "xlsx")
        },
    )
    return html, 200 if answer else 422


def label(answer: Report, row: Row) -> str:
    """What a row is called on paper."""
    if answer.by == "month":
        return month_name(row.key)
    if answer.by == "channel":
        return str(CHANNEL_WORDS.get(row.key, row.key))
    return row.name or _("Tanpa acara")


def _bar(answer: Report, row: Row) -> dict[str, Any]:
    """A bar of the chart: a month in which more went back than came in has an empty one."""
    return {"label": label(answer, row), "value": max(row.net, 0), "text": rupiah(row.net)}


def cells(sums: Sums) -> list[Cell]:
    """The numbers of a row, in the order of `numbers`."""
    return [
        sums.orders, sums.pieces, sums.gross, sums.discounts, sums.refunds, sums.net, sums.shipping,
        sums.received,
    ]  # fmt: skip


def _file(asked: Asked, kind: str, divisions: Sequence[tuple[str, str]]) -> Response:
    words = {key: str(word) for key, word in divisions}
    if kind == "csv":
        body = csv_bytes(
            _rows(asked.answer()), [words[asked.division], *(column.header for column in numbers())]
        )
        content_type = "text/csv; charset=utf-8"
    else:
        first = [asked.division, *(word for word in words if word != asked.division)]
        body = xlsx_bytes([_sheet(asked.answer(word), words[word]) for word in first])
        content_type = XLSX
    name = f"pendapatan-{asked.division}-{asked.first}-{asked.last}.{kind}"
    response = Response(body, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _sheet(answer: Report, word: str) -> Sheet:
    return Sheet(
        _("Per %(division)s", division=word.lower()), [Column(word, width=36), *numbers()], _rows(answer)
    )


def _rows(answer: Report) -> list[Sequence[Any]]:
    """A row each, and the totals last."""
    rows: list[Sequence[Any]] = [[label(answer, row), *cells(row)] for row in answer.rows]
    return [*rows, [_c("total", "Jumlah"), *cells(answer.totals)]]
