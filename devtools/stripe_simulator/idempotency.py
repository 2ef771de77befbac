"""Idempotency keys: the first answer is kept and given again to whoever repeats the same request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from devtools.simulators_common.store import Store
from devtools.stripe_simulator.errors import ApiError

Json = dict[str, Any]

KIND = "_idempotency"
KEPT_SECONDS = 24 * 3600
MAX_LENGTH = 255


@dataclass(frozen=True)
class Saved:
    """An earlier answer: its HTTP status, body and the id of the request that got it first."""

    status: int
    body: str
    request_id: str


class IdempotencyKeys:
    """Keys in use right now (in memory) and answers of the last 24 hours (in the store)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running: set[str] = set()

    def begin(self, key: str, method: str, path: str, body: bytes) -> Saved | None:
        """Claim a key, or return the answer it already has.

        Raises ApiError: 409 while another request holds the key, 400 if it belonged to other parameters.
        """
        if len(key) > MAX_LENGTH:
            message = f"Idempotency keys may be at most {MAX_LENGTH} characters long."
            raise ApiError(400, message, kind="idempotency_error", saved=False)
        fingerprint = _fingerprint(method, path, body)
        with self._store.lock:
            if key in self._running:
                raise _busy(key)
            record = self._store.get(KIND, key)
            if record is None or record["created"] < self._store.now() - KEPT_SECONDS:
                self._running.add(key)
                return None
            if record["fingerprint"] != fingerprint:
                raise _reused(key)
            return Saved(record["status"], record["body"], record["request_id"])

    def finish(self, key: str, method: str, path: str, body: bytes, answer: Saved) -> None:
        """Keep the answer under the key and let the key go."""
        with self._store.lock:
            record = {
                "object": KIND,
                "id": key,
                "created": self._store.now(),
                "fingerprint": _fingerprint(method, path, body),
                "status": answer.status,
                "body": answer.body,
                "request_id": answer.request_id,
            }
            self._store.save(record)
            self._running.discard(key)

    def release(self, key: str) -> None:
        """Let a key go without an answer: nothing was done under it."""
        with self._store.lock:
            self._running.discard(key)


def _fingerprint(method: str, path: str, body: bytes) -> str:
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def _busy(key: str) -> ApiError:
    message = (
        f"There is currently another in-progress request using this Idempotent Key: {key} (that probably "
        "means you submitted twice, and the other request is still going through). Please try again later."
    )
    return ApiError(409, message, code="idempotency_key_in_use", kind="idempotency_error", saved=False)


def _reused(key: str) -> ApiError:
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request."
    )
    return ApiError(400, message, kind="idempotency_error", saved=False)
