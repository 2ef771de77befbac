"""Nobody gets anybody else's page: every shared page is the same for all, every other one is never kept."""

import pytest
from flask import Flask

from bench.apps import uncached
from storefront.web.access import ACCESS, Access
from tests import factories
from tests.filled import Filled
from tests.support.client import Client
from tests.support.crawler import Visit
from tests.support.run import Run
from tests.support.walks import strangers_walk, walk_of

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
ONE_LANGUAGE = ("/sitemap", "/robots.txt", "/feed/", "/site.webmanifest", "/wilayah", "/saran", "/kartu")
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture(autouse=True)
def _walks_only(client: Client) -> None:
    client.lint = False  # the walks of test_links look at the HTML


def shared(seen: dict[str, Visit]) -> list[str]:
    """One address of every view that answers everybody alike."""
    views = {
        visit.endpoint: address
        for address, visit in seen.items()
        if not address.startswith("/en")
        and visit.status == 200
        and ACCESS.get(visit.endpoint or "") is Access.SHARED
    }
    return list(views.values())


def visitors(app: Flask) -> list[Client]:
    """A stranger, somebody with a cart and saved things who is signed in, and an officer."""
    found = [app.test_client() for _ in range(3)]
    for visitor in found:
        visitor.lint = False
    factories.signed_in(found[1], "buyer")
    factories.signed_in(found[2], "regional")
    for name, value in (("isi_keranjang", "3"), ("disimpan", "1.2"), ("keranjang", "x" * 43)):
        found[1].set_cookie(name, value, domain="127.0.0.1")
    return found


def test_shared_pages_hold_nothing_of_their_visitor(app: Flask, run: Run, shop: Filled) -> None:
    addresses = [*shared(strangers_walk(run, app)), f"/produk/{shop.product_slug}"]
    assert len(addresses) > 12
    people = visitors(uncached(app))  # each page is made anew for each of them
    for address in addresses:
        both = [address] if address.startswith(ONE_LANGUAGE) else [address, f"/en{address}"]
        for path in both:
            answers = [visitor.get(path, headers=PLAIN, buffered=True) for visitor in people]
            assert len({answer.data for answer in answers}) == 1, path
            for answer in answers:
                assert answer.status_code == 200, path
                assert "Set-Cookie" not in answer.headers, path
                assert "Cookie" not in answer.headers.get("Vary", ""), path
                assert answer.headers["Cache-Control"].startswith("public"), path
                assert b"csrf" not in answer.data, path


def test_no_page_is_served_in_the_other_language(app: Flask, client: Client, run: Run, shop: Filled) -> None:
    addresses = [one for one in shared(strangers_walk(run, app)) if not one.startswith(ONE_LANGUAGE)]
    for turn in ("made", "kept", "kept"):
        for address in addresses:
            for path, spoken in ((address, "id"), (f"/en{address}", "en")):
                html = client.get(path, headers=PLAIN).text
                assert f'<html lang="{spoken}"' in html, (turn, path)


@pytest.mark.parametrize("role", [None, "buyer", "facility_head", "regional", "promoter"])
def test_what_belongs_to_somebody_is_never_kept(app: Flask, run: Run, shop: Filled, role: str | None) -> None:
    checked = 0
    for address, visit in walk_of(run, app, shop, role).items():
        access = ACCESS.get(visit.endpoint or "")
        if access in {Access.SHARED, Access.MACHINE} or visit.status != 200 or address.startswith("/en"):
            continue
        assert visit.cache_control == "no-store", address
        assert not visit.has_tag, address
        checked += 1
    assert checked > 5


def test_shared_pages_may_be_shown_while_they_are_asked_again(client: Client, shop: Filled) -> None:
    for path in (
        "/",
        "/produk",
        f"/produk/{shop.product_slug}",
        "/lapas",
        "/acara",
        f"/lapas/{shop.facility_slug}",
    ):
        answer = client.get(path)
        kept = {part.strip() for part in answer.headers["Cache-Control"].split(",")}
        assert kept >= {"public", "must-revalidate"}, path
        assert any(part.startswith("stale-while-revalidate=") for part in kept), path
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path


def test_every_shared_page_is_asked_again_cheaply(app: Flask, client: Client, run: Run, shop: Filled) -> None:
    """Its tag belongs to its language and its state; who knows it gets nothing sent but the same promises."""
    tags = {}
    for address in shared(strangers_walk(run, app)):
        if address.startswith(("/wilayah", "/kartu", "/feed/")):  # kept for a while, or sent in pieces
            continue
        for path in [address] if address.startswith(ONE_LANGUAGE) else [address, f"/en{address}"]:
            first, head = client.get(path, headers=PLAIN), client.head(path, headers=PLAIN)
            tags[path] = tag = first.headers["ETag"]
            again = client.get(path, headers=PLAIN | {"If-None-Match": tag})
            assert tag.startswith('W/"'), path
            assert (again.status_code, again.data, head.data) == (304, b"", b""), path
            for name in ("ETag", "Cache-Control", "Vary"):
                assert first.headers[name] == again.headers[name] == head.headers[name], path
            assert first.headers["Vary"] == "Accept-Encoding", path
            assert head.headers["Content-Length"] == str(len(first.data)), path
    english = {tag for path, tag in tags.items() if path.startswith("/en/")}
    assert len(english) > 8
    assert english.isdisjoint(tag for path, tag in tags.items() if not path.startswith("/en/"))
