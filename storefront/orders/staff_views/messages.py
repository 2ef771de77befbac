"""Messages to buyers from templates, and the head's own words for them."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.core.phone import whatsapp_link
from storefront.facilities.staff_views import own_facility
from storefront.orders import queries
from storefront.orders.forms import StepForm, WordsForm
from storefront.orders.services import Actor
from storefront.orders.services.messages import (
    FIELDS,
    KINDS,
    Told,
    Way,
    messages_for,
    save_words,
    sent_by_email,
    tell,
    words_of,
)
from storefront.orders.staff_views import bp
from storefront.web.fields import blame, row_key
from storefront.web.formats import moment


@bp.route("/<int:parcel_id>/pesan", methods=["GET", "POST"])
def message(parcel_id: int) -> ResponseReturnValue:
    """What can be told about a parcel; the buyer's number is shown only as the link that was asked for."""
    facility, link = own_facility(), ""
    if request.method == "POST":
        way = request.form.get("lewat", "")
        if way not in set(Way) or not StepForm().validate_on_submit():
            abort(404)
        kind = request.form.get("jenis", "")
        times = row_key(request.form.get("sudah", "")) or 0
        told = tell(facility.id, parcel_id, kind, Way(way), Actor(current_user.id), times=times)
        if way == Way.EMAIL:
            _say(told)
            return redirect(url_for(".message", parcel_id=parcel_id), 303)
        link = whatsapp_link(queries.parcel_of(facility.id, parcel_id).order.phone, told.text)
    parcel = queries.parcel_of(facility.id, parcel_id)
    shown = {"parcel": parcel, "messages": messages_for(parcel), "link": link, "step": StepForm()}
    return render_template("orders_staff/message.html", **shown, sent=sent_by_email(parcel.id))


def _say(told: Told) -> None:
    """Whether the letter goes, or went before."""
    if told.before is None:
        flash(_("Pesan dikirim lewat e-mail."), "success")
    else:
        when = moment(told.before)
        flash(_("Tidak dikirim lagi: pesan ini sudah dikirim lewat e-mail pada %(when)s.", when=when), "info")


@bp.route("/pesan", methods=["GET", "POST"])
def words() -> ResponseReturnValue:
    """The facility's own words for each kind of message; empty ones are the shop's."""
    facility, form = own_facility(), WordsForm()
    if form.validate_on_submit():
        try:
            save_words(facility.id, form.kind.data, form.body.data or "", actor_id=current_user.id)
            flash(_("Kata-katanya tersimpan."), "success")
            return redirect(url_for(".words"), 303)
        except Invalid as error:
            blame(form, error)
    shown = {"kinds": KINDS, "own": words_of(facility.id), "fields": FIELDS, "sent": form}
    return render_template("orders_staff/words.html", **shown), 422 if form.errors else 200
