"""Looks at a page as people do who zoom, listen or use a thumb: axe, and what axe does not measure."""

from functools import cache
from importlib import resources
from typing import Any
from weakref import WeakSet

from playwright.sync_api import Page

from tests.support.browser import OFFICE, PHONE

NARROW = {"width": 320, "height": 640}
"""WCAG 1.4.10: nobody has to scroll sideways at 320 pixels."""
ZOOMED = {"width": 640, "height": 450}
"""An office PC at 200 %."""
TABLET = {"width": 1024, "height": 768}
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN = """tags => {
    if (!('axe' in window)) {
        if (!('bringAxe' in window)) return null;
        bringAxe();
    }
    return axe.run(document, {
        runOnly: tags, resultTypes: ['violations'], preload: false, selectors: false,  // we tell the HTML
    })
    .then(found => found.violations.flatMap(rule => rule.nodes.slice(0, 3).map(
        node => `${rule.id} (${rule.help}): ${node.html.slice(0, 160)}`)));
}"""
_TOO_WIDE = """() => {
    const whole = document.documentElement, wide = whole.scrollWidth - whole.clientWidth;
    return [wide, wide <= 0 ? [] : [...document.querySelectorAll('body *')]
        .filter(part => part.getBoundingClientRect().right > whole.clientWidth + 1)
        .slice(-2).map(part => part.outerHTML.slice(0, 120))];
}"""
_SMALL_BUTTONS = """() => [...document.querySelectorAll('.button:not(.button--small)')]
    .filter(part => part.checkVisibility() && part.getBoundingClientRect().height < 43.5)
    .map(part => `${Math.round(part.getBoundingClientRect().height)} px: ${part.outerHTML.slice(0, 120)}`)"""
_UNFOLD = "() => document.querySelectorAll('details').forEach(part => { part.open = true })"


@cache
def _program() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


_have_it: WeakSet[Page] = WeakSet()


def _give_axe(page: Page) -> None:
    """Let every page that this window opens have axe at hand: sending it to each takes long."""
    if page not in _have_it:
        page.add_init_script(f"window.bringAxe = () => {{ {_program()} }}")
        _have_it.add(page)


def violations(page: Page) -> list[str]:
    """What axe finds on a page as it is now: WCAG 2.0 to 2.2, A and AA, and best practices."""
    found: list[str] | None = page.evaluate(_RUN, list(TAGS))
    if found is None:
        page.evaluate(_program())
        found = page.evaluate(_RUN, list(TAGS))
    assert found is not None
    return found


def sideways(page: Page) -> list[str]:
    """By how much the page is wider than its window, and which parts stick out; nothing when it fits."""
    wide, parts = page.evaluate(_TOO_WIDE)
    return [f"sideways by {wide}: {part}" for part in parts or ["?"]] if wide > 0 else []


def show_at(page: Page, size: dict[str, int]) -> None:
    """Give the window this size, unless it has it."""
    if page.viewport_size != size:
        page.set_viewport_size(size)  # type: ignore[arg-type]


def look(page: Page, address: str) -> list[str]:
    """Open a page and look at it on a phone, narrow, zoomed, a tablet, and a PC with all folds open."""
    _give_axe(page)
    show_at(page, PHONE)
    page.goto(address)
    return look_here(page, address)


def look_here(page: Page, name: str) -> list[str]:
    """The same, at the page that the window shows."""
    found: list[str] = []

    def tell(size: str, words: list[Any]) -> None:
        found.extend(f"{name} [{size}] {word}" for word in words)

    show_at(page, PHONE)
    tell("phone", violations(page))
    tell("phone, button under 44 px", page.evaluate(_SMALL_BUTTONS))
    for size, window in (("320 px", NARROW), ("zoomed", ZOOMED), ("tablet", TABLET)):
        show_at(page, window)
        tell(size, sideways(page))
    show_at(page, OFFICE)
    page.evaluate(_UNFOLD)
    tell("desk", [*violations(page), *sideways(page)])
    return found
