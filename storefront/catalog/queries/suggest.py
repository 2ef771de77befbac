"""What the search field offers while somebody types: products, places to go, the word that was meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from storefront.catalog.models import Product
from storefront.catalog.providers import search_provider
from storefront.catalog.queries.cards import ON_SALE, PHOTO_COLUMNS, card_columns, cards, photo_of
from storefront.catalog.queries.rows import CardRow, PhotoRow
from storefront.catalog.queries.search import likely, meant_by, query_stems
from storefront.catalog.queries.signs import Sign, signs_of
from storefront.core.db import db
from storefront.core.models import Picture
from storefront.core.transactions import version
from storefront.core.words import stems
from storefront.facilities.models import Facility

PRODUCTS = 6
PLACES = 4
SHORTEST = 2
"""Fewer letters than this begin too many words to be a help."""


class Suggestion(NamedTuple):
    """A product as the search field shows it."""

    slug: str
    title: str
    price_from: int
    facility_name: str
    photo: PhotoRow | None


@dataclass(frozen=True)
class Suggestions:
    """At most PRODUCTS products and PLACES categories and facilities of each kind; `meant` when mended."""

    products: list[Suggestion]
    categories: list[Sign]
    facilities: list[Sign]
    meant: str = ""


def suggestions(q: str) -> Suggestions:
    """What these letters may become. Four queries at most once the shelves are known."""
    if len(q.replace(" ", "")) < SHORTEST:
        return Suggestions([], [], [])
    now = version("catalog")
    signs = signs_of(now)
    products, meant = _products(q, now), ""
    if not products:
        better = likely(q, now)
        products = _products(better, now) if better else []
        meant = better if products else ""
    return Suggestions(
        products=products,
        categories=_called(meant or q, list(signs.categories.values())),
        facilities=_called(meant or q, list(signs.facilities.values())),
        meant=meant,
    )


def cards_by_id(ids: Sequence[int]) -> list[CardRow]:
    """The cards of these products in this order; what is not on sale (any more) is left out."""
    found = {card.id: card for card in cards(card_columns().where(Product.id.in_(ids)))}
    return [found[key] for key in dict.fromkeys(ids) if key in found]


def _products(q: str, now: int) -> list[Suggestion]:
    wanted = meant_by(q, now)
    if not wanted:
        return []
    found = search_provider().matches(wanted)
    statement: Select[*tuple[Any, ...]] = (
        select(
            Product.slug, Product.title, Product.price_from, Facility.name.label("facility_name"),
            *PHOTO_COLUMNS,
        )
        .join(found, found.c.product_id == Product.id)
        .join(Facility, Facility.id == Product.facility_id)
        .outerjoin(Picture, Picture.id == Product.photo_id)
        .where(ON_SALE)
        .order_by(found.c.rank, Product.id)
        .limit(PRODUCTS)
    )  # fmt: skip
    rows = db.session.execute(statement)
    return [Suggestion(row.slug, row.title, row.price_from, row.facility_name, photo_of(row)) for row in rows]


def _called(q: str, signs: list[Sign]) -> list[Sign]:
    """The places whose names have all the words, the last of which may be a beginning."""
    wanted = query_stems(q)
    if not wanted:
        return []
    typed = q.lower().split()[-1]
    found = []
    for sign in signs:
        words = stems(sign.name).split()
        begun = any(word.startswith(wanted[-1]) for word in words) or any(
            word.startswith(typed) for word in sign.name.lower().split()
        )
        if begun and all(stem in words for stem in wanted[:-1]):
            found.append(sign)
    return found[:PLACES]
