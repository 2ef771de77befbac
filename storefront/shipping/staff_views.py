"""/kanwil/ongkir: the price table of delivery, out and in by CSV."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.core.spreadsheets import csv_bytes, read_csv
from storefront.shipping.forms import RatesForm
from storefront.shipping.providers.rate_table import (
    HEADINGS,
    SERVICE_NAMES,
    ZONE_NAMES,
    parse_rates,
    rates_table,
)
from storefront.shipping.queries import all_rates, rate_rows
from storefront.shipping.services import replace_rates

bp = Blueprint("rates", __name__, url_prefix="/kanwil/ongkir")
BIGGEST = 300_000


@bp.get("")
def index() -> ResponseReturnValue:
    """The table that quotes today."""
    return _page(RatesForm())


@bp.get("/tarif.csv")
def download() -> Response:
    """The table as a file to change."""
    body = csv_bytes(rates_table(rate_rows()), HEADINGS)
    return Response(
        body,
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="tarif-ongkir.csv"'},
    )


@bp.post("")
def upload() -> ResponseReturnValue:
    """Replace the table by a file; one mistake anywhere and the old one stays."""
    form = RatesForm()
    mistakes: list[tuple[str, str]] = []
    if form.validate_on_submit():
        try:
            rows = parse_rates(read_csv(form.berkas.data.read(BIGGEST)))
            replace_rates(rows, actor_id=current_user.id)
        except Invalid as error:
            mistakes = list(error.errors.items())
        except ValueError as error:
            mistakes = [("", str(error))]
        else:
            flash(_("Tarif baru berlaku mulai sekarang."), "success")
            return redirect(url_for(".index"), 303)
    return _page(form, mistakes), 422


def _page(form: RatesForm, mistakes: list[tuple[str, str]] | None = None) -> str:
    return render_template(
        "shipping/rates.html",
        form=form,
        rates=all_rates(),
        mistakes=mistakes or [],
        zones=ZONE_NAMES,
        services=SERVICE_NAMES,
    )
