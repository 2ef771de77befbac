"""Pieces that are carried, that broke or were given away; places of a facility; what nobody buys."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.catalog.queries import staff
from storefront.catalog.queries.slow import PERIODS, USUAL, slow_stock
from storefront.catalog.staff_views.stock import bp, done, offer_places, page_of, written
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _, _n
from storefront.facilities.staff_views import own_facility
from storefront.inventory.forms import (
    PLACE_WORDS,
    LimitForm,
    OutForm,
    PlaceForm,
    PlaceNameForm,
    TransferForm,
)
from storefront.inventory.models import LocationKind, Reason
from storefront.inventory.queries import places
from storefront.inventory.services import name_place, open_place, set_limit, take_out, transfer
from storefront.web.fields import blame, row_key
from storefront.web.pagination import page_number


@bp.post("/<int:variant_id>/pindah")
def carry(variant_id: int) -> ResponseReturnValue:
    """Pieces go to another place of the facility."""
    row = staff.stock_row(own_facility().id, variant_id)
    form = TransferForm(prefix="pindah-")
    offer_places(places(own_facility().id), form.from_id, form.to_id)
    ways = {"from_id": form.from_id.data, "to_id": form.to_id.data, "once": form.once.data}
    if written(row, form, partial(transfer, **ways)):
        return done(row, _n("%(n)s buah %(title)s dipindahkan.", form.quantity.data, title=row.title))
    return page_of(variant_id, moving=form)


@bp.post("/<int:variant_id>/keluar")
def give_out(variant_id: int) -> ResponseReturnValue:
    """Pieces broke, are lost, or were given away."""
    row = staff.stock_row(own_facility().id, variant_id)
    form = OutForm(prefix="keluar-")
    offer_places(places(own_facility().id), form.place_id)
    why: dict[str, Any] = {"reason": Reason(form.reason.data)} if form.validate() else {}
    if written(row, form, partial(take_out, place_id=form.place_id.data, once=form.once.data, **why)):
        return done(row, _n("%(n)s buah %(title)s dicatat keluar.", form.quantity.data, title=row.title))
    return page_of(variant_id, leaving=form)


@bp.post("/<int:variant_id>/batas")
def limit(variant_id: int) -> ResponseReturnValue:
    """From how many pieces on the variant is said to run out."""
    row = staff.stock_row(own_facility().id, variant_id)
    form = LimitForm(prefix="batas-")
    if form.validate():
        set_limit(own_facility().id, variant_id, form.low_at.data, actor_id=current_user.id)
        return done(row, _("Batas stok disimpan."))
    return page_of(variant_id, limit=form)


@bp.get("/tempat")
def rooms() -> ResponseReturnValue:
    """Where the facility's things lie."""
    return _rooms()


@bp.post("/tempat")
def add_room() -> ResponseReturnValue:
    """Another place."""
    form = PlaceForm(prefix="baru-")
    if form.validate():
        try:
            kind = LocationKind(form.kind.data)
            open_place(own_facility().id, form.name.data, kind, actor_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Tempat ditambahkan."), "success")
            return redirect(url_for(".rooms"), 303)
    return _rooms(added=form)


@bp.post("/tempat/<int:place_id>")
def rename_room(place_id: int) -> ResponseReturnValue:
    """A place gets another name."""
    if place_id not in {row.id for row in places(own_facility().id)}:
        raise NotFound
    form = PlaceNameForm(prefix=f"t{place_id}-")
    if form.validate():
        try:
            name_place(own_facility().id, place_id, form.name.data, actor_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Nama tempat disimpan."), "success")
            return redirect(url_for(".rooms"), 303)
    return _rooms(changed={place_id: form})


@bp.get("/belum-laku")
def slow() -> ResponseReturnValue:
    """What lies there and nobody buys."""
    asked = row_key(request.args.get("hari", "")) or USUAL
    days = asked if asked in PERIODS else USUAL
    found = slow_stock(own_facility().id, days, page_number(request.args.get("hal")))
    return render_template(
        "inventory_staff/slow.html", slow=found, page=found.page, days=days, periods=PERIODS
    )


def _rooms(added: PlaceForm | None = None, changed: dict[int, Any] | None = None) -> tuple[str, int]:
    rows = places(own_facility().id)
    forms = {row.id: PlaceNameForm(formdata=None, prefix=f"t{row.id}-", name=row.name) for row in rows}
    forms |= {key: form for key, form in (changed or {}).items() if key in forms}
    html = render_template(
        "inventory_staff/places.html",
        rows=rows,
        forms=forms,
        added=added or PlaceForm(formdata=None, prefix="baru-"),
        words=PLACE_WORDS,
    )
    return html, 422 if added or changed else 200
