"""What a page says about itself to search engines and chat apps: its one address, its languages, its picture.

`layouts/base.html` writes it out. Pages need not do anything; a view that knows more says so with
`describe(…)`. Pages that belong to one visitor, and refusals, are never indexed.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from flask import Flask, current_app, g, request

from storefront.core.language import SOURCE
from storefront.core.pictures import CARD_HEIGHT, CARD_WIDTH
from storefront.core.storage import storage
from storefront.web.access import Access, access_of
from storefront.web.languages import to

SHARE_PICTURE = ("photos/hero.jpg", 1200, 750)
"""What stands beside a link to a page without a picture of its own: static file, width, height."""
LOCALES = {"id": "id_ID", "en": "en_GB"}


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The picture beside a link: its absolute address, its size in pixels, what it shows."""

    url: str
    width: int
    height: int
    alt: str = ""


@dataclass(kw_only=True)
class Head:
    """The head of one page. `canonical` is a path of ours, with query but without language.

    `follow` says whether the links of a page that is not indexed lead anywhere worth looking at.
    `title` and `description` are for shared links; empty means the page's own.
    """

    canonical: str
    index: bool
    follow: bool = False
    kind: str = "website"
    title: str = ""
    description: str = ""
    picture: Preview | None = None
    data: list[dict[str, Any]] = field(default_factory=list)

    def in_language(self, wanted: str) -> str:
        """The absolute address of this page in a language."""
        prefix = "" if wanted == SOURCE else f"/{wanted}"
        return f"{base_url()}{prefix}{self.canonical}"


def page_head() -> Head:
    """The head of the page that is being made."""
    if "head" not in g:
        shared = access_of(request.endpoint) is Access.SHARED
        g.head = Head(canonical=request.path, index=shared, follow=shared)
    head: Head = g.head
    return head


def describe(**changes: Any) -> None:
    """Say more about the page that is being made: any field of Head; `data` is added to what is there."""
    head = page_head()
    head.data += changes.pop("data", [])
    for name, value in changes.items():
        setattr(head, name, value)


def share_picture() -> Preview:
    """The picture of a page that has none of its own."""
    name, width, height = SHARE_PICTURE
    return Preview(url=absolute(current_app.extensions["assets"].url(name)), width=width, height=height)


def picture_of(key: str, width: int, height: int, alt: str = "") -> Preview:
    """A stored picture as a preview."""
    return Preview(url=absolute(storage().url(key)), width=width, height=height, alt=alt)


def card_of(key: str) -> Preview | None:
    """A drawn card (`core.linkcards`) as a preview; None while there is none."""
    return picture_of(key, CARD_WIDTH, CARD_HEIGHT) if key else None


def base_url() -> str:
    """Where the shop stands, without a slash at the end."""
    return str(current_app.config["PUBLIC_BASE_URL"])


def absolute(path: str) -> str:
    """An address as other sites have to write it; what is absolute already stays."""
    return urljoin(f"{base_url()}/", path)


def address(path: str) -> str:
    """The absolute address of a page in the language of the moment."""
    return absolute(to(path))


def init_app(app: Flask) -> None:
    """Give the templates the head of their page."""
    app.jinja_env.globals.update(page_head=page_head, share_picture=share_picture, LOCALES=LOCALES)
