"""Vendors' prices at the checkout: asked before, kept, and never in the buyer's way."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storefront.catalog.models import ShippingClass
from storefront.core import clock
from storefront.core.db import db as database
from storefront.shipping.models import CachedRate, RateSource
from storefront.shipping.queries import ParcelSpec, quotes
from storefront.shipping.services import ask_vendors, delete_old_rates, load_first_rates
from tests import factories
from tests.buying import CIPONDOH, know_cipondoh

BOTH = pytest.mark.vendors("rajaongkir", "biteship")
ONE = pytest.mark.vendors("rajaongkir")


@pytest.fixture
def spec(db):
    load_first_rates()
    know_cipondoh()
    lapas = factories.facility(regency_code="36.73", postal_code="42117")
    return ParcelSpec(lapas.id, "36.73", 900, 0, {ShippingClass.PARCEL})


def offered(spec):
    return quotes([spec], CIPONDOH)[spec.facility_id].deliveries


def by_table(spec):
    return [one for one in offered(spec) if one.service in ("regular", "express", "cargo")]


def test_without_a_key_nobody_is_asked(spec, couriers):
    assert not ask_vendors([spec], CIPONDOH)
    assert couriers.calls() == 0
    assert [one.service for one in offered(spec)] == ["regular", "express"]


@ONE
def test_prices_are_asked_once_and_kept(spec, couriers):
    assert ask_vendors([spec], CIPONDOH)
    calls = couriers.calls()
    assert [one.service for one in offered(spec)][:2] == ["jnt:EZ", "sicepat:REG"]
    assert not ask_vendors([spec], CIPONDOH)
    assert couriers.calls() == calls == 3  # two places and one price


@ONE
def test_the_same_rounded_weight_is_the_same_question(spec, couriers):
    ask_vendors([spec], CIPONDOH)
    calls = couriers.calls()
    other = ParcelSpec(spec.facility_id, spec.origin, 1300, 0, spec.classes)
    ask_vendors([other], CIPONDOH)
    assert couriers.calls() == calls
    ask_vendors([ParcelSpec(spec.facility_id, spec.origin, 1301, 0, spec.classes)], CIPONDOH)
    assert couriers.calls() == calls + 1  # the places are known


@ONE
def test_a_price_grows_old_and_is_asked_anew_in_time(spec, couriers):
    ask_vendors([spec], CIPONDOH)
    first = offered(spec)
    couriers.world.factor = 1.5
    with clock.travel(clock.now() + timedelta(hours=11)):
        assert not ask_vendors([spec], CIPONDOH)
        assert offered(spec) == first
    with clock.travel(clock.now() + timedelta(hours=11, minutes=30)):
        assert offered(spec) == first  # still true for whoever looks at it
        assert ask_vendors([spec], CIPONDOH)
        assert offered(spec)[0].cost > first[0].cost


@ONE
def test_a_price_that_is_too_old_is_read_by_nobody(spec, couriers):
    ask_vendors([spec], CIPONDOH)
    couriers.fail("down")
    with clock.travel(clock.now() + timedelta(hours=13)):
        ask_vendors([spec], CIPONDOH)
        assert offered(spec) == tuple(by_table(spec))


@ONE
@pytest.mark.parametrize("kind", ["down", "quota", "nonsense"])
def test_the_table_stands_in_and_the_vendor_is_left_alone(spec, couriers, kind):
    couriers.fail(kind)
    ask_vendors([spec], CIPONDOH)
    assert [one.service for one in offered(spec)] == ["regular", "express"]
    calls = couriers.calls()
    ask_vendors([spec], CIPONDOH)
    assert couriers.calls() == calls
    couriers.mend()
    with clock.travel(clock.now() + timedelta(minutes=11)):
        ask_vendors([spec], CIPONDOH)
        assert offered(spec)[0].service == "jnt:EZ"
        source = database.session.scalars(select(RateSource)).one()
        assert source.away_until is None
        assert source.answered_at is not None


@BOTH
def test_the_second_vendor_answers_for_the_first(spec, couriers):
    couriers.fail("down", vendor="rajaongkir")
    ask_vendors([spec], CIPONDOH)
    assert offered(spec)[0].service == "jnt:ez"


@BOTH
def test_nobody_goes_there_is_kept_too_and_the_table_counts(spec, couriers):
    couriers.fail("none")
    ask_vendors([spec], CIPONDOH)
    calls = couriers.calls()
    assert [one.service for one in offered(spec)] == ["regular", "express"]
    ask_vendors([spec], CIPONDOH)
    assert couriers.calls() == calls
    assert database.session.scalar(select(func.count(CachedRate.id))) == 2


@ONE
def test_cargo_and_fresh_goods_ask_for_what_may_carry_them(spec, couriers):
    bulky = ParcelSpec(spec.facility_id, spec.origin, 12_000, 0, {ShippingClass.CARGO})
    ask_vendors([bulky], CIPONDOH)
    assert {one.kind for one in offered(bulky)} == {"cargo"}
    calls = couriers.calls()
    fresh = ParcelSpec(spec.facility_id, "36.71", 500, 0, {ShippingClass.LOCAL_FRESH})
    assert not ask_vendors([fresh], CIPONDOH)
    assert couriers.calls() == calls


@ONE
def test_old_prices_are_forgotten(spec):
    ask_vendors([spec], CIPONDOH)
    assert delete_old_rates() == 0
    with clock.travel(clock.now() + timedelta(days=8)):
        assert delete_old_rates() == 1
