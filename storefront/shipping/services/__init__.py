"""What changes about sending: the office's table, vendors' prices, fresh rounds, and stations of parcels."""

from storefront.shipping.services.fresh import close_day, drop_area, open_day, save_area
from storefront.shipping.services.links import load_first_links, save_link
from storefront.shipping.services.live import ask_vendors, delete_old_rates
from storefront.shipping.services.stations import follow, note_stations
from storefront.shipping.services.table import load_first_rates, replace_rates

__all__ = [
    "ask_vendors",
    "close_day",
    "delete_old_rates",
    "drop_area",
    "follow",
    "load_first_links",
    "load_first_rates",
    "note_stations",
    "open_day",
    "replace_rates",
    "save_area",
    "save_link",
]
