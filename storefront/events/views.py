"""Fairs as the public sees them, and the code that a poster gives its visitors along."""

from urllib.parse import quote, urlencode, urljoin

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from storefront.core import qr
from storefront.core.gallery import link_preview
from storefront.core.icalendar import Entry, icalendar
from storefront.core.storage import storage
from storefront.events import queries
from storefront.events.models import Fair
from storefront.web.access import Access, access_of
from storefront.web.languages import to
from storefront.web.pages import shared_page

bp = Blueprint("events", __name__)

COOKIE = "asal"
PARAMETER = "e"
REMEMBERED = 30 * 24 * 3600  # seconds
POSTER = "public, max-age=300"


@bp.get("/acara")
@shared_page()
def index() -> ResponseReturnValue:
    """What runs, what comes, what was."""
    return render_template("events/index.html", fairs=queries.public_fairs())


@bp.get("/acara/<slug>")
@shared_page()
def show(slug: str) -> ResponseReturnValue:
    """One fair: when, where, who, and what is there."""
    fair = queries.published_fair(slug)
    return render_template(
        "events/show.html",
        fair=fair,
        phase=queries.phase_of(fair.starts_on, fair.ends_on),
        cards=queries.shown_cards(fair.id),
        makers=[{"label": maker.name, "href": f"/lapas/{maker.slug}"} for maker in fair.facilities],
        map_url=map_url(fair.venue),
        preview=_preview(fair),
    )


@bp.get("/acara/<slug>.ics")
def calendar(slug: str) -> Response:
    """The fair for people's calendars."""
    fair = queries.published_fair(slug)
    entry = Entry(
        uid=f"acara-{fair.code.lower()}@{_base_url().partition('//')[2]}",
        first=fair.starts_on,
        last=fair.ends_on,
        title=fair.name,
        place=fair.venue,
        text=f"Diselenggarakan oleh {fair.organiser}.\n{_base_url()}{url_for('.show', slug=slug)}",
        url=f"{_base_url()}{url_for('.show', slug=slug)}",
        written_at=fair.created_at,
    )
    return _file(icalendar(entry), "text/calendar; charset=utf-8", f"{fair.slug}.ics")


@bp.get("/acara/<slug>/qr.<any(svg, png):kind>")
def qr_code(slug: str, kind: str) -> Response:
    """The short link as a QR code, `svg` or `png`."""
    return qr_file(queries.published_fair(slug), kind)


@bp.get("/a/<code>")
def short(code: str) -> AnyResponse:
    """The short link of posters: leads to the fair's page and gives its code along."""
    slug = queries.slug_by_code(code)
    return redirect(f"{url_for('.show', slug=slug)}?{urlencode({PARAMETER: code.upper()})}", 302)


@bp.before_app_request
def remember_fair() -> AnyResponse | None:
    """Move `?e=CODE` from the address into a cookie, so that shared pages stay the same for all.

    The answer leads to the same address without `e`; a code that no published fair has is dropped.
    """
    if PARAMETER not in request.args or request.method not in {"GET", "HEAD"}:
        return None
    if access_of(request.endpoint) in {None, Access.MACHINE}:
        return None
    code = request.args[PARAMETER].upper()
    response = redirect(_address_without_code(), 302)
    response.headers["Cache-Control"] = "no-store"
    if queries.fair_by_code(code) is not None:
        response.set_cookie(
            COOKIE,
            code,
            max_age=REMEMBERED,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response


# --- pieces -------------------------------------------------------------------------------------------


def short_link(fair: Fair) -> str:
    """The address that posters show, in full."""
    return f"{_base_url()}{url_for('events.short', code=fair.code)}"


def qr_file(fair: Fair, kind: str) -> Response:
    """The QR code of a fair's short link as a file to print, 'svg' or 'png'."""
    name = f"qr-{fair.code.lower()}.{kind}"
    if kind == "svg":
        return _file(qr.svg(short_link(fair), title=f"Kode QR {fair.name}"), "image/svg+xml", name)
    return _file(qr.png(short_link(fair)), "image/png", name)


def map_url(venue: str) -> str:
    """Where a map looks for this place."""
    return "https://www.google.com/maps/search/?" + urlencode({"api": 1, "query": venue})


def _preview(fair: Fair) -> str:
    """The picture that chat apps show beside a link to the fair; empty without one."""
    if fair.picture is None:
        return ""
    return urljoin(f"{_base_url()}/", storage().url(link_preview(fair.picture)))


def _base_url() -> str:
    return str(current_app.config["PUBLIC_BASE_URL"])


def _address_without_code() -> str:
    """This address without `e`: always a path of ours, however many slashes it was asked with."""
    path = "/" + quote(request.path.lstrip("/\\"), safe="/~")
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != PARAMETER]
    return to(f"{path}?{urlencode(rest)}" if rest else path)


def _file(body: bytes, content_type: str, name: str) -> Response:
    response = Response(body, content_type=content_type)
    disposition = "attachment" if content_type.startswith("text/calendar") else "inline"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    response.headers["Cache-Control"] = POSTER
    return response
