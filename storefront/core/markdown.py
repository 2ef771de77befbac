"""Our own written pages, as HTML. The only file that knows markdown-it; HTML inside a text stays text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Section:
    """What stands below a heading of the second level, or before the first (without words of its own)."""

    title: str
    text: str


@dataclass(frozen=True)
class Ways:
    """How a text's addresses become the shop's: of links, of pictures (with their attributes), of paths.

    A path is a piece of code that is one, such as `/petugas/stok`; None leaves it a piece of code.
    """

    link: Callable[[str], str]
    picture: Callable[[str], dict[str, str | int]]
    path: Callable[[str], str | None]


def title_of(text: str) -> str:
    """The words of a text's first heading, or ''."""
    return next((section.title for section in _sections(text, "h1") if section.title), "")


def sections_of(text: str) -> list[Section]:
    """A text as plain words, cut at its headings of the second level; the first part has no title."""
    return list(_sections(text, "h2"))


def pictures_of(text: str) -> list[tuple[str, str]]:
    """The pictures of a text: address, and the words that stand for it."""
    return [
        (str(piece.attrs["src"]), piece.content)
        for token in _MARKDOWN.parse(text)
        for piece in token.children or []
        if piece.type == "image"
    ]


def strong_of(text: str) -> list[str]:
    """The words of a text that stand out (**like this**), in their order."""
    found: list[str] = []
    for token in _MARKDOWN.parse(text):
        inside = False
        for piece in token.children or []:
            if piece.type == "strong_open":
                found.append("")
            elif inside and piece.type in {"text", "softbreak"}:
                found[-1] += piece.content or " "
            inside = piece.type == "strong_open" or (inside and piece.type != "strong_close")
    return found


def to_html(text: str, ways: Ways) -> Markup:
    """A text without its first heading; its other headings have ids (`bagian-1`…) to link to."""
    tokens = _MARKDOWN.parse(text)
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]
    number = 0
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2":
            number += 1
            token.attrSet("id", anchor(number))
        if token.children is not None:
            token.children = [piece for old in token.children for piece in _turned(old, ways)]
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704  # it escapes


def anchor(number: int) -> str:
    """The id of a text's n-th heading of the second level; 0 is its beginning."""
    return f"bagian-{number}" if number else ""


def _turned(piece: Token, ways: Ways) -> Iterator[Token]:
    """A piece of a line, with addresses of the shop."""
    if piece.type == "link_open":
        piece.attrSet("href", ways.link(str(piece.attrs["href"])))
    elif piece.type == "image":
        for name, value in ways.picture(str(piece.attrs["src"])).items():
            piece.attrSet(name, str(value))
    elif piece.type == "code_inline" and (address := ways.path(piece.content)):
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield piece
        yield Token("link_close", "a", -1)
        return
    yield piece


def _sections(text: str, tag: str) -> Iterator[Section]:
    title, inside = "", False
    words: list[str] = []
    for token in _MARKDOWN.parse(text):
        if token.type in {"heading_open", "heading_close"} and token.tag == tag:
            inside = token.type == "heading_open"
            if inside:
                yield Section(title, " ".join(words))
                words = []
        elif token.type == "inline" and inside:
            title = _plain(token)
        elif token.type == "inline":
            words.append(_plain(token))
    yield Section(title, " ".join(words))


def _plain(token: Any) -> str:
    return "".join(
        piece.content or (" " if piece.type == "softbreak" else "")
        for piece in token.children or []
        if piece.type != "image"
    )
