"""Documents on paper: Typst sources in templates/documents become PDF. The only file that knows typst.

Tagged for screen readers (PDF/UA-1), set in our own fonts and none of the machine's, and the same data
give the same bytes everywhere.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst

SOURCES = Path(__file__).parents[2] / "templates" / "documents"
_SHOWN = ((0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x3FF), (0x400, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x203A))
"""What the fonts can draw: Latin, Greek and Cyrillic letters and our punctuation."""
_SIGNS = frozenset("€™−×→≤≥")


def pdf(source: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Set `templates/documents/<source>.typ` with this data; `at` is the moment that the file says it is of.

    Texts are text, never markup; a letter that the fonts do not have becomes '?'. Raises RuntimeError for
    a source that cannot be set.
    """
    import typst  # a big library, which only whoever prints has to wait for

    made = typst.compile(
        str(SOURCES / f"{source}.typ"),
        root=str(SOURCES),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": json.dumps(_drawable(data), ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=at.astimezone(UTC).replace(microsecond=0),
    )
    if not isinstance(made, bytes):
        raise TypeError(f"{source}: not one file")
    return made


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(SOURCES / "fonts")]
    )


def _drawable(value: Any) -> Any:
    """The same data with every letter one that the fonts have."""
    if isinstance(value, str):
        return "".join(map(_letter, unicodedata.normalize("NFC", value)))
    if isinstance(value, Mapping):
        return {name: _drawable(inner) for name, inner in value.items()}
    return [_drawable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _letter(letter: str) -> str:
    if letter == "\n":
        return letter
    if unicodedata.category(letter).startswith("C"):  # what cannot be seen, and what turns the direction
        return ""
    if letter in _SIGNS or any(first <= ord(letter) <= last for first, last in _SHOWN):
        return letter
    if letter.isspace():
        return " "
    plain = unicodedata.normalize("NFKD", letter)
    return plain if plain != letter and plain.isascii() else "?"
