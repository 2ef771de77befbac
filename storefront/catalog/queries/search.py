"""What a visitor meant by the words in the search field."""

from sqlalchemy import select

from storefront.catalog.models import SearchWord, Synonym
from storefront.catalog.providers import search_provider
from storefront.catalog.providers.expressions import Wanted
from storefront.catalog.queries.memo import remembered
from storefront.core.db import db
from storefront.core.words import STOP_WORDS, stem_of, stems, suggest, tokens

Way = tuple[str, ...]
"""The stems of one way of saying something: ('tas', 'tangan')."""
LONGEST_WAY = 4


def query_stems(q: str) -> list[str]:
    """The stems to search for; empty when nothing searchable was typed."""
    return list(dict.fromkeys(stems(q).split()))


def meant_by(q: str, version: int) -> Wanted:
    """What a product has to have to be found: each stem, or one of its synonyms; empty for no words."""
    typed = query_stems(q)
    if not typed:
        return []
    groups = remembered(("synonyms", version), _synonyms)
    wanted: list[str | tuple[Way, ...]] = []
    place = 0
    while place < len(typed):
        way = _known_way(typed[place:], groups)
        wanted.append(groups[way] if way else typed[place])
        place += len(way) or 1
    return wanted


def _known_way(typed: list[str], groups: dict[Way, tuple[Way, ...]]) -> Way:
    """The longest beginning of these stems that has synonyms, or ()."""
    for length in range(min(LONGEST_WAY, len(typed)), 0, -1):
        if tuple(typed[:length]) in groups:
            return tuple(typed[:length])
    return ()


def _synonyms() -> dict[Way, tuple[Way, ...]]:
    """Every way of saying something that has others: to itself first, then the others."""
    groups: dict[Way, tuple[Way, ...]] = {}
    for words in db.session.scalars(select(Synonym.words).order_by(Synonym.id)):
        ways = dict.fromkeys(way for word in words if (way := tuple(query_stems(word))))
        for way in ways:
            others = [other for other in (*groups.get(way, ()), *ways) if other != way]
            groups[way] = (way, *dict.fromkeys(others))
    return groups


def corrected(q: str, version: int) -> str:
    """The words that were probably meant, when `q` finds nothing and they find something; else ''."""
    return remembered(("corrected", version, q), lambda: _corrected(q, version))


def likely(q: str, version: int) -> str:
    """The words that were probably meant when `q` finds nothing, not asked whether they find more."""
    words, known_stems = remembered(("vocabulary", version), _vocabulary)
    meant = [
        word if word in STOP_WORDS or stem_of(word) in known_stems else suggest(word, words) or word
        for word in tokens(q)
    ]
    better = " ".join(meant)
    return better if query_stems(better) != query_stems(q) else ""


def _corrected(q: str, version: int) -> str:
    wanted = meant_by(q, version)
    if not wanted or search_provider().search(wanted, 1):
        return ""
    better = likely(q, version)
    return better if better and search_provider().search(meant_by(better, version), 1) else ""


def _vocabulary() -> tuple[list[str], frozenset[str]]:
    """Every known word, common ones first and those of synonyms last, and their stems."""
    used = select(SearchWord.word).where(SearchWord.uses > 0)
    words = list(db.session.scalars(used.order_by(SearchWord.uses.desc(), SearchWord.word)))
    for group in db.session.scalars(select(Synonym.words)):
        words += [word for text in group for word in tokens(text)]
    return list(dict.fromkeys(words)), frozenset(stem_of(word) for word in words)


def synonym_groups() -> list[Synonym]:
    """Every group of words that mean the same, as the office wrote them."""
    groups = db.session.scalars(select(Synonym))
    return sorted(groups, key=lambda group: (group.words, group.id))
