"""The categories and facilities that a list can be narrowed to: dozens of them, not thousands."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, literal, null, select, union_all

from storefront.catalog.models import Category
from storefront.catalog.queries.memo import remembered
from storefront.core.db import db
from storefront.core.language import language
from storefront.facilities.models import Facility


class Sign(NamedTuple):
    """A category or facility that a list can be narrowed to."""

    id: int
    slug: str
    name: str
    path: str = ""


@dataclass(frozen=True)
class Signs:
    """All categories (a parent before its children) and facilities, by what addresses call them."""

    categories: dict[str, Sign]
    facilities: dict[str, Sign]

    def below(self, sign: Sign) -> list[int]:
        """The ids of a category and everything under it."""
        return [other.id for other in self.categories.values() if other.path.startswith(sign.path)]


def signs_of(version: int) -> Signs:
    """Categories and facilities in the language of the moment; one query for each version."""
    return remembered(("signs", version, language()), _signs)


def _signs() -> Signs:
    statement: CompoundSelect[Any] = union_all(
        select(
            literal("c"), Category.id, Category.slug, Category.name, Category.path, Category.position,
            Category.name_en,
        ),
        select(
            literal("f"), Facility.id, Facility.slug, Facility.name, literal(""), literal(0), null(),
        ),
    )  # fmt: skip
    rows = sorted(db.session.execute(statement), key=lambda row: (row[5], row[3].casefold()))
    kinds: dict[str, list[Sign]] = {"c": [], "f": []}
    for row in rows:
        name = row[6] if row[6] and language() == "en" else row[3]
        kinds[row[0]].append(Sign(row[1], row[2], name, row[4]))
    places = {str(sign.id): index for index, sign in enumerate(kinds["c"])}
    in_order = sorted(
        kinds["c"], key=lambda sign: [places.get(i, 0) for i in sign.path.strip("/").split("/")]
    )
    return Signs({sign.slug: sign for sign in in_order}, {sign.slug: sign for sign in kinds["f"]})
