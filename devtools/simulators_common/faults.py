"""Trouble on demand: what goes wrong with webhooks, API calls and refunds, and how often."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

STATUS = "status"  # answer with an error status
CUT = "cut"  # close the connection without an answer
HANG = "hang"  # answer late
ACTIONS = (STATUS, CUT, HANG)

T = TypeVar("T", "WebhookFaults", "ApiFault")


@dataclass
class WebhookFaults:
    """How webhooks of the given types (all, if empty) misbehave until this is changed again."""

    repeat: int = 1  # send each event so many times
    parallel: bool = False  # all at once instead of one after the other
    delay: float = 0.0  # seconds before the first attempt
    hold: bool = False  # keep them until released, in an order of the tester's choice
    drop: int = 0  # lose the next n deliveries; -1 loses all
    bad_signature: int = 0  # sign the next n deliveries with a wrong secret; -1 all
    types: list[str] = field(default_factory=list)

    @staticmethod
    def from_json(data: dict[str, Any]) -> WebhookFaults:
        """Build from a request's JSON. Raises ValueError naming what is unknown or of the wrong type."""
        return _from_json(WebhookFaults, data)

    def concerns(self, event_type: str) -> bool:
        """Do these faults touch events of this type?"""
        return not self.types or event_type in self.types

    def use(self, name: str) -> bool:
        """Take one from the counter `drop` or `bad_signature`; False when there is none left."""
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left != 0


@dataclass
class ApiFault:
    """What happens to the next `count` API calls that match.

    `after` means that the work is done and only the answer fails.
    """

    action: str = STATUS
    status: int = 500
    after: bool = False
    seconds: float = 10.0  # of a hang
    count: int = 1
    method: str = ""  # any, if empty
    path: str = ""  # beginning of the path, such as /v1/refunds

    @staticmethod
    def from_json(data: dict[str, Any]) -> ApiFault:
        """Build from a request's JSON. Raises ValueError naming what is unknown or of the wrong type."""
        fault = _from_json(ApiFault, data)
        if fault.action not in ACTIONS:
            raise ValueError(f"action must be one of {', '.join(ACTIONS)}")
        return fault

    def concerns(self, method: str, path: str) -> bool:
        """Does this fault hit this call?"""
        return self.method in ("", method) and path.startswith(self.path)


def _from_json(cls: type[T], data: dict[str, Any]) -> T:
    kinds = {f.name: type(getattr(cls(), f.name)) for f in fields(cls)}
    for name, value in data.items():
        if name not in kinds:
            raise ValueError(f"unknown: {name}")
        wanted = (int, float) if kinds[name] is float else kinds[name]
        if not isinstance(value, wanted):
            raise ValueError(f"{name} must be {kinds[name].__name__}")  # noqa: TRY004 (bad input, not a bug)
    return cls(**data)


class Faults:
    """All faults that are switched on. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.webhooks = WebhookFaults()
        self.pending_refunds = 0  # so many of the next refunds start as pending
        self._api: list[ApiFault] = []
        self.released = threading.Event()  # set to let hanging calls go

    def add_api_fault(self, fault: ApiFault) -> None:
        """Queue a fault for coming API calls; earlier ones are used up first."""
        with self._lock:
            self._api.append(fault)
            self.released.clear()

    def take_api_fault(self, method: str, path: str) -> ApiFault | None:
        """The fault that hits this call, one use of it spent."""
        with self._lock:
            for fault in self._api:
                if fault.concerns(method, path):
                    fault.count -= 1
                    if fault.count <= 0:
                        self._api.remove(fault)
                    return fault
        return None

    def take_pending_refund(self) -> bool:
        """Should this refund start as pending?"""
        with self._lock:
            if self.pending_refunds <= 0:
                return False
            self.pending_refunds -= 1
            return True

    def clear(self) -> None:
        """Everything works again; calls that hang are let go."""
        with self._lock:
            self.webhooks = WebhookFaults()
            self.pending_refunds = 0
            self._api.clear()
            self.released.set()
