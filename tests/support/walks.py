"""Walks through the whole filled shop that several tests read: each is walked once a run."""

import json
from collections.abc import Callable
from dataclasses import asdict

from flask import Flask

from storefront.core import clock
from storefront.web.menus import HOME, MENUS
from tests import factories
from tests.filled import Filled
from tests.support.client import Client
from tests.support.crawler import PUBLIC, Visit, walk
from tests.support.run import Run

UNLINKED = ("/robots.txt", "/sitemap.xml", "/feed/produk.xml", "/saran?q=tas", "/kartu?id=1,2")


def walk_of(run: Run, app: Flask, shop: Filled, role: str | None) -> dict[str, Visit]:
    """What somebody of this role (None: a stranger) meets, every page looked at for faults.

    The shop is the filled one, alike in all tests of a day.
    """

    def go() -> dict[str, Visit]:
        client = app.test_client()
        assert isinstance(client, Client)
        start = [*PUBLIC, *shop.orders]
        if role:
            facility = shop.facility if role.startswith("facility") else None
            factories.signed_in(client, role, facility=facility)
            start = [HOME[role], "/akun", *(item.path for item in MENUS[role]), *start]
        return walk(app, client, start)

    return _once(run, str(role), go)


def strangers_walk(run: Run, app: Flask) -> dict[str, Visit]:
    """What a stranger meets who knows the unlinked addresses too; nobody looks for faults."""

    def go() -> dict[str, Visit]:
        client = app.test_client()
        assert isinstance(client, Client)
        client.lint = False  # the walk of a stranger looks
        return walk(app, client, [*PUBLIC, *UNLINKED])

    return _once(run, "unlinked", go)


def _once(run: Run, name: str, go: Callable[[], dict[str, Visit]]) -> dict[str, Visit]:
    said = run.once(
        f"walk-{name}-{clock.today()}",
        lambda: json.dumps({address: asdict(visit) for address, visit in go().items()}),
    )
    return {address: Visit(**visit) for address, visit in json.loads(said).items()}
