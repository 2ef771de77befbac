"""What it costs to bring a product to a place, asked from its page."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from storefront.core.language import _
from storefront.shipping.models import TrackingEvent
from storefront.shipping.queries import Quote, product_quote, stations_of, waybill_link
from storefront.web.limits import limiter

bp = Blueprint("shipping", __name__)


@bp.app_template_filter("lama_kirim")
def how_long(way: Quote) -> str:
    """How long a service takes, as far as anybody says."""
    if way.dates:
        return _("Segar dari dapur, pada hari yang Anda pilih")
    if not way.days_max:
        return _("Lama kirim menurut kurir, setelah siap")
    if way.days_min == way.days_max:
        return _("%(days)s hari kerja setelah siap", days=way.days_max)
    return _("%(first)s–%(last)s hari kerja setelah siap", first=way.days_min, last=way.days_max)


@bp.app_template_filter("stasiun")
def stations(parcel: Any) -> list[TrackingEvent]:
    """What its courier told about a parcel, the newest first; asks nothing before it has a waybill."""
    return stations_of([parcel.id]).get(parcel.id, []) if parcel.waybill else []


bp.add_app_template_global(waybill_link, "tautan_resi")


@bp.get("/produk/<slug>/ongkir")
@limiter.limit("240 per minute")
def quote(slug: str) -> ResponseReturnValue:
    """The cost of one piece into the district `kecamatan`, as a piece of a page: the device knows which."""
    found = product_quote(slug, request.args.get("kecamatan", "")[:8])
    html = render_template("shipping/quote.html", found=found)
    return Response(html, headers={"Cache-Control": "public, max-age=300"})
