"""A facility's own parcels: accept, pack, hand over. Nothing of the order beyond its own part."""

from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core import clock
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.facilities.staff_views import own_facility
from storefront.orders import queries, services
from storefront.orders.forms import CodeForm, ShipForm, StepForm, WithoutCodeForm
from storefront.orders.models import ParcelStatus
from storefront.orders.services.late import due_day
from storefront.web.fields import blame, row_key
from storefront.web.pagination import Stretch

bp = Blueprint("orders_staff", __name__, url_prefix="/petugas/pesanan")

SIZE = 25
LATE, ALL = "terlambat", "semua"
WORKED_ON = "dikerjakan"


class Tab(NamedTuple):
    """A filter of the board. `made`: only parcels with, or only those without, work made to order."""

    words: object
    statuses: tuple[ParcelStatus, ...] = ()
    made: bool | None = None


TABS = {
    LATE: Tab(lazy("Terlambat"), (ParcelStatus.WAITING, ParcelStatus.PROCESSING)),
    "diterima": Tab(lazy("Perlu diterima"), (ParcelStatus.WAITING,)),
    WORKED_ON: Tab(lazy("Dikerjakan"), (ParcelStatus.PROCESSING,)),
    "buat": Tab(lazy("Perlu dibuat"), (ParcelStatus.PROCESSING,), made=True),
    "kemas": Tab(lazy("Perlu dikemas"), (ParcelStatus.PROCESSING,), made=False),
    "dikemas": Tab(lazy("Siap diserahkan"), (ParcelStatus.PACKED,)),
    "jalan": Tab(lazy("Dalam perjalanan"), (ParcelStatus.SHIPPED, ParcelStatus.READY)),
    ALL: Tab(lazy("Semua")),
}
QUIET = {LATE, WORKED_ON}
"""Tabs that are shown only where there is something late, or when they are open."""
STEPS = {
    "terima": (services.accept_parcel, lazy("Pesanan diterima. Selamat bekerja.")),
    "kemas": (services.pack_parcel, lazy("Kiriman ditandai sudah dikemas.")),
    "siap": (services.ready_parcel, lazy("Pembeli diberi tahu bahwa barangnya siap diambil.")),
    "selesai": (services.finish_parcel, lazy("Kiriman selesai.")),
}


@bp.get("")
def index() -> ResponseReturnValue:
    """The board: one tab a step, the longest waiting first."""
    return board(request.args.get("tahap", ""), request.args.get("q", "").strip()[:40])


def board(chosen: str, search: str = "", *, wrong: str = "") -> str:
    """The board at a tab; `wrong` says what was not right about what was sent from it."""
    facility = own_facility()
    tab = chosen if chosen in TABS else "diterima"
    page = _everything(facility.id, search) if tab == ALL else _stage(facility.id, tab, search)
    return render_template(
        "orders_staff/index.html",
        page=page,
        steps=_tabs(tab, facility.id),
        tab=tab,
        mixed=len(TABS[tab].statuses) != 1,
        search=search,
        step=StepForm(),
        due_day=due_day,
        today=clock.today(),
        wrong=wrong,
    )


def _stage(facility_id: int, tab: str, search: str) -> Stretch:
    after = row_key(request.args.get("sebelum", ""))
    parcels, more = queries.parcels_of(
        facility_id,
        statuses=TABS[tab].statuses,
        search=search,
        late=tab == LATE,
        made=TABS[tab].made,
        after=after,
        limit=SIZE,
    )
    return Stretch(parcels, more, after, _address(tab))


def _everything(facility_id: int, search: str) -> Stretch:
    before = row_key(request.args.get("sebelum", ""))
    parcels, older = queries.all_parcels_of(facility_id, search=search, before=before, limit=SIZE)
    return Stretch(parcels, older, before, _address(ALL))


def _address(tab: str) -> str:
    """Where the board is when its page answers what was sent from it; else the address is as it is."""
    return "" if request.method == "GET" else f"/petugas/pesanan?tahap={tab}"


def _tabs(here: str, facility_id: int) -> list[dict[str, Any]]:
    """The steps of the board with how many parcels stand at each; "all" counts nothing.

    What is late has a tab of its own as long as there is something, before all others.
    """
    counts, late = queries.parcel_counts(facility_id), queries.late_parcels(facility_id)
    making = queries.parcels_to_make(facility_id)
    of_two = {True: making, False: counts.get(ParcelStatus.PROCESSING, 0) - making}
    return [
        {
            "label": tab.words,
            "href": f"/petugas/pesanan?tahap={key}",
            "count": late if key == LATE else _count(tab, counts, of_two),
            "current": key == here,
        }
        for key, tab in TABS.items()
        if key not in QUIET or key == here or (key == LATE and late)
    ]


def _count(tab: Tab, counts: dict[ParcelStatus, int], of_two: dict[bool, int]) -> int:
    if tab.made is not None:
        return of_two[tab.made]
    return sum(counts.get(status, 0) for status in tab.statuses)


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
            return redirect(_back(parcel_id), 303)
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
    """To the board or to the scanner when the button stood there, else to the parcel."""
    if request.form.get("kembali") == "pindai":
        return url_for(".scan")
    tab = request.form.get("tahap", "")
    return url_for(".index", tahap=tab) if tab in TABS else url_for(".show", parcel_id=parcel_id)


from storefront.orders.staff_views import many as _many  # noqa: E402  # they hang their doors on `bp`
from storefront.orders.staff_views import messages as _messages  # noqa: E402
from storefront.orders.staff_views import scan as _scan  # noqa: E402
from storefront.orders.staff_views import waybills as _waybills  # noqa: E402

__all__ = ["_many", "_messages", "_scan", "_waybills", "bp"]
