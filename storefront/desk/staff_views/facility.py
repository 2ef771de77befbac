"""*Hari ini* of a Lapas: what waits, each one tap from done."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.desk.queries.beginning import facility_beginning
from storefront.desk.queries.today import facility_today
from storefront.facilities.staff_views import own_facility
from storefront.notices.queries import unread

bp = Blueprint("facility_desk", __name__, url_prefix="/petugas")


@bp.get("")
def home() -> ResponseReturnValue:
    """The short list of things to do."""
    facility = own_facility()
    today = facility_today(facility.id)
    is_begun = today.trades or current_user.hides_beginning
    steps = [] if is_begun else facility_beginning(facility.id, current_user)
    return render_template(
        "desk/facility/home.html", facility=facility, today=today, steps=steps,
        notices=unread(current_user.id, facility.id),
    )  # fmt: skip
