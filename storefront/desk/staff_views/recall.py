"""Recalls of food: the office finds a batch, stops it, and reaches everybody who has pieces of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.errors import Invalid
from storefront.core.language import _n
from storefront.desk.forms import RecallForm
from storefront.desk.queries import recall as queries
from storefront.orders.services.recall import recall
from storefront.web.fields import blame
from storefront.web.pagination import page_number

bp = Blueprint("recalls", __name__, url_prefix="/kanwil/batch")


@bp.get("")
def index() -> ResponseReturnValue:
    """Every batch, to be found by its code or product."""
    words = " ".join(request.args.get("q", "").replace("\0", "").split())[:80]
    page = queries.batches(words, page_number(request.args.get("hal")))
    return render_template("desk/batches.html", page=page, words=words)


@bp.route("/<int:batch_id>", methods=["GET", "POST"])
def show(batch_id: int) -> ResponseReturnValue:
    """One batch: who has pieces of it, and the recall."""
    batch = queries.batch(batch_id)
    form = RecallForm(data={"reason": batch.blocked_reason})
    if form.validate_on_submit():
        try:
            more = recall(batch_id, form.reason.data, form.advice.data, actor_id=current_user.id)
            flash(_n("Batch diblokir; %(n)s pembeli disurati.", more), "success")
            return redirect(url_for(".show", batch_id=batch_id), 303)
        except Invalid as error:
            blame(form, error)
    shown = {"batch": batch, "buyers": queries.buyers(batch_id), "form": form}
    return render_template("desk/batch.html", **shown), 422 if form.errors else 200
