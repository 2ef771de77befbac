"""The bank account that buyers transfer to: dated, and its history in sight."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core import clock
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.facilities import queries, services
from storefront.facilities.forms import AccountForm
from storefront.web.fields import blame

bp = Blueprint("bank_office", __name__, url_prefix="/kanwil/rekening")


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Show the account and those before it; take a new one."""
    form = AccountForm(valid_from=clock.today())
    if form.validate_on_submit():
        try:
            services.set_office_account(
                bank=form.bank.data,
                number=form.number.data,
                holder=form.holder.data,
                valid_from=form.valid_from.data,
                by_id=current_user.id,
            )
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Rekening tersimpan. Semua pengguna Kanwil diberi tahu melalui e-mail."), "success")
            return redirect(url_for(".index"), 303)
    current = queries.office_account(clock.today())
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "facilities/office/bank.html", form=form, current=current, rows=queries.office_accounts()
    )
    return page, status
