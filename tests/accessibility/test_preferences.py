"""What people set in their system is respected: less motion, their own colours, paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.filled import Filled
from tests.support.browser import OFFICE, PHONE, Windows, wait_until

WindowOf = Callable[[str | None], Page]
_MOVING = """() => [...document.querySelectorAll('*')].filter(part => {
    const style = getComputedStyle(part);
    return [...style.transitionDuration.split(','), ...style.animationDuration.split(',')]
        .some(time => parseFloat(time) * (time.trim().endsWith('ms') ? 0.001 : 1) > 0.01)
        && (style.transitionProperty !== 'none' || style.animationName !== 'none');
}).slice(0, 5).map(part => part.outerHTML.slice(0, 120))"""
_BORDERLESS = """() => [...document.querySelectorAll(
    '.button, .chip, .badge, .status, select, textarea, input:not([type=hidden]):not([type=checkbox])'
    + ':not([type=radio]):not([type=file]):not([type=range])')]
    .filter(part => part.checkVisibility() && !part.closest('.visually-hidden, .variant, .rating-input'))
    .filter(part => ![part, part.parentElement].some(one => {
        const style = getComputedStyle(one);
        return style.borderBottomStyle !== 'none' && parseFloat(style.borderBottomWidth) >= 1;
    })).map(part => part.outerHTML.slice(0, 120))"""
_UNTOLD = """() => [...document.querySelectorAll('[aria-current]:not(.breadcrumb *)')]
    .filter(part => part.checkVisibility() && !part.closest('.visually-hidden'))
    .filter(part => {
        const style = getComputedStyle(part), before = getComputedStyle(part, '::before');
        return style.outlineStyle === 'none' && !style.textDecorationLine.includes('underline')
            && parseFloat(style.fontWeight) < 700 && parseFloat(before.borderTopWidth || 0) < 2;
    }).map(part => part.outerHTML.slice(0, 120))"""
_ON_PAPER = """() => ['.site-nav', '.search', '.bottom-bar', '.site-footer', '.skip-link', '.office-nav',
    '.button', 'form .button']
    .filter(name => [...document.querySelectorAll(name)].some(part => part.checkVisibility()))"""


_REVEALED = "addEventListener('pagereveal', event => { window.moved = !!event.viewTransition })"


def test_a_photo_travels_to_its_page_for_who_likes_motion(windows: Windows, shop: Filled) -> None:
    page = windows.open(size=OFFICE, reduced_motion="no-preference")
    page.add_init_script(_REVEALED)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/produk")
    for _ in range(2):  # from the list to a product, and from there to another one
        page.locator("main .card__link").last.click()
        page.wait_for_url("**/produk/*")
        wait_until(page, "() => window.moved")
    assert not [words for words in said if "view-transition" in words]


@pytest.mark.parametrize("address", ["/", "/produk", "/_gaya"])
def test_nothing_moves_for_who_wants_less_motion(window_of: WindowOf, address: str) -> None:
    page = window_of(None)  # asks for reduced motion
    page.goto(address)
    assert page.evaluate(_MOVING) == []


def test_controls_keep_their_edges_in_forced_colours(windows: Windows, shop: Filled) -> None:
    page = windows.open(size=OFFICE, forced_colors="active")
    for address in (
        "/_gaya",
        f"/produk/{shop.product_slug}",
        "/produk",
        "/keranjang",
        "/pengaduan",
        *shop.orders[:2],
    ):
        page.goto(address)
        assert page.evaluate("() => matchMedia('(forced-colors: active)').matches")
        assert page.evaluate(_BORDERLESS) == [], address


@pytest.mark.parametrize(("role", "address"), [(None, "/produk"), ("regional", "/kanwil/kurasi")])
def test_where_somebody_is_shows_in_forced_colours(
    window_of: WindowOf, role: str | None, address: str
) -> None:
    page = window_of(role)
    page.emulate_media(forced_colors="active")
    for size in (PHONE, OFFICE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(address)
        assert page.locator("[aria-current]").count()
        assert page.evaluate(_UNTOLD) == [], size


def test_paper_gets_the_page_without_the_shop_around_it(window_of: WindowOf, shop: Filled) -> None:
    page = window_of("facility_head")
    page.emulate_media(media="print")
    for address in (shop.orders[0], "/produk", "/petugas/pesanan", "/petugas/pendapatan"):
        page.goto(address)
        assert page.evaluate(_ON_PAPER) == [], address
        assert page.locator("main h1").first.is_visible(), address
