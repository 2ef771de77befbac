"""The cart's page, what changes it, and the one form that stands on shared pages."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from storefront.cart import queries, services
from storefront.cart.forms import AddForm, CodeForm, LineForm
from storefront.cart.queries import CartView
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.core.money import rupiah
from storefront.core.regions.queries import resolve_district
from storefront.events.queries import fair_by_code
from storefront.web import meta
from storefront.web.browser import (
    COUNT_COOKIE,
    FAIR_COOKIE,
    cart_token,
    forget,
    remember,
    remember_cart,
    wants_json,
)
from storefront.web.fields import blame
from storefront.web.forgery import csrf
from storefront.web.limits import limiter

bp = Blueprint("cart", __name__)


@bp.get("/keranjang")
def show() -> ResponseReturnValue:
    """The cart: by facility, with what changed since adding said in words."""
    return _page(CodeForm(formdata=None))


@bp.post("/keranjang/tambah")
@csrf.exempt  # stands on pages that all visitors share; the check of its origin protects it
def add() -> ResponseReturnValue:
    """Put something into the cart."""
    form = AddForm(request.form, meta={"csrf": False})
    try:
        if not form.validate():
            raise Invalid(form.first_complaint())
        added = services.add(
            cart_token(),
            form.variant.data,
            form.jumlah.data,
            note=form.catatan.data or "",
            fair_id=fair_by_code(request.cookies.get(FAIR_COOKIE, "")),
        )
    except DomainError as error:
        return _answer(cart_token(), error.message, "error", error.status)
    words = added.notice or _("%(title)s ada di keranjang.", title=added.title)
    return _answer(added.token, words, "info" if added.notice else "success", 200)


@bp.post("/keranjang/ubah")
def change() -> ResponseReturnValue:
    """Change the quantity of a line, or remove it."""
    form, token = LineForm(), cart_token()
    if not form.validate_on_submit():
        return _answer(token, form.first_complaint(), "error", 422)
    line_id, removed = form.baris.data, "hapus" in request.form
    try:
        notice = services.set_quantity(token, line_id, 0 if removed else form.jumlah.data)
    except DomainError as error:
        if not wants_json():
            raise
        return _answer(token, error.message, "error", error.status)
    words = notice or (_("Dihapus dari keranjang.") if removed else "")
    return _answer(token, words, "info", 200)


@bp.post("/keranjang/mengerti")
def accept() -> ResponseReturnValue:
    """The buyer has read which prices changed."""
    services.accept_changes(cart_token())
    return _answer(cart_token(), "", "info", 200)


@bp.post("/keranjang/kode")
@limiter.limit("30 per minute")
def code() -> ResponseReturnValue:
    """Use a voucher's code, or take it off again."""
    form = CodeForm()
    try:
        if "lepas" in request.form:
            services.set_code(cart_token(), "")
            flash(_("Kode voucher dilepas."), "info")
        elif form.validate_on_submit():
            kept = services.set_code(cart_token(), form.kode.data)
            flash(_("Kode %(code)s ada di keranjang Anda.", code=kept), "success")
        else:
            return _page(form, status=422)
    except Invalid as error:
        blame(form, error)
        return _page(form, status=422)
    return redirect(url_for("cart.show"), 303)


def _page(voucher: CodeForm, status: int = 200) -> Response:
    view = queries.contents(cart_token())
    meta.describe(index=not view.pieces)  # an empty cart is the same page for everybody
    html = render_template("cart/cart.html", others=queries.from_others(view), **_contents(view, voucher))
    response = Response(html, status, mimetype="text/html")
    _count(response, view.pieces)
    return response


def _contents(view: CartView, voucher: CodeForm | None = None) -> dict[str, Any]:
    """What the cart's page and the drawer show: the cart, what promotions take off, and the last district."""
    district = resolve_district(view.district_code) if view.district_code else None
    return {
        "cart": view,
        "district": district.label if district else "",
        "offers": queries.offers_of(view),
        "voucher": voucher or CodeForm(formdata=None),
    }


def _answer(token: str | None, words: str, kind: str, status: int) -> Response:
    """A page for browsers, JSON for our script; both with the new count.

    The script gets what it shows: the contents of the cart's own page, or the drawer over another one.
    """
    if wants_json():
        view = queries.contents(token)
        count = view.pieces
        part = "cart/parts/contents.html" if "halaman" in request.form else "cart/drawer.html"
        shown = _contents(view)
        response: Response = jsonify(
            count=count, message=words, kind=kind,
            subtotal_text=rupiah(view.subtotal - shown["offers"].goods), html=render_template(part, **shown),
        )  # fmt: skip
        response.status_code = status
    else:
        count = queries.pieces(token)
        if words:
            flash(words, kind)
        response = redirect(url_for("cart.show"), 303)
    if token is not None:
        remember_cart(response, token)
    _count(response, count)
    return response


def _count(response: Response, count: int) -> None:
    if count:
        remember(response, COUNT_COOKIE, str(count), readable=True)
    elif COUNT_COOKIE in request.cookies:
        forget(response, COUNT_COOKIE)
