"""Records events and delivers them to the registered endpoints: signed, repeated until somebody says 2xx."""

from __future__ import annotations

import heapq
import http.client
import itertools
import json
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import stripe

from devtools.simulators_common.faults import Faults
from devtools.simulators_common.store import Store
from devtools.simulators_common.transport import Transport
from devtools.stripe_simulator import objects
from devtools.stripe_simulator.signatures import signature_header

Json = dict[str, Any]

NO_REQUEST: Json = {"id": None, "idempotency_key": None}
PENDING = "_pending"  # which endpoints an event still has to reach
ENDPOINT = "_endpoint"
LOG_LENGTH = 10_000
WRONG_SECRET = "whsec_somebody_elses"  # noqa: S105 (the point is that it is wrong)


@dataclass(order=True)
class Delivery:
    """One event on its way to one endpoint. Sorts by the time it is due, then by when it was queued."""

    due: float
    number: int
    event_id: str = field(compare=False)
    event_type: str = field(compare=False)
    url: str = field(compare=False)
    attempt: int = field(default=1, compare=False)
    wrong_signature: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class RetryPlan:
    """Wait `seconds` after the first failure, doubled after each further one; give up after `attempts`."""

    seconds: float = 1.0
    attempts: int = 8

    def wait(self, attempt: int) -> float:
        """Seconds to wait after this failed attempt (the first is 1)."""
        return float(self.seconds * 2 ** (attempt - 1))


class Webhooks:
    """The event log and the thread that delivers it.

    Locks: `store.lock` may be held when taking `_wake`, never the other way round.
    """

    def __init__(self, store: Store, faults: Faults, transport: Transport, retry: RetryPlan) -> None:
        self._store, self._faults, self._transport, self._retry = store, faults, transport, retry
        self._wake = threading.Condition()
        self._queue: list[Delivery] = []
        self._held: list[Delivery] = []
        self._busy = 0
        self._stopping = False
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None
        self.log: deque[Json] = deque(maxlen=LOG_LENGTH)  # a demo may run for weeks

    def register(self, url: str, secret: str, enabled: Iterable[str] = ("*",)) -> None:
        """Send events (of these types; `*` for all) to this address. A known address is updated."""
        self._store.save({"object": ENDPOINT, "id": url, "secret": secret, "enabled": list(enabled)})

    def unregister(self, url: str) -> None:
        """Send nothing more to this address."""
        self._store.delete(ENDPOINT, url)

    def emit(self, kind: str, record: Json, request: Json | None = None) -> Json:
        """Record that something happened to an object, as it is now, and queue the event for delivery."""
        with self._store.lock:
            urls = [e["id"] for e in self._store.all(ENDPOINT) if {"*", kind} & set(e["enabled"])]
            event = objects.event(
                kind,
                objects.public(record),
                created=int(self._store.now()),
                api_version=stripe.api_version,
                request=request or NO_REQUEST,
                pending=len(urls),
            )
            self._store.save(event)
            if urls:
                self._store.save({"object": PENDING, "id": event["id"], "urls": urls, "given_up": False})
            for url in urls:
                self._schedule(event, url)
        return event

    def resend(self, event: Json) -> None:
        """Send an event to every endpoint once more, whatever became of it before, and past all faults."""
        endpoints = self._store.all(ENDPOINT)
        with self._wake:
            for endpoint in endpoints:
                self._push(self._delivery(event, endpoint["id"]))

    def signed(self, event: Json, secret: str) -> Json:
        """Body and signature header of an event, for tests that post it themselves."""
        body = self.body_of(event)
        return {"payload": body.decode(), "signature": signature_header(body, secret)}

    @staticmethod
    def body_of(event: Json) -> bytes:
        """The bytes that are signed and sent."""
        return json.dumps(event, indent=2, ensure_ascii=False).encode()

    def _delivery(self, event: Json, url: str, delay: float = 0.0) -> Delivery:
        due = self._store.now() + delay
        return Delivery(due, next(self._numbers), event["id"], event["type"], url)

    def _schedule(self, event: Json, url: str) -> None:
        faults = self._faults.webhooks
        touched = faults.concerns(event["type"])
        with self._wake:
            for _ in range(faults.repeat if touched else 1):
                delivery = self._delivery(event, url, faults.delay if touched else 0.0)
                if touched and faults.use("drop"):
                    self._note(delivery, None, "dropped")
                    self._give_up(delivery)
                    continue
                delivery.wrong_signature = self._signed_wrong(event["type"])
                if touched and faults.hold:
                    self._held.append(delivery)
                else:
                    self._push(delivery)

    def _signed_wrong(self, event_type: str) -> bool:
        faults = self._faults.webhooks
        return faults.concerns(event_type) and faults.use("bad_signature")

    def _push(self, delivery: Delivery) -> None:
        heapq.heappush(self._queue, delivery)
        self._wake.notify_all()

    def held(self) -> list[Json]:
        """What `hold` keeps back, oldest first."""
        with self._wake:
            return [{"event": d.event_id, "type": d.event_type, "url": d.url} for d in self._held]

    def release(self, order: list[str] | None = None, *, reverse: bool = False) -> int:
        """Send what was held; returns how many. `order` names event ids or types, the first goes first;
        what it does not name stays held. Without it everything goes, in reverse if asked."""
        with self._wake:
            if order is None:
                chosen = self._held[::-1] if reverse else self._held[:]
            else:
                chosen = [d for name in order for d in self._held if name in (d.event_id, d.event_type)]
            now = self._store.now()
            for delivery in chosen:
                self._held.remove(delivery)
                delivery.due, delivery.number = now, next(self._numbers)
                self._push(delivery)
            return len(chosen)

    def flush(self, timeout: float = 5.0, *, retries: bool = False) -> bool:
        """Wait until nothing is due. With `retries`, what waits for later goes out now. False on timeout."""
        with self._wake:
            if retries:
                for delivery in self._queue:
                    delivery.due = min(delivery.due, self._store.now())
                heapq.heapify(self._queue)
            self._wake.notify_all()
            return self._wake.wait_for(self._is_idle, timeout)

    def _is_idle(self) -> bool:
        return self._busy == 0 and not (self._queue and self._queue[0].due <= self._store.now())

    def nudge(self) -> None:
        """Look at the clock again: somebody moved it."""
        with self._wake:
            self._wake.notify_all()

    def start(self) -> None:
        """Begin to deliver, first of all what an earlier run left undelivered."""
        self._stopping = False
        with self._store.lock:
            for pending in self._store.all(PENDING):
                event = self._store.get("event", pending["id"])
                if event and not pending["given_up"]:
                    for url in pending["urls"]:
                        with self._wake:
                            self._push(self._delivery(event, url))
        self._thread = threading.Thread(target=self._run, name="stripe-webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop delivering; what is queued waits for the next start if the store has a file."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        if self._thread:
            self._thread.join(timeout=5)

    def clear(self) -> None:
        """Forget the queue, the held ones and the log."""
        with self._wake:
            self._queue.clear()
            self._held.clear()
            self.log.clear()

    def _run(self) -> None:
        while True:
            with self._wake:
                delivery = self._next()
                if delivery is None:
                    return
                self._busy += 1
            if self._faults.webhooks.parallel:
                threading.Thread(target=self._deliver, args=(delivery,), daemon=True).start()
            else:
                self._deliver(delivery)

    def _next(self) -> Delivery | None:
        """Wait for the next delivery that is due; None when stopping."""
        while not self._stopping:
            wait = self._queue[0].due - self._store.now() if self._queue else None
            if wait is not None and wait <= 0:
                return heapq.heappop(self._queue)
            self._wake.wait(wait)
        return None

    def _deliver(self, delivery: Delivery) -> None:
        try:
            self._attempt(delivery)
        finally:
            with self._wake:
                self._busy -= 1
                self._wake.notify_all()

    def _attempt(self, delivery: Delivery) -> None:
        with self._store.lock:
            endpoint = self._store.get(ENDPOINT, delivery.url)
            event = self._store.get("event", delivery.event_id)
            if endpoint is None or event is None:
                return  # unregistered or reset meanwhile
            body = self.body_of(event)
        secret = WRONG_SECRET if delivery.wrong_signature else endpoint["secret"]
        status, error = self._send(delivery.url, body, signature_header(body, secret))
        self._note(delivery, status, error)
        if status is not None and 200 <= status < 300:
            self._arrived(delivery)
        elif delivery.attempt >= self._retry.attempts:
            self._give_up(delivery)
        else:
            delivery.due = self._store.now() + self._retry.wait(delivery.attempt)
            delivery.attempt += 1
            with self._wake:
                delivery.wrong_signature = self._signed_wrong(delivery.event_type)
                self._push(delivery)

    def _send(self, url: str, body: bytes, signature: str) -> tuple[int | None, str | None]:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            return self._transport(url, body, headers), None
        except (OSError, http.client.HTTPException) as error:
            return None, type(error).__name__

    def _note(self, delivery: Delivery, status: int | None, error: str | None) -> None:
        self.log.append(
            {
                "event": delivery.event_id,
                "type": delivery.event_type,
                "url": delivery.url,
                "attempt": delivery.attempt,
                "status": status,
                "error": error,
            }
        )

    def _arrived(self, delivery: Delivery) -> None:
        with self._store.lock:
            pending = self._store.get(PENDING, delivery.event_id)
            event = self._store.get("event", delivery.event_id)
            if pending is None or event is None or delivery.url not in pending["urls"]:
                return
            pending["urls"].remove(delivery.url)
            event["pending_webhooks"] = len(pending["urls"])
            self._store.save(event)
            if pending["urls"]:
                self._store.save(pending)
            else:
                self._store.delete(PENDING, delivery.event_id)

    def _give_up(self, delivery: Delivery) -> None:
        with self._store.lock:
            pending = self._store.get(PENDING, delivery.event_id)
            if pending:
                pending["given_up"] = True
                self._store.save(pending)
