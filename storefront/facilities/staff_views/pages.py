"""The regional office looks at what facilities want to say in public."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.db import found
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _
from storefront.facilities.forms import ReturnForm
from storefront.facilities.models import PageChange, PageChangeStatus
from storefront.facilities.queries import waiting_pages
from storefront.facilities.services.pages import Overtaken, approve_page, page_words, return_page
from storefront.web.fields import blame

bp = Blueprint("pages_office", __name__, url_prefix="/kanwil/lapas/usulan")


@bp.get("")
def index() -> ResponseReturnValue:
    """What waits, the oldest first."""
    return render_template("facilities/office/proposals.html", rows=waiting_pages())


@bp.get("/<int:change_id>")
def show(change_id: int) -> ResponseReturnValue:
    """What stands there now, and what should."""
    return _page(change_id)


@bp.post("/<int:change_id>/setujui")
def approve(change_id: int) -> ResponseReturnValue:
    """Let it be shown."""
    try:
        approve_page(change_id, seen=_seen(), by_id=current_user.id)
    except DomainError as error:
        if error.status == NotFound.status:
            raise
        flash(error.message, "error")
        return redirect(url_for(".show", change_id=change_id), 303)
    flash(_("Disetujui. Halaman Lapas sudah memuatnya."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/<int:change_id>/kembalikan")
def send_back(change_id: int) -> ResponseReturnValue:
    """Say what should be different."""
    form = ReturnForm()
    if form.validate():
        try:
            return_page(change_id, form.comment.data, seen=_seen(), by_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Dikembalikan. Kepala Lapas melihat alasannya."), "success")
            return redirect(url_for(".index"), 303)
    return _page(change_id, form)


def _seen() -> datetime:
    """What was looked at. Raises Overtaken for anything else."""
    try:
        return datetime.fromisoformat(request.form.get("seen", ""))
    except ValueError as error:
        raise Overtaken from error


def _page(change_id: int, form: ReturnForm | None = None) -> tuple[str, int]:
    change = found(PageChange, change_id)
    now = page_words(change.facility)
    html = render_template(
        "facilities/office/proposal.html",
        change=change,
        waits=change.status is PageChangeStatus.WAITING,
        now={row["id"]: row for row in now["workshops"]},
        story=now["story"],
        form=form or ReturnForm(formdata=None),
    )
    return html, 422 if form else 200
