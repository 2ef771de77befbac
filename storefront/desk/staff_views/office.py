"""*Hari ini* of the regional office."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core import clock
from storefront.desk.queries import overview
from storefront.desk.queries.beginning import office_beginning
from storefront.desk.queries.jobs import DAYS, given_up
from storefront.desk.queries.office_settings import office_settings
from storefront.desk.queries.today import office_today

bp = Blueprint("office_desk", __name__, url_prefix="/kanwil")


@bp.get("")
def home() -> ResponseReturnValue:
    """What waits for the office, and how the month goes."""
    steps = [] if current_user.hides_beginning else office_beginning(current_user)
    return render_template("desk/office/home.html", today=office_today(), steps=steps)


@bp.get("/ikhtisar")
def facilities() -> ResponseReturnValue:
    """Every facility on one screen, each figure leading to the list behind it."""
    asked = request.args.get("urut", "")
    order = asked if asked in overview.ORDERS else overview.FIRST
    lines = overview.facility_lines(order)
    return render_template(
        "desk/office/overview.html", lines=lines, sums=overview.total(lines), order=order,
        orders=overview.ORDER_NAMES, days=overview.ENDING_DAYS, period=clock.period(clock.now()),
    )  # fmt: skip


@bp.get("/pengaturan")
def settings() -> ResponseReturnValue:
    """Every rule and setting that the office looks after, and how it stands."""
    return render_template("desk/office/settings.html", groups=office_settings())


@bp.get("/tugas-gagal")
def given_up_jobs() -> ResponseReturnValue:
    """Letters and other jobs that did not work: for whoever looks after the server."""
    return render_template("desk/office/jobs.html", rows=given_up(), days=DAYS)
