"""The office publishes a text of one of the shop's own pages. Nothing is ever taken away."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.core import auditlog, clock
from storefront.core.db import db
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import LANGUAGES, SOURCE, _, lazy
from storefront.core.transactions import touch, transaction
from storefront.texts.models import PageSlug, PageVersion
from storefront.texts.queries import POINTED_AT, last_number, words_of

LONGEST = 40_000
"""Letters of a page."""
FARTHEST = 366
"""Days ahead that a text may begin."""


class Overtaken(DomainError):
    """Somebody published another text of this page meanwhile."""

    default = lazy("Naskah lain sudah terbit sejak halaman ini dibuka. Lihat riwayatnya, lalu tulis lagi.")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A text to publish: `base` is the number of the newest one when it was begun (0: none yet).

    `valid_from` is the first day (WIB) on which the page shows it; None for today.
    """

    slug: PageSlug
    language: str
    title: str
    body: str
    reason: str
    base: int
    valid_from: date | None = None


def publish_text(draft: Draft, *, by_id: int) -> int:
    """Keep it as the next version and show it from its day on; returns its number.

    The same text once more is the version that there is. Raises Invalid (see `problems_of`), Overtaken.
    """
    errors = problems_of(draft)
    if len(draft.reason.strip()) < 3:
        errors["reason"] = [_("Tulis apa yang berubah dan mengapa.")]
    if errors:
        raise Invalid({name: " ".join(words) for name, words in errors.items()})
    try:
        with transaction():
            return _publish(draft, by_id)
    except IntegrityError:  # somebody took the number at this very moment: see what it is by now
        with transaction():
            return _publish(draft, by_id)


def problems_of(draft: Draft) -> dict[str, list[str]]:
    """What stands in the way of publishing, by field, in words for the writer."""
    errors: dict[str, list[str]] = {}
    body, today = draft.body.strip(), clock.today()
    if draft.language not in LANGUAGES:
        errors["language"] = [_("Pilih bahasanya.")]
    if not draft.title.strip():
        errors["title"] = [_("Tulis judulnya.")]
    if not body and draft.language == SOURCE:
        errors["body"] = [_("Tulis isinya.")]
    elif len(body) > LONGEST:
        errors["body"] = [_("Terlalu panjang.")]
    elif body and (wrong := _wrong_with(draft.slug, body)):
        errors["body"] = wrong
    if draft.valid_from is not None and draft.valid_from < today:
        errors["valid_from"] = [_("Paling awal hari ini.")]
    elif draft.valid_from is not None and draft.valid_from > today + timedelta(days=FARTHEST):
        errors["valid_from"] = [_("Paling lama satu tahun lagi.")]
    return errors


def _wrong_with(slug: PageSlug, body: str) -> list[str]:
    words = words_of(body)
    missing = POINTED_AT.get(slug, frozenset()) - words.anchors
    return words.problems + [
        _(
            "Halaman lain menunjuk ke bagian {#%(anchor)s}: pasang penanda itu di akhir judul bagiannya.",
            anchor=anchor,
        )
        for anchor in sorted(missing)
    ]


def _publish(draft: Draft, by_id: int) -> int:
    last = last_number(draft.slug, draft.language)
    title, body = draft.title.strip(), draft.body.strip()
    valid_from = draft.valid_from or clock.today()
    if last and draft.base in (last, last - 1) and _stands(draft, last) == (title, body, valid_from):
        return last  # the same form, sent twice
    if draft.base != last:
        raise Overtaken
    version = PageVersion(
        slug=draft.slug, language=draft.language, number=last + 1, title=title, body=body,
        reason=draft.reason.strip(), valid_from=valid_from, created_at=clock.now(), created_by_id=by_id,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    auditlog.write(
        "text.published", "page_version", version.id, actor_id=by_id, page=draft.slug.value,
        language=draft.language, number=version.number, valid_from=valid_from, reason=version.reason,
    )  # fmt: skip
    touch("catalog")
    return version.number


def _stands(draft: Draft, number: int) -> tuple[str, str, date]:
    wanted = select(PageVersion).filter_by(slug=draft.slug, language=draft.language, number=number)
    newest = db.session.scalars(wanted).one()
    return newest.title, newest.body, newest.valid_from
