"""Complaints on the office's desk: who wrote is seen here and nowhere else."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core import clock
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.feedback.forms import TOPIC_WORDS, ComplaintAnswerForm
from storefront.feedback.models import Complaint, ComplaintStatus
from storefront.feedback.queries import desks
from storefront.feedback.services import answer_complaint, close_complaint
from storefront.web.fields import blame
from storefront.web.pagination import Page, page_number

bp = Blueprint("complaints_office", __name__, url_prefix="/kanwil/pengaduan")


@bp.get("")
def index() -> ResponseReturnValue:
    """What waits, the longest waiting first; or what was answered or closed."""
    wanted = request.args.get("status", "")
    status = ComplaintStatus(wanted) if wanted in set(ComplaintStatus) else ComplaintStatus.OPEN
    number = page_number(request.args.get("hal"))
    rows, total = desks.complaints_page(status, number)
    today = clock.today()
    return render_template(
        "feedback/staff/complaints.html",
        page=Page(rows, number, desks.SIZE, total),
        status=status.value,
        statuses=[one.value for one in ComplaintStatus],
        counts=desks.complaint_counts(),
        ages={row.id: (today - clock.local(row.created_at).date()).days for row in rows},
        topics=TOPIC_WORDS,
    )


@bp.get("/<int:complaint_id>")
def show(complaint_id: int) -> ResponseReturnValue:
    """One complaint with all that was said."""
    return _page(complaint_id, ComplaintAnswerForm())


@bp.post("/<int:complaint_id>/jawab")
def answer(complaint_id: int) -> ResponseReturnValue:
    """Answer it."""
    form = ComplaintAnswerForm()
    if form.validate():
        try:
            answer_complaint(complaint_id, current_user.id, form.answer.data)
            flash(_how_it_arrives(desks.complaint(complaint_id)), "success")
            return redirect(url_for("complaints_office.show", complaint_id=complaint_id), 303)
        except Invalid as error:
            blame(form, error)
    return _page(complaint_id, form)


@bp.post("/<int:complaint_id>/tutup")
def close(complaint_id: int) -> ResponseReturnValue:
    """Close it for good."""
    close_complaint(complaint_id, current_user.id)
    flash(_("Pengaduan ditutup."), "success")
    return redirect(url_for("complaints_office.show", complaint_id=complaint_id), 303)


def _how_it_arrives(complaint: Complaint) -> str:
    """What the office has to do for its answer to be read."""
    if complaint.mail_to:
        return _("Jawaban disimpan dan dikirim lewat e-mail.")
    if complaint.phone:
        return _("Jawaban disimpan. Sampaikan lewat WhatsApp: pengirim tidak memberi e-mail.")
    return _("Jawaban disimpan. Pengirim sudah menghapus datanya, jadi tidak ada yang menerimanya.")


def _page(complaint_id: int, form: ComplaintAnswerForm) -> ResponseReturnValue:
    html = render_template(
        "feedback/staff/complaint.html",
        complaint=desks.complaint(complaint_id),
        form=form,
        topics=TOPIC_WORDS,
    )
    return html, 422 if form.errors else 200
