"""Photos dragged into order in a browser: with a finger on a phone, with a mouse on a desk, by arrows."""

from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Locator, Page, expect

from storefront.catalog.services.staging_photos import drop_photo, move_photo
from tests import factories
from tests.catalog_staff.test_on_a_phone import sign_in
from tests.catalog_staff.test_photo_order import row, with_photos
from tests.support.browser import overflow, wait_until

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


class Opened:
    """A product with photos on the screen of its facility."""

    def __init__(self, page: Page, app: Flask, live_server: str, **fields: Any) -> None:
        facility = factories.facility()
        self.product_id = with_photos(facility, **fields)
        self.page, self.items = page, page.locator("[data-photo]")
        sign_in(page, app, "facility_staff", live_server, facility=facility)
        page.goto(f"/petugas/produk/{self.product_id}")
        expect(page.locator("photo-order.is-ready")).to_be_visible()

    def order(self) -> list[int]:
        """The pictures as they stand on the screen."""
        return [int(one.get_attribute("data-photo") or 0) for one in self.items.all()]

    def stands(self, *wanted: int) -> None:
        """Wait until the shop has answered and the photos stand like this."""
        expect(self.page.locator("photo-order[aria-busy]")).to_have_count(0)
        for number, key in enumerate(wanted):
            expect(self.items.nth(number)).to_have_attribute("data-photo", str(key))

    def told(self, words: str) -> None:
        """Wait for words in the live region of the page."""
        expect(self.page.locator("#kabar")).to_contain_text(words)

    def fails(self, how: str) -> None:
        """Have every move fail: the connection is gone, or the shop answers with a page."""
        self.page.route(
            "**/geser", lambda route: route.abort() if how == "away" else route.fulfill(body="<p>")
        )


def in_the_middle(place: Locator) -> None:
    """Scroll until it stands in the middle of the window: under no bar."""
    place.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


class Finger:
    """One finger on the glass: what Chromium makes of real touches, not of made-up events."""

    def __init__(self, page: Page) -> None:
        self.page, self.glass = page, page.context.new_cdp_session(page)

    def put(self, x: float, y: float) -> None:
        self._touch("touchStart", {"x": x, "y": y})
        self.at = (x, y)

    def slide(self, x: float, y: float, steps: int = 8) -> None:
        """Over the glass, in so many steps."""
        from_x, from_y = self.at
        for step in range(1, steps + 1):
            part = step / steps
            self._touch("touchMove", {"x": from_x + (x - from_x) * part, "y": from_y + (y - from_y) * part})
        self.at = (x, y)

    def lift(self) -> None:
        self._touch("touchEnd")

    def _touch(self, kind: str, *points: dict[str, float]) -> None:
        self.glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})


def test_a_finger_puts_a_photo_first(page: Page, app: Flask, db: SQLAlchemy, live_server: str) -> None:
    seen = Opened(page, app, live_server, status="draft")
    a, b, c, d = seen.order()
    in_the_middle(seen.items.nth(1))
    finger, before = Finger(page), page.evaluate("scrollY")
    finger.put(*middle(seen.items.nth(1).locator(".album__grip")))
    finger.slide(*middle(seen.items.nth(0).locator(".album__words")))
    assert seen.order() == [b, a, c, d], "they make room while the finger is down"
    assert page.evaluate("scrollY") == before, "the page stays where it is"
    finger.lift()
    seen.stands(b, a, c, d)
    seen.told("Foto sekarang di urutan 1 dari 4.")
    expect(seen.items.nth(0)).to_contain_text("Sampul.")
    expect(seen.items.nth(1)).not_to_contain_text("Sampul.")
    assert row(db, seen.product_id) == [b, a, c, d]
    assert overflow(page) == 0


def test_a_finger_beside_the_handle_scrolls_as_ever(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    seen = Opened(page, app, live_server, status="draft")
    before = seen.order()
    in_the_middle(seen.items.nth(1))
    start, finger = page.evaluate("scrollY"), Finger(page)
    x, y = middle(seen.items.nth(1).locator(".photo"))
    finger.put(x, y)
    finger.slide(x, y - 160)
    finger.lift()
    wait_until(page, f"() => scrollY > {start}")
    assert seen.order() == before == row(db, seen.product_id)


def test_the_page_follows_a_finger_to_its_edge(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    """Eight photos are higher than a phone: the last one still comes to the front, in one go."""
    seen = Opened(page, app, live_server, status="draft", many=8)
    *others, last = seen.order()
    in_the_middle(seen.items.nth(7))
    finger = Finger(page)
    finger.put(*middle(seen.items.nth(7).locator(".album__grip")))
    finger.slide(60, 20)
    wait_until(page, f"() => document.querySelector('[data-photo]').dataset.photo === '{last}'")
    finger.lift()
    seen.told("Foto sekarang di urutan 1 dari 8.")
    assert row(db, seen.product_id) == [last, *others]


def test_a_mouse_drags_a_photo_and_what_is_typed_stays(
    office_page: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    page = office_page
    seen = Opened(page, app, live_server)  # on sale: buyers see the old order
    a, b, c, d = seen.order()
    page.get_by_label("Ringkasan", exact=False).first.fill("Sedang saya ketik")
    in_the_middle(seen.items.nth(0))
    page.mouse.move(*middle(seen.items.nth(0).locator(".photo")))
    page.mouse.down()
    page.mouse.move(*middle(seen.items.nth(1).locator(".photo")), steps=6)
    x, y = middle(seen.items.nth(3))
    page.mouse.move(x + 40, y, steps=6)
    page.mouse.up()
    seen.stands(b, c, d, a)
    seen.told("Kanwil menyetujuinya")
    expect(page.get_by_role("heading", name="Perubahan yang belum tayang")).to_be_visible()
    expect(page.get_by_label("Ringkasan", exact=False).first).to_have_value("Sedang saya ketik")
    assert row(db, seen.product_id) == [b, c, d, a]
    page.mouse.move(*middle(seen.items.nth(1).locator(".photo")))
    page.mouse.down()
    page.mouse.move(*middle(seen.items.nth(0).locator(".photo")), steps=6)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert seen.order() == row(db, seen.product_id) == [b, c, d, a], "let go of by Escape"


def test_what_another_screen_did_meanwhile_is_shown_and_not_undone(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    seen = Opened(page, app, live_server, status="draft")
    a, b, c, d = seen.order()
    drop_photo(seen.product_id, c, None)
    move_photo(seen.product_id, d, None, up=True)
    in_the_middle(seen.items.nth(1))
    finger = Finger(page)
    finger.put(*middle(seen.items.nth(1).locator(".album__grip")))
    finger.slide(*middle(seen.items.nth(0).locator(".album__words")))
    finger.lift()
    seen.told("baru diubah dari layar lain")
    seen.stands(a, d, b)
    expect(seen.items).to_have_count(3)


@pytest.mark.parametrize("how", ["away", "page"])
def test_without_an_answer_the_photos_go_back(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str, how: str
) -> None:
    seen = Opened(page, app, live_server, status="draft")
    before = seen.order()
    seen.fails(how)
    in_the_middle(seen.items.nth(1))
    finger = Finger(page)
    finger.put(*middle(seen.items.nth(1).locator(".album__grip")))
    finger.slide(*middle(seen.items.nth(0).locator(".album__words")))
    finger.lift()
    seen.told("Urutan foto belum disimpan")
    assert seen.order() == before == row(db, seen.product_id)


def test_the_arrows_do_the_same_and_keep_the_keyboards_place(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    seen = Opened(page, app, live_server, status="draft")
    a, b, c, d = seen.order()
    page.get_by_role("button", name="Majukan foto 3", exact=True).press("Enter")
    seen.stands(a, c, b, d)
    seen.told("Foto sekarang di urutan 2 dari 4.")
    again = page.get_by_role("button", name="Majukan foto 2", exact=True)
    expect(again).to_be_focused()
    again.press("Enter")
    seen.stands(c, a, b, d)
    expect(page.get_by_role("button", name="Mundurkan foto 1", exact=True)).to_be_focused()
    assert row(db, seen.product_id) == [c, a, b, d]


def test_without_script_the_arrows_are_there_and_the_handle_is_not(
    plain_page: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    page, facility = plain_page, factories.facility()
    product_id = with_photos(facility, status="draft")
    a, b, c, d = row(db, product_id)
    sign_in(page, app, "facility_staff", live_server, facility=facility)
    page.goto(f"/petugas/produk/{product_id}")
    expect(page.locator(".album__grip")).to_have_count(0)
    expect(page.locator(".album__hint")).to_be_hidden()
    page.get_by_role("button", name="Majukan foto 2", exact=True).click()
    expect(page.get_by_text("Urutan foto diubah.")).to_be_visible()
    assert row(db, product_id) == [b, a, c, d]
