"""What is served and measured: the shop, the shop with a bad memory, and the yardstick."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from flask import Flask, g

from config import Config
from storefront import create_app
from storefront.catalog.queries.memo import Memo
from storefront.web.pages import PageCache

T = TypeVar("T")
YARDSTICK_BYTES = 40_000
"""About as long as a page of the shop."""


class NoPages(PageCache):
    """Keeps no page, as if each visitor asked for one that nobody had seen."""

    def put(self, key: str, page: object) -> None:
        """Forget it."""


class NoMemo(Memo):
    """Keeps answers for one request only: each is the first after a change of the catalogue."""

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Work it out, once."""
        kept: Memo = g.setdefault("catalog_memo", Memo())
        return kept.get(key, make)


def shop() -> Flask:
    """The shop as it is."""
    return create_app(Config.from_env())


def uncached_shop() -> Flask:
    """The shop without its page cache."""
    return uncached(shop())


def forgetful_shop() -> Flask:
    """The shop for which every request is the first after a change."""
    return forgetful(shop())


def uncached(app: Flask) -> Flask:
    """Take the page cache from a shop."""
    app.extensions["pages"] = NoPages()
    app.extensions["replay"].most = 0
    return app


def forgetful(app: Flask) -> Flask:
    """Take all memory of the catalogue from a shop."""
    app.extensions["catalog_memo"] = NoMemo()
    return uncached(app)


def yardstick() -> Flask:
    """Flask itself: a word, and a page that is ready in memory."""
    app = Flask(__name__)
    page = "<p>Halaman yang sudah jadi, dari ingatan saja.</p>\n"
    page *= YARDSTICK_BYTES // len(page)
    app.add_url_rule("/", "hello", lambda: "Halo")
    app.add_url_rule("/halaman", "page", lambda: page)
    return app
