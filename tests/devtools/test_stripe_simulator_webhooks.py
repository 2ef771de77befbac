"""Webhooks as the shop receives them: signed, repeated, out of order, late, lost."""

from __future__ import annotations

import stripe

from devtools.stripe_simulator import Settings, SimulatorServer
from tests.devtools.stripe_shop import SECRET, client_of, session_params

AT_PAYMENT = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]
COMPLETED = ["checkout.session.completed"]


def pay(server, open_session, **faults) -> str:
    """Pay a session while these webhook faults are on; its id."""
    session_id = open_session().id
    server.control.webhook_faults(**faults)
    server.control.pay(session_id)
    return session_id


def test_arrive_signed_and_in_order(server, receiver, open_session):
    session_id = pay(server, open_session)

    assert server.control.flush()
    assert receiver.types == AT_PAYMENT
    completed = receiver.events[-1].data.object
    assert (completed.id, completed.payment_status) == (session_id, "paid")
    assert server.control.events()[0]["pending_webhooks"] == 0


def test_are_repeated(server, receiver, open_session):
    pay(server, open_session, repeat=3, types=COMPLETED)

    assert server.control.flush()
    assert receiver.types.count("checkout.session.completed") == 3
    assert len({e.id for e in receiver.events if e.type == "checkout.session.completed"}) == 1
    assert len(receiver.types) == 6


def test_arrive_at_once(server, receiver, open_session):
    pay(server, open_session, repeat=4, parallel=True, types=COMPLETED)

    assert server.control.flush()
    assert receiver.types.count("checkout.session.completed") == 4


def test_arrive_in_the_order_of_choice(server, receiver, open_session):
    pay(server, open_session, hold=True)
    assert server.control.flush()
    assert receiver.types == []
    assert [d["type"] for d in server.control.held()] == AT_PAYMENT

    assert server.control.release(["checkout.session.completed", "charge.succeeded"]) == 2
    assert server.control.flush()
    assert receiver.types == ["checkout.session.completed", "charge.succeeded"]

    assert server.control.release(reverse=True) == 2
    assert server.control.flush()
    assert receiver.types[2:] == ["payment_intent.succeeded", "payment_intent.created"]


def test_are_tried_again_until_accepted(server, receiver, open_session):
    receiver.statuses = [500, 302]
    session_id = open_session().id
    server.control.webhook_faults(drop=0)
    server.simulator.payments.expire(session_id)

    assert server.control.flush()
    assert receiver.types == []
    assert server.control.flush(retries=True)
    assert receiver.types == []
    assert server.control.advance(60 * 2) == 0  # the wait doubles
    assert server.control.flush()
    assert receiver.types == ["checkout.session.expired"]
    assert [d["status"] for d in server.control.deliveries()] == [500, 302, 200]


def test_are_given_up_in_the_end(client, server, receiver, open_session):
    receiver.statuses = [500] * 3
    client.v1.checkout.sessions.expire(open_session().id)
    for _ in range(4):
        assert server.control.flush(retries=True)

    assert [d["attempt"] for d in server.control.deliveries()] == [1, 2, 3]
    failed = client.v1.events.list(params={"delivery_success": False}).data
    assert [e.type for e in failed] == ["checkout.session.expired"]

    server.control.resend(failed[0].id)
    assert server.control.flush()
    assert receiver.types == ["checkout.session.expired"]


def test_can_be_lost_and_found_by_asking(client, server, receiver, open_session):
    pay(server, open_session, drop=-1)

    assert server.control.flush()
    assert receiver.types == []
    found = client.v1.events.list(params={"types": ["checkout.session.completed"]})
    assert [e.type for e in found] == COMPLETED


def test_can_be_late(server, receiver, open_session):
    pay(server, open_session, delay=30, types=COMPLETED)
    assert server.control.flush()
    assert receiver.types == AT_PAYMENT[:-1]

    server.control.advance(31)

    assert server.control.flush()
    assert receiver.types == AT_PAYMENT


def test_can_carry_a_wrong_signature(server, receiver, open_session):
    pay(server, open_session, bad_signature=1, types=COMPLETED)

    assert server.control.flush()
    assert (receiver.refused, receiver.types) == (1, AT_PAYMENT[:-1])
    assert server.control.flush(retries=True)
    assert receiver.types == AT_PAYMENT


def test_expired_by_the_clock(server, receiver, open_session):
    open_session()
    server.control.advance(36 * 60)

    assert server.control.flush()
    assert receiver.types == ["checkout.session.expired"]


def test_go_to_the_types_an_endpoint_wants(server, receiver, open_session):
    server.control.add_endpoint(receiver.url, SECRET, COMPLETED)
    pay(server, open_session)

    assert server.control.flush()
    assert receiver.types == COMPLETED


def test_can_be_forged(server, receiver, open_session):
    session_id = pay(server, open_session)
    server.control.forge("checkout.session.expired", session_id, currency="usd")

    assert server.control.flush()
    forged = receiver.events[-1]
    assert (forged.type, forged.data.object.currency) == ("checkout.session.expired", "usd")
    assert server.control.sessions()[0]["currency"] == "idr"


def test_can_be_posted_by_the_test_itself(server, open_session):
    pay(server, open_session)
    payload, signature = server.control.signed(server.control.events(*COMPLETED)[0]["id"], SECRET)

    assert stripe.Webhook.construct_event(payload, signature, SECRET).type == COMPLETED[0]


def test_survive_a_restart(tmp_path):
    sent: list[str] = []
    down = Settings(state=tmp_path / "stripe.sqlite", send=lambda *_: 503)
    with SimulatorServer(down) as server:
        server.control.add_endpoint("http://shop.test/webhooks/stripe", SECRET)
        session = client_of(server).v1.checkout.sessions.create(params=session_params())
        client_of(server).v1.checkout.sessions.expire(session.id)
        assert server.control.flush()

    def send(url: str, _body: bytes, _headers: dict[str, str]) -> int:
        sent.append(url)
        return 200

    with SimulatorServer(Settings(state=tmp_path / "stripe.sqlite", send=send)) as server:
        assert server.control.flush()
        assert client_of(server).v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert sent == ["http://shop.test/webhooks/stripe"]
