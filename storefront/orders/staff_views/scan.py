"""A parcel's code, scanned or typed, brings up its next step; nothing moves before that is confirmed."""

from flask import render_template
from flask.typing import ResponseReturnValue

from storefront.core.language import _, lazy
from storefront.facilities.staff_views import own_facility
from storefront.orders import queries
from storefront.orders.forms import ScanForm, ShipForm
from storefront.orders.models import DeliveryMethod, Parcel, ParcelStatus
from storefront.orders.staff_views import bp

NEXT = {
    ParcelStatus.WAITING: ("terima", lazy("Terima pesanan"), lazy("Pesanan ini akan ditandai diterima.")),
    ParcelStatus.PROCESSING: (
        "kemas",
        lazy("Sudah dikemas"),
        lazy("Kiriman ini akan ditandai sudah dikemas."),
    ),
}
READY = ("siap", lazy("Siap diambil"), lazy("Pembeli akan diberi tahu bahwa barangnya siap diambil."))


@bp.route("/pindai", methods=["GET", "POST"])
def scan() -> ResponseReturnValue:
    """Where a code is scanned; with a code, the parcel and what will happen to it."""
    place, form, parcel = own_facility(), ScanForm(), None
    if form.validate_on_submit():
        parcel = queries.parcel_by_code(place.id, form.code.data)
        if parcel is None:
            form.code.errors = [_("Tidak ada kiriman dengan kode ini di Lapas Anda.")]
    shown = {
        "form": ScanForm(formdata=None) if parcel else form,
        "parcel": parcel,
        "next": _next(parcel) if parcel else None,
        "sending": ShipForm(formdata=None),
    }
    return render_template("orders_staff/scan.html", **shown), 422 if form.errors else 200


def _next(parcel: Parcel) -> tuple[str, object, object] | None:
    """The step that a button takes: its address, the button's words, what will happen; None without one."""
    if parcel.status is ParcelStatus.PACKED and parcel.method is DeliveryMethod.PICKUP:
        return READY
    return NEXT.get(parcel.status)
