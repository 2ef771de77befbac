"""Fairs as the public sees them, and the code that a poster gives its visitors along."""

from urllib.parse import quote, urlencode

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from storefront.core import qr
from storefront.core.gallery import link_preview
from storefront.core.icalendar import Entry, icalendar
from storefront.core.language import _
from storefront.core.pictures import jpeg_width
from storefront.core.storage import storage
from storefront.events import queries
from storefront.events.models import Fair
from storefront.web import meta, structured
from storefront.web.access import Access, access_of
from storefront.web.browser import DAY, FAIR_COOKIE, remember
from storefront.web.formats import date_range
from storefront.web.languages import to
from storefront.web.outside import map_search, whatsapp_share
from storefront.web.pages import shared_page

bp = Blueprint("events", __name__)

PARAMETER = "e"
REMEMBERED = 30 * DAY
POSTER = "public, max-age=300"


@bp.get("/acara")
@shared_page()
def index() -> ResponseReturnValue:
    """What runs, what comes, what was."""
    fairs = queries.public_fairs()
    shown = [*fairs.running, *fairs.coming, *fairs.past]
    items = [(fair.name, f"/acara/{fair.slug}") for fair in shown]
    meta.describe(
        data=[
            structured.collection(_("Acara"), "/acara", items, total=len(items)),
            structured.breadcrumbs([(_("Beranda"), "/"), (_("Acara"), "/acara")]),
        ]
    )
    return render_template("events/index.html", fairs=fairs)


@bp.get("/acara/<slug>")
@shared_page()
def show(slug: str) -> ResponseReturnValue:
    """One fair: when, where, who, and what is there."""
    fair = queries.published_fair(slug)
    _describe(fair)
    return render_template(
        "events/show.html",
        fair=fair,
        phase=queries.phase_of(fair.starts_on, fair.ends_on),
        starts_in=queries.days_until(fair.starts_on),
        ends_in=queries.days_until(fair.ends_on),
        cards=queries.shown_cards(fair.id),
        makers=[{"label": maker.name, "href": to(f"/lapas/{maker.slug}")} for maker in fair.facilities],
        map_url=map_search(fair.venue),
        share=_share_link(fair),
        others=queries.other_fairs(fair.id),
    )


@bp.get("/acara/<slug>.ics")
def calendar(slug: str) -> Response:
    """The fair for people's calendars."""
    fair = queries.published_fair(slug)
    page = meta.address(f"/acara/{slug}")
    entry = Entry(
        uid=f"acara-{fair.code.lower()}@{meta.base_url().partition('//')[2]}",
        first=fair.starts_on,
        last=fair.ends_on,
        title=fair.name,
        place=fair.venue,
        text=_("Diselenggarakan oleh %(organiser)s.", organiser=fair.organiser) + f"\n{page}",
        url=page,
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
        remember(response, FAIR_COOKIE, code, seconds=REMEMBERED)
    return response


# --- pieces -------------------------------------------------------------------------------------------


def short_link(fair: Fair) -> str:
    """The address that posters show, in full."""
    return f"{meta.base_url()}/a/{fair.code}"  # one address, whatever language the printer of posters reads


def qr_file(fair: Fair, kind: str) -> Response:
    """The QR code of a fair's short link as a file to print, 'svg' or 'png'."""
    name = f"qr-{fair.code.lower()}.{kind}"
    if kind == "svg":
        return _file(
            qr.svg(short_link(fair), title=_("Kode QR %(name)s", name=fair.name)), "image/svg+xml", name
        )
    return _file(qr.png(short_link(fair)), "image/png", name)


def _share_link(fair: Fair) -> str:
    """A message about a fair for WhatsApp, with its address in the reader's language."""
    when = date_range(fair.starts_on, fair.ends_on)
    return whatsapp_share(f"{fair.name} · {when} · {fair.venue}\n{meta.address(f'/acara/{fair.slug}')}")


def _describe(fair: Fair) -> None:
    """The fair in schema.org's words, and its card or cover beside shared links."""
    path = f"/acara/{fair.slug}"
    photo = storage().url(link_preview(fair.picture)) if fair.picture else ""
    meta.describe(
        kind="article",
        title=fair.name,
        description=f"{date_range(fair.starts_on, fair.ends_on)} · {fair.venue}",
        picture=meta.card_of(fair.card_key) or _cover(fair),
        data=[
            structured.event(
                name=fair.name,
                path=path,
                first=fair.starts_on,
                last=fair.ends_on,
                venue=fair.venue,
                organiser=fair.organiser,
                description=fair.story,
                picture=photo,
            ),
            structured.breadcrumbs([(_("Beranda"), "/"), (_("Acara"), "/acara"), (fair.name, path)]),
        ],
    )


def _cover(fair: Fair) -> meta.Preview | None:
    if fair.picture is None:
        return None
    width = jpeg_width(fair.picture.widths)
    height = round(fair.picture.height * width / fair.picture.width)
    return meta.picture_of(link_preview(fair.picture), width, height, fair.picture.alt)


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
