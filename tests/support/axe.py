"""Looks at a page as people do who zoom, listen or use a thumb: axe, and what axe does not measure."""

from functools import cache
from importlib import resources
from typing import Any

from playwright.sync_api import Page

from tests.support.browser import OFFICE, PHONE, overflow

NARROW = {"width": 320, "height": 640}
"""WCAG 1.4.10: nobody has to scroll sideways at 320 pixels."""
ZOOMED = {"width": 640, "height": 450}
"""An office PC at 200 %."""
TABLET = {"width": 1024, "height": 768}
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN = """tags => axe.run(document, {
        runOnly: tags, resultTypes: ['violations'], preload: false, selectors: false,  // we tell the HTML
    })
    .then(found => found.violations.flatMap(rule => rule.nodes.slice(0, 3).map(
        node => `${rule.id} (${rule.help}): ${node.html.slice(0, 160)}`)))"""
_TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(part => part.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(-2).map(part => part.outerHTML.slice(0, 120))"""
_SMALL_BUTTONS = """() => [...document.querySelectorAll('.button:not(.button--small)')]
    .filter(part => part.checkVisibility() && part.getBoundingClientRect().height < 43.5)
    .map(part => `${Math.round(part.getBoundingClientRect().height)} px: ${part.outerHTML.slice(0, 120)}`)"""
_UNFOLD = "() => document.querySelectorAll('details').forEach(part => { part.open = true })"


@cache
def _program() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds on a page as it is now: WCAG 2.0 to 2.2, A and AA, and best practices."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_program())
    found: list[str] = page.evaluate(_RUN, list(TAGS))
    return found


def sideways(page: Page) -> list[str]:
    """By how much the page is wider than its window, and which parts stick out; nothing when it fits."""
    wide = overflow(page)
    parts: list[str] = page.evaluate(_TOO_WIDE) if wide > 0 else []
    return [f"sideways by {wide}: {part}" for part in parts or ["?"]] if wide > 0 else []


def look(page: Page, address: str) -> list[str]:
    """Open a page and look at it on a phone, narrow, zoomed, a tablet, and a PC with all folds open."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(address)
    return look_here(page, address)


def look_here(page: Page, name: str) -> list[str]:
    """The same, at the page that the window shows."""
    found: list[str] = []

    def tell(size: str, words: list[Any]) -> None:
        found.extend(f"{name} [{size}] {word}" for word in words)

    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    tell("phone", violations(page))
    tell("phone, button under 44 px", page.evaluate(_SMALL_BUTTONS))
    for size, window in (("320 px", NARROW), ("zoomed", ZOOMED), ("tablet", TABLET)):
        page.set_viewport_size(window)  # type: ignore[arg-type]
        tell(size, sideways(page))
    page.set_viewport_size(OFFICE)  # type: ignore[arg-type]
    page.evaluate(_UNFOLD)
    tell("desk", [*violations(page), *sideways(page)])
    return found
