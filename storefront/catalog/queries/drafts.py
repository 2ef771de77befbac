"""Forms for new products that wait to be finished."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from storefront.catalog.models import DraftPicture, ProductDraft
from storefront.core.db import db


def own_drafts(facility_id: int) -> Sequence[ProductDraft]:
    """The unfinished forms of a facility, the latest first."""
    return db.session.scalars(
        select(ProductDraft)
        .options(joinedload(ProductDraft.updated_by))
        .filter_by(facility_id=facility_id)
        .order_by(ProductDraft.updated_at.desc(), ProductDraft.id.desc())
    ).all()


def held_pictures(draft_id: int) -> list[int]:
    """The ids of the pictures that wait in a draft, in their order."""
    return list(
        db.session.scalars(
            select(DraftPicture.picture_id).filter_by(draft_id=draft_id).order_by(DraftPicture.position)
        )
    )


def is_held(picture_id: int) -> bool:
    """Does a draft wait with this picture?"""
    return bool(db.session.scalar(select(exists().where(DraftPicture.picture_id == picture_id))))
