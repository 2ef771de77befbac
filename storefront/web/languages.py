"""Every page at `/…` in Indonesian and at `/en/…` in English.

The prefix is taken off before routing (it becomes the WSGI script name), so that routes, the access
table and `url_for` know nothing of it. Addresses for machines have one language only.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from flask import Flask, g, request

from storefront.core.language import LANGUAGES, SOURCE, _, _c, _m, _n, language, speaking

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ONE_LANGUAGE = (
    *("/static/", "/media/", "/webhooks/", "/api/", "/healthz", "/readyz"),
    *("/sitemap", "/robots.txt", "/feed/"),
)


class LanguagePrefix:
    """WSGI middleware: `/en/produk` becomes `/produk`, spoken in English."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        wanted, rest = split_language(path)
        if wanted != SOURCE:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + f"/{wanted}"
            environ["PATH_INFO"] = rest
        with speaking(wanted):
            return self.app(environ, start_response)


def split_language(path: str) -> tuple[str, str]:
    """('en', '/produk') for '/en/produk'; Indonesian pages and machines' addresses stay as they are."""
    for wanted in LANGUAGES:
        prefix = f"/{wanted}"
        if wanted != SOURCE and (path == prefix or path.startswith(prefix + "/")):
            rest = path[len(prefix) :] or "/"
            if not rest.startswith(ONE_LANGUAGE):
                return wanted, rest
    return SOURCE, path


def to(path: str) -> str:
    """A path of the shop in the language of the moment: every link and form of a template uses it.

    What `url_for` made has its prefix already; what is no path of ours ('?hal=2', 'https://…') stays.
    """
    spoken = language()
    if spoken == SOURCE or not path.startswith("/") or path.startswith(ONE_LANGUAGE):
        return path
    prefix = f"/{spoken}"
    return path if path == prefix or path.startswith(prefix + "/") else prefix + path


def here_in(wanted: str) -> str:
    """This page's address in a language. Of its query a shared page knows what it is made of, no more."""
    path = quote(request.path, safe="/~")  # a backslash would lead browsers to another host
    query: str | None = g.get("page_query")
    if query is None and request.endpoint and request.method == "GET":
        query = urlencode(list(request.args.items(multi=True)))
    address = f"{path}?{query}" if query else path
    return address if wanted == SOURCE else f"/{wanted}{address}"


def init_app(app: Flask) -> None:
    """Take the prefix off, and let templates speak."""
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.globals.update(
        _=_, _n=_n, _c=_c, _m=_m, to=to, language=language, here_in=here_in, LANGUAGES=LANGUAGES
    )
