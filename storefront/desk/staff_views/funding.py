"""What promotions cost, and whom: for the office, the promoter (its own part) and each facility (its own)."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from storefront.core import clock
from storefront.core.language import _
from storefront.core.spreadsheets import Cell, csv_bytes
from storefront.desk.queries.funding import borne, costs, total
from storefront.promotions.forms import FUNDERS
from storefront.promotions.staff_views import author_here
from storefront.revenue.forms import MonthsForm, a_year_back

office = Blueprint("funding_office", __name__, url_prefix="/pemprov/promosi/laporan")
staff = Blueprint("funding_staff", __name__, url_prefix="/petugas/promosi/laporan")
BLUEPRINTS = (office, staff)


def report() -> ResponseReturnValue:
    """By month and funder, and by promotion."""
    form = _form()
    author = author_here()
    good = form.validate()
    months = (form.dari.data, form.sampai.data)
    rows = borne(*months, author) if good else []
    html = render_template(
        "desk/promotions.html", form=form, rows=rows, total=total(rows),
        costs=costs(*months, author) if good else [], back=url_for(_list()),
        file=url_for(".table", dari=months[0], sampai=months[1]) if good else None,
    )  # fmt: skip
    return html, 200 if good else 422


def table() -> ResponseReturnValue:
    """By month and funder, as a file."""
    form = _form()
    if not form.validate():
        return report()
    heads = [_("Bulan"), _("Ditanggung oleh"), _("Lapas"), _("Pesanan"), _("Diberikan"), _("Ditarik kembali")]
    rows: list[list[Cell]] = [
        [row.month, str(FUNDERS[row.funder]), row.facility, row.orders, row.given, row.back, row.net]
        for row in borne(form.dari.data, form.sampai.data, author_here())
    ]
    name = f"promosi-{form.dari.data}-{form.sampai.data}.csv"
    response = Response(csv_bytes(rows, [*heads, _("Bersih")]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


for _room in BLUEPRINTS:
    _room.add_url_rule("", view_func=report, methods=["GET"])
    _room.add_url_rule("/tabel.csv", view_func=table, methods=["GET"])


def _form() -> MonthsForm:
    usual = {"dari": a_year_back(), "sampai": clock.period(clock.now())}
    form = MonthsForm(MultiDict({name: request.args.get(name, value) for name, value in usual.items()}))
    form.offer_months()
    return form


def _list() -> str:
    return "promotions_staff.index" if request.blueprint == staff.name else "promotions_office.index"
