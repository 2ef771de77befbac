"""Fewer bytes on the way: what is sent squeezed, and how much of a stylesheet is for us only."""

import gzip
import re
from functools import lru_cache

import brotli
from flask import Flask, Request, request
from werkzeug.wrappers import Response

ENCODINGS = ("br", "gzip")
"""What we can send, the better one first."""
SMALL = 700
"""Bytes: what fits into one packet is sent as it is."""
LARGE = 256 * 1024
"""Bytes: from here on the best squeezing costs seconds of every start and saves a tenth."""
_TEXT = {"text/html", "text/plain", "text/xml", "text/calendar", "application/json", "application/xml"}
_KEPT = r"""(?P<kept>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|url\([^)]*\))"""  # strings, addresses
_REMARK = re.compile(_KEPT + r"|/\*.*?\*/", re.DOTALL)
_WHOLE_LINES = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n|^[ \t]+|^\n", re.DOTALL | re.MULTILINE)
_BLANK = re.compile(_KEPT + r"|\s*(?P<sign>[{};,])\s*|(?P<colon>:)\s+|\s+")


def accepted(request: Request) -> str | None:
    """The best encoding that the other side takes, or None: 'br' before 'gzip' when it takes both."""
    wanted = request.accept_encodings
    return next((name for name in ENCODINGS if wanted[name]), None)


def squeeze(body: bytes, encoding: str) -> bytes:
    """A page in one of ENCODINGS: about a millisecond of work."""
    if encoding == "br":
        return brotli.compress(body, quality=5)
    return gzip.compress(body, 6, mtime=0)


@lru_cache(maxsize=512)
def press(body: bytes, encoding: str) -> bytes:
    """A file in one of ENCODINGS, as small as it gets: done once, sent for months."""
    if encoding == "br":
        return brotli.compress(body, quality=11 if len(body) < LARGE else 7)
    return gzip.compress(body, 9, mtime=0)


@lru_cache(maxsize=128)
def lean_css(text: str) -> str:
    """A stylesheet without remarks and needless blanks; the rules stay in their words and their order."""
    text = _REMARK.sub(lambda found: found["kept"] or " ", text)
    text = _BLANK.sub(lambda found: found["kept"] or found["sign"] or found["colon"] or " ", text)
    return text.replace(";}", "}").strip()


def lean_js(text: str) -> str:
    """A module without the remarks that stand on lines of their own, and without indents.

    Texts over several lines (template literals) may not be indented: no module has one.
    """
    return _WHOLE_LINES.sub("", text)


def _squeezed(response: Response) -> Response:
    """Any answer in words that is not squeezed yet: pages of one person, fragments, refusals.

    Sizes tell nobody a secret (BREACH): what another site fetches comes without the session's cookie
    (SameSite=Lax), and the signature in a form's token is another one every second.
    """
    if response.is_streamed or response.mimetype not in _TEXT or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    way = accepted(request)
    if way and response.status_code not in {204, 304} and len(response.get_data()) > SMALL:
        response.set_data(squeeze(response.get_data(), way))
        response.headers["Content-Encoding"] = way
    return response


def init_app(app: Flask) -> None:
    """Squeeze every answer in words, after everybody else has had it in hand."""
    app.after_request(_squeezed)
