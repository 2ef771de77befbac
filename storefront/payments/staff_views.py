"""The office's money desk: transfers by two pairs of eyes, cases, refunds, and all orders."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core import clock
from storefront.core.db import found
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.core.letters import address
from storefront.core.money import rupiah
from storefront.core.storage import storage
from storefront.orders.models import Order, OrderStatus
from storefront.orders.queries import by_number, late_at, late_page, orders_page
from storefront.orders.services import Actor
from storefront.payments import queries, services
from storefront.payments.forms import CheckForm, ConfirmForm, ReasonForm, ReferenceForm
from storefront.payments.models import SEEN_BY_OFFICERS, PaymentAttempt
from storefront.payments.services.record import Outcome
from storefront.payments.services.surplus import Fit
from storefront.web.fields import blame, row_key
from storefront.web.pagination import Stretch

bp = Blueprint("money", __name__, url_prefix="/kanwil")
SIZE = 25
LATE = "terlambat"
DECISIONS: dict[str, tuple[Callable[[int, Actor], Any], Any]] = {
    "terima": (services.accept_case, lazy("Dananya dipakai untuk pesanannya.")),
    "gabung": (
        partial(services.accept_case, together=True),
        lazy("Semua dananya dipakai bersama untuk pesanannya."),
    ),
    "kembalikan": (services.refund_case, lazy("Pengembalian dicatat.")),
    "ambil": (services.take_case, lazy("Kasus ini sekarang Anda tangani.")),
    "tanya": (
        services.ask_buyer,
        lazy("Dicatat: pembeli sudah ditanya. Batas waktunya diundur dua hari kerja."),
    ),
}
"""What an officer can do with a case, and what is said when it is done."""


def _me() -> Actor:
    return Actor(current_user.id)


@bp.get("/transfer")
def transfers() -> ResponseReturnValue:
    """Transfers that wait: with a proof or a first check on top."""
    return render_template("money/transfers.html", rows=queries.open_transfers())


@bp.get("/transfer/<int:attempt_id>")
def transfer(attempt_id: int) -> ResponseReturnValue:
    """One transfer: the proof beside what the statement should say."""
    return _transfer_page(attempt_id)


@bp.get("/transfer/<int:attempt_id>/bukti")
def proof(attempt_id: int) -> ResponseReturnValue:
    """The picture that the buyer sent: for the office only."""
    claim = queries.claim_of(attempt_id)
    if claim is None or not claim.proof_key:
        raise NotFound
    return send_file(storage().open(claim.proof_key), mimetype="image/webp")


@bp.post("/transfer/<int:attempt_id>/periksa")
def check(attempt_id: int) -> ResponseReturnValue:
    """First pair of eyes: the money is on the statement."""
    form = CheckForm()
    try:
        if form.validate_on_submit():
            services.check_claim(
                attempt_id, _me(), amount=form.amount.data, bank_reference=form.bank_reference.data
            )
            flash(_("Dicatat. Petugas lain perlu mengonfirmasinya."), "success")
            return redirect(url_for(".transfers"), 303)
    except Invalid as error:
        blame(form, error)
    return _transfer_page(attempt_id, check=form)


@bp.post("/transfer/<int:attempt_id>/konfirmasi")
def confirm(attempt_id: int) -> ResponseReturnValue:
    """Second pair of eyes: somebody else confirms."""
    if not ConfirmForm().validate_on_submit():
        raise NotFound
    if services.confirm_claim(attempt_id, _me()) is Outcome.PAID:
        flash(_("Pembayaran dikonfirmasi. Pesanan diteruskan ke Lapas."), "success")
    else:
        flash(_("Dananya dicatat, tetapi tidak cocok dengan pesanannya. Lihat Perlu diperiksa."), "warning")
    return redirect(url_for(".transfers"), 303)


@bp.post("/transfer/<int:attempt_id>/tolak")
def reject(attempt_id: int) -> ResponseReturnValue:
    """The money is not there; the buyer reads why."""
    form = ReasonForm()
    try:
        if form.validate_on_submit():
            services.reject_claim(attempt_id, _me(), reason=form.reason.data)
            flash(_("Bukti ditolak. Pembeli dapat mengirim bukti lain."), "info")
            return redirect(url_for(".transfers"), 303)
    except Invalid as error:
        blame(form, error)
    return _transfer_page(attempt_id, reason=form)


@bp.get("/perlu-diperiksa")
def cases() -> ResponseReturnValue:
    """Money that only a person can decide about, and refunds that have not left yet."""
    return _cases_page()


@bp.post("/perlu-diperiksa/<int:case_id>/<decision>")
def decide(case_id: int, decision: str) -> ResponseReturnValue:
    """Use the money for its order, send it back, or first see to it and ask."""
    if decision not in DECISIONS or not ConfirmForm().validate_on_submit():
        raise NotFound
    act, words = DECISIONS[decision]
    try:
        done = act(case_id, _me())
    except DomainError as error:
        flash(error.message, "error")
    else:
        flash(str(words), "success")
        if isinstance(done, Fit) and done.surplus:
            back = rupiah(done.surplus)
            flash(
                _("Kelebihan %(amount)s tercatat untuk dikembalikan; pembeli kami surati.", amount=back),
                "info",
            )
    return redirect(url_for(".cases"), 303)


@bp.post("/pengembalian/<int:refund_id>")
def refund_sent(refund_id: int) -> ResponseReturnValue:
    """A refund by transfer has left the bank, under this reference."""
    form = ReferenceForm()
    try:
        if form.validate_on_submit():
            seen = row_key(request.form.get("rekening", ""))
            services.mark_refund_sent(refund_id, form.reference.data, actor=_me(), seen=seen)
            flash(_("Pengembalian dicatat."), "success")
            return redirect(url_for(".cases"), 303)
    except Invalid as error:
        blame(form, error)
    return _cases_page(form, refund_id), 422


@bp.get("/pesanan")
def orders() -> ResponseReturnValue:
    """All orders, newest first."""
    before = row_key(request.args.get("sebelum", ""))
    chosen = request.args.get("status", "")
    if chosen == LATE:
        return _late_page(before)
    status = OrderStatus(chosen) if chosen in set(OrderStatus) else None
    rows, total, older = orders_page(
        status=status,
        search=request.args.get("q", "").strip()[:60],
        review=chosen == "perlu",
        before=before,
        limit=SIZE,
    )
    return render_template("money/orders.html", page=Stretch(rows, older, before), total=total, status=chosen)


@bp.get("/pesanan/<number>")
def order(number: str) -> ResponseReturnValue:
    """One order whole: money, parcels, history."""
    return _order_page(number)


@bp.post("/pesanan/<number>/batalkan")
def cancel(number: str) -> ResponseReturnValue:
    """Cancel a whole order; paid money is owed to the buyer."""
    form = ReasonForm()
    try:
        if form.validate_on_submit():
            services.cancel_order(by_number(number).id, _me(), reason=form.reason.data)
            flash(_("Pesanan dibatalkan. Stok kembali ke rak."), "success")
            return redirect(url_for(".order", number=number), 303)
    except Invalid as error:
        blame(form, error)
    return _order_page(number, form)


def _late_page(after: int | None) -> ResponseReturnValue:
    """The parcels behind late orders, the longest waiting first, of one facility if wanted."""
    places = late_at()
    place = row_key(request.args.get("lapas", ""))
    rows, more = late_page(facility_id=place, after=after, limit=SIZE)
    return render_template(
        "money/late.html", page=Stretch(rows, more, after), places=places, place=place,
        total=sum(row.parcels for row in places),
    )  # fmt: skip


def _transfer_page(attempt_id: int, **forms: Any) -> ResponseReturnValue:
    attempt = found(PaymentAttempt, attempt_id)
    if attempt.provider not in SEEN_BY_OFFICERS:
        raise NotFound
    status = 422 if forms else 200
    words = {
        "check": CheckForm(amount=attempt.amount),
        "reason": ReasonForm(),
        "confirm": ConfirmForm(),
    } | forms
    claim = queries.claim_of(attempt_id)
    return render_template("money/transfer.html", attempt=attempt, claim=claim, **words), status


def _cases_page(form: ReferenceForm | None = None, refund_id: int | None = None) -> str:
    cases, refunds = queries.open_cases(), queries.due_refunds()
    return render_template(
        "money/cases.html",
        cases=cases,
        choices=queries.choices(cases),
        address=address,
        refunds=refunds,
        replaced=queries.accounts_changed({order.id for _row, order in refunds if order}),
        waiting=queries.to_do(),
        form=form or ReferenceForm(),
        wrong_refund=refund_id,
        words=queries.CASE_WORDS,
        advice=queries.ADVICE_WORDS,
        ways=queries.PROVIDER_WORDS,
        now=clock.now(),
    )


def _order_page(number: str, form: ReasonForm | None = None) -> ResponseReturnValue:
    whole: Order = by_number(number)
    page = render_template(
        "money/order.html",
        order=whole,
        attempts=queries.attempts_of(whole.id),
        payments=queries.payments_of(whole.id),
        refunds=queries.refunds_of(whole.id),
        sums=queries.money_of(whole.id),
        ways=queries.PROVIDER_WORDS,
        form=form or ReasonForm(),
    )
    return page, 422 if form else 200
