"""Staff and couriers, or two of the staff, about one parcel at once, on real threads: one of them wins."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from storefront.aftersales.models import ComplaintCase, Problem, Remedy
from storefront.aftersales.services import Back, Counted, IllegalStep, Proposal, come_back, decide
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.transactions import transaction
from storefront.orders.models import OrderEvent, Parcel, ParcelStatus
from storefront.orders.services import Actor, IllegalMove, finish_parcel
from storefront.orders.services.tracking import _write_down
from storefront.payments.models import Refund
from storefront.shipping.providers import Station, Track
from tests.aftersales.conftest import deliver
from tests.aftersales.test_came_back import back, holds, parcel_now
from tests.buying import stock_of
from tests.checkout.test_races import at_once

HANDS = 8


@pytest.fixture
def backend() -> str:
    """Locks are what is tested: the database that has them row by row."""
    return "postgresql"


@pytest.fixture
def away(maker, plates):
    return deliver({plates: 6}, maker, arrive=False)


def courier_says_delivered(away):
    """What the job does with the courier's answer."""
    track = Track([Station(clock.now(), "Diterima oleh SITI")], delivered=True)
    with transaction():
        _write_down({"parcel_id": away.parcel_id, "round": 0}, f"AB123{away.parcel_id}", ("biteship", track))


def ends(away) -> list[str]:
    """What the parcel's history says after it left."""
    database.session.rollback()
    after = select(OrderEvent.to_status).filter_by(parcel_id=away.parcel_id, from_status="shipped")
    return list(database.session.scalars(after))


def test_staff_finish_it_while_the_courier_says_so(app, away):
    jobs = [
        lambda: finish_parcel(away.facility_id, away.parcel_id, Actor(away.staff_id)).id,
        lambda: courier_says_delivered(away),
    ] * HANDS
    results = Counter(at_once(app, jobs))
    assert ends(away) == ["delivered"]
    assert set(results) <= {away.parcel_id, IllegalMove, None}
    assert results[away.parcel_id] <= 1
    events = select(func.count(OrderEvent.id)).filter_by(kind="order", to_status="completed")
    assert database.session.scalar(events) == 1
    holds()


def test_staff_take_it_back_while_the_courier_says_delivered(app, away, plates):
    before = stock_of(plates)
    seen = Back(Problem.NOT_HOME, {away.lines["Piring Batok"]: Counted(6, 0)})
    jobs = []
    for _ in range(HANDS):
        jobs.append(
            lambda: come_back(away.parcel_id, away.staff_id, seen, facility_id=away.facility_id).reference
        )
        jobs.append(lambda: courier_says_delivered(away))
    results = set(at_once(app, jobs))
    [end] = ends(away)
    returned = parcel_now(away.parcel_id).status is ParcelStatus.RETURNED
    assert returned == (end == "returned")
    cases = database.session.scalars(select(ComplaintCase.reference)).all()
    assert results - {None} == (set(cases) if returned else {IllegalMove})
    assert len(cases) == int(returned)
    assert stock_of(plates) == (before[0] + (6 if returned else 0), before[1])
    holds()


def test_twelve_clicks_take_it_back_once(app, away, plates):
    before = stock_of(plates)
    cases = at_once(app, [lambda: back(away) for _ in range(12)])
    assert len(set(cases)) == 1
    assert ends(away) == ["returned"]
    assert stock_of(plates) == (before[0] + 6, before[1])
    holds()


def test_two_officers_decide_differently_and_one_of_them_counts(app, away):
    case_id = back(away)
    line = away.lines["Piring Batok"]
    jobs = [
        lambda remedy=remedy: decide(case_id, away.office_id, Proposal(remedy, {line: 6}), text="Diputuskan.")
        for remedy in [Remedy.REFUND, Remedy.EXCHANGE] * 6
    ]
    assert Counter(at_once(app, jobs)) == {None: 1, IllegalStep: 11}
    refunds = database.session.scalar(select(func.count(Refund.id)))
    again = database.session.scalar(select(func.count(Parcel.id)).filter_by(exchange_of_id=away.parcel_id))
    assert refunds + again == 1
    holds()
