"""Pages of a list, numbered from 1 by `hal`; stretches of one that grows without end, from `sebelum` on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import request
from sqlalchemy import Select

from storefront.core.db import count_of, db
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
        return _same_list("hal", number if number > 1 else None)

    def each(self, made: Callable[..., Any]) -> "Page":
        """The same page, with something made of the columns of each row."""
        return replace(self, items=[made(*row) for row in self.items])


def paged(found: Select[*tuple[Any, ...]], number: int, size: int, *, total: int | None = None) -> Page:
    """A page of what a statement finds, the last one for a number behind it.

    Rows, or the objects themselves where one thing is selected. `total` by who knows it; else it is counted.
    Two queries, however many there are.
    """
    total = count_of(found) if total is None else total
    number = min(number, max(1, -(-total // size)))
    part = found.limit(size).offset((number - 1) * size)
    rows: Sequence[Any]
    if len(found.column_descriptions) == 1:
        rows = db.session.scalars(part).all()
    else:
        rows = db.session.execute(part).all()
    return Page(rows, number, size, total)


@dataclass(frozen=True)
class Stretch:
    """Rows of a long list, the newest first, from a place in it on. The next are found as fast, however far.

    `older` is the key of the last row when there are older ones; `before` was asked for, None at the top.
    `at` is the list's address with its filters where the page answers a form that was sent elsewhere.
    """

    items: Sequence[Any]
    older: int | None
    before: int | None
    at: str = ""

    def link(self, before: int | None) -> str:
        """The address of the rows older than this one, or of the newest."""
        if self.at:
            return self.at if before is None else f"{self.at}&sebelum={before}"
        return _same_list("sebelum", before)


def _same_list(name: str, value: int | None) -> str:
    kept = [(key, words) for key, words in request.args.items(multi=True) if key != name and words]
    query = urlencode(kept if value is None else [*kept, (name, value)])
    path = to(request.path)
    return f"{path}?{query}" if query else path


def page_number(text: str | None) -> int:
    """Read `hal`; nonsense is page 1."""
    if text and text.isascii() and text.isdigit() and len(text) < 7:
        return max(1, min(int(text), MAX_PAGE))
    return 1
