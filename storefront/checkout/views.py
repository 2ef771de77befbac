"""From the cart to a placed order, and the page that the buyer keeps."""

from collections.abc import Set as AbstractSet
from datetime import date

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.accounts.models import Role, User
from storefront.accounts.queries import addresses_of
from storefront.accounts.services import forget_attempts, note_attempt, remember_address
from storefront.cart.queries import CartView, contents, pieces
from storefront.cart.services import set_district
from storefront.checkout.forms import CheckoutForm, LookupForm, PayForm, ProofForm
from storefront.checkout.queries import (
    FREE,
    Plan,
    Way,
    bill_for,
    make_plan,
    methods_for,
    order_page,
    parcel_specs,
    parcel_steps,
    parcel_words,
)
from storefront.checkout.services import Placed, buy_again, place_order, send_proof
from storefront.core import qr
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _
from storefront.core.money import rupiah
from storefront.core.regions.queries import search_districts, villages
from storefront.orders.queries import by_token, token_for
from storefront.payments.providers import ProviderAway, too_much_for_qris
from storefront.payments.services import start_attempt, start_page
from storefront.shipping.services import ask_vendors
from storefront.web.browser import (
    COUNT_COOKIE,
    ORDER_COOKIE,
    cart_token,
    forget,
    remember,
    remember_cart,
)
from storefront.web.fields import blame, row_key
from storefront.web.limits import limiter

bp = Blueprint("checkout", __name__)
bp.add_app_template_filter(parcel_words, "kabar_kiriman")
bp.add_app_template_filter(parcel_steps, "perjalanan")


@bp.get("/checkout")
def show() -> ResponseReturnValue:
    """The one page of the checkout."""
    view = contents(cart_token())
    if not view.lines:
        return redirect(url_for("cart.show"), 303)
    form = CheckoutForm(tujuan=request.args.get("tujuan", "")[:200])
    _know(form, view)
    view = _with_prices(form, view)
    return _page(form, view, _plan(form, view, frozenset()))


@bp.post("/checkout")
@limiter.limit("60 per minute")
def submit() -> ResponseReturnValue:
    """Compute again, or place the order and go on to paying it."""
    view = contents(cart_token())
    form = CheckoutForm()
    _know(form, view)
    view = _with_prices(form, view)
    pickups = _pickups(view)
    plan = _plan(form, view, pickups)
    aksi = request.form.get("aksi")
    if aksi in ("hitung", "periksa"):
        if aksi == "periksa":  # of what was blamed, what is right by now?
            form.accepts(plan, methods_for(plan))
        if form.district and form.district.code != view.district_code:
            set_district(cart_token(), form.district.code)  # so that it is asked for once
            view = contents(cart_token())
        return _page(form, view, plan)
    if view.lines and not form.accepts(plan, methods_for(plan)):
        return _page(form, view, plan, status=422)
    try:
        seen = row_key(form.total.data)
        placed = place_order(
            cart_token() or "", form.buyer(), payment_method=form.bayar.data, pickups=pickups,
            ways=_ways(view), seen_total=seen, buyer_id=_buyer_id(),
        )  # fmt: skip
    except Invalid as error:
        blame(form, error)
        return _page(form, view, plan, status=422)
    except DomainError as error:  # sold out or changed meanwhile: all that was typed stays
        fresh = contents(cart_token())
        form.form_errors.append(error.message)
        return _page(form, fresh, _plan(form, fresh, pickups), status=error.status)
    _keep_address(form)
    return _go_and_pay(placed, form.bayar.data)


@bp.get("/pesanan/<token>")
def order(token: str) -> ResponseReturnValue:
    """The page of an order: what it is, what happens next, how to pay."""
    page = order_page(by_token(token))
    response = Response(
        render_template("checkout/order.html", page=page, pay=PayForm(), proof=ProofForm()),
        mimetype="text/html",
    )
    remember(response, ORDER_COOKIE, token)
    return response


@bp.get("/pesanan/<token>/status")
def status(token: str) -> ResponseReturnValue:
    """What the order page polls while it waits for the bank."""
    return jsonify(status=by_token(token).status)


@bp.get("/pesanan/<token>/qris.svg")
def qris_code(token: str) -> ResponseReturnValue:
    """The QRIS code of the open attempt, as sharp as any screen."""
    page = order_page(by_token(token))
    if page.qr is None:
        raise NotFound
    title = _("Kode QRIS untuk %(amount)s", amount=rupiah(page.order.total))
    return Response(qr.svg(page.qr.code, title=title), mimetype="image/svg+xml")


@bp.post("/pesanan/<token>/bayar")
@limiter.limit("30 per minute")
def pay(token: str) -> ResponseReturnValue:
    """Open the pay page again, or change to another method."""
    placed = by_token(token)
    form = PayForm()
    if not form.validate_on_submit():
        raise Invalid(_("Pilih cara bayar."))
    return _pay(placed.id, token, form.bayar.data)


@bp.post("/pesanan/<token>/bukti")
@limiter.limit("20 per minute")
def proof(token: str) -> ResponseReturnValue:
    """Take the picture that proves a transfer."""
    placed = by_token(token)
    form = ProofForm()
    try:
        if not form.validate_on_submit():
            return _proof_refused(placed.token, form)
        send_proof(placed.id, form.bukti.data.read(), sender=form.pengirim.data)
    except Invalid as error:
        blame(form, error if set(error.errors) & {"bukti", "pengirim"} else Invalid({"bukti": error.message}))
        return _proof_refused(token, form)
    by_code = order_page(by_token(token)).qr is not None
    words = _("Bukti pembayaran QRIS diterima") if by_code else _("Bukti transfer diterima")
    flash(f"{words}. {_('Kami memeriksanya paling lambat hari kerja berikutnya.')}", "success")
    return redirect(url_for("checkout.order", token=token), 303)


@bp.post("/pesanan/<token>/lagi")
@limiter.limit("20 per minute")
def again(token: str) -> ResponseReturnValue:
    """Put what was bought into the cart once more; what is gone is said in words."""
    cart, words = buy_again(by_token(token).id, cart_token())
    for kind, sentence in words:
        flash(sentence, kind)
    response = redirect(url_for("cart.show"), 303)
    if cart is not None:
        remember_cart(response, cart)
        remember(response, COUNT_COOKIE, str(pieces(cart)), readable=True)
    return response


@bp.route("/lacak", methods=["GET", "POST"])
def track() -> ResponseReturnValue:
    """Find an order by its number and telephone number; guesses are counted."""
    form = LookupForm()
    last = request.cookies.get(ORDER_COOKIE)
    if not form.validate_on_submit():
        code = 422 if form.is_submitted() else 200
        return render_template("checkout/track.html", form=form, last=last), code
    subject, address = f"pesanan:{form.nomor.data.upper()}"[:80], request.remote_addr or ""
    note_attempt(subject, address)
    token = token_for(form.nomor.data, form.telepon.data)
    if token is None:
        words = _("Tidak ada pesanan dengan nomor dan telepon ini. Periksa keduanya lagi.")
        form.form_errors.append(words)
        return render_template("checkout/track.html", form=form, last=last), 422
    forget_attempts(subject, address)
    return redirect(url_for("checkout.order", token=token), 303)


@bp.get("/wilayah")
@limiter.limit("240 per minute")
def regions() -> ResponseReturnValue:
    """Districts that fit what is being typed."""
    found = search_districts(request.args.get("q", "")[:200])
    response = jsonify([{"code": row.code, "label": row.label} for row in found])
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@bp.get("/wilayah/<code>/kelurahan")
def villages_of(code: str) -> ResponseReturnValue:
    """The villages of a district with their postal codes."""
    response = jsonify([{"name": row.name, "postal_code": row.postal_code} for row in villages(code[:8])])
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _buyer_id() -> int | None:
    """The buyer who is signed in. Staff buy as anybody does, without an account."""
    return current_user.id if current_user.is_authenticated and current_user.role == Role.BUYER else None


def _know(form: CheckoutForm, view: CartView) -> None:
    buyer_id = _buyer_id()
    buyer: User | None = current_user if buyer_id else None
    form.know(buyer, addresses_of(buyer_id) if buyer_id else ())
    form.find_place(view.district_code)


def _keep_address(form: CheckoutForm) -> None:
    """Only when the box was ticked."""
    buyer_id, place = _buyer_id(), form.place_to_keep()
    if buyer_id and place:
        remember_address(buyer_id, place)


def _plan(form: CheckoutForm, view: CartView, pickups: AbstractSet[int]) -> Plan:
    place = form.district.code if form.district else None
    return make_plan(view, place, pickups, _ways(view), form.people())


def _with_prices(form: CheckoutForm, view: CartView) -> CartView:
    """The cart, once vendors' prices are at hand: they are asked before anything is locked."""
    asked = ask_vendors(parcel_specs(view), form.district.code if form.district else None)
    return contents(cart_token()) if asked else view


def _pickups(view: CartView) -> frozenset[int]:
    """The facilities where the buyer chose to collect."""
    return frozenset(
        group.facility_id
        for group in view.groups
        if request.form.get(f"kirim-{group.facility_id}") == "pickup"
    )


def _ways(view: CartView) -> dict[int, Way]:
    """The services, and days, that the buyer chose; "delivery" alone is whatever is cheapest."""
    ways = {}
    for group in view.groups:
        service = request.form.get(f"kirim-{group.facility_id}", "")[:32]
        day = _day(request.form.get(f"hari-{group.facility_id}", ""))
        if service not in ("", "pickup"):
            ways[group.facility_id] = Way("" if service == "delivery" else service, day)
    return ways


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(form: CheckoutForm, view: CartView, plan: Plan, status: int = 200) -> ResponseReturnValue:
    methods = methods_for(plan)
    form.offer(methods)
    form.expect(plan)
    page = render_template(
        "checkout/checkout.html", form=form, cart=view, plan=plan, methods=methods,
        above_qris=too_much_for_qris(bill_for(plan)),
    )  # fmt: skip
    return page, status


def _go_and_pay(placed: Placed, method: str) -> Response:
    page = url_for("checkout.order", token=placed.token)
    response = redirect(page, 303) if method == FREE else _pay(placed.id, placed.token, method)
    remember(response, ORDER_COOKIE, placed.token)
    forget(response, COUNT_COOKIE)
    return response


def _pay(order_id: int, token: str, method: str) -> Response:
    """Open an attempt and go where it is paid. A vendor that is away costs nobody their order."""
    page = url_for("checkout.order", token=token)
    attempt = start_attempt(order_id, method)
    try:
        elsewhere = start_page(attempt, back=current_app.config["PUBLIC_BASE_URL"] + page)
        return redirect(elsewhere or page, 303)
    except ProviderAway as away:
        html = render_template("checkout/away.html", token=token, message=away.message)
        response = current_app.make_response((html, away.status))
        response.headers["Retry-After"] = str(away.retry_after)
        return response


def _proof_refused(token: str, form: ProofForm) -> ResponseReturnValue:
    page = order_page(by_token(token))
    return render_template("checkout/order.html", page=page, pay=PayForm(), proof=form), 422
