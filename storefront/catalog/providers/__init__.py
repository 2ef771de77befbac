"""Full text search: one interface, one adapter a database.

An adapter knows stems only; `catalog.services.index` decides which words a product is found by, and
`catalog.queries.search` what a visitor meant.
"""

from typing import Protocol

from sqlalchemy import Subquery

from storefront.catalog.providers.expressions import Wanted
from storefront.catalog.providers.fts5 import Fts5Search
from storefront.catalog.providers.tsvector import TsvectorSearch
from storefront.core.db import db


class SearchProvider(Protocol):
    """What the shop asks of a search engine.

    Everything wanted has to occur; the last stem may be a beginning.
    """

    def index(self, product_id: int, stems: str) -> None:
        """Make a product findable by these stems, and by no others. Needs a transaction."""

    def remove(self, product_id: int) -> None:
        """Forget a product. Needs a transaction."""

    def clear(self) -> None:
        """Forget every product. Needs a transaction."""

    def matches(self, wanted: Wanted) -> Subquery:
        """The products that have all that is wanted, as (product_id, rank); the smallest rank is the best.

        Raises ValueError when nothing is wanted.
        """

    def search(self, wanted: Wanted, limit: int) -> list[int]:
        """The ids of the best products, best first."""


def search_provider() -> SearchProvider:
    """The adapter for the database of the running app."""
    return TsvectorSearch() if db.engine.dialect.name == "postgresql" else Fts5Search()
