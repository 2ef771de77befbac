"""The script of the shop: without words of its own, and never inline."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
TEXT = re.compile(r""""((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`""")
NAMES = {
    *("Accept", "Content-Type", "Retry-After", "AbortError", "NotAllowedError"),
    *("BarcodeDetector", "Plain", "Enter", "Escape"),
    *("ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Rp", " MB"),
}
BLOCK = re.compile(r"^[ \t]*/\*.*?\*/|(?<=[;{} ])/\* .*? \*/", re.DOTALL | re.MULTILINE)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)|\son[a-z]+=[\"']|javascript:|\sstyle=[\"']",
    re.IGNORECASE,
)


def test_no_module_has_a_text_of_several_lines():
    """Indents are not sent, and would be part of such a text."""
    for path in SCRIPTS:
        assert not re.search(r"`[^`]*\n[^`]*`", re.sub(r"`[^`\n]*`", "", path.read_text())), path.name


def said(code: str) -> list[str]:
    """What a person could read in a module: a word with a capital, or several words that select nothing."""
    texts = ("".join(found) for found in TEXT.findall(BLOCK.sub("", code)))
    bare = (re.sub(r"\$\{[^}]*\}", "", text) for text in texts)
    return [
        text
        for text in bare
        if text not in NAMES
        and (re.search(r"(^|[^\w-])[A-ZÀ-Ý][a-zà-ý]+", text) or re.search(r"[a-z]{2,} [a-z]{2,}", text))
        and not re.search(r"[\[\].#=:>]|, ", text)
    ]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_module_says_nothing_by_itself(path):
    assert said(path.read_text()) == []


def test_words_would_be_found():
    assert said('button.textContent = "Tersalin";') == ["Tersalin"]
    assert said("place.textContent = `${n} barang dipilih`;") == [" barang dipilih"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_module_is_ours_alone(path):
    """No library, no other host: every import is a file beside it."""
    for wanted in re.findall(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""", path.read_text()):
        assert wanted.startswith("./")
        assert (path.parent / wanted).is_file()


def test_no_template_holds_script_or_style_inline():
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if "mail" not in path.parts  # letters have no stylesheet
        for hit in INLINE.finditer(path.read_text())
    ]

    assert not found, "\n".join(found)
