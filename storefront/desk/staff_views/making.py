"""The queue of a facility's workshops, and how many pieces a week each of them makes."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.errors import NotFound
from storefront.core.language import _
from storefront.desk.queries.making import benches, to_make
from storefront.facilities.staff_views import own_facility
from storefront.inventory.forms import CapacityForm
from storefront.inventory.services import set_capacity
from storefront.web.fields import row_key
from storefront.web.pagination import page_number

bp = Blueprint("making", __name__, url_prefix="/petugas/antrean")


@bp.get("")
def index() -> ResponseReturnValue:
    """What has to be made by when, and how full the weeks are."""
    return _page({})


@bp.post("/bengkel/<int:workshop_id>")
def capacity(workshop_id: int) -> ResponseReturnValue:
    """How many pieces a week a workshop makes, all its products together."""
    if workshop_id not in {bench.id for bench in benches(own_facility().id)}:
        raise NotFound
    form = CapacityForm(prefix=f"b{workshop_id}-")
    if form.validate():
        pieces = form.weekly_capacity.data
        set_capacity(own_facility().id, workshop_id, pieces, actor_id=current_user.id)
        flash(_("Kesanggupan bengkel disimpan. Janji yang sudah diberikan tetap berlaku."), "success")
        return redirect(url_for(".index"), 303)
    return _page({workshop_id: form})


def _page(sent: dict[int, CapacityForm]) -> tuple[str, int]:
    facility = own_facility()
    rooms = benches(facility.id)
    chosen = row_key(request.args.get("bengkel", ""))
    chosen = chosen if chosen in {room.id for room in rooms} else None
    page = to_make(facility.id, workshop_id=chosen, page=page_number(request.args.get("hal")))
    forms = {
        room.id: CapacityForm(formdata=None, prefix=f"b{room.id}-", weekly_capacity=room.weekly_capacity)
        for room in rooms
    } | sent
    html = render_template("desk/facility/making.html", page=page, rooms=rooms, forms=forms, chosen=chosen)
    return html, 422 if sent else 200
