"""The guide for staff: which chapters there are, for whom, which page each helps with, what they say.

Its texts and pictures are docs/panduan/, so that it can be read and printed without the shop.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from storefront.accounts.models import Role
from storefront.core import markdown
from storefront.core.errors import NotFound

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "panduan"
PICTURES = FOLDER / "gambar"
PICTURE_SIZE = (360, 640)
"""How large every picture is shown, in CSS pixels: the window of a small telephone."""
MOST_FOUND = 20
AROUND = 70
"""Characters that are shown on either side of what was looked for."""

INSIDE = (Role.FACILITY_STAFF, Role.FACILITY_HEAD)
HEAD = (Role.FACILITY_HEAD,)
PROMOTER = (Role.PROMOTER,)
EVERYBODY = (*INSIDE, Role.PROMOTER)
OFFICE: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A task of somebody's day. The regional office, which is called for help, may read all of them."""

    number: int
    slug: str
    roles: tuple[Role, ...]

    @property
    def file(self) -> Path:
        """Where its text stands."""
        return FOLDER / f"{self.number:02}-{self.slug}.md"

    @property
    def text(self) -> str:
        """What it says, as Markdown."""
        return _read(self.file, self.file.stat().st_mtime_ns)

    @property
    def title(self) -> str:
        """Its first heading."""
        return markdown.title_of(self.text)


@dataclass(frozen=True)
class Found:
    """A place in the guide where something stands that was looked for."""

    chapter: Chapter
    section: str
    anchor: str
    words: str


CHAPTERS = tuple(
    Chapter(number, slug, roles)
    for number, (slug, roles) in enumerate(
        (
            ("masuk", EVERYBODY),
            ("produk-dari-hp", INSIDE),
            ("foto", INSIDE),
            ("persetujuan", INSIDE),
            ("stok", INSIDE),
            ("pesanan", INSIDE),
            ("pangan", INSIDE),
            ("acara", PROMOTER),
            ("keluhan", INSIDE),
            ("kepala", HEAD),
            ("kanwil", OFFICE),
            ("banyak-sekaligus", INSIDE),
            ("uang", INSIDE),
            ("uang-kanwil", OFFICE),
        ),
        start=1,
    )
)
"""The chapters in the order of a first week."""

HELPS: dict[str, str] = {
    "accounts": "masuk",
    "acts_office": "kanwil",
    "aftersales_office": "uang-kanwil",
    "aftersales_staff": "keluhan",
    "assisted_office": "uang-kanwil",
    "assisted_staff": "pesanan",
    "bank_office": "uang-kanwil",
    "bulk_edits": "banyak-sekaligus",
    "catalog_staff": "produk-dari-hp",
    "catalog_staff.changes": "persetujuan",
    "catalog_staff.licences": "pangan",
    "catalog_staff.photos_waiting": "foto",
    "categories_office": "kanwil",
    "collections_office": "acara",
    "complaints_office": "kanwil",
    "couriers": "uang-kanwil",
    "curation": "kanwil",
    "documents_office": "uang-kanwil",
    "documents_staff": "pesanan",
    "events_office": "acara",
    "exports": "banyak-sekaligus",
    "facilities_office": "kanwil",
    "facility_desk": "masuk",
    "funding_office": "acara",
    "funding_staff": "uang",
    "imports": "banyak-sekaligus",
    "inventory_staff": "stok",
    "making": "stok",
    "money": "uang-kanwil",
    "notices_office": "kanwil",
    "notices_staff": "masuk",
    "office_desk": "kanwil",
    "opinions": "keluhan",
    "opinions_office": "kanwil",
    "order_changes": "uang-kanwil",
    "orders_staff": "pesanan",
    "own_people": "kepala",
    "pages_office": "kanwil",
    "parcel_changes": "pesanan",
    "pauses": "stok",
    "people_office": "kanwil",
    "permits_office": "kanwil",
    "promoter": "acara",
    "promotions_office": "acara",
    "promotions_staff": "uang",
    "rates": "uang-kanwil",
    "recalls": "kanwil",
    "revenue_office": "uang-kanwil",
    "revenue_staff": "uang",
    "rounds": "pesanan",
    "settings": "kepala",
    "staff_letters": "masuk",
    "synonyms_office": "kanwil",
    "texts_office": "kanwil",
    "words_office": "kanwil",
}
"""The chapter that helps with the pages of a blueprint, or with one page of it (`blueprint.endpoint`)."""


def chapters_for(role: Role) -> list[Chapter]:
    """What somebody of this role may read, their own chapters first."""
    if role is Role.REGIONAL:
        return sorted(CHAPTERS, key=lambda chapter: (chapter.roles != OFFICE, chapter.number))
    return [chapter for chapter in CHAPTERS if role in chapter.roles]


def chapter_of(slug: str, role: Role) -> Chapter:
    """A chapter that this role may read. Raises NotFound."""
    for chapter in chapters_for(role):
        if chapter.slug == slug:
            return chapter
    raise NotFound


def helping(endpoint: str | None, role: Role) -> Chapter | None:
    """The chapter that helps with a page, or None where its role has none."""
    blueprint = (endpoint or "").partition(".")[0]
    slug = HELPS.get(endpoint or "") or HELPS.get(blueprint)
    return next((chapter for chapter in chapters_for(role) if chapter.slug == slug), None)


def find(text: str, role: Role) -> list[Found]:
    """Where all words of `text` (parts of words too) stand in what a role may read, at most MOST_FOUND."""
    wanted = text.casefold().split()
    if not wanted:
        return []
    found = (hit for chapter in chapters_for(role) for hit in _hits(chapter, wanted))
    return [hit for hit, _number in zip(found, range(MOST_FOUND), strict=False)]


def _hits(chapter: Chapter, wanted: list[str]) -> Iterator[Found]:
    for number, section in enumerate(markdown.sections_of(chapter.text)):
        heads = f"{chapter.title} {section.title}".casefold()
        body = section.text.casefold()
        own = f"{section.title if number else chapter.title} {body}".casefold()
        if all(word in heads or word in body for word in wanted) and any(word in own for word in wanted):
            yield Found(chapter, section.title, markdown.anchor(number), _around(section.text, wanted[0]))


def _around(text: str, word: str) -> str:
    """The words around the first one that was looked for, or the first words."""
    plain = re.sub(r"\s+", " ", text).strip()
    at = max(plain.casefold().find(word), 0)
    start, end = max(at - AROUND, 0), at + AROUND
    start = plain.find(" ", start) + 1 if start else 0
    cut = plain[start:end] if end >= len(plain) else plain[start:end].rpartition(" ")[0]
    return f"{'…' if start else ''}{cut}{'…' if end < len(plain) else ''}"


@lru_cache(maxsize=2 * len(CHAPTERS))
def _read(path: Path, _changed: int) -> str:
    return path.read_text("utf-8")
