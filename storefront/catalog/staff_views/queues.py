"""What the queues of the regional office share: the filter, the age, and deciding many lines at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.catalog.queries.queues import AGES, Wanted
from storefront.catalog.staff_views.products import search_words
from storefront.core import clock

MOST_AT_ONCE = 50
LONGEST_MARK = 60


@dataclass(frozen=True)
class Result:
    """What became of one line of many."""

    key: int
    href: str
    title: str
    is_done: bool
    words: str


def wanted() -> Wanted:
    """The filter that the address asks for; what is no filter is none."""
    facility, days = request.args.get("lapas", ""), request.args.get("umur", "")
    return Wanted(
        search_words(),
        int(facility) if facility.isdecimal() and len(facility) < 10 else None,
        int(days) if days in {str(age) for age in AGES} else None,
    )


def days_since(moment: datetime) -> int:
    """How many days ago that was, by the date in WIB."""
    return (clock.today() - clock.local(moment).date()).days


def decide_many(
    queue: str, decide: Callable[[int, str], Result], *, nothing: str, heading: str
) -> ResponseReturnValue:
    """Decide each marked line ('12-…': what, and the state in which it was looked at) on its own.

    The same line twice is one; the page says of each what became of it. `queue`: the endpoint to go back to.
    """
    marked = [_mark(text) for text in request.form.getlist("mark")[:MOST_AT_ONCE]]
    results = [decide(*mark) for mark in dict.fromkeys(mark for mark in marked if mark)]
    if not results:
        flash(nothing, "error")
        return redirect(url_for(queue), 303)
    return render_template(
        "catalog_staff/decided_many.html", results=results, back=url_for(queue), heading=heading
    )


def _mark(text: str) -> tuple[int, str] | None:
    number, _dash, seen = text.partition("-")
    if number.isdecimal() and len(number) < 16 and seen and len(text) <= LONGEST_MARK:
        return int(number), seen
    return None
