"""Pictures beside shared links, as files in the storage: drawn by a job, named by what they show."""

import logging
from contextlib import suppress
from typing import Any

from storefront.core.db import db, locked
from storefront.core.errors import NotFound
from storefront.core.pictures import LinkCard, draw_card
from storefront.core.storage import read, storage
from storefront.core.transactions import on_commit, touch, transaction

log = logging.getLogger(__name__)
FOLDER = "kartu"


def card_key(card: LinkCard) -> str:
    """Where a card is stored."""
    return f"{FOLDER}/{card.name}"


def renew_card(kind: type[Any], row_id: int, before: str, card: LinkCard | None) -> None:
    """Give a row (`card_key`, now `before`) the card that it shows, or none; the old file goes.

    Nothing is drawn that is there already, and running twice does no harm. For jobs: it ends the
    transaction that read the row.
    """
    db.session.rollback()  # drawing takes a while: no read transaction stays open meanwhile
    if before == (card_key(card) if card else ""):
        return
    after = make_card(card) if card else ""
    try:
        with transaction():
            row = locked(kind, row_id)
            old, row.card_key = row.card_key, after
            if old != after:
                on_commit(lambda: drop_card(old))
            touch("catalog")
    except NotFound:  # deleted while its card was drawn
        drop_card(after)


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
