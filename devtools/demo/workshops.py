"""What a Lapas does with its stock and its weeks: an outlet, something broken, a pause, a closing day."""

from datetime import timedelta

from sqlalchemy import ScalarSelect, exists, select

from devtools.demo.orders import World
from devtools.demo.people import printed
from devtools.demo.shelves import NOTICE
from storefront.catalog import services as catalog
from storefront.catalog.models import Product, ProductStatus, Supply, Variant
from storefront.catalog.services.pauses import pause_product
from storefront.core import clock
from storefront.core.db import db
from storefront.core.gallery import largest_of
from storefront.core.storage import read
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility, Workshop
from storefront.facilities.services.days import close_days
from storefront.inventory import services as inventory
from storefront.inventory.models import Location, LocationKind, Reason, StockLevel

COSTED = 6


def run_workshops(world: World) -> None:
    """The facility with the most stock has an outlet; workshops that make to order share their weeks."""
    with clock.travel(world.now):
        _carry()
        _share_weeks()
        _receive_visitors()
        _rest()
        _one_of_a_kind()
        _cost()


def _cost() -> None:
    """What a piece takes is written of some things: their prices can be helped, one with a warning."""
    forms = db.session.execute(
        select(Variant.product_id, Variant.id, Variant.price)
        .join(Variant.product)
        .where(Product.facility_id == _shown(), Product.status == ProductStatus.PUBLISHED, Variant.is_active)
        .order_by(Product.id, Variant.position)
        .limit(COSTED)
    ).all()
    for place, (product_id, variant_id, price) in enumerate(forms):
        share = 105 if place == 0 else 45  # per cent of the price: the first one is sold below its material
        material = -(-(price or 0) * share // 100_000) * 1_000
        catalog.update_variant(
            product_id, variant_id, None, material_cost=material, work_minutes=30 * (place + 1)
        )


def _carry() -> None:
    found = db.session.execute(
        select(Location.facility_id, StockLevel.variant_id)
        .join(StockLevel, StockLevel.location_id == Location.id)
        .where(StockLevel.available > 8)
        .order_by(Location.facility_id != _shown(), StockLevel.available.desc(), StockLevel.id)
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
    makes = exists().where(Product.workshop_id == Workshop.id, Product.supply == Supply.MADE_TO_ORDER)
    rooms = db.session.execute(
        select(Workshop.facility_id, Workshop.id)
        .where(makes)
        .order_by(Workshop.facility_id != _shown(), Workshop.id)
        .limit(3)
    ).all()
    for facility_id, workshop_id in rooms:
        inventory.set_capacity(facility_id, workshop_id, 12)
        first = clock.today() + timedelta(days=10)
        close_days(facility_id, first, first + timedelta(days=1), "Panen raya dan kerja bakti")


def _receive_visitors() -> None:
    """One workshop has hours of its own; the others keep those of the facility."""
    rooms = select(Workshop).where(Workshop.facility_id == _shown()).order_by(Workshop.position)
    with transaction():
        room = db.session.scalars(rooms.limit(1)).first()
        if room is not None:
            room.hours = "Selasa dan Kamis, 09.00–11.30 WIB"


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
    """The dearest thing that is ready has a sister of which there is only one."""
    model = db.session.scalars(
        select(Product)
        .where(
            Product.status == ProductStatus.PUBLISHED,
            Product.supply == Supply.READY,
            Product.facility_id == _shown(),
        )
        .order_by(Product.price_from.desc(), Product.id)
    ).first()
    if model is None or model.photo is None:
        return
    photo, alt = read(largest_of(model.photo.key, model.photo.widths)), model.photo.alt
    facility_id, price = model.facility_id, (model.price_from or 0) * 2
    product_id = catalog.create_product(
        facility_id, None, f"{model.title[:70]}, karya tunggal", price=price,
        weight=model.variants[0].weight, summary="Dibuat satu kali untuk pameran, dengan motif sendiri.",
        description=NOTICE,
        category_id=model.category_id, workshop_id=model.workshop_id, supply=Supply.READY,
        is_unique=True,
    ).id  # fmt: skip
    catalog.add_photo(product_id, photo, alt, None)
    form = db.session.scalars(select(Variant.id).filter_by(product_id=product_id)).one()
    inventory.receive(facility_id, form, 1, note="Karya pameran, hanya satu")
    catalog.submit_product(product_id, None)
    catalog.publish_product(product_id, None)


def _shown() -> ScalarSelect[int]:
    """The first facility whose people the demo shows how to sign in."""
    return select(Facility.id).where(Facility.code == printed()[3].facility).scalar_subquery()
