"""The board's chosen parcels: accepted together, or all their papers in one file."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.errors import NotFound
from storefront.core.language import _, _n
from storefront.facilities.staff_views import own_facility
from storefront.orders.forms import StepForm
from storefront.orders.services import Actor
from storefront.orders.services.board import accept_many
from storefront.orders.staff_views import TABS, board, bp
from storefront.web.fields import sent_ids

MOST = 60
"""So many are taken at once; a page of the board shows fewer."""


@bp.post("/banyak")
def many() -> ResponseReturnValue:
    """Accept or print what is ticked."""
    act, tab = request.form.get("langkah", ""), request.form.get("tahap", "")
    if act not in {"terima", "cetak"} or not StepForm().validate_on_submit():
        raise NotFound
    ids = sent_ids(request.form.getlist("kiriman")[:MOST])
    if not ids:
        return board(tab, wrong=_("Centang dahulu kiriman yang dimaksud.")), 422
    if act == "cetak":
        return redirect(url_for("documents_staff.papers", paper="berkas", kiriman=ids), 303)
    done, left = accept_many(own_facility().id, ids, Actor(current_user.id))
    if done:
        flash(_n("%(n)s pesanan diterima. Selamat bekerja.", done), "success")
    if left:
        flash(_("Tidak menunggu lagi: %(codes)s.", codes=", ".join(left)), "warning")
    return redirect(url_for(".index", tahap=tab if tab in TABS else None), 303)
