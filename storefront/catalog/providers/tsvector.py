"""Search on PostgreSQL: a text vector of the stems with a GIN index."""

from sqlalchemy import BigInteger, Float, Subquery, bindparam, column, text

from storefront.catalog.providers.expressions import Grammar, Wanted, best, expression
from storefront.core.db import db

TSQUERY = Grammar(
    both=" & ",
    either=" | ",
    beginning=":*",
    quoted=lambda stem: "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'",
)


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

    def matches(self, wanted: Wanted) -> Subquery:
        found = text(
            "SELECT product_id, -ts_rank(to_tsvector('simple', stems), wanted, 1) AS rank"
            " FROM product_search, to_tsquery('simple', :ts_query) AS wanted"
            " WHERE to_tsvector('simple', stems) @@ wanted"
        ).bindparams(bindparam("ts_query", expression(TSQUERY, wanted)))
        return found.columns(column("product_id", BigInteger), column("rank", Float)).subquery("found")

    def search(self, wanted: Wanted, limit: int) -> list[int]:
        return best(self.matches(wanted), limit)
