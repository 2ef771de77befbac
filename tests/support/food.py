"""Food for tests: batches that lie on a shelf."""

from datetime import timedelta

from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db
from storefront.inventory.models import Batch
from storefront.inventory.services import receive
from storefront.inventory.services.batches import BatchFacts


def batch_of(facility_id: int, variant_id: int, pieces: int, code: str = "B1", *, keeps: int = 100) -> int:
    """Receive so many pieces of a batch that was made today and keeps for so many days; its id."""
    today = clock.today()
    facts = BatchFacts(code, today, today + timedelta(days=keeps))
    receive(facility_id, variant_id, pieces, batch=facts)
    return db.session.scalars(select(Batch.id).filter_by(variant_id=variant_id, code=code)).one()
