"""Pictures beside shared links, as files in the storage: drawn by a job, named by what they show."""

import logging
from contextlib import suppress

from storefront.core.errors import NotFound
from storefront.core.pictures import LinkCard, draw_card
from storefront.core.storage import read, storage

log = logging.getLogger(__name__)
FOLDER = "kartu"


def card_key(card: LinkCard) -> str:
    """Where a card is stored."""
    return f"{FOLDER}/{card.name}"


def make_card(card: LinkCard) -> str:
    """Draw and store a card; returns its key, or '' when its photo or the font cannot be read.

    Takes a tenth of a second: call it outside a transaction. Without a card the photo stands in.
    """
    key = card_key(card)
    try:
        drawn = draw_card(card, read(card.photo) if card.photo else None)
    except (NotFound, OSError) as error:
        log.warning("no card for a link: %s", type(error).__name__)
        return ""
    storage().save(key, drawn, "image/jpeg")
    return key


def drop_card(key: str) -> None:
    """Remove a card that nothing shows any more; one file too many is no reason to fail."""
    with suppress(Exception):
        if key:
            storage().delete(key)
