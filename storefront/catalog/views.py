"""The public shop: home, lists, products, facilities. The same pages for every visitor."""

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from storefront.catalog.queries import places, suggest
from storefront.catalog.queries.collections import CollectionPage, collection_page
from storefront.catalog.queries.collections import collections as collection_rows
from storefront.catalog.queries.filters import MAX_QUERY, PARAMETERS, read_filters
from storefront.catalog.queries.machines import canonical_of, named, product_facts
from storefront.catalog.queries.product import gone_product, product_page, waits_for_permit
from storefront.catalog.queries.rows import PhotoRow, ProductPage
from storefront.catalog.queries.shelf import Shelf
from storefront.catalog.queries.shelf import shelf as shelf_of
from storefront.core.errors import NotFound
from storefront.core.gallery import file_name, link_preview
from storefront.core.language import _
from storefront.core.money import rupiah
from storefront.core.pictures import jpeg_width
from storefront.core.storage import storage
from storefront.web import meta, structured
from storefront.web.languages import to
from storefront.web.outside import map_search, whatsapp_share
from storefront.web.pages import page_version, shared_page
from storefront.web.pagination import page_number

bp = Blueprint("catalog", __name__)
MOST_CARDS = 8
LONGEST_ID = 19
HOME_COLLECTIONS = 4


@bp.get("/")
@shared_page()
def home() -> ResponseReturnValue:
    """The first page. Fairs stand above the catalogue: the app brings their query along."""
    meta.describe(data=structured.shop())
    return render_template(
        "catalog/home.html",
        home=places.home(),
        collections=collection_rows(limit=HOME_COLLECTIONS),
        fair=current_app.extensions["running_fair"](),
    )


@bp.get("/produk")
@shared_page(*PARAMETERS)
def shelf() -> ResponseReturnValue:
    """All products, narrowed by filters."""
    return _list(None)


@bp.get("/kategori/<slug>")
@shared_page(*PARAMETERS)
def category(slug: str) -> ResponseReturnValue:
    """The products of a category and everything below it."""
    return _list(slug)


@bp.get("/produk/<slug>")
@shared_page("ulasan")
def product(slug: str) -> ResponseReturnValue:
    """A product; an old link to one that left the shop shows others like it."""
    try:
        page = product_page(slug, page_number(request.args.get("ulasan")))
    except NotFound:
        return _gone(slug)
    _describe_product(page)
    return render_template("catalog/product.html", product=page, share=share_link(page))


@bp.get("/lapas")
@shared_page()
def facilities() -> ResponseReturnValue:
    """Every facility, those that sell something first."""
    every = places.facilities_overview()
    paths = [(row.name, f"/lapas/{row.slug}") for row in every]
    meta.describe(data=[structured.collection(_("Lapas dan bengkelnya"), "/lapas", paths, total=len(every))])
    return render_template(
        "catalog/facilities.html",
        selling=[row for row in every if row.products],
        waiting=[row for row in every if not row.products],
    )


@bp.get("/lapas/<slug>")
@shared_page()
def facility(slug: str) -> ResponseReturnValue:
    """A facility: its story, its workshops and what they make, fairs it goes to, how to collect."""
    page = places.facility_page(slug)
    meta.describe(
        picture=_preview(page.cover),
        data=[
            structured.breadcrumbs([(_("Lapas"), "/lapas"), (page.name, f"/lapas/{slug}")]),
            structured.collection(page.name, f"/lapas/{slug}", named(page.items), total=page.total),
        ],
    )
    return render_template(
        "catalog/facility.html",
        facility=page,
        fairs=current_app.extensions["fairs_with"](page.id),
        share=whatsapp_share(f"{page.name}, {page.town}\n{meta.address(f'/lapas/{slug}')}"),
        map_url=map_search(f"{page.name}, {page.address or page.town}"),
    )


@bp.get("/koleksi")
@shared_page()
def collections() -> ResponseReturnValue:
    """Every published collection that has something on sale."""
    return render_template("catalog/collections.html", collections=collection_rows())


@bp.get("/koleksi/<slug>")
@shared_page("hal")
def collection(slug: str) -> ResponseReturnValue:
    """A collection: why these belong together, and the products."""
    page = collection_page(slug, page_number(request.args.get("hal")))
    _describe_collection(page)
    return render_template("catalog/collection.html", page=page, collection=page.row)


@bp.get("/saran")
@shared_page("q")
def suggestions() -> ResponseReturnValue:
    """What the search field offers while somebody types, as JSON for the script."""
    q = " ".join(request.args.get("q", "").replace("\0", "").split())[:MAX_QUERY]
    found = suggest.suggestions(q)
    places_ = [
        {"url": to(f"/{door}/{sign.slug}"), "label": sign.name, "kind": kind}
        for door, kind, signs in (
            ("kategori", _("Kategori"), found.categories),
            ("lapas", _("Lapas"), found.facilities),
        )
        for sign in signs
    ]
    products = [_suggested(one) for one in found.products]
    return jsonify({"q": q, "products": products, "places": places_, "meant": found.meant})


@bp.get("/kartu")
def cards() -> ResponseReturnValue:
    """Today's cards of some products, as a piece of a page: for lists that a device keeps itself."""
    sent = request.args.get("id", "").split(",")[:MOST_CARDS]
    ids = [int(part) for part in sent if part.isascii() and part.isdigit() and len(part) < LONGEST_ID]
    html = render_template("catalog/cards.html", cards=suggest.cards_by_id(ids))
    return Response(html, headers={"Cache-Control": "public, max-age=60"})


def share_link(page: ProductPage) -> str:
    """A message about a product for WhatsApp, with its address in the reader's language."""
    words = f"{page.title} · {rupiah(page.price_from)}\n{meta.address(f'/produk/{page.slug}')}"
    return whatsapp_share(words)


def _suggested(one: suggest.Suggestion) -> dict[str, object]:
    photo = one.photo
    return {
        "url": to(f"/produk/{one.slug}"),
        "title": one.title,
        "price": rupiah(one.price_from),
        "facility": one.facility_name,
        "photo": storage().url(file_name(photo.key, min(photo.widths), "webp")) if photo else "",
        "tone": photo.tone if photo else "",
    }


def _list(base_slug: str | None) -> ResponseReturnValue:
    filters = read_filters(request.args.to_dict(flat=False), page_number(request.args.get("hal")))
    found = shelf_of(filters, base_slug, page_version())
    _describe_list(found)
    html = render_template("catalog/list.html", shelf=found)
    return html, 422 if filters.errors else 200


def _gone(slug: str) -> ResponseReturnValue:
    gone = gone_product(slug)
    if gone is None:
        raise NotFound
    title, alike = gone
    html = render_template("catalog/gone.html", title=title, alike=alike, waits=waits_for_permit(slug))
    return html, 404


# --- what search engines and chat apps read -------------------------------------------------------------


def _describe_list(shelf: Shelf) -> None:
    name = shelf.base.name if shelf.base else _("Semua produk")
    canonical, is_worth_finding = canonical_of(shelf)
    meta.describe(
        canonical=canonical,
        index=is_worth_finding,
        data=[
            structured.collection(name, canonical, named(shelf.items), total=shelf.total),
            structured.breadcrumbs(shelf.crumbs),
        ],
    )


def _describe_collection(page: CollectionPage) -> None:
    row = page.row
    meta.describe(
        canonical=page.link(page.number),
        picture=_preview(row.photo),
        data=[
            structured.collection(row.title, f"/koleksi/{row.slug}", named(page.items), total=page.total),
            structured.breadcrumbs([(_("Koleksi"), "/koleksi"), (row.title, f"/koleksi/{row.slug}")]),
        ],
    )


def _describe_product(page: ProductPage) -> None:
    steps = [*((crumb.label, crumb.url) for crumb in page.crumbs), (page.title, f"/produk/{page.slug}")]
    meta.describe(
        kind="product",
        title=page.title,
        description=f"{rupiah(page.price_from)} · {page.summary}",
        picture=meta.card_of(page.card_key) or _preview(page.photos[0] if page.photos else None),
        data=[product_facts(page), structured.breadcrumbs(steps)],
    )


def _preview(photo: PhotoRow | None) -> meta.Preview | None:
    """A photo's JPEG as the picture beside a link."""
    if photo is None:
        return None
    width = jpeg_width(photo.widths)
    return meta.picture_of(link_preview(photo), width, round(photo.height * width / photo.width), photo.alt)
