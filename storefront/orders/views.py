"""What a buyer says back from the page of their order: a review of a thing, thanks to its workshop."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.feedback.forms import STAR_WORDS, NoteForm, ReviewForm
from storefront.feedback.models import NOBODY, shown_author
from storefront.feedback.queries.written import reviewed, thanked
from storefront.feedback.services import MAX_PHOTOS, names_to_show, submit_note, submit_review
from storefront.orders.queries import received_line
from storefront.web.fields import blame
from storefront.web.limits import limiter

bp = Blueprint("orders", __name__, url_prefix="/pesanan/<token>")


@bp.route("/ulasan/<int:line_id>", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
def review(token: str, line_id: int) -> ResponseReturnValue:
    """Say what a bought thing is like: stars, words, photos, under a shortened name or none."""
    purchase, line = received_line(token, line_id)
    form = ReviewForm()
    form.author.offer([(name, shown_author(name)) for name in names_to_show(line.order.customer_name)])
    if not form.is_submitted():
        form.author.data = NOBODY  # whoever wants to be named says so
    there = reviewed([line_id]).get(line_id)
    if there is None and form.validate_on_submit():
        try:
            submit_review(
                purchase,
                rating=int(form.rating.data),
                text=form.text.data,
                author=form.author.data,
                photos=form.sent_photos(),
            )
            return _thanks(token, _("Terima kasih. Ulasan Anda tayang setelah dibaca Kantor Wilayah."))
        except Invalid as error:
            blame(form, error if "" not in error.errors else Invalid({"photos": error.message}))
    form.ask_for_photos_again()
    html = render_template(
        "orders/review.html",
        form=form,
        token=token,
        line=line,
        there=there,
        most=MAX_PHOTOS,
        words=STAR_WORDS,
    )
    return html, 422 if form.errors else 200


@bp.route("/terima-kasih/<int:line_id>", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
def thank(token: str, line_id: int) -> ResponseReturnValue:
    """Thank the workshop: one way, without a name, read by the office before it is handed over."""
    purchase, line = received_line(token, line_id)
    form = NoteForm()
    there = thanked([line_id]).get(line_id)
    if there is None and form.validate_on_submit():
        try:
            submit_note(purchase, form.text.data)
            return _thanks(token, _("Terima kasih. Ucapan Anda diserahkan ke bengkelnya setelah diperiksa."))
        except Invalid as error:
            blame(form, error)
    html = render_template("orders/thanks.html", form=form, token=token, line=line, there=there)
    return html, 422 if form.errors else 200


def _thanks(token: str, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("checkout.order", token=token), 303)
