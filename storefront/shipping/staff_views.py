"""/kanwil/ongkir: prices by CSV. /kanwil/kurir: couriers. /petugas/antar: rounds with fresh goods."""

from datetime import date

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.core.spreadsheets import csv_bytes, read_csv
from storefront.facilities.staff_views import own_facility
from storefront.shipping.forms import WEEKDAYS, AreaForm, ClosedForm, LinkForm, RatesForm
from storefront.shipping.providers.rate_table import (
    HEADINGS,
    SERVICE_NAMES,
    ZONE_NAMES,
    parse_rates,
    rates_table,
)
from storefront.shipping.providers.reading import COURIER_CODES
from storefront.shipping.queries import (
    all_rates,
    areas_of,
    closed_days_of,
    rate_rows,
    vendor_rows,
    waybill_links,
)
from storefront.shipping.services import (
    close_day,
    drop_area,
    open_day,
    replace_rates,
    save_area,
    save_link,
)
from storefront.web.fields import blame

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


# --- couriers: their pages, and the vendors that are asked for prices ---------------------------------

couriers = Blueprint("couriers", __name__, url_prefix="/kanwil/kurir")


@couriers.get("")
def links() -> ResponseReturnValue:
    """Where each courier shows its parcels, and how the vendors of prices were met last."""
    return _couriers(LinkForm())


@couriers.post("")
def save() -> ResponseReturnValue:
    """Change where a courier's parcels are followed."""
    form = LinkForm()
    if form.courier.data not in COURIER_CODES:
        raise NotFound
    try:
        if form.validate_on_submit():
            save_link(form.courier.data, form.pattern.data, actor_id=current_user.id)
            flash(_("Alamat lacak %(courier)s disimpan.", courier=form.courier.data), "success")
            return redirect(url_for(".links"), 303)
    except Invalid as error:
        blame(form, error)
    return _couriers(form), 422


def _couriers(form: LinkForm) -> str:
    patterns = {link.courier: link.pattern for link in waybill_links()}
    return render_template(
        "shipping/couriers.html", form=form, couriers=list(COURIER_CODES), patterns=patterns,
        sources=vendor_rows(), hours=current_app.config["RATE_HOURS"],
    )  # fmt: skip


# --- a facility's rounds with fresh goods -------------------------------------------------------------

rounds = Blueprint("rounds", __name__, url_prefix="/petugas/antar")


@rounds.get("")
def areas() -> ResponseReturnValue:
    """The districts, days and prices of the own facility, and the days on which nothing is brought."""
    return _rounds(AreaForm(formdata=None), ClosedForm(formdata=None))


@rounds.post("")
def save_round() -> ResponseReturnValue:
    """Add a district, or change it."""
    form = AreaForm()
    if not form.accepts() or form.district is None:
        return _rounds(form, ClosedForm(formdata=None)), 422
    save_area(
        own_facility().id, form.district, weekdays=form.hari.data, cost=form.ongkos.data,
        cutoff=form.batas.data, notice_days=form.sebelum.data, actor_id=current_user.id,
    )  # fmt: skip
    flash(_("Antar ke %(place)s disimpan.", place=form.district.name), "success")
    return redirect(url_for(".areas"), 303)


@rounds.post("/<int:area_id>/hapus")
def drop_round(area_id: int) -> ResponseReturnValue:
    """Bring nothing to a district any more."""
    drop_area(own_facility().id, area_id, actor_id=current_user.id)
    flash(_("Kecamatan itu tidak lagi diantar."), "success")
    return redirect(url_for(".areas"), 303)


@rounds.post("/libur")
def close() -> ResponseReturnValue:
    """Bring nothing on a day."""
    form = ClosedForm()
    if not form.accepts():
        return _rounds(AreaForm(formdata=None), form), 422
    close_day(own_facility().id, form.tanggal.data, form.alasan.data or "", actor_id=current_user.id)
    flash(_("Hari libur dicatat; pembeli tidak dapat memilihnya."), "success")
    return redirect(url_for(".areas"), 303)


@rounds.post("/libur/buka")
def reopen() -> ResponseReturnValue:
    """Bring goods on a day after all."""
    try:
        chosen = date.fromisoformat(request.form.get("hari", ""))
    except ValueError:
        raise NotFound from None
    open_day(own_facility().id, chosen, actor_id=current_user.id)
    flash(_("Hari itu dapat dipilih lagi."), "success")
    return redirect(url_for(".areas"), 303)


def _rounds(form: AreaForm, closing: ClosedForm) -> str:
    facility_id = own_facility().id
    return render_template(
        "shipping/rounds.html", form=form, closing=closing, areas=areas_of([facility_id]),
        closed=closed_days_of([facility_id]).get(facility_id, {}), weekdays=WEEKDAYS,
    )  # fmt: skip
