"""The guide for staff says what the shop shows: words, paths, pictures, and a chapter for every page."""

import re
from functools import cache

import pytest
from flask import Flask
from PIL import Image

from config import ROOT, Config
from devtools.demo.guide_pictures import SHOTS
from devtools.translations import said
from storefront import create_app
from storefront.accounts.models import Role
from storefront.core import markdown
from storefront.desk.queries import guide
from storefront.web.access import _ROLES, ACCESS, Access

CHAPTERS = [pytest.param(chapter, id=chapter.slug) for chapter in guide.CHAPTERS]
STAFF = (Role.FACILITY_STAFF, Role.FACILITY_HEAD, Role.REGIONAL, Role.PROMOTER)
PICTURES = {"waiting_photos.show"}
"""Files that pages of the staff show: nobody reads a header there."""
BIGGEST = 1_500_000
"""Bytes of all pictures: whoever clones the project fetches them too."""
VALUE = re.compile(r"%\(\w+\)s")
TELLING = 15
"""Letters that a sentence with values in it has of its own; "%(a)s dan %(b)s" would say anything."""
PATH = re.compile(r"`(/[a-z/-]*)`")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A shop to be asked which routes it has; it needs no database."""
    folder = tmp_path_factory.mktemp("guide")
    return create_app(
        Config(SECRET_KEY="x" * 40, DATABASE_URL="sqlite://", INSTANCE_DIR=folder, TESTING=True)
    )


@cache
def on_screen() -> tuple[set[str], list[re.Pattern[str]]]:
    """All that the shop says, and what it says with a value in it."""
    folders = [(ROOT / "templates").rglob("*.html"), (ROOT / "storefront").rglob("*.py")]
    words = {str(key[1]) for paths in folders for path in paths for key in said.marked(path)}
    whole = {re.sub(r"<[^>]+>", "", word) for word in words}
    moving = [word for word in whole if VALUE.search(word) and len(VALUE.sub("", word)) >= TELLING]
    return whole, [re.compile(re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(word))) for word in moving]


def is_on_screen(words: str) -> bool:
    """Does a page of the shop say this?"""
    whole, moving = on_screen()
    return words in whole or any(pattern.fullmatch(words) for pattern in moving)


def test_the_words_of_the_shop_are_known() -> None:
    assert is_on_screen("Simpan resi dan kirim")
    assert is_on_screen("Langkah pertama: 1 dari 5 selesai")
    assert not is_on_screen("Tombol yang tidak ada")
    assert not is_on_screen("Simpan nomor resi dan kirim")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_stands_in_bold_stands_on_the_screen(chapter: guide.Chapter) -> None:
    bold = markdown.strong_of(chapter.text)
    assert bold
    assert not [words for words in bold if not is_on_screen(words)]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_path_opens_for_whom_the_chapter_is(chapter: guide.Chapter, shop: Flask) -> None:
    adapter = shop.url_map.bind("")
    for path in PATH.findall(chapter.text):
        access = ACCESS[adapter.match(path)[0]]
        for role in chapter.roles or (Role.REGIONAL,):
            assert role in _ROLES.get(access, {role}), (path, role)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_is_short_and_begins_with_its_title(chapter: guide.Chapter) -> None:
    assert chapter.text.startswith(f"# {chapter.title}\n")
    words = [len(section.text.split()) for section in markdown.sections_of(chapter.text)]
    assert max(words) <= 110, "a section is read between two duties"
    assert sum(words) <= 400


def test_the_folder_holds_the_chapters_and_a_list_of_them() -> None:
    files = sorted(path.name for path in guide.FOLDER.glob("*.md"))
    assert files == [*(chapter.file.name for chapter in guide.CHAPTERS), "README.md"]
    listed = re.findall(r"\[([^\]]+)\]\(([^)]+)\)", (guide.FOLDER / "README.md").read_text("utf-8"))
    assert listed == [(chapter.title, chapter.file.name) for chapter in guide.CHAPTERS]


def test_every_picture_is_shown_and_every_shown_one_is_there() -> None:
    """Once, each with words for whoever cannot see it, in the size that pages keep free for it."""
    shown = [picture for chapter in guide.CHAPTERS for picture in markdown.pictures_of(chapter.text)]
    files = {path.name: path for path in guide.PICTURES.iterdir()}
    assert sorted(address for address, _words in shown) == sorted(f"gambar/{name}" for name in files)
    assert all(len(words) > 15 for _address, words in shown)
    assert {f"{shot.name}.webp" for shot in SHOTS} == files.keys()
    for path in files.values():
        with Image.open(path) as picture:
            assert picture.size == tuple(2 * side for side in guide.PICTURE_SIZE), path.name
    assert sum(path.stat().st_size for path in files.values()) < BIGGEST


def test_every_page_of_the_staff_has_a_chapter(shop: Flask) -> None:
    """One that its own readers may open; the pages of the guide and the way in need none."""
    rooms = {Access.FACILITY, Access.HEAD, Access.REGIONAL, Access.PROMOTER, Access.OFFICE, Access.STAFF}
    for rule in shop.url_map.iter_rules():
        access = ACCESS[rule.endpoint]
        if access not in rooms or rule.endpoint.startswith("guide.") or rule.endpoint in PICTURES:
            continue
        for role in _ROLES[access]:
            assert guide.helping(rule.endpoint, Role(role)), (rule.endpoint, role)


def test_no_row_helps_with_nothing(shop: Flask) -> None:
    endpoints = {rule.endpoint for rule in shop.url_map.iter_rules()}
    blueprints = {endpoint.partition(".")[0] for endpoint in endpoints}
    assert not [name for name in guide.HELPS if name not in (endpoints if "." in name else blueprints)]
    slugs = {chapter.slug for chapter in guide.CHAPTERS}
    assert set(guide.HELPS.values()) == slugs


def test_everybody_who_works_here_has_something_to_read() -> None:
    for role in STAFF:
        assert guide.chapters_for(role), role
    assert not guide.chapters_for(Role.BUYER)
    assert guide.chapters_for(Role.REGIONAL)[0].slug == "kanwil"
    assert len(guide.chapters_for(Role.REGIONAL)) == len(guide.CHAPTERS)
