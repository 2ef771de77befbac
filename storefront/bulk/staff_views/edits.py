"""Many prices, stocks or statuses at once: ticked in a list, looked at, confirmed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.bulk.forms import EditForm
from storefront.bulk.queries.lists import listed
from storefront.bulk.services.edits import MOST, PRICES, STOCKS, Change, Kind, Moved, apply_edit, leaps, plan
from storefront.catalog.models import ProductStatus
from storefront.catalog.services import STATUS_WORDS
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, _n
from storefront.core.money import rupiah
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import blame, sent_ids
from storefront.web.formats import number
from storefront.web.pagination import page_number

bp = Blueprint("bulk_edits", __name__, url_prefix="/petugas/ubah-banyak")


@bp.get("")
def index() -> ResponseReturnValue:
    """The own things, to be ticked."""
    return _list(EditForm(formdata=None), [])


@bp.post("/periksa")
def look() -> ResponseReturnValue:
    """What would change, line by line; nothing does yet."""
    form, ids = EditForm(), sent_ids(request.form.getlist("barang"))
    asked = form.asked()
    if asked is None:
        return _list(form, ids)
    try:
        return _confirmation(form, asked[0], plan(own_facility().id, *asked, ids))
    except Invalid as error:
        blame(form, error)
        return _list(form, ids)


@bp.post("/simpan")
def save() -> ResponseReturnValue:
    """Do what was shown, all of it or nothing."""
    form = EditForm()
    asked = form.asked()
    if asked is None:
        return _list(form, [])
    marks = request.form.getlist("perubahan")
    facility_id = own_facility().id
    try:
        done = apply_edit(facility_id, current_user.id, *asked, marks=marks, once=form.once.data or "")
    except (Moved, Invalid) as error:
        ids = sent_ids(mark.partition(":")[0] for mark in marks)
        return _again(form, asked, ids, error)
    flash(_n("%(n)s perubahan tersimpan.", len(done)), "success")
    return redirect(url_for(".index"), 303)


def _again(
    form: EditForm, asked: tuple[Kind, int | None], ids: list[int], error: DomainError
) -> ResponseReturnValue:
    """The confirmation once more, as things are now."""
    try:
        changes = plan(own_facility().id, *asked, ids)
    except Invalid as refused:
        blame(form, refused)
        return _list(form, ids)
    return _confirmation(form, asked[0], changes, error.message)


def _list(form: EditForm, ticked: list[int]) -> ResponseReturnValue:
    words = request.values.get("q", "").replace("\0", "").strip()[:80]
    asked = request.values.get("status", "")
    status = ProductStatus(asked) if asked in set(ProductStatus) else None
    page = listed(own_facility().id, words=words, status=status, page=page_number(request.args.get("hal")))
    html = render_template(
        "bulk/edit.html", form=form, page=page, ticked=ticked, words=words, chosen=status, most=MOST,
        status_words=STATUS_WORDS,
    )  # fmt: skip
    return html, 422 if form.errors or form.form_errors else 200


def _confirmation(form: EditForm, kind: Kind, changes: list[Change], error: str = "") -> ResponseReturnValue:
    html = render_template(
        "bulk/confirm.html", form=form, error=error, shown=lambda value: _shown(kind, value),
        changes=[change for change in changes if not change.problem],
        refused=[change for change in changes if change.problem],
        leaping={change.variant_id for change in changes if not change.problem and leaps(kind, change)},
    )  # fmt: skip
    return html, 409 if error else 200


def _shown(kind: Kind, value: int | str | None) -> str:
    if value is None:
        return _("kosong")
    if kind in PRICES:
        return rupiah(int(value))
    return number(int(value)) if kind in STOCKS else str(STATUS_WORDS[ProductStatus(str(value))])
