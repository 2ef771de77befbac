"""When something takes no orders for a while: until which day, and what buyers are told."""

from datetime import date
from typing import NamedTuple, Protocol, TypeGuard

from storefront.core import clock


class Pausable(Protocol):
    """A product or a facility: `paused_until` is the first WIB day on which it takes orders again."""

    paused_until: date | None
    pause_note: str


class Pause(NamedTuple):
    """A pause that holds today: the first day after it, and the sentence for buyers."""

    until: date
    note: str


def is_paused(until: date | None) -> TypeGuard[date]:
    """Does a pause until this day, which itself is a day of sale, hold today?"""
    return until is not None and clock.today() < until


def pause_of(*things: Pausable) -> Pause | None:
    """Of the pauses that hold today the one that lasts longest; of equals the first. None without any."""
    held = [Pause(thing.paused_until, thing.pause_note) for thing in things if is_paused(thing.paused_until)]
    return max(held, key=lambda pause: pause.until, default=None)
