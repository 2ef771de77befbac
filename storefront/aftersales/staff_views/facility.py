"""A facility answers complaints about its own parcels: who bought is not among what it sees here."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from storefront.aftersales import services
from storefront.aftersales.forms import (
    AcceptForm,
    StepForm,
    WordsForm,
    proposal_form,
    receive_form,
)
from storefront.aftersales.models import Party, Remedy
from storefront.aftersales.queries import cases, words
from storefront.aftersales.staff_views.desk import listing, step, take_back, words_of
from storefront.aftersales.views import send_photo
from storefront.core.language import _
from storefront.facilities.staff_views import own_facility

bp = Blueprint("aftersales_staff", __name__, url_prefix="/petugas/keluhan")


@bp.get("")
def index() -> ResponseReturnValue:
    """The facility's complaints, what it has to answer first."""
    return listing("/petugas/keluhan", "lapas", facility_id=own_facility().id)


@bp.route("/paket/<int:parcel_id>", methods=["GET", "POST"])
def come_back(parcel_id: int) -> ResponseReturnValue:
    """An own parcel that came back undelivered."""
    return take_back("/petugas/keluhan", parcel_id, own_facility().id)


@bp.get("/<int:case_id>")
def show(case_id: int) -> ResponseReturnValue:
    """One complaint: what is wrong, what was said, what can be done."""
    return _page(case_id)


@bp.get("/<int:case_id>/foto/<int:picture_id>")
def photo(case_id: int, picture_id: int) -> ResponseReturnValue:
    """A photo of an own complaint."""
    return send_photo(cases.own_case(own_facility().id, case_id), picture_id)


@bp.post("/<int:case_id>/setujui")
def accept(case_id: int) -> ResponseReturnValue:
    """Do as the buyer wishes."""
    form, facility_id = AcceptForm(prefix="setuju-"), own_facility().id

    def act() -> None:
        services.accept_wish(
            facility_id, case_id, current_user.id, wants_goods=bool(form.wants_goods.data),
            with_shipping=bool(form.with_shipping.data), text=form.text.data or "",
        )  # fmt: skip

    return _step(case_id, "accept", form, act, _("Disetujui. Pembeli diberi tahu."))


@bp.post("/<int:case_id>/tawarkan")
def offer(case_id: int) -> ResponseReturnValue:
    """Offer something else, or explain why there is nothing to make good."""
    facility_id = own_facility().id
    form = proposal_form(cases.own_case(facility_id, case_id), prefix="tawar-", nothing=True)

    def act() -> None:
        proposal = form.proposal()
        services.offer(facility_id, case_id, current_user.id, proposal, text=form.text.data or "")

    return _step(case_id, "offer", form, act, _("Jawaban terkirim. Pembeli memutuskan apakah menerimanya."))


@bp.post("/<int:case_id>/serahkan")
def hand_over(case_id: int) -> ResponseReturnValue:
    """Leave the decision to the office."""
    form, facility_id = WordsForm(prefix="serah-"), own_facility().id

    def act() -> None:
        services.hand_over(facility_id, case_id, current_user.id, text=form.text.data or "")

    return _step(case_id, "handing", form, act, _("Diserahkan kepada Kantor Wilayah."))


@bp.post("/<int:case_id>/pesan")
def write(case_id: int) -> ResponseReturnValue:
    """Write to the buyer and the office."""
    form, facility_id = WordsForm(), own_facility().id

    def act() -> None:
        services.say(
            case_id, Party.FACILITY, form.text.data, actor_id=current_user.id, facility_id=facility_id
        )

    return _step(case_id, "message", form, act, _("Pesan terkirim."))


@bp.post("/<int:case_id>/barang")
def receive(case_id: int) -> ResponseReturnValue:
    """The goods came back: write down the state of each piece."""
    facility_id = own_facility().id
    form = receive_form(cases.own_case(facility_id, case_id))

    def act() -> None:
        services.receive_back(
            facility_id, case_id, current_user.id, form.counted(), doubt=form.doubt.data or ""
        )

    return _step(case_id, "receiving", form, act, _("Barang kembali dicatat."))


@bp.post("/<int:case_id>/selesai")
def finish(case_id: int) -> ResponseReturnValue:
    """What was agreed by word has been done."""
    form, facility_id = StepForm(), own_facility().id

    def act() -> None:
        services.finish(case_id, current_user.id, facility_id=facility_id)

    return _step(case_id, "finishing", form, act, _("Keluhan ini selesai."))


def _step(case_id: int, name: str, form: FlaskForm, act: Any, done: str) -> ResponseReturnValue:
    cases.own_case(own_facility().id, case_id)  # somebody else's is not there, whatever was typed
    return step(
        form, act, done, back=("aftersales_staff.show", case_id),
        again=lambda refused, status: _page(case_id, status, **{name: refused}),
    )  # fmt: skip


def _page(case_id: int, status: int = 200, **refused: FlaskForm) -> ResponseReturnValue:
    case = cases.own_case(own_facility().id, case_id)
    forms: dict[str, Any] = {
        "accept": AcceptForm(formdata=None, prefix="setuju-"),
        "handing": WordsForm(formdata=None, prefix="serah-"),
        "message": WordsForm(formdata=None),
        "finishing": StepForm(formdata=None),
    }
    if "offer" not in refused:
        forms["offer"] = proposal_form(case, prefix="tawar-", nothing=True, fresh=True)
    if "receiving" not in refused:
        forms["receiving"] = receive_form(case, fresh=True)
    html = render_template(
        "aftersales/staff/case.html", case=case, rows=words.thread(case, Party.FACILITY),
        told=words.story(case, Party.FACILITY), desk="facility", room="/petugas/keluhan",
        by_word=case.remedy is Remedy.OTHER, refused=next(iter(refused.values()), None),
        **words_of(**(forms | refused)),
    )  # fmt: skip
    return html, status
