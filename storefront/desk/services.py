"""What the shop does by itself: jobs of the outbox, deadlines, tidying."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event

from flask import Flask

from storefront.accounts import services as accounts
from storefront.assisted.services import delete_stale_drafts
from storefront.cart import services as carts
from storefront.catalog.services.endings import tell_ending
from storefront.catalog.services.permits import refresh_all
from storefront.core import outbox
from storefront.desk.queries.jobs import DAYS, OF_THEIR_OWN, since
from storefront.inventory.services.batches import set_aside_old
from storefront.orders.services.late import tell_late
from storefront.payments.services import expire_orders
from storefront.payments.services.invoices import issue_missing
from storefront.payments.services.resending import resend_refunds
from storefront.revenue.services import count_popularity
from storefront.shipping.services import delete_old_rates
from storefront.wishlist import services as wishlist

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
CHORES: tuple[tuple[Callable[[], object], timedelta], ...] = (
    (expire_orders, timedelta(seconds=30)),
    (tell_late, timedelta(hours=1)),
    (carts.delete_stale, timedelta(days=1)),
    (accounts.tidy, timedelta(days=1)),
    (wishlist.delete_stale, timedelta(days=1)),
    (delete_stale_drafts, timedelta(days=1)),
    (delete_old_rates, timedelta(days=1)),
    (count_popularity, timedelta(days=1)),
    (issue_missing, timedelta(minutes=5)),
    (resend_refunds, timedelta(hours=1)),
    (refresh_all, timedelta(hours=6)),
    (tell_ending, timedelta(hours=6)),
    (set_aside_old, timedelta(hours=1)),
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
