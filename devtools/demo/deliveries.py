"""How the demo's goods travel: couriers' pages, rounds with fresh goods, orders that staff wrote down."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import Select, select

from devtools.demo.offers import PROVINCE
from storefront.assisted.models import Source
from storefront.assisted.services import add_goods, open_draft, place_draft, save_draft, take_cash, use_code
from storefront.catalog.models import Product, ProductStatus, ShippingClass, Supply, Variant
from storefront.checkout.services import Buyer
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import DomainError
from storefront.core.regions.queries import district
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility, Membership
from storefront.inventory.queries import availability
from storefront.orders.models import Order
from storefront.orders.services import Actor
from storefront.shipping.services import close_day, load_first_links, save_area

ROUNDS = {
    "36.71.05": ((1, 4), 8_000), "36.71.01": ((1, 4), 6_000), "36.73.01": ((2, 5), 7_000),
    "36.04.05": ((0, 3), 10_000),
}  # fmt: skip
"""Districts, by code: weekdays (Monday 0) and rupiah; each served by the facility of its town."""
HERE = "LPPTNG"
"""Whose officers sign in to the demo."""


def deliver() -> None:
    """Fill what the office and the facilities keep about bringing things, and three written orders."""
    load_first_links()
    for row in db.session.execute(_makers_of_fresh()).all():
        facility_id, regency = row.id, row.regency_code
        officer = _officer(facility_id)
        for code, (weekdays, cost) in ROUNDS.items():
            place = district(code)
            if place is None or officer is None or not code.startswith(regency):
                continue
            save_area(
                facility_id, place, weekdays=weekdays, cost=cost, cutoff=14 * 60, notice_days=1,
                actor_id=officer,
            )  # fmt: skip
        if officer is not None:
            close_day(facility_id, clock.today() + timedelta(days=9), "Libur dapur", actor_id=officer)
    _write_down()


def _makers_of_fresh() -> Select[int, str]:
    return (
        select(Facility.id, Facility.regency_code)
        .join(Product, Product.facility_id == Facility.id)
        .where(Product.shipping_class == ShippingClass.LOCAL_FRESH)
        .distinct()
    )


def _officer(facility_id: int) -> int | None:
    return db.session.scalar(
        select(Membership.user_id).filter_by(facility_id=facility_id).order_by(Membership.id).limit(1)
    )


def _write_down() -> None:
    """At the facility whose officer signs in to the demo: one draft, one order to pay, one paid in cash."""
    member = db.session.execute(
        select(Membership.facility_id, Membership.user_id)
        .join(Membership.facility)
        .where(Facility.code == HERE)
        .order_by(Membership.id)
        .limit(1)
    ).one_or_none()
    if member is None:
        return
    scope, officer = member
    forms = _ready(scope)
    if len(forms) < 2:
        return
    half = open_draft(scope, officer, Source.WHATSAPP)
    add_goods(scope, half, forms[0], 1)
    save_draft(scope, half, {"nama": "Rini (contoh)", "telepon": "081234567890"})
    with suppress(DomainError):  # the voucher that she named: its minimum may not be reached yet
        use_code(scope, half, PROVINCE)
    for source, method, name in (
        (Source.PHONE, "transfer", "Bu Wati (contoh)"), (Source.COUNTER, "cash", "Pak Udin (contoh)"),
    ):  # fmt: skip
        draft = open_draft(scope, officer, source)
        try:
            add_goods(scope, draft, forms[1], 1)
            buyer = Buyer(name, "+6281234500000")
            placed = place_draft(
                scope, draft, buyer, Actor(officer), payment_method=method, pickups=frozenset({scope})
            )
        except DomainError:  # sold out in this demo
            continue
        with transaction():
            order = db.session.get_one(Order, placed.id)
            order.is_demo, total = True, order.total
        if source is Source.COUNTER:
            take_cash(scope, draft, Actor(officer), amount=total)


def _ready(scope: int) -> list[int]:
    """Forms of products of a facility that lie in its storeroom."""
    rows = db.session.scalars(
        select(Variant.id)
        .join(Variant.product)
        .where(
            Product.facility_id == scope,
            Product.status == ProductStatus.PUBLISHED,
            Variant.is_active,
            Product.supply == Supply.READY,
            Variant.price < 400_000,
        )
        .order_by(Variant.id)
    ).all()
    stock = availability(set(rows))
    return [variant_id for variant_id in rows if stock.get(variant_id, 0) > 2]
