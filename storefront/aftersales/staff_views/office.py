"""The office sees every complaint about a parcel and decides those that come to it."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from storefront.aftersales import services
from storefront.aftersales.forms import StepForm, WordsForm, proposal_form
from storefront.aftersales.models import Party, Remedy
from storefront.aftersales.queries import cases, words
from storefront.aftersales.staff_views.desk import listing, step, take_back, words_of
from storefront.aftersales.views import send_photo
from storefront.core.language import _
from storefront.web.fields import row_key

bp = Blueprint("aftersales_office", __name__, url_prefix="/kanwil/keluhan")


@bp.get("")
def index() -> ResponseReturnValue:
    """All complaints, what the office has to decide first."""
    return listing("/kanwil/keluhan", "kanwil", place=row_key(request.args.get("lapas", "")))


@bp.route("/paket/<int:parcel_id>", methods=["GET", "POST"])
def come_back(parcel_id: int) -> ResponseReturnValue:
    """Any parcel that came back undelivered, told by telephone."""
    return take_back("/kanwil/keluhan", parcel_id)


@bp.get("/<int:case_id>")
def show(case_id: int) -> ResponseReturnValue:
    """One complaint with everything about it."""
    return _page(case_id)


@bp.get("/<int:case_id>/foto/<int:picture_id>")
def photo(case_id: int, picture_id: int) -> ResponseReturnValue:
    """A photo of a complaint."""
    return send_photo(cases.any_case(case_id), picture_id)


@bp.post("/<int:case_id>/putuskan")
def decide(case_id: int) -> ResponseReturnValue:
    """Decide for the buyer, wholly or in part."""
    form = proposal_form(cases.any_case(case_id), prefix="putus-", where=True)

    def act() -> None:
        services.decide(case_id, current_user.id, form.proposal(), text=form.text.data)

    return _step(case_id, "decision", form, act, _("Diputuskan. Pembeli dan Lapas diberi tahu."))


@bp.post("/<int:case_id>/tolak")
def reject(case_id: int) -> ResponseReturnValue:
    """Reject it, with the reason."""
    form = WordsForm(prefix="tolak-")
    return _step(
        case_id, "refusal", form, lambda: services.reject(case_id, current_user.id, text=form.text.data),
        _("Keluhan ditolak. Pembeli membaca alasannya."),
    )  # fmt: skip


@bp.post("/<int:case_id>/pesan")
def write(case_id: int) -> ResponseReturnValue:
    """Write to the buyer and the facility."""
    form = WordsForm()

    def act() -> None:
        services.say(case_id, Party.OFFICE, form.text.data, actor_id=current_user.id)

    return _step(case_id, "message", form, act, _("Pesan terkirim."))


@bp.post("/<int:case_id>/selesai")
def finish(case_id: int) -> ResponseReturnValue:
    """What was agreed by word has been done."""
    return _step(
        case_id, "finishing", StepForm(), lambda: services.finish(case_id, current_user.id),
        _("Keluhan ini selesai."),
    )  # fmt: skip


def _step(case_id: int, name: str, form: FlaskForm, act: Any, done: str) -> ResponseReturnValue:
    return step(
        form, act, done, back=("aftersales_office.show", case_id),
        again=lambda refused, status: _page(case_id, status, **{name: refused}),
    )  # fmt: skip


def _page(case_id: int, status: int = 200, **refused: FlaskForm) -> ResponseReturnValue:
    case = cases.any_case(case_id)
    forms: dict[str, Any] = {
        "refusal": WordsForm(formdata=None, prefix="tolak-"),
        "message": WordsForm(formdata=None),
        "finishing": StepForm(formdata=None),
    }
    if "decision" not in refused:
        forms["decision"] = proposal_form(case, prefix="putus-", fresh=True, where=True)
    html = render_template(
        "aftersales/staff/case.html", case=case, rows=words.thread(case, Party.OFFICE),
        told=words.story(case, Party.OFFICE), desk="office", room="/kanwil/keluhan",
        by_word=case.remedy is Remedy.OTHER, refused=next(iter(refused.values()), None),
        general=cases.complaints_naming(case.order.number), **words_of(**(forms | refused)),
    )  # fmt: skip
    return html, status
