"""Which text a page shows on a day, and everything that was ever published on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from storefront.core import clock
from storefront.core.db import db
from storefront.core.differences import Segment, changed_lines, segments
from storefront.core.errors import NotFound
from storefront.core.language import LANGUAGES, SOURCE, _, lazy, speaking
from storefront.core.markup import Words, plain, read
from storefront.texts.models import PageSlug, PageVersion

TITLES = {
    PageSlug.BUYING: lazy("Cara belanja"),
    PageSlug.ABOUT: lazy("Tentang kami"),
    PageSlug.PRIVACY: lazy("Privasi"),
    PageSlug.TERMS: lazy("Syarat dan ketentuan"),
}
"""What each page is called, and is titled until the office says otherwise."""
DATED = frozenset({PageSlug.PRIVACY, PageSlug.TERMS})
"""Pages that promise something: they say since when, and what they said before stays readable."""
POINTED_AT = {PageSlug.BUYING: frozenset({"tukar"}), PageSlug.TERMS: frozenset({"tukar"})}
"""Parts of pages that links of the shop, and search engines, lead to."""
NAMES = frozenset({"kantor", "toko", "pse"})
"""What the shop fills in: its office, its own name, its number as an electronic system."""
ALONE = frozenset({"kontak"})

_STANDING = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Shown:
    """A page's text in one language. `number` 0: the text that came with the shop, of no known day.

    `language` is that of the text: Indonesian where there is no English one. `is_behind` says that the
    Indonesian text is newer than this translation.
    """

    slug: PageSlug
    language: str
    title: str
    body: str
    number: int = 0
    valid_from: date | None = None
    is_behind: bool = False

    @property
    def words(self) -> Words:
        """The text, read."""
        return words_of(self.body)


@dataclass(frozen=True)
class State:
    """A page in one language, for the office: what is shown, what comes, and who wrote it last."""

    slug: PageSlug
    language: str
    shown: Shown
    newest: PageVersion | None
    coming: PageVersion | None


@dataclass(frozen=True)
class Difference:
    """A stretch of a text that changed: under which heading it stands ('' for none), and word by word how."""

    under: str
    segments: list[Segment]


def differences(before: tuple[str, str], after: tuple[str, str]) -> list[Difference]:
    """What differs between two texts, each its title and its body, in the order of the newer one."""
    found = []
    if before[0] != after[0]:
        found.append(Difference(_("Judul"), segments(before[0], after[0])))
    lines = after[1].split("\n")
    for place, old, new in changed_lines(before[1], after[1]):
        if old.strip() or new.strip():
            above = (line for line in reversed(lines[:place]) if line.startswith("#"))
            heading = next((block.line for line in above for block in words_of(line).blocks), ())
            found.append(Difference(plain(heading), segments(old, new)))
    return found


def words_of(body: str) -> Words:
    """A text in blocks, with what is wrong with it."""
    return read(body, NAMES, ALONE)


@cache
def standing_body(slug: PageSlug, language: str) -> str:
    """The text that came with the shop."""
    return (_STANDING / language / f"{slug.name.lower()}.txt").read_text(encoding="utf-8").strip()


def standing(slug: PageSlug, language: str) -> Shown:
    """The text that came with the shop, under its usual title in that language."""
    with speaking(language):
        title = str(TITLES[slug])
    return Shown(slug, language, title, standing_body(slug, language))


def shown(slug: PageSlug, language: str, day: date | None = None) -> Shown:
    """What a page says in a language on a day (WIB; None: today). One query.

    Once the office has written the Indonesian text, the English that came with the shop is no translation
    of it any more: until there is one, the page shows the Indonesian.
    """
    today = day or clock.today()
    return _chosen(slug, language, [one for one in _all(slug) if one.valid_from <= today])


def _all(slug: PageSlug) -> Sequence[PageVersion]:
    """Every version of a page in all languages, the one that counts longest first."""
    return db.session.scalars(_in_order().where(PageVersion.slug == slug)).all()


def _in_order() -> Select[PageVersion]:
    return select(PageVersion).order_by(PageVersion.valid_from.desc(), PageVersion.number.desc())


def _chosen(slug: PageSlug, language: str, versions: Sequence[PageVersion]) -> Shown:
    newest = {code: next((one for one in versions if one.language == code), None) for code in LANGUAGES}
    own, source = newest[language], newest[SOURCE]
    if own is not None and own.body:
        is_behind = language != SOURCE and source is not None and own.created_at < source.created_at
        return _as_shown(own, is_behind=is_behind)
    if source is not None:
        return _as_shown(source)
    return standing(slug, SOURCE if own is not None else language)


def _as_shown(one: PageVersion, *, is_behind: bool = False) -> Shown:
    return Shown(
        one.slug, one.language, one.title, one.body, one.number, one.valid_from, is_behind
    )  # fmt: skip


def days(slug: PageSlug) -> list[date]:
    """The days since when each Indonesian text counted or will count, the newest first. One query."""
    wanted = select(PageVersion.valid_from).filter_by(slug=slug, language=SOURCE).distinct()
    return list(db.session.scalars(wanted.order_by(PageVersion.valid_from.desc())))


def current_day(days: Sequence[date]) -> date | None:
    """Since when the text of today counts, of `days` with the newest first; None: it came with the shop."""
    today = clock.today()
    return next((day for day in days if day <= today), None)


def states() -> list[State]:
    """Every page in every language. Two queries."""
    versions = db.session.scalars(_in_order().options(selectinload(PageVersion.created_by))).all()
    today, found = clock.today(), []
    for slug in PageSlug:
        of_page = [one for one in versions if one.slug is slug]
        valid = [one for one in of_page if one.valid_from <= today]
        for code in LANGUAGES:
            own = [one for one in of_page if one.language == code]
            newest = max(own, key=lambda one: one.number, default=None)
            coming = next((one for one in reversed(own) if one.valid_from > today), None)
            found.append(State(slug, code, _chosen(slug, code, valid), newest, coming))
    return found


def history(slug: PageSlug, language: str) -> Sequence[PageVersion]:
    """Every version, the newest first, with who wrote it. Two queries."""
    wanted = select(PageVersion).filter_by(slug=slug, language=language)
    return db.session.scalars(
        wanted.options(selectinload(PageVersion.created_by)).order_by(PageVersion.number.desc())
    ).all()


def version_of(slug: PageSlug, language: str, number: int) -> PageVersion | None:
    """One version with who wrote it; None for 0, the text that came with the shop. Raises NotFound."""
    if number == 0:
        return None
    wanted = select(PageVersion).filter_by(slug=slug, language=language, number=number)
    found = db.session.scalar(wanted.options(selectinload(PageVersion.created_by)))
    if found is None:
        raise NotFound
    return found


def text_of(slug: PageSlug, language: str, number: int) -> tuple[str, str]:
    """The title and the body of a version; of number 0 those that came with the shop. Raises NotFound."""
    found = version_of(slug, language, number)
    if found is None:
        came = standing(slug, language)
        return came.title, came.body
    return found.title, found.body


def last_number(slug: PageSlug, language: str) -> int:
    """The number of the newest version; 0 while there is none."""
    wanted = select(func.max(PageVersion.number)).filter_by(slug=slug, language=language)
    return db.session.scalar(wanted) or 0


def language_name(language: str) -> str:
    """What a language is called on the screen."""
    return _("Inggris") if language == "en" else _("Indonesia")


def versions_written() -> int:
    """How many texts the office has published."""
    return db.session.scalar(select(func.count(PageVersion.id))) or 0
