"""Answers that need no work: a shared page that was just sent is sent again as it stands.

A request for a shared page that asks for exactly what an earlier one asked for, while the catalogue has
not changed, gets that answer from here, before Flask looks for a route, a session or a limit. What it
costs is one question to the database: which version is it? Only `pages.shared_page` offers its answers,
so nothing that belongs to one visitor can ever be in here.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import Flask

from storefront.core import clock
from storefront.core.watch import Watch
from storefront.web.requestlog import new_id, write

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST = 1200
"""A page has some: one for each way in which browsers say what they can unpack, and one if they know it."""
LONGEST = 2048
"""Characters: who asks with more (invented queries, other sites' tags) is answered, but not remembered."""
OFFER = "storefront.shared"
"""Where in the WSGI environment a shared page says what its answer is true for."""
_PER_REQUEST = {"x-request-id", "date"}
_ASKED = (
    "REQUEST_METHOD", "wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING",
    "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH",
)  # fmt: skip
"""All that the answer of a shared page can depend on: pages have no date of change and are sent whole."""


@dataclass(frozen=True)
class Offer:
    """What an answer is true for: a version of the catalogue, a day; and the pattern of its address."""

    version: int
    day: date
    rule: str


@dataclass(frozen=True)
class Answer:
    """A whole answer, but for what differs from request to request."""

    offer: Offer
    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]


class Replay:
    """WSGI middleware around Flask itself: sends again what it may, and remembers `most` answers."""

    def __init__(self, app: Flask) -> None:
        self.app: WSGIApplication = app.wsgi_app
        self.watch = Watch(app, "catalog")
        self.most = MOST
        self._answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        started = time.perf_counter()
        asked = tuple(environ.get(name, "") for name in _ASKED)
        answer = self._answers.get(asked)
        if answer is None or not self._is_true(answer.offer):
            return self._pass_on(asked, environ, start_response)
        request_id = new_id()
        start_response(answer.status, [*answer.headers, ("X-Request-Id", request_id)])
        write(
            request_id, method=asked[0], rule=answer.offer.rule, status=int(answer.status[:3]),
            started=started, address=environ.get("REMOTE_ADDR"),
        )  # fmt: skip
        return answer.body

    def _is_true(self, offer: Offer) -> bool:
        return offer.version == self.watch.version() and offer.day == clock.today()

    def _pass_on(
        self, asked: tuple[str, ...], environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        said: list[Any] = []

        def listen(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            said[:] = [status, headers]
            return start_response(status, headers, *rest)

        body = self.app(environ, listen)
        offer = environ.get(OFFER)
        if offer is None or not _is_for_all(*said) or sum(map(len, asked)) > LONGEST:
            return body
        whole = list(body)
        close = getattr(body, "close", None)
        if close is not None:
            close()
        kept = [(name, value) for name, value in said[1] if name.lower() not in _PER_REQUEST]
        self._keep(asked, Answer(offer, said[0], kept, whole))
        return whole

    def _keep(self, asked: tuple[str, ...], answer: Answer) -> None:
        with self._lock:
            self._answers[asked] = answer
            self._answers.move_to_end(asked)
            while len(self._answers) > self.most:
                self._answers.popitem(last=False)


def _is_for_all(status: str, headers: list[tuple[str, str]]) -> bool:
    return status[:3] in {"200", "304"} and all(name.lower() != "set-cookie" for name, _ in headers)
