"""Pages about the shop itself: what it brought, how to buy, who runs it, privacy, terms."""

from typing import Any

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from storefront.about.queries.impact import impact
from storefront.core.language import _, language
from storefront.web import meta, structured
from storefront.web.pages import shared_page

bp = Blueprint("about", __name__)


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
    return _written("buying", _("Cara belanja"), "/cara-belanja")


@bp.get("/tentang")
@shared_page()
def about() -> ResponseReturnValue:
    """Who makes, who sells, who answers."""
    return _written("about", _("Tentang kami"), "/tentang")


@bp.get("/privasi")
@shared_page()
def privacy() -> ResponseReturnValue:
    """What the shop keeps about people, why and how long (UU 27/2022)."""
    return _written("privacy", _("Privasi"), "/privasi")


@bp.get("/syarat")
@shared_page()
def terms() -> ResponseReturnValue:
    """On what terms one buys here (UU 8/1999, PP 80/2019)."""
    return _written("terms", _("Syarat dan ketentuan"), "/syarat")


def _written(name: str, title: str, path: str) -> ResponseReturnValue:
    """A page that is written whole in each language: templates/about/<language>/<name>.html."""
    _describe(title, path)
    return render_template(f"about/{language()}/{name}.html", title=title, office=office())


def _describe(title: str, path: str) -> None:
    meta.describe(data=[structured.breadcrumbs([(_("Beranda"), "/"), (title, path)])])


def office() -> dict[str, Any]:
    """Who answers for the shop, as the settings say; what is not set is empty and said to be missing."""
    names = ("NAME", "ADDRESS", "EMAIL", "PHONE", "PSE_NUMBER")
    return {name.lower(): current_app.config[f"OFFICE_{name}"] for name in names}
