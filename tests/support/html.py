"""Reads a page as a browser roughly would, to find things in it and to say what is wrong with it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
DATA_SCRIPTS = ("application/ld+json", "application/json")
UNLABELLED_INPUTS = ("hidden", "submit", "button", "reset", "image")
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list", "form")


@dataclass
class Element:
    """One element: its attributes, where it stands and the text inside it."""

    tag: str
    attrs: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words inside, with white space as a reader sees it."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._pieces()
                yield " "

    def descendants(self) -> "Iterator[Element]":
        """All elements inside, in document order."""
        ahead = [child for child in reversed(self.children) if not isinstance(child, str)]
        while ahead:
            element = ahead.pop()
            yield element
            ahead += [child for child in reversed(element.children) if not isinstance(child, str)]

    def inside(self, tag: str) -> "Element | None":
        """The nearest element of this tag around it."""
        around = self.parent
        while around is not None and around.tag != tag:
            around = around.parent
        return around

    def all(self, tag: str, **attrs: str) -> "list[Element]":
        """Elements inside of this tag and with these attributes, written `data_x` and `class_`."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            element
            for element in self.descendants()
            if element.tag == tag and all(element.attrs.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attrs: str) -> "Element":
        """The only such element; AssertionError if there are none or several."""
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} × <{tag}> with {attrs}, expected one"
        return found[0]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("#page", {})
        self.doctype = ""

    def updatepos(self, i: int, j: int) -> int:  # noqa: ARG002  # as HTMLParser has it
        """Nobody asks for the line that a tag stands on; counting lines took a tenth of the reading."""
        return j

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        around: Element | None = self.here
        while around is not None and around.tag != tag:
            around = around.parent
        if around is not None and around.parent is not None:
            self.here = around.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


class Page(Element):
    """A whole document."""

    doctype: str

    @classmethod
    @lru_cache(maxsize=2)  # the client looks at every page for faults, then most tests look at it too
    def parse(cls, html: str) -> "Page":
        """Read a document; whoever asks for the same one again gets the same page."""
        builder = _Builder()
        builder.feed(html)
        builder.close()
        page = cls("#page", {}, None, builder.root.children)
        page.doctype = builder.doctype
        return page

    def form(self, action: str | None = None) -> Element:
        """The form with this action, or the only one in <main> that posts (headers hold the way out)."""
        forms = [form for form in self.all("form") if action in (None, form.attrs.get("action", ""))]
        if action is None:
            forms = [form for form in forms if form.attrs.get("method", "").lower() == "post"]
            forms = [form for form in forms if form.inside("main")]
        assert len(forms) == 1, f"{len(forms)} forms for {action!r}, expected one"
        return forms[0]


def values(form: Element) -> dict[str, list[str]]:
    """What a browser would send if the person changed nothing and pressed no named button."""
    sent: dict[str, list[str]] = {}
    for control in form.descendants():
        name = control.attrs.get("name")
        if name and "disabled" not in control.attrs:
            for value in _control_values(control):
                sent.setdefault(name, []).append(value)
    return sent


def _control_values(control: Element) -> list[str]:
    kind = control.attrs.get("type", "text").lower()
    if control.tag == "textarea":
        return ["".join(child for child in control.children if isinstance(child, str)).removeprefix("\n")]
    if control.tag == "select":
        options = control.all("option")
        chosen = [option for option in options if "selected" in option.attrs]
        if not chosen and "multiple" not in control.attrs:
            chosen = options[:1]
        return [option.attrs.get("value", option.text) for option in chosen]
    if control.tag != "input" or kind in ("submit", "button", "reset", "image", "file"):
        return []
    if kind in ("checkbox", "radio"):
        return [control.attrs.get("value", "on")] if "checked" in control.attrs else []
    return [control.attrs.get("value", "")]


# --- what is wrong with a page --------------------------------------------------------------------


def problems(html: str) -> list[str]:
    """Say what no page of the shop may have; an empty list for a good one."""
    page = Page.parse(html)
    elements = list(page.descendants())
    return [*_frame(page, elements), *_ids(elements), *_inline(elements), *_for_everyone(elements)]


def _frame(page: Page, elements: list[Element]) -> Iterator[str]:
    tags: dict[str, list[Element]] = {}
    for element in elements:
        tags.setdefault(element.tag, []).append(element)
    if page.doctype.lower() != "doctype html":
        yield "no <!doctype html>"
    if [root.attrs.get("lang") for root in tags.get("html", ())] not in (["id"], ["en"]):
        yield 'not one <html lang="id"> or <html lang="en">'
    titles = [title.text for title in tags.get("title", ()) if title.inside("svg") is None]
    if len(titles) != 1 or not titles[0]:
        yield "not one <title> with words"
    for tag in ("h1", "main"):
        if (count := len(tags.get(tag, ()))) != 1:
            yield f"{count} × <{tag}>, expected one"


def _ids(elements: list[Element]) -> Iterator[str]:
    ids = Counter(element.attrs["id"] for element in elements if "id" in element.attrs)
    yield from (f'id="{name}" {count} times' for name, count in ids.items() if count > 1)
    for element in elements:
        for attribute in REFERENCES:
            for name in element.attrs.get(attribute, "").split():
                if name not in ids:
                    yield f'<{element.tag} {attribute}="{name}"> points to nothing'


def _inline(elements: list[Element]) -> Iterator[str]:
    """The content security policy would drop these without a word."""
    for element in elements:
        if "style" in element.attrs:
            yield f"<{element.tag}> has a style attribute"
        yield from (f"<{element.tag}> has {name}" for name in element.attrs if name.startswith("on"))
        if element.tag == "style":
            yield "a <style> element"
        runs = element.tag == "script" and element.attrs.get("type") not in DATA_SCRIPTS
        if runs and not element.attrs.get("src"):
            yield "an inline <script>"
        if element.attrs.get("href", "").strip().lower().startswith("javascript:"):
            yield f"<{element.tag}> has a javascript: address"


def _for_everyone(elements: list[Element]) -> Iterator[str]:
    labelled = {label.attrs.get("for") for label in elements if label.tag == "label"}
    for element in elements:
        if element.tag == "img" and "alt" not in element.attrs:
            yield f'<img src="{element.attrs.get("src", "")}"> has no alt'
        if element.tag == "form" and element.inside("form"):
            yield "a form inside a form"
        if element.tag in ("button", "a") and not _has_name(element):
            yield f"<{element.tag}> {element.attrs} has no words"
        if _needs_label(element) and not (
            element.attrs.get("id") in labelled or element.inside("label") or _named(element)
        ):
            yield f'<{element.tag} name="{element.attrs.get("name", "")}"> has no label'


def _needs_label(element: Element) -> bool:
    if element.tag == "input":
        return element.attrs.get("type", "text").lower() not in UNLABELLED_INPUTS
    return element.tag in ("select", "textarea")


def _named(element: Element) -> bool:
    return any(element.attrs.get(name, "").strip() for name in ("aria-label", "aria-labelledby", "title"))


def _has_name(element: Element) -> bool:
    if element.text or _named(element) or (element.tag == "a" and "href" not in element.attrs):
        return True
    inside = list(element.descendants())
    return any(part.attrs.get("alt", "").strip() or _named(part) for part in inside)
