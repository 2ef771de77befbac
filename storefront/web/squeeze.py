"""Fewer bytes on the way: what is sent squeezed, and how much of a stylesheet is for us only."""

import gzip
import re
from functools import lru_cache

import brotli
from flask import Request

ENCODINGS = ("br", "gzip")
"""What we can send, the better one first."""
_PIECE = re.compile(
    r"""(?P<kept>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|url\([^)]*\))"""  # these stay
    r"|(?P<remark>/\*.*?\*/)"
    r"|\s*(?P<sign>[{};,])\s*|\s+",
    re.DOTALL,
)


def accepted(request: Request) -> str | None:
    """The best encoding that the other side takes, or None: 'br' before 'gzip' when it takes both."""
    wanted = request.accept_encodings
    return next((name for name in ENCODINGS if wanted[name]), None)


def squeeze(body: bytes, encoding: str, *, once: bool = False) -> bytes:
    """The body in one of ENCODINGS. `once`: made at start and sent for months, so as small as possible."""
    if encoding == "br":
        return brotli.compress(body, quality=11 if once else 5)
    return gzip.compress(body, 9 if once else 6, mtime=0)


@lru_cache(maxsize=64)
def lean_css(text: str) -> str:
    """A stylesheet without remarks and needless blanks; the rules stay in their words and their order."""

    def lean(found: re.Match[str]) -> str:
        if found["kept"]:
            return found["kept"]
        if found["remark"]:
            return ""
        return found["sign"] or ("" if found.string[found.start() - 1 : found.start()] == ":" else " ")

    return _PIECE.sub(lean, text).replace(";}", "}").strip()
