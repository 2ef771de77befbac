"""Midtrans over the wire: notifications that may lie, come twice, late, backwards or not at all."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from devtools.midtrans_simulator import MidtransServer
from devtools.midtrans_simulator.notices import signed
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.outbox import drain
from storefront.orders.models import Order, OrderStatus
from storefront.orders.services import Actor
from storefront.payments.models import (
    AttemptStatus,
    Case,
    CaseKind,
    EventKind,
    Payment,
    PaymentAttempt,
    PaymentEvent,
    ProviderEvent,
    Refund,
)
from storefront.payments.providers import ProviderAway
from storefront.payments.providers.midtrans import receipt, signature
from storefront.payments.services import cancel_order, expire_orders, start_attempt, start_page
from storefront.revenue.models import Journal
from tests import factories
from tests.buying import balance, buy, open_shop, order_of, stock_of
from tests.support.vendors import with_midtrans

KEY = "SB-Mid-server-TESTKEY000"
BACK = "http://127.0.0.1/pesanan/x"


@pytest.fixture
def vendor():
    with MidtransServer(KEY) as server:
        yield server


@pytest.fixture
def config(config, vendor):
    return with_midtrans(config, vendor, KEY)


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(price=100_000, stock=5)


@pytest.fixture
def tell(client, vendor):
    """Deliver what Midtrans told so far, in this order of its statuses; returns the answers' codes."""

    def deliver(*statuses, times=1, **changed):
        told = [
            notice
            for status in statuses
            for notice in vendor.account.notices.told
            if notice["transaction_status"] == status
        ]
        assert told
        return [
            client.post("/webhooks/midtrans", json=notice | changed).status_code
            for notice in told
            for _ in range(times)
        ]

    return deliver


def open_page(placed, code="va"):
    """The Midtrans order id of a page opened for an order."""
    attempt = start_attempt(placed.id, code)
    start_page(attempt, back=BACK)
    database.session.expire_all()
    return database.session.get_one(PaymentAttempt, attempt).reference


def count(model, **what):
    return database.session.scalar(select(func.count(model.id)).filter_by(**what))


def test_the_signature_is_the_documented_one():
    assert signature("WBP-260128-0007", "200", "125000.00", KEY) == (
        "2163bf74435311bffec8de5ecc7067d49a690958e135a9fafcc7649a5597ea21"
        "285c17db8b6252278ebf8c3f1cee706be9bd4a52c4818e75eabaa6a0adbfaf39"
    )


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("125000.00", "IDR", (125_000, "IDR")),
        ("125000", "IDR", (125_000, "IDR")),
        ("125000.50", "IDR", (12_500_050, "ID?")),
        ("12.00", "USD", (1200, "USD")),
        ("١٢", "IDR", (0, "ID?")),
        ("-1.00", "IDR", (0, "ID?")),
    ],
)
def test_only_whole_rupiah_are_rupiah(text, currency, expected):
    said = {"order_id": "x", "transaction_id": "y", "transaction_status": "settlement"}
    found = receipt(said | {"gross_amount": text, "currency": currency})
    assert (found.amount, found.currency) == expected


@pytest.mark.parametrize(
    ("settled", "month"), [("2026-11-30 23:59:59", "2026-11"), ("2026-12-01 00:00:00", "2026-12")]
)
def test_money_counts_in_the_month_in_which_it_was_paid(bag, vendor, tell, settled, month):
    with clock.travel(datetime(2026, 11, 30, 16, 30, tzinfo=UTC)):
        placed = buy({bag: 1})
        reference = open_page(placed)
    vendor.account.pay(reference)
    vendor.account.store.save(vendor.account.find(reference) | {"settlement_time": settled})
    with clock.travel(datetime(2026, 12, 1, 5, tzinfo=UTC)):
        assert tell("settlement") == [200]
    assert database.session.scalars(select(Journal)).one().period == month


def test_a_clock_that_runs_ahead_books_nothing_in_the_future(bag, vendor, tell):
    placed = buy({bag: 1})
    reference = open_page(placed)
    vendor.account.pay(reference)
    vendor.account.store.save(vendor.account.find(reference) | {"settlement_time": "2999-01-01 00:00:00"})
    assert tell("settlement") == [200]
    assert database.session.scalars(select(Payment)).one().received_at <= clock.now()


@pytest.mark.parametrize(
    ("status", "fraud", "state"),
    [
        ("capture", "accept", "paid"),
        ("capture", "challenge", "waiting"),
        ("settlement", "accept", "paid"),
        ("pending", "accept", "waiting"),
        ("deny", "deny", "failed"),
        ("expire", "accept", "expired"),
        ("cancel", "accept", "expired"),
        ("partial_refund", "accept", "paid"),
        ("something_new", "accept", "waiting"),
    ],
)
def test_what_the_statuses_mean(status, fraud, state):
    said = {"order_id": "x", "transaction_id": "y", "transaction_status": status, "fraud_status": fraud}
    assert receipt(said | {"gross_amount": "1.00"}).state == state


def test_the_page_shows_only_the_chosen_way_and_ends_with_the_order(bag, vendor):
    placed = buy({bag: 1}, method="va")
    reference = open_page(placed)
    [page] = vendor.account.pages()
    assert page["order_id"] == reference == f"{placed.number}-1"
    assert page["amount"] == order_of(placed).total
    assert "bca_va" in page["channels"]
    assert "other_qris" not in page["channels"]
    left = page["expires"] - order_of(placed).pay_by.timestamp()
    assert abs(left) < 90
    held = order_of(placed).pay_by - order_of(placed).placed_at
    assert timedelta(hours=24) <= held < timedelta(hours=24, minutes=1)


def test_a_lost_answer_opens_no_second_thing_to_pay(bag, vendor):
    placed = buy({bag: 1})
    vendor.api_fault("cut", after=True, path="/snap", count=2)
    with pytest.raises(ProviderAway):
        open_page(placed)
    assert order_of(placed).status is OrderStatus.PENDING
    reference = open_page(placed)
    vendor.account.pay(reference)
    assert len(vendor.account.transactions()) == 1


def test_a_settlement_pays_once_however_often_it_is_told(bag, vendor, tell):
    placed = buy({bag: 1})
    vendor.account.pay(open_page(placed))

    assert set(tell("settlement", times=4)) == {200}

    assert order_of(placed).status is OrderStatus.PAID
    assert stock_of(bag) == (4, 0)
    assert balance("clearing:midtrans") == order_of(placed).total
    assert count(ProviderEvent) == 1
    assert count(PaymentEvent, kind=EventKind.CHARGED) == 1


@pytest.mark.parametrize("order", [("pending", "settlement"), ("settlement", "pending")])
def test_messages_in_any_order_end_the_same(bag, vendor, tell, order):
    placed = buy({bag: 1})
    vendor.account.pay(open_page(placed))
    tell(*order)
    assert order_of(placed).status is OrderStatus.PAID
    assert database.session.scalars(select(PaymentAttempt)).one().status is AttemptStatus.SUCCEEDED


def test_a_signed_lie_is_looked_up_first(client, bag, vendor):
    placed = buy({bag: 1})
    reference = open_page(placed)
    vendor.account.choose(vendor.account.pages()[0]["id"], "bca_va")  # chosen, not paid
    [waiting] = vendor.account.notices.told
    lie = signed(waiting | {"transaction_status": "settlement", "status_code": "200"}, KEY)
    assert client.post("/webhooks/midtrans", json=lie).status_code == 200
    assert order_of(placed).status is OrderStatus.PENDING
    assert count(Payment) == 0
    assert count(PaymentEvent, kind=EventKind.PENDING) == 1
    assert reference == lie["order_id"]


@pytest.mark.parametrize(
    "changed",
    [
        {"signature_key": "0" * 128},
        {"gross_amount": "1.00"},
        {"order_id": "WBP-000000-AAAAA-1"},
        {"status_code": "201"},
        {"signature_key": None},
        {"signature_key": 5},
        {"order_id": ["x"]},
    ],
)
def test_what_midtrans_did_not_sign_changes_nothing(bag, vendor, tell, changed):
    placed = buy({bag: 1})
    vendor.account.pay(open_page(placed))
    assert tell("settlement", **changed) == [400]
    assert order_of(placed).status is OrderStatus.PENDING
    assert count(ProviderEvent) == 0


def test_while_midtrans_cannot_be_asked_its_message_has_to_come_again(bag, vendor, tell):
    placed = buy({bag: 1})
    vendor.account.pay(open_page(placed))
    vendor.api_fault("status", status=500, count=2)
    assert tell("settlement") == [503]
    assert order_of(placed).status is OrderStatus.PENDING
    assert tell("settlement") == [200]
    assert order_of(placed).status is OrderStatus.PAID


def test_a_shop_without_midtrans_has_no_such_door(client, app, db):
    app.config["MIDTRANS_SERVER_KEY"] = ""
    assert client.post("/webhooks/midtrans", json={}).status_code == 404


@pytest.mark.parametrize(
    ("amount", "currency", "kind"),
    [
        ("1000.00", "IDR", CaseKind.UNDERPAID),
        ("9000000.00", "IDR", CaseKind.OVERPAID),
        ("12.00", "USD", CaseKind.FOREIGN_CURRENCY),
    ],
)
def test_another_sum_is_kept_and_looked_at(bag, vendor, tell, amount, currency, kind):
    placed = buy({bag: 1})
    vendor.account.pay(open_page(placed), amount=amount, currency=currency)
    tell("settlement")
    assert order_of(placed).status is OrderStatus.PENDING
    assert database.session.scalars(select(Case)).one().kind is kind


def test_an_unknown_order_is_kept_and_looked_at(client, bag, vendor):
    details = {"order_id": "LAIN-1", "gross_amount": 5000}
    vendor.account.open({"transaction_details": details})
    vendor.account.pay("LAIN-1")
    for notice in vendor.account.notices.told:
        assert client.post("/webhooks/midtrans", json=notice).status_code == 200
    assert database.session.scalars(select(Case)).one().kind is CaseKind.UNKNOWN_ORDER


def test_late_money_is_kept_and_the_order_stays_expired(bag, vendor, tell):
    placed = buy({bag: 1})
    reference = open_page(placed)
    with clock.travel(clock.now() + timedelta(days=3)):
        assert expire_orders() == 1
        vendor.account.pay(reference)
        tell("settlement")
    assert order_of(placed).status is OrderStatus.EXPIRED
    assert database.session.scalars(select(Case)).one().kind is CaseKind.LATE


def test_expiry_closes_what_waits_and_pays_what_was_paid(bag, vendor):
    waiting, paid = buy({bag: 1}), buy({bag: 1})
    for placed in (waiting, paid):
        open_page(placed)
    vendor.account.choose(vendor.account.pages()[0]["id"], "bca_va")
    vendor.account.pay(vendor.account.pages()[1]["order_id"])
    with clock.travel(clock.now() + timedelta(days=3)):
        assert expire_orders() == 1
    assert order_of(waiting).status is OrderStatus.EXPIRED
    assert order_of(paid).status is OrderStatus.PAID
    assert vendor.account.transactions()[0]["status"] == "expire"


def test_a_message_that_got_lost_is_asked_for(bag, vendor):
    placed = buy({bag: 1})
    vendor.account.pay(open_page(placed))
    with clock.travel(clock.now() + timedelta(minutes=5)):
        drain()
    assert order_of(placed).status is OrderStatus.PAID


def test_two_ways_on_one_order_are_independent_and_the_second_money_waits(bag, vendor, tell):
    placed = buy({bag: 1})
    first, second = open_page(placed, "va"), open_page(placed, "wallet")
    assert first != second
    vendor.account.pay(second)
    vendor.account.pay(first)
    tell("settlement")
    assert order_of(placed).status is OrderStatus.PAID
    assert count(Payment) == 2
    assert database.session.scalars(select(Case)).one().kind is CaseKind.DOUBLE


def test_a_cancelled_order_goes_back_by_the_wallet(bag, vendor, tell):
    placed = buy({bag: 1}, method="wallet")
    vendor.account.pay(open_page(placed, "wallet"))
    tell("settlement")
    cancel_order(placed.id, Actor(factories.user().id), reason="Bahan habis")
    drain()
    [transaction] = vendor.account.transactions()
    assert transaction["status"] == "refund"
    assert order_of(placed).refund_due == 0
    tell("refund", times=2)
    assert count(Refund) == 1
    assert count(Case) == 0


def test_a_virtual_account_cannot_give_back_so_an_officer_does(bag, vendor, tell):
    placed = buy({bag: 1}, method="va")
    vendor.account.pay(open_page(placed, "va"))
    tell("settlement")
    cancel_order(placed.id, Actor(factories.user().id), reason="Bahan habis")
    drain()
    assert order_of(placed).refund_due == order_of(placed).total
    assert database.session.scalars(select(Refund)).one().by_hand


def test_money_sent_back_in_their_pages_is_looked_at(bag, vendor, tell):
    for key in ("dari-dasbor", "", ""):  # each payment's, also where no key names it
        reference = open_page(buy({bag: 1}, method="wallet"), "wallet")
        vendor.account.pay(reference)
        vendor.account.refund(reference, amount=5000, refund_key=key)
    tell("settlement")
    tell("partial_refund", times=2)
    assert [case.kind for case in database.session.scalars(select(Case))] == [CaseKind.REFUND_FAILED] * 3


def test_the_webhook_survives_unruly_deliveries(live_server, config, bag, vendor):
    vendor.account.notices.url = f"{live_server}/webhooks/midtrans"
    vendor.notice_faults(repeat=5, hold=True)
    placed = [buy({bag: 1}) for _ in range(3)]
    for one in placed:
        vendor.account.pay(open_page(one))
    database.session.rollback()
    vendor.account.notices.release(backwards=True)
    vendor.account.notices.release()
    assert vendor.account.notices.settle()
    assert set(vendor.account.notices.answers) == {200}
    assert [order_of(one).status for one in placed] == [OrderStatus.PAID] * 3
    assert count(Payment) == 3


def press(client, placed, code):
    """Choose a way to pay on the order's page."""
    token = client.page(f"/pesanan/{placed.token}").all("input", name="csrf_token")[0].attrs["value"]
    return client.post(f"/pesanan/{placed.token}/bayar", data={"bayar": code, "csrf_token": token})


def test_the_order_page_leads_to_snap_and_back(client, bag, vendor):
    placed = buy({bag: 1}, method="qris")
    page = client.page(f"/pesanan/{placed.token}")
    assert "Bayar dengan QRIS" in page.text
    assert "virtual account" in client.get(f"/pesanan/{placed.token}").text
    answer = press(client, placed, "qris")
    assert answer.status_code == 303
    assert answer.location.startswith(vendor.base_url)
    assert vendor.account.pages()[0]["channels"] == ["other_qris"]
    policy = answer.headers["Content-Security-Policy"]
    assert f"form-action 'self' {vendor.base_url}" in policy
    assert json.dumps(vendor.account.pages()[0]["callbacks"]).count(placed.token) == 3


def test_away_tells_the_buyer_and_keeps_the_order(client, bag, vendor):
    placed = buy({bag: 1}, method="va")
    vendor.api_fault("status", status=503, count=9)
    answer = press(client, placed, "va")
    assert answer.status_code == 503
    assert "Pesanan Anda tersimpan" in answer.text
    assert database.session.get_one(Order, placed.id).status is OrderStatus.PENDING
