"""The list of products: one page of cards, how many there are, and what every other choice would find."""

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from storefront.catalog.models import Product
from storefront.catalog.providers import search_provider
from storefront.catalog.queries.cards import ON_SALE, card_columns, cards, is_ready, sold_out_last
from storefront.catalog.queries.facets import Counts, counts_of, within, word_counts
from storefront.catalog.queries.filters import Filters
from storefront.catalog.queries.rows import PAGE_SIZE, CardPage, CardRow, Crumb, last_page, offset_of
from storefront.catalog.queries.search import corrected, meant_by, query_stems
from storefront.catalog.queries.signs import Sign, Signs, signs_of
from storefront.core.errors import NotFound
from storefront.core.language import _
from storefront.core.money import rupiah
from storefront.core.transactions import version
from storefront.core.words import STOP_WORDS, tokens

MOST_WORDS = 4
POPULAR = 6


class Option(NamedTuple):
    """A choice of a facet, and how many products it would show; `depth` indents subcategories."""

    slug: str
    name: str
    products: int
    chosen: bool
    depth: int = 0


# What follows are the links of a list, as the component `chips` shows them.


@dataclass(frozen=True)
class Door:
    """A category's page, and how many products it has."""

    slug: str
    label: str
    count: int

    @property
    def href(self) -> str:
        """Its address."""
        return f"/kategori/{self.slug}"


@dataclass(frozen=True)
class Chip:
    """A choice that is on: its words, the list without it, and how leaving it out is called."""

    label: str
    path: str
    without: Filters
    remove: bool = True
    way_out: str = ""

    @property
    def href(self) -> str:
        """The address of the list without it."""
        return self.without.address(self.path)


@dataclass(frozen=True)
class WayOut:
    """What to do about an empty list: a list that asks for less, and how many products it has."""

    label: str
    path: str
    filters: Filters
    count: int

    @property
    def href(self) -> str:
        """The address of that list."""
        return self.filters.address(self.path)


@dataclass(frozen=True, kw_only=True)
class Shelf(CardPage):
    """A page of the list. `corrected` are the words searched for instead of those that found nothing.

    `cheapest` and `dearest` are the prices of what fits (rupiah, 0 for nothing). An empty list has
    `ways_out`, `rooms` (the categories of the shop) and `popular` products instead.
    """

    filters: Filters
    categories: list[Option]
    facilities: list[Option]
    ready: int
    corrected: str
    notices: list[str]
    chips: list[Chip]
    base: Sign | None
    way: list[Sign]
    below: list[Door]
    cheapest: int
    dearest: int
    ways_out: list[WayOut] = field(default_factory=list)
    rooms: list[Door] = field(default_factory=list)
    popular: list[CardRow] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Where this list lives, without its filters."""
        return path_of(self.base)

    @property
    def crumbs(self) -> list[Crumb]:
        """The way here, this list itself last."""
        steps = (Crumb(sign.name, path_of(sign)) for sign in self.way)
        return [Crumb(_("Produk"), "/produk"), *steps]

    def link(self, number: int) -> str:
        """The address of another page of this list."""
        return self.filters.on_page(number).address(self.path)


def path_of(base: Sign | None) -> str:
    """Where the list of a category lives; without one, the list of everything."""
    return f"/kategori/{base.slug}" if base else "/produk"


def shelf(filters: Filters, base_slug: str | None = None, now: int | None = None) -> Shelf:
    """The list that these filters ask for, below a category or over everything.

    Unknown categories and facilities are left out with a notice; a page beyond the last is the
    last. Six queries at most while something is found that can be bought, fewer when the shelf was
    counted before; two more where the sold-out products begin.
    `now` is the catalogue's version, where it is known. Raises NotFound for an unknown `base_slug`.
    """
    now = version("catalog") if now is None else now
    signs = signs_of(now)
    base = signs.categories.get(base_slug) if base_slug is not None else None
    if base_slug is not None and base is None:
        raise NotFound
    filters, notices = _known_only(filters, signs)
    asked, counts = filters, counts_of(filters, base, signs, now)
    instead = corrected(filters.q, now) if filters.q and not counts.total else ""
    if instead:
        asked = replace(filters, q=instead)
        counts = counts_of(asked, base, signs, now)
    number = min(filters.hal, last_page(counts.total))
    return Shelf(
        filters=filters,
        items=_page(asked, base, signs, number, now, total=counts.total) if counts.total else [],
        total=counts.total,
        number=number,
        categories=_category_options(filters, base, signs, counts),
        facilities=_facility_options(filters, signs, counts),
        ready=counts.ready,
        corrected=instead,
        notices=notices,
        chips=_chips(filters, base, signs),
        base=base,
        way=_way(base, signs),
        below=_children(base, signs, counts),
        cheapest=counts.cheapest,
        dearest=counts.dearest,
        ways_out=[] if counts.total else _ways_out(asked, base, signs, now),
        rooms=[] if counts.total else _children(None, signs, counts_of(Filters(), None, signs, now)),
        popular=[] if counts.total else popular(limit=POPULAR),
    )


def popular(*wanted: ColumnElement[bool], limit: int) -> list[CardRow]:
    """What sold best of late, the newest first while nothing has been sold."""
    statement = card_columns().where(*wanted)
    best_first = (Product.popularity.desc(), Product.published_at.desc(), Product.id.desc())
    return cards(statement.order_by(*best_first).limit(limit))


def _ways_out(filters: Filters, base: Sign | None, signs: Signs, now: int) -> list[WayOut]:
    """Lists that do find something: without one of the filters, or with one of the words only."""
    ways = [
        WayOut(chip.way_out or _("Tanpa %(filter)s", filter=chip.label), chip.path, chip.without, products)
        for chip in _chips(filters, base, signs)
        if (base or chip.without.is_filtered)  # without either it is the list of everything
        and (products := counts_of(chip.without, base, signs, now).total)
    ]
    words = [word for word in dict.fromkeys(tokens(filters.q)) if word not in STOP_WORDS][:MOST_WORDS]
    if len(words) > 1:
        ways += [
            WayOut(_("Hanya “%(word)s”", word=word), "/produk", Filters(q=word), products)
            for word, products in word_counts(words, now)
        ]
    if base is not None and (products := counts_of(filters, None, signs, now).total):
        ways.append(WayOut(_("Di semua kategori"), "/produk", filters, products))
    return ways


def _known_only(filters: Filters, signs: Signs) -> tuple[Filters, list[str]]:
    """The filters without choices that do not exist, and words that say so."""
    kategori = tuple(slug for slug in filters.kategori if slug in signs.categories)
    lapas = tuple(slug for slug in filters.lapas if slug in signs.facilities)
    notices = []
    if len(kategori) < len(filters.kategori):
        notices.append(_("Kategori yang diminta tidak dikenal, jadi tidak kami pakai."))
    if len(lapas) < len(filters.lapas):
        notices.append(_("Lapas yang diminta tidak dikenal, jadi tidak kami pakai."))
    if filters.q and not query_stems(filters.q):
        notices.append(_("Tulis kata yang lebih khusus, misalnya nama barang atau bahannya."))
    return replace(filters, kategori=kategori, lapas=lapas), notices


def _wanted(filters: Filters, base: Sign | None, signs: Signs) -> list[ColumnElement[bool]]:
    """The conditions of a list."""
    wanted: list[ColumnElement[bool]] = [ON_SALE, *within(filters)]
    if base is not None:
        wanted.append(Product.category_id.in_(signs.below(base)))
    if filters.kategori:
        ids = {i for slug in filters.kategori for i in signs.below(signs.categories[slug])}
        wanted.append(Product.category_id.in_(sorted(ids)))
    if filters.lapas:
        wanted.append(Product.facility_id.in_([signs.facilities[slug].id for slug in filters.lapas]))
    if filters.siap_kirim:
        wanted.append(is_ready())
    return wanted


def _page(
    filters: Filters, base: Sign | None, signs: Signs, number: int, now: int, *, total: int
) -> list[CardRow]:
    """One page. The best match of a search comes first even when it is sold out: it was asked for by name."""
    statement = card_columns().where(*_wanted(filters, base, signs))
    words = meant_by(filters.q, now)
    found = search_provider().matches(words) if words else None
    if found is not None:
        statement = statement.join(found, found.c.product_id == Product.id)
    newest_first = (Product.published_at.desc(), Product.id.desc())
    orders: dict[str, tuple[Any, ...]] = {
        "terbaru": newest_first,
        "terlaris": (Product.popularity.desc(), Product.id.desc()),
        "termurah": (Product.price_from, Product.id),
        "termahal": (Product.price_from.desc(), Product.id.desc()),
        "relevansi": (found.c.rank, Product.id) if found is not None else newest_first,
    }
    ordered = statement.order_by(*orders[filters.sort])
    if filters.siap_kirim or filters.sort == "relevansi":
        return cards(ordered.limit(PAGE_SIZE).offset(offset_of(number)))
    return sold_out_last(ordered, limit=PAGE_SIZE, offset=offset_of(number), total=total)


def _category_options(filters: Filters, base: Sign | None, signs: Signs, counts: Counts) -> list[Option]:
    """The categories below the base that have products here, are chosen, or have a chosen one below."""
    root = base.path if base else "/"
    paths = [signs.categories[slug].path for slug in filters.kategori]
    options = []
    for slug, sign in signs.categories.items():
        chosen = slug in filters.kategori
        leads = any(path.startswith(sign.path) for path in paths)
        if sign.path.startswith(root) and sign != base and (counts.categories.get(sign.id) or leads):
            depth = sign.path.count("/") - root.count("/") - 1
            options.append(Option(slug, sign.name, counts.categories.get(sign.id, 0), chosen, depth))
    return options


def _facility_options(filters: Filters, signs: Signs, counts: Counts) -> list[Option]:
    return [
        Option(slug, sign.name, counts.facilities.get(sign.id, 0), slug in filters.lapas)
        for slug, sign in signs.facilities.items()
        if counts.facilities.get(sign.id) or slug in filters.lapas
    ]


def _children(base: Sign | None, signs: Signs, counts: Counts) -> list[Door]:
    """The categories right below the base that have products: doors to pages of their own."""
    root = base.path if base else "/"
    return [
        Door(slug, sign.name, counts.categories[sign.id])
        for slug, sign in signs.categories.items()
        if sign.path.startswith(root)
        and sign.path.count("/") == root.count("/") + 1
        and counts.categories.get(sign.id)
    ]


def _way(base: Sign | None, signs: Signs) -> list[Sign]:
    """The categories above the base, and itself."""
    if base is None:
        return []
    return [sign for sign in signs.categories.values() if base.path.startswith(sign.path)]


def _chips(filters: Filters, base: Sign | None, signs: Signs) -> list[Chip]:
    """What is on, each with the list that leaves it out."""
    path = path_of(base)
    named = [("kategori", signs.categories, filters.kategori), ("lapas", signs.facilities, filters.lapas)]
    chips = [Chip(f"“{filters.q}”", path, filters.without("q"))] if filters.q else []
    chips += [
        Chip(known[slug].name, path, filters.without(facet, slug))
        for facet, known, chosen in named
        for slug in chosen
    ]
    if filters.price_min is not None:
        words = _("mulai %(price)s", price=rupiah(filters.price_min))
        way_out = _("Tanpa harga terendah")
        chips.append(Chip(words, path, filters.without("harga_min"), way_out=way_out))
    if filters.price_max is not None:
        words = _("sampai %(price)s", price=rupiah(filters.price_max))
        way_out = _("Tanpa harga tertinggi")
        chips.append(Chip(words, path, filters.without("harga_max"), way_out=way_out))
    if filters.siap_kirim:
        chips.append(Chip(_("Siap kirim"), path, filters.without("siap_kirim")))
    return chips
