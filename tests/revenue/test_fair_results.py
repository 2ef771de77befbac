"""What a fair brought, against a small ledger that was added up by hand."""

from datetime import UTC, date, datetime

import pytest

from storefront.core import clock
from storefront.core.errors import NotFound
from storefront.revenue.queries import FairTotals, fair_result, fair_totals
from tests.factories import facility, product
from tests.support import fairs

FIRST = datetime(2026, 10, 4, 3, tzinfo=UTC)
NIGHT = datetime(2026, 10, 4, 17, 30, tzinfo=UTC)  # 00.30 WIB: already the second day
AFTER = datetime(2026, 10, 20, 3, tzinfo=UTC)


@pytest.fixture
def books(db):
    """Four paid orders of one fair, one of them taken back, and one order of nobody's fair.

    | order | day | tas (Cilegon, 75.000) | sepatu (Serang, 200.000) | ongkir | |
    |   1   |  4  |           2           |            1             | 2 × 10.000 | |
    |   2   |  5  |           1           |                          |     0      | |
    |   3   |  5  |                       |            3             |   10.000   | back on the 20th |
    |   4   | 20  |           1           |                          |     0      | remembered code |
    """
    bag = product(facility(name="Lapas Cilegon"), title="Tas", price=75_000)
    shoe = product(facility(name="Lapas Serang"), title="Sepatu", price=200_000)
    fair_id = fairs.fair(products=[bag, shoe], target=1_000_000)
    fairs.paid_order(fair_id, (bag, 2), (shoe, 1), at=FIRST, shipping=10_000)
    fairs.paid_order(fair_id, (bag, 1), at=NIGHT)
    _, journal = fairs.paid_order(fair_id, (shoe, 3), at=NIGHT, shipping=10_000)
    fairs.refund(journal, at=AFTER)
    fairs.paid_order(fair_id, (bag, 1), at=AFTER)
    fairs.paid_order(None, (bag, 9), at=FIRST, shipping=10_000)
    return fair_id


@pytest.fixture
def result(books):
    with clock.travel(AFTER):
        return fair_result(books)


def test_the_totals(result):
    totals = result.totals

    assert totals.orders == 4
    assert totals.pieces == 2 + 1 + 1 + 1
    assert totals.gross == 4 * 75_000 + 4 * 200_000
    assert totals.refunds == 3 * 200_000
    assert totals.net == 500_000
    assert totals.shipping == 20_000
    assert result.percent_of_target == 50


def test_per_facility(result):
    assert [
        (row.name, row.orders, row.pieces, row.gross, row.refunds, row.net) for row in result.facilities
    ] == [
        ("Lapas Cilegon", 3, 4, 300_000, 0, 300_000),
        ("Lapas Serang", 2, 1, 800_000, 600_000, 200_000),
    ]


def test_per_product(result):
    assert [(row.title, row.facility, row.pieces, row.net) for row in result.products] == [
        ("Tas", "Lapas Cilegon", 4, 300_000),
        ("Sepatu", "Lapas Serang", 1, 200_000),
    ]


def test_per_day_in_banten_with_quiet_days_of_the_fair(result):
    assert [(row.day.day, row.orders, row.pieces, row.gross, row.refunds) for row in result.days] == [
        (4, 1, 3, 350_000, 0),
        (5, 2, 4, 675_000, 0),
        (6, 0, 0, 0, 0),
        (7, 0, 0, 0, 0),
        (20, 1, -2, 75_000, 600_000),
    ]


@pytest.mark.parametrize("division", ["facilities", "products", "days"])
@pytest.mark.parametrize("amount", ["pieces", "gross", "refunds", "net"])
def test_each_division_adds_up(result, division, amount):
    assert sum(getattr(row, amount) for row in getattr(result, division)) == getattr(result.totals, amount)


def test_a_fair_that_brought_nothing_says_so(db):
    fair_id = fairs.fair()
    with clock.travel(FIRST):
        result = fair_result(fair_id)

    assert result.totals == FairTotals()
    assert (result.facilities, result.products) == ([], [])
    assert [row.day for row in result.days] == [date(2026, 10, 4)]  # the days to come are not zero yet
    assert result.percent_of_target is None


def test_totals_of_several_fairs_in_one_query(db, books, query_count):
    other = fairs.fair()
    db.session.rollback()
    with query_count(at_most=1):
        totals = fair_totals([books, other])

    assert set(totals) == {books}
    assert totals[books].net == 500_000


def test_a_fair_that_is_not_there_is_not_found(db):
    with pytest.raises(NotFound):
        fair_result(999)
