"""What every choice of a list would find: one reading of the shelf, however many choices there are.

The shelf is read once a version as a small table (category × facility × ready to send → products).
Every facet, and every combination of them, is added up from that in memory; only words and prices
need a reading of their own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, case, func, select

from storefront.catalog.models import Product
from storefront.catalog.providers import search_provider
from storefront.catalog.providers.expressions import Wanted
from storefront.catalog.queries.cards import ON_SALE, all_ready, is_ready
from storefront.catalog.queries.filters import Filters
from storefront.catalog.queries.memo import remembered
from storefront.catalog.queries.search import meant_by
from storefront.catalog.queries.signs import Sign, Signs
from storefront.core import clock
from storefront.core.db import db

COUNTS_SECONDS = 30
"""Stock moves without a new version of the catalogue; counts may be this old."""


class Cell(NamedTuple):
    """Products of one category at one facility, ready to send or not, and what they cost (rupiah)."""

    category_id: int | None
    facility_id: int
    is_ready: int
    products: int
    cheapest: int
    dearest: int


class Counts(NamedTuple):
    """How many products fit, in all and per option; and their prices from the lowest to the highest."""

    total: int
    categories: Mapping[int, int]
    facilities: Mapping[int, int]
    ready: int
    cheapest: int
    dearest: int


def counts_of(filters: Filters, base: Sign | None, signs: Signs, version: int) -> Counts:
    """Count a list and each option of its facets; options of a facet as if none of it were chosen."""
    shelves = set(signs.below(base)) if base else None
    kinds = {i for slug in filters.kategori for i in signs.below(signs.categories[slug])}
    makers = {signs.facilities[slug].id for slug in filters.lapas}
    sums: dict[str, Counter[int]] = {"c": Counter(), "f": Counter()}
    ready, fitting = 0, []
    for cell in cells_of(filters, version):
        if shelves is not None and cell.category_id not in shelves:
            continue
        kind = not kinds or cell.category_id in kinds
        maker = not makers or cell.facility_id in makers
        sent = not filters.siap_kirim or bool(cell.is_ready)
        if maker and sent and cell.category_id is not None:
            sums["c"][cell.category_id] += cell.products
        if kind and sent:
            sums["f"][cell.facility_id] += cell.products
        if kind and maker and cell.is_ready:
            ready += cell.products
        if kind and maker and sent:
            fitting.append(cell)
    return Counts(
        total=sum(cell.products for cell in fitting),
        categories=_with_ancestors(sums["c"], signs.categories.values()),
        facilities=sums["f"],
        ready=ready,
        cheapest=min((cell.cheapest for cell in fitting), default=0),
        dearest=max((cell.dearest for cell in fitting), default=0),
    )


def cells_of(filters: Filters, version: int) -> Sequence[Cell]:
    """The shelf that words and prices leave, as a small table; read once a version."""
    bucket = int(clock.now().timestamp()) // COUNTS_SECONDS
    wanted = meant_by(filters.q, version)
    key = ("cells", version, bucket, filters.q if wanted else "", filters.price_min, filters.price_max)
    return remembered(key, lambda: _read(wanted, within(filters)))


def word_counts(words: Iterable[str], version: int) -> list[tuple[str, int]]:
    """How many products each of these words finds alone; those that find none are left out."""
    counted = [(word, sum(cell.products for cell in cells_of(Filters(q=word), version))) for word in words]
    return [(word, products) for word, products in counted if products]


def within(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions that prices set: a product fits when its range meets the one asked for."""
    wanted = []
    if filters.price_min is not None:
        wanted.append(Product.price_to >= filters.price_min)
    if filters.price_max is not None:
        wanted.append(Product.price_from <= filters.price_max)
    return wanted


def _read(wanted: Wanted, prices: list[ColumnElement[bool]]) -> list[Cell]:
    # What words find is a few products, looked at one by one; without words it is all of them.
    ready = case((is_ready() if wanted else all_ready(), 1), else_=0).cast(Integer).label("is_ready")
    each = select(Product.category_id, Product.facility_id, ready, Product.price_from, Product.price_to)
    each = each.where(ON_SALE, *prices)
    if wanted:
        found = search_provider().matches(wanted)
        each = each.join(found, found.c.product_id == Product.id)
    row = each.subquery()
    statement = select(
        row.c.category_id, row.c.facility_id, row.c.is_ready, func.count(), func.min(row.c.price_from),
        func.max(row.c.price_to),
    ).group_by(row.c.category_id, row.c.facility_id, row.c.is_ready)  # fmt: skip
    return [Cell(*found) for found in db.session.execute(statement)]


def _with_ancestors(sums: Mapping[int, int], signs: Iterable[Sign]) -> Mapping[int, int]:
    """What hangs below a category is found in it."""
    by_id = {sign.id: sign for sign in signs}
    totals = Counter[int]()
    for category_id, count in sums.items():
        if category_id in by_id:
            for ancestor in by_id[category_id].path.strip("/").split("/"):
                totals[int(ancestor)] += count
    return totals
