"""Promotions in the back office: the office and the promoter in one room, a facility's staff in theirs."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.accounts.models import Role
from storefront.core import clock
from storefront.core.errors import DomainError, Forbidden, Invalid
from storefront.core.language import _, lazy
from storefront.facilities.staff_views import own_facility
from storefront.promotions import services
from storefront.promotions.forms import FUNDERS, KINDS, PromotionForm, stored
from storefront.promotions.models import Funder, Promotion
from storefront.promotions.queries import benefit, code_words, near_words
from storefront.promotions.queries.offers import offer_to_show
from storefront.promotions.queries.office import (
    PAGE,
    PromotionRow,
    Stage,
    counts,
    promotion_of,
    promotions,
    scope_choices,
)
from storefront.promotions.services import Author
from storefront.web.fields import blame
from storefront.web.pagination import Page, page_number

office = Blueprint("promotions_office", __name__, url_prefix="/pemprov/promosi")
staff = Blueprint("promotions_staff", __name__, url_prefix="/petugas/promosi")
BLUEPRINTS = (office, staff)

STAGES = {
    Stage.RUNNING: lazy("Berlaku"),
    Stage.COMING: lazy("Akan datang"),
    Stage.USED_UP: lazy("Kuota habis"),
    Stage.OVER: lazy("Berakhir"),
}


def index() -> ResponseReturnValue:
    """The promotions of this room, by where they stand."""
    author, number = author_here(), page_number(request.args.get("hal"))
    here = Stage(request.args["tahap"]) if request.args.get("tahap") in set(Stage) else None
    rows, total = promotions(author.realm, here, offset=(number - 1) * PAGE)
    return render_template(
        "promotions/index.html", page=Page(rows, number, PAGE, total), here=here, author=author,
        counts=counts(author.realm), stages=STAGES, report=f"{url_for('.index')}/laporan",
    )  # fmt: skip


def new() -> ResponseReturnValue:
    """Write down a promotion."""
    author = author_here()
    if not author.may_change:
        flash(_("Hanya kepala Lapas yang dapat membuat promosi."), "info")
        return redirect(url_for(".index"), 303)
    form = _form(author)
    if form.validate_on_submit():
        try:
            made = services.create_promotion(form.terms(author), author)
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Promosi tersimpan."), "success")
            return redirect(url_for(".edit", promotion_id=made), 303)
    return _page(form, author, None)


def edit(promotion_id: int) -> ResponseReturnValue:
    """Look at a promotion, change what may still change."""
    author = author_here()
    row = promotion_of(author.realm, promotion_id)
    form = _form(author, row.promotion)
    if form.validate_on_submit():
        try:
            services.change_promotion(promotion_id, form.terms(author), author)
        except Invalid as error:
            blame(form, error)
        except Forbidden:
            raise
        except DomainError as error:
            form.form_errors.append(error.message)
        else:
            flash(_("Perubahan tersimpan."), "success")
            return redirect(url_for(".edit", promotion_id=promotion_id), 303)
    return _page(form, author, promotion_of(author.realm, promotion_id))


def end(promotion_id: int) -> ResponseReturnValue:
    """End a promotion for good."""
    services.end_promotion(promotion_id, author_here())
    flash(_("Promosi diakhiri. Pesanan yang sudah memakainya tetap mendapat potongannya."), "success")
    return redirect(url_for(".edit", promotion_id=promotion_id), 303)


for _room in BLUEPRINTS:
    _room.add_url_rule("", view_func=index, methods=["GET"])
    _room.add_url_rule("/baru", view_func=new, methods=["GET", "POST"])
    _room.add_url_rule("/<int:promotion_id>", view_func=edit, methods=["GET", "POST"])
    _room.add_url_rule("/<int:promotion_id>/akhiri", view_func=end, methods=["POST"])

office.add_app_template_filter(benefit, "manfaat")
office.add_app_template_filter(code_words, "kabar_kode")
office.add_app_template_filter(near_words, "kurang_apa")
office.add_app_template_filter(lambda funder: str(FUNDERS[Funder(funder)]), "penanggung")
office.add_app_template_filter(lambda promotion: str(KINDS[promotion.kind]), "jenis_promosi")


# --- pieces -------------------------------------------------------------------------------------------


def author_here() -> Author:
    """Who works here; whatever a form says, staff of a facility stay inside theirs. Raises NotFound."""
    role = Role(current_user.role)
    facility_id = own_facility().id if role in (Role.FACILITY_STAFF, Role.FACILITY_HEAD) else None
    return Author(current_user.id, role, facility_id)


def _form(author: Author, promotion: Promotion | None = None) -> PromotionForm:
    data: dict[str, Any] = stored(promotion) if promotion else {"starts_on": clock.today()}
    if promotion is None:
        data |= {"kind": "percent", "scope": "everything", "facility_id": author.facility_id}
        data |= {"funder": "facility" if author.facility_id else "pemprov"}
    form = PromotionForm(data=data)
    form.offer(
        scope_choices(author.facility_id), [one for one in Funder if author.may_fund(one, author.facility_id)]
    )
    if author.facility_id is not None:  # nothing to choose: its own purse
        del form.funder, form.facility_id
    elif author.role is Role.PROMOTER:
        del form.facility_id
    return form


def _page(form: PromotionForm, author: Author, row: PromotionRow | None) -> ResponseReturnValue:
    shown = offer_to_show(row.promotion.id) if row else None
    html = render_template(
        "promotions/edit.html", form=form, row=row, author=author, stages=STAGES, offer=shown
    )
    return html, 422 if form.is_submitted() else 200
