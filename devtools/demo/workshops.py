"""What a Lapas does with its stock and its weeks: an outlet, something broken, a pause, a closing day."""

from datetime import timedelta

from sqlalchemy import select

from devtools.demo.orders import World
from storefront.catalog.models import Product, ProductStatus, Supply, Variant
from storefront.catalog.services.pauses import pause_product
from storefront.core import clock
from storefront.core.db import db
from storefront.facilities.models import Workshop
from storefront.facilities.services.days import close_days
from storefront.inventory import services as inventory
from storefront.inventory.models import Location, LocationKind, Reason, StockLevel


def run_workshops(world: World) -> None:
    """The facility with the most stock has an outlet; workshops that make to order share their weeks."""
    with clock.travel(world.now):
        _carry()
        _share_weeks()
        _rest()


def _carry() -> None:
    found = db.session.execute(
        select(Location.facility_id, StockLevel.variant_id)
        .join(StockLevel, StockLevel.location_id == Location.id)
        .where(StockLevel.available > 8)
        .order_by(StockLevel.available.desc(), StockLevel.id)
        .limit(3)
    ).all()
    for facility_id, variant_id in found:
        room = inventory.ensure_storeroom(facility_id)
        at = select(Location.id).filter_by(facility_id=facility_id, kind=LocationKind.OUTLET)
        outlet = db.session.scalar(at) or inventory.open_place(
            facility_id, "Gerai Lounge Imigrasi", LocationKind.OUTLET
        )
        inventory.transfer(facility_id, variant_id, 4, from_id=room, to_id=outlet, note="Isi gerai")
        inventory.take_out(facility_id, variant_id, 1, reason=Reason.BROKEN, note="Jahitannya lepas")
        inventory.take_out(facility_id, variant_id, 1, reason=Reason.GUESTS, note="Kunjungan dinas")


def _share_weeks() -> None:
    rooms = db.session.execute(
        select(Workshop.facility_id, Workshop.id)
        .join(Product, Product.workshop_id == Workshop.id)
        .where(Product.supply == Supply.MADE_TO_ORDER)
        .distinct()
        .order_by(Workshop.id)
        .limit(3)
    ).all()
    for facility_id, workshop_id in rooms:
        inventory.set_capacity(facility_id, workshop_id, 12)
        first = clock.today() + timedelta(days=10)
        close_days(facility_id, first, first + timedelta(days=1), "Panen raya dan kerja bakti")


def _rest() -> None:
    row = db.session.execute(
        select(Product.facility_id, Product.id)
        .join(Variant, Variant.product_id == Product.id)
        .where(Product.status == ProductStatus.PUBLISHED, Product.supply == Supply.READY)
        .order_by(Product.popularity, Product.id)
        .limit(1)
    ).first()
    if row is not None:
        until = clock.today() + timedelta(days=21)
        pause_product(row.facility_id, row.id, until, "Menunggu bambu dari panen berikutnya.")
