"""What a parcel costs to bring, and what cannot be brought."""

import pytest

from storefront.catalog.models import ShippingClass
from storefront.shipping.models import Service
from storefront.shipping.queries import ParcelSpec, quotes
from storefront.shipping.services import load_first_rates

TANGERANG, SERANG, JAKARTA, MEDAN = "36.71.05", "36.73.01", "31.71.01", "12.71.01"


@pytest.fixture(autouse=True)
def rates(db):
    load_first_rates()


def quote(district, *classes, weight=500, volume=0):
    spec = ParcelSpec(1, "36.71", weight, volume, set(classes) or {ShippingClass.PARCEL})
    return quotes([spec], district)[1]


def test_farther_is_never_cheaper():
    costs = [quote(place).delivery.cost for place in (TANGERANG, SERANG, JAKARTA, MEDAN)]
    assert costs == sorted(costs)
    assert costs[0] > 0


def test_volume_counts_when_it_is_more_than_the_weight():
    assert quote(SERANG, volume=60_000).delivery.cost > quote(SERANG).delivery.cost


def test_three_hundred_grams_over_a_kilogram_are_free():
    assert quote(SERANG, weight=1300).delivery.cost == quote(SERANG, weight=1000).delivery.cost
    assert quote(SERANG, weight=1310).delivery.cost > quote(SERANG, weight=1300).delivery.cost


@pytest.mark.parametrize(
    ("classes", "district", "service"),
    [
        ((ShippingClass.PARCEL,), SERANG, Service.REGULAR),
        ((ShippingClass.PARCEL, ShippingClass.CARGO), SERANG, Service.CARGO),
        ((ShippingClass.LOCAL_FRESH,), TANGERANG, Service.LOCAL),
    ],
)
def test_a_parcel_goes_by_the_strictest_of_its_goods(classes, district, service):
    assert quote(district, *classes).delivery.service == service


def test_heavy_goods_go_as_cargo():
    assert quote(SERANG, weight=30_001).delivery.service == Service.CARGO


@pytest.mark.parametrize(
    ("classes", "district", "words"),
    [
        ((ShippingClass.PICKUP_ONLY, ShippingClass.PARCEL), TANGERANG, "hanya dapat diambil"),
        ((ShippingClass.LOCAL_FRESH,), SERANG, "kota yang sama"),
        ((ShippingClass.PARCEL,), None, "Pilih kecamatan"),
    ],
)
def test_what_cannot_be_sent_says_why(classes, district, words):
    answer = quote(district, *classes)
    assert answer.delivery is None
    assert words in answer.why_not


def test_all_parcels_of_a_cart_are_one_question(query_count):
    specs = [ParcelSpec(n, "36.71", 500, 0, {ShippingClass.PARCEL}) for n in range(1, 9)]
    with query_count(at_most=1):
        assert len(quotes(specs, SERANG)) == 8
