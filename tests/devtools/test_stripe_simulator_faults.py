"""API calls that go wrong on demand."""

from __future__ import annotations

import threading

import pytest
import stripe

from devtools.stripe_simulator.control import ControlError
from tests.devtools.stripe_shop import client_of, session_params

CREATE = {"method": "POST", "path": "/v1/checkout/sessions"}


@pytest.mark.parametrize(("status", "error"), [(500, stripe.APIError), (429, stripe.RateLimitError)])
def test_an_error_status_does_nothing(client, server, status, error):
    server.control.api_fault("status", status=status, **CREATE)

    with pytest.raises(error):
        client.v1.checkout.sessions.create(params=session_params())

    assert server.control.sessions() == []
    assert client.v1.checkout.sessions.create(params=session_params()).status == "open"


def test_only_matching_calls_are_hit(client, server):
    server.control.api_fault("status", status=500, method="POST", path="/v1/refunds")

    assert client.v1.checkout.sessions.list().data == []


@pytest.mark.parametrize("after", [False, True])
def test_a_cut_connection_leaves_the_caller_in_doubt(client, server, after):
    server.control.api_fault("cut", after=after, **CREATE)
    params, options = session_params(), {"idempotency_key": "order-1-attempt-1"}

    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(params=params, options=options)
    assert len(server.control.sessions()) == int(after)

    again = client.v1.checkout.sessions.create(params=params, options=options)
    assert [s["id"] for s in server.control.sessions()] == [again.id]
    assert ("Idempotent-Replayed" in again.last_response.headers) == after


def test_a_hanging_call_times_out(server):
    server.control.api_fault("hang", seconds=5, path="/v1/balance")
    hasty = stripe.StripeClient(
        "sk_test_simulator",
        base_addresses={"api": server.base_url},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=0.05),
    )

    with pytest.raises(stripe.APIConnectionError):
        hasty.v1.balance.retrieve()
    server.control.clear_faults()


def test_the_same_key_twice_at_once_is_a_conflict(client, server):
    server.control.api_fault("hang", seconds=5, **CREATE)
    params, options = session_params(), {"idempotency_key": "order-1-attempt-1"}
    first: list[stripe.checkout.Session] = []

    def create() -> None:
        first.append(client.v1.checkout.sessions.create(params=params, options=options))

    thread = threading.Thread(target=create)
    thread.start()
    while not server.simulator.keys._running:
        thread.join(0.005)
    with pytest.raises(stripe.APIError) as error:  # IdempotencyError is the client's name for a 400 only
        client_of(server).v1.checkout.sessions.create(params=params, options=options)
    server.control.clear_faults()
    thread.join()

    assert error.value.http_status == 409
    assert error.value.json_body["error"]["code"] == "idempotency_key_in_use"
    assert len(first) == len(server.control.sessions()) == 1


@pytest.mark.parametrize("wrong", [{"action": "explode"}, {"count": "two"}, {"colour": "red"}])
def test_unknown_faults_are_refused(server, wrong):
    with pytest.raises(ControlError, match="400"):
        server.control.api_fault(**wrong)
