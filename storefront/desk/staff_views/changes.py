"""Orders that change after they were placed: a parcel divided or reduced, money back in part."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.db import found
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _
from storefront.core.tokens import new_token
from storefront.desk.staff_views.pieces import PieceCounts
from storefront.facilities.staff_views import own_facility
from storefront.orders import queries
from storefront.orders.forms import StepForm
from storefront.orders.models import Order, Parcel
from storefront.orders.services import Actor
from storefront.orders.services.parts import contents_mark, mates, merge_parcel, split_parcel
from storefront.payments import services
from storefront.payments.forms import DestinationForm, ReasonForm, ReferenceForm
from storefront.payments.models import Refund
from storefront.payments.queries import accounts_changed
from storefront.payments.services.destinations import read_destination, save_destination
from storefront.payments.services.refunds import captured_payments, rest_of
from storefront.web.fields import blame, sent_ids

parcels = Blueprint("parcel_changes", __name__, url_prefix="/petugas/pesanan/<int:parcel_id>")
office = Blueprint("order_changes", __name__, url_prefix="/kanwil")
BLUEPRINTS = (parcels, office)


def _me() -> Actor:
    return Actor(current_user.id)


@parcels.get("/ubah")
def show(parcel_id: int) -> ResponseReturnValue:
    """What can be done about a parcel that cannot leave as it is."""
    return _parcel_page(queries.parcel_of(own_facility().id, parcel_id))


@parcels.post("/tidak-dapat-dibuat")
def cannot_make(parcel_id: int) -> ResponseReturnValue:
    """Pieces that cannot be sent: their money goes back, the rest goes on."""
    facility_id = own_facility().id
    parcel = queries.parcel_of(facility_id, parcel_id)
    form, counts, lost = ReasonForm(), _contents(parcel), _contents(parcel, "rusak")
    pieces, gone = counts.read(request.form), lost.read(request.form)
    try:
        if form.validate_on_submit() and not (counts.wrong or lost.wrong):
            seen = request.form.get("isi", "")
            services.cannot_make(
                facility_id, parcel_id, pieces, _me(), reason=form.reason.data, seen=seen, lost=gone
            )
            flash(_("Pembeli diberi tahu, dan dananya dikembalikan."), "success")
            return redirect(url_for("orders_staff.show", parcel_id=parcel_id), 303)
    except Invalid as error:
        _blame(form, error, counts, lost)
    return _parcel_page(parcel, form=form, counts=counts, lost=lost), 422


@parcels.post("/bagi")
def split(parcel_id: int) -> ResponseReturnValue:
    """Some pieces travel in a parcel of their own."""
    facility_id = own_facility().id
    parcel = queries.parcel_of(facility_id, parcel_id)
    form, parts = StepForm(), _contents(parcel, "bagi")
    pieces = parts.read(request.form)
    try:
        if form.validate_on_submit() and not parts.wrong:
            fresh = split_parcel(facility_id, parcel_id, pieces, _me(), seen=request.form.get("isi", ""))
            flash(_("Kiriman dibagi. Yang baru ada di sini."), "success")
            return redirect(url_for("orders_staff.show", parcel_id=fresh), 303)
    except Invalid as error:
        _blame(form, error, parts)
    return _parcel_page(parcel, step=form, parts=parts), 422


@parcels.post("/gabung")
def merge(parcel_id: int) -> ResponseReturnValue:
    """Back into one parcel."""
    if not StepForm().validate_on_submit():
        raise NotFound
    target = merge_parcel(own_facility().id, parcel_id, _me())
    flash(_("Kiriman digabung."), "success")
    return redirect(url_for("orders_staff.show", parcel_id=target), 303)


@office.get("/pesanan/<number>/ubah")
def order(number: str) -> ResponseReturnValue:
    """Money back in part, or the whole order cancelled with some goods written off."""
    return _order_page(queries.by_number(number))


@office.post("/pesanan/<number>/kembalikan")
def refund(number: str) -> ResponseReturnValue:
    """Money back for pieces or shipping that the buyer keeps or sent back."""
    whole = queries.by_number(number)
    form, counts = ReasonForm(), _left(whole)
    pieces = counts.read(request.form)
    shipping = set(sent_ids(request.form.getlist("ongkir")))
    key = f"office-{request.form.get('kunci', '')[:40]}"
    try:
        if form.validate_on_submit() and not counts.wrong:
            services.refund_lines(
                whole.id, pieces, shipping=shipping, reason=form.reason.data, actor=_me(), key=key
            )
            flash(_("Pengembalian dicatat."), "success")
            return redirect(url_for("money.order", number=number), 303)
    except Invalid as error:
        _blame(form, error, counts)
    except DomainError as error:
        form.form_errors.append(error.message)
    return _order_page(whole, form=form, counts=counts, ticked=shipping), 422


@office.post("/pesanan/<number>/batalkan-semua")
def cancel(number: str) -> ResponseReturnValue:
    """Cancel a whole order, and say which goods do not go back on the shelf."""
    whole = queries.by_number(number)
    form, lost = ReasonForm(prefix="batal"), _ordered(whole)
    gone = lost.read(request.form)
    try:
        if form.validate_on_submit() and not lost.wrong:
            services.cancel_order(whole.id, _me(), reason=form.reason.data, lost=gone)
            flash(_("Pesanan dibatalkan."), "success")
            return redirect(url_for("money.order", number=number), 303)
    except Invalid as error:
        _blame(form, error, lost)
    except DomainError as error:
        form.form_errors.append(error.message)
    return _order_page(whole, cancelling=form, lost=lost), 422


@office.get("/pengembalian/<int:refund_id>")
def destination(refund_id: int) -> ResponseReturnValue:
    """Where a refund goes, for who sends it; who looks is written down."""
    return _refund_page(refund_id)


@office.post("/pengembalian/<int:refund_id>/rekening")
def write_destination(refund_id: int) -> ResponseReturnValue:
    """The account that the buyer told an officer."""
    form, order_id = DestinationForm(), found(Refund, refund_id).order_id
    try:
        if form.validate_on_submit():
            save_destination(order_id or 0, **form.account, actor=_me())
            flash(_("Rekening tujuan disimpan."), "success")
            return redirect(url_for(".destination", refund_id=refund_id), 303)
    except Invalid as error:
        blame(form, error)
    return _refund_page(refund_id, form), 422


# --- pieces -------------------------------------------------------------------------------------------


def _contents(parcel: Parcel, prefix: str = "baris") -> PieceCounts:
    return PieceCounts([(item.line, item.quantity) for item in parcel.items], prefix)


def _left(whole: Order) -> PieceCounts:
    """What of an order can still go back."""
    rest = rest_of(whole, captured_payments(whole.id))
    return PieceCounts([(line, rest.pieces[line.id]) for line in whole.lines])


def _ordered(whole: Order) -> PieceCounts:
    return PieceCounts([(line, line.quantity - line.cancelled) for line in whole.lines], "rusak")


def _blame(form: Any, error: Invalid, *counts: PieceCounts) -> None:
    """Each complaint beside its field; what belongs to no field stands on top."""
    rest = error.errors
    for each in counts:
        rest = each.blame(Invalid(rest))
    fields = {name: words for name, words in rest.items() if name in form}
    if fields:
        blame(form, Invalid(fields))
    form.form_errors.extend(words for name, words in rest.items() if name not in form)


def _parcel_page(parcel: Parcel, **shown: Any) -> str:
    empty = {
        "form": ReasonForm(formdata=None),
        "step": StepForm(formdata=None),
        "counts": _contents(parcel),
        "lost": _contents(parcel, "rusak"),
        "parts": _contents(parcel, "bagi"),
    }
    told = {"parcel": parcel, "mark": contents_mark(parcel), "mates": mates(parcel)}
    return render_template("orders_staff/changes.html", **told, **(empty | shown))


def _order_page(whole: Order, **shown: Any) -> str:
    payments = captured_payments(whole.id)
    empty = {
        "form": ReasonForm(formdata=None),
        "cancelling": ReasonForm(formdata=None, prefix="batal"),
        "counts": _left(whole),
        "lost": _ordered(whole),
        "ticked": set(),
    }
    told = {"order": whole, "rest": rest_of(whole, payments), "payments": payments, "key": new_token()[:32]}
    return render_template("money/change.html", **told, **(empty | shown))


def _refund_page(refund_id: int, form: DestinationForm | None = None) -> str:
    place = read_destination(refund_id, _me())
    row = found(Refund, refund_id)
    whole = found(Order, row.order_id) if row.order_id else None
    change = accounts_changed([whole.id]).get(whole.id) if whole else None
    return render_template(
        "money/refund.html", refund=row, order=whole, place=place, reference=ReferenceForm(formdata=None),
        form=form or DestinationForm(formdata=None), change=change,
    )  # fmt: skip
