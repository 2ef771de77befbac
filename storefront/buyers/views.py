"""A buyer's own past: orders, a copy of all data, and leaving."""

import json

from flask import Blueprint, flash, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from storefront.accounts.forms import EraseForm
from storefront.accounts.views.own import refused
from storefront.buyers import queries, services
from storefront.core import clock
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.orders.services.claims import claim_orders
from storefront.web.browser import SAVED_COOKIE, forget
from storefront.web.languages import to
from storefront.web.pagination import Page, page_number

bp = Blueprint("buyers", __name__, url_prefix="/akun")

SIZE = 10


def bring_orders(user_id: int, _response: Response) -> None:
    """A buyer signed in: orders placed with their address before become part of their history."""
    claim_orders(user_id)


@bp.get("/pesanan")
def orders() -> ResponseReturnValue:
    """Everything this buyer ordered, the newest first."""
    number = page_number(request.args.get("hal"))
    rows, total = queries.orders_of(queries.Somebody(current_user.id), offset=(number - 1) * SIZE, limit=SIZE)
    return render_template("buyers/orders.html", page=Page(rows, number, SIZE, total))


@bp.get("/data-saya.json")
def export() -> ResponseReturnValue:
    """All that the shop knows of this buyer, as a file."""
    body = json.dumps(queries.everything_about(current_user.id), ensure_ascii=False, indent=2)
    response = make_response(body)
    response.mimetype = "application/json"
    name = f"data-saya-{clock.today():%Y-%m-%d}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/hapus")
def erase() -> ResponseReturnValue:
    """Leave, with the password once more."""
    form = EraseForm()
    if not form.validate_on_submit():
        return refused(form, Invalid(_("Tulis kata sandi.")))
    user_id = current_user.id
    try:
        services.erase_account(user_id, form.sandi_hapus.data or "", address=request.remote_addr or "")
    except DomainError as error:
        return refused(form, error)
    session.clear()
    logout_user()
    flash(_("Akun dan data pribadi Anda sudah dihapus. Terima kasih pernah berbelanja di sini."), "success")
    response = redirect(to("/masuk"), 303)
    forget(response, SAVED_COOKIE)
    return response
