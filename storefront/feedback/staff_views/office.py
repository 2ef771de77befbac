"""The regional office reads every review and every thank-you before anybody else does."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.language import _
from storefront.feedback.forms import DecisionForm
from storefront.feedback.models import NoteStatus, Review, ReviewStatus, ThankYouNote
from storefront.feedback.queries import desks
from storefront.feedback.services import approve_note, concerns, publish_review, reject_note, reject_review
from storefront.web.pagination import Page, page_number

bp = Blueprint("opinions_office", __name__, url_prefix="/kanwil/ulasan")


@bp.get("")
def index() -> ResponseReturnValue:
    """Reviews: what waits first; what was decided can be looked at and decided anew."""
    return _reviews(DecisionForm(formdata=None))


@bp.post("/<int:review_id>/tayangkan")
def publish(review_id: int) -> ResponseReturnValue:
    """Show a review at its product."""
    publish_review(review_id, current_user.id)
    flash(_("Ulasan tayang di halaman produknya."), "success")
    return redirect(url_for("opinions_office.index"), 303)


@bp.post("/<int:review_id>/tolak")
def reject(review_id: int) -> ResponseReturnValue:
    """Do not show a review, saying why."""
    form = DecisionForm()
    if not form.validate():
        return _reviews(form, desks.review(review_id))
    reject_review(review_id, current_user.id, form.reason.data)
    flash(_("Ulasan tidak ditayangkan."), "success")
    return redirect(url_for("opinions_office.index"), 303)


@bp.get("/terima-kasih")
def notes() -> ResponseReturnValue:
    """Thanks to workshops: what waits for a look."""
    return _notes(DecisionForm(formdata=None))


@bp.post("/terima-kasih/<int:note_id>/teruskan")
def approve(note_id: int) -> ResponseReturnValue:
    """Let a note go to its facility."""
    approve_note(note_id, current_user.id)
    flash(_("Ucapan diteruskan ke Lapasnya."), "success")
    return redirect(url_for("opinions_office.notes"), 303)


@bp.post("/terima-kasih/<int:note_id>/tahan")
def keep_back(note_id: int) -> ResponseReturnValue:
    """Keep a note back, saying why."""
    form = DecisionForm()
    if not form.validate():
        return _notes(form, desks.note(note_id))
    reject_note(note_id, current_user.id, form.reason.data)
    flash(_("Ucapan tidak diteruskan."), "success")
    return redirect(url_for("opinions_office.notes"), 303)


def _reviews(form: DecisionForm, about: Review | None = None) -> ResponseReturnValue:
    return _page("reviews", ReviewStatus, desks.reviews_page, form, about)


def _notes(form: DecisionForm, about: ThankYouNote | None = None) -> ResponseReturnValue:
    return _page("notes", NoteStatus, desks.notes_page, form, about)


def _page(
    kind: str,
    statuses: type[StrEnum],
    rows_of: Callable[[Any, int], tuple[list[Any], int]],
    form: DecisionForm,
    about: Any,
) -> ResponseReturnValue:
    """The list of one status, first of all what waits; a refused form stands alone with what it is about."""
    wanted = request.args.get("status", "")
    status = statuses(wanted if wanted in set(statuses) else "pending")
    number = page_number(request.args.get("hal"))
    if about is None:
        rows, total = rows_of(status, number)
    else:
        rows, total, number, status = [about], 1, 1, about.status
    html = render_template(
        f"feedback/staff/{kind}.html",
        page=Page(rows, number, desks.SIZE, total),
        status=status.value,
        statuses=[one.value for one in statuses],
        to_do=desks.office_to_do(),
        concerns={row.id: concerns(row.words) for row in rows},
        form=form,
        about=about.id if about else None,
    )
    return html, 422 if form.errors else 200
