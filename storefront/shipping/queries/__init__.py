"""What it costs to bring parcels somewhere, on which days, and how far they have come."""

from storefront.shipping.queries.cached import VendorRow, vendor_rows
from storefront.shipping.queries.fresh import areas_of, closed_days_of
from storefront.shipping.queries.quotes import (
    HEAVIEST_REGULAR,
    PICKUP,
    ParcelQuotes,
    ParcelSpec,
    ProductQuote,
    Quote,
    all_rates,
    product_quote,
    quotes,
    rate_rows,
)
from storefront.shipping.queries.tracking import stations_of, waybill_link, waybill_links

__all__ = [
    "HEAVIEST_REGULAR",
    "PICKUP",
    "ParcelQuotes",
    "ParcelSpec",
    "ProductQuote",
    "Quote",
    "VendorRow",
    "all_rates",
    "areas_of",
    "closed_days_of",
    "product_quote",
    "quotes",
    "rate_rows",
    "stations_of",
    "vendor_rows",
    "waybill_link",
    "waybill_links",
]
