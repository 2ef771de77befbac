"""Every rule of `audit verify` holds for a shop in use, and is seen to break when its data is broken."""

import re
from contextlib import closing

import pytest
from sqlalchemy import select, text

from storefront.accounts.models import RecoveryCode, User
from storefront.aftersales.models import Problem, Remedy
from storefront.aftersales.services import (
    Back,
    Counted,
    Proposal,
    accept_wish,
    come_back,
    decide,
    receive_back,
)
from storefront.assisted.models import Source
from storefront.assisted.services import add_goods, open_draft, place_draft, take_cash
from storefront.checkout.services import place_order
from storefront.core import clock
from storefront.core.db import APPEND_ONLY
from storefront.core.db import db as database
from storefront.core.transactions import transaction
from storefront.desk.queries.audit import RULES, verify
from storefront.inventory import services as inventory
from storefront.inventory.models import LocationKind, Reason
from storefront.notices.services import NoticeDetails, publish_notice
from storefront.orders.services import SYSTEM, Actor
from storefront.payments.models import Case, Refund
from storefront.payments.services import (
    accept_case,
    cancel_order,
    check_claim,
    confirm_claim,
    mark_refund_sent,
)
from storefront.shipping.providers import Station, Track
from storefront.shipping.services import note_stations
from storefront.texts.models import PageSlug
from storefront.texts.services import Draft, publish_text
from tests import buying, factories
from tests.aftersales.conftest import complain, deliver
from tests.bulk.files import csv, imported
from tests.support import offers
from tests.support.food import batch_of
from tests.support.staged import changes_of_every_kind

TRIGGERS = "the database refuses to change what is written once"
ORDER = "(SELECT MIN(id) FROM orders WHERE status = 'paid')"
LINE = f"(SELECT MIN(id) FROM order_lines WHERE order_id = {ORDER})"
CAPTURE = f"(SELECT id FROM journals WHERE kind = 'capture' AND order_id = {ORDER})"
SALE = f"(SELECT id FROM entries WHERE account = 'sales' AND journal_id = {CAPTURE})"
PAYMENT = f"(SELECT id FROM payments WHERE order_id = {ORDER} AND currency = 'IDR')"
LEVEL = "(SELECT MIN(id) FROM stock_levels WHERE reserved > 0)"
HELD = "(SELECT MIN(id) FROM reservations WHERE state = 'active' AND level_id IS NOT NULL)"

# The beginning of a rule's name: what breaks it, once keys, checks and triggers are gone.
BREAKS = {
    "an import that is done": "UPDATE import_rows SET done_at = NULL",
    "an import makes": "UPDATE products SET facility_id = facility_id + 1 WHERE title = 'Kursi'",
    "every journal sums": f"UPDATE entries SET amount = amount + 1 WHERE id = {SALE}",
    "a journal counts": f"UPDATE journals SET period = '1999-01' WHERE id = {CAPTURE}",
    "a clearing account": f"DELETE FROM payments WHERE id = {PAYMENT}",
    "every payment in rupiah": f"UPDATE payments SET reference = 'pi_other' WHERE id = {PAYMENT}",
    "suspense holds": "UPDATE cases SET resolution = 'accepted'",
    "money that was accepted": "UPDATE refunds SET amount = amount - 1 WHERE key = 'surplus'",
    "what is owed back as too much": "UPDATE refunds SET key = 'surplus'",
    "an order that was paid": "UPDATE orders SET paid_at = placed_at WHERE status = 'pending'",
    "the sales of a capture": f"UPDATE order_lines SET quantity = 7 WHERE id = {LINE}",
    "the shipping of a capture": "UPDATE parcels SET shipping_cost = shipping_cost + 1",
    "what left the sales": "UPDATE refund_lines SET quantity = quantity + 1 WHERE quantity > 0",
    "what left the shipping": "DELETE FROM refund_lines WHERE parcel_id IS NOT NULL",
    "a line is taken back": "UPDATE refund_lines SET amount = amount + 1",
    "pieces go back": "UPDATE refund_lines SET amount = amount - 1",
    "pieces that will not be sent": f"UPDATE order_lines SET cancelled = 1 WHERE id = {LINE}",
    "money that a person sends": "UPDATE refunds SET sent_by_id = requested_by_id",
    "a parcel that goes on": "DELETE FROM parcel_items",
    "a facility's net sales": f"UPDATE order_lines SET total = 1 WHERE id = {LINE}",
    "no more of a payment goes back": "UPDATE refunds SET amount = amount + 1",
    "what an order is said to be owed": f"UPDATE orders SET refund_due = 5 WHERE id = {ORDER}",
    "no reference stands twice": "UPDATE payments SET reference = 'pi_1', provider = 'stripe'",
    "a confirmed transfer": "UPDATE transfer_claims SET confirmed_by_id = checked_by_id",
    "an order's total": f"UPDATE orders SET total = total + 1 WHERE id = {ORDER}",
    "a line's total": f"UPDATE order_lines SET unit_price = 1 WHERE id = {LINE}",
    "an order's shipping": f"UPDATE orders SET shipping = 1 WHERE id = {ORDER}",
    "a line travels": f"UPDATE order_lines SET facility_id = facility_id + 50 WHERE id = {LINE}",
    "every piece of an order": f"UPDATE order_lines SET cancelled = 1 WHERE id = {LINE}",
    "an order has the status": f"UPDATE orders SET status = 'completed' WHERE id = {ORDER}",
    "a parcel has the status": "UPDATE parcels SET status = 'packed'",
    "a stock level": f"UPDATE stock_levels SET on_hand = on_hand + 1 WHERE id = {LEVEL}",
    "what is reserved": f"UPDATE reservations SET quantity = 9 WHERE id = {HELD}",
    "no stock is negative": f"UPDATE stock_levels SET reserved = 9999 WHERE id = {LEVEL}",
    "of what is unique": "UPDATE products SET is_unique = (1 = 1)",
    "what is carried": "UPDATE stock_transfers SET quantity = quantity + 1",
    "stock lies in a place": "UPDATE locations SET facility_id = facility_id + 50",
    "a week of a workshop": "UPDATE production_slots SET booked = booked + 1",
    "a shared week": "UPDATE workshop_weeks SET booked = booked + 1",
    "what takes a place": "UPDATE workshop_weeks SET week = '1999-01-04'",
    "an expired or cancelled": "UPDATE reservations SET state = 'active' WHERE state = 'released'",
    "an order that waits": f"UPDATE reservations SET state = 'released' WHERE id = {HELD}",
    "a complaint stands": "UPDATE complaint_cases SET status = 'office'",
    "a complaint is about": "UPDATE complaint_items SET quantity = 9",
    "pieces of a parcel": "UPDATE complaint_items SET granted = 9",
    "a settled complaint": "UPDATE complaint_cases SET refund_id = NULL WHERE remedy = 'refund'",
    "a parcel that came back": "UPDATE parcels SET finished_at = NULL WHERE status = 'returned'",
    "what came back": "UPDATE complaint_items SET granted = 0",
    "nobody's goods are kept": "UPDATE complaint_cases SET status = 'rejected'",
    "goods that came back": "UPDATE complaint_items SET restocked = restocked + 1",
    "a photo that buyers see": "UPDATE pictures SET key = 'private/usulan/' || id",
    "a person's photo has": "UPDATE photo_gates SET decided_by_id = NULL",
    "a photo that was sent back": "UPDATE photo_gates SET state = 'withdrawn', reason = 'Gembok'",
    "a photo that waits": "UPDATE product_changes SET status = 'withdrawn' WHERE status = 'submitted'",
    "a change that was approved": "DELETE FROM change_events WHERE step = 'approved'",
    "a change that waits": "UPDATE product_changes SET fields = '{}' WHERE status = 'submitted'",
    "a published product has": "UPDATE products SET photo_id = NULL",
    "receipts of a merchant": "UPDATE invoices SET sequence = sequence + 50 WHERE sequence = 1",
    "an order that was paid has one receipt": "UPDATE invoices SET order_id = order_id + 500",
    "a receipt's taxes are": "UPDATE invoice_taxes SET price = price + 1",
    "the audit log is": "UPDATE audit_entries SET action = 'price.changed' WHERE number = 2",
    "cash that paid a written": "UPDATE cash_receipts SET amount = amount + 1",
    "a parcel that its courier": "UPDATE parcels SET status = 'shipped' WHERE status = 'delivered'",
    "a promotion was used": "UPDATE promotions SET used = used + 1",
    "nobody used a promotion": "UPDATE promotion_people SET used = used + 1",
    "an order's discount": "UPDATE order_discounts SET amount = amount + 1",
    "what a promotion took": "UPDATE promotion_uses SET amount = amount + 1",
    "no line and no delivery": "UPDATE order_discounts SET amount = amount + 999999",
    "the discounts of a capture": "UPDATE order_discounts SET funder = 'office'",
    "a promotion is used by": "UPDATE promotion_uses SET state = 'held'",
    "whose role asks for": "DELETE FROM second_factors",
    "an announcement is for": "UPDATE notices SET for_all = true",
    "the texts of a page": "UPDATE page_versions SET number = 3",
    "a recovery code belongs": "DELETE FROM second_factors WHERE user_id > 0",
    "every payment has its event": "DELETE FROM payment_events WHERE kind = 'charged'",
    "a refund that was sent has": "UPDATE payment_events SET amount = 1 WHERE kind = 'refunded'",
    "buyers were only sent": "UPDATE merchant_accounts SET status = 'declined'",
    "what is left of a batch": "UPDATE batches SET left_over = left_over + 1",
    "batches hold no more": "UPDATE batches SET left_over = left_over + 500",
    "a parcel took no more": "UPDATE batch_moves SET delta = delta - 50 WHERE kind = 'taken'",
    "nothing was packed from": "UPDATE batches SET best_before = '2020-01-01'",
    "a published product shows": "UPDATE products SET price_to = price_to + 1",
}


def made_in_a_workshop():
    """A chair whose workshop makes three pieces a week, whatever they are."""
    maker = factories.facility()
    room = maker.workshops[0].id
    inventory.set_capacity(maker.id, room, 3)
    return factories.product(maker, price=400_000, supply="made_to_order", workshop_id=room)


def carried(bag):
    """Some bags went to an outlet, one of them broke there."""
    outlet = inventory.open_place(bag.facility_id, "Gerai Serang", LocationKind.OUTLET)
    room, variant_id = inventory.ensure_storeroom(bag.facility_id), bag.variants[0].id
    inventory.transfer(bag.facility_id, variant_id, 4, from_id=room, to_id=outlet)
    inventory.take_out(bag.facility_id, variant_id, 1, reason=Reason.BROKEN, place_id=outlet)
    return bag


@pytest.fixture
def shop(db):
    """Every kind of order: waiting, paid by card and by transfer, paid twice, sent back, made to order."""
    buying.open_shop()
    bag = carried(factories.product(price=75_000, stock=50))
    changes_of_every_kind()
    chair = made_in_a_workshop()
    buying.buy({bag: 2, chair: 1})
    card = buying.buy({bag: 1})
    buying.pay(card, reference="pi_1")
    transfer = buying.buy({bag: 1, chair: 2}, method="transfer")
    attempt = buying.transfer_attempt(transfer)
    attempt_id, amount = attempt.id, attempt.amount
    first, second = (Actor(factories.user("regional").id) for _ in range(2))
    factories.open_session(db.session.get(User, first.id))
    factories.stored(RecoveryCode(user_id=first.id, code_hash="-"))
    check_claim(attempt_id, first, amount=amount, bank_reference="BR-1")
    confirm_claim(attempt_id, second)
    buying.pay(transfer, reference="pi_2")
    sent_back = buying.buy({bag: 3})
    buying.pay(sent_back, reference="pi_3")
    cancel_order(sent_back.id, first, reason="Barang rusak")
    mark_refund_sent(db.session.scalars(db.select(Refund.id)).one(), "re_3", actor=SYSTEM)
    assert db.session.scalar(db.select(db.func.count(Case.id))) == 1
    maker = factories.facility()
    arrived = deliver({factories.product(maker, title="Piring Batok", stock=9): 3}, maker)
    complaint = complain(arrived)
    accept_wish(arrived.facility_id, complaint, arrived.staff_id, wants_goods=True)
    back = {arrived.lines["Piring Batok"]: Counted(1, 1)}
    receive_back(arrived.facility_id, complaint, arrived.staff_id, back)
    send_again(factories.product(maker, title="Keset", stock=9), maker)
    sold_cheaply(bag)
    pay_too_much(bag, first)
    write_down(bag)
    follow(arrived.parcel_id)
    tell(arrived.facility_id)
    imported(arrived.facility_id, csv([["KURSI", "Kursi", 90_000, 3, 4_000]]))
    db.session.rollback()


def tell(facility_id):
    """The office says something to one facility."""
    told = NoticeDetails(title="Rapat", body="Senin", last_day=clock.today(), facility_ids=[facility_id])
    publish_notice(told, once="tanda")
    page = Draft(slug=PageSlug.ABOUT, language="id", title="Tentang", body="> Toko.", reason="Uji", base=0)
    publish_text(page, by_id=factories.user("regional").id)


def sold_cheaply(bag):
    """An order with a voucher, of a facility whose prices hold a tax."""
    offers.offer(code="HEMAT", value=50, total_limit=9, person_limit=3)
    buying.taxed(bag.facility_id)
    cheap = place_order(
        offers.with_code(buying.cart_of({bag: 1}), "HEMAT"), buying.somebody(), payment_method="card"
    )
    buying.pay(cheap, reference="pi_4")


def send_again(mat, maker):
    """A parcel comes back undelivered, one of its three pieces broken, and two go out again."""
    batch_of(maker.id, buying.only(mat).id, 5)
    away = deliver({mat: 3}, maker, arrive=False)
    back = Back(Problem.CARRIER, {away.lines["Keset"]: Counted(2, 1)})
    case_id = come_back(away.parcel_id, away.staff_id, back, facility_id=away.facility_id).id
    again = Proposal(Remedy.EXCHANGE, {away.lines["Keset"]: 2})
    decide(case_id, away.office_id, again, text="Kami kirim yang baik.")


def pay_too_much(bag, officer):
    """An order of which the surplus is owed back, and one that was paid in two parts."""
    over, parts = buying.buy({bag: 1}), buying.buy({bag: 1})
    buying.pay(over, reference="pi_5", amount=buying.order_of(over).total + 25_000)
    buying.pay(parts, reference="pi_6", amount=50_000)
    buying.pay(parts, reference="pi_7", amount=buying.order_of(parts).total - 40_000)
    for placed in (over, parts):
        [case_id, *_others] = database.session.scalars(select(Case.id).filter_by(order_id=placed.id)).all()
        accept_case(case_id, officer, together=True)


def write_down(bag):
    """An order at the counter, paid in cash."""
    officer, scope = Actor(factories.user().id), bag.facility_id
    draft = open_draft(scope, officer.id, Source.COUNTER)
    add_goods(scope, draft, buying.only(bag).id, 1)
    buyer, here = buying.somebody(), frozenset({scope})
    place_draft(scope, draft, buyer, officer, payment_method="cash", pickups=here)
    take_cash(scope, draft, officer, amount=75_000)


def follow(parcel_id):
    """The courier says that a parcel has arrived."""
    track = Track([Station(clock.now(), "Diterima")], delivered=True)
    with transaction():
        note_stations(parcel_id, "biteship", track)


def broken(db):
    """The rules that do not hold."""
    return {finding.rule: finding.offenders for finding in verify() if not finding.holds}


def without_constraints(db, *tables):
    """The same rows in tables that let everything happen: neither triggers nor keys nor checks."""
    sqlite = db.engine.dialect.name == "sqlite"
    with closing(db.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        if sqlite:
            cursor.execute("PRAGMA foreign_keys=OFF")
        for table in tables:
            cursor.execute(f"CREATE TABLE bare AS SELECT * FROM {table}")
            cursor.execute(f"DROP TABLE {table}{'' if sqlite else ' CASCADE'}")
            cursor.execute(f"ALTER TABLE bare RENAME TO {table}")
        connection.commit()


def test_a_shop_in_use_keeps_every_rule(shop, db):
    assert broken(db) == {}


def test_an_empty_shop_keeps_every_rule(db):
    assert broken(db) == {}


def test_every_rule_is_broken_by_something():
    names = [rule.name for rule in RULES if rule.name != TRIGGERS]
    assert [name for name in names if not any(name.startswith(begin) for begin in BREAKS)] == []


def test_every_break_is_found(shop, db):
    tables = {re.match(r"(?:UPDATE|DELETE FROM) (\w+)", statement)[1] for statement in BREAKS.values()}
    without_constraints(db, *tables)
    unnoticed = []
    for begin, statement in BREAKS.items():
        rule = next(rule for rule in RULES if rule.name.startswith(begin))
        assert not rule.find(), begin
        db.session.execute(text(statement))
        unnoticed += [] if rule.find() else [begin]
        db.session.rollback()
    assert unnoticed == []


def test_lost_triggers_are_named(db):
    without_constraints(db, *APPEND_ONLY)
    lost = " ".join(row["trigger"] for row in broken(db)[TRIGGERS])
    assert [table for table in APPEND_ONLY if table not in lost] == []
