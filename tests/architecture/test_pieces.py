"""The design system is whole and nothing is left over: macros, their stylesheets, classes, tokens, signs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

TEMPLATES, CSS, JS = ROOT / "templates", ROOT / "static" / "css", ROOT / "static" / "js"
COMPONENTS = TEMPLATES / "components"
HELPERS = {"attributes", "here", "remarks"}
"""Words for other macros: nothing of their own is seen."""
SAME_LOOK = {"text_input": "field", "flashes": "notice"}
"""These look like another piece."""
NO_MACRO = {
    "lead", "panel",  # boxes and lines that pages write themselves
    "search", "toast", "drawer",  # they stand once, in the shop's frame
}  # fmt: skip
ONLY_SHOWN = {"opener", "steps", "split_bar"}
"""No page needs them yet: what opens a sheet, steps, and the bar that waits for a written rule."""
_COMMENT = re.compile(r"\{#.*?#\}|/\*.*?\*/", re.DOTALL)
_CLASS_ATTRIBUTE = re.compile(r"""class(?:Name)?(?:_|["'])?\s*[=:]\s*(?:"([^"]*)"|'([^']*)')""")


def text(path: Path) -> str:
    """A file without its comments."""
    return _COMMENT.sub("", path.read_text(encoding="utf-8"))


def pages() -> list[Path]:
    """The templates that people see, without the page of pieces."""
    return [path for path in sorted(TEMPLATES.rglob("*.html")) if path.parent.name != "style"]


def written() -> Iterator[str]:
    """Everything that may carry a class: templates, scripts, form fields."""
    yield from map(text, pages())
    yield from map(text, sorted(JS.glob("*.js")))
    yield from (path.read_text(encoding="utf-8") for path in sorted((ROOT / "storefront").rglob("*.py")))


def given_classes() -> tuple[set[str], tuple[str, ...]]:
    """The classes that are given somewhere, and the beginnings of those that end in a value (`badge--`)."""
    words: set[str] = set()
    for source in written():
        for found in _CLASS_ATTRIBUTE.finditer(source):
            words.update(re.findall(r"[A-Za-z][\w-]*", found[1] or found[2] or ""))
        words.update(re.findall(r"""["'\s]([a-z][\w-]*(?:__|--)[\w-]*)""", source))
        words.update(re.findall(r"""classList\.\w+\("([\w-]+)""", source))
        words.update(re.findall(r"_class %\}(?:\{\{ \")?([\w -]+)", source))
        words.update(word.removesuffix("${") for word in re.findall(r"`([\w-]+\$\{)", source))
    words.update(word for phrase in list(words) for word in phrase.split())
    return words, tuple(word for word in words if word.endswith(("--", "__", "-")))


def styled_classes(path: Path) -> set[str]:
    """The classes that a stylesheet has rules for."""
    heads = re.findall(r"[^{};]+(?=\{)", text(path))
    return {
        name
        for head in heads
        if not head.strip().startswith("@")
        for name in re.findall(r"\.([A-Za-z][\w-]*)", head)
    }


def macros(path: Path) -> list[str]:
    """The macros of a component."""
    return re.findall(r"\{% macro (\w+)\(", text(path))


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_a_component_says_how_it_is_used_and_is_shown(path: Path) -> None:
    usage = path.read_text(encoding="utf-8").split("#}")[0]
    assert f'{{% from "components/{path.name}" import ' in usage
    if path.stem not in HELPERS | {"flashes"}:
        assert any(
            f'piece("{path.stem}")' in page.read_text() for page in (TEMPLATES / "style").glob("*.html")
        )


def test_every_component_has_one_stylesheet_of_its_name() -> None:
    looks = {path.stem for path in COMPONENTS.glob("*.html")} - HELPERS - set(SAME_LOOK)
    sheets = {path.stem for path in (CSS / "components").glob("*.css")} - NO_MACRO
    assert looks == sheets


def test_every_stylesheet_is_part_of_a_bundle() -> None:
    listed = "\n".join(path.read_text() for path in CSS.glob("*.manifest")).split()
    linked = {found for path in pages() for found in re.findall(r"asset\([\"'](css/[\w./-]+)", text(path))}
    for path in CSS.rglob("*.css"):
        assert path.relative_to(CSS.parent).as_posix() in {*listed, *linked}, path.name
    assert all((CSS.parent / name).exists() for name in listed)


def test_every_class_that_is_styled_is_given_somewhere() -> None:
    given, beginnings = given_classes()
    assert len(given) > 500, "the classes are looked for in the wrong way"
    left_over = {
        f"{path.name}: {name}"
        for path in CSS.rglob("*.css")
        if path.stem != "style"  # the page of pieces itself
        for name in styled_classes(path)
        if name not in given and not name.startswith(beginnings)
    }
    assert not left_over, " ".join(sorted(left_over))


def test_every_token_is_known_and_used() -> None:
    whole = "\n".join(map(text, CSS.rglob("*.css")))
    set_somewhere = set(re.findall(r"(?<![\w-])(--[a-z][\w-]*)\s*:", whole))
    used = set(re.findall(r"var\((--[\w-]+)", whole))
    assert set_somewhere == used


def test_every_macro_is_called_by_a_page() -> None:
    called = "\n".join(map(text, pages()))
    for path in COMPONENTS.glob("*.html"):
        for name in set(macros(path)) - ONLY_SHOWN:
            calls = len(re.findall(rf"\b(?<!macro ){name}\(", called))
            assert calls, f"nobody calls {name} of {path.name}"


def test_every_sign_of_the_sprite_is_drawn_somewhere() -> None:
    drawn = "\n".join(written())
    sprite = (ROOT / "static" / "icons" / "sprite.svg").read_text()
    signs = re.findall(r'symbol id="([^"]+)"', sprite)
    assert signs
    assert not [name for name in signs if not re.search(rf"""["'#]{name}["']""", drawn)]


def test_every_element_of_our_own_has_its_script_and_stands_on_a_page() -> None:
    defined = {name for path in JS.glob("*.js") for name in re.findall(r'define\("([\w-]+)"', text(path))}
    stands = {name for path in pages() for name in re.findall(r"<([a-z]+-[a-z-]+)", text(path))}
    assert defined == stands - {"cart-count"}  # a number that the frame's own script writes
