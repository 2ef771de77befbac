"""Every string that the sources mark for translation, and every text that they forgot to mark."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.extract import extract_from_file
from jinja2 import Environment

ROOT = Path(__file__).resolve().parent.parent.parent
KEYWORDS = {"_": None, "_m": None, "lazy": None, "_n": (1, 1), "_c": ((1, "c"), 2)}
ENVIRONMENT = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True)
TEMPLATES = {".html", ".txt", ".xml"}
NOT_SPOKEN = (
    "templates/style/",
    "storefront/web/style.py",
    "storefront/web/access.py",
    "storefront/cli/",
    "storefront/desk/queries/audit/",
    "storefront/desk/queries/exports.py",
    # Names of places and languages, and words for operators and logs.
    "storefront/core/backup.py",
    "storefront/core/language.py",
    "storefront/core/outbox.py",
    "storefront/core/regions/names.py",
    "storefront/core/storage.py",
    # Formats of machines; pages that are written whole in each language.
    "templates/about/robots.txt",
    "templates/about/sitemap",
)
"""What says nothing that the catalogues could translate."""
Key = tuple[str, str]  # (context, text)


def sources() -> Iterator[Path]:
    """The files that speak to visitors and staff."""
    for folder, kinds in (("storefront", {".py"}), ("templates", TEMPLATES)):
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in kinds and not name.startswith(NOT_SPOKEN):
                yield path


def marked(path: Path) -> dict[Key, bool]:
    """The texts that a file marks: (context, text) -> is it counted?"""
    method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    options = {"trimmed": "false", "silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
    found: dict[Key, bool] = {}
    for _line, message, _comments, context in extract_from_file(method, str(path), KEYWORDS, (), options):
        text = message[0] if isinstance(message, tuple) else message
        if text:
            found[(context or "", text)] = isinstance(message, tuple) and context is None
    return found


def forgotten(path: Path) -> list[str]:
    """Texts that a reader sees and nobody marked."""
    return _in_python(path) if path.suffix == ".py" else _in_template(path)


# --- templates ----------------------------------------------------------------------------------------

SPOKEN_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "data-label", "content", "aria-description"}
_WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
_UNITS = {
    *("Rp", "kg", "gram", "cm", "WIB", "NPWP", "NIB", "SKU", "QRIS", "CSV", "XLSX", "PDF"),
    *("JPG", "PNG", "WhatsApp", "E", "mail", "e", "OK", "ID"),
}
_SETTINGS = ("width=device-width", "#", "website", "product", "summary", "noindex", "same-origin")


class _Reader(HTMLParser):
    """Collects what a template writes in plain words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style", "code"}
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES and value and not value.startswith(_SETTINGS):
                self.texts.append(value)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style", "code"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def _in_template(path: Path) -> list[str]:
    bare = "".join(
        value if kind == "data" else "\x01" * (kind in {"variable_begin", "block_begin"})
        for _line, kind, value in ENVIRONMENT.lex(path.read_text())
    )
    if path.suffix == ".html":
        reader = _Reader()
        reader.feed(bare)
        reader.close()
        texts = reader.texts
    elif path.suffix == ".txt":
        texts = bare.splitlines()
    else:
        texts = re.sub(r"<[^>]*>", "", bare).splitlines()
    return [_short(text) for text in texts if set(_WORD.findall(text)) - _UNITS] + _in_expressions(path)


def _in_expressions(path: Path) -> list[str]:
    """Words given to macros as they are: `{{ button("Simpan") }}`, `hint='…'`."""
    texts = []
    depth = 0
    tokens = list(ENVIRONMENT.lex(path.read_text()))
    before: list[str] = []
    for _line, kind, value in tokens:
        if kind in {"variable_begin", "block_begin"}:
            depth, before = depth + 1, []
        elif kind in {"variable_end", "block_end"}:
            depth -= 1
        elif depth and kind == "string" and _sentence(value[1:-1]) and not _is_marked(before):
            texts.append(_short(value[1:-1]))
        if depth and kind not in {"whitespace", "string"}:
            before.append(value)
    return texts


def _is_marked(before: list[str]) -> bool:
    """Is the innermost open call one of the marks? A dict or a list in between is no mark."""
    calls: list[str] = []
    for index, value in enumerate(before):
        if value in "([{" and value:
            calls.append(before[index - 1] if value == "(" and index else "")
        elif value in ")]}" and value and calls:
            calls.pop()
    return bool(calls) and calls[-1] in KEYWORDS


# --- Python -------------------------------------------------------------------------------------------

_SILENT_CALLS = {
    *("RuntimeError", "KeyError", "TypeError", "AssertionError", "LookupError"),
    *("text", "Index", "CheckConstraint", "getLogger", "debug", "info", "warning", "error", "exception"),
}


_LABELS = {"label", "title", "hint", "text", "description", "placeholder", "message"}
"""Keywords whose value a person reads, even if it is a single word."""
_WHOLE = re.compile(r"^[A-ZÀ-Ý“].*[.!?…]$", re.DOTALL)


def _sentence(text: str) -> bool:
    """Does it look like something said to a person: a capital or a blank between words, no code?"""
    if not re.match(r"^[A-ZÀ-Ý“\"]", text) and not re.match(r"^[a-z]+ [a-zA-Z]+", text):
        return False
    if re.search(r"[_<>{}=/]|::", text.replace("</", "").replace("%(", "")) or text.isupper():
        return False
    return bool(set(_WORD.findall(text)) - _UNITS)


class _Speech(ast.NodeVisitor):
    """Walks a module and keeps the strings outside every mark, docstring and programmer's error."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in KEYWORDS or name in _SILENT_CALLS:
            return
        if name == "ValueError":  # of ours with a whole sentence: shown beside a field; else a programmer's
            self.texts += [
                _short(text) for text in _constants(node.args) if _WHOLE.match(text) and _sentence(text)
            ]
            return
        spoken = [word.value for word in node.keywords if word.arg in _LABELS]
        if name.endswith("Field"):
            spoken += node.args[:1]
        self.texts += [_short(text) for text in _constants(spoken) if " " not in text and _sentence(text)]
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring, or a note under a constant
            self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:  # the annotation beside it is a type, even when it is quoted
            self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if not isinstance(node.value, str) or not _sentence(node.value):
            return
        if " " in node.value.strip() or _WHOLE.match(node.value):
            self.texts.append(_short(node.value))


def _constants(nodes: list[ast.expr]) -> list[str]:
    """The plain strings among some expressions, those inside f-strings too."""
    parts = [part for node in nodes for part in (node.values if isinstance(node, ast.JoinedStr) else [node])]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def _in_python(path: Path) -> list[str]:
    speech = _Speech()
    speech.visit(ast.parse(path.read_text()))
    return speech.texts


def _short(text: str) -> str:
    return " ".join(text.replace("\x01", "…").split())[:90]
