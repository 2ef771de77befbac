"""What language somebody is spoken to: Indonesian as written in the source, or a catalogue of it.

The source strings are Indonesian. `translations/<language>/<feature>.po` hold the others (gettext's
format, read once a process). The language of the moment is a context variable: the web layer sets it
per request, letters set it to the language in which the order was placed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy, Translations
from markupsafe import Markup, escape

SOURCE = "id"
LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
"""Every language of the shop with its own name for itself."""
FOLDER = Path(__file__).resolve().parent.parent.parent / "translations"
_spoken: ContextVar[str] = ContextVar("language", default=SOURCE)


def language() -> str:
    """The language of the moment: a key of LANGUAGES."""
    return _spoken.get()


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Speak a language inside the block; an unknown one is Indonesian."""
    token = _spoken.set(wanted if wanted in LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _spoken.reset(token)


@cache
def catalogue(wanted: str) -> Translations:
    """All translations into a language, from the .po files of its folder."""
    merged = Translations()
    for path in sorted((FOLDER / wanted).glob("*.po")):
        with path.open("rb") as file:
            part = read_po(file, locale=wanted)
        compiled = BytesIO()
        write_mo(compiled, part)
        compiled.seek(0)
        merged.merge(Translations(compiled))
    return merged


def _(text: str, **values: object) -> str:
    """The text in the language of the moment, with `%(name)s` filled in when values are given."""
    spoken = _spoken.get()
    if spoken != SOURCE:
        text = catalogue(spoken).gettext(text)
    return text % values if values else text


def _n(text: str, n: int, **values: object) -> str:
    """Like `_` for a counted thing: `_n("%(n)s barang", 3)`; Indonesian has one form, English two."""
    spoken, written = _spoken.get(), f"{n:,}"
    if spoken == SOURCE:
        written = written.replace(",", ".")
    else:
        text = catalogue(spoken).ngettext(text, text, n)
    return text % {"n": written, **values}


def _c(context: str, text: str, **values: object) -> str:
    """Like `_` for a word that means two things: `_c("verb", "Lacak")`."""
    spoken = _spoken.get()
    if spoken != SOURCE:
        text = str(catalogue(spoken).pgettext(context, text))
    return text % values if values else text


def _m(text: str, **values: object) -> Markup:
    """Like `_` for a sentence with HTML in it: the sentence is trusted, the values are escaped."""
    spoken = _spoken.get()
    if spoken != SOURCE:
        text = catalogue(spoken).gettext(text)
    return Markup(text % {name: escape(value) for name, value in values.items()} if values else text)  # noqa: S704


def lazy(text: str) -> str:
    """`_` for constants of a module: translated each time it is shown, not when it is imported."""
    return cast("str", LazyProxy(_, text, enable_cache=False))
