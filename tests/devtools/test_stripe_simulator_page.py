"""The pay page, used as a browser without JavaScript would."""

from __future__ import annotations

import http.client
from urllib.parse import urlencode, urlsplit

import pytest

from devtools.stripe_simulator.__main__ import endpoints
from devtools.stripe_simulator.pay_page import amount_text


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.location = response.status, response.headers["Location"]
        self.text = response.read().decode()


def visit(url: str, **form: str) -> Answer:
    """GET a page, or POST a form to it; redirects are not followed."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=5)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST" if form else "GET", address.path, urlencode(form), headers)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


@pytest.fixture
def page(open_session):
    """Send forms to the pay page of a session; `page()` fetches it."""
    session = open_session()

    def send(path: str = "", **form: str) -> Answer:
        return visit(session.url + path, **form)

    send.session = session
    return send


def test_shows_what_is_paid_and_that_it_is_a_simulator(page):
    shown = page()

    assert shown.status == 200
    for text in ("SIMULATOR", "Toko Uji", "Tas anyaman", "Rp186.000", 'href="http://shop.test/checkout"'):
        assert text in shown.text
    assert "<script" not in shown.text


def test_paying_leads_back_to_the_shop(client, page):
    paid = page(number="4242 4242 4242 4242", method="card")

    assert (paid.status, paid.location) == (303, f"http://shop.test/pesanan/abc?session={page.session.id}")
    assert client.v1.checkout.sessions.retrieve(page.session.id).payment_status == "paid"
    assert page(number="4242424242424242").location == paid.location
    assert 'data-status="complete"' in page().text


@pytest.mark.parametrize(
    ("number", "status", "message"),
    [
        ("4000000000000002", 402, "ditolak"),
        ("4000000000009995", 402, "tidak cukup"),
        ("4000000000000069", 402, "sudah habis"),
        ("4111111111111111", 402, "bukan kartu uji"),
        ("1234", 422, "tidak valid"),
        ("<b>", 422, "tidak valid"),
    ],
)
def test_a_refused_card_shows_the_form_again(client, page, number, status, message):
    refused = page(number=number)

    assert refused.status == status
    assert message in refused.text
    assert "<b>" not in refused.text
    assert client.v1.checkout.sessions.retrieve(page.session.id).status == "open"


@pytest.mark.parametrize(("answer", "status", "payment"), [("yes", 303, "paid"), ("no", 402, "unpaid")])
def test_some_cards_ask_for_confirmation(client, page, answer, status, payment):
    asked = page(number="4000002500003155")
    assert (asked.status, asked.location) == (303, f"/c/pay/{page.session.id}")
    assert "Konfirmasi bank" in page().text

    assert page("/confirm", answer=answer).status == status

    assert client.v1.checkout.sessions.retrieve(page.session.id).payment_status == payment


def test_paying_later(client, page):
    assert page(method="later").status == 303

    session = client.v1.checkout.sessions.retrieve(page.session.id)
    assert (session.status, session.payment_status) == ("complete", "unpaid")


def test_card_only_sessions_offer_no_delay(open_session):
    methods = {"allowed_payment_method_types": ["card"]}
    assert "Bayar nanti" in visit(open_session().url).text
    assert "Bayar nanti" not in visit(open_session(**methods).url).text


def test_an_expired_session_cannot_be_paid(server, page):
    server.control.advance(36 * 60)

    for answer in (page(), page(number="4242424242424242")):
        assert answer.status == 410
        assert 'data-status="expired"' in answer.text
        assert "http://shop.test/checkout" in answer.text


def test_an_unknown_session_is_not_found(page):
    assert page("x").status == 404


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [(18_600_000, "idr", "Rp186.000"), (18_600_050, "idr", "Rp186.000,50"), (1_050, "usd", "USD 10,50")],
)
def test_amounts_read_as_people_write_them(value, currency, text):
    assert amount_text(value, currency) == text


def test_endpoints_of_the_command_line():
    assert endpoints(["a", "b"], ["s"]) == [("a", "s"), ("b", "s")]
    assert endpoints(["a", "b"], ["s", "t"]) == [("a", "s"), ("b", "t")]
    assert endpoints([], []) == []
    with pytest.raises(ValueError, match="webhook-secret"):
        endpoints(["a"], [])
