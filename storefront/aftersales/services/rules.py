"""Until when: the window of the buyer and the deadlines of everybody else, from the shop's settings.

PP 80/2019 gives a buyer at least two working days from receipt; UU 8/1999, article 19, asks that it is made
good within seven days.
"""

from datetime import date, datetime, timedelta

from flask import current_app

from storefront.aftersales.models import UNDELIVERED, CaseStatus, Problem
from storefront.core import clock
from storefront.core.workdays import after_working_days, end_of
from storefront.orders.models import Parcel
from storefront.orders.queries import ARRIVED

MAX_PHOTOS = 5
REPLY_DAYS = 7
"""Days that a buyer has to answer an offer, and to send goods back."""
TRAVEL_DAYS = 14
"""Days that goods which were sent back may be under way."""


def last_day(parcel: Parcel) -> date | None:
    """The last WIB day on which a parcel may be complained of; None before it arrived."""
    if parcel.status not in ARRIVED or parcel.finished_at is None:
        return None
    received = clock.local(parcel.finished_at).date()
    return after_working_days(received, current_app.config["COMPLAINT_DAYS"])


def problems() -> list[Problem]:
    """What a buyer may say is wrong: without a fault only where the office allows it."""
    allowed = current_app.config["COMPLAINT_CHANGED_MIND"]
    told = [problem for problem in Problem if problem not in UNDELIVERED]
    return [problem for problem in told if allowed or problem is not Problem.CHANGED_MIND]


def decide_by() -> datetime:
    """When a complaint of this moment has to be decided."""
    return end_of(clock.today() + timedelta(days=current_app.config["COMPLAINT_DECISION_DAYS"]))


def answer_by(status: CaseStatus, promised: datetime, *, goods_sent: bool = False) -> datetime | None:
    """When whoever's turn it is in a status has to have acted; None where nobody has to.

    `promised` is the case's own `decide_by`, which no answer of the staff may pass; once it lies behind,
    the office has the working days of a facility.
    """
    today = clock.today()
    soon = end_of(after_working_days(today, current_app.config["COMPLAINT_ANSWER_DAYS"]))
    match status:
        case CaseStatus.OPEN:
            return min(soon, promised)
        case CaseStatus.OFFERED:
            return end_of(today + timedelta(days=REPLY_DAYS))
        case CaseStatus.OFFICE:
            return promised if promised > clock.now() else soon
        case CaseStatus.ACCEPTED:
            return end_of(today + timedelta(days=TRAVEL_DAYS if goods_sent else REPLY_DAYS))
        case _:
            return None


def photos_until() -> datetime:
    """When the photos of a case that ends now are erased."""
    return clock.now() + timedelta(days=current_app.config["COMPLAINT_PHOTO_DAYS"])
