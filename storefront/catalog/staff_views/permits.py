"""Permits of food at the regional office: the list of all of them, and what each kind of food needs."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.catalog.forms import LICENCE_WORDS, NEED_WORDS, FoodRuleForm, shelf_choices
from storefront.catalog.models import FoodLicence, FoodNeed, LicenceKind
from storefront.catalog.queries import curation, permits
from storefront.catalog.services.licences import TYPES
from storefront.catalog.services.permits import add_rule, drop_rule
from storefront.catalog.staff_views.products import search_words
from storefront.core.errors import Invalid
from storefront.core.language import _, _n
from storefront.core.storage import read
from storefront.facilities.queries import facility_options
from storefront.web.fields import blame, row_key
from storefront.web.pagination import page_number

bp = Blueprint("permits_office", __name__, url_prefix="/kanwil/izin-pangan")


@bp.get("")
def index() -> ResponseReturnValue:
    """Every permit of food, with filters."""
    wanted = wanted_list(row_key(request.args.get("lapas", "")))
    number = page_number(request.args.get("hal"))
    shown = context(wanted, number, is_office=True) | {"facilities": facility_options()}
    return render_template("catalog_staff/permits.html", **shown)


@bp.get("/<int:licence_id>/pindaian")
def scan(licence_id: int) -> ResponseReturnValue:
    """The paper of a permit, to be downloaded."""
    return sent_scan(permits.scan_of(licence_id))


@bp.route("/aturan", methods=["GET", "POST"])
def rules() -> ResponseReturnValue:
    """What each kind of food needs, and a form for one more rule."""
    form = FoodRuleForm()
    form.category_id.offer(shelf_choices(curation.shelves(), none=_("Belum dipilih")))
    if form.validate_on_submit():
        try:
            _rule, left = add_rule(
                form.category_id.data, FoodNeed(form.need.data), form.valid_from.data, form.legal_ref.data,
                over_days=form.over_days.data, actor_id=current_user.id,
            )  # fmt: skip
            return _done(_n("Aturan disimpan; %(n)s produk turun dari rak hari ini.", left))
        except Invalid as error:
            blame(form, error)
    html = render_template(
        "catalog_staff/food_rules.html", form=form, rules=permits.food_rules(), need_words=NEED_WORDS
    )
    return html, 422 if form.errors else 200


@bp.post("/aturan/<int:rule_id>/hapus")
def delete_rule(rule_id: int) -> ResponseReturnValue:
    """Take a rule back."""
    drop_rule(rule_id, current_user.id)
    return _done(_("Aturan dihapus."))


def wanted_list(facility_id: int | None) -> permits.Wanted:
    """The list that the address asks for; what is not known is left out."""
    tab, kind = request.args.get("tab", ""), request.args.get("jenis", "")
    return permits.Wanted(
        tab=tab if tab in permits.TABS else permits.TABS[0],
        facility_id=facility_id,
        kind=LicenceKind(kind) if kind in list(LicenceKind) else None,
        words=search_words(),
    )


def context(wanted: permits.Wanted, number: int, *, is_office: bool) -> dict[str, Any]:
    """What the list's page shows, for the office or for one facility."""
    listed = permits.off_shelf if wanted.tab == "turun" else permits.permits
    return {
        "page": listed(wanted, number),
        "wanted": wanted,
        "counts": permits.counts(wanted.facility_id),
        "days_left": permits.days_left,
        "urgent": permits.URGENT,
        "licence_words": LICENCE_WORDS,
        "is_office": is_office,
        "facilities": [],
    }


def sent_scan(licence: FoodLicence) -> Response:
    """A permit's paper as a file to keep: nothing of it is ever shown inside the shop."""
    ending = licence.scan_key.rpartition(".")[2]
    return send_file(
        BytesIO(read(licence.scan_key)), mimetype=TYPES[ending], as_attachment=True,
        download_name=f"izin-{licence.kind.value}-{licence.id}.{ending}",
    )  # fmt: skip


def _done(message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("permits_office.rules"), 303)
