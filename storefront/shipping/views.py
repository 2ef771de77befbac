"""What it costs to bring a product to a place, asked from its page."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from storefront.shipping.queries import product_quote
from storefront.web.limits import limiter

bp = Blueprint("shipping", __name__)


@bp.get("/produk/<slug>/ongkir")
@limiter.limit("240 per minute")
def quote(slug: str) -> ResponseReturnValue:
    """The cost of one piece into the district `kecamatan`, as a piece of a page: the device knows which."""
    found = product_quote(slug, request.args.get("kecamatan", "")[:8])
    html = render_template("shipping/quote.html", found=found)
    return Response(html, headers={"Cache-Control": "public, max-age=300"})
