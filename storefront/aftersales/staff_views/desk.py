"""What both desks do alike: the list of a tab, a step that may be refused, the photos."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from storefront.aftersales import services
from storefront.aftersales.forms import back_form, put_beside
from storefront.aftersales.queries import cases, words
from storefront.aftersales.services.filing import live_case
from storefront.core import clock
from storefront.core.errors import DomainError, Forbidden, Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.facilities.queries import facility_options
from storefront.orders.models import ParcelStatus
from storefront.orders.services import IllegalMove
from storefront.web.fields import row_key
from storefront.web.languages import to
from storefront.web.pagination import Stretch

LABELS = {
    "lapas": lazy("Menunggu Lapas"),
    "pembeli": lazy("Menunggu pembeli"),
    "kanwil": lazy("Menunggu Kanwil"),
    "jalan": lazy("Sedang dijalankan"),
    "selesai": lazy("Selesai"),
}


def listing(
    room: str, first: str, *, facility_id: int | None = None, place: int | None = None
) -> ResponseReturnValue:
    """A desk's list, one tab at a time; its own work is the first of them.

    `facility_id` is whose desk it is, None the office's; the office may ask for one `place` only.
    """
    chosen = request.args.get("tab", "")
    counts, kept = cases.counts(facility_id or place), f"&lapas={place}" if place else ""
    names = [first, *(name for name in cases.TABS if name != first)]
    busy = [name for name in names if counts[name] and name != "selesai"]
    tab = chosen if chosen in cases.TABS else busy[0] if place and busy else first
    after = row_key(request.args.get("sebelum", ""))
    rows, more = cases.cases_page(tab, facility_id=facility_id or place, after=after)
    tabs = [
        {
            "label": LABELS[name], "href": f"{room}?tab={name}{kept}", "current": name == tab,
            "count": counts[name] if name != "selesai" else 0,
        }
        for name in names
    ]  # fmt: skip
    return render_template(
        "aftersales/staff/index.html", page=Stretch(rows, more, after), tabs=tabs, room=room,
        with_facility=facility_id is None, facilities=[] if facility_id else facility_options(), place=place,
        tab=tab, now=clock.now(), problems=words.PROBLEMS,
    )  # fmt: skip


def take_back(room: str, parcel_id: int, facility_id: int | None = None) -> ResponseReturnValue:
    """A parcel on its way came back: why, and in what state its goods are. Then the office has a case."""
    parcel = cases.sent_parcel(parcel_id, facility_id)
    standing = live_case(parcel_id)
    if standing is not None:  # a button pressed twice, or two people at once
        return redirect(to(f"{room}/{standing.id}"), 303)
    if parcel.status is not ParcelStatus.SHIPPED:
        raise IllegalMove
    form = back_form(parcel)
    if form.validate_on_submit():
        try:
            case = services.come_back(parcel_id, current_user.id, form.back(), facility_id=facility_id)
        except Invalid as error:
            put_beside(form, error)
            parcel = cases.sent_parcel(parcel_id, facility_id)
        else:
            flash(_("Dicatat. Barangnya kembali ke stok; pembeli dan Kantor Wilayah diberi tahu."), "success")
            return redirect(to(f"{room}/{case.id}"), 303)
    html = render_template("aftersales/staff/back.html", form=form, parcel=parcel, room=room)
    return html, 422 if form.errors else 200


def step(
    form: FlaskForm, act: Callable[[], None], done: str, *, back: tuple[str, int],
    again: Callable[[FlaskForm, int], ResponseReturnValue],
) -> ResponseReturnValue:  # fmt: skip
    """Do a step and go back to the case (`back`: endpoint and id), or show it again with what is wrong."""
    status = 422
    if form.validate_on_submit():
        try:
            act()
        except Invalid as error:
            put_beside(form, error)
        except (NotFound, Forbidden):
            raise
        except DomainError as error:  # too late, or it cannot be done: what was typed stays
            form.form_errors.append(error.message)
            status = error.status
        else:
            flash(done, "success")
            return redirect(url_for(back[0], case_id=back[1]), 303)
    return again(form, status)


def words_of(**more: Any) -> dict[str, Any]:
    """What every page of a case needs to say what is what."""
    return {"problems": words.PROBLEMS, "wishes": words.WISHES, "now": clock.now(), **more}
