"""A facility's own parcels: accept, pack, hand over. Nothing of the order beyond its own part."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.facilities.staff_views import own_facility
from storefront.orders import queries, services
from storefront.orders.forms import CodeForm, ShipForm, StepForm, WithoutCodeForm
from storefront.orders.models import ParcelStatus
from storefront.web.fields import blame, row_key
from storefront.web.pagination import Page, Stretch, page_number

bp = Blueprint("orders_staff", __name__, url_prefix="/petugas/pesanan")

SIZE = 25
LATE, ALL = "terlambat", "semua"
TABS = {
    LATE: (lazy("Terlambat"), (ParcelStatus.WAITING, ParcelStatus.PROCESSING)),
    "diterima": (lazy("Perlu diterima"), (ParcelStatus.WAITING,)),
    "dikerjakan": (lazy("Dikerjakan"), (ParcelStatus.PROCESSING,)),
    "dikemas": (lazy("Siap diserahkan"), (ParcelStatus.PACKED,)),
    "jalan": (lazy("Dalam perjalanan"), (ParcelStatus.SHIPPED, ParcelStatus.READY)),
    ALL: (lazy("Semua"), ()),
}
STEPS = {
    "terima": (services.accept_parcel, lazy("Pesanan diterima. Selamat bekerja.")),
    "kemas": (services.pack_parcel, lazy("Kiriman ditandai sudah dikemas.")),
    "siap": (services.ready_parcel, lazy("Pembeli diberi tahu bahwa barangnya siap diambil.")),
    "selesai": (services.finish_parcel, lazy("Kiriman selesai.")),
}


@bp.get("")
def index() -> ResponseReturnValue:
    """The board: one tab a step, the longest waiting first."""
    facility = own_facility()
    chosen = request.args.get("tahap", "")
    tab = chosen if chosen in TABS else "diterima"
    search = request.args.get("q", "").strip()[:40]
    page = _everything(facility.id, search) if tab == ALL else _stage(facility.id, tab, search)
    return render_template(
        "orders_staff/index.html",
        page=page,
        steps=_tabs(tab, queries.parcel_counts(facility.id), queries.late_parcels(facility.id)),
        tab=tab,
        mixed=len(TABS[tab][1]) != 1,
        search=search,
        step=StepForm(),
    )


def _stage(facility_id: int, tab: str, search: str) -> Page:
    number = page_number(request.args.get("hal"))
    parcels, total = queries.parcels_of(
        facility_id,
        statuses=TABS[tab][1],
        search=search,
        late=tab == LATE,
        offset=(number - 1) * SIZE,
        limit=SIZE,
    )
    return Page(parcels, number, SIZE, total)


def _everything(facility_id: int, search: str) -> Stretch:
    before = row_key(request.args.get("sebelum", ""))
    parcels, older = queries.all_parcels_of(facility_id, search=search, before=before, limit=SIZE)
    return Stretch(parcels, older, before)


def _tabs(here: str, counts: dict[ParcelStatus, int], late: int) -> list[dict[str, Any]]:
    """The steps of the board with how many parcels stand at each; "all" counts nothing.

    What is late has a tab of its own as long as there is something, before all others.
    """
    return [
        {
            "label": words,
            "href": f"/petugas/pesanan?tahap={key}",
            "count": late if key == LATE else sum(counts.get(status, 0) for status in statuses),
            "current": key == here,
        }
        for key, (words, statuses) in TABS.items()
        if key != LATE or late or here == LATE
    ]


@bp.get("/<int:parcel_id>")
def show(parcel_id: int) -> ResponseReturnValue:
    """One parcel: what to pack, where it goes, and the next step."""
    return _page(parcel_id)


@bp.post("/<int:parcel_id>/<step>")
def move(parcel_id: int, step: str) -> ResponseReturnValue:
    """Take a parcel one step on."""
    if step not in STEPS or not StepForm().validate_on_submit():
        raise NotFound
    act, words = STEPS[step]
    act(own_facility().id, parcel_id, services.Actor(current_user.id))
    flash(str(words), "success")
    return redirect(_back(parcel_id), 303)


@bp.post("/<int:parcel_id>/kirim")
def ship(parcel_id: int) -> ResponseReturnValue:
    """Hand the parcel to the courier, under a waybill."""
    facility = own_facility()
    form = ShipForm()
    try:
        if form.validate_on_submit():
            services.ship_parcel(
                facility.id,
                parcel_id,
                services.Actor(current_user.id),
                courier=form.courier.data,
                waybill=form.waybill.data,
            )
            flash(_("Kiriman berangkat. Pembeli diberi tahu nomor resinya."), "success")
            return redirect(url_for(".show", parcel_id=parcel_id), 303)
    except Invalid as error:
        blame(form, error)
    return _page(parcel_id, form=form), 422


@bp.post("/<int:parcel_id>/serahkan")
def hand_over(parcel_id: int) -> ResponseReturnValue:
    """Hand a parcel to its buyer: by the code, or for a reason without it."""
    facility_id, me = own_facility().id, services.Actor(current_user.id)
    by_code = "reason" not in request.form
    form = CodeForm() if by_code else WithoutCodeForm()
    try:
        if form.validate_on_submit():
            if by_code:
                services.collect_parcel(facility_id, parcel_id, me, code=form.code.data)
            else:
                services.collect_without_code(facility_id, parcel_id, me, reason=form.reason.data)
            flash(_("Barang sudah diserahkan kepada pembeli."), "success")
            return redirect(url_for(".show", parcel_id=parcel_id), 303)
    except Invalid as error:
        blame(form, error)
    return _page(parcel_id, **{"given" if by_code else "without": form}), 422


def _page(parcel_id: int, **forms: Any) -> str:
    """The page of one of the facility's own parcels; forms that were wrong are shown as they were sent."""
    parcel = queries.parcel_of(own_facility().id, parcel_id)
    empty = {
        "form": ShipForm(formdata=None),
        "given": CodeForm(formdata=None),
        "without": WithoutCodeForm(formdata=None),
        "step": StepForm(formdata=None),
    }
    return render_template("orders_staff/parcel.html", parcel=parcel, **(empty | forms))


def _back(parcel_id: int) -> str:
    """To the board when the button stood there, else to the parcel."""
    tab = request.form.get("tahap", "")
    return url_for(".index", tahap=tab) if tab in TABS else url_for(".show", parcel_id=parcel_id)
