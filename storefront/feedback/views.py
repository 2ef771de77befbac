"""Complaints: how to make one, the form, and the reference that the sender keeps."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.facilities.queries import facility_options
from storefront.feedback.forms import ComplaintForm
from storefront.feedback.models import ComplaintTopic
from storefront.feedback.services import file_complaint
from storefront.web import meta
from storefront.web.fields import blame
from storefront.web.limits import limiter

bp = Blueprint("complaints", __name__, url_prefix="/pengaduan")
FILED = "pengaduan"
"""Where the session remembers the reference, for the page that confirms it to nobody else."""


@bp.get("")
def show() -> ResponseReturnValue:
    """How to complain, and the form; an order page gives its number along (`?pesanan=`)."""
    meta.describe(index=True)  # whoever looks for where to complain shall find it
    form = _form()
    form.order_number.data = request.args.get("pesanan", "").replace("\0", "").strip()[:24]
    return _page(form)


@bp.post("")
@limiter.limit("6 per minute; 30 per hour")
def file() -> ResponseReturnValue:
    """Take a complaint."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form)
    try:
        complaint = file_complaint(
            name=form.name.data,
            topic=ComplaintTopic(form.topic.data),
            text=form.text.data,
            phone=form.phone.data or "",
            email=form.email.data or "",
            order_number=form.order_number.data or "",
            facility_id=form.facility_id.data,
        )
    except Invalid as error:
        blame(form, error)
        return _page(form)
    session[FILED] = complaint.reference
    return redirect(url_for("complaints.filed"), 303)


@bp.get("/diterima")
def filed() -> ResponseReturnValue:
    """The reference of what was just sent; without one, back to the form."""
    reference = session.get(FILED)
    if not reference:
        return redirect(url_for("complaints.show"), 303)
    return render_template("feedback/filed.html", reference=reference)


def _form() -> ComplaintForm:
    form = ComplaintForm()
    form.facility_id.offer([("", _("Tidak tahu, atau bukan tentang satu Lapas")), *facility_options()])
    return form


def _page(form: ComplaintForm) -> ResponseReturnValue:
    return render_template("feedback/complaint.html", form=form), 422 if form.errors else 200
