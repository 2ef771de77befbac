"""Questions to vendors over HTTP: time limits, one repeat, a breaker, and JSON only.

The only file that knows `requests`. A call waits at most a few seconds, is repeated at most once and only
where a repeat does nothing twice, and is not made at all while a vendor has just failed again and again:
buyers and the worker are told at once instead of waiting in line.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from flask import has_app_context

from storefront.core.db import db
from storefront.core.errors import Unavailable
from storefront.core.language import lazy

CONNECT, READ = 3.0, 10.0
"""Seconds to reach a vendor, and for the whole of its answer once reached."""

FAILURES, PAUSE = 5, 30.0
"""After so many failures in a row nobody is asked for so many seconds; then one call tries."""

LARGEST = 4 * 1024 * 1024
"""Bytes of an answer; nobody sends us more on purpose."""

log = logging.getLogger(__name__)


class Away(Unavailable):
    """A vendor does not answer, or not in a way that can be understood."""

    default = lazy("Layanan ini sedang tidak dapat dihubungi. Silakan coba lagi sebentar lagi.")


@dataclass
class Breaker:
    """Counts a vendor's failures in a row. Safe for threads; each process counts for itself."""

    name: str
    clock: Callable[[], float] = time.monotonic
    _failures: int = 0
    _shut_until: float = 0.0
    _trying: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self) -> None:
        """Ask whether a call may be made now. Raises Away while the vendor rests."""
        with self._lock:
            if self._failures < FAILURES:
                return
            left = self._shut_until - self.clock()
            if left > 0 or self._trying:
                raise Away(retry_after=max(1, int(left) + 1))
            self._trying = True

    def note(self, *, answered: bool) -> None:
        """Tell how a call ended."""
        with self._lock:
            self._trying = False
            if answered:
                self._failures = 0
                return
            self._failures += 1
            if self._failures >= FAILURES:
                self._shut_until = self.clock() + PAUSE
                log.warning("%s: %d failures in a row, resting %d s", self.name, self._failures, PAUSE)


_breakers: dict[tuple[str, str], Breaker] = {}
_breakers_lock = threading.Lock()


def breaker(name: str, base: str = "") -> Breaker:
    """The breaker of a vendor at an address: one for all of this process's callers."""
    with _breakers_lock:
        return _breakers.setdefault((name, base), Breaker(name))


@dataclass(frozen=True)
class Answer:
    """A vendor's answer: its HTTP status (never 5xx or 429) and its JSON."""

    status: int
    data: Any

    @property
    def ok(self) -> bool:
        """Did the vendor do what it was asked?"""
        return 200 <= self.status < 300


@dataclass(frozen=True, repr=False)  # a repr would print the keys
class Vendor:
    """Somebody's HTTP service at `base`, with the headers that every call carries."""

    name: str
    base: str
    headers: Mapping[str, str] = field(default_factory=dict)
    connect: float = CONNECT
    read: float = READ

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """Ask for something. Repeated once when it fails. Raises Away."""
        return self._call("GET", path, repeat=True, params=dict(params or {}))

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        form: bool = False,
        headers: Mapping[str, str] | None = None,
        repeat: bool = False,
    ) -> Answer:
        """Send JSON (or a form). `repeat` only where the vendor does it once however often it is asked.

        Raises Away.
        """
        sent: dict[str, Any] = {"data": dict(body or {})} if form else {"json": dict(body or {})}
        return self._call("POST", path, repeat=repeat, extra=headers, **sent)

    def _call(
        self, method: str, path: str, *, repeat: bool, extra: Mapping[str, str] | None = None, **sent: Any
    ) -> Answer:
        _refuse_inside_a_transaction()
        guard = breaker(self.name, self.base)
        guard.enter()
        try:
            answer = self._try(method, path, extra, sent)
            if answer is None and repeat:
                answer = self._try(method, path, extra, sent)
        except BaseException:
            guard.note(answered=False)
            raise
        guard.note(answered=answer is not None)
        if answer is None:
            raise Away
        return answer

    def _try(
        self, method: str, path: str, extra: Mapping[str, str] | None, sent: Mapping[str, Any]
    ) -> Answer | None:
        """One call; None when the vendor is away. Redirects are not followed: they would carry our key."""
        began = time.monotonic()
        try:
            with (
                requests.Session() as session,
                session.request(
                    method,
                    self.base.rstrip("/") + path,
                    headers={"Accept": "application/json", **self.headers, **(extra or {})},
                    timeout=(self.connect, self.read),
                    allow_redirects=False,
                    stream=True,
                    **sent,
                ) as response,
            ):
                if response.status_code == 429 or response.status_code >= 500:
                    log.warning("%s: HTTP %d", self.name, response.status_code)
                    return None
                return Answer(response.status_code, json.loads(_whole(response, began + self.read)))
        except (requests.RequestException, ValueError, RecursionError) as error:
            log.warning("%s: %s", self.name, type(error).__name__)
            return None


def _whole(response: requests.Response, deadline: float) -> bytes:
    """The body, if it comes in time and in a size that somebody means. Raises ValueError."""
    body = bytearray()
    for part in response.iter_content(16 * 1024):
        body += part
        if len(body) > LARGEST:
            raise ValueError("the answer is too long")
        if time.monotonic() > deadline:
            raise ValueError("the answer takes too long")
    return bytes(body)


def _refuse_inside_a_transaction() -> None:
    """No lock is held while somebody else thinks: a mistake of ours, found by the first test."""
    if has_app_context() and db.session.registry.has() and db.session().in_transaction():
        raise RuntimeError("end the transaction before asking a vendor: rows would stay locked")
