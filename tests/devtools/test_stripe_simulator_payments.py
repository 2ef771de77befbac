"""Paying, declining, refunding, and the events that tell of it."""

from __future__ import annotations

import pytest
import stripe

from devtools.stripe_simulator.control import ControlError

DECLINED = {
    "4000000000000002": ("card_declined", "generic_decline"),
    "4000000000009995": ("card_declined", "insufficient_funds"),
    "4000000000000069": ("expired_card", "expired_card"),
    "5555555555554444": ("card_declined", "test_mode_live_card"),
}


def types(server) -> list[str]:
    return [event["type"] for event in server.control.events()]


@pytest.fixture
def paid(client, server, open_session):
    """A paid session of Rp186.000."""
    session = open_session()
    server.control.pay(session.id)
    return client.v1.checkout.sessions.retrieve(session.id)


def test_paying_completes_the_session(client, server, paid):
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent = client.v1.payment_intents.retrieve(paid.payment_intent, params={"expand": ["latest_charge"]})
    assert (intent.status, intent.amount_received) == ("succeeded", 18_600_000)
    assert intent.latest_charge.payment_method_details.card.last4 == "4242"
    assert client.v1.charges.retrieve(intent.latest_charge.id).paid
    assert client.v1.balance.retrieve().available[0].amount == 18_600_000
    assert types(server) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_a_session_is_paid_once(server, paid):
    with pytest.raises(ControlError, match="409"):
        server.control.pay(paid.id)


@pytest.mark.parametrize("card", DECLINED)
def test_a_declined_card_leaves_the_session_open(client, server, open_session, card):
    session = server.control.pay(open_session().id, card)

    assert (session["status"], session["payment_status"]) == ("open", "unpaid")
    error = client.v1.payment_intents.retrieve(session["payment_intent"]).last_payment_error
    assert (error.code, error.decline_code) == DECLINED[card]
    assert types(server)[1:] == ["charge.failed", "payment_intent.payment_failed"]


def test_another_card_can_pay_after_a_decline(client, server, open_session):
    session_id = open_session().id
    declined = server.control.pay(session_id, "4000000000000002")
    paid = server.control.pay(session_id)

    assert paid["payment_status"] == "paid"
    assert paid["payment_intent"] == declined["payment_intent"]
    assert client.v1.payment_intents.retrieve(paid["payment_intent"]).last_payment_error is None


def test_delayed_money_arrives_later(client, server, open_session):
    session = server.control.pay_later(open_session().id)
    assert (session["status"], session["payment_status"]) == ("complete", "unpaid")
    assert client.v1.balance.retrieve().available == []

    session = server.control.settle(session["id"])

    assert session["payment_status"] == "paid"
    assert types(server) == [
        "payment_intent.created",
        "payment_intent.processing",
        "checkout.session.completed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]


def test_delayed_money_may_never_come(server, open_session):
    session = server.control.pay_later(open_session().id)

    session = server.control.settle(session["id"], succeeded=False)

    assert session["payment_status"] == "unpaid"
    assert types(server)[-1] == "checkout.session.async_payment_failed"
    with pytest.raises(ControlError, match="No delayed payment"):
        server.control.settle(session["id"])


def test_an_altered_amount_is_what_is_charged(client, server, open_session):
    session_id = open_session().id
    server.control.set_amount(session_id, 100_000)

    paid = server.control.pay(session_id)

    assert paid["amount_total"] == 100_000
    assert client.v1.payment_intents.retrieve(paid["payment_intent"]).amount_received == 100_000


def test_an_event_tells_what_it_was_about_then(client, server, open_session):
    session = open_session()
    client.v1.checkout.sessions.expire(session.id, options={"idempotency_key": "expire-1"})

    event = client.v1.events.list(params={"type": "checkout.session.*"}).data[0]

    assert (event.type, event.livemode, event.api_version) == (
        "checkout.session.expired",
        False,
        stripe.api_version,
    )
    assert event.data.object.id == session.id
    assert event.request.idempotency_key == "expire-1"
    assert event.request.id.startswith("req_")
    assert not any(key.startswith("_") for key in event.data.object.to_dict())
    assert client.v1.events.retrieve(event.id).id == event.id


def test_refunds_never_exceed_the_charge(client, server, paid):
    intent = {"payment_intent": paid.payment_intent}
    first = client.v1.refunds.create(
        params={**intent, "amount": 10_000_000, "reason": "requested_by_customer"}
    )
    assert (first.status, first.amount, first.currency) == ("succeeded", 10_000_000, "idr")

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded") as error:
        client.v1.refunds.create(params={**intent, "amount": 8_600_001})
    assert error.value.param == "amount"

    rest = client.v1.refunds.create(params={**intent, "metadata": {"order": "BTN-1"}})
    assert rest.amount == 8_600_000
    with pytest.raises(stripe.InvalidRequestError) as error:
        client.v1.refunds.create(params=intent)
    assert error.value.code == "charge_already_refunded"
    listed = client.v1.refunds.list(params=intent)
    assert [r.id for r in listed] == [rest.id, first.id]
    assert client.v1.refunds.retrieve(rest.id, params={"expand": ["charge"]}).charge.refunded
    assert client.v1.balance.retrieve().available[0].amount == 0
    assert types(server)[-3:] == ["refund.created", "charge.refunded", "refund.updated"]


@pytest.mark.parametrize("amount", [0, -1])
def test_a_refund_is_more_than_nothing(client, paid, amount):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create(params={"payment_intent": paid.payment_intent, "amount": amount})


def test_nothing_to_refund_before_payment(client, server, open_session):
    session = server.control.pay(open_session().id, "4000000000000002")

    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        client.v1.refunds.create(params={"payment_intent": session["payment_intent"]})
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
        client.v1.refunds.create(params={"payment_intent": "pi_nothing"})


def test_a_pending_refund_may_fail(client, server, paid):
    server.control.pending_refunds(1)
    refund = client.v1.refunds.create(params={"payment_intent": paid.payment_intent})
    assert refund.status == "pending"

    assert server.control.settle_refund(refund.id, succeeded=False)["status"] == "failed"

    assert types(server)[-2:] == ["refund.updated", "refund.failed"]
    assert client.v1.charges.retrieve(refund.charge).amount_refunded == 0
