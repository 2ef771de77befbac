"""The simulator's API, spoken to by the real client over HTTP."""

from __future__ import annotations

import time

import pytest
import stripe

from tests.devtools.stripe_shop import client_of, session_params


def test_creates_a_session_with_a_pay_page(client, server):
    session = client.v1.checkout.sessions.create(params=session_params())

    assert session.id.startswith("cs_test_")
    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert (session.amount_total, session.currency) == (18_600_000, "idr")
    assert session.url == f"{server.base_url}/c/pay/{session.id}"
    assert session.metadata["order"] == "BTN-1"
    assert session.payment_intent is None
    assert session.livemode is False


def test_sums_quantities_and_delivery(client):
    line = session_params()["line_items"][0] | {"quantity": 3}
    fee = {"display_name": "JNE Reguler", "type": "fixed_amount"}
    fee["fixed_amount"] = {"amount": 1_500_000, "currency": "idr"}
    params = session_params(line_items=[line], shipping_options=[{"shipping_rate_data": fee}])

    session = client.v1.checkout.sessions.create(params=params)

    assert session.amount_total == 3 * 18_600_000 + 1_500_000
    assert session.total_details.amount_shipping == 1_500_000


REFUSED = [
    ({"colour": "red"}, "parameter_unknown", "colour"),
    (
        {"line_items": [{"quantity": 1, "price_dta": {"currency": "idr"}}]},
        "parameter_unknown",
        "line_items[0][price_dta]",
    ),
    (
        {"line_items": [{"quantity": 1, "price_data": {"unit_amount": 5}}]},
        "parameter_missing",
        "line_items[0][price_data][currency]",
    ),
    ({"mode": "paymnt"}, None, "mode"),
    ({"expires_at": "tomorrow"}, "parameter_invalid_integer", "expires_at"),
    ({"allow_promotion_codes": "perhaps"}, None, "allow_promotion_codes"),
    ({"line_items": "bag"}, None, "line_items"),
    ({"client_reference_id": "x" * 201}, None, "client_reference_id"),
    ({"customer_email": "nobody"}, "email_invalid", "customer_email"),
    ({"success_url": "shop.test/thanks"}, "url_invalid", "success_url"),
    ({"cancel_url": ""}, "parameter_invalid_empty", "cancel_url"),
    ({"metadata": {f"k{n}": "v" for n in range(51)}}, None, "metadata"),
    ({"metadata": {"k" * 41: "v"}}, "parameter_invalid_string", f"metadata[{'k' * 41}]"),
    ({"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
]


@pytest.mark.parametrize(("changes", "code", "param"), REFUSED)
def test_refuses_bad_parameters_by_name(client, server, changes, code, param):
    with pytest.raises(stripe.InvalidRequestError) as error:
        client.v1.checkout.sessions.create(params=session_params(**changes))

    assert (error.value.http_status, error.value.code, error.value.param) == (400, code, param)
    assert server.control.sessions() == []


@pytest.mark.parametrize("missing", ["mode", "success_url", "line_items"])
def test_refuses_what_is_missing(client, missing):
    params = session_params()
    del params[missing]

    with pytest.raises(stripe.InvalidRequestError) as error:
        client.v1.checkout.sessions.create(params=params)

    assert (error.value.code, error.value.param) == ("parameter_missing", missing)


@pytest.mark.parametrize("minutes", [29, 24 * 60 + 1])
def test_expires_within_half_an_hour_and_a_day(client, minutes):
    params = session_params(expires_at=int(time.time()) + minutes * 60)

    with pytest.raises(stripe.InvalidRequestError, match="expires_at"):
        client.v1.checkout.sessions.create(params=params)


def test_rupiah_not_counted_in_hundredths_is_too_small(client):
    with pytest.raises(stripe.InvalidRequestError) as error:
        client.v1.checkout.sessions.create(params=session_params(1_860))

    assert error.value.code == "amount_too_small"


def test_lines_of_two_currencies_are_refused(client):
    lines = [session_params()["line_items"][0], session_params()["line_items"][0]]
    lines[1]["price_data"]["currency"] = "usd"

    with pytest.raises(stripe.InvalidRequestError, match="same currency"):
        client.v1.checkout.sessions.create(params=session_params(line_items=lines))


@pytest.mark.parametrize("key", ["sk_live_real", "nonsense"])
def test_only_test_keys_are_let_in(server, key):
    with pytest.raises(stripe.AuthenticationError):
        client_of(server, key=key).v1.balance.retrieve()


def test_unknown_ids_and_paths(client):
    with pytest.raises(stripe.InvalidRequestError) as error:
        client.v1.checkout.sessions.retrieve("cs_test_nothing")
    assert (error.value.http_status, error.value.code) == (404, "resource_missing")

    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.v1.customers.list()


def test_answers_carry_request_id_and_version(client, open_session):
    response = client.v1.checkout.sessions.retrieve(open_session().id).last_response

    assert response.request_id.startswith("req_")
    assert response.headers["Stripe-Version"] == stripe.api_version


def test_a_repeated_key_gets_the_first_answer(client, server):
    params = session_params()
    first = client.v1.checkout.sessions.create(
        params=params, options={"idempotency_key": "order-1-attempt-1"}
    )
    again = client.v1.checkout.sessions.create(
        params=params, options={"idempotency_key": "order-1-attempt-1"}
    )

    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert len(server.control.sessions()) == 1


def test_a_key_cannot_be_used_for_something_else(client):
    options = {"idempotency_key": "order-1-attempt-1"}
    client.v1.checkout.sessions.create(params=session_params(), options=options)

    with pytest.raises(stripe.IdempotencyError) as error:
        client.v1.checkout.sessions.create(params=session_params(99_000), options=options)

    assert error.value.http_status == 400


def test_refused_parameters_do_not_use_up_the_key(client):
    options = {"idempotency_key": "order-1-attempt-1"}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(params=session_params(colour="red"), options=options)

    assert client.v1.checkout.sessions.create(params=session_params(), options=options).status == "open"


def test_a_key_is_forgotten_after_a_day(client, server):
    params, options = session_params(expires_at=int(time.time()) + 26 * 3600), {"idempotency_key": "once"}
    server.control.advance(3 * 3600)
    first = client.v1.checkout.sessions.create(params=params, options=options)
    server.control.advance(24 * 3600 + 1)
    params["expires_at"] += 24 * 3600

    assert client.v1.checkout.sessions.create(params=params, options=options).id != first.id


def test_lists_are_filtered_and_paged(client, server, open_session):
    ids = [open_session().id for _ in range(5)]
    server.control.pay(ids[0])

    page = client.v1.checkout.sessions.list(params={"limit": 2})
    assert [s.id for s in page.data] == [ids[4], ids[3]]
    assert page.has_more
    assert [s.id for s in page.auto_paging_iter()] == ids[::-1]
    before = client.v1.checkout.sessions.list(params={"limit": 2, "ending_before": ids[0]})
    assert [s.id for s in before.data] == [ids[2], ids[1]]
    assert [s.id for s in client.v1.checkout.sessions.list(params={"status": "complete"})] == [ids[0]]
    assert client.v1.checkout.sessions.list(params={"created": {"lt": 5}}).data == []


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_has_a_limit(client, limit):
    with pytest.raises(stripe.InvalidRequestError, match="between 1 and 100"):
        client.v1.refunds.list(params={"limit": limit})


def test_fields_are_expanded_on_request(client, server, open_session):
    session_id = open_session().id
    server.control.pay(session_id)
    paths = ["payment_intent.latest_charge.refunds", "line_items"]

    session = client.v1.checkout.sessions.retrieve(session_id, params={"expand": paths})

    assert session.payment_intent.metadata["order"] == "BTN-1"
    assert session.payment_intent.latest_charge.amount == session.amount_total
    assert session.payment_intent.latest_charge.refunds.data == []
    assert session.line_items.data[0].description == "Tas anyaman"
    listed = client.v1.checkout.sessions.list(params={"expand": ["data.payment_intent"]})
    assert listed.data[0].payment_intent.status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.checkout.sessions.retrieve(session_id, params={"expand": ["colour"]})


def test_line_items_have_their_own_list(client, open_session):
    items = client.v1.checkout.sessions.line_items.list(open_session().id)

    assert [(i.description, i.quantity, i.amount_total) for i in items] == [("Tas anyaman", 1, 18_600_000)]


def test_an_open_session_can_be_expired_once(client, open_session):
    session = open_session()

    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match="can be expired"):
        client.v1.checkout.sessions.expire(session.id)


def test_the_clock_expires_sessions(client, server, open_session):
    session = open_session()

    assert server.control.advance(34 * 60) == 0
    assert server.control.advance(2 * 60) == 1
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
