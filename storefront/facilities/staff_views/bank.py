"""The accounts that buyers pay to: dated, proposed by one officer and agreed by another, history in sight."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.core import clock
from storefront.core.db import found
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _
from storefront.facilities import queries, services
from storefront.facilities.forms import AccountForm, DecideForm
from storefront.facilities.models import Facility, MerchantAccount
from storefront.web.fields import blame

bp = Blueprint("bank_office", __name__, url_prefix="/kanwil/rekening")


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """The office's account: what is in force, what is proposed, what was before; take a proposal."""
    return _accounts(None)


@bp.route("/lapas/<int:facility_id>", methods=["GET", "POST"])
def facility(facility_id: int) -> ResponseReturnValue:
    """The same for a facility's own account."""
    return _accounts(found(Facility, facility_id))


@bp.post("/usulan/<int:account_id>/<decision>")
def decide(account_id: int, decision: str) -> ResponseReturnValue:
    """Agree to somebody else's proposal, or refuse it."""
    acts = {"setujui": services.approve_account, "tolak": services.decline_account}
    if decision not in acts or not DecideForm().validate_on_submit():
        raise NotFound
    facility_id = found(MerchantAccount, account_id).facility_id
    try:
        acts[decision](account_id, by_id=current_user.id)
    except DomainError as error:
        flash(error.message, "error")
    else:
        words = {
            "setujui": _("Rekening disetujui. Semua pengguna Kanwil diberi tahu melalui e-mail."),
            "tolak": _("Usulan rekening ditolak dan tetap tercatat."),
        }
        flash(words[decision], "success")
    return _to(facility_id)


def _accounts(place: Facility | None) -> ResponseReturnValue:
    place_id = place.id if place else None
    form = AccountForm(valid_from=clock.today(), tax=queries.tax_of(place_id, clock.today()))
    if form.validate_on_submit():
        try:
            services.propose_account(place_id, form.details(), by_id=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Usulan tersimpan. Petugas lain perlu menyetujuinya sebelum berlaku."), "success")
            return _to(place_id)
    return _page(place_id, form), 422 if form.is_submitted() else 200


def _page(place_id: int | None, form: AccountForm) -> str:
    rows = queries.account_history(place_id)
    today = clock.today()
    return render_template(
        "facilities/office/bank.html",
        form=form,
        place=found(Facility, place_id) if place_id else None,
        rows=rows,
        current=next((row for row in rows if queries.is_in_force(row, today)), None),
        proposal=next((row for row in rows if row.status == "proposed"), None),
        waiting=[] if place_id else queries.proposed_accounts(),
        places=[] if place_id else queries.facilities_with_accounts(today),
        decide=DecideForm(),
        owners=queries.OWNER_NAMES,
        taxes=queries.TAX_NAMES,
        words=queries.ACCOUNT_WORDS,
    )


def _to(facility_id: int | None) -> Response:
    if facility_id is None:
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".facility", facility_id=facility_id), 303)
