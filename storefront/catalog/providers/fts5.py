"""Search on SQLite: an FTS5 table whose rowid is the product."""

from sqlalchemy import BigInteger, Float, Subquery, bindparam, column, text

from storefront.catalog.providers.expressions import Grammar, Wanted, best, expression
from storefront.core.db import db

FTS5 = Grammar(
    both=" AND ", either=" OR ", beginning="*", quoted=lambda stem: '"' + stem.replace('"', '""') + '"'
)


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

    def matches(self, wanted: Wanted) -> Subquery:
        found = text(
            "SELECT rowid AS product_id, bm25(product_fts) AS rank FROM product_fts"
            " WHERE product_fts MATCH :fts_query"
        ).bindparams(bindparam("fts_query", expression(FTS5, wanted)))
        return found.columns(column("product_id", BigInteger), column("rank", Float)).subquery("found")

    def search(self, wanted: Wanted, limit: int) -> list[int]:
        return best(self.matches(wanted), limit)
