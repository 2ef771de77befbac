"""Many hands on one case at once, on real threads: one of them acts, money and goods move once."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from storefront.aftersales.models import CaseStatus, Remedy, Wish
from storefront.aftersales.services import (
    Counted,
    IllegalStep,
    Proposal,
    accept_wish,
    decide,
    hand_over,
    open_case,
    receive_back,
    reject,
    withdraw,
)
from storefront.core.db import db as database
from storefront.desk.queries.audit import verify
from storefront.orders.models import Parcel
from storefront.payments.models import Refund
from tests.aftersales.conftest import case_now, complain, told
from tests.buying import stock_of
from tests.checkout.test_races import at_once


@pytest.fixture
def backend() -> str:
    """Locks are what is tested: the database that has them row by row."""
    return "postgresql"


def sums() -> tuple[int, int]:
    """How many refunds there are, and how many rupiah they are."""
    database.session.rollback()
    return database.session.execute(
        select(func.count(Refund.id), func.coalesce(func.sum(Refund.amount), 0))
    ).one()


def holds() -> None:
    """Every rule of the audit."""
    assert {finding.rule: finding.offenders for finding in verify() if not finding.holds} == {}


def test_twelve_clicks_open_one_case(app, arrived):
    words = told(arrived)
    cases = at_once(app, [lambda: open_case(arrived.token, arrived.parcel_id, words).id for _ in range(12)])
    assert len(set(cases)) == 1


def test_the_same_refund_leaves_once(app, arrived):
    case_id = complain(arrived)
    jobs = [
        lambda: accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=False)
        for _ in range(12)
    ]
    assert Counter(at_once(app, jobs)) == {None: 1, IllegalStep: 11}
    assert sums() == (1, 40_000)
    holds()


def test_two_decisions_and_a_change_of_mind_at_once(app, arrived):
    case_id = complain(arrived)
    hand_over(arrived.facility_id, case_id, arrived.staff_id, text="Kami ragu.")
    whole = Proposal(Remedy.REFUND, {arrived.lines["Piring Batok"]: 2})
    jobs = [
        *[lambda: decide(case_id, arrived.office_id, whole, text="Fotonya jelas.") for _ in range(6)],
        *[lambda: reject(case_id, arrived.office_id, text="Fotonya gelap.") for _ in range(6)],
        *[lambda: withdraw(arrived.token, case_id) for _ in range(6)],
    ]
    assert Counter(at_once(app, jobs)) == {None: 1, IllegalStep: 17}
    case = case_now(case_id)
    paid = case.status is CaseStatus.SETTLED
    assert case.status in (CaseStatus.SETTLED, CaseStatus.REJECTED, CaseStatus.WITHDRAWN)
    assert sums() == ((1, 40_000) if paid else (0, 0))
    holds()


def test_goods_come_back_once(app, arrived, plates):
    case_id = complain(arrived, plates=3)
    accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=True)
    before = stock_of(plates)
    counted = {arrived.lines["Piring Batok"]: Counted(2, 1)}
    jobs = [lambda: receive_back(arrived.facility_id, case_id, arrived.staff_id, counted) for _ in range(12)]
    assert Counter(at_once(app, jobs)) == {None: 1, IllegalStep: 11}
    assert stock_of(plates) == (before[0] + 2, before[1])
    assert sums() == (1, 60_000)
    holds()


def test_one_replacement_is_sent(app, arrived, plates):
    case_id = complain(arrived, wish=Wish.EXCHANGE)
    before = stock_of(plates)
    jobs = [
        lambda: accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=False)
        for _ in range(12)
    ]
    assert Counter(at_once(app, jobs)) == {None: 1, IllegalStep: 11}
    parcels = database.session.scalar(
        select(func.count(Parcel.id)).filter_by(exchange_of_id=arrived.parcel_id)
    )
    assert parcels == 1
    assert stock_of(plates) == (before[0] - 2, before[1])
    holds()
