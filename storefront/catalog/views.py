"""The public shop: home, lists, products, facilities. The same pages for every visitor."""

from urllib.parse import quote

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from storefront.catalog.queries import places
from storefront.catalog.queries.cards import newest
from storefront.catalog.queries.filters import PARAMETERS, read_filters
from storefront.catalog.queries.product import gone_product, product_page
from storefront.catalog.queries.rows import ProductPage
from storefront.catalog.queries.shelf import shelf as shelf_of
from storefront.core.errors import NotFound
from storefront.core.gallery import link_preview
from storefront.core.money import rupiah
from storefront.core.storage import storage
from storefront.web.pages import shared_page
from storefront.web.pagination import page_number

bp = Blueprint("catalog", __name__)
SUGGESTIONS = 4


@bp.get("/")
@shared_page()
def home() -> ResponseReturnValue:
    """The first page. What fairs there are is asked of `app.extensions["running_fair"]`, if wired."""
    running_fair = current_app.extensions.get("running_fair", lambda: None)
    return render_template("catalog/home.html", home=places.home(), fair=running_fair())


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
@shared_page()
def product(slug: str) -> ResponseReturnValue:
    """A product; an old link to one that left the shop shows others like it."""
    try:
        page = product_page(slug)
    except NotFound:
        return _gone(slug)
    address = f"{current_app.config['PUBLIC_BASE_URL']}/produk/{page.slug}"
    preview = storage().url(link_preview(page.photos[0])) if page.photos else ""
    share = f"https://wa.me/?text={quote(f'{page.title} · {rupiah(page.price_from)} {address}')}"
    return render_template(
        "catalog/product.html",
        product=page,
        address=address,
        share=share,
        preview=_absolute(preview),
        facts=structured(page, address, _absolute(preview)),
    )


@bp.get("/lapas")
@shared_page()
def facilities() -> ResponseReturnValue:
    """Every facility."""
    return render_template("catalog/facilities.html", facilities=places.facilities_overview())


@bp.get("/lapas/<slug>")
@shared_page()
def facility(slug: str) -> ResponseReturnValue:
    """A facility: its workshops, its products, how to collect."""
    return render_template("catalog/facility.html", facility=places.facility_page(slug))


@bp.get("/sitemap.xml")
@shared_page()
def sitemap() -> ResponseReturnValue:
    """Every public address of the catalogue, for search engines."""
    body = render_template(
        "catalog/sitemap.xml", base=current_app.config["PUBLIC_BASE_URL"], rows=places.sitemap()
    )
    return Response(body, mimetype="application/xml")


@bp.get("/robots.txt")
@shared_page()
def robots() -> ResponseReturnValue:
    """What search engines may look at: the public shop, without anybody's cart or order."""
    body = render_template("catalog/robots.txt", base=current_app.config["PUBLIC_BASE_URL"])
    return Response(body, mimetype="text/plain")


def structured(page: ProductPage, address: str, picture: str) -> dict[str, object]:
    """The product as search engines read it (schema.org); nothing that the page does not say."""
    first = page.first
    offer: dict[str, object] = {
        "@type": "AggregateOffer",
        "priceCurrency": "IDR",
        "lowPrice": page.price_from,
        "highPrice": page.price_to,
        "offerCount": len(page.variants),
        "availability": "https://schema.org/InStock" if page.can_buy else "https://schema.org/OutOfStock",
    }
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": page.title,
        "description": page.summary,
        "url": address,
        "sku": first.sku if first else "",
        "brand": {"@type": "Organization", "name": page.facility.name},
        "offers": offer,
    }
    return facts | {"image": picture} if picture else facts


def _list(base_slug: str | None) -> ResponseReturnValue:
    filters = read_filters(request.args.to_dict(flat=False), page_number(request.args.get("hal")))
    found = shelf_of(filters, base_slug)
    suggestions = [] if found.total else newest(limit=SUGGESTIONS)
    html = render_template("catalog/list.html", shelf=found, suggestions=suggestions)
    return html, 422 if filters.errors else 200


def _gone(slug: str) -> ResponseReturnValue:
    gone = gone_product(slug)
    if gone is None:
        raise NotFound
    title, alike = gone
    html = render_template("catalog/gone.html", title=title, alike=alike)
    return html, 404, {"Cache-Control": "no-store"}


def _absolute(path: str) -> str:
    """A stored file's address as other sites have to write it."""
    return current_app.config["PUBLIC_BASE_URL"] + path if path.startswith("/") else path
