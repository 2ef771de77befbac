"""Reports against a small ledger that was added up by hand."""

from storefront.core import clock
from storefront.orders.models import Order
from storefront.revenue.queries import Sums, report
from storefront.revenue.queries.reports import first_booked_month, months_between, with_quiet_months
from tests import factories
from tests.revenue.conftest import MIDNIGHT, sell

NOVEMBER, DECEMBER = "2025-11", "2025-12"
DIVISIONS = ("month", "facility", "channel", "fair")


def shipping(db, placed, facility=None):
    """What a buyer paid for delivery, to one facility or to all."""
    parcels = db.session.get_one(Order, placed.id).parcels
    return sum(p.shipping_cost for p in parcels if facility is None or p.facility_id == facility.id)


def numbers(sums):
    return (sums.orders, sums.pieces, sums.gross, sums.discounts, sums.refunds, sums.net)


def test_november_ends_at_midnight_in_banten(db, books):
    rows = report(NOVEMBER, DECEMBER, by="month").rows

    assert [(row.key, *numbers(row)) for row in rows] == [
        (NOVEMBER, 2, 6, 950_000, 0, 0, 950_000),
        (DECEMBER, 1, -2, 75_000, 0, 600_000, -525_000),
    ]
    assert rows[0].shipping == shipping(db, books.mixed) + shipping(db, books.shoes)
    assert rows[1].shipping == shipping(db, books.bag) - shipping(db, books.shoes)


def test_a_month_that_was_reported_stays_as_it_was(books):
    before = report(NOVEMBER, NOVEMBER, by="facility")
    assert numbers(before.totals) == (2, 6, 950_000, 0, 0, 950_000)  # the return counts in December


def test_of_a_mixed_order_each_facility_has_its_own_lines_and_shipping(db, books):
    found = report(NOVEMBER, DECEMBER, by="facility")

    assert [(row.key, row.name, *numbers(row)) for row in found.rows] == [
        ("LPCLG", "Lapas Cilegon", 2, 3, 225_000, 0, 0, 225_000),
        ("RTSRG", "=Rutan Serang", 2, 1, 800_000, 0, 600_000, 200_000),
    ]
    assert numbers(found.totals) == (3, 4, 1_025_000, 0, 600_000, 425_000)  # the mixed order once
    assert found.rows[0].shipping == shipping(db, books.mixed, books.cilegon) + shipping(db, books.bag)
    assert found.rows[1].shipping == shipping(db, books.mixed, books.serang) > 0
    assert found.totals.received == found.totals.net + sum(row.shipping for row in found.rows)


def test_every_division_adds_up(books):
    for by in DIVISIONS:
        found = report(NOVEMBER, DECEMBER, by=by)
        for amount in ("pieces", "gross", "discounts", "shipping", "refunds", "net", "received"):
            assert sum(getattr(row, amount) for row in found.rows) == getattr(found.totals, amount), by


def test_a_facility_sees_its_own_lines_only(db, books):
    for by in DIVISIONS:
        found = report(NOVEMBER, DECEMBER, by=by, facility_id=books.cilegon.id)

        assert numbers(found.totals) == (2, 3, 225_000, 0, 0, 225_000)
        assert found.totals.shipping == shipping(db, books.mixed, books.cilegon) + shipping(db, books.bag)
        assert "RTSRG" not in [row.key for row in found.rows]


def test_a_facility_that_sold_nothing_has_nothing(books):
    found = report(NOVEMBER, DECEMBER, facility_id=books.serang.id + 100)
    assert (found.rows, found.totals, found.totals.is_empty) == ([], Sums(), True)


def test_channels_and_fairs(books):
    assert [row.key for row in report(NOVEMBER, DECEMBER, by="channel").rows] == ["web"]
    assert [(row.key, row.name) for row in report(NOVEMBER, DECEMBER, by="fair").rows] == [("", "")]


def test_months_in_which_nothing_happened_are_shown_as_such(db, books):
    with clock.travel(MIDNIGHT.replace(year=2026, month=3)):
        found = with_quiet_months(report("2025-01", "2026-12", by="month"))

    assert [row.key for row in found.rows] == [NOVEMBER, DECEMBER, "2026-01", "2026-02", "2026-03"]
    assert found.rows[2].is_empty
    assert first_booked_month() == NOVEMBER


def test_months_between():
    assert months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert months_between("2025-12", "2025-11") == []


def test_a_report_is_two_queries_however_much_was_sold(db, books, query_count):
    for _ in range(3):
        sell({factories.product(price=10_000): 1}, MIDNIGHT)
    db.session.rollback()
    with query_count(at_most=2):
        assert len(report(NOVEMBER, DECEMBER).rows) == 5
