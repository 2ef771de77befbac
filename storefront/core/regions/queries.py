"""Finding a district from what a person types, and reading its villages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Subquery, case, false, func, or_, select, true, union_all

from storefront.core.db import db
from storefront.core.regions import BANTEN
from storefront.core.regions.loader import PROVINCE_WEIGHT
from storefront.core.regions.models import District, Province, Regency, RegionWord, Village
from storefront.core.regions.names import KABUPATEN, KOTA, region_words
from storefront.core.words import normalise, suggest

MAX_WORDS = 6
WHOLE = 5
"""A whole word tells more than the beginning of one: a regency's name beats 'Lebak…' for 'lebak'."""

_CODE = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}")
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class DistrictRow:
    """A district as an address shows it: 'Cipondoh, Kota Tangerang, Banten'."""

    code: str
    name: str
    regency: str
    province: str
    postal_codes: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.name}, {self.regency}, {self.province}"


@dataclass(frozen=True)
class VillageRow:
    """A village with its postal code."""

    code: str
    name: str
    postal_code: str


def search_districts(text: str, limit: int = 8) -> list[DistrictRow]:
    """Districts that a person may mean, best first: every word has to fit, the last may be unfinished.

    Understands names of districts, regencies, provinces and villages in any order, postal codes,
    'kec.', 'kab.', 'tangsel', words written apart ('rangkas bitung') and, when nothing else fits,
    slips of the finger. Equally good ones come Banten first.
    """
    words = _typed(text)
    if not words:
        return []
    return (
        _matching(words, limit)
        or _matching_joined(words, limit)
        or (_matching(mended, limit) if (mended := _mended(words)) != words else [])
    )


def resolve_district(text: str) -> DistrictRow | None:
    """The one district that a text names (its label, code or an unmistakable name), or None."""
    if _CODE.fullmatch(text.strip()):
        return district(text.strip())
    words = _typed(text)
    if not words:
        return None
    rows = _matching(words, limit=50)
    written = normalise(text)
    for row in rows:
        if written in {normalise(row.label), normalise(f"{row.name}, {row.regency}")}:
            return row
    named = [row for row in rows if _names(words, row)]
    if len(named) == 1:
        return named[0]
    return rows[0] if len(rows) == 1 else None


def district(code: str) -> DistrictRow | None:
    """The district with this code, '36.71.05', or None."""
    return next(iter(_rows(select(*_COLUMNS).where(District.code == code))), None)


def villages(district_code: str) -> list[VillageRow]:
    """The villages of a district by name, with their postal codes."""
    statement = (
        select(Village.code, Village.name, Village.postal_code)
        .where(Village.district_code == district_code)
        .order_by(Village.name, Village.code)
    )
    return [VillageRow(*row) for row in db.session.execute(statement)]


def region_name(code: str) -> str | None:
    """The name of a province, regency or district by its code, or None."""
    models: dict[int, type[Province | Regency | District]] = {2: Province, 5: Regency, 8: District}
    model = models.get(len(code))
    return None if model is None else db.session.scalar(select(model.name).where(model.code == code))


_COLUMNS = (District.code, District.name, District.regency, District.province, District.postal_codes)


def _typed(text: str) -> list[str]:
    """The words of a query; single letters tell nothing."""
    return [word[:40] for word in region_words(text[:200]) if len(word) > 1][:MAX_WORDS]


def _rows(statement: Any) -> list[DistrictRow]:
    return [
        DistrictRow(row[0], row[1], row[2], row[3], tuple(row[4].split()))
        for row in db.session.execute(statement)
    ]


def _matching(words: Sequence[str], limit: int) -> list[DistrictRow]:
    """Districts that have every word, or one that begins so; of a kabupaten, if that was said."""
    telling = [word for word in words if word != KABUPATEN]
    if not telling:
        return []
    scores = _scores(telling)
    kind = District.regency.startswith("Kab. ") if KABUPATEN in words else true()
    said = or_(
        false(),
        *(func.lower(District.regency).startswith(name, autoescape=True) for name in _regencies(words)),
    )
    statement = (
        select(*_COLUMNS)
        .join(scores, scores.c.district_code == District.code)
        .where(kind)
        .order_by(
            case((said, 0), else_=1),
            scores.c.score.desc(),
            case((District.code.startswith(f"{BANTEN}."), 0), else_=1),
            District.name,
            District.code,
        )
        .limit(limit)
    )
    return _rows(statement)


def _regencies(words: Sequence[str]) -> list[str]:
    """How the regencies begin that a query names: after 'kab.' or 'kota' comes the name of one."""
    kinds = {KABUPATEN: "kab.", KOTA: "kota"}
    return [f"{kinds[word]} {name}" for word, name in pairwise(words) if word in kinds]


def _scores(words: Sequence[str]) -> Subquery:
    """How well each district fits: the weights of its best word for each typed one, whole words more."""
    parts = [
        select(
            RegionWord.district_code,
            func.max(
                case((RegionWord.word == word, RegionWord.weight + WHOLE), else_=RegionWord.weight)
            ).label("fit"),
        )
        .where(RegionWord.word >= word, RegionWord.word < word + _LAST)
        .group_by(RegionWord.district_code)
        for word in words
    ]
    fits = union_all(*parts).subquery()
    return (
        select(fits.c.district_code, func.sum(fits.c.fit).label("score"))
        .group_by(fits.c.district_code)
        .having(func.count() == len(words))
        .subquery()
    )


def _matching_joined(words: Sequence[str], limit: int) -> list[DistrictRow]:
    """Try two neighbours as one word: 'rangkas bitung'."""
    for at in range(len(words) - 1):
        joined = [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]
        if found := _matching(joined, limit):
            return found
    return []


def _mended(words: Sequence[str]) -> list[str]:
    """The words, those that no region has replaced by the nearest that one has."""
    return [
        word if word == KABUPATEN or _known(word) else suggest(word, _vocabulary(word)) or word
        for word in words
    ]


def _known(word: str) -> bool:
    statement = select(RegionWord.word).where(RegionWord.word >= word, RegionWord.word < word + _LAST)
    return db.session.scalar(statement.limit(1)) is not None


def _vocabulary(word: str) -> list[str]:
    """Words of districts, regencies and provinces with the same first letter, likelier ones first."""
    statement = (
        select(RegionWord.word)
        .where(RegionWord.word >= word[0], RegionWord.word < word[0] + _LAST)
        .where(RegionWord.weight >= PROVINCE_WEIGHT)
        .group_by(RegionWord.word)
        .order_by(
            func.min(case((RegionWord.district_code.startswith(f"{BANTEN}."), 0), else_=1)), RegionWord.word
        )
    )
    return list(db.session.scalars(statement))


def _names(words: Sequence[str], row: DistrictRow) -> bool:
    """Do these words name the district, with its regency or province or without? 'Serang' alone,
    where the regency is called so too, does not."""
    typed, kinds = set(words), {KOTA, KABUPATEN}
    name, regency, province = (set(region_words(text)) for text in (row.name, row.regency, row.province))
    if not name <= typed or typed <= regency:
        return False
    rest = typed - name - kinds
    return rest in [parents - name - kinds for parents in (set(), regency, province, regency | province)]
