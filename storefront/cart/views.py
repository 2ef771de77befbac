"""The cart's page, and the one form that stands on shared pages."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from storefront.cart import queries, services
from storefront.cart.forms import AddForm, LineForm
from storefront.core.errors import DomainError, Invalid
from storefront.events.queries import fair_by_code
from storefront.web.browser import COUNT_COOKIE, FAIR_COOKIE, cart_token, forget, remember, remember_cart
from storefront.web.forgery import csrf

bp = Blueprint("cart", __name__)


@bp.get("/keranjang")
def show() -> ResponseReturnValue:
    """The cart: by facility, with what changed since adding said in words."""
    view = queries.contents(cart_token())
    response = Response(
        render_template("cart/cart.html", cart=view, others=queries.from_others(view)), mimetype="text/html"
    )
    _count(response, view.pieces)
    return response


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
    words = added.notice or f"{added.title} ada di keranjang."
    return _answer(added.token, words, "info" if added.notice else "success", 200)


@bp.post("/keranjang/ubah")
def change() -> ResponseReturnValue:
    """Change the quantity of a line, or remove it."""
    form = LineForm()
    if form.validate_on_submit():
        quantity = 0 if "hapus" in request.form else form.jumlah.data
        notice = services.set_quantity(cart_token(), form.baris.data, quantity)
        if notice:
            flash(notice, "info")
    else:
        flash(form.first_complaint(), "error")
    return redirect(url_for("cart.show"), 303)


@bp.post("/keranjang/mengerti")
def accept() -> ResponseReturnValue:
    """The buyer has read which prices changed."""
    services.accept_changes(cart_token())
    return redirect(url_for("cart.show"), 303)


def _answer(token: str | None, words: str, kind: str, status: int) -> Response:
    """A page for browsers, JSON for our script; both with the new count."""
    count = queries.pieces(token)
    if request.accept_mimetypes.best == "application/json":
        response: Response = jsonify(count=count, message=words, kind=kind)
        response.status_code = status
    else:
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
