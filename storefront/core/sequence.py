"""Things in an order that people change: one place up, one place down."""

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
