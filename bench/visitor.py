"""A visitor's browser, as far as the shop notices: cookies, forms, one connection that stays open."""

import gzip
import http.client
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import Client

from tests.support.html import Page, values


@dataclass(frozen=True)
class Request:
    """What is asked for; with fields it is a form that is sent."""

    path: str
    fields: Mapping[str, object] | None = None
    accept: str = "text/html"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        """The page."""
        packed = any(name.lower() == "content-encoding" and value == "gzip" for name, value in self.headers)
        return (gzip.decompress(self.body) if packed else self.body).decode()


Send = Callable[[str, str, Mapping[str, str], bytes | None], Answer]


def over_http(host: str, port: int) -> Send:
    """Requests over one connection that stays open."""
    connection = http.client.HTTPConnection(host, port, timeout=60)

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        except BaseException:  # the other side is gone, or we are
            connection.close()
            raise

    return send


def inside(app: Flask) -> Send:
    """Requests without a network, for counting what they ask of the database."""
    client = Client(app, use_cookies=False)
    base = app.config["PUBLIC_BASE_URL"]

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        response = client.open(path, method=method, headers=dict(headers), data=body, base_url=base)
        return Answer(response.status_code, list(response.headers), response.data)

    return send


class Visitor:
    """Keeps cookies and comes from an address of its own, behind the shop's reverse proxy."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.cookies: dict[str, str] = {}
        self.address = ".".join(["10", *(str(random.randrange(256)) for _ in range(3))])

    def ask(self, request: Request) -> Answer:
        """Send a request and keep the cookies that come back."""
        headers = {"Accept": request.accept, "Accept-Encoding": "gzip", "X-Forwarded-For": self.address}
        body = None
        if request.fields is not None:
            body = urlencode(request.fields, doseq=True).encode()
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.send("GET" if body is None else "POST", request.path, headers, body)
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                for cookie in SimpleCookie(value).values():
                    self.cookies[cookie.key] = cookie.value
        return answer


def filled(page: Answer, action: str, fields: Mapping[str, object]) -> dict[str, object]:
    """The form of a page as it would be sent once these fields are typed in."""
    return {**values(Page.parse(page.text).form(action)), **fields}
