"""`export` and `audit verify`: documented fields, moments with an offset, sums that agree."""

import csv
import json
from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial
from io import StringIO

import pytest
from sqlalchemy import text

from storefront.core import clock
from storefront.core.clock import JAKARTA
from storefront.desk.queries.exports import FIELDS
from storefront.inventory import services as inventory
from storefront.orders.models import OrderLine
from storefront.orders.services import Actor
from storefront.payments.models import Refund
from storefront.payments.services import cancel_order, mark_refund_sent, refund_lines
from tests import buying, factories

MIDNIGHT = datetime(2025, 12, 1, tzinfo=JAKARTA)


@pytest.fixture
def shop(db):
    """A mixed order of November that is sent back, and a note that is a formula."""
    buying.open_shop()
    with clock.travel(MIDNIGHT - timedelta(days=20)):
        bag = factories.product(factories.facility("LPCLG"), price=75_000, stock=None)
        shoe = factories.product(factories.facility("RTSRG"), price=200_000, stock=20)
        clerk = factories.user("facility_staff", facility=bag.facility, email="petugas@contoh.go.id")
        inventory.receive(bag.facility_id, buying.only(bag).id, 30, actor_id=clerk.id, note="=1+1")
        inventory.count(bag.facility_id, buying.only(bag).id, 28, actor_id=clerk.id)
    with clock.travel(MIDNIGHT - timedelta(seconds=1)):
        placed = buying.buy({bag: 2, shoe: 1})
        buying.pay(placed, reference="pi_1")
    with clock.travel(MIDNIGHT):
        kept = buying.buy({bag: 5})
        buying.pay(kept, reference="pi_2")
        buying.buy({bag: 1})
        cancel_order(placed.id, Actor(clerk.id), reason="Barang rusak")
        mark_refund_sent(db.session.scalars(db.select(Refund.id)).one(), "re_1", actor=Actor())
    return placed


def exported(flask, name, *options):
    return json.loads(flask("export", name, *options).stdout)


@pytest.mark.parametrize("name", FIELDS)
def test_the_fields_are_those_that_are_documented(shop, flask, name):
    rows = exported(flask, name)
    table = list(csv.reader(StringIO(flask("export", name, "--format", "csv").stdout)))

    assert rows
    assert all(tuple(row) == FIELDS[name] for row in rows)
    assert tuple(table[0]) == FIELDS[name]
    assert len(table) == len(rows) + 1


@pytest.mark.parametrize("name", FIELDS)
def test_an_empty_shop_exports_empty_tables(flask, name):
    assert exported(flask, name) == []


def test_orders_carry_lines_payments_and_refunds(shop, flask):
    order = exported(flask, "orders")[0]

    assert (order["number"], order["status"], order["channel"]) == (shop.number, "cancelled", "web")
    assert [(line["qty"], line["unit_price"], line["facility"]) for line in order["lines"]] == [
        (2, 75_000, "LPCLG"),
        (1, 200_000, "RTSRG"),
    ]
    goods = sum(line["qty"] * line["unit_price"] for line in order["lines"])
    assert order["total"] == goods + order["shipping"] - order["discount"]
    assert order["payments"] == [
        {"provider": "stripe", "ref": "pi_1", "amount": order["total"], "currency": "IDR"}
    ]
    assert order["refunds"] == [{"ref": "re_1", "amount": order["total"]}]
    assert [(line["cancelled"], line["refunded"]) for line in order["lines"]] == [(2, 2), (1, 1)]
    assert order["created_at"] == order["paid_at"] == "2025-11-30T23:59:59+07:00"


def test_pieces_that_are_not_sent_and_those_that_were_paid_back_stand_on_their_line(shop, flask, db):
    bags = db.session.scalars(db.select(OrderLine).where(OrderLine.quantity == 5)).one()
    give = partial(refund_lines, bags.order_id, shipping=(), reason="Rusak", actor=Actor())
    sent = give({bags.id: 2}, key="k1")
    mark_refund_sent(sent, "re_2", actor=Actor())
    give({bags.id: 1}, key="k2")  # promised, and not sent yet

    order = exported(flask, "orders")[1]

    [line] = order["lines"]
    assert set(line) == {"sku", "qty", "unit_price", "facility", "cancelled", "refunded"}
    assert (line["qty"], line["cancelled"], line["refunded"]) == (5, 0, 2)
    assert order["refund_due"] == 75_000
    table = list(csv.DictReader(StringIO(flask("export", "orders", "--format", "csv").stdout)))
    assert json.loads(table[1]["lines"]) == order["lines"]


def test_dates_are_days_in_banten(shop, flask):
    november = exported(flask, "orders", "--from", "2025-11-01", "--to", "2025-11-30")
    december = exported(flask, "orders", "--from", "2025-12-01")

    assert [order["number"] for order in november] == [shop.number]
    assert len(december) == 2
    kinds = {row["journal"].split(":")[0] for row in exported(flask, "ledger", "--to", "2025-11-30")}
    assert kinds == {"capture"}
    done = {row["what"] for row in exported(flask, "audit", "--to", "2025-11-15")}
    assert done == {"received", "counted", "stock.received", "stock.counted", "category.created"}


def test_journals_of_the_ledger_sum_to_zero(shop, flask):
    sums = defaultdict(int)
    rows = exported(flask, "ledger")
    for row in rows:
        sums[row["journal"]] += row["amount"]

    assert set(sums.values()) == {0}
    assert {"clearing:stripe", "sales:LPCLG", "sales:RTSRG"} < {row["account"] for row in rows}
    assert sum(row["amount"] for row in rows if row["account"] == "sales:RTSRG") == 0  # sold, taken back


def test_stock_explains_itself_now_and_then(shop, flask):
    now = {row["facility"]: row for row in exported(flask, "stock")}
    then = {row["facility"]: row for row in exported(flask, "stock", "--to", "2025-11-29")}

    for row in (*now.values(), *then.values()):
        assert row["received"] + row["adjusted"] - row["sold"] == row["available"] + row["reserved"]
    # received 30, counted 28 and two came back; two and five were sold; one is waiting for money
    assert list(now["LPCLG"].values())[3:] == [30, 0, 22, 1, 7]
    assert list(then["LPCLG"].values())[3:] == [30, -2, 28, 0, 0]


def test_the_trail_names_who_did_it_in_order(shop, flask):
    rows = exported(flask, "audit")

    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    cancelled = next(row for row in rows if row["subject"] == shop.number and row["to"] == "cancelled")
    assert (cancelled["actor"], cancelled["note"]) == ("petugas@contoh.go.id", "Barang rusak")


def test_no_cell_of_a_csv_file_runs(shop, flask):
    rows = list(csv.DictReader(StringIO(flask("export", "audit", "--format", "csv").stdout)))
    ledger = list(csv.DictReader(StringIO(flask("export", "ledger", "--format", "csv").stdout)))

    assert "'=1+1" in {row["note"] for row in rows}
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    assert any(row["amount"].startswith("-") for row in ledger)  # numbers stay numbers


def test_orders_come_in_batches(shop, flask, monkeypatch, query_count):
    monkeypatch.setattr("storefront.desk.queries.exports.BATCH", 2)
    assert len(exported(flask, "orders")) == 3
    monkeypatch.undo()
    with query_count(at_most=6):
        exported(flask, "orders")


def test_the_audit_says_ok_and_names_what_is_broken(shop, flask, db):
    assert "BROKEN" not in flask("audit", "verify").stdout
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE orders SET refund_due = 500"))

    output = flask("audit", "verify", status=1).output
    assert "BROKEN  what an order is said to be owed are its refunds that were not sent" in output
    assert f"number {shop.number}, difference 500" in output
