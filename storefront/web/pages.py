"""Pages that all visitors share: rendered once a version, answered from memory.

The version of the catalogue is part of the key, so a change is seen by the next request. A shared
page has no cookie, no token and nothing about its visitor; a test compares two visitors' bytes.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from threading import Lock
from typing import ParamSpec
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, make_response, request
from flask.typing import ResponseReturnValue

from storefront.core import clock
from storefront.core.language import language
from storefront.core.transactions import version
from storefront.web.replay import OFFER, Offer, Replay
from storefront.web.squeeze import accepted, squeeze

MAX_PAGES = 600
BROWSER = "public, max-age=0, must-revalidate, stale-while-revalidate=60"
P = ParamSpec("P")


@dataclass(frozen=True)
class Stored:
    """A rendered page, as it is and, once somebody asked for it, squeezed."""

    body: bytes
    etag: str
    mimetype: str
    squeezed: dict[str, bytes] = field(default_factory=dict)

    def encoded(self, way: str) -> bytes:
        """The body in an encoding: made for the first who asks, kept for the next."""
        if way not in self.squeezed:
            self.squeezed[way] = squeeze(self.body, way)
        return self.squeezed[way]


class PageCache:
    """The newest pages, least recently used thrown out first. One a process; never the only copy."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, Stored] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Stored | None:
        """The page under this key, now the most recent one."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: str, page: Stored) -> None:
        """Keep a page."""
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > MAX_PAGES:
                self._pages.popitem(last=False)


def shared_page(*params: str) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, Response]]:
    """Decorate a view whose answer depends on its path, the named parameters and the catalogue."""

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, Response]:
        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
            cache: PageCache = current_app.extensions["pages"]
            offer = g.page_offer = Offer(version("catalog"), clock.today(), str(request.url_rule))
            g.page_query = _query(params)
            key = _key(g.page_query, offer)
            page = cache.get(key)
            if page is None:
                response = make_response(view(*args, **kwargs))
                if response.status_code != 200:
                    return response
                body = response.get_data()
                etag = hashlib.sha256(body).hexdigest()[:20]
                page = Stored(body, etag, response.mimetype or "text/html")
                if not current_app.debug:  # whoever edits a template wants to see it
                    cache.put(key, page)
            request.environ[OFFER] = offer
            return _send(page)

        return answer

    return decorate


def page_version() -> int | None:
    """The catalogue's version of the shared page that is being made, so that nobody asks for it again."""
    offer: Offer | None = g.get("page_offer")
    return offer.version if offer else None


def _query(params: tuple[str, ...]) -> str:
    return urlencode([(name, value) for name in sorted(params) for value in request.args.getlist(name)])


def _key(query: str, offer: Offer) -> str:
    build = current_app.extensions["assets"].build
    return f"{build}:{offer.version}:{offer.day}:{language()}:{request.path}?{query}"


def _send(page: Stored) -> Response:
    way = accepted(request)
    response = Response(page.encoded(way) if way else page.body, mimetype=page.mimetype)
    if way:
        response.headers["Content-Encoding"] = way
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = BROWSER
    if page.mimetype == "text/html":
        # Other shared pages are fetched ahead when somebody points at a link; data savers switch it off.
        response.headers["Speculation-Rules"] = f'"{current_app.extensions["assets"].url("prefetch.rules")}"'
    response.set_etag(page.etag, weak=True)
    response.make_conditional(request)
    return response


def init_app(app: Flask) -> None:
    """Give the app its page cache. Before every other middleware: those stand around the replay."""
    app.extensions["pages"] = PageCache()
    if not app.debug:
        app.wsgi_app = app.extensions["replay"] = Replay(app)  # type: ignore[method-assign]
