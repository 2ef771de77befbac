"""Search on SQLite: an FTS5 table whose rowid is the product."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Float, Subquery, bindparam, column, select, text

from storefront.core.db import db


class Fts5Search:
    """Stems in `product_fts`, ranked by bm25."""

    def index(self, product_id: int, stems: str) -> None:
        self.remove(product_id)
        db.session.execute(
            text("INSERT INTO product_fts (rowid, stems) VALUES (:id, :stems)"),
            {"id": product_id, "stems": stems},
        )

    def remove(self, product_id: int) -> None:
        db.session.execute(text("DELETE FROM product_fts WHERE rowid = :id"), {"id": product_id})

    def clear(self) -> None:
        db.session.execute(text("DELETE FROM product_fts"))

    def matches(self, wanted: Sequence[Any]) -> Subquery:
        found = text(
            "SELECT rowid AS product_id, bm25(product_fts) AS rank FROM product_fts"
            " WHERE product_fts MATCH :fts_query"
        ).bindparams(bindparam("fts_query", match_expression(wanted)))
        return found.columns(column("product_id", BigInteger), column("rank", Float)).subquery("found")

    def search(self, wanted: Sequence[Any], limit: int) -> list[int]:
        found = self.matches(wanted)
        best = select(found.c.product_id).order_by(found.c.rank, found.c.product_id).limit(limit)
        return list(db.session.scalars(best))


def match_expression(wanted: Sequence[Any]) -> str:
    """The FTS5 query: every stem a quoted phrase, so that nothing typed can be an operator.

    The last may be a beginning; named whole as well, it ranks exact words before longer ones.
    """
    if not wanted:
        raise ValueError("nothing to search for")
    return " AND ".join(_part(one, is_last=number == len(wanted)) for number, one in enumerate(wanted, 1))


def _part(one: str | Sequence[Sequence[str]], *, is_last: bool) -> str:
    """One thing that has to occur: a stem, or any of several ways to say it."""
    if isinstance(one, str):
        return f"({_quoted(one)} OR {_quoted(one)}*)" if is_last else _quoted(one)
    ways = ["(" + " AND ".join(map(_quoted, way)) + ")" for way in one]
    if is_last and len(one[0]) == 1:  # what was typed comes first, and may be a beginning still
        ways.append(f"{_quoted(one[0][0])}*")
    return "(" + " OR ".join(ways) + ")"


def _quoted(stem: str) -> str:
    return '"' + stem.replace('"', '""') + '"'
