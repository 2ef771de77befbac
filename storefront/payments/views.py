"""Where providers talk to us, and where a buyer cancels or says where money goes back to."""

from types import SimpleNamespace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.orders.models import Order
from storefront.orders.queries import by_token
from storefront.orders.services import SYSTEM
from storefront.payments.forms import ConfirmForm, DestinationForm
from storefront.payments.providers import BadSignature, provider
from storefront.payments.services import cancel_own_order, receive_message
from storefront.payments.services.changes import can_cancel
from storefront.payments.services.destinations import awaits_destination, save_destination
from storefront.web.fields import blame
from storefront.web.forgery import csrf
from storefront.web.limits import limiter

bp = Blueprint("payments", __name__)
own = Blueprint("own_order", __name__, url_prefix="/pesanan/<token>")
BLUEPRINTS = (bp, own)


@bp.post("/webhooks/stripe")
@csrf.exempt  # signed by the provider instead
def stripe() -> ResponseReturnValue:
    """Messages of Stripe."""
    return _receive("stripe")


@bp.post("/webhooks/midtrans")
@csrf.exempt  # signed by the provider instead
def midtrans() -> ResponseReturnValue:
    """Notifications of Midtrans."""
    return _receive("midtrans")


def _receive(name: str) -> ResponseReturnValue:
    """Store and act on one signed message: 400 unsigned, 2xx after the commit, 5xx to be retried."""
    try:
        vendor = provider(name)
    except Invalid:
        return {"error": "unavailable"}, 404
    try:
        message = vendor.read(request.get_data(), dict(request.headers))
    except BadSignature:
        return {"error": "signature"}, 400
    return {"outcome": receive_message(name, message)}, 200


@own.app_template_global()
def order_choices(order: Order) -> SimpleNamespace:
    """What the buyer of an order can still do about it, for its page."""
    wants, known = awaits_destination(order.id)
    return SimpleNamespace(can_cancel=can_cancel(order), wants_account=wants, knows_account=known)


@own.route("/batal", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
def cancel(token: str) -> ResponseReturnValue:
    """Change one's mind before anything is packed: what happens is said first."""
    order = by_token(token)
    form = ConfirmForm()
    if form.validate_on_submit():
        cancel_own_order(order.id)
        flash(_("Pesanan dibatalkan."), "success")
        if awaits_destination(order.id)[0]:
            return redirect(url_for(".account", token=token), 303)
        return redirect(url_for("checkout.order", token=token), 303)
    return render_template("orders/cancel.html", order=order, possible=can_cancel(order))


@own.route("/rekening", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
def account(token: str) -> ResponseReturnValue:
    """Where money goes that cannot go back the way it came. What was written is never shown again."""
    order = by_token(token)
    form = DestinationForm()
    if form.validate_on_submit():
        try:
            save_destination(order.id, **form.account, actor=SYSTEM)
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Rekening tujuan kami terima."), "success")
            return redirect(url_for("checkout.order", token=token), 303)
    wants, known = awaits_destination(order.id)
    html = render_template("orders/account.html", order=order, form=form, wants=wants, known=known)
    return html, 422 if form.errors else 200
