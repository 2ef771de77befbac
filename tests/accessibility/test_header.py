"""The shop's header stands still while it arrives, and fits every width in both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.axe import sideways
from tests.support.browser import OFFICE, PHONE

WindowOf = Callable[[str | None], Page]
_BOXES = """() => ['.site-header', '.site-header__name', '.search'].map(name => {
    const box = document.querySelector(name).getBoundingClientRect();
    return [name, box.x, box.y, box.width, box.height];
})"""
_HALF = """() => document.querySelectorAll('.site-nav, .site-header__tools').forEach(part => part.remove())"""
_NO_COUNT = "() => document.querySelectorAll('cart-count').forEach(part => { part.textContent = '' })"


@pytest.mark.parametrize("size", [PHONE, OFFICE], ids=["phone", "office"])
def test_what_is_painted_first_stays_where_it_is(window_of: WindowOf, size: dict[str, int]) -> None:
    page = window_of(None)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    for address in ("/masuk", "/en/masuk"):
        page.goto(address)
        page.context.add_cookies([{"name": "isi_keranjang", "value": "12", "url": page.url}])
        page.goto(address)
        page.locator("cart-count", has_text="12").first.wait_for()
        whole = page.evaluate(_BOXES)
        page.evaluate(_NO_COUNT)  # as before the script came
        assert page.evaluate(_BOXES) == whole, address
        page.evaluate(_HALF)  # as a slow line brings it
        assert page.evaluate(_BOXES) == whole, address


def test_it_fits_between_a_phone_and_a_desk(window_of: WindowOf) -> None:
    page = window_of(None)
    for address in ("/masuk", "/en/masuk"):
        page.goto(address)
        for width in (768, 991, 992, 1024, 1199, 1200):
            page.set_viewport_size({"width": width, "height": 768})
            assert not (found := sideways(page)), f"{address} at {width}: {found}"
