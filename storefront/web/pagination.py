"""Pages of a list, numbered from 1 by `hal`; an impossible number is the nearest possible one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request

from storefront.web.languages import to

MAX_PAGE = 10_000


@dataclass(frozen=True)
class Page:
    """One page of `total` rows. `link(n)` keeps every other filter of the address."""

    items: Sequence[Any]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        return self.number < self.last

    def link(self, number: int) -> str:
        """The address of another page of this list."""
        kept = [(name, value) for name, value in request.args.items(multi=True) if name != "hal" and value]
        query = urlencode([*kept, ("hal", number)] if number > 1 else kept)
        path = to(request.path)
        return f"{path}?{query}" if query else path


def page_number(text: str | None) -> int:
    """Read `hal`; nonsense is page 1."""
    if text and text.isascii() and text.isdigit() and len(text) < 7:
        return max(1, min(int(text), MAX_PAGE))
    return 1
