"""Every page of every role: axe finds nothing, nothing has to be scrolled sideways, buttons fit a thumb."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from storefront.web.access import ACCESS, Access
from storefront.web.menus import HOME, MENUS
from tests import factories
from tests.accessibility.conftest import lend_cookies
from tests.accessibility.test_second_step import LOOKED_AT
from tests.filled import Filled, furnish
from tests.support.axe import look
from tests.support.client import Client
from tests.support.crawler import PUBLIC, Visit, walk

ROLES = ("buyer", "facility_head", "regional", "promoter")
"""Staff see what heads see."""
FILED = "/pengaduan/diterima"
IN_ENGLISH = ("/en/", "/en/produk", "/en/keranjang", "/en/masuk")
NO_PAGES = {
    "style.gallery", "style.states",  # the page of pieces has a test of its own
    "catalog_staff.licence_scan", "catalog_staff.price", "imports.status", "imports.wrong",
    "permits_office.scan",
    "waiting_photos.show", "catalog.suggestions", "catalog.cards", "checkout.qris_code", "checkout.regions",
    "checkout.status", "checkout.villages_of", "events.short", "machines.product_feed", "machines.robots",
    "machines.sitemap_part", "promoter.result_csv", "promoter.result_xlsx", "shipping.quote",
}  # fmt: skip
"""Views that answer with no page of their own: fragments, files, redirects. Every other one is looked at."""
OPEN = {Access.SHARED, Access.PUBLIC}
NOT_SHARED = set(Access) - {Access.SHARED, Access.MACHINE}
"""Pages that all visitors share look the same to whoever is signed in: the stranger's walk sees them."""

WindowOf = Callable[[str | None], Page]


@pytest.fixture(autouse=True)
def _walks_only(client: Client) -> None:
    client.lint = False  # the walks of test_links look at the HTML


def start_of(role: str | None, shop: Filled) -> list[str]:
    """Where a person of this role begins to walk."""
    start = [*PUBLIC, *shop.orders, *shop.letters]
    return [HOME[role], "/akun", *(item.path for item in MENUS[role]), *start] if role else [*start, FILED]


def complain(client: Client) -> None:
    """Send a complaint as a stranger; FILED is a page from then on."""
    words = {"topic": "goods", "text": "Satu piring retak.", "name": "Siti Contoh", "phone": "0812 0000 1111"}
    assert client.submit("/pengaduan", words).status_code == 303


def chosen(seen: dict[str, Visit], rooms: set[Access]) -> list[str]:
    """The first and the last address of every view of these rooms that answers with a page."""
    views: dict[str, list[str]] = {}
    for address, visit in seen.items():
        if visit.is_page and visit.endpoint not in NO_PAGES and ACCESS[visit.endpoint or ""] in rooms:
            views.setdefault(visit.endpoint or "", []).append(address)
    picked = [address for found in views.values() for address in (found[0], found[-1])]
    return list(dict.fromkeys(address for address in picked if not address.startswith("/en")))


def faults(page: Page, addresses: list[str]) -> Iterator[str]:
    """Everything that is wrong on these pages."""
    for address in dict.fromkeys(addresses):
        yield from look(page, address)


_walked: dict[str | None, set[str | None]] = {}
"""The views that the walk of each role has met; the last test reads what the ones before it have walked."""


def strangers_walk(app: Flask, client: Client, shop: Filled) -> dict[str, Visit]:
    """What somebody meets who has complained."""
    complain(client)
    seen = walk(app, client, start_of(None, shop), rooms=OPEN)
    _walked[None] = {visit.endpoint for visit in seen.values()}
    return seen


def walk_of(role: str, app: Flask, client: Client, shop: Filled) -> dict[str, Visit]:
    """What somebody of this role meets; the client is theirs."""
    seen = walk(app, client, start_of(role, shop), rooms=NOT_SHARED)
    _walked[role] = {visit.endpoint for visit in seen.values()}
    return seen


def test_a_stranger_can_use_every_page(app: Flask, client: Client, shop: Filled, window_of: WindowOf) -> None:
    page = window_of(None)
    seen = strangers_walk(app, client, shop)
    lend_cookies(client, page, client.application.config["PUBLIC_BASE_URL"])
    addresses = [*chosen(seen, OPEN), *shop.orders, *IN_ENGLISH]
    assert not (found := list(faults(page, addresses))), "\n".join(found)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_can_use_the_pages_of_their_role(
    app: Flask, client: Client, shop: Filled, window_of: WindowOf, role: str
) -> None:
    page = window_of(role)
    seen = walk_of(role, app, client, shop)
    addresses = [*chosen(seen, NOT_SHARED - {Access.PUBLIC}), f"/en{HOME[role]}", "/keranjang"]
    assert not (found := list(faults(page, addresses))), "\n".join(found)


def test_no_page_is_left_out(app: Flask, client: Client, shop: Filled) -> None:
    """Every view that somebody gets a page from is on somebody's walk."""
    if None not in _walked:
        strangers_walk(app, client, shop)
    for role in ROLES:
        if role in _walked:
            continue
        somebody = app.test_client()
        assert isinstance(somebody, Client)
        somebody.lint = False
        facility = shop.facility if role.startswith("facility") else None
        person = factories.signed_in(somebody, role, facility=facility)
        if role == "buyer":
            shop.letters.append(furnish(person))
        walk_of(role, app, somebody, shop)
    visited = set[str | None]().union(*_walked.values())
    views = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and ACCESS[rule.endpoint] is not Access.MACHINE
    }
    missing = sorted(views - visited - NO_PAGES - LOOKED_AT)
    assert not missing, " ".join(missing)
