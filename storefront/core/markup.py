"""A small way of writing pages: headings, lists, tables, links. It is read into pieces, never into HTML.

Templates write the pieces out, each escaped, so whatever is typed stays words. One line is one paragraph:

    > the opening words            ## Heading {#anchor}         ### Smaller heading
    - an item of a list            1. a step of a numbered list; lines below it that begin with blanks belong
                                      to it, and make its first line a heading
    | a | table | row |            the first row is its heading
    **strong** *stressed* `as typed` [words](/address)          {name}: what the shop fills in
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from storefront.core.language import _

_INLINE = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\[(?P<words>[^\[\]]+)\]\((?P<href>[^()\s]*)\)"
    r"|\*\*(?P<strong>[^*]+)\*\*"
    r"|\*(?P<em>[^*\s][^*]*)\*"
    r"|\{(?P<name>[a-z]+)\}"
)
_HEADING = re.compile(r"(?P<marks>#{1,6}) *(?P<words>[^{}]*)(?:\{#(?P<anchor>[a-z][a-z0-9-]{0,39})\})?")
_STEP = re.compile(r"[0-9]{1,2}\. +(?P<words>[^{}]*)(?:\{#(?P<anchor>[a-z][a-z0-9-]{0,39})\})?.*")
_ALONE = re.compile(r"\{([a-z]+)\}")
_CURLY = re.compile(r"\{[^{}\n]{0,40}\}")
_ADDRESS = re.compile(
    r"/(?![/\\])[^\\]*|https://[^/\\]+.*|mailto:[^@\s]+@[^@\s]+|tel:\+?[0-9]{5,15}|#[a-z][a-z0-9-]*"
)
_FULLEST = 8
"""Columns of a table."""


class Span(NamedTuple):
    """A stretch of a line: 'text', 'strong', 'em', 'code', 'link' (with `href`) or 'name' (filled in)."""

    kind: str
    text: str
    href: str = ""


Line = tuple[Span, ...]


@dataclass
class Item:
    """One item of a list; with `below`, its line is a heading and those are its paragraphs."""

    line: Line
    anchor: str = ""
    below: list[Line] = field(default_factory=list)


@dataclass
class Block:
    """'lead', 'paragraph', 'heading', 'list', 'steps', 'table' or 'name' (a line that the shop fills in)."""

    kind: str
    line: Line = ()
    level: int = 0
    anchor: str = ""
    items: list[Item] = field(default_factory=list)
    rows: list[list[Line]] = field(default_factory=list)


@dataclass(frozen=True)
class Words:
    """A text that was read: its blocks, and in words for the writer what is wrong with it."""

    blocks: list[Block]
    problems: list[str]

    @property
    def lines(self) -> Iterator[Line]:
        """Every line of every block, in order."""
        for block in self.blocks:
            yield block.line
            for item in block.items:
                yield item.line
                yield from item.below
            for row in block.rows:
                yield from row

    @property
    def anchors(self) -> set[str]:
        """The names that addresses may end in."""
        own = {block.anchor for block in self.blocks}
        return (own | {item.anchor for block in self.blocks for item in block.items}) - {""}

    @property
    def addresses(self) -> list[str]:
        """Where its links lead."""
        return [span.href for line in self.lines for span in line if span.kind == "link"]


def plain(line: Line) -> str:
    """A line without its marks; what the shop fills in is left out."""
    return "".join(span.text for span in line if span.kind != "name")


def shortened(words: Words, letters: int = 155) -> str:
    """The first lines without their marks, cut between two words: what a search engine shows."""
    said = " ".join(plain(line).strip() for line in words.lines if line)
    if len(said) <= letters:
        return said
    return said[: letters + 1].rsplit(" ", 1)[0].rstrip(" ,;:.-") + "…"


def read(text: str, names: Collection[str] = (), alone: Collection[str] = ()) -> Words:
    """Read a text. `names` may stand in a line, `alone` on a line of their own. Never raises."""
    blocks: list[Block] = []
    problems: list[str] = []
    fresh = True
    for number, typed in enumerate(text.split("\n"), 1):
        if not typed.strip():
            fresh = True
            continue
        last = None if fresh or not blocks else blocks[-1]
        fresh = False
        wrong = [*_add(blocks, last, typed, alone), *_faults(typed, names, alone)]
        problems += [_("Baris %(number)s: %(what)s", number=number, what=words) for words in wrong]
    problems += _as_a_whole(blocks)
    return Words(blocks, problems)


def _add(blocks: list[Block], last: Block | None, typed: str, alone: Collection[str]) -> Iterator[str]:
    """Put a line where it belongs; what is wrong with it."""
    line = typed.strip()
    if typed[0] in " \t" and last is not None and last.kind in ("list", "steps"):
        last.items[-1].below.append(_spans(line))
    elif line.startswith("#"):
        yield from _heading(blocks, line)
    elif line.startswith("> "):
        blocks.append(Block("lead", _spans(line[2:].strip())))
    elif line.startswith("- "):
        _into(blocks, last, "list").items.append(Item(_spans(line[2:].strip())))
    elif step := _STEP.fullmatch(line):
        words = step["words"].strip() if step["anchor"] else line.split(".", 1)[1].strip()
        _into(blocks, last, "steps").items.append(Item(_spans(words), step["anchor"] or ""))
    elif line.startswith("|"):
        yield from _row(_into(blocks, last, "table"), line)
    elif (name := _ALONE.fullmatch(line)) and name[1] in alone:
        blocks.append(Block("name", (Span("name", name[1]),)))
    else:
        blocks.append(Block("paragraph", _spans(line)))


def _into(blocks: list[Block], last: Block | None, kind: str) -> Block:
    if last is None or last.kind != kind:
        last = Block(kind)
        blocks.append(last)
    return last


def _heading(blocks: list[Block], line: str) -> Iterator[str]:
    found = _HEADING.fullmatch(line)
    words = found["words"].strip() if found else ""
    level = len(found["marks"]) if found else 0
    above = next((block.level for block in reversed(blocks) if block.kind == "heading"), 1)
    if found is None or not words:
        yield _("tulis judul bagiannya setelah tanda #.")
        blocks.append(Block("paragraph", _spans(line)))
        return
    if level not in (2, 3):
        yield _("pakai ## untuk judul bagian dan ### untuk judul di bawahnya.")
    elif level > above + 1:
        yield _("judul ### harus berada di bawah judul ##.")
    blocks.append(Block("heading", _spans(words), min(max(level, 2), 3), found["anchor"] or ""))


def _row(table: Block, line: str) -> Iterator[str]:
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    if cells and all(set(cell) <= set("-: ") and cell for cell in cells):
        return  # the rule below a heading, as other programs write it
    table.rows.append([_spans(cell) for cell in cells])
    if len(cells) > _FULLEST:
        yield _("paling banyak %(most)s kolom.", most=_FULLEST)
    elif len(cells) != len(table.rows[0]):
        yield _("banyaknya kolom harus sama dengan baris judul tabel.")


def _spans(line: str) -> Line:
    """A line in stretches. A link that leads nowhere good stays what was typed."""
    spans, at = [], 0
    for found in _INLINE.finditer(line):
        if found["words"] is not None and not _ADDRESS.fullmatch(found["href"]):
            continue
        if found.start() > at:
            spans.append(Span("text", line[at : found.start()]))
        at = found.end()
        if found["words"] is not None:
            spans.append(Span("link", found["words"], found["href"]))
        else:
            kind = found.lastgroup or "text"
            spans.append(Span(kind, found[kind]))
    if at < len(line):
        spans.append(Span("text", line[at:]))
    return tuple(spans)


def _faults(typed: str, names: Collection[str], alone: Collection[str]) -> Iterator[str]:
    for span in _spans(typed):
        if span.kind == "text" and "](" in span.text:
            address = span.text.split("](", 1)[1].split(")")[0][:60]
            yield _(
                "alamat tautan “%(address)s” tidak dikenal; mulai dengan / atau https://.", address=address
            )
    for curly in _CURLY.findall(typed):
        name = curly[1:-1]
        if curly == typed.strip() and name in alone:
            continue
        if name.startswith("#") and (_HEADING.fullmatch(typed.strip()) or _STEP.fullmatch(typed.strip())):
            continue
        if name not in names:
            yield _("kode %(code)s tidak dikenal di tempat ini.", code=curly)


def _as_a_whole(blocks: Sequence[Block]) -> Iterator[str]:
    seen: set[str] = set()
    for block in blocks:
        for anchor in (block.anchor, *(item.anchor for item in block.items)):
            if anchor and anchor in seen:
                yield _("Penanda {#%(anchor)s} dipakai dua kali.", anchor=anchor)
            seen.add(anchor)
        if block.kind == "table" and len(block.rows) == 1:
            yield _("Tabel memerlukan sedikitnya satu baris di bawah judulnya.")
    if sum(block.kind == "lead" for block in blocks) > 1:
        yield _("Kalimat pembuka (tanda >) hanya satu.")
