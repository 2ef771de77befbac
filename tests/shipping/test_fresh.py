"""Fresh goods: the facility's own districts and days, and only days that are still possible."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog.models import ShippingClass
from storefront.checkout.queries import Way
from storefront.checkout.services import WayGone
from storefront.core import clock
from storefront.core.clock import JAKARTA
from storefront.core.db import db as database
from storefront.core.errors import Invalid, NotFound
from storefront.core.regions.queries import district
from storefront.facilities.models import Facility
from storefront.shipping.models import FreshArea
from storefront.shipping.queries import ParcelSpec, areas_of, quotes
from storefront.shipping.queries.fresh import HORIZON, possible_days
from storefront.shipping.services import close_day, drop_area, open_day, save_area
from tests import factories
from tests.buying import CIPONDOH, buy, know_cipondoh, open_shop, order_of

MONDAY = datetime(2026, 11, 23, 8, tzinfo=JAKARTA)
TUESDAY, FRIDAY, NEXT_TUESDAY = date(2026, 11, 24), date(2026, 11, 27), date(2026, 12, 1)


@pytest.fixture
def lapas(db):
    open_shop()
    know_cipondoh()
    return factories.facility(regency_code="36.73").id  # not the buyer's town: only the table brings it there


def rounds(lapas, **changes):
    values = {"weekdays": [1, 4], "cost": 8_000, "cutoff": 14 * 60, "notice_days": 1} | changes
    save_area(lapas, district(CIPONDOH), actor_id=factories.user().id, **values)


def offered(lapas, code=CIPONDOH, not_before=None):
    spec = ParcelSpec(lapas, "36.73", 500, 0, {ShippingClass.LOCAL_FRESH}, not_before)
    return quotes([spec], code)[lapas]


def test_only_days_that_are_possible_are_offered(lapas):
    rounds(lapas)
    with clock.travel(MONDAY):
        [way] = offered(lapas).deliveries
        assert (way.cost, way.kind) == (8_000, "local")
        assert way.dates[:3] == (TUESDAY, FRIDAY, NEXT_TUESDAY)


def test_after_the_cut_off_the_next_round_is_the_first(lapas):
    rounds(lapas)
    with clock.travel(MONDAY.replace(hour=14, minute=0)):
        assert offered(lapas).delivery.dates[0] == TUESDAY
    with clock.travel(MONDAY.replace(hour=14, minute=0, second=1)):
        assert offered(lapas).delivery.dates[0] == FRIDAY


def test_a_closed_day_is_not_offered_until_it_is_opened_again(lapas):
    rounds(lapas)
    officer = factories.user().id
    with clock.travel(MONDAY):
        close_day(lapas, TUESDAY, "Inspeksi", actor_id=officer)
        close_day(lapas, TUESDAY, "Inspeksi", actor_id=officer)
        assert offered(lapas).delivery.dates[0] == FRIDAY
        open_day(lapas, TUESDAY, actor_id=officer)
        assert offered(lapas).delivery.dates[0] == TUESDAY
        with pytest.raises(NotFound):
            open_day(lapas, TUESDAY, actor_id=officer)


def test_what_is_made_first_is_brought_afterwards(lapas):
    rounds(lapas)
    with clock.travel(MONDAY):
        assert offered(lapas, not_before=date(2026, 11, 25)).delivery.dates[0] == FRIDAY


def test_elsewhere_it_says_where_it_goes(lapas):
    rounds(lapas)
    answer = offered(lapas, "36.73.01")
    assert answer.delivery is None
    assert "Cipondoh" in answer.why_not


def test_no_day_left_says_so(lapas):
    rounds(lapas)
    officer = factories.user().id
    with clock.travel(MONDAY):
        for ahead in range(HORIZON + 1):
            close_day(lapas, MONDAY.date() + timedelta(days=ahead), "", actor_id=officer)
        answer = offered(lapas)
        assert answer.delivery is None
        assert "dua minggu" in answer.why_not


def test_a_district_again_is_changed_and_another_facility_cannot(lapas):
    rounds(lapas)
    rounds(lapas, cost=9_500)
    assert offered(lapas).delivery.cost == 9_500
    other = factories.facility().id
    [area] = areas_of([lapas])
    with pytest.raises(NotFound):
        drop_area(other, area.id, actor_id=1)
    drop_area(lapas, area.id, actor_id=factories.user().id)
    assert "kota yang sama" in offered(lapas).why_not


@pytest.mark.parametrize("weekdays", [[], [7], [-1]])
def test_a_round_has_days(lapas, weekdays):
    with pytest.raises(Invalid):
        rounds(lapas, weekdays=weekdays)


def test_the_chosen_day_is_frozen_on_the_parcel(lapas):
    rounds(lapas)
    with clock.travel(MONDAY):
        cake = factories.product(
            database.session.get_one(Facility, lapas), shipping_class=ShippingClass.LOCAL_FRESH
        )
        order = order_of(buy({cake: 1}, ways={lapas: Way("fresh", FRIDAY)}))
        [parcel] = order.parcels
        assert (parcel.deliver_on, parcel.service, parcel.shipping_cost) == (FRIDAY, "fresh", 8_000)
        nearest = order_of(buy({cake: 1}))
        assert nearest.parcels[0].deliver_on == TUESDAY
        with pytest.raises(WayGone):
            buy({cake: 1}, ways={lapas: Way("fresh", date(2026, 11, 25))})


@given(
    weekdays=st.integers(1, 127),
    cutoff=st.integers(0, 1439),
    notice=st.integers(0, 7),
    minutes=st.integers(0, 400 * 24 * 60),
    closed=st.sets(st.integers(0, HORIZON)),
)
def test_every_offered_day_holds_all_rules(weekdays, cutoff, notice, minutes, closed):
    moment = MONDAY + timedelta(minutes=minutes)
    area = FreshArea(weekdays=weekdays, cutoff=cutoff, notice_days=notice, cost=0)
    shut = {moment.date() + timedelta(days=ahead) for ahead in closed}
    days = possible_days(area, shut, moment=moment)
    assert days == sorted(set(days))
    for day in days:
        last = datetime.combine(day, datetime.min.time(), JAKARTA) - timedelta(days=notice)
        assert weekdays >> day.weekday() & 1
        assert day not in shut
        assert moment <= last + timedelta(minutes=cutoff)
