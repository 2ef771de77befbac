"""Complaints from the buyer's side: told on the page of their order, followed and answered below it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from storefront.aftersales import services
from storefront.aftersales.forms import (
    MessageForm,
    SendForm,
    StepForm,
    WordsForm,
    case_form,
    counted,
    put_beside,
)
from storefront.aftersales.models import ComplaintCase, Party, Problem, Wish
from storefront.aftersales.queries import cases, words
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.core.storage import storage
from storefront.web.limits import limiter

bp = Blueprint("aftersales", __name__, url_prefix="/pesanan/<token>/keluhan")
bp.add_app_template_filter(words.until, "sampai")
bp.add_app_template_filter(words.remedy_words, "kata_ganti")
bp.add_app_template_filter(words.next_step, "langkah_keluhan")
bp.add_app_template_filter(words.problem_words, "masalah")
bp.add_app_template_filter(words.reason_words, "masalah_singkat")
bp.add_app_template_filter(words.heading, "judul_keluhan")
bp.add_app_template_global(cases.on_order, "complaints_on")
bp.add_app_template_global(cases.cases_of_number, "cases_of_number")


@bp.route("/kiriman/<int:parcel_id>", methods=["GET", "POST"])
@limiter.limit("10 per minute; 40 per hour", methods=["POST"])
def new(token: str, parcel_id: int) -> ResponseReturnValue:
    """Tell what is wrong with things of a parcel that arrived."""
    parcel, pieces = cases.pieces_of(token, parcel_id)
    there = cases.on_order(parcel.order)[parcel_id]
    standing = next((case for case in there.cases if case.is_live), None)
    if standing is not None:
        return _to(token, standing.id)
    form = case_form(pieces)
    if there.may_open and form.validate_on_submit():
        told = services.Told(
            counted(form, "pieces_"), Problem(form.problem.data), Wish(form.wish.data), form.text.data
        )
        try:
            case = services.open_case(token, parcel_id, told, form.sent_photos())
            flash(
                _("Keluhan Anda kami terima dengan nomor %(reference)s.", reference=case.reference), "success"
            )
            return _to(token, case.id)
        except Invalid as error:
            put_beside(form, error)
    form.ask_for_photos_again()
    parcel, pieces = cases.pieces_of(token, parcel_id)
    html = render_template(
        "aftersales/new.html", form=form, token=token, parcel=parcel, pieces=pieces, there=there,
        most=services.MAX_PHOTOS, days=_promises(),
    )  # fmt: skip
    return html, 422 if form.errors else 200


@bp.get("/<int:case_id>")
def show(token: str, case_id: int) -> ResponseReturnValue:
    """A complaint with all that was said and done, and what its buyer can do now."""
    return _page(token, case_id)


@bp.post("/<int:case_id>/pesan")
@limiter.limit("10 per minute; 60 per hour")
def write(token: str, case_id: int) -> ResponseReturnValue:
    """Write a message, with photos if wanted."""
    form = MessageForm()

    def act() -> None:
        services.say(case_id, Party.BUYER, form.text.data, token=token, photos=form.sent_photos())

    return _step(token, case_id, form, act, _("Pesan Anda terkirim."), name="message")


@bp.post("/<int:case_id>/terima")
def agree(token: str, case_id: int) -> ResponseReturnValue:
    """Take what is offered."""
    return _step(
        token, case_id, StepForm(), lambda: services.agree(token, case_id), _("Jawaban Anda kami catat.")
    )


@bp.post("/<int:case_id>/tolak")
def disagree(token: str, case_id: int) -> ResponseReturnValue:
    """Do not take what is offered: the office decides."""
    form = WordsForm(prefix="tolak-")
    return _step(
        token, case_id, form, lambda: services.disagree(token, case_id, text=form.text.data),
        _("Kantor Wilayah kini memutuskan keluhan Anda."), name="refusal",
    )  # fmt: skip


@bp.post("/<int:case_id>/cabut")
def withdraw(token: str, case_id: int) -> ResponseReturnValue:
    """Take the complaint back."""
    return _step(
        token, case_id, StepForm(), lambda: services.withdraw(token, case_id), _("Keluhan Anda dicabut.")
    )


@bp.post("/<int:case_id>/kirim-balik")
def send_back(token: str, case_id: int) -> ResponseReturnValue:
    """The goods are on their way back."""
    form = SendForm()

    def act() -> None:
        services.send_back(token, case_id, courier=form.courier.data, waybill=form.waybill.data)

    return _step(token, case_id, form, act, _("Nomor resi Anda kami catat."), name="send")


@bp.get("/<int:case_id>/foto/<int:picture_id>")
def photo(token: str, case_id: int, picture_id: int) -> ResponseReturnValue:
    """A photo of one's own complaint."""
    return send_photo(cases.case_of(token, case_id), picture_id)


def send_photo(case: ComplaintCase, picture_id: int) -> ResponseReturnValue:
    """A photo of a case that the visitor may see. Raises NotFound."""
    return send_file(storage().open(cases.photo_key(case.id, picture_id)), mimetype="image/webp")


def _step(
    token: str, case_id: int, form: FlaskForm, act: Callable[[], None], done: str, *, name: str = ""
) -> ResponseReturnValue:
    """Do a step of the buyer's, or show the page again with what is wrong beside its field."""
    cases.case_of(token, case_id)
    if form.validate_on_submit():
        try:
            act()
        except Invalid as error:
            put_beside(form, error)
        else:
            flash(done, "success")
            return _to(token, case_id)
    if not name:
        raise NotFound
    if isinstance(form, MessageForm):
        form.ask_for_photos_again()
    return _page(token, case_id, **{name: form})


def _page(token: str, case_id: int, **refused: FlaskForm) -> ResponseReturnValue:
    case = cases.case_of(token, case_id)
    forms: dict[str, Any] = {
        "message": MessageForm(formdata=None),
        "refusal": WordsForm(formdata=None, prefix="tolak-"),
        "send": SendForm(formdata=None, courier=case.courier, waybill=case.waybill),
    }
    html = render_template(
        "aftersales/case.html", case=case, token=token, rows=words.thread(case, Party.BUYER),
        problems=words.PROBLEMS, wishes=words.WISHES, most=services.MAX_PHOTOS,
        office=_contact(), refused=next(iter(refused.values()), None), **(forms | refused),
    )  # fmt: skip
    return html, 422 if refused else 200


def _contact() -> dict[str, str]:
    """How the office is reached, where a decision is not the last word."""
    config = current_app.config
    return {"name": config["OFFICE_NAME"], "phone": config["OFFICE_PHONE"], "email": config["OFFICE_EMAIL"]}


def _promises() -> dict[str, int]:
    """The deadlines that are shown to whoever complains, in days."""
    config = current_app.config
    return {"answer": config["COMPLAINT_ANSWER_DAYS"], "decision": config["COMPLAINT_DECISION_DAYS"]}


def _to(token: str, case_id: int) -> ResponseReturnValue:
    return redirect(url_for("aftersales.show", token=token, case_id=case_id), 303)
