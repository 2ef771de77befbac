"""Notifications to the shop: signed, repeated until answered with 2xx, and as unruly as a test wants."""

from __future__ import annotations

import hashlib
import http.client
import json
import threading
import time
from typing import Any, Protocol

from devtools.simulators_common.faults import Faults
from devtools.simulators_common.transport import Transport

ATTEMPTS = 6


class _Retry(Protocol):
    @property
    def retry_seconds(self) -> float: ...


def signed(words: dict[str, Any], server_key: str) -> dict[str, Any]:
    """The notification with its signature: SHA-512 of order id, status code, amount as sent, and key."""
    text = f"{words['order_id']}{words['status_code']}{words['gross_amount']}{server_key}"
    return words | {"signature_key": hashlib.sha512(text.encode()).hexdigest()}


class Notices:
    """Everything that was told, and a thread that tells it. Without an address nothing leaves."""

    def __init__(self, key: str, url: str, send: Transport, faults: Faults, settings: _Retry) -> None:
        self.url, self.told = url, list[dict[str, Any]]()
        self.answers: list[int] = []
        self._key, self._send, self._faults, self._settings = key, send, faults, settings
        self._waiting: list[tuple[float, int, dict[str, Any]]] = []  # due, attempt, notification
        self._held: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._busy, self._stopped = 0, False
        self._thread = threading.Thread(target=self._run, name="midtrans-notices", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; what was not delivered stays so."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join(timeout=5)

    def add(self, words: dict[str, Any]) -> None:
        """Something happened: tell the shop, as often and as late as the faults say."""
        notice = signed(words, self._key)
        faults = self._faults.webhooks
        with self._changed:
            self.told.append(notice)
            if not self.url:
                return
            if faults.hold:
                self._held.append(notice)
                return
            due = time.monotonic() + faults.delay
            self._waiting += [(due, 1, notice)] * faults.repeat
            self._changed.notify_all()

    def release(self, *, backwards: bool = False) -> None:
        """Let held notifications go, the newest first if `backwards`."""
        with self._changed:
            order = reversed(self._held) if backwards else iter(self._held)
            self._waiting += [(time.monotonic(), 1, notice) for notice in order]
            self._held.clear()
            self._changed.notify_all()

    def settle(self, seconds: float = 10.0) -> bool:
        """Wait until nothing is left to deliver."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or bool(self._waiting))
                if self._stopped:
                    return
                self._waiting.sort(key=lambda row: row[0])
                due, attempt, notice = self._waiting[0]
                if due > time.monotonic():
                    self._changed.wait(due - time.monotonic())
                    continue
                self._waiting.pop(0)
                self._busy += 1
            delivered = self._deliver(notice)
            with self._changed:
                self._busy -= 1
                if not delivered and attempt < ATTEMPTS:
                    again = time.monotonic() + self._settings.retry_seconds * 2 ** (attempt - 1)
                    self._waiting.append((again, attempt + 1, notice))
                self._changed.notify_all()

    def _deliver(self, notice: dict[str, Any]) -> bool:
        faults = self._faults.webhooks
        if faults.use("drop"):
            return True
        if faults.use("bad_signature"):
            notice = notice | {"signature_key": "0" * 128}
        headers = {"Content-Type": "application/json"}
        try:
            status = self._send(self.url, json.dumps(notice).encode(), headers)
        except (OSError, http.client.HTTPException):
            status = 0
        self.answers.append(status)
        return 200 <= status < 300
