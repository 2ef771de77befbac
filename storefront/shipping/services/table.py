"""The office's price table: replaced as a whole, so that it is never half of two."""

from collections.abc import Sequence

from sqlalchemy import delete

from storefront.core import auditlog, clock
from storefront.core.db import db
from storefront.core.transactions import transaction
from storefront.shipping.models import ShippingRate
from storefront.shipping.providers.rate_table import RateRow, demo_rates


def replace_rates(rows: Sequence[RateRow], *, actor_id: int | None = None) -> None:
    """Put a new price table in the place of the old one. Orders keep the prices they were quoted."""
    moment = clock.now()
    with transaction():
        db.session.execute(delete(ShippingRate))
        db.session.add_all(ShippingRate(**vars(row), updated_at=moment) for row in rows)
        prices = {f"{row.zone.value}/{row.service.value}": [row.first_kg, row.next_kg] for row in rows}
        auditlog.write("rates.replaced", "rates", "table", actor_id=actor_id, prices=prices)


def load_first_rates() -> None:
    """Give a shop without a price table the invented one, so that it can quote at all."""
    if db.session.query(ShippingRate.id).first() is None:
        replace_rates(demo_rates())
