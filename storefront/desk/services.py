"""What the shop does by itself: jobs of the outbox, deadlines, tidying."""

import logging
import time
from collections.abc import Callable
from datetime import date, timedelta
from threading import Event
from typing import Any

from flask import Flask

from storefront.accounts import services as accounts
from storefront.accounts.models import Role, User
from storefront.assisted.services import delete_stale_drafts
from storefront.bulk import services as imports
from storefront.cart import services as carts
from storefront.catalog.services.endings import tell_ending
from storefront.catalog.services.permits import refresh_all
from storefront.core import clock, letters, outbox
from storefront.core.db import db, found
from storefront.core.language import _, speaking
from storefront.core.transactions import transaction
from storefront.desk.queries.jobs import DAYS, OF_THEIR_OWN, since
from storefront.desk.queries.week import Week, due_week, readers, week_before
from storefront.facilities.queries import facility_of
from storefront.inventory.services.batches import set_aside_old
from storefront.notices.queries import choice_of
from storefront.orders.services.late import tell_late
from storefront.payments.services import expire_orders
from storefront.payments.services.invoices import issue_missing
from storefront.payments.services.resending import resend_refunds
from storefront.revenue.services import count_popularity
from storefront.shipping.services import delete_old_rates
from storefront.wishlist import services as wishlist

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
DIGEST = "desk.digest"


def ask_for_digests() -> int:
    """On Monday at 07.00 WIB, have a letter about the week sent to each head and to the office.

    Asked for again, or by two workers at once, it is one letter a person and week. Returns to how many.
    """
    monday = due_week(clock.now())
    if monday is None:
        return 0
    people = readers(monday)
    db.session.rollback()
    with transaction():
        for user_id in people:
            payload = {"user_id": user_id, "monday": monday.isoformat()}
            outbox.enqueue(DIGEST, payload, key=f"{DIGEST}:{user_id}:{monday}")
    return len(people)


@outbox.handler(DIGEST)
def send_digest(payload: dict[str, Any]) -> None:
    """Write to one person, in their language, what happened and what waits. Raises when mail is away."""
    user_id, monday = payload["user_id"], date.fromisoformat(payload["monday"])
    if user_id not in readers(monday):
        return  # closed, or the letter is no longer wanted
    user, choice = found(User, user_id), choice_of(user_id)
    place = facility_of(user_id) if user.role is Role.FACILITY_HEAD else None
    if user.role is Role.FACILITY_HEAD and place is None:
        return
    with speaking(choice.language):
        week = week_before(monday, place.id if place else None)
        letters.post(
            user.email, _("Ringkasan minggu %(first)s–%(last)s", **_days(week)), "digest",
            link=letters.address("/petugas" if place else "/kanwil"), name=user.name, week=week,
            place=place.name if place else "", off=letters.address("/akun/surat"),
        )  # fmt: skip


def _days(week: Week) -> dict[str, str]:
    return {"first": f"{week.first.day}/{week.first.month}", "last": f"{week.last.day}/{week.last.month}"}


CHORES: tuple[tuple[Callable[[], object], timedelta], ...] = (
    (expire_orders, timedelta(seconds=30)),
    (tell_late, timedelta(hours=1)),
    (carts.delete_stale, timedelta(days=1)),
    (accounts.tidy, timedelta(days=1)),
    (wishlist.delete_stale, timedelta(days=1)),
    (delete_stale_drafts, timedelta(days=1)),
    (imports.cancel_stale, timedelta(days=1)),
    (delete_old_rates, timedelta(days=1)),
    (count_popularity, timedelta(days=1)),
    (issue_missing, timedelta(minutes=5)),
    (resend_refunds, timedelta(hours=1)),
    (refresh_all, timedelta(hours=6)),
    (tell_ending, timedelta(hours=6)),
    (set_aside_old, timedelta(hours=1)),
    (ask_for_digests, timedelta(minutes=10)),
)
"""What is done now and then, and how often; each first when the worker starts."""


def work(app: Flask, stop: Event) -> None:
    """Do jobs one at a time until `stop` is set; the one in hand is finished first.

    A failing chore or a database that is away for a moment is logged and tried again, so that the
    worker outlives it. Several workers can run side by side.
    """
    due = [0.0] * len(CHORES)
    while not stop.is_set():
        for number, (chore, pause) in enumerate(CHORES):
            if time.monotonic() >= due[number] and not stop.is_set():
                due[number] = time.monotonic() + pause.total_seconds()
                _safely(app, chore)
        if not stop.is_set() and not _safely(app, lambda: outbox.run_due(1)):
            stop.wait(IDLE_SECONDS)


def try_again(*, kind: str | None = None, days: int = DAYS) -> int:
    """Give jobs that gave up in the last days their tries once more; returns how many there were."""
    return outbox.retry(since(days), kind=kind, but=OF_THEIR_OWN)


def _safely(app: Flask, task: Callable[[], object]) -> object:
    """Do it in an app context of its own, so that nothing of it lingers; None when it failed."""
    try:
        with app.app_context():
            return task()
    except Exception:  # the next round tries again
        log.exception("the worker goes on after a failure")
        return None
