"""Changes of products on sale, as the regional office decides them: one by one, many at once, asked for."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.catalog.forms import ReasonForm
from storefront.catalog.models import ChangeStatus, ProductChange, ProductStatus
from storefront.catalog.queries import changes as queries
from storefront.catalog.queries import curation as products
from storefront.catalog.queries.preview import preview_of, preview_staged
from storefront.catalog.queries.queues import AGES
from storefront.catalog.services.at_once import approve_from_queue, photos_of, unseen
from storefront.catalog.services.changes import (
    CHANGE_WORDS,
    approve_change,
    request_change,
    return_change,
)
from storefront.catalog.services.diffs import PART_WORDS, PARTS, document, laid_over
from storefront.catalog.services.staging_photos import pictures_of
from storefront.catalog.services.wordcheck import check_words
from storefront.catalog.staff_views.curation import bp, remarks_of
from storefront.catalog.staff_views.past import steps_of
from storefront.catalog.staff_views.queues import Result, days_since, decide_many, wanted
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.web.fields import blame
from storefront.web.pagination import page_number


@bp.get("/perubahan")
def changes() -> ResponseReturnValue:
    """What waits, the longest waiting first."""
    asked = wanted()
    page = queries.waiting_changes(page_number(request.args.get("hal")), asked)
    waiting = unseen([key for one in page.items for key in photos_of(one)])
    return render_template(
        "catalog_staff/changes.html",
        page=page,
        wanted=asked,
        makers=queries.makers_waiting(),
        waits=AGES,
        ages={one.id: days_since(one.submitted_at) for one in page.items},
        parts={one.id: queries.parts_of(one) for one in page.items},
        unseen={one.id for one in page.items if waiting & {*photos_of(one)}},
    )


@bp.post("/perubahan/setujui")
def approve_many() -> ResponseReturnValue:
    """Approve the marked changes, each on its own, and say of each what became of it."""
    return decide_many(
        "curation.changes",
        _approve,
        nothing=_("Tandai sedikitnya satu perubahan."),
        heading=_("Perubahan produk"),
    )


def _approve(change_id: int, seen: str) -> Result:
    href, title = url_for("curation.change", change_id=change_id), ""
    try:
        title = queries.change_for_office(change_id).product.title
        approve_from_queue(change_id, current_user.id, int(seen) if seen.isdecimal() else 0)
    except DomainError as error:
        return Result(change_id, href, title, is_done=False, words=str(error))
    return Result(change_id, href, title, is_done=True, words=_("Disetujui; toko sudah menampilkannya."))


@bp.get("/perubahan/<int:change_id>")
def change(change_id: int) -> ResponseReturnValue:
    """One change: what was and what is meant, and the product as buyers would see it."""
    return _page(change_id, ReasonForm(formdata=None))


@bp.post("/perubahan/<int:change_id>/setujui")
def approve(change_id: int) -> ResponseReturnValue:
    """Let a change into the shop, as long as it is what was looked at."""
    title = queries.change_for_office(change_id).product.title
    try:
        approve_change(change_id, current_user.id, seen=_seen())
    except DomainError as error:
        flash(str(error), "error")
        return redirect(url_for("curation.change", change_id=change_id), 303)
    return _decided(_("Perubahan “%(title)s” disetujui; toko sudah menampilkannya.", title=title))


@bp.post("/perubahan/<int:change_id>/kembalikan")
def send_change_back(change_id: int) -> ResponseReturnValue:
    """Send a change back with a comment and the parts that are meant."""
    title = queries.change_for_office(change_id).product.title
    form = ReasonForm()
    if form.validate():
        try:
            marked = request.form.getlist("marked")
            return_change(change_id, current_user.id, form.reason.data, marked, seen=_seen())
            return _decided(_("Perubahan “%(title)s” dikembalikan dengan catatan Anda.", title=title))
        except Invalid as error:
            blame(form, error)
    return _page(change_id, form)


@bp.route("/<int:product_id>/minta-perubahan", methods=["GET", "POST"])
def ask(product_id: int) -> ResponseReturnValue:
    """Ask a facility to change a product, which stays on sale meanwhile."""
    product = products.product_for_curation(product_id)
    form = ReasonForm()
    if form.is_submitted() and form.validate():
        try:
            request_change(product_id, current_user.id, form.reason.data, request.form.getlist("marked"))
            flash(_("Permintaan dikirim ke %(facility)s.", facility=product.facility.name), "success")
            return redirect(url_for("curation.show", product_id=product_id), 303)
        except Invalid as error:
            blame(form, error)
    html = render_template(
        "catalog_staff/ask.html",
        product=product,
        form=form,
        parts=[(name, PART_WORDS[name]) for name in PARTS if name != "forms"],
        marked=request.form.getlist("marked"),
        is_live=product.status is ProductStatus.PUBLISHED,
    )
    return html, 422 if form.errors else 200


def _seen() -> int | None:
    text = request.form.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _decided(message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("curation.changes"), 303)


def _page(change_id: int, form: ReasonForm) -> tuple[str, int]:
    change = queries.change_for_office(change_id)
    product, parts = change.product, queries.parts_of(change)
    waits = change.status is ChangeStatus.SUBMITTED
    html = render_template(
        "catalog_staff/change.html",
        change=change,
        product=product,
        form=form,
        parts=parts,
        moved=[part.label for part in parts if part.has_moved],
        marked=request.form.getlist("marked"),
        look=_look(change) if waits else preview_of(product),
        remarks=remarks_of(check_words(change.fields)) if waits else [],
        waits=waits,
        is_live=product.status is ProductStatus.PUBLISHED,
        change_words=CHANGE_WORDS,
        change_steps=steps_of(product.id, url_for("curation.change", change_id=change.id)),
        part_words=PART_WORDS,
        choices=[(part.name, part.label) for part in parts],
    )
    return html, 422 if form.errors else 200


def _look(change: ProductChange) -> object:
    whole = laid_over(document(change.product), change.fields)
    return preview_staged(change.product, whole, pictures_of(whole["photos"]))
