"""The list of products: one page of cards, how many there are, and what every other choice would find."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from storefront.catalog.models import Category, Product
from storefront.catalog.providers import search_provider
from storefront.catalog.queries.cards import ON_SALE, all_ready, card_columns, cards, is_ready
from storefront.catalog.queries.filters import Filters
from storefront.catalog.queries.memo import remembered
from storefront.catalog.queries.rows import CardRow
from storefront.catalog.queries.search import corrected, query_stems
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.money import rupiah
from storefront.core.transactions import version
from storefront.facilities.models import Facility

PAGE_SIZE = 24
COUNTS_SECONDS = 30
"""Stock moves without a new version of the catalogue; counts may be this old."""


class Sign(NamedTuple):
    """A category or facility that a list can be narrowed to."""

    id: int
    slug: str
    name: str
    path: str = ""


class Option(NamedTuple):
    """A choice of a facet, and how many products it would show; `depth` indents subcategories."""

    slug: str
    name: str
    products: int
    chosen: bool
    depth: int = 0


class Chip(NamedTuple):
    """A choice that is on: its words, and the list without it."""

    label: str
    without: Filters


class Counts(NamedTuple):
    """How many products fit, in all and per option."""

    total: int
    categories: Mapping[int, int]
    facilities: Mapping[int, int]
    ready: int


@dataclass(frozen=True)
class Shelf:
    """A page of the list. `corrected` are the words searched for instead of those that found nothing."""

    filters: Filters
    items: list[CardRow]
    total: int
    number: int
    categories: list[Option]
    facilities: list[Option]
    ready: int
    corrected: str
    notices: list[str]
    chips: list[Chip]
    base: Sign | None
    way: list[Sign]
    below: list[Option]

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def has_next(self) -> bool:
        """Is there more of this list?"""
        return self.number < self.last

    @property
    def path(self) -> str:
        """Where this list lives, without its filters."""
        return f"/kategori/{self.base.slug}" if self.base else "/produk"

    def link(self, number: int) -> str:
        """The address of another page of this list."""
        return self.filters.on_page(number).address(self.path)

    @property
    def shown_to(self) -> int:
        """How many products are shown up to the end of this page."""
        return min(self.number * PAGE_SIZE, self.total)


@dataclass(frozen=True)
class Signs:
    """All categories (a parent before its children) and facilities, by what addresses call them."""

    categories: dict[str, Sign]
    facilities: dict[str, Sign]

    def below(self, sign: Sign) -> list[int]:
        """The ids of a category and everything under it."""
        return [other.id for other in self.categories.values() if other.path.startswith(sign.path)]


def shelf(filters: Filters, base_slug: str | None = None) -> Shelf:
    """The list that these filters ask for, below a category or over everything.

    Unknown categories and facilities are left out with a notice; a page beyond the last is the
    last. Five queries at most, unless words find nothing. Raises NotFound for an
    unknown `base_slug`.
    """
    now = version("catalog")
    signs = remembered(("signs", now), _signs)
    base = signs.categories.get(base_slug) if base_slug is not None else None
    if base_slug is not None and base is None:
        raise NotFound
    filters, notices = _known_only(filters, signs)
    asked, counts = filters, _remembered_counts(filters, base, signs, now)
    instead = corrected(filters.q, now) if filters.q and not counts.total else ""
    if instead:
        asked = replace(filters, q=instead)
        counts = _remembered_counts(asked, base, signs, now)
    number = min(filters.hal, max(1, -(-counts.total // PAGE_SIZE)))
    return Shelf(
        filters=filters,
        items=_page(asked, base, signs, number) if counts.total else [],
        total=counts.total,
        number=number,
        categories=_category_options(filters, base, signs, counts),
        facilities=_facility_options(filters, signs, counts),
        ready=counts.ready,
        corrected=instead,
        notices=notices,
        chips=_chips(filters, signs),
        base=base,
        way=_way(base, signs),
        below=_children(base, signs, counts),
    )


def _signs() -> Signs:
    """One query for both kinds: there are dozens of them, not thousands."""
    statement = union_all(
        select(literal("c"), Category.id, Category.slug, Category.name, Category.path, Category.position),
        select(literal("f"), Facility.id, Facility.slug, Facility.name, literal(""), literal(0)),
    )
    rows = sorted(db.session.execute(statement), key=lambda row: (row[5], row[3]))
    kinds: dict[str, list[Sign]] = {"c": [], "f": []}
    for row in rows:
        kinds[row[0]].append(Sign(*row[1:5]))
    places = {str(sign.id): index for index, sign in enumerate(kinds["c"])}
    in_order = sorted(
        kinds["c"], key=lambda sign: [places.get(i, 0) for i in sign.path.strip("/").split("/")]
    )
    return Signs({sign.slug: sign for sign in in_order}, {sign.slug: sign for sign in kinds["f"]})


def _known_only(filters: Filters, signs: Signs) -> tuple[Filters, list[str]]:
    """The filters without choices that do not exist, and words that say so."""
    kategori = tuple(slug for slug in filters.kategori if slug in signs.categories)
    lapas = tuple(slug for slug in filters.lapas if slug in signs.facilities)
    notices = []
    if len(kategori) < len(filters.kategori):
        notices.append("Kategori yang diminta tidak dikenal, jadi tidak kami pakai.")
    if len(lapas) < len(filters.lapas):
        notices.append("Lapas yang diminta tidak dikenal, jadi tidak kami pakai.")
    if filters.q and not query_stems(filters.q):
        notices.append("Tulis kata yang lebih khusus, misalnya nama barang atau bahannya.")
    return replace(filters, kategori=kategori, lapas=lapas), notices


def _wanted(
    filters: Filters, base: Sign | None, signs: Signs, ready: ColumnElement[bool], *, skip: str = ""
) -> list[ColumnElement[bool]]:
    """The conditions of a list, leaving out one facet: its options are counted as if none were chosen."""
    wanted: list[ColumnElement[bool]] = [ON_SALE]
    if base is not None:
        wanted.append(Product.category_id.in_(signs.below(base)))
    if filters.kategori and skip != "kategori":
        ids = {i for slug in filters.kategori for i in signs.below(signs.categories[slug])}
        wanted.append(Product.category_id.in_(sorted(ids)))
    if filters.lapas and skip != "lapas":
        wanted.append(Product.facility_id.in_([signs.facilities[slug].id for slug in filters.lapas]))
    if filters.price_min is not None:
        wanted.append(Product.price_to >= filters.price_min)
    if filters.price_max is not None:
        wanted.append(Product.price_from <= filters.price_max)
    if filters.siap_kirim or skip == "siap_kirim":
        wanted.append(ready)
    return wanted


def _found(filters: Filters) -> Subquery | None:
    """What the words find, or None when no words narrow the list."""
    stems = query_stems(filters.q)
    return search_provider().matches(stems) if stems else None


def _remembered_counts(filters: Filters, base: Sign | None, signs: Signs, now: int) -> Counts:
    bucket = int(clock.now().timestamp()) // COUNTS_SECONDS
    key = ("counts", now, bucket, base and base.slug, filters.key)
    return remembered(key, lambda: _counts(filters, base, signs))


def _counts(filters: Filters, base: Sign | None, signs: Signs) -> Counts:
    """Everything that is counted, in one query."""
    found = _found(filters)
    hits = select(found.c.product_id).cte("hits") if found is not None else None
    # What words find is a few products; without words it is all of them.
    ready = is_ready() if hits is not None else all_ready()

    def part(kind: str, by: Any, skip: str) -> Select[Any]:
        statement = select(literal(kind), by, func.count()).where(
            *_wanted(filters, base, signs, ready, skip=skip)
        )
        if hits is not None:
            statement = statement.where(Product.id.in_(select(hits.c.product_id)))
        return statement if kind in {"total", "ready"} else statement.group_by(by)

    nothing = cast(null(), BigInteger)  # PostgreSQL wants to know what kind of nothing
    parts = union_all(
        part("total", nothing, ""),
        part("ready", nothing, "siap_kirim"),
        part("c", Product.category_id, "kategori"),
        part("f", Product.facility_id, "lapas"),
    )
    sums: dict[str, dict[int | None, int]] = {"total": {}, "ready": {}, "c": {}, "f": {}}
    for kind, key, count in db.session.execute(parts):
        sums[kind][key] = count
    categories = Counter[int]()
    by_id = {sign.id: sign for sign in signs.categories.values()}
    for category_id, count in sums["c"].items():
        if category_id in by_id:
            for ancestor in by_id[category_id].path.strip("/").split("/"):
                categories[int(ancestor)] += count
    facilities = {key: count for key, count in sums["f"].items() if key is not None}
    return Counts(sums["total"].get(None, 0), categories, facilities, sums["ready"].get(None, 0))


def _page(filters: Filters, base: Sign | None, signs: Signs, number: int) -> list[CardRow]:
    statement = card_columns().where(*_wanted(filters, base, signs, is_ready()))
    found = _found(filters)
    if found is not None:
        statement = statement.join(found, found.c.product_id == Product.id)
    newest_first = (Product.published_at.desc(), Product.id.desc())
    orders: dict[str, tuple[Any, ...]] = {
        "terbaru": newest_first,
        "termurah": (Product.price_from, Product.id),
        "termahal": (Product.price_from.desc(), Product.id.desc()),
        "relevansi": (found.c.rank, Product.id) if found is not None else newest_first,
    }
    ordered = statement.order_by(*orders[filters.sort])
    return cards(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))


def _category_options(filters: Filters, base: Sign | None, signs: Signs, counts: Counts) -> list[Option]:
    """The categories below the base that have products here, or are chosen."""
    root = base.path if base else "/"
    options = []
    for slug, sign in signs.categories.items():
        chosen = slug in filters.kategori
        if sign.path.startswith(root) and sign != base and (counts.categories.get(sign.id) or chosen):
            depth = sign.path.count("/") - root.count("/") - 1
            options.append(Option(slug, sign.name, counts.categories.get(sign.id, 0), chosen, depth))
    return options


def _facility_options(filters: Filters, signs: Signs, counts: Counts) -> list[Option]:
    return [
        Option(slug, sign.name, counts.facilities.get(sign.id, 0), slug in filters.lapas)
        for slug, sign in signs.facilities.items()
        if counts.facilities.get(sign.id) or slug in filters.lapas
    ]


def _children(base: Sign | None, signs: Signs, counts: Counts) -> list[Option]:
    """The categories right below the base: doors to pages of their own."""
    depth = (base.path if base else "/").count("/") + 1
    return [
        Option(slug, sign.name, counts.categories.get(sign.id, 0), chosen=False)
        for slug, sign in signs.categories.items()
        if sign.path.startswith(base.path if base else "/")
        and sign.path.count("/") == depth
        and counts.categories.get(sign.id)
    ]


def _way(base: Sign | None, signs: Signs) -> list[Sign]:
    """The categories above the base, and itself."""
    if base is None:
        return []
    return [sign for sign in signs.categories.values() if base.path.startswith(sign.path)]


def _chips(filters: Filters, signs: Signs) -> list[Chip]:
    """What is on, each with the list that leaves it out."""
    chips = [Chip(f"“{filters.q}”", filters.without("q"))] if filters.q else []
    chips += [
        Chip(signs.categories[slug].name, filters.without("kategori", slug)) for slug in filters.kategori
    ]
    chips += [Chip(signs.facilities[slug].name, filters.without("lapas", slug)) for slug in filters.lapas]
    if filters.price_min is not None:
        chips.append(Chip(f"Mulai {rupiah(filters.price_min)}", filters.without("harga_min")))
    if filters.price_max is not None:
        chips.append(Chip(f"Sampai {rupiah(filters.price_max)}", filters.without("harga_max")))
    if filters.siap_kirim:
        chips.append(Chip("Siap kirim", filters.without("siap_kirim")))
    return chips
