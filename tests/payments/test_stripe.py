"""Cards over the wire: the real client, a stateful stand-in, signed messages in any order."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.outbox import drain
from storefront.orders.models import Order, OrderStatus
from storefront.orders.services import Actor
from storefront.payments.models import (
    AttemptStatus,
    Case,
    CaseKind,
    Payment,
    PaymentAttempt,
    ProviderEvent,
    Refund,
)
from storefront.payments.providers import ProviderAway
from storefront.payments.providers.stripe import from_minor, to_minor
from storefront.payments.services import cancel_order, expire_orders, start_attempt, start_page
from tests import factories
from tests.buying import balance, buy, open_shop, order_of, pay, stock_of

SECRETS = ("whsec_now", "whsec_before")
pytestmark = pytest.mark.cards(*SECRETS)
BACK = "http://127.0.0.1/pesanan/x"


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(price=100_000, stock=5)


@pytest.fixture
def tell(client, vendor):
    """Deliver events of the vendor to the webhook, signed; returns the status codes."""

    def deliver(*kinds, secret=SECRETS[0], times=1):
        codes = []
        for event in [e for kind in kinds for e in vendor.control.events(kind)]:
            for _ in range(times):
                payload, signature = vendor.control.signed(event["id"], secret)
                codes.append(
                    client.post(
                        "/webhooks/stripe",
                        data=payload,
                        content_type="application/json",
                        headers={"Stripe-Signature": signature},
                    ).status_code
                )
        return codes

    return deliver


def signed(body, secret):
    """The signature of a message that the simulator would not send."""
    stamp = int(clock.now().timestamp())
    mark = hmac.new(secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={stamp},v1={mark}"


def open_page(placed):
    """The session of a pay page opened for an order."""
    attempt = start_attempt(placed.id, "card")
    start_page(attempt, back=BACK)
    database.session.expire_all()
    return database.session.get_one(PaymentAttempt, attempt).reference


def test_rupiah_are_hundredths_there_and_back():
    assert to_minor(186_332) == 18_633_200
    assert from_minor(18_633_200, "idr") == (186_332, "IDR")
    assert from_minor(18_633_250, "idr") == (18_633_250, "ID?")
    assert from_minor(1200, "usd") == (1200, "USD")


def test_the_pay_page_asks_for_the_whole_order_in_hundredths(bag, vendor):
    placed = buy({bag: 1})
    open_page(placed)
    [session] = vendor.control.sessions()
    assert session["amount_total"] == order_of(placed).total * 100
    assert session["currency"] == "idr"
    assert session["client_reference_id"] == placed.number


def test_asking_twice_opens_one_pay_page(bag, vendor):
    placed = buy({bag: 1})
    assert open_page(placed) == open_page(placed)
    assert len(vendor.control.sessions()) == 1


def test_a_paid_session_pays_once_however_often_it_is_told(bag, vendor, tell):
    placed = buy({bag: 1})
    vendor.control.pay(open_page(placed))

    assert tell("checkout.session.completed", times=3) == [200, 200, 200]

    assert order_of(placed).status is OrderStatus.PAID
    assert stock_of(bag) == (4, 0)
    assert balance("clearing:stripe") == order_of(placed).total
    assert database.session.scalar(select(func.count(ProviderEvent.id))) == 1


def test_money_counts_when_it_was_paid_not_when_we_hear_of_it(bag, vendor, tell):
    placed = buy({bag: 1})
    vendor.control.pay(open_page(placed))
    [told] = vendor.control.events("checkout.session.completed")
    with clock.travel(clock.now() + timedelta(minutes=4)):  # a signature is good for five
        tell("checkout.session.completed")
    paid = database.session.scalars(select(Payment)).one()
    assert paid.received_at == datetime.fromtimestamp(told["created"], UTC)
    assert paid.recorded_at > paid.received_at + timedelta(minutes=3)


def test_messages_in_the_wrong_order_end_the_same(bag, vendor, tell):
    placed = buy({bag: 1})
    vendor.control.pay(open_page(placed))
    kinds = [event["type"] for event in vendor.control.events()]
    assert set(tell(*reversed(kinds))) == {200}
    assert order_of(placed).status is OrderStatus.PAID


def test_an_older_secret_still_counts_while_rotating(bag, vendor, tell):
    placed = buy({bag: 1})
    vendor.control.pay(open_page(placed))
    assert tell("checkout.session.completed", secret=SECRETS[1]) == [200]
    assert order_of(placed).status is OrderStatus.PAID


def test_a_foreign_signature_changes_nothing(bag, vendor, tell):
    placed = buy({bag: 1})
    vendor.control.pay(open_page(placed))
    assert tell("checkout.session.completed", secret="whsec_evil") == [400]
    assert order_of(placed).status is OrderStatus.PENDING
    assert database.session.scalar(select(func.count(ProviderEvent.id))) == 0


def test_nonsense_is_refused_without_a_crash(client, bag):
    for body in (b"", b"{", b"\xff\xfe", b"[]"):
        assert client.post("/webhooks/stripe", data=body).status_code == 400


def test_a_message_before_the_reference_is_stored_still_finds_its_order(bag, vendor, tell, db):
    placed = buy({bag: 1})
    vendor.control.pay(open_page(placed))
    db.session.execute(db.update(PaymentAttempt).values(reference=None))
    db.session.commit()
    assert tell("checkout.session.completed") == [200]
    assert order_of(placed).status is OrderStatus.PAID


def test_a_wrong_amount_becomes_a_case(bag, vendor, tell):
    placed = buy({bag: 1})
    session = open_page(placed)
    vendor.control.set_amount(session, 5_000_000)
    vendor.control.pay(session)
    assert tell("checkout.session.completed") == [200]
    assert order_of(placed).status is OrderStatus.PENDING
    assert database.session.scalars(select(Case)).one().kind is CaseKind.UNDERPAID


def test_a_session_that_expires_never_unpays(bag, vendor, tell):
    placed = buy({bag: 1})
    session = open_page(placed)
    vendor.control.pay(session)
    tell("checkout.session.completed")
    vendor.control.forge("checkout.session.expired", session, kind="checkout.session", status="expired")
    assert tell("checkout.session.expired") == [200]
    assert order_of(placed).status is OrderStatus.PAID
    assert database.session.scalars(select(PaymentAttempt)).one().status is AttemptStatus.SUCCEEDED


def test_delayed_money_waits_and_then_pays(bag, vendor, tell):
    placed = buy({bag: 1})
    session = open_page(placed)
    vendor.control.pay_later(session)
    assert tell("checkout.session.completed") == [200]
    assert order_of(placed).status is OrderStatus.PENDING
    vendor.control.settle(session, succeeded=True)
    assert tell("checkout.session.async_payment_succeeded") == [200]
    assert order_of(placed).status is OrderStatus.PAID


def test_delayed_money_that_fails_closes_only_the_attempt(bag, vendor, tell):
    placed = buy({bag: 1})
    session = open_page(placed)
    vendor.control.pay_later(session)
    vendor.control.settle(session, succeeded=False)
    tell("checkout.session.async_payment_failed")
    assert order_of(placed).status is OrderStatus.PENDING
    attempt = database.session.scalars(select(PaymentAttempt)).one()
    assert attempt.status is AttemptStatus.FAILED


def test_expiry_closes_the_pay_page_first(bag, vendor):
    placed = buy({bag: 1})
    open_page(placed)
    with clock.travel(order_of(placed).pay_by + timedelta(minutes=1)):
        assert expire_orders() == 1
    assert vendor.control.sessions()[0]["status"] == "expired"
    assert stock_of(bag) == (5, 0)


def test_expiry_finds_out_that_it_was_paid_after_all(bag, vendor):
    placed = buy({bag: 1})
    vendor.control.pay(open_page(placed))
    with clock.travel(order_of(placed).pay_by + timedelta(minutes=1)):
        assert expire_orders() == 0
    assert order_of(placed).status is OrderStatus.PAID


def test_expiry_waits_for_a_vendor_that_is_away_but_not_for_ever(bag, vendor):
    placed = buy({bag: 1})
    open_page(placed)
    vendor.control.api_fault("status", status=500, count=50)
    with clock.travel(order_of(placed).pay_by + timedelta(minutes=1)):
        assert expire_orders() == 0
    with clock.travel(order_of(placed).pay_by + timedelta(hours=2)):
        assert expire_orders() == 1


def test_a_vendor_that_is_away_costs_nobody_the_order(bag, vendor):
    placed = buy({bag: 1})
    attempt = start_attempt(placed.id, "card")
    vendor.control.api_fault("status", status=503, count=10)
    with pytest.raises(ProviderAway):
        start_page(attempt, back=BACK)
    assert order_of(placed).status is OrderStatus.PENDING
    assert stock_of(bag) == (5, 1)
    vendor.control.clear_faults()
    assert start_page(attempt, back=BACK).startswith(vendor.base_url)


def test_a_reply_that_got_lost_opens_no_second_page(bag, vendor):
    placed = buy({bag: 1})
    attempt = start_attempt(placed.id, "card")
    vendor.control.api_fault("cut", after=True, count=1)
    start_page(attempt, back=BACK)
    assert len(vendor.control.sessions()) == 1


def test_a_lost_message_is_asked_for(bag, vendor):
    placed = buy({bag: 1})
    vendor.control.pay(open_page(placed))
    with clock.travel(clock.now() + timedelta(minutes=5)):
        drain()
    assert order_of(placed).status is OrderStatus.PAID


def test_a_cancelled_order_is_refunded_once(bag, vendor, tell):
    placed = buy({bag: 1})
    vendor.control.pay(open_page(placed))
    tell("checkout.session.completed")
    cancel_order(placed.id, Actor(), reason="Barang rusak di gudang")
    drain()
    tell("refund.created", "refund.updated", "charge.refunded", times=2)

    [refund] = vendor.control.refunds()
    order = order_of(placed)
    assert refund["amount"] == order.total * 100
    assert (order.status, order.refund_due) == (OrderStatus.CANCELLED, 0)
    assert (balance("clearing:stripe"), balance("sales")) == (0, 0)
    assert database.session.scalar(select(func.count(Refund.id))) == 1


def test_a_refund_made_in_the_vendors_dashboard_is_shown_to_the_office(bag, vendor, tell):
    placed = buy({bag: 1})
    vendor.control.pay(open_page(placed))
    tell("checkout.session.completed")
    import stripe

    client = stripe.StripeClient("sk_test_shop", base_addresses={"api": vendor.base_url})
    [session] = vendor.control.sessions()
    client.v1.refunds.create({"payment_intent": session["payment_intent"]})
    assert set(tell("refund.created", "refund.updated")) == {200}
    assert database.session.scalars(select(Case)).one().kind is CaseKind.REFUND_FAILED
    assert order_of(placed).needs_review


def test_coming_back_from_the_pay_page_pays_nothing(bag, vendor, client):
    placed = buy({bag: 1})
    open_page(placed)
    assert client.get(f"/pesanan/{placed.token}?dari=kartu").status_code == 200
    assert order_of(placed).status is OrderStatus.PENDING
    assert balance("clearing:stripe") == 0


@pytest.mark.parametrize("kind", ["checkout.session.expired", "checkout.session.async_payment_failed"])
def test_the_bad_end_of_one_way_changes_nothing_once_another_has_paid(bag, vendor, tell, kind):
    placed = buy({bag: 1})
    session = open_page(placed)
    pay(placed, provider="qris")
    vendor.control.forge(kind, session, kind="checkout.session", status="expired")
    assert tell(kind, times=2) == [200, 200]
    assert order_of(placed).status is OrderStatus.PAID
    assert stock_of(bag) == (4, 0)
    assert database.session.scalar(select(func.count(Case.id))) == 0


def test_what_we_do_not_act_on_is_kept_and_answered(bag, client):
    told = {"id": "evt_1", "type": "customer.created", "created": 1, "data": {"object": {"id": "cus_1"}}}
    body = json.dumps(told)
    headers = {"Stripe-Signature": signed(body, SECRETS[0])}
    answers = [client.post("/webhooks/stripe", data=body, headers=headers) for _ in range(2)]
    assert [(a.status_code, a.json["outcome"]) for a in answers] == [(200, "ignored"), (200, "repeat")]
    assert database.session.scalars(select(ProviderEvent)).one().outcome == "ignored"


def test_what_the_vendor_knows_about_the_buyer_is_not_kept(bag, vendor, client):
    placed = buy({bag: 1})
    vendor.control.pay(open_page(placed))
    [event] = vendor.control.events("checkout.session.completed")
    told = json.loads(vendor.control.signed(event["id"], SECRETS[0])[0])
    told["data"]["object"] |= {
        "customer_details": {"email": "siti@contoh.id", "name": "Siti Contoh", "address": {"line1": "Jl. 1"}},
        "success_url": f"http://127.0.0.1/pesanan/{placed.token}?dari=kartu",
    }
    body = json.dumps(told)
    answer = client.post(
        "/webhooks/stripe", data=body, content_type="application/json",
        headers={"Stripe-Signature": signed(body, SECRETS[0])},
    )  # fmt: skip
    assert answer.json == {"outcome": "paid"}
    kept = json.dumps(database.session.scalars(select(ProviderEvent.payload)).one())
    assert "payment_intent" in kept
    assert not [word for word in ("siti@", "Siti", "Jl. 1", placed.token) if word in kept]


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_a_refund_that_does_not_arrive_after_all_is_shown_to_the_office(bag, vendor, tell, client, status):
    placed = buy({bag: 1})
    vendor.control.pay(open_page(placed))
    tell("checkout.session.completed")
    cancel_order(placed.id, Actor(), reason="Barang rusak di gudang")
    drain()
    [event] = vendor.control.events("refund.created")
    told = json.loads(vendor.control.signed(event["id"], SECRETS[0])[0])
    told["id"], told["data"]["object"]["status"] = "evt_later", status
    body = json.dumps(told)
    for _ in range(2):
        headers = {"Stripe-Signature": signed(body, SECRETS[0])}
        client.post("/webhooks/stripe", data=body, content_type="application/json", headers=headers)
    assert database.session.scalars(select(Case)).one().kind is CaseKind.REFUND_FAILED


def test_paying_by_two_methods_keeps_the_second_money_apart(bag, vendor, tell):
    placed = buy({bag: 1})
    session = open_page(placed)
    start_attempt(placed.id, "transfer")
    vendor.control.pay(session)
    tell("checkout.session.completed")
    order = database.session.get_one(Order, placed.id)
    assert order.status is OrderStatus.PAID
    open_ones = select(func.count(PaymentAttempt.id)).filter_by(status=AttemptStatus.STARTED)
    assert database.session.scalar(open_ones) == 0
