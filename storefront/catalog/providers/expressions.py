"""What has to occur in a product, written down for a search engine: one rule, one grammar an engine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Subquery, select

from storefront.core.db import db

Way = Sequence[str]
"""The stems of one way of saying something, all of which have to occur."""
Wanted = Sequence[str | Sequence[Way]]
"""What has to occur: a stem, or any of several ways of saying it, the one that was typed first."""


@dataclass(frozen=True)
class Grammar:
    """How an engine writes 'all of', 'any of' and 'a word that begins so'; `quoted` keeps a stem a word."""

    both: str
    either: str
    beginning: str
    quoted: Callable[[str], str]


def expression(grammar: Grammar, wanted: Wanted) -> str:
    """All that is wanted. Every stem is quoted, so that nothing typed can be an operator.

    The last may be a beginning; named whole as well, it ranks exact words before longer ones.
    Raises ValueError when nothing is wanted.
    """
    if not wanted:
        raise ValueError("nothing to search for")
    parts = (_part(grammar, one, is_last=place == len(wanted)) for place, one in enumerate(wanted, 1))
    return grammar.both.join(parts)


def best(found: Subquery, limit: int) -> list[int]:
    """The ids of the first of what was found, best first."""
    ordered = select(found.c.product_id).order_by(found.c.rank, found.c.product_id)
    return list(db.session.scalars(ordered.limit(limit)))


def _part(grammar: Grammar, one: str | Sequence[Way], *, is_last: bool) -> str:
    """One thing that has to occur: a stem, or any of several ways to say it."""
    ways = [[one]] if isinstance(one, str) else one
    written = [_all(grammar, way) for way in ways]
    if is_last and len(ways[0]) == 1:  # what was typed comes first, and may be a beginning still
        written.append(grammar.quoted(ways[0][0]) + grammar.beginning)
    return f"({grammar.either.join(written)})" if len(written) > 1 else written[0]


def _all(grammar: Grammar, way: Way) -> str:
    stems = grammar.both.join(map(grammar.quoted, way))
    return f"({stems})" if len(way) > 1 else stems
