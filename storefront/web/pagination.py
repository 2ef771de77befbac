"""Pages of a list, numbered from 1 by `hal`; stretches of one that grows without end, from `sebelum` on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import request
from sqlalchemy import Select, false, or_, select

from storefront.core.db import count_of, db
from storefront.web.languages import to

MAX_PAGE = 10_000


@dataclass(frozen=True)
class Page:
    """One page of `total` rows. `link(n)` keeps every other filter of the address.

    `at` is the list's own address where the page answers forms that are sent elsewhere.
    """

    items: Sequence[Any]
    number: int
    size: int
    total: int
    at: str = ""

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        return self.number < self.last

    def link(self, number: int) -> str:
        """The address of another page of this list."""
        if self.at:
            return f"{self.at}?hal={number}" if number > 1 else self.at
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
    `name` is what the address calls `before` on a page with several such lists, `spot` where this one stands.
    """

    items: Sequence[Any]
    older: int | None
    before: int | None
    at: str = ""
    name: str = "sebelum"
    spot: str = ""

    def link(self, before: int | None) -> str:
        """The address of the rows older than this one, or of the newest."""
        if not self.at:
            return _same_list(self.name, before)
        more = "" if before is None else f"{'&' if '?' in self.at else '?'}{self.name}={before}"
        return f"{self.at}{more}{self.spot}"


def newest(found: Select[Any], at: Any, key: Any, *, before: int | None, size: int) -> Stretch:
    """The newest rows of a statement by their moment `at`, or those older than the row of `key` `before`.

    The objects themselves, as found in a stretch without an address. Two queries when it is not the top.
    """
    if before is not None:
        moment = db.session.scalar(select(at).where(key == before))
        found = found.where(or_(at < moment, (at == moment) & (key < before)) if moment else false())
    rows = list(db.session.scalars(found.order_by(at.desc(), key.desc()).limit(size + 1)))
    older = getattr(rows[size - 1], key.key) if len(rows) > size else None
    return Stretch(rows[:size], older, before)


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
