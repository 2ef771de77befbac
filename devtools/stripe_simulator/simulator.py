"""Puts the parts together: one Simulator is one pretended Stripe account."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from flask import current_app

from devtools.simulators_common import transport
from devtools.simulators_common.faults import Faults
from devtools.simulators_common.store import Store
from devtools.stripe_simulator.idempotency import IdempotencyKeys
from devtools.stripe_simulator.payments import Payments
from devtools.stripe_simulator.webhooks import ENDPOINT, RetryPlan, Webhooks

SWEEP_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a simulator is set up."""

    shop_name: str = "Toko"
    shop_description: str = ""
    public_url: str = ""  # where buyers reach the pay page; by default the address the API was called at
    state: Path | None = None  # file that survives a restart
    retry: RetryPlan = field(default_factory=RetryPlan)
    send: transport.Transport = transport.post


class Simulator:
    """The account: its objects, events, faults, and the two threads that deliver and expire."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.state)
        self.faults = Faults()
        self.webhooks = Webhooks(self.store, self.faults, settings.send, settings.retry)
        self.payments = Payments(self.store, self.webhooks, self.faults)
        self.keys = IdempotencyKeys(self.store)
        self._stopped = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep, name="stripe-clock", daemon=True)

    def start(self) -> None:
        """Begin to deliver webhooks and to watch the clock."""
        self.webhooks.start()
        self._sweeper.start()

    def stop(self) -> None:
        """Stop the threads, let hanging calls go and close the file."""
        self._stopped.set()
        self.faults.clear()
        self.webhooks.stop()
        self._sweeper.join(timeout=5)
        self.store.close()

    def reset(self) -> None:
        """A new account with the same webhook endpoints: no objects, no events, no faults, the true time."""
        with self.store.lock:
            self.faults.clear()
            self.webhooks.clear()
            self.store.clear(keep=frozenset({ENDPOINT}))

    def advance(self, seconds: float) -> int:
        """Move the clock; returns how many sessions expired by it."""
        self.store.advance(seconds)
        expired = self.payments.sweep()
        self.webhooks.nudge()
        return expired

    def _sweep(self) -> None:
        while not self._stopped.wait(SWEEP_SECONDS):
            self.payments.sweep()


def current() -> Simulator:
    """The simulator that the running Flask app speaks for."""
    return cast("Simulator", current_app.extensions["stripe_simulator"])
