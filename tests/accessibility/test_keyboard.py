"""Without a mouse: focus is always seen, follows the page, goes into dialogs and comes back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.filled import Filled
from tests.support.axe import look_here
from tests.support.browser import OFFICE, PHONE

WindowOf = Callable[[str | None], Page]
STEPS = 45
_WHERE = """() => {
    const here = document.activeElement, box = here.getBoundingClientRect();
    const all = [...document.querySelectorAll('*')];
    const drawn = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
        || style.boxShadow !== 'none';
    const around = [here, here.parentElement, here.closest('.card, .place, .tile, label, form')];
    const ring = around.some(part => part && drawn(getComputedStyle(part)));
    const top = document.elementFromPoint(box.x + Math.min(box.width / 2, 40), box.y + box.height / 2);
    const bar = top?.closest('.bottom-bar, .buy__bar, .filters__foot');
    return {at: all.indexOf(here), tag: here.tagName, ring, seen: box.bottom > 0 && box.top < innerHeight,
            hidden: !!bar && !bar.contains(here), html: here.outerHTML.slice(0, 120)};
}"""


@pytest.mark.parametrize("size", [PHONE, OFFICE], ids=["phone", "office"])
@pytest.mark.parametrize("address", ["/", "/produk", "product", "/keranjang", "/masuk"])
def test_focus_follows_the_page_and_is_always_seen(
    window_of: WindowOf, shop: Filled, address: str, size: dict[str, int]
) -> None:
    page = window_of(None)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(f"/produk/{shop.product_slug}" if address == "product" else address)
    before = -1
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        here = page.evaluate(_WHERE)
        if here["tag"] == "BODY" or (here["at"] < before and here["at"] < 40):
            break  # around the whole page
        assert here["at"] > before, f"focus jumps back to {here['html']}"
        assert here["ring"], f"nobody sees where the focus is: {here['html']}"
        assert here["seen"], f"focus out of sight: {here['html']}"
        assert not here["hidden"], f"focus below a bar: {here['html']}"
        before = here["at"]


@pytest.mark.parametrize(("role", "address"), [(None, "/"), ("regional", "/kanwil")])
def test_the_first_key_leads_past_the_menus(window_of: WindowOf, role: str | None, address: str) -> None:
    page = window_of(role)
    page.goto(address)
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#isi")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => !!document.activeElement.closest('main, footer')")


def test_the_drawer_takes_the_focus_and_gives_it_back(window_of: WindowOf, shop: Filled) -> None:
    page = window_of(None)
    page.set_viewport_size(OFFICE)  # type: ignore[arg-type]
    page.goto(f"/produk/{shop.product_slug}", wait_until="networkidle")  # the drawer is a script's
    button = page.get_by_role("button", name="Tambah ke keranjang").first
    button.focus()
    page.keyboard.press("Enter")
    drawer = page.locator("dialog#laci")
    expect(drawer).to_be_visible()
    assert page.evaluate("() => !!document.activeElement.closest('dialog')")
    expect(drawer.get_by_role("spinbutton")).to_have_value("1")
    assert not (found := look_here(page, "the drawer")), "\n".join(found)
    for _ in range(12):  # focus stays inside (the browser's own bar counts as body)
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.matches('body, dialog, dialog *')")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(button).to_be_focused()


def test_what_was_added_is_told(window_of: WindowOf, shop: Filled) -> None:
    page = window_of(None)
    page.goto(f"/produk/{shop.product_slug}")
    page.get_by_role("button", name="Tambah ke keranjang").first.click()
    expect(page.locator("[role=status]", has_text="keranjang").first).to_be_attached()
    expect(page.locator("cart-count").first).to_have_text("1")


def test_a_dialog_takes_the_focus_and_gives_it_back(window_of: WindowOf) -> None:
    page = window_of(None)
    page.goto("/_gaya")
    opener = page.locator("main [data-opens]").first
    opener.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("() => !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_filters_on_a_phone_open_by_key_and_lead_back(window_of: WindowOf) -> None:
    page = window_of(None)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/produk")
    sheet = page.locator("#saring")
    expect(sheet.get_by_role("checkbox").first).to_be_hidden()
    page.locator("a[href='#saring']").first.press("Enter")
    expect(sheet.get_by_role("checkbox").first).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("() => !!document.activeElement.closest('#saring')")
    sheet.locator("a[href='#hasil']").press("Enter")
    expect(sheet.get_by_role("checkbox").first).to_be_hidden()
    expect(page.locator("#hasil")).to_be_focused()
