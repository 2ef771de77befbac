"""Every link leads somewhere: a crawler as a stranger and as every role, from the start pages on."""

from collections import deque
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from storefront.core import clock
from storefront.web.menus import HOME, MENUS
from tests import factories
from tests.buying import buy, open_shop, pay, transfer_attempt
from tests.support import fairs
from tests.support.client import Client
from tests.support.html import Page

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
MOST = 400
"""Pages of one walk: the shop of these tests has fewer, unless links breed."""
PUBLIC = ("/", "/produk", "/lapas", "/acara", "/keranjang", "/checkout", "/lacak", "/masuk", "/sitemap.xml")
FETCHED = (
    ("link", "href"), ("script", "src"), ("img", "src"), ("use", "href"),
)  # fmt: skip


@pytest.fixture
def shop(db: SQLAlchemy) -> dict[str, object]:
    """Something of everything: products in every state, orders of two facilities, fairs, a transfer."""
    open_shop()
    facility, other = factories.facility("LPA"), factories.facility("LPB")
    shelf = factories.category("Tas")
    bag = factories.product(facility, title="Tas Anyam", shelf=shelf)
    factories.variant(bag, "marun")
    factories.variant(bag, "biru", stock=0)
    mat = factories.product(other, title="Keset Sabut", stock=50)
    for status in ("draft", "submitted", "returned", "archived"):
        factories.product(facility, title=f"Barang {status}", status=status, shelf=shelf)
    factories.product(facility, supply="made_to_order")
    today = clock.today()
    fairs.fair(products=[mat], starts_on=today, ends_on=today)
    fairs.fair(published=False, name="Belum terbit")
    both = {factories.product(facility, stock=50): 1, mat: 2}
    placed = [buy(both), buy(both, method="transfer"), buy(both)]
    pay(placed[0])
    pay(placed[0], reference="pi_dobel")
    transfer_attempt(placed[1])
    return {"facility": facility, "orders": [f"/pesanan/{one.token}" for one in placed]}


def links(address: str, page: Page) -> Iterator[str]:
    """Where the links, pictures and forms that get of a page lead, inside the shop."""
    for tag, attribute in (("a", "href"), *FETCHED):
        for element in page.all(tag):
            yield element.attrs.get(attribute, "")
    for form in page.all("form"):
        if form.attrs.get("method", "get").lower() == "get":
            yield form.attrs.get("action", address)


def inside(base: str, address: str, link: str) -> str | None:
    """The path of a link that stays in the shop."""
    whole = urldefrag(urljoin(base + address, link)).url
    if not link or link.startswith("#") or not whole.startswith(base):
        return None
    if "/media/" in whole:  # the pictures of factories have no files; those of real ones are tested elsewhere
        return None
    parts = urlsplit(whole)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def walk(app: Flask, client: Client, start: list[str]) -> dict[str, tuple[int, str]]:
    """Visit everything that can be reached; returns each address with its answer and who named it."""
    base = app.config["PUBLIC_BASE_URL"]
    ways = deque((path, "start") for path in start)
    seen: dict[str, tuple[int, str]] = {}
    while ways and len(seen) < MOST:
        address, named_by = ways.popleft()
        if address in seen:
            continue
        with client.get(address) as answer:
            seen[address] = (answer.status_code, named_by)
            found = [answer.location or ""]
            if answer.mimetype == "text/html" and answer.status_code == 200:
                found = list(links(address, Page.parse(answer.text)))
        near = (inside(base, address, link) for link in found)
        ways.extend((path, address) for path in near if path and path not in seen)
    return seen


@pytest.mark.parametrize("role", [None, "buyer", "facility_staff", "facility_head", "regional", "promoter"])
def test_every_link_leads_somewhere(app: Flask, client: Client, shop, role: str | None) -> None:
    start = [*PUBLIC, *shop["orders"]]
    if role:
        factories.signed_in(client, role, facility=shop["facility"] if role.startswith("facility") else None)
        start = [HOME[role], "/akun", *(item.path for item in MENUS[role]), *start]
    seen = walk(app, client, start)

    broken = {path: answer for path, answer in seen.items() if answer[0] not in {200, 302, 303, 304, 308}}
    assert not broken
    for item in MENUS.get(role or "", ()):
        assert seen[item.path][0] == 200, item
    assert len(seen) > 30
    assert len(seen) < MOST, "links breed"


def test_the_footer_and_the_header_lead_to_pages(client: Client, shop) -> None:
    page = client.page("/")
    for part in ("header", "footer"):
        for element in page.one(part).all("a"):
            link = element.attrs["href"]
            if link.startswith("/"):
                assert client.get(link).status_code == 200, link
            else:
                assert link.startswith(("https://", "#", "mailto:", "tel:")), link
