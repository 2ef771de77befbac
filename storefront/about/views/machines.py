"""For search engines, shopping services and telephones: sitemap, robots, product feed, web app manifest."""

from collections.abc import Iterator
from unicodedata import category
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, jsonify, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from storefront.about.queries import addresses
from storefront.catalog.queries.machines import Address, FeedItem, feed
from storefront.core import clock
from storefront.core.errors import NotFound
from storefront.core.language import LANGUAGES, SOURCE, _, language
from storefront.core.storage import storage
from storefront.core.transactions import version
from storefront.web.languages import to
from storefront.web.meta import absolute, base_url
from storefront.web.pages import shared_page

bp = Blueprint("machines", __name__)
ICONS = (
    ("app-192.png", "192x192", "any"),
    ("app-512.png", "512x512", "any"),
    ("app-maskable-512.png", "512x512", "maskable"),
)
FEED_NAMES = {"warna": "color", "ukuran": "size", "bahan": "material", "motif": "pattern"}
"""Options that shopping services know by a name of their own."""
MORE_PICTURES = 10


@bp.get("/sitemap.xml")
@shared_page()
def sitemap() -> ResponseReturnValue:
    """Every public address in both languages, or the list of its parts when there are too many."""
    if names := addresses.parts():
        body = render_template("about/sitemap_index.xml", base=base_url(), names=names)
    else:
        body = _address_list(addresses.everything())
    return Response(body, mimetype="application/xml")


@bp.get("/sitemap-<name>.xml")
@shared_page()
def sitemap_part(name: str) -> ResponseReturnValue:
    """One part of a large shop's addresses."""
    found = addresses.part(name)
    if not found:
        raise NotFound
    return Response(_address_list(found), mimetype="application/xml")


def _address_list(found: list[Address]) -> str:
    prefixes = {code: "" if code == SOURCE else f"/{code}" for code in LANGUAGES}
    picture = {key: absolute(storage().url(key)) for row in found for key in row.pictures}
    return render_template(
        "about/sitemap.xml", base=base_url(), rows=found, prefixes=prefixes, picture=picture
    )


@bp.get("/robots.txt")
@shared_page()
def robots() -> ResponseReturnValue:
    """What search engines may look at: the public shop, without anybody's cart or order."""
    return Response(render_template("about/robots.txt", base=base_url()), mimetype="text/plain")


@bp.get("/site.webmanifest")
@shared_page()
def manifest() -> ResponseReturnValue:
    """What a telephone needs to keep the shop among its apps."""
    url = current_app.extensions["assets"].url
    facts = {
        "id": to("/"),
        "name": current_app.config["SHOP_NAME"],
        "short_name": current_app.config["SHOP_NAME"],
        "description": _("Karya warga binaan dari Lapas dan Rutan di Banten."),
        "lang": language(),
        "dir": "ltr",
        "start_url": to("/"),
        "scope": to("/"),
        "display": "minimal-ui",
        "background_color": "#fbf8f2",
        "theme_color": "#fbf8f2",
        "icons": [
            {"src": url(f"icons/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    response = jsonify(facts)
    response.mimetype = "application/manifest+json"
    return response


# --- the feed -----------------------------------------------------------------------------------------


@bp.get("/feed/produk.xml")
def product_feed() -> AnyResponse:
    """Every product that can be sent, as Google's Merchant Center reads it (RSS 2.0)."""
    build = current_app.extensions["assets"].build
    etag = f"{version('catalog')}-{clock.today()}-{build}"
    known = request.if_none_match.contains_weak(etag)
    body = () if known or request.method == "HEAD" else stream_with_context(_feed())
    response = Response(body, 304 if known else 200, mimetype="application/xml")
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "public, max-age=900"
    return response


def _feed() -> Iterator[str]:
    name = escape(current_app.config["SHOP_NAME"])
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n'
    yield f"<title>{name}</title>\n<link>{base_url()}/</link>\n"
    yield f"<description>{escape(_('Karya warga binaan dari Lapas dan Rutan di Banten.'))}</description>\n"
    for item in feed():
        if item.pictures:
            yield "<item>\n" + "".join(_line(key, value) for key, value in _attributes(item)) + "</item>\n"
    yield "</channel>\n</rss>\n"


def _attributes(item: FeedItem) -> Iterator[tuple[str, str]]:
    """The attributes of one product, in the order of Google's specification."""
    pictures = [absolute(storage().url(key)) for key in item.pictures]
    yield "id", item.sku
    yield "title", item.title[:150]
    yield "description", item.description[:5000]
    yield "link", f"{base_url()}{item.path}"
    yield "image_link", pictures[0]
    yield from (("additional_image_link", address) for address in pictures[1 : 1 + MORE_PICTURES])
    yield "availability", item.availability
    if item.availability == "preorder" and item.ready_by:
        yield "availability_date", f"{item.ready_by.isoformat()}T00:00+0700"
    yield "price", f"{item.price} IDR"
    yield "brand", item.maker[:70]
    yield "identifier_exists", "no"
    yield "condition", "new"
    if item.shelf:
        yield "product_type", item.shelf
    if item.group:
        yield "item_group_id", item.group
    for option, value in item.options.items():
        if option.lower() in FEED_NAMES:
            yield FEED_NAMES[option.lower()], value[:100]
    if item.weight:
        yield "shipping_weight", f"{item.weight} g"


def _line(name: str, value: str) -> str:
    """One attribute; characters that XML does not know are dropped, unusual blanks are blanks."""
    usual = "".join(" " if category(character)[0] == "Z" else character for character in value)
    readable = "".join(character for character in usual if character.isprintable() or character in "\n\t")
    return f"<g:{name}>{escape(readable)}</g:{name}>\n"
