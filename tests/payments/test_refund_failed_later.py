"""A vendor said that money went back, and later that it did not arrive: it is owed as if it had not left."""

import pytest
from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid
from storefront.core.outbox import drain
from storefront.orders.services import Actor
from storefront.payments.models import Case, CaseKind, Refund, RefundStatus
from storefront.payments.providers import Message
from storefront.payments.queries import money_of
from storefront.payments.services import (
    fail_refund,
    mark_refund_sent,
    receive_message,
    refund_case,
    refund_lines,
)
from storefront.revenue.models import Journal
from storefront.revenue.queries import report
from tests import buying, factories
from tests.buying import balance, order_of
from tests.checkout.test_races import at_once
from tests.payments.test_refunds import sound

ACCOUNTS = ("clearing:stripe", "sales", "shipping", "rounding", "suspense")
NOTE = "failed re_1"


@pytest.fixture
def officer(db):
    return Actor(factories.user("regional").id)


@pytest.fixture
def placed(db):
    """Three bags, paid by card, with a person who may refund."""
    buying.open_shop()
    placed = buying.buy({factories.product(price=75_000, stock=9): 3})
    buying.pay(placed, reference="pi_1")
    return placed


def sent(placed, pieces: int = 2) -> int:
    """A refund of so many bags that left by card."""
    [line] = order_of(placed).lines
    refund_id = refund_lines(placed.id, {line.id: pieces}, reason="Rusak", actor=Actor(), key=f"k{pieces}")
    mark_refund_sent(refund_id, "re_1", actor=Actor())
    return refund_id


def refund(refund_id: int) -> Refund:
    database.session.expire_all()
    return database.session.get_one(Refund, refund_id)


def balances() -> dict[str, int]:
    return {account: balance(account) for account in ACCOUNTS}


def told(status: str, number: int, refund_id: int) -> str:
    """Stripe's message about our refund, as it is after its signature was checked."""
    said = {
        "id": "re_1",
        "payment_intent": "pi_1",
        "status": status,
        "metadata": {"refund": f"refund-{refund_id}"},
    }
    return receive_message("stripe", Message(f"evt_{number}", "refund.updated", said, clock.now()))


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_the_ledger_takes_the_money_back_once(placed, status):
    before, month = balances(), clock.period(clock.now())
    refund_id = sent(placed)

    assert [told(status, number, refund_id) for number in (1, 2, 3)] == ["review"] * 3

    found = refund(refund_id)
    assert (found.status, found.by_hand, found.sent_at) == (RefundStatus.FAILED, True, None)
    assert balances() == before
    assert order_of(placed).refund_due == 150_000
    assert (money_of(placed.id).refunded, money_of(placed.id).refund_due) == (0, 150_000)
    assert report(month, month).totals.refunds == 0
    assert report(month, month).totals.pieces == 3
    back = database.session.scalars(select(Journal).where(Journal.key.startswith("undone:"))).one()
    assert database.session.get_one(Journal, back.reverses_id).key == "reversal:stripe:re_1"
    assert [case.kind for case in database.session.scalars(select(Case))] == [CaseKind.REFUND_FAILED]
    sound()


def test_an_officer_sends_it_by_hand_and_it_is_booked_once_more(placed, officer):
    before = balances()
    refund_id = sent(placed)
    told("failed", 1, refund_id)

    with pytest.raises(Invalid):
        mark_refund_sent(refund_id, "re_1", actor=officer)
    mark_refund_sent(refund_id, "BR-77", actor=officer)
    told("failed", 2, refund_id)
    told("succeeded", 3, refund_id)

    found = refund(refund_id)
    assert (found.status, found.reference, found.sent_by_id) == (RefundStatus.SENT, "BR-77", officer.id)
    assert balances()["clearing:stripe"] == before["clearing:stripe"] - 150_000
    assert balances()["sales"] == before["sales"] + 150_000
    assert order_of(placed).refund_due == 0
    assert (money_of(placed.id).refunded, money_of(placed.id).refund_due) == (150_000, 0)
    sound()


def test_what_was_told_to_have_failed_is_not_sent_by_an_older_message(placed):
    [line] = order_of(placed).lines
    refund_id = refund_lines(placed.id, {line.id: 1}, reason="Rusak", actor=Actor(), key="k1")
    told("failed", 1, refund_id)

    told("succeeded", 2, refund_id)
    mark_refund_sent(refund_id, "re_1", actor=Actor())  # the job, back from the vendor

    assert refund(refund_id).status is RefundStatus.FAILED
    assert order_of(placed).refund_due == 75_000
    sound()


def test_the_rest_of_the_order_goes_back_as_before(placed, officer):
    first = sent(placed)
    told("failed", 1, first)
    [line] = order_of(placed).lines
    with pytest.raises(Invalid):
        refund_lines(placed.id, {line.id: 2}, reason="Rusak", actor=Actor(), key="more")
    rest = refund_lines(placed.id, {line.id: 1}, reason="Rusak", actor=Actor(), key="last")
    mark_refund_sent(rest, "re_2", actor=Actor())
    mark_refund_sent(first, "BR-1", actor=officer)
    assert balance("sales") == 0
    sound()


def test_money_in_suspense_comes_back_there_and_leaves_it_again(placed, officer):
    buying.pay(placed, reference="pi_2")
    case = database.session.scalars(select(Case)).one()
    refund_case(case.id, officer)
    owed = database.session.scalars(select(Refund)).one()
    refund_id, amount = owed.id, owed.amount
    mark_refund_sent(refund_id, "re_1", actor=Actor())
    assert balance("suspense") == 0

    fail_refund(refund_id, NOTE, reference="re_1")
    fail_refund(refund_id, NOTE, reference="re_1")
    assert (balance("suspense"), balance("clearing:stripe")) == (-amount, 2 * amount)
    sound()

    mark_refund_sent(refund_id, "BR-1", actor=Actor(factories.user("regional").id))
    assert (balance("suspense"), balance("clearing:stripe")) == (0, amount)
    sound()


def test_its_buyer_is_told_twice_that_it_left_and_once_that_it_came_back(placed, officer, letters, client):
    refund_id = sent(placed)
    drain()
    told("failed", 1, refund_id)
    drain()
    subjects = [mail["Subject"] for mail in letters()]
    assert len([words for words in subjects if words.endswith("akan dikembalikan")]) == 1
    [letter] = [mail for mail in letters() if "akan dikembalikan" in mail["Subject"]]
    text = " ".join(letter.get_body(("plain",)).get_content().split())
    assert "Pengembalian Rp150.000" in text
    assert f"/pesanan/{placed.token}/rekening" in text
    page = client.get(f"/pesanan/{placed.token}").text
    assert "Pengembalian Rp150.000 tidak berhasil" in page
    assert "sudah kami kirim pada" not in page

    mark_refund_sent(refund_id, "BR-1", actor=officer)
    drain()
    subjects = [mail["Subject"] for mail in letters()]
    assert len([words for words in subjects if words.endswith(f"{placed.number} dikembalikan")]) == 2


def test_many_messages_at_one_moment_take_it_back_once(placed, app):
    before = balances()
    refund_id = sent(placed)

    at_once(app, [lambda: fail_refund(refund_id, NOTE, reference="re_1")] * 8)

    database.session.rollback()
    assert balances() == before
    assert database.session.scalar(select(func.count(Case.id))) == 1
    sound()
