"""Search on SQLite: an FTS5 table whose rowid is the product."""

from collections.abc import Sequence

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

    def matches(self, stems: Sequence[str]) -> Subquery:
        found = text(
            "SELECT rowid AS product_id, bm25(product_fts) AS rank FROM product_fts"
            " WHERE product_fts MATCH :fts_query"
        ).bindparams(bindparam("fts_query", match_expression(stems)))
        return found.columns(column("product_id", BigInteger), column("rank", Float)).subquery("found")

    def search(self, stems: Sequence[str], limit: int) -> list[int]:
        found = self.matches(stems)
        best = select(found.c.product_id).order_by(found.c.rank, found.c.product_id).limit(limit)
        return list(db.session.scalars(best))


def match_expression(stems: Sequence[str]) -> str:
    """The FTS5 query: every stem a quoted phrase, so that nothing typed can be an operator.

    The last may be a beginning; named whole as well, it ranks exact words before longer ones.
    """
    if not stems:
        raise ValueError("nothing to search for")
    quoted = ['"' + stem.replace('"', '""') + '"' for stem in stems]
    return " AND ".join([*quoted[:-1], f"({quoted[-1]} OR {quoted[-1]}*)"])
