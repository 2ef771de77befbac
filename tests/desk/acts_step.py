"""How a step of the walk through the back office is written down."""

from collections.abc import Callable
from typing import Any, NamedTuple

Body = dict[str, Any] | Callable[[dict[str, int]], dict[str, Any]]


class Step(NamedTuple):
    """One press of a button: where ('{product}' stands for its id), what is sent, which acts it leaves."""

    endpoint: str
    path: str
    body: Body
    acts: tuple[str, ...]
