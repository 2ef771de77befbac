"""Food of the demo: what the office asks of it, permits with their ends, batches with their days."""

from datetime import date, timedelta

from sqlalchemy import Select, select

from devtools.demo.orders import Pick, World
from devtools.demo.recent import DESK, paid
from storefront.catalog.models import Category, FoodLicence, FoodNeed, LicenceKind, Product, ProductStatus
from storefront.catalog.services.licences import add_licence
from storefront.catalog.services.permits import add_rule
from storefront.core import clock
from storefront.core.db import db
from storefront.facilities.models import Facility
from storefront.inventory.services import receive
from storefront.inventory.services.batches import BatchFacts
from storefront.orders import services as orders
from storefront.orders.models import Parcel

SHELF, FRESH = "Makanan & Minuman", "Segar"
LAW = "Peraturan BPOM 31/2018"
SOON = 80
"""Days after which the permit ends that the demo warns of."""


def arrange_food(world: World) -> None:
    """Rules and permits; one food of the desk has two batches, the near one in a parcel and on its shelf."""
    with clock.travel(world.now):
        shelf = db.session.scalars(select(Category).filter_by(name=SHELF)).one()
        fresh = db.session.scalars(select(Category.id).filter_by(name=FRESH)).one()
        root, path = shelf.id, shelf.path
        _permits(world, path, fresh)
        office = world.crew.office[0].id
        add_rule(fresh, FoodNeed.NO_PERMIT, date(2018, 10, 1), LAW, actor_id=office)
        add_rule(root, FoodNeed.PERMIT, date(2018, 10, 1), LAW, over_days=7, actor_id=office)
        food = _batches(world, path)
        if food:
            _pack_one(world, food)


def _permits(world: World, path: str, fresh: int) -> None:
    """A number for all that needs one and has none; the first food's certificate ends soon."""
    has = select(FoodLicence.product_id).where(FoodLicence.kind != LicenceKind.HALAL)
    lacking = db.session.execute(
        _foods(path).where(Product.category_id != fresh, Product.id.not_in(has)).order_by(Product.id)
    ).all()
    year = (clock.today().year + 3) % 100
    for number, (product_id, facility_id) in enumerate(lacking, start=101):
        maker = world.crew.staff[facility_id].id
        add_licence(product_id, maker, LicenceKind.PIRT, f"{number:013}-{year:02}", holder="Dapur Lapas")
    soon = clock.today() + timedelta(days=SOON)
    certified = select(FoodLicence.product_id).filter_by(kind=LicenceKind.HALAL)
    first = db.session.execute(_foods(path).where(Product.id.not_in(certified)).order_by(Product.id)).first()
    if first:
        halal = f"ID{101:017}"
        add_licence(first[0], world.crew.staff[first[1]].id, LicenceKind.HALAL, halal, valid_until=soon)


def _batches(world: World, path: str) -> Pick | None:
    """Two batches of one food, of the desk if it makes any; a piece of it."""
    desk = db.session.scalars(select(Facility.id).filter_by(code=DESK)).one()
    here = {good.product_id: good for good in world.goods if not good.made_to_order}
    rows = db.session.execute(_foods(path).order_by(Product.facility_id != desk, Product.id)).all()
    for product_id, facility_id in rows:
        if product_id not in here:
            continue
        variant_id, today = min(here[product_id].prices), clock.today()
        near = BatchFacts("MK-0912", today - timedelta(days=60), today + timedelta(days=20))
        far = BatchFacts("MK-1120", today - timedelta(days=2), today + timedelta(days=88))
        for facts, pieces in ((near, 6), (far, 12)):
            actor = world.crew.staff[facility_id].id
            receive(facility_id, variant_id, pieces, actor_id=actor, batch=facts, note="Dari dapur")
        return here[product_id], variant_id, 1
    return None


def _pack_one(world: World, food: Pick) -> None:
    """Somebody bought of the near batch, and it is packed: the batch's page knows a buyer."""
    placed, _paid_at = paid(world, [food], hours=20)
    rows = db.session.execute(select(Parcel.facility_id, Parcel.id).filter_by(order_id=placed.id)).all()
    db.session.rollback()
    for facility_id, parcel_id in rows:
        actor = world.crew.staff[facility_id]
        orders.accept_parcel(facility_id, parcel_id, actor)
        orders.pack_parcel(facility_id, parcel_id, actor)


def _foods(path: str) -> Select[int, int]:
    below = Category.path.startswith(path, autoescape=True)
    return (
        select(Product.id, Product.facility_id)
        .join(Category, Category.id == Product.category_id)
        .where(below, Product.status == ProductStatus.PUBLISHED)
    )
