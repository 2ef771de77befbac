"""Where two texts differ, word by word. Nothing here knows what they are about."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_TOKEN = re.compile(r"\s+|[^\s]+")
MOST_TOKENS = 2000


class Segment(NamedTuple):
    """A stretch of a text that stayed ('same'), went ('old') or came ('new')."""

    kind: str
    text: str


def segments(before: str, after: str) -> list[Segment]:
    """Where two texts differ, word by word: old and same joined give `before`, new and same `after`."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) + len(new) > MOST_TOKENS or not (old and new):
        return [one for one in (Segment("old", before), Segment("new", after)) if one.text]
    return list(_joined(_walk(old, new)))


def _walk(old: Sequence[str], new: Sequence[str]) -> Iterator[Segment]:
    for step, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if step == "equal":
            yield Segment("same", "".join(old[old_from:old_to]))
            continue
        if old_to > old_from:
            yield Segment("old", "".join(old[old_from:old_to]))
        if new_to > new_from:
            yield Segment("new", "".join(new[new_from:new_to]))


def _joined(parts: Iterator[Segment]) -> Iterator[Segment]:
    """Neighbouring changes as one old and one new stretch, though single blanks between them stayed."""
    old = new = ""
    for part in parts:
        is_blank = part.kind == "same" and part.text.isspace()
        if part.kind == "old":
            old += part.text
        elif part.kind == "new":
            new += part.text
        elif is_blank and old and new:
            old, new = old + part.text, new + part.text
        else:
            yield from _both(old, new)
            old = new = ""
            yield part
    yield from _both(old, new)


def _both(old: str, new: str) -> Iterator[Segment]:
    if old:
        yield Segment("old", old)
    if new:
        yield Segment("new", new)


def changed_lines(before: str, after: str) -> Iterator[tuple[int, str, str]]:
    """Each stretch of lines that differs: how many lines of `after` come before it, the old and the new."""
    old, new = before.split("\n"), after.split("\n")
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for step, old_from, old_to, new_from, new_to in steps:
        if step != "equal":
            yield new_from, "\n".join(old[old_from:old_to]), "\n".join(new[new_from:new_to])
