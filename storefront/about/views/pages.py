"""Pages about the shop itself: what it brought, how to buy, who runs it, privacy, terms."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from storefront.about.queries.impact import impact
from storefront.core import clock
from storefront.core.errors import NotFound
from storefront.core.language import _, language
from storefront.core.markup import shortened
from storefront.texts import queries as texts
from storefront.texts.models import PageSlug
from storefront.texts.queries import Shown
from storefront.texts.views import filled_in
from storefront.web import meta, structured
from storefront.web.languages import to
from storefront.web.pages import shared_page

bp = Blueprint("about", __name__)
FIRST = "awal"
"""Where the text that came with the shop lies, once the office has written another."""


@bp.get("/dampak")
@shared_page()
def results() -> ResponseReturnValue:
    """What the shop really brought, as of last night: the page cache keeps it for the day."""
    _describe(_("Dampak"), "/dampak")
    return render_template("about/impact.html", impact=impact())


@bp.get("/cara-belanja")
@shared_page()
def buying() -> ResponseReturnValue:
    """How to buy, from looking to exchanging."""
    return _written(PageSlug.BUYING)


@bp.get("/tentang")
@shared_page()
def about() -> ResponseReturnValue:
    """Who makes, who sells, who answers."""
    return _written(PageSlug.ABOUT)


@bp.get("/privasi")
@shared_page()
def privacy() -> ResponseReturnValue:
    """What the shop keeps about people, why and how long (UU 27/2022)."""
    return _written(PageSlug.PRIVACY)


@bp.get("/syarat")
@shared_page()
def terms() -> ResponseReturnValue:
    """On what terms one buys here (UU 8/1999, PP 80/2019)."""
    return _written(PageSlug.TERMS)


@bp.get("/<any(privasi, syarat):slug>/<when>")
@shared_page()
def earlier(slug: str, when: str) -> ResponseReturnValue:
    """What a page that promises something said, or will say, on a day: orders of that day stand on it.

    One text has one address: the day since when it counts, or `awal` for the one that came with the shop.
    """
    page = PageSlug(slug)
    days = texts.days(page)
    now = texts.current_day(days)
    if when == FIRST and now:
        return _written(page, texts.standing(page, language()), FIRST)
    day = _day(when)
    began = next((one for one in days if one <= day), None)
    if began == now:
        return redirect(to(f"/{slug}"))
    if began is None:
        return redirect(to(f"/{slug}/{FIRST}"))
    if began != day:
        return redirect(to(f"/{slug}/{began.isoformat()}"))
    return _written(page, texts.shown(page, language(), began), when)


def _written(slug: PageSlug, shown: Shown | None = None, when: str = "") -> ResponseReturnValue:
    """A page of words as the office wrote it, or as it came with the shop."""
    text = shown or texts.shown(slug, language())
    path, words = f"/{slug}", text.words
    title = text.title if text.language == language() else str(texts.TITLES[slug])
    crumbs = [(_("Beranda"), "/"), (title, path)]
    meta.describe(data=[structured.breadcrumbs(crumbs)], **({"index": False} if when else {}))
    return render_template(
        "texts/page.html", shown=text, words=words, title=title, path=path, when=when,
        is_old=bool(when) and (text.valid_from is None or text.valid_from < clock.today()),
        description=shortened(words), since=text.valid_from if slug in texts.DATED else None,
        **_other_texts(slug, when), **filled_in(),
    )  # fmt: skip


def _other_texts(slug: PageSlug, when: str) -> dict[str, Any]:
    """Where the texts before this one are, and those that are announced; on the page of today only."""
    days = texts.days(slug) if slug in texts.DATED and not when else []
    now = texts.current_day(days)
    past = [(day.isoformat(), day) for day in days if now and day < now]
    return {
        "earlier": [*past, (FIRST, None)] if now else [],
        "coming": [day for day in days if day > clock.today()],
    }


def _day(when: str) -> date:
    try:
        return date.fromisoformat(when)
    except ValueError as error:
        raise NotFound from error


def _describe(title: str, path: str) -> None:
    meta.describe(data=[structured.breadcrumbs([(_("Beranda"), "/"), (title, path)])])
