"""*Hari ini* of the regional office."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from storefront.desk.queries.jobs import DAYS, given_up
from storefront.desk.queries.today import office_today

bp = Blueprint("office_desk", __name__, url_prefix="/kanwil")


@bp.get("")
def home() -> ResponseReturnValue:
    """What waits for the office, and how the month goes."""
    return render_template("desk/office/home.html", today=office_today())


@bp.get("/tugas-gagal")
def given_up_jobs() -> ResponseReturnValue:
    """Letters and other jobs that did not work: for whoever looks after the server."""
    return render_template("desk/office/jobs.html", rows=given_up(), days=DAYS)
