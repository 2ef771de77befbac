"""A page's title in a browser's tab: its own words first, the shop's name last, one sign between them."""

import re

from tests.architecture import source

TITLE = re.compile(r"{% block title %}(.*?){% endblock %}", re.DOTALL)
FRAME, FRONT = "templates/layouts/base.html", "templates/catalog/home.html"
"""The frame has the name alone, and so has the front page, with what the shop is."""


def titles() -> dict[str, list[str]]:
    """The titles of every template that has one, by its path."""
    found = {}
    for path in sorted((source.ROOT / "templates").rglob("*.html")):
        here = TITLE.findall(path.read_text(encoding="utf-8"))
        if here and source.name(path) not in (FRAME, FRONT):
            found[source.name(path)] = here
    return found


def test_every_title_ends_with_the_shops_name_after_the_same_sign() -> None:
    assert len(titles()) > 90
    wrong = [
        name for name, here in titles().items() for title in here if not title.endswith(" · {{ shop_name }}")
    ]
    assert wrong == []


def test_no_title_has_another_sign_between_its_parts() -> None:
    wrong = [name for name, here in titles().items() for title in here if re.search(r" [–—-] ", title)]
    assert wrong == []
