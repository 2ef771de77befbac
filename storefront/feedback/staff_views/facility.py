"""A facility reads what was published about its things, answers it, and hands over the thanks."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.errors import Invalid
from storefront.core.language import _, _n
from storefront.facilities.staff_views import own_facility
from storefront.feedback.forms import AnswerForm
from storefront.feedback.models import Review
from storefront.feedback.queries import desks
from storefront.feedback.services import answer_review, hand_over
from storefront.web.fields import blame, sent_ids
from storefront.web.pagination import Page, page_number

bp = Blueprint("opinions", __name__, url_prefix="/petugas")


@bp.get("/ulasan")
def index() -> ResponseReturnValue:
    """The facility's published reviews."""
    return _page(AnswerForm(formdata=None))


@bp.post("/ulasan/<int:review_id>/jawab")
def answer(review_id: int) -> ResponseReturnValue:
    """Answer a review in public, or take the answer back."""
    facility_id = own_facility().id
    review = desks.own_review(facility_id, review_id)
    form = AnswerForm()
    if form.validate():
        try:
            answer_review(facility_id, review_id, current_user.id, form.answer.data)
            flash(_("Jawaban tayang.") if form.answer.data else _("Jawaban ditarik."), "success")
            return redirect(url_for("opinions.index"), 303)
        except Invalid as error:
            blame(form, error)
    return _page(form, review)


@bp.get("/terima-kasih")
def notes() -> ResponseReturnValue:
    """The thanks that may be printed and handed over."""
    facility = own_facility()
    return render_template(
        "feedback/staff/batch.html",
        facility=facility,
        batch=desks.batch_of(facility.id),
        before=desks.handed_over(facility.id),
    )


@bp.post("/terima-kasih")
def hand_over_batch() -> ResponseReturnValue:
    """The printed notes were handed over: these, and none that came in meanwhile."""
    given = hand_over(own_facility().id, sent_ids(request.form.getlist("note")[: desks.BATCH]))
    flash(_n("%(n)s ucapan ditandai sudah diserahkan.", given), "success")
    return redirect(url_for("opinions.notes"), 303)


def _page(form: AnswerForm, about: Review | None = None) -> ResponseReturnValue:
    """The facility's reviews; a refused answer stands alone with the review that it is about."""
    facility = own_facility()
    number, unanswered = page_number(request.args.get("hal")), request.args.get("belum") == "1"
    rows, total = ([about], 1) if about else desks.own_reviews(facility.id, number, unanswered=unanswered)
    html = render_template(
        "feedback/staff/own_reviews.html",
        page=Page(rows, number, desks.SIZE, total),
        unanswered=unanswered,
        to_do=desks.facility_to_do(facility.id),
        form=form,
        about=about.id if about else None,
    )
    return html, 422 if form.errors else 200
