"""Search on PostgreSQL: a text vector of the stems with a GIN index."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Float, Subquery, bindparam, column, select, text

from storefront.core.db import db


class TsvectorSearch:
    """Stems in `product_search`, ranked by ts_rank (negated: the smallest is the best here too)."""

    def index(self, product_id: int, stems: str) -> None:
        db.session.execute(
            text(
                "INSERT INTO product_search (product_id, stems) VALUES (:id, :stems)"
                " ON CONFLICT (product_id) DO UPDATE SET stems = excluded.stems"
            ),
            {"id": product_id, "stems": stems},
        )

    def remove(self, product_id: int) -> None:
        db.session.execute(text("DELETE FROM product_search WHERE product_id = :id"), {"id": product_id})

    def clear(self) -> None:
        db.session.execute(text("DELETE FROM product_search"))

    def matches(self, wanted: Sequence[Any]) -> Subquery:
        found = text(
            "SELECT product_id, -ts_rank(to_tsvector('simple', stems), wanted, 1) AS rank"
            " FROM product_search, to_tsquery('simple', :ts_query) AS wanted"
            " WHERE to_tsvector('simple', stems) @@ wanted"
        ).bindparams(bindparam("ts_query", match_expression(wanted)))
        return found.columns(column("product_id", BigInteger), column("rank", Float)).subquery("found")

    def search(self, wanted: Sequence[Any], limit: int) -> list[int]:
        found = self.matches(wanted)
        best = select(found.c.product_id).order_by(found.c.rank, found.c.product_id).limit(limit)
        return list(db.session.scalars(best))


def match_expression(wanted: Sequence[Any]) -> str:
    """The tsquery: every stem quoted, so that nothing typed can be an operator.

    The last may be a beginning; named whole as well, it ranks exact words before longer ones.
    """
    if not wanted:
        raise ValueError("nothing to search for")
    return " & ".join(_part(one, is_last=number == len(wanted)) for number, one in enumerate(wanted, 1))


def _part(one: str | Sequence[Sequence[str]], *, is_last: bool) -> str:
    """One thing that has to occur: a stem, or any of several ways to say it."""
    if isinstance(one, str):
        return f"({_quoted(one)} | {_quoted(one)}:*)" if is_last else _quoted(one)
    ways = ["(" + " & ".join(map(_quoted, way)) + ")" for way in one]
    if is_last and len(one[0]) == 1:  # what was typed comes first, and may be a beginning still
        ways.append(f"{_quoted(one[0][0])}:*")
    return "(" + " | ".join(ways) + ")"


def _quoted(stem: str) -> str:
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"
