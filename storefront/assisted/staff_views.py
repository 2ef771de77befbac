"""/petugas/pesanan-baru and /kanwil/pesanan-baru: orders by WhatsApp, by telephone, at the counter.

One set of rooms at two addresses: a facility's staff sell its own goods, the office anybody's.
"""

from datetime import date
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from storefront.assisted import queries, services
from storefront.assisted.forms import KEPT, SOURCES, CashForm, DraftForm, GoodsForm, OpenForm, StepForm
from storefront.assisted.models import Draft, Source
from storefront.cart.forms import CodeForm
from storefront.cart.queries import CartView, contents
from storefront.checkout.queries import FREE, Plan, Way, make_plan, methods_for, parcel_specs
from storefront.checkout.services import TotalChanged, WayGone
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, lazy
from storefront.facilities.staff_views import own_facility
from storefront.orders.models import Order
from storefront.orders.services import Actor
from storefront.payments.providers import Method
from storefront.payments.services import start_attempt
from storefront.payments.services.record import Outcome
from storefront.shipping.services import ask_vendors
from storefront.web.fields import blame, row_key
from storefront.web.pagination import Stretch

staff = Blueprint("assisted_staff", __name__, url_prefix="/petugas/pesanan-baru")
office = Blueprint("assisted_office", __name__, url_prefix="/kanwil/pesanan-baru")
SIZE = 25
CHANGED: dict[type[DomainError], str] = {
    TotalChanged: lazy("Totalnya berubah sejak halaman ini dibuka. Periksa lagi, lalu tekan Buat pesanan."),
    WayGone: lazy("Pilihan pengirimannya sudah tidak tersedia. Pilih lagi, lalu tekan Buat pesanan."),
}
"""What the checkout tells a buyer, told to an officer."""


def index() -> ResponseReturnValue:
    """What was written down so far, and a new draft."""
    return _index(OpenForm())


def open_draft() -> ResponseReturnValue:
    """Begin a draft."""
    form = OpenForm()
    if not form.validate_on_submit():
        return _index(form), 422
    draft_id = services.open_draft(_scope(), current_user.id, Source(form.asal.data))
    return redirect(url_for(".show", draft_id=draft_id), 303)


def show(draft_id: int) -> ResponseReturnValue:
    """A draft to write on, or the order that it became."""
    draft = queries.draft_of(_scope(), draft_id)
    if draft.order is not None:
        return _placed(draft, draft.order, CashForm())
    return _draft_page(draft_id, dict(draft.typed))


def submit(draft_id: int) -> ResponseReturnValue:
    """Keep what was typed, and place the order where that was asked for."""
    typed, asked = _typed(), request.form.get("aksi")
    queries.draft_of(_scope(), draft_id)
    try:
        refused = _use_code(draft_id, typed, asked)
        services.save_draft(_scope(), draft_id, typed)
    except services.AlreadyPlaced:  # a second click: the order is there
        return redirect(url_for(".show", draft_id=draft_id), 303)
    if refused is not None:
        return _draft_page(draft_id, typed, refused)
    if asked == "simpan":
        flash(_("Draf disimpan."), "success")
        return redirect(url_for(".index"), 303)
    return _place(draft_id, typed) if asked == "pesan" else _draft_page(draft_id, typed)


def add(draft_id: int) -> ResponseReturnValue:
    """Put goods into the draft."""
    queries.draft_of(_scope(), draft_id)
    form = GoodsForm()
    variant_id = form.variant_id.data or ""
    if form.validate_on_submit() and variant_id.isdecimal():
        try:
            notice = services.add_goods(
                _scope(), draft_id, int(variant_id), form.jumlah.data, note=form.note.data or ""
            )
            flash(notice or _("Barang ditambahkan."), "info" if notice else "success")
        except Invalid as error:
            flash(error.message or next(iter(error.errors.values())), "error")
    else:
        flash(_("Tulis jumlah barangnya."), "error")
    return redirect(url_for(".show", draft_id=draft_id), 303)


def change(draft_id: int, draft_line_id: int) -> ResponseReturnValue:
    """Change the pieces of a line, or take it out."""
    queries.draft_of(_scope(), draft_id)
    form = GoodsForm()
    out = request.form.get("aksi") == "hapus"
    if form.validate_on_submit() or out:
        notice = services.change_goods(_scope(), draft_id, draft_line_id, 0 if out else form.jumlah.data)
        if notice:
            flash(notice, "info")
    else:
        flash(_("Tulis jumlah barangnya."), "error")
    return redirect(url_for(".show", draft_id=draft_id), 303)


def drop(draft_id: int) -> ResponseReturnValue:
    """Forget a draft."""
    services.drop_draft(_scope(), draft_id)
    flash(_("Draf dihapus."), "success")
    return redirect(url_for(".index"), 303)


def take_cash(draft_id: int) -> ResponseReturnValue:
    """Cash is in the officer's hand."""
    draft = queries.draft_of(_scope(), draft_id)
    form = CashForm()
    try:
        if form.validate_on_submit():
            done = services.take_cash(_scope(), draft_id, Actor(current_user.id), amount=form.jumlah.data)
            words = (
                _("Tunai dicatat; pesanan lunas.")
                if done
                else _("Tunai dicatat; petugas kedua menghitungnya.")
            )
            flash(words, "success")
            return redirect(url_for(".show", draft_id=draft_id), 303)
    except Invalid as error:
        blame(form, error)
    draft = queries.draft_of(_scope(), draft_id)
    if draft.order is None:
        raise services.NotWritten
    return _placed(draft, draft.order, form), 422


def count_cash(draft_id: int) -> ResponseReturnValue:
    """A second officer has counted it."""
    if services.count_cash(_scope(), draft_id, Actor(current_user.id)) is Outcome.REVIEW:
        flash(_("Tunai dihitung dan dicatat, tetapi pesanannya tidak menunggunya lagi."), "warning")
    else:
        flash(_("Tunai dihitung dua orang; pesanan lunas."), "success")
    return redirect(url_for(".show", draft_id=draft_id), 303)


def _scope() -> queries.Scope:
    """Whose orders these rooms show."""
    return own_facility().id if request.blueprint == staff.name else None


def _index(form: OpenForm) -> str:
    before = row_key(request.args.get("sebelum", ""))
    drafts, older = queries.drafts_of(_scope(), before=before, limit=SIZE)
    return render_template(
        "assisted/index.html", page=Stretch(drafts, older, before), form=form, sources=SOURCES,
        pieces=queries.pieces_in(drafts), office=request.blueprint == office.name,
    )  # fmt: skip


def _typed() -> dict[str, str]:
    """What the form holds, right or wrong; and how each parcel travels."""
    names = [*KEPT, *(name for name in request.form if name.startswith(("kirim-", "hari-")))]
    return {name[:40]: request.form.get(name, "")[:400] for name in names[:60]}


def _use_code(draft_id: int, typed: dict[str, str], asked: str | None) -> Invalid | None:
    """Take over a voucher's code that was typed, or let one go; what is wrong with it if it cannot be had.

    One that was typed counts at every button but "save": nobody places an order without seeing what it gives.
    """
    code = CodeForm(MultiDict({"kode": typed["kode"]}), meta={"csrf": False})
    try:
        if asked == "lepas":
            services.use_code(_scope(), draft_id, "")
        elif asked == "kode" or (asked != "simpan" and typed["kode"].strip()):
            if not code.validate():
                return Invalid({"kode": code.first_complaint()})
            services.use_code(_scope(), draft_id, code.kode.data)
            typed["kode"] = ""
    except Invalid as error:
        return error
    return None


def _draft_page(draft_id: int, typed: dict[str, str], wrong: Invalid | None = None) -> ResponseReturnValue:
    form = DraftForm(formdata=MultiDict(typed))
    if wrong is not None:
        blame(form, wrong)
    return _show_draft(draft_id, form, typed), 422 if wrong else 200


def _place(draft_id: int, typed: dict[str, str]) -> ResponseReturnValue:
    form = DraftForm()
    view, plan = _plan(draft_id, form, typed)
    methods = _methods(queries.draft_of(_scope(), draft_id), plan)
    if not view.lines:
        form.form_errors.append(_("Belum ada barang di pesanan ini."))
        return _show_draft(draft_id, form, typed), 422
    if not form.accepts(plan, methods):
        return _show_draft(draft_id, form, typed), 422
    try:
        placed = services.place_draft(
            _scope(), draft_id, form.buyer(), Actor(current_user.id), payment_method=form.bayar.data,
            pickups=_pickups(view, typed), ways=_ways(view, typed),
            seen_total=row_key(request.form.get("total", "")),
        )  # fmt: skip
        if placed.is_new and form.bayar.data not in (services.CASH, FREE):
            start_attempt(placed.id, form.bayar.data)
    except Invalid as error:
        blame(form, error)
        return _show_draft(draft_id, form, typed), 422
    except DomainError as error:  # sold out or changed meanwhile: all that was typed stays
        form.form_errors.append(str(CHANGED.get(type(error), error.message)))
        return _show_draft(draft_id, form, typed), error.status
    flash(_("Pesanan %(number)s dibuat; barangnya disimpan untuk pembeli.", number=placed.number), "success")
    return redirect(url_for(".show", draft_id=draft_id), 303)


def _plan(draft_id: int, form: DraftForm, typed: dict[str, str]) -> tuple[CartView, Plan]:
    """The goods and what they cost to bring, with vendors' prices at hand."""
    token = queries.draft_of(_scope(), draft_id).cart_token
    view = contents(token)
    form.know(None, ())
    form.find_place(view.district_code)
    code = form.district.code if form.district else None
    if ask_vendors(parcel_specs(view), code):
        view = contents(token)
    return view, make_plan(view, code, _pickups(view, typed), _ways(view, typed), form.people())


def _methods(draft: Draft, plan: Plan) -> list[Method]:
    """The ways to pay; cash only from somebody who stands there, and has something to pay."""
    methods = methods_for(plan)
    if draft.source is Source.COUNTER and plan.total:
        hint = _("Pembeli membayar di loket sekarang.")
        methods = [Method(services.CASH, services.CASH, _("Tunai"), hint, _("Tunai")), *methods]
    return methods


def _show_draft(draft_id: int, form: DraftForm, typed: dict[str, str]) -> str:
    view, plan = _plan(draft_id, form, typed)
    draft = queries.draft_of(_scope(), draft_id)
    methods = _methods(draft, plan)
    form.offer(methods)
    form.expect(plan)
    words = request.values.get("q", "").strip()[:80]
    return render_template(
        "assisted/draft.html", draft=draft, form=form, cart=view, plan=plan, methods=methods, words=words,
        goods=queries.find_goods(_scope(), words), sources=SOURCES, step=StepForm(),
    )  # fmt: skip


def _placed(draft: Draft, order: Order, form: CashForm) -> str:
    link = current_app.config["PUBLIC_BASE_URL"] + url_for("checkout.order", token=order.token)
    return render_template(
        "assisted/placed.html", draft=draft, order=order, link=link, form=form,
        receipt=queries.receipt_of(order.id), alone=current_app.config["CASH_ALONE_MAX"], sources=SOURCES,
    )  # fmt: skip


def _pickups(view: CartView, typed: dict[str, Any]) -> frozenset[int]:
    return frozenset(
        group.facility_id for group in view.groups if typed.get(f"kirim-{group.facility_id}") == "pickup"
    )


def _ways(view: CartView, typed: dict[str, Any]) -> dict[int, Way]:
    ways = {}
    for group in view.groups:
        service = typed.get(f"kirim-{group.facility_id}", "")[:32]
        if service not in ("", "pickup"):
            ways[group.facility_id] = Way(service, _day(typed.get(f"hari-{group.facility_id}", "")))
    return ways


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


for _room in (staff, office):
    _room.add_url_rule("", view_func=index)
    _room.add_url_rule("", "open_draft", open_draft, methods=["POST"])
    _room.add_url_rule("/<int:draft_id>", view_func=show)
    _room.add_url_rule("/<int:draft_id>/cari", "show", show)
    _room.add_url_rule("/<int:draft_id>", "submit", submit, methods=["POST"])
    _room.add_url_rule("/<int:draft_id>/barang", "add", add, methods=["POST"])
    _room.add_url_rule("/<int:draft_id>/barang/<int:draft_line_id>", "change", change, methods=["POST"])
    _room.add_url_rule("/<int:draft_id>/hapus", "drop", drop, methods=["POST"])
    _room.add_url_rule("/<int:draft_id>/tunai", "take_cash", take_cash, methods=["POST"])
    _room.add_url_rule("/<int:draft_id>/tunai/hitung", "count_cash", count_cash, methods=["POST"])
