"""A product takes no orders for a while. Its page stays, says so and until when; nothing new is promised."""

from datetime import date

from storefront.catalog.models import Product
from storefront.core import auditlog
from storefront.core.db import db, for_update
from storefront.core.errors import NotFound
from storefront.core.transactions import touch, transaction
from storefront.facilities.services.days import check_pause


def pause_product(
    facility_id: int, product_id: int, until: date, note: str, *, by_id: int | None = None
) -> None:
    """Nobody can order it until this day, on which everybody can again; what was sold stays sold.

    `note` stands on its page and in carts. Raises Invalid, NotFound for another facility's.
    """
    check_pause(until, note)
    with transaction():
        product = _own(facility_id, product_id)
        product.paused_until, product.pause_note = until, note
        _enter("product.paused", product, by_id, until=until.isoformat(), comment=note)


def resume_product(facility_id: int, product_id: int, *, by_id: int | None = None) -> None:
    """It can be ordered again. A second call changes nothing. Raises NotFound."""
    with transaction():
        product = _own(facility_id, product_id)
        if product.paused_until is None:
            return
        product.paused_until, product.pause_note = None, ""
        _enter("product.resumed", product, by_id)


def _own(facility_id: int, product_id: int) -> Product:
    found = db.select(Product).filter_by(id=product_id, facility_id=facility_id)
    product = db.session.scalar(for_update(found))
    if product is None:
        raise NotFound
    return product


def _enter(action: str, product: Product, by_id: int | None, **facts: object) -> None:
    auditlog.write(action, "product", product.id, actor_id=by_id, facility_id=product.facility_id, **facts)
    touch("catalog")
