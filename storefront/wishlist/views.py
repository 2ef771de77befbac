"""The list of kept products, and the one form that stands on shared pages."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.web.browser import LIST_COOKIE, SAVED_COOKIE, forget, remember, wants_json
from storefront.web.forgery import csrf
from storefront.web.limits import limiter
from storefront.wishlist import queries, services
from storefront.wishlist.services import Owner

bp = Blueprint("wishlist", __name__)

BIGGEST_ID = 2**53


@bp.get("/simpan")
def show() -> ResponseReturnValue:
    """What was kept, with what changed since said in words."""
    owner = _owner()
    rows = queries.saved_products(owner)
    response = Response(render_template("wishlist/list.html", rows=rows), mimetype="text/html")
    _keep(response, owner, [row.product_id for row in rows])
    return response


@bp.post("/simpan")
@limiter.limit("90 per minute")
@csrf.exempt  # stands on pages that all visitors share; the check of its origin protects it
def change() -> ResponseReturnValue:
    """Keep a product, or stop keeping it."""
    owner, keep = _owner(), request.form.get("aksi") != "hapus"
    try:
        product_id = _product_id()
        if keep:
            owner = services.save(owner, product_id)
        else:
            services.remove(owner, product_id)
    except DomainError as error:
        return _answer(owner, error.message, "error", error.status, saved=False)
    words = _("Tersimpan. Anda menemukannya lagi di Disimpan.") if keep else _("Dihapus dari simpanan.")
    return _answer(owner, words, "success", 200, saved=keep)


def bring_along(user_id: int, response: Response) -> None:
    """A buyer signed in: what this browser kept goes onto the account's list."""
    token = request.cookies.get(LIST_COOKIE)
    if token:
        services.merge(user_id, token)
        forget(response, LIST_COOKIE)
    owner = Owner(user_id=user_id)
    _keep(response, owner, queries.saved_ids(owner))


def _owner() -> Owner:
    if current_user.is_authenticated:
        return Owner(user_id=current_user.id)
    return Owner(token=request.cookies.get(LIST_COOKIE) or None)


def _product_id() -> int:
    typed = request.form.get("produk", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 16) or int(typed) > BIGGEST_ID:
        raise Invalid(_("Produk ini tidak ada."))
    return int(typed)


def _answer(owner: Owner, words: str, kind: str, status: int, *, saved: bool) -> Response:
    """A page for browsers, JSON for our script; both say which products are kept."""
    ids = queries.saved_ids(owner)
    if wants_json():
        response: Response = jsonify(saved=saved, count=len(ids), message=words, kind=kind)
        response.status_code = status
    else:
        flash(words, kind)
        response = redirect(url_for("wishlist.show"), 303)
    _keep(response, owner, ids)
    return response


def _keep(response: Response, owner: Owner, ids: list[int]) -> None:
    """Let the browser find its list again, and the script of shared pages know which hearts are full.

    Whoever looks at their list keeps it for another 90 days.
    """
    if owner.token and ids:
        remember(response, LIST_COOKIE, owner.token)
    if ids:
        remember(response, SAVED_COOKIE, ".".join(map(str, ids)), readable=True)
    elif SAVED_COOKIE in request.cookies:
        forget(response, SAVED_COOKIE)
