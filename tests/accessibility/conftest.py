"""One filled shop, served to Chromium, and a window for each role. On one database: pages look the same."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests import factories
from tests.filled import Filled, furnish
from tests.support.browser import OFFICE, Windows
from tests.support.client import Client


@pytest.fixture
def backend() -> str:
    """The kind of database that these tests run on."""
    return "sqlite"


@pytest.fixture
def window_of(windows: Windows, client: Client, shop: Filled) -> Callable[[str | None], Page]:
    """Opens a window, of a stranger or of somebody with this role; `client` is then the same visitor."""

    def open_window(role: str | None) -> Page:
        page = windows.open(size=OFFICE, reduced_motion="reduce")
        if role:
            facility = shop.facility if role.startswith("facility") else None
            person = factories.signed_in(client, role, facility=facility)
            if role == "buyer":
                shop.letters.append(furnish(person))
            lend_cookies(client, page, windows.base_url)
        return page

    return open_window


def lend_cookies(client: Client, page: Page, base: str) -> None:
    """Make the browser the same visitor as the test client."""
    for cookie in client._cookies.values():
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": base}])
