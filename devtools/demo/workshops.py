"""What a Lapas does with its stock and its weeks: an outlet, something broken, a pause, a closing day."""

from datetime import timedelta

from sqlalchemy import func, select

from devtools.demo.orders import World
from storefront.catalog.models import Product, ProductStatus, Supply, Variant
from storefront.catalog.services import update_product
from storefront.catalog.services.pauses import pause_product
from storefront.core import clock
from storefront.core.db import db
from storefront.facilities.models import Workshop
from storefront.facilities.services.days import close_days
from storefront.inventory import services as inventory
from storefront.inventory.models import Location, LocationKind, Reason, Reservation, StockLevel


def run_workshops(world: World) -> None:
    """The facility with the most stock has an outlet; workshops that make to order share their weeks."""
    with clock.travel(world.now):
        _carry()
        _share_weeks()
        _rest()
        _one_of_a_kind()


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


def _one_of_a_kind() -> None:
    """A thing that nobody ordered yet is the only one of its kind."""
    ordered = select(Reservation.variant_id)
    forms = select(Variant.product_id).group_by(Variant.product_id).having(func.count() == 1)
    row = db.session.execute(
        select(Product.facility_id, Product.id, Variant.id)
        .join(Variant, Variant.product_id == Product.id)
        .join(StockLevel, StockLevel.variant_id == Variant.id)
        .where(
            Product.status == ProductStatus.PUBLISHED,
            Product.supply == Supply.READY,
            Product.id.in_(forms),
            Variant.id.not_in(ordered),
            StockLevel.on_hand > 0,
        )
        .order_by(Product.price_from.desc(), Product.id)
        .limit(1)
    ).first()
    if row is not None:
        facility_id, product_id, variant_id = row
        inventory.count(facility_id, variant_id, 1, note="Karya pameran, hanya satu")
        update_product(product_id, None, is_unique=True)
