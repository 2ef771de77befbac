"""Full text search: one interface, one adapter a database.

An adapter knows stems only; `catalog.services.index` decides which words a product is found by, and
`catalog.queries` what a visitor meant.
"""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Subquery

from storefront.catalog.providers.fts5 import Fts5Search
from storefront.catalog.providers.tsvector import TsvectorSearch
from storefront.core.db import db


class SearchProvider(Protocol):
    """What the shop asks of a search engine. Every stem has to occur; the last may be a beginning."""

    def index(self, product_id: int, stems: str) -> None:
        """Make a product findable by these stems, and by no others. Needs a transaction."""

    def remove(self, product_id: int) -> None:
        """Forget a product. Needs a transaction."""

    def clear(self) -> None:
        """Forget every product. Needs a transaction."""

    def matches(self, stems: Sequence[str]) -> Subquery:
        """The products that have all stems, as (product_id, rank); the smallest rank is the best.

        Raises ValueError without stems.
        """

    def search(self, stems: Sequence[str], limit: int) -> list[int]:
        """The ids of the best products, best first."""


def search_provider() -> SearchProvider:
    """The adapter for the database of the running app."""
    return TsvectorSearch() if db.engine.dialect.name == "postgresql" else Fts5Search()
