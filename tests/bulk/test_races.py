"""An import beside buyers and beside another import, on real threads: nothing is made up or doubled."""

import time
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from storefront.bulk import services
from storefront.bulk.models import ImportStatus
from storefront.bulk.services import running
from storefront.bulk.services.edits import Kind, Moved, apply_edit
from storefront.catalog.models import Product, Variant
from storefront.catalog.services import update_variant
from storefront.core.transactions import transaction
from storefront.desk.queries import audit
from storefront.inventory.models import StockMovement
from tests import factories
from tests.bulk.files import csv, judged
from tests.buying import buy, open_shop, pay, stock_of
from tests.checkout.test_races import at_once


def confirmed(facility: Any, data: bytes) -> tuple[int, int]:
    kept = judged(facility, data)
    facility_id, import_id = kept.facility_id, kept.id
    services.confirm_import(facility_id, import_id, None)
    return facility_id, import_id


def run(facility_id: int, import_id: int) -> str:
    while services.own_import(facility_id, import_id).status is ImportStatus.RUNNING:
        running.run_import({"import_id": import_id})
    return "done"


def healthy() -> None:
    broken = {finding.rule: finding.offenders for finding in audit.verify() if not finding.holds}
    assert not broken


@pytest.mark.parametrize("pieces", [12, 9])
def test_what_is_sold_while_an_import_counts_stays_sold(app: Flask, db: Any, pieces: int) -> None:
    open_shop()
    facility = factories.facility("LPA")
    goods = [factories.product(facility, stock=10, price=50_000) for _ in range(4)]
    skus = [product.variants[0].sku for product in goods]
    work = confirmed(facility, csv([[sku, "", 60_000, pieces, ""] for sku in reversed(skus)]))
    placed = [buy({product: 1}) for product in goods]

    results = at_once(app, [lambda: run(*work), *[lambda one=one: pay(one) and None for one in placed]])

    assert results.count("done") == 1
    assert [stock_of(product) for product in goods] == [(pieces - 1, 0)] * 4
    healthy()


def test_buyers_and_an_import_never_wait_for_each_other(app: Flask, db: Any) -> None:
    open_shop()
    facility = factories.facility("LPA")
    goods = [factories.product(facility, stock=50, price=50_000) for _ in range(4)]
    skus = [product.variants[0].sku for product in goods]
    work = confirmed(facility, csv([[sku, "", 60_000, 60, ""] for sku in reversed(skus)]))

    buyers = [lambda: buy(dict.fromkeys(goods, 1)) and None for _ in range(8)]
    results = at_once(app, [*buyers[:4], lambda: run(*work), *buyers[4:]])

    assert results.count("done") == 1
    taken = sum(result is None for result in results)
    assert [stock_of(product) for product in goods] == [(60, taken)] * 4
    healthy()


def test_two_workers_and_two_tables_write_each_thing_once(app: Flask, db: Any) -> None:
    facility = factories.facility("LPA")
    data = csv([[f"S{n}", f"Tas nomor {n}", 1_000, 2, 5] for n in range(20)])
    first, second = confirmed(facility, data), confirmed(facility, data)

    at_once(app, [lambda work=work: run(*work) for work in (first, first, second, second)])

    db.session.rollback()
    assert db.session.scalar(select(func.count(Product.id))) == 20
    assert db.session.scalar(select(func.count(StockMovement.id))) == 20
    assert {services.own_import(*work).status for work in (first, second)} == {ImportStatus.DONE}
    healthy()


def test_a_price_that_somebody_writes_in_this_moment_is_not_overwritten(app: Flask, db: Any) -> None:
    facility = factories.facility("LPA")
    product = factories.product(facility, price=50_000)
    key, product_id, facility_id = product.variants[0].id, product.id, facility.id
    actor = factories.user("facility_staff", facility=facility).id
    written, asked = Event(), Event()

    def one() -> str:
        with transaction():
            update_variant(product_id, key, None, price=80_000)
            written.set()
            asked.wait(5)  # the other one has begun
            time.sleep(0.3)
        return "one"

    def all_of_them() -> str:
        written.wait(5)
        asked.set()
        apply_edit(facility_id, actor, Kind.PRICE, 60_000, marks=[f"{key}:50000:60000"], once="x")
        return "all"

    assert at_once(app, [one, all_of_them]) == ["one", Moved]
    assert db.session.get_one(Variant, key).price == 80_000
