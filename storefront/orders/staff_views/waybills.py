"""A list of waybills, pasted or scanned: each line is judged by itself."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.errors import Invalid
from storefront.facilities.staff_views import own_facility
from storefront.orders.forms import WaybillsForm
from storefront.orders.services import Actor
from storefront.orders.services.board import Verdict, enter_waybills, summary
from storefront.orders.staff_views import bp
from storefront.web.fields import blame


@bp.route("/resi", methods=["GET", "POST"])
def waybills() -> ResponseReturnValue:
    """The list; what was sent with its verdicts, and the lines that were not good to be mended."""
    place, form, verdicts = own_facility(), WaybillsForm(), list[Verdict]()
    if form.validate_on_submit():
        try:
            verdicts = enter_waybills(
                place.id, form.lines.data, courier=form.courier.data, actor=Actor(current_user.id)
            )
        except Invalid as error:
            blame(form, error)
        else:
            flash(summary(verdicts), "success")
            form.lines.data = "\n".join(verdict.typed for verdict in verdicts if not verdict.good)
    bad = sum(not verdict.good for verdict in verdicts)
    page = render_template("orders_staff/waybills.html", form=form, verdicts=verdicts, bad=bad)
    return page, 422 if form.errors or bad else 200
