"""The office's money desk over HTTP: two people, cases, refunds, cancelling."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.language import speaking
from storefront.orders.models import OrderStatus
from storefront.payments.models import REFUND_FAILED, REFUND_OUTSIDE, Case, CaseKind, Refund
from storefront.payments.services import expire_orders
from tests import factories
from tests.buying import balance, buy, open_shop, order_of, pay, stock_of, transfer_attempt


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(price=100_000, stock=5)


@pytest.fixture
def officers(app):
    """Two officers of the regional office, each at a browser of their own."""
    clients = [app.test_client() for _ in range(2)]
    for client in clients:
        factories.signed_in(client, "regional")
    return clients


def check(client, attempt_id, amount, reference="mutasi-77"):
    return client.submit(
        f"/kanwil/transfer/{attempt_id}",
        {"amount": str(amount), "bank_reference": reference},
        action=f"/kanwil/transfer/{attempt_id}/periksa",
    )


def confirm(client, attempt_id):
    return client.submit(f"/kanwil/transfer/{attempt_id}", action=f"/kanwil/transfer/{attempt_id}/konfirmasi")


def test_two_officers_bring_a_transfer_home(bag, officers):
    placed = buy({bag: 1}, method="transfer")
    attempt = transfer_attempt(placed)
    amount, attempt_id = attempt.amount, attempt.id
    assert placed.number in officers[0].page("/kanwil/transfer").text

    assert check(officers[0], attempt_id, f"Rp {amount:,}".replace(",", ".")).status_code == 303
    assert "petugas lain" in officers[0].page(f"/kanwil/transfer/{attempt_id}").text
    assert confirm(officers[1], attempt_id).status_code == 303

    assert order_of(placed).status is OrderStatus.PAID
    assert placed.number not in officers[1].page("/kanwil/transfer").text
    told = officers[0].page(f"/kanwil/pesanan/{placed.number}").text
    assert "MUTASI-77" in told
    assert ":MUTASI-77" not in told, "the reference as the statement has it, without our account's id"
    assert "Transfer ditemukan di mutasi, menunggu petugas kedua" in told


@pytest.mark.parametrize("amount", ["", "-1", "Rp 1.000,50", "١٢", "\x00", "😀", str(2**31) * 3])
def test_a_senseless_amount_is_refused_beside_the_field(bag, officers, amount):
    attempt_id = transfer_attempt(buy({bag: 1}, method="transfer")).id
    answer = check(officers[0], attempt_id, amount)
    assert answer.status_code == 422
    assert "mutasi-77" in answer.text


def test_a_transfer_that_comes_too_late_ends_in_a_decision(bag, officers):
    placed = buy({bag: 1}, method="transfer")
    attempt = transfer_attempt(placed)
    amount, attempt_id = attempt.amount, attempt.id
    with clock.travel(order_of(placed).pay_by + timedelta(minutes=1)):
        assert expire_orders() == 1

    check(officers[0], attempt_id, amount)
    confirm(officers[1], attempt_id)

    case = database.session.scalars(select(Case)).one()
    assert placed.number in officers[0].page("/kanwil/perlu-diperiksa").text
    case_id = case.id
    answer = officers[0].submit("/kanwil/perlu-diperiksa", action=f"/kanwil/perlu-diperiksa/{case_id}/terima")
    assert answer.status_code == 303
    assert order_of(placed).status is OrderStatus.PAID
    assert stock_of(bag) == (4, 0)


def test_a_cancelled_transfer_waits_for_the_banks_reference(bag, officers):
    placed = buy({bag: 1}, method="transfer")
    attempt = transfer_attempt(placed)
    amount, attempt_id = attempt.amount, attempt.id
    check(officers[0], attempt_id, amount)
    confirm(officers[1], attempt_id)
    page = f"/kanwil/pesanan/{placed.number}"

    empty = officers[0].submit(page, {"reason": ""}, action=f"{page}/batalkan")
    assert empty.status_code == 422
    assert order_of(placed).status is OrderStatus.PAID
    assert officers[0].submit(page, {"reason": "Stok rusak"}, action=f"{page}/batalkan").status_code == 303

    refund = database.session.scalars(select(Refund)).one()
    assert (refund.amount, order_of(placed).refund_due) == (amount, amount)
    refund_id, action = refund.id, f"/kanwil/pengembalian/{refund.id}"
    nothing = officers[0].submit("/kanwil/perlu-diperiksa", {"reference": ""}, action=action)
    assert nothing.status_code == 422
    assert f'href="#ref-{refund_id}"' in nothing.text
    assert f'aria-describedby="ref-{refund_id}-error"' in nothing.text
    alone = officers[0].submit("/kanwil/perlu-diperiksa", {"reference": "TRF-99"}, action=action)
    assert alone.status_code == 422
    assert "petugas lain" in alone.text
    assert order_of(placed).refund_due == amount
    sent = officers[1].submit("/kanwil/perlu-diperiksa", {"reference": "TRF-99"}, action=action)
    assert sent.status_code == 303
    assert (order_of(placed).refund_due, balance("clearing:transfer"), balance("sales")) == (0, 0, 0)


def test_the_list_of_orders_filters_and_does_not_ask_more_for_more(bag, officers, query_count):
    pay(buy({bag: 1}))
    with query_count() as few:
        officers[0].get("/kanwil/pesanan")
    placed = [buy({bag: 1}) for _ in range(4)]
    with query_count(at_most=len(few)):
        page = officers[0].page("/kanwil/pesanan?status=pending")
    assert all(order.number in page.text for order in placed)
    assert "4 pesanan" in page.text
    assert placed[0].number in officers[0].page(f"/kanwil/pesanan?q={placed[0].number[-5:]}").text


def test_nobody_else_may_look_at_a_proof(bag, app, client):
    attempt_id = transfer_attempt(buy({bag: 1}, method="transfer")).id
    assert client.get(f"/kanwil/transfer/{attempt_id}/bukti").status_code == 303
    factories.signed_in(client, "promoter")
    assert client.get(f"/kanwil/transfer/{attempt_id}/bukti").status_code == 403


@pytest.mark.parametrize(
    ("note", "words", "english"),
    [
        (f"{REFUND_FAILED} re_1", "Pengembalian re_1 gagal", "Refund re_1 failed"),
        (
            f"{REFUND_OUTSIDE} re_2",
            "Pengembalian re_2 dibuat di luar toko",
            "Refund re_2 was made outside the shop",
        ),
        ("apa adanya", "apa adanya", "apa adanya"),
    ],
)
def test_a_cases_note_is_read_in_either_language(note, words, english):
    case = Case(kind=CaseKind.REFUND_FAILED, note=note)
    assert case.words == words
    with speaking("en"):
        assert case.words == english
