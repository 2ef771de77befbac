"""Batches of food: a second book beside the stock, packed first-expired-first-out, blocked and recalled."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier, Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from storefront.catalog.models import FoodNeed
from storefront.catalog.services.permits import add_rule
from storefront.core import clock, outbox
from storefront.core.db import db as database
from storefront.core.db import locked
from storefront.core.errors import DomainError, Invalid
from storefront.core.transactions import transaction
from storefront.desk.queries.audit import verify
from storefront.inventory import services as inventory
from storefront.inventory.models import Batch, BatchMove
from storefront.inventory.queries import availability
from storefront.inventory.services.batches import (
    MOST_MARGIN,
    BatchFacts,
    NoGoodBatch,
    block,
    check_batch,
    packed_from,
    planned,
    set_aside_old,
)
from storefront.orders.models import Order
from storefront.orders.services import SYSTEM, Actor, accept_parcel, pack_parcel
from storefront.orders.services.recall import orders_with, recall
from storefront.payments.services import cancel_order
from tests import factories
from tests.buying import buy, only, open_shop, order_of, pay, stock_of
from tests.checkout.test_races import at_once
from tests.support import html
from tests.support.food import batch_of


@pytest.fixture
def chips(db):
    """Ten pieces that came before batches, five of an early batch and five of a later one."""
    open_shop()
    product = factories.product(factories.facility("LPA"), title="Keripik", stock=None)
    variant_id, facility_id = only(product).id, product.facility_id
    batch_of(facility_id, variant_id, 5, "LATE", keeps=200)
    batch_of(facility_id, variant_id, 5, "EARLY", keeps=100)
    return product


def ordered(product, pieces):
    """A paid order; its parcel's id and facility."""
    placed = buy({product: pieces})
    pay(placed)
    [parcel] = order_of(placed).parcels
    return placed, parcel.facility_id, parcel.id


def packed(product, pieces):
    placed, facility_id, parcel_id = ordered(product, pieces)
    accept_parcel(facility_id, parcel_id, Actor(None))
    pack_parcel(facility_id, parcel_id, Actor(None))
    return placed, parcel_id


def left(product):
    database.session.expire_all()
    rows = database.session.execute(select(Batch.code, Batch.left).filter_by(variant_id=only(product).id))
    return dict(tuple(row) for row in rows)


def books_agree():
    return [finding.rule for finding in verify() if not finding.holds and "batch" in finding.rule] == []


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(0, 2_000))
def test_food_is_sold_until_a_fifth_of_its_life_is_left_or_two_weeks(made, life):
    facts = BatchFacts("B", made, made + timedelta(days=life))
    margin = (facts.best_before - facts.sell_until).days
    assert margin == min(MOST_MARGIN, life // 5)
    assert facts.made_on <= facts.sell_until <= facts.best_before


def test_what_cannot_be_on_a_batch_is_refused_at_its_field():
    today = clock.today()
    day = timedelta(days=1)
    for field, facts in {
        "batch_code": BatchFacts(" ", today, today + day),
        "made_on": BatchFacts("B", today + day, today + 9 * day),
        "best_before": BatchFacts("B", today, today - day),
    }.items():
        with pytest.raises(Invalid) as wrong:
            check_batch(facts)
        assert field in wrong.value.errors
    assert check_batch(BatchFacts(" b  1 ", today, today)).code == "B 1"
    with pytest.raises(Invalid):  # a day past the margin
        check_batch(BatchFacts("B", today - 100 * day, today + 13 * day))
    check_batch(BatchFacts("B", today - 100 * day, today + 14 * day))


def test_the_first_to_expire_is_packed_first_and_the_books_agree(db, chips):
    _placed, facility_id, parcel_id = ordered(chips, 7)
    assert left(chips) == {"LATE": 5, "EARLY": 5}
    variant_id = only(chips).id
    assert planned([(parcel_id, {variant_id: 7})]) == {(parcel_id, variant_id): [("EARLY", 5), ("LATE", 2)]}
    accept_parcel(facility_id, parcel_id, Actor(None))
    pack_parcel(facility_id, parcel_id, Actor(None))
    assert left(chips) == {"LATE": 3, "EARLY": 0}
    assert sorted(packed_from([parcel_id])[parcel_id, variant_id]) == [("EARLY", 5), ("LATE", 2)]
    assert stock_of(chips) == (3, 0)
    assert books_agree()


def test_pieces_from_before_batches_are_packed_without_one(db, chips):
    inventory.receive(chips.facility_id, only(chips).id, 4)
    packed(chips, 12)
    assert left(chips) == {"LATE": 0, "EARLY": 0}
    assert books_agree()


def test_a_cancelled_parcel_gives_its_pieces_back_once(db, chips):
    placed, _parcel_id = packed(chips, 4)
    assert left(chips)["EARLY"] == 1
    cancel_order(placed.id, Actor(factories.user().id), reason="Batal")
    while outbox.run_due(50):
        pass
    assert left(chips) == {"LATE": 5, "EARLY": 5}
    assert books_agree()


def test_what_comes_back_after_its_pieces_were_sold_again_fills_no_batch_twice(db, chips):
    """Between a cancellation and its job they are of no batch, and may be sold and packed as such."""
    placed, _parcel_id = packed(chips, 4)
    cancel_order(placed.id, Actor(factories.user().id), reason="Batal")
    packed(chips, 10)
    assert left(chips) == {"LATE": 0, "EARLY": 0}
    while outbox.run_due(50):
        pass
    assert left(chips) == {"LATE": 0, "EARLY": 0}
    assert stock_of(chips) == (0, 0)
    assert books_agree()


def test_nothing_too_old_is_sold_from_the_first_minute_of_its_day(db, chips):
    """EARLY is sold for 86 days more; nothing has run when the day after begins in WIB."""
    variant_id = only(chips).id
    end = db.session.scalars(select(Batch.sell_until).filter_by(code="EARLY")).one()
    assert end == clock.today() + timedelta(days=86)
    with clock.travel(clock.day_start(end + timedelta(days=1)) - timedelta(minutes=1)):
        assert availability([variant_id]) == {variant_id: 10}
    with clock.travel(clock.day_start(end + timedelta(days=1))):
        assert availability([variant_id]) == {variant_id: 5}
        wish = inventory.Wish(variant_id, chips.id, chips.facility_id, "Keripik", 6)
        with pytest.raises(inventory.OutOfStock):
            inventory.hold(1, [wish], until=clock.now())
        db.session.rollback()
        assert set_aside_old() == 1
        assert set_aside_old() == 0
        assert stock_of(chips) == (5, 0)
        assert left(chips) == {"LATE": 5, "EARLY": 0}
        assert availability([variant_id]) == {variant_id: 5}
    assert books_agree()


def test_a_blocked_batch_is_neither_sold_nor_packed(db, chips):
    _placed, facility_id, parcel_id = ordered(chips, 7)
    early = db.session.scalars(select(Batch.id).filter_by(code="EARLY")).one()
    block(early, "Berjamur", actor_id=None)
    block(early, "Berjamur lagi", actor_id=None)
    assert db.session.get_one(Batch, early).blocked_reason == "Berjamur"
    assert left(chips) == {"LATE": 5, "EARLY": 2}  # three were free, the rest is what was promised
    assert stock_of(chips) == (0, 0)
    accept_parcel(facility_id, parcel_id, Actor(None))
    with pytest.raises(NoGoodBatch, match="kurang 2"):
        pack_parcel(facility_id, parcel_id, Actor(None))
    assert left(chips)["LATE"] == 5
    with pytest.raises(Invalid):
        batch_of(facility_id, only(chips).id, 5, "EARLY")
    assert books_agree()


def test_what_is_counted_away_leaves_its_batches(db, chips):
    inventory.count(chips.facility_id, only(chips).id, 3)
    assert left(chips) == {"LATE": 3, "EARLY": 0}
    assert books_agree()


def test_a_receipt_sent_twice_is_one_and_other_days_are_refused(db, chips):
    variant_id, today = only(chips).id, clock.today()
    facts = BatchFacts("NEW", today, today + timedelta(days=50))
    for _twice in range(2):
        inventory.receive(chips.facility_id, variant_id, 3, batch=facts, once="x")
    assert left(chips)["NEW"] == 3
    other = BatchFacts("NEW", today, today + timedelta(days=51))
    with pytest.raises(Invalid):
        inventory.receive(chips.facility_id, variant_id, 3, batch=other)
    assert stock_of(chips) == (13, 0)


def test_a_recall_reaches_every_order_once(db, letters, chips):
    first, _parcel = packed(chips, 2)
    packed(chips, 2)
    packed(chips, 6)  # one of EARLY, five of LATE
    early = db.session.scalars(select(Batch.id).filter_by(code="EARLY")).one()
    late = db.session.scalars(select(Batch.id).filter_by(code="LATE")).one()
    assert len(orders_with(early)) == 3
    assert len(orders_with(late)) == 1
    assert recall(early, "Berjamur", "Jangan dimakan", actor_id=None) == 3
    assert recall(early, "Berjamur", "Jangan dimakan", actor_id=None) == 0
    while outbox.run_due(50):
        pass
    told = [letter for letter in letters() if "ditarik" in letter["Subject"]]
    assert len(told) == 3
    assert first.number in "".join(letter["Subject"] for letter in told)
    assert "Jangan dimakan" in told[0].get_body(("plain",)).get_content()


def test_only_the_office_sees_who_has_a_batch(client, db, chips):
    packed(chips, 2)
    early = db.session.scalars(select(Batch.id).filter_by(code="EARLY")).one()
    factories.signed_in(client, "facility_head", facility=db.session.get_one(type(chips), chips.id).facility)
    assert client.get(f"/kanwil/batch/{early}").status_code == 403
    page = client.get(f"/petugas/stok/{only(chips).id}").text
    assert "EARLY" in page
    assert "Siti Contoh" not in page
    own = factories.product(factories.facility("LPB"), title="Sapu")
    factories.signed_in(client, "facility_head", facility=own.facility)
    token = html.values(client.page(f"/petugas/stok/{only(own).id}").all("form")[-1])["csrf_token"]
    door = f"/petugas/stok/batch/{early}/blokir"
    answer = client.post(door, data={"csrf_token": token, "blokir-reason": "Berjamur"})
    assert answer.status_code == 404
    assert db.session.get_one(Batch, early).blocked_at is None

    factories.signed_in(client)
    door = f"/kanwil/batch/{early}"
    page = client.get(door).text
    assert "Siti Contoh" in page
    assert "0812" in page
    assert "EARLY" in client.get("/kanwil/batch?q=keripik").text
    wrong = client.submit(door, {"reason": "Berjamur", "advice": ""}, action=door)
    assert wrong.status_code == 422
    assert 'value="Berjamur"' in wrong.text
    assert (
        client.submit(door, {"reason": "Berjamur", "advice": "Jangan dimakan"}, action=door).status_code
        == 303
    )
    assert db.session.get_one(Batch, early).blocked_at is not None


def test_a_receipt_of_food_names_its_batch(client, db, chips):
    add_rule(chips.category_id, FoodNeed.NO_PERMIT, clock.today(), "BPOM 31/2018")
    chips = db.session.get_one(type(chips), chips.id)
    factories.signed_in(client, "facility_staff", facility=chips.facility)
    page = f"/petugas/stok/{only(chips).id}"
    answer = client.submit(page, {"quantity": "5"}, action=f"{page}/terima")
    assert answer.status_code == 422
    assert "Makanan dicatat dengan batchnya." in answer.text
    today = clock.today()
    body = {
        "quantity": "5", "batch_code": "n7", "made_on": today.isoformat(),
        "best_before": (today + timedelta(days=60)).isoformat(),
    }  # fmt: skip
    assert client.submit(page, body, action=f"{page}/terima").status_code == 303
    assert left(chips)["N7"] == 5
    early = db.session.scalars(select(Batch.id).filter_by(code="EARLY")).one()
    door = f"/petugas/stok/batch/{early}/blokir"
    assert client.submit(page, {"blokir-reason": ""}, action=door).status_code == 422
    assert client.submit(page, {"blokir-reason": "Berjamur"}, action=door).status_code == 303
    assert "diblokir: Berjamur" in client.get(page).text


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_parcels_packed_at_once_never_take_the_same_pieces(app, db, chips):
    """Two officers pack, a third blocks: every piece is taken once, and none of the blocked afterwards."""
    parcels = [ordered(chips, 2)[1:] for _ in range(5)]
    for facility_id, parcel_id in parcels:
        accept_parcel(facility_id, parcel_id, SYSTEM)
    early = db.session.scalars(select(Batch.id).filter_by(code="EARLY")).one()
    jobs = [lambda ids=ids: pack_parcel(*ids, SYSTEM) for ids in parcels]
    jobs.insert(2, lambda: block(early, "Berjamur", actor_id=None))
    gate = Barrier(len(jobs))

    def run(job):
        gate.wait(timeout=60)
        with app.app_context():
            try:
                job()
            except DomainError:
                return 0
            finally:
                database.session.remove()
        return 1

    db.session.remove()
    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(run, jobs))
    taken = db.session.scalar(select(func.sum(BatchMove.delta)).filter_by(kind="taken")) or 0
    rest = left(chips)
    assert -taken + rest["EARLY"] + rest["LATE"] == 10
    assert books_agree()


def test_a_recall_and_a_payment_never_wait_for_each_other(app, chips):
    placed, facility_id, parcel_id = ordered(chips, 2)
    accept_parcel(facility_id, parcel_id, Actor(None))
    pack_parcel(facility_id, parcel_id, Actor(None))
    early = database.session.scalars(select(Batch.id).filter_by(code="EARLY")).one()
    order_id, variant_id = order_of(placed).id, only(chips).id
    has_order = Event()

    def as_a_payment_does():
        with transaction():
            locked(Order, order_id)
            has_order.set()
            time.sleep(0.5)
            inventory.receive(facility_id, variant_id, 1)

    def recalled():
        has_order.wait(5)
        return recall(early, "Berjamur", "Jangan dimakan", actor_id=None)

    assert at_once(app, [as_a_payment_does, recalled]) == [None, 1]
    assert books_agree()
