"""What a visitor meant by the words in the search field."""

from sqlalchemy import select

from storefront.catalog.models import SearchWord
from storefront.catalog.providers import search_provider
from storefront.catalog.queries.memo import remembered
from storefront.core.db import db
from storefront.core.words import STOP_WORDS, stem_of, stems, suggest, tokens


def query_stems(q: str) -> list[str]:
    """The stems to search for; empty when nothing searchable was typed."""
    return list(dict.fromkeys(stems(q).split()))


def corrected(q: str, version: int) -> str:
    """The words that were probably meant, when `q` finds nothing and they find something; else ''."""
    return remembered(("corrected", version, q), lambda: _corrected(q, version))


def _corrected(q: str, version: int) -> str:
    wanted = query_stems(q)
    if not wanted or search_provider().search(wanted, 1):
        return ""
    words, known_stems = remembered(("vocabulary", version), _vocabulary)
    meant = [
        word if word in STOP_WORDS or stem_of(word) in known_stems else suggest(word, words) or word
        for word in tokens(q)
    ]
    better = " ".join(meant)
    found = query_stems(better)
    return better if found != wanted and search_provider().search(found, 1) else ""


def _vocabulary() -> tuple[list[str], frozenset[str]]:
    """Every known word, common ones first, and their stems."""
    used = select(SearchWord.word).where(SearchWord.uses > 0)
    words = list(db.session.scalars(used.order_by(SearchWord.uses.desc(), SearchWord.word)))
    return words, frozenset(stem_of(word) for word in words)
