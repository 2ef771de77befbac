"""A parcel is weighed in its box: in the cart, at the checkout, in the order, and on the product's page."""

import pytest
from sqlalchemy import select

from storefront.cart.queries import contents
from storefront.core.db import db as database
from storefront.core.transactions import transaction
from storefront.facilities.services.packaging import BoxDetails, add_box, change_box
from storefront.orders.models import Parcel
from storefront.shipping.queries import product_quote
from tests import factories
from tests.buying import CIPONDOH, buy, cart_of, know_cipondoh, only, open_shop

BIG = BoxDetails(name="Dus besar", length_cm=60, width_cm=40, height_cm=40, weight=900)


@pytest.fixture
def lamp(db):
    open_shop()
    return measured(weight=400, sides=(30, 20, 20))


def measured(*, weight: int, sides: tuple[int, int, int], **fields):
    product = factories.product(weight=weight, stock=20, **fields)
    with transaction():
        form = only(product)
        form.length_cm, form.width_cm, form.height_cm = sides
    return product


def group(token):
    return contents(token).groups[0]


def test_without_boxes_it_is_as_before(lamp):
    there = group(cart_of({lamp: 2}))
    assert (there.weight, there.volume) == (800, 24_000)


def test_the_smallest_box_that_fits_is_weighed_too(lamp):
    add_box(lamp.facility_id, BIG)
    add_box(lamp.facility_id, BoxDetails(name="Pas", length_cm=30, width_cm=20, height_cm=20, weight=150))
    assert (group(cart_of({lamp: 1})).weight, group(cart_of({lamp: 1})).volume) == (550, 12_000)
    two = group(cart_of({lamp: 2}))
    assert (two.weight, two.volume) == (800 + 900, 96_000)
    assert two.packed.box.name == "Dus besar"


def test_what_is_put_aside_or_somebody_elses_is_not_chosen(lamp):
    add_box(factories.facility().id, BIG)
    box = add_box(lamp.facility_id, BIG)
    change_box(lamp.facility_id, box, BoxDetails(**{**vars(BIG), "is_active": False}))
    assert group(cart_of({lamp: 1})).weight == 400


def test_one_unmeasured_piece_and_the_parcel_goes_without_a_box(lamp):
    add_box(lamp.facility_id, BIG)
    other = factories.product(lamp.facility, weight=500)
    assert group(cart_of({lamp: 1, other: 1})).weight == 900


def test_its_size_is_charged_where_it_is_more_and_old_orders_stay(lamp):
    know_cipondoh()
    before = buy({lamp: 1})
    old = database.session.scalars(select(Parcel).filter_by(order_id=before.id)).one()
    weight, cost = old.weight, old.shipping_cost
    bare = product_quote(lamp.slug, CIPONDOH).delivery
    add_box(lamp.facility_id, BIG)  # 96,000 cm³ count as 16 kg by road
    boxed = product_quote(lamp.slug, CIPONDOH).delivery
    assert bare is not None
    assert boxed is not None
    assert boxed.cost > bare.cost
    after = buy({lamp: 1})
    new = database.session.scalars(select(Parcel).filter_by(order_id=after.id)).one()
    assert (new.weight, new.shipping_cost) == (1300, boxed.cost)
    database.session.expire_all()
    old = database.session.scalars(select(Parcel).filter_by(order_id=before.id)).one()
    assert (old.weight, old.shipping_cost) == (weight, cost)
