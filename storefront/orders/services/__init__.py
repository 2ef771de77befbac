"""An order's life, and the letters that tell of it."""

from storefront.orders.services import amounts, letters, tracking
from storefront.orders.services.life import (
    DONE,
    SYSTEM,
    UNTOUCHED,
    Actor,
    IllegalMove,
    accept_parcel,
    cancel_parcels,
    complete_if_done,
    finish_parcel,
    move_order,
    move_parcel,
    new_number,
    pack_parcel,
    ready_parcel,
    record,
    revive_parcels,
    ship_parcel,
)
from storefront.orders.services.pickup import collect_parcel, collect_without_code

__all__ = [
    "DONE",
    "SYSTEM",
    "UNTOUCHED",
    "Actor",
    "IllegalMove",
    "accept_parcel",
    "amounts",
    "cancel_parcels",
    "collect_parcel",
    "collect_without_code",
    "complete_if_done",
    "finish_parcel",
    "letters",
    "move_order",
    "move_parcel",
    "new_number",
    "pack_parcel",
    "ready_parcel",
    "record",
    "revive_parcels",
    "ship_parcel",
    "tracking",
]
