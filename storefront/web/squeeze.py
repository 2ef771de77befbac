"""Fewer bytes on the way: what is sent squeezed, and how much of a stylesheet is for us only."""

import gzip
import re
from functools import lru_cache

import brotli
from flask import Request

ENCODINGS = ("br", "gzip")
"""What we can send, the better one first."""
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
        return brotli.compress(body, quality=11)
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
