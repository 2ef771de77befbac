"""A buyer goes: their words and photos leave the cases of their orders, what was done stays."""

from collections.abc import Sequence

from sqlalchemy import select, update

from storefront.aftersales.models import CaseEntry, ComplaintCase, Party
from storefront.aftersales.services.photos import drop_photos
from storefront.core.db import db

GONE = "(dihapus)"
"""Stored in place of words, so it is not translated."""


def forget_cases(order_ids: Sequence[int]) -> None:
    """Take everything out of the cases of these orders that a buyer wrote or showed. Needs a transaction."""
    case_ids = db.session.scalars(select(ComplaintCase.id).where(ComplaintCase.order_id.in_(order_ids))).all()
    if not case_ids:
        return
    db.session.execute(update(ComplaintCase).where(ComplaintCase.id.in_(case_ids)).values(text=GONE))
    db.session.execute(
        update(CaseEntry)
        .where(CaseEntry.case_id.in_(case_ids), CaseEntry.party == Party.BUYER, CaseEntry.text != "")
        .values(text=GONE)
    )
    drop_photos(case_ids)
