"""Announcements: the office says and takes back, a facility reads; and which letters one wants."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.facilities.queries import ROLE_NAMES
from storefront.facilities.staff_views import own_facility
from storefront.notices import queries, services
from storefront.notices.forms import LettersForm, NoticeForm
from storefront.web.fields import blame
from storefront.web.pagination import Page, page_number

office = Blueprint("notices_office", __name__, url_prefix="/kanwil/pengumuman")
staff = Blueprint("notices_staff", __name__, url_prefix="/petugas/pengumuman")
letters = Blueprint("staff_letters", __name__, url_prefix="/akun/surat")
BLUEPRINTS = (office, staff, letters)


@office.get("")
def index() -> ResponseReturnValue:
    """What the office said, the newest first, and how many have read it."""
    number = page_number(request.args.get("hal"))
    rows, total = queries.said((number - 1) * queries.SIZE)
    return render_template("notices/office/index.html", page=Page(rows, number, queries.SIZE, total))


@office.route("/baru", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Say something to the facilities."""
    form = NoticeForm(whom="all")
    facilities = form.offer()
    if form.validate_on_submit():
        try:
            notice_id = services.publish_notice(
                form.details(), once=form.once.data or "", by_id=current_user.id
            )
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Pengumuman tampil di Hari ini, dan suratnya sedang dikirim."), "success")
            return redirect(url_for(".show", notice_id=notice_id), 303)
    page = render_template("notices/office/new.html", form=form, facilities=facilities)
    return page, 422 if form.is_submitted() else 200


@office.get("/<int:notice_id>")
def show(notice_id: int) -> ResponseReturnValue:
    """One announcement, and who has read it."""
    return render_template(
        "notices/office/show.html", notice=queries.notice(notice_id), readers=queries.readers(notice_id),
        role_names=ROLE_NAMES, is_over=queries.is_over,
    )  # fmt: skip


@office.post("/<int:notice_id>/tarik")
def withdraw(notice_id: int) -> ResponseReturnValue:
    """Take it back."""
    services.withdraw_notice(notice_id, by_id=current_user.id)
    flash(_("Pengumuman ditarik."), "success")
    return redirect(url_for(".show", notice_id=notice_id), 303)


@staff.get("")
def heard() -> ResponseReturnValue:
    """All that the office said to the own facility, read or not."""
    return render_template("notices/heard.html", rows=queries.heard(current_user.id, own_facility().id))


@staff.post("/<int:notice_id>/dibaca")
def read(notice_id: int) -> ResponseReturnValue:
    """It was read: it leaves *Hari ini*."""
    services.mark_read(notice_id, current_user.id, own_facility().id)
    return redirect(url_for("facility_desk.home"), 303)


@letters.route("", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """Which letters one wants, in which language."""
    kept = queries.choice_of(current_user.id)
    form = LettersForm(is_weekly=kept.is_weekly, language=kept.language)
    if form.validate_on_submit():
        services.choose_letters(
            current_user.id, is_weekly=bool(form.is_weekly.data), language=form.language.data
        )
        flash(_("Tersimpan."), "success")
        return redirect(url_for("accounts.account"), 303)
    return render_template("notices/letters.html", form=form), 422 if form.is_submitted() else 200
