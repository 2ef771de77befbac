"""The guide inside the shop, and hiding or showing the first steps."""

import re

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask import send_from_directory as send_from
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from storefront.accounts.services import hide_beginning
from storefront.core import markdown
from storefront.core.language import _
from storefront.desk.queries import guide
from storefront.web.access import may_enter
from storefront.web.languages import to
from storefront.web.menus import HOME, menu_for

bp = Blueprint("guide", __name__, url_prefix="/bantuan-petugas")
DAY = 86_400
LONGEST = 60


@bp.get("")
def index() -> ResponseReturnValue:
    """The chapters for one's role, and looking for a word in them."""
    words = request.args.get("q", "").strip()[:LONGEST]
    chapters = guide.chapters_for(current_user.role)
    hits = guide.find(words, current_user.role)
    return render_template("desk/guide/index.html", chapters=chapters, words=words, hits=hits)


@bp.get("/<slug>")
def chapter(slug: str) -> ResponseReturnValue:
    """One chapter."""
    shown = guide.chapter_of(slug, current_user.role)
    chapters = guide.chapters_for(current_user.role)
    at = chapters.index(shown)
    following = chapters[at + 1] if at + 1 < len(chapters) else None
    text = markdown.to_html(shown.text, WAYS)
    return render_template("desk/guide/chapter.html", chapter=shown, text=text, following=following)


@bp.get("/gambar/<name>")
def picture(name: str) -> Response:
    """A picture of the guide: of the demo shop, so there is nothing to hide."""
    return send_from(guide.PICTURES, name, max_age=DAY)


@bp.post("/langkah-pertama")
def beginning() -> ResponseReturnValue:
    """Hide one's first steps, or bring them back."""
    hidden = request.form.get("tampil") != "ya"
    hide_beginning(current_user.id, hidden=hidden)
    flash(_("Langkah pertama disembunyikan. Anda dapat memunculkannya lagi di halaman Bantuan.") if hidden
          else _("Langkah pertama tampil lagi di Hari ini."), "success")  # fmt: skip
    return redirect(to(HOME[current_user.role]), 303)


@bp.app_template_global()
def help_here() -> str | None:
    """Where help with this page lies; None for whoever does not work here."""
    if not current_user.is_authenticated or not menu_for(current_user.role):
        return None
    found = guide.helping(request.endpoint, current_user.role)
    return url_for("guide.chapter", slug=found.slug) if found else url_for("guide.index")


# --- addresses ----------------------------------------------------------------------------------------


def _link(address: str) -> str:
    """Of another chapter; whatever else leads out of the guide stays as it is."""
    other = re.fullmatch(r"\d\d-([a-z-]+)\.md", address)
    return url_for(".chapter", slug=other[1]) if other else address


def _picture(address: str) -> dict[str, str | int]:
    width, height = guide.PICTURE_SIZE
    source = url_for(".picture", name=address.rpartition("/")[2])
    return {"src": source, "width": width, "height": height, "loading": "lazy", "class": "guide__picture"}


def _path(text: str) -> str | None:
    """A page of the shop that the reader may open as it is written, such as /petugas/stok."""
    if not text.startswith("/"):
        return None
    try:
        endpoint = current_app.url_map.bind("").match(text)[0]
    except HTTPException:
        return None
    return to(text) if may_enter(endpoint, current_user.role) else None


WAYS = markdown.Ways(_link, _picture, _path)
