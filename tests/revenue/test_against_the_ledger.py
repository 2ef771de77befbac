"""Every report, file and page against the ledger, over a mixed lot of orders: one figure everywhere.

Three facilities, two months, a fair, and promotions that a facility, the office and the province bear, off
goods and off delivery; a third of the orders is partly taken back. A facility's net is its lines and its
shipping, less its own discounts and what went back of both: what others bear changes nothing.
"""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from random import Random

import openpyxl
import pytest
from sqlalchemy import select

from storefront.checkout.services import place_order
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.spreadsheets import read_csv
from storefront.desk.queries.audit import verify
from storefront.desk.queries.funding import borne, costs, total
from storefront.desk.queries.today import facility_today, office_today
from storefront.facilities.models import Facility
from storefront.orders.models import Order, OrderDiscount, OrderLine, Parcel
from storefront.orders.services import Actor
from storefront.payments.models import RefundLine
from storefront.payments.services import mark_refund_sent, refund_lines
from storefront.revenue.models import Entry
from storefront.revenue.queries import fair_result, fair_totals, report
from tests import factories
from tests.buying import cart_of, open_shop, order_of, pay, somebody
from tests.support import fairs
from tests.support.offers import author, offer, with_code

FIRST, LAST = "2026-09", "2026-10"
START = datetime(2026, 9, 20, 3, tzinfo=UTC)
END = START + timedelta(days=30)
ORDERS = 14
OWN = ("sales", "shipping", "discount:facility")
MONTHS = f"?dari={FIRST}&sampai={LAST}"


@dataclass
class Lot:
    """The facilities by id, and the fair that some of the orders came through."""

    places: list[int]
    fair: int


@pytest.fixture(params=[7, 2026])
def lot(bring, request):
    """So many orders that chance put together, the same ones in every run."""
    return Lot(**json.loads(bring(f"lot_{request.param}", lambda: json.dumps(asdict(mixed(request.param))))))


def mixed(seed):
    """Trade of two months."""
    with clock.travel(START - timedelta(days=5)):
        open_shop()
        places = [factories.facility(name=f"Lapas {word}") for word in ("Cilegon", "Serang", "Pandeglang")]
        things = [
            factories.product(place, price=price, stock=900)
            for place, price in zip(
                places * 2, (33_333, 75_001, 120_000, 45_500, 9_999, 210_000), strict=True
            )
        ]
        fair = fairs.fair(
            products=things[:3], starts_on=START.date(), ends_on=START.date() + timedelta(days=3)
        )
        _promotions([place.id for place in places])
        found = Lot([place.id for place in places], fair)
    _trade(Random(seed), things, fair)
    assert [finding.rule for finding in verify() if not finding.holds] == []
    return found


def _promotions(places):
    first, second, _third = places
    offer(name="Lapas pertama", value=7, funder="facility", facility_id=first)
    offer(name="Ongkir dari kami", kind="free_shipping", value=0, minimum=100_000, maximum=9_500,
          funder="facility", facility_id=second)  # fmt: skip
    offer(name="Provinsi", value=5, minimum=300_000, funder="pemprov")
    offer(name="Kanwil", code="KANWIL", kind="amount", value=25_001, funder="office")
    offer(
        name="Ongkir Banten", code="ONGKIR", kind="free_shipping", value=0, maximum=20_000, funder="pemprov"
    )


def _trade(chance, things, fair):
    for number in range(ORDERS):
        moment = START + timedelta(days=2 * number)
        with clock.travel(moment):
            wishes = {thing: chance.randint(1, 4) for thing in chance.sample(things, chance.randint(1, 4))}
            token = cart_of(wishes, fair_id=fair if number % 2 else None)
            code = ("", "KANWIL", "ONGKIR")[number % 3]
            placed = place_order(with_code(token, code) if code else token, somebody(), payment_method="card")
            if number % 7 == 6:
                continue  # nobody pays it
            pay(placed)
        with clock.travel(moment + timedelta(days=1)):
            if number % 3 == 1:
                _part_back(chance, placed)


def _part_back(chance, placed):
    """Some pieces, and one parcel's delivery, have gone back."""
    order = order_of(placed)
    line = chance.choice(order.lines)
    pieces = {line.id: chance.randint(1, line.quantity)}
    parcel = next(parcel for parcel in order.parcels if parcel.facility_id == line.facility_id)
    shipping = (parcel.id,) if chance.random() < 0.5 else ()
    refund = refund_lines(
        placed.id, pieces, shipping=shipping, reason="Rusak", actor=Actor(), key=placed.number
    )
    mark_refund_sent(refund, f"re_{placed.number}", actor=Actor())


def ledger(*accounts, facility=None):
    """What stands on these accounts in favour of the facility (None: of all), from the entries alone."""
    rows = database.session.execute(select(Entry.account, Entry.facility_id, Entry.amount)).all()
    mine = [row for row in rows if row.account in accounts and facility in (None, row.facility_id)]
    return -sum(row.amount for row in mine)


def own_part(facility):
    """The same from what was sold: lines, shipping and own discounts, less what went back of each piece."""
    paid = select(Order.id).where(Order.paid_at.is_not(None))
    mine = (OrderLine.facility_id == facility, OrderLine.order_id.in_(paid))
    lines = database.session.scalars(select(OrderLine).where(*mine)).all()
    parcels = database.session.scalars(
        select(Parcel).where(Parcel.facility_id == facility, Parcel.order_id.in_(paid))
    ).all()
    rows = database.session.scalars(
        select(OrderDiscount).where(OrderDiscount.facility_id == facility, OrderDiscount.order_id.in_(paid))
    ).all()
    back = database.session.scalars(select(RefundLine)).all()
    sent_back = {row.parcel_id for row in back if row.parcel_id}
    goods = sum(line.total for line in lines)
    goods -= sum(
        row.quantity * line.unit_price for row in back for line in lines if line.id == row.order_line_id
    )
    shipping = sum(parcel.shipping_cost for parcel in parcels if parcel.id not in sent_back)
    # A line that was partly taken back keeps its pieces' share of a discount, to the rupiah of rounding.
    gone = {row.order_line_id: row.quantity for row in back if row.order_line_id}
    stayed = {line.id: 1 - gone.get(line.id, 0) / line.quantity for line in lines}
    parts = [
        row.amount * stayed[row.order_line_id] if row.order_line_id else row.amount
        for row in rows
        if row.order_line_id or row.parcel_id not in sent_back
    ]
    return goods, shipping, sum(parts)


def test_a_facilitys_net_is_its_lines_and_shipping_less_its_own_discounts_and_refunds(lot):
    assert database.session.scalars(select(RefundLine.id)).all()
    assert {account: bool(ledger(account)) for account in (*OWN, "discount:office", "discount:pemprov")} == (
        dict.fromkeys((*OWN, "discount:office", "discount:pemprov"), True)
    )
    rows = {row.name: row for row in report(FIRST, LAST, by="facility").rows}
    for place in lot.places:
        row = rows[database.session.get_one(Facility, place).name]
        goods, shipping, discounts = own_part(place)
        assert row.gross - row.refunds == goods == ledger("sales", facility=place)
        assert row.shipping == shipping == ledger("shipping", facility=place)
        assert row.discounts == -ledger("discount:facility", facility=place)
        assert abs(row.discounts - discounts) < ORDERS  # a rupiah of rounding for each part at most
        assert row.net == row.gross - row.discounts - row.refunds
        assert row.received == ledger(*OWN, facility=place)


def test_every_division_and_every_reader_has_the_same_sum(lot):
    for place in (None, *lot.places):
        for by in ("month", "facility", "channel", "fair"):
            found = report(FIRST, LAST, by=by, facility_id=place)
            assert found.totals.received == ledger(*OWN, facility=place), by
            assert sum(row.received for row in found.rows) == found.totals.received, by
            assert sum(row.discounts for row in found.rows) == found.totals.discounts, by


def test_a_months_report_never_changes_with_what_goes_back_later(lot):
    months = {row.key: row for row in report(FIRST, LAST, by="month").rows}
    assert set(months) == {FIRST, LAST}
    for month, row in months.items():
        assert report(month, month, by="facility").totals.received == row.received


def test_a_fairs_result_is_the_reports_row_however_it_is_divided(lot):
    [row] = [row for row in report(FIRST, LAST, by="fair").rows if row.name]
    with clock.travel(END):
        result = fair_result(lot.fair)
    for totals in (result.totals, fair_totals([lot.fair])[lot.fair]):
        for amount in ("gross", "discounts", "refunds", "net", "shipping", "pieces"):
            assert getattr(totals, amount) == getattr(row, amount), amount
    for division in (result.facilities, result.products, result.days):
        for amount in ("gross", "discounts", "refunds", "net", "pieces"):
            assert sum(getattr(part, amount) for part in division) == getattr(result.totals, amount)


def test_the_first_page_of_the_day_says_what_the_report_says(lot):
    with clock.travel(END):
        month = clock.period(clock.now())
        assert office_today().takings == report(month, month).totals.net
        for place in lot.places:
            assert facility_today(place).takings == report(month, month, facility_id=place).totals.net


def test_who_bears_what_is_the_ledgers_discounts(lot):
    office = author("regional")
    assert total(borne(FIRST, LAST, office)) == -sum(
        ledger(f"discount:{funder}") for funder in ("facility", "office", "pemprov")
    )
    assert total(borne(FIRST, LAST, author("promoter"))) == -ledger("discount:pemprov")
    for place in lot.places:
        mine = borne(FIRST, LAST, author("facility_head", place))
        assert total(mine) == report(FIRST, LAST, facility_id=place).totals.discounts
    given = Counter()
    for row in borne(FIRST, LAST, office):
        given[row.funder] += row.given
    by_promotion = Counter()
    for cost in costs(FIRST, LAST, office):
        by_promotion[cost.funder] += cost.given
    assert by_promotion == given


def test_pages_and_files_carry_the_same_figures(lot, client):
    place = database.session.get_one(Facility, lot.places[0])
    with clock.travel(END):
        for role, room, whose in (
            ("regional", "/kanwil/pendapatan", None),
            ("facility_head", "/petugas/pendapatan", place.id),
        ):
            factories.signed_in(client, role, facility=place if whose else None)
            sums = report(FIRST, LAST, facility_id=whose).totals
            expected = [sums.gross, sums.discounts, sums.refunds, sums.net, sums.shipping, sums.received]
            *_rows, last = read_csv(client.get(f"{room}/tabel.csv{MONTHS}").data)
            assert [int(cell) for cell in last[3:]] == expected
            book = openpyxl.load_workbook(BytesIO(client.get(f"{room}/tabel.xlsx{MONTHS}").data))
            for sheet in book:
                assert list(list(sheet.values)[-1][3:]) == expected, sheet.title
            foot = client.page(room + MONTHS).one("tfoot")
            shown = [int("".join(filter(str.isdigit, cell.text))) for cell in foot.all("td")]
            assert shown[2:] == [abs(amount) for amount in expected]


def test_the_files_of_a_fair_and_of_promotions_carry_them_too(lot, client):
    factories.signed_in(client, "regional")
    with clock.travel(END):
        totals = fair_result(lot.fair).totals
        header, *rows = read_csv(client.get(f"/pemprov/acara/{lot.fair}/hasil.csv").data)
        sums = {name: sum(int(row[place]) for row in rows) for place, name in enumerate(header) if place > 2}
        assert (sums["Diskon"], sums["Penjualan bersih"]) == (totals.discounts, totals.net)
        _header, *rows = read_csv(client.get(f"/pemprov/promosi/laporan/tabel.csv{MONTHS}").data)
    assert sum(int(row[-1]) for row in rows) == total(borne(FIRST, LAST, author("regional")))
