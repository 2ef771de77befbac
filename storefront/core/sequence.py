"""Things in an order that people change: one place up or down, or to a place."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def shifted(row: Sequence[T], one: T, *, up: bool) -> list[T]:
    """The row with `one` and its neighbour before (or after) it swapped; at the end of the row unchanged."""
    moved = list(row)
    here = moved.index(one)
    there = here - 1 if up else here + 1
    if 0 <= there < len(moved):
        moved[here], moved[there] = moved[there], moved[here]
    return moved


def placed(row: Sequence[T], one: T, place: int) -> list[T]:
    """The row with `one` at `place` (1 is the first); a place beyond an end is that end."""
    moved = list(row)
    moved.remove(one)
    moved.insert(max(0, place - 1), one)
    return moved
