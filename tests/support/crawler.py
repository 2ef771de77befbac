"""Walks through the shop from link to link, as a visitor with a test client."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from storefront.web.access import ACCESS, Access
from storefront.web.languages import split_language
from tests.support.client import Client
from tests.support.html import Page

MOST = 800
"""Addresses of one walk: the shop of these tests has fewer, unless links breed."""
PUBLIC = ("/", "/produk", "/lapas", "/acara", "/keranjang", "/checkout", "/lacak", "/masuk", "/sitemap.xml")
FETCHED = (
    ("link", "href"), ("script", "src"), ("img", "src"), ("use", "href"),
)  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """What came of asking for an address: the answer, who named the address, and which view it is of."""

    status: int
    named_by: str
    endpoint: str | None
    is_page: bool
    cache_control: str
    has_tag: bool


def endpoint_of(app: Flask, address: str) -> str | None:
    """The view that answers an address, in either language; None where nobody does."""
    path = split_language(urlsplit(address).path)[1]
    try:
        found: str = app.url_map.bind("127.0.0.1").match(path)[0]
    except HTTPException:
        return None
    return found


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


def walk(
    app: Flask, client: Client, start: list[str], *, language: str = "id", rooms: set[Access] | None = None
) -> dict[str, Visit]:
    """Visit everything that can be reached in one language; the other one is only knocked at.

    With `rooms`, only views of these rooms are visited, and nothing of the other language.
    """
    base = app.config["PUBLIC_BASE_URL"]
    ways = deque((path, "start") for path in start)
    seen: dict[str, Visit] = {}
    while ways and len(seen) < MOST:
        address, named_by = ways.popleft()
        if address in seen or (rooms is not None and split_language(address)[0] != language):
            continue
        endpoint = endpoint_of(app, address)
        if rooms is not None and ACCESS.get(endpoint or "") not in rooms:
            continue
        with client.get(address) as answer:
            is_page = answer.mimetype == "text/html" and answer.status_code == 200
            told = (answer.headers.get("Cache-Control", ""), "ETag" in answer.headers)
            seen[address] = Visit(answer.status_code, named_by, endpoint, is_page, *told)
            found = [answer.location or ""]
            if is_page and split_language(address)[0] == language:
                found = list(links(address, Page.parse(answer.text)))
        near = (inside(base, address, link) for link in found)
        ways.extend((path, address) for path in near if path and path not in seen)
    return seen
