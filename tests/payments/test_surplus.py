"""Money that is too much goes back above what was asked, and parts of a payment pay for it together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from storefront.core.db import db as database
from storefront.core.models import AuditEntry, Job
from storefront.core.outbox import drain
from storefront.desk.queries.audit import verify
from storefront.orders.models import OrderStatus
from storefront.orders.services import Actor
from storefront.payments.models import SURPLUS, Case, CaseKind, Payment, Refund, RefundStatus
from storefront.payments.queries import choices, money_of, open_cases
from storefront.payments.services import (
    accept_case,
    ask_buyer,
    cancel_order,
    check_claim,
    confirm_claim,
    mark_refund_sent,
    refund_case,
    start_attempt,
)
from storefront.payments.services.cases import CannotAccept, CaseClosed
from storefront.payments.services.record import Outcome
from storefront.payments.services.refunds import captured_payments
from storefront.payments.services.surplus import KEPT, fit, shared_out
from tests import factories
from tests.buying import balance, buy, open_shop, order_of, pay, stock_of, transfer_attempt
from tests.checkout.test_races import at_once

rupiah = st.integers(0, 5_000_000)


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(price=100_000, stock=9)


@pytest.fixture
def officers(db):
    return [Actor(factories.user("regional").id) for _ in range(2)]


def cases() -> list[Case]:
    database.session.expire_all()
    return list(database.session.scalars(select(Case).order_by(Case.id)))


def refunds() -> list[Refund]:
    database.session.expire_all()
    return list(database.session.scalars(select(Refund).order_by(Refund.id)))


def sound() -> None:
    database.session.rollback()
    assert [(found.rule, found.offenders) for found in verify() if not found.holds] == []


def overpaid(bag, by: int, provider: str = "stripe"):
    placed = buy({bag: 1})
    assert pay(placed, amount=order_of(placed).total + by, provider=provider) is Outcome.REVIEW
    return placed


@given(total=rupiah, received=st.lists(rupiah, min_size=1, max_size=4), codes=st.lists(st.integers(0, 999)))
def test_what_is_used_and_what_goes_back_is_what_came(total, received, codes):
    found = fit(total, received, [total + code for code in codes])
    asked = total + max(codes, default=0)
    assert found.used + found.surplus == sum(received)
    assert found.surplus == 0 or found.surplus > KEPT
    assert found.used <= asked + KEPT
    assert found.used >= min(sum(received), asked)
    assert found.missing == max(0, total - sum(received))
    assert not (found.missing and found.surplus)


@given(amount=rupiah, left=st.lists(rupiah, max_size=5))
def test_shares_of_an_amount_are_never_more_than_a_payment_has(amount, left):
    parts = shared_out(amount, left)
    assert all(0 <= part <= has for part, has in zip(parts, left, strict=True))
    assert sum(parts) == min(amount, sum(left))


def test_the_order_is_paid_by_its_sum_and_the_rest_goes_back(bag, officers):
    placed = overpaid(bag, 50_000)
    accept_case(cases()[0].id, officers[0])

    order = order_of(placed)
    assert (order.status, order.needs_review, order.refund_due) == (OrderStatus.PAID, False, 50_000)
    [refund] = refunds()
    assert (refund.amount, refund.key, refund.by_hand) == (50_000, SURPLUS, False)
    assert (balance("suspense"), balance("rounding")) == (-50_000, 0)
    assert balance("sales") + balance("shipping") == -order.total
    assert "surplus" in {event.kind for event in order.events}
    sound()

    mark_refund_sent(refund.id, "re_1", actor=Actor())
    assert (balance("suspense"), balance("clearing:stripe")) == (0, order_of(placed).total)
    assert money_of(placed.id).refunded == 50_000
    assert order_of(placed).refund_due == 0
    sound()


@pytest.mark.parametrize(("by", "back"), [(1, 0), (KEPT, 0), (KEPT + 1, KEPT + 1)])
def test_so_little_too_much_stays_in_rounding(bag, officers, by, back):
    placed = overpaid(bag, by)
    accept_case(cases()[0].id, officers[0])
    assert order_of(placed).refund_due == back
    assert balance("rounding") == back - by
    sound()


def test_a_unique_code_is_no_surplus(bag, officers):
    attempt = transfer_attempt(placed := buy({bag: 1}, method="transfer"))
    asked, code, attempt_id = attempt.amount, attempt.unique_code, attempt.id
    check_claim(attempt_id, officers[0], amount=asked + 20_000, bank_reference="BANK-1")
    assert confirm_claim(attempt_id, officers[1]) is Outcome.REVIEW
    accept_case(cases()[0].id, officers[0])
    [refund] = refunds()
    assert (refund.amount, refund.by_hand) == (20_000, True)
    assert balance("rounding") == -code
    assert order_of(placed).status is OrderStatus.PAID
    sound()


def test_two_clicks_and_many_officers_give_it_back_once(app, bag):
    placed = overpaid(bag, 50_000)
    case_id = cases()[0].id
    actors = [Actor(factories.user("regional").id) for _ in range(4)]
    jobs = [lambda actor=actor: accept_case(case_id, actor).surplus for actor in actors] * 3
    jobs += [lambda actor=actor: refund_case(case_id, actor) for actor in actors] * 3
    found = at_once(app, jobs)
    assert {row for row in found if isinstance(row, type)} == {CaseClosed}
    assert sum(not isinstance(row, type) for row in found) == 1
    [refund] = refunds()
    order = order_of(placed)
    whole = order.status is OrderStatus.PENDING
    assert refund.amount == (order.total + 50_000 if whole else 50_000)
    sound()


def test_its_buyer_is_told_and_asked_for_an_account(bag, officers, letters):
    attempt = transfer_attempt(placed := buy({bag: 1}, method="transfer"))
    attempt_id, amount = attempt.id, attempt.amount
    check_claim(attempt_id, officers[0], amount=amount + 75_000, bank_reference="BANK-2")
    confirm_claim(attempt_id, officers[1])
    accept_case(cases()[0].id, officers[0])
    drain()
    [letter] = [mail for mail in letters() if "akan dikembalikan" in mail["Subject"]]
    text = letter.get_body(("plain",)).get_content()
    assert "lebih Rp75.000 dari yang kami minta" in text
    assert f"/pesanan/{order_of(placed).token}/rekening" in text


def test_a_second_payment_of_a_paid_order_goes_back_whole_with_a_letter(bag, officers):
    placed = buy({bag: 1})
    pay(placed)
    pay(placed, reference="pi_second")
    [case] = cases()
    assert case.kind is CaseKind.DOUBLE
    with pytest.raises(CannotAccept):
        accept_case(case.id, officers[0])
    refund_case(case.id, officers[0])
    assert [refund.amount for refund in refunds()] == [order_of(placed).total]
    told = select(func.count(Job.id)).where(Job.kind == "letter.owed")
    assert database.session.scalar(told) == 1
    sound()


# --- parts --------------------------------------------------------------------------------------------


def halves(bag, second: int = 50_000, **kwargs):
    """An order that was paid by card and by QRIS, each time too little."""
    placed = buy({bag: 1}, **kwargs)
    total = order_of(placed).total
    assert pay(placed, amount=total - 50_000) is Outcome.REVIEW
    assert pay(placed, amount=second, reference="again", provider="qris") is Outcome.REVIEW
    return placed


def test_two_parts_pay_for_an_order_together(bag, officers):
    placed = halves(bag)
    first, second = cases()
    accept_case(second.id, officers[0], together=True)
    order = order_of(placed)
    assert (order.status, order.refund_due, order.needs_review) == (OrderStatus.PAID, 0, False)
    assert [case.resolution for case in cases()] == ["accepted", "accepted"]
    assert len(captured_payments(placed.id)) == 2
    assert (balance("suspense"), balance("rounding")) == (0, 0)
    assert balance("clearing:stripe") + balance("clearing:qris") == order.total
    assert stock_of(bag) == (8, 0)
    sound()
    with pytest.raises(CaseClosed):
        refund_case(first.id, officers[0])


def test_parts_that_are_too_much_give_back_from_the_last(bag, officers):
    placed = halves(bag, second=90_000)
    accept_case(cases()[0].id, officers[0], together=True)
    [refund] = refunds()
    assert (refund.amount, refund.payment.provider) == (40_000, "qris")
    assert order_of(placed).status is OrderStatus.PAID
    sound()


def test_an_order_of_two_parts_that_is_cancelled_gives_both_back(bag, officers):
    placed = halves(bag)
    accept_case(cases()[0].id, officers[0], together=True)
    cancel_order(placed.id, officers[0], reason="Barang rusak")
    total = order_of(placed).total
    assert sorted(refund.amount for refund in refunds()) == sorted((50_000, total - 50_000))
    assert order_of(placed).refund_due == total
    sound()
    for refund_id, by_hand in [(refund.id, refund.by_hand) for refund in refunds()]:
        mark_refund_sent(refund_id, f"BACK-{refund_id}", actor=officers[1] if by_hand else Actor())
        sound()
    assert {refund.status for refund in refunds()} == {RefundStatus.SENT}
    for account in ("sales", "shipping", "rounding", "suspense", "clearing:stripe", "clearing:qris"):
        assert balance(account) == 0, account


def test_the_page_offers_what_fits(bag, officers):
    overpaid(bag, 50_000)
    halves(bag)
    short = buy({bag: 1})
    pay(short, amount=1_000)
    rows = open_cases()
    found = choices(rows)
    told = [(found[row.id].advice, found[row.id].others, found[row.id].fit) for row in rows]
    assert [(advice.value, others) for advice, others, _fit in told] == [
        ("accept", 0), ("accept", 1), ("accept", 1), ("ask", 0),
    ]  # fmt: skip
    assert told[0][2].surplus == 50_000
    assert told[1][2].missing == 0
    assert told[3][2].missing == order_of(short).total - 1_000


def test_the_advice_changes_when_other_money_has_paid(bag):
    placed = buy({bag: 1})
    pay(placed, amount=1_000)
    pay(placed, reference="whole")
    [case] = open_cases()
    assert choices([case])[case.id].advice.value == "refund"
    assert choices([case])[case.id].fit is None


def test_who_is_asked_for_the_rest_pays_the_rest_and_the_order_is_paid(bag, officers):
    attempt = transfer_attempt(placed := buy({bag: 1}, method="transfer"))
    attempt_id, total = attempt.id, order_of(placed).total
    check_claim(attempt_id, officers[0], amount=40_000, bank_reference="PART-1")
    assert confirm_claim(attempt_id, officers[1]) is Outcome.REVIEW
    before = order_of(placed).pay_by
    ask_buyer(cases()[0].id, officers[0])
    assert order_of(placed).pay_by > before

    rest = transfer_attempt(placed)
    assert rest.id != attempt_id
    assert rest.amount - rest.unique_code == total - 40_000
    rest_id, amount, code = rest.id, rest.amount, rest.unique_code
    check_claim(rest_id, officers[0], amount=amount, bank_reference="PART-2")
    assert confirm_claim(rest_id, officers[1]) is Outcome.PAID

    order = order_of(placed)
    assert (order.status, order.needs_review, order.refund_due) == (OrderStatus.PAID, False, 0)
    assert balance("clearing:transfer") == total + code
    assert balance("rounding") == -code
    assert database.session.scalar(select(func.count(Payment.id))) == 2
    sound()


def test_the_rest_alone_pays_nothing_when_the_first_part_went_back(bag, officers):
    placed = buy({bag: 1})
    total = order_of(placed).total
    pay(placed, amount=40_000)
    rest_id = start_attempt(placed.id, "transfer")
    amount = transfer_attempt(placed).amount
    refund_case(cases()[0].id, officers[0])
    check_claim(rest_id, officers[0], amount=amount, bank_reference="PART-2")
    assert confirm_claim(rest_id, officers[1]) is Outcome.REVIEW
    assert order_of(placed).status is OrderStatus.PENDING
    assert amount < total
    sound()


def test_the_desk_does_it_in_one_click(client, bag):
    factories.signed_in(client, "regional")
    placed = overpaid(bag, 50_000)
    desk = "/kanwil/perlu-diperiksa"
    page = client.page(desk).text
    assert "Biasanya: pakai untuk pesanannya dan kembalikan kelebihannya" in page
    assert "Rp50.000" in page
    path = f"{desk}/{cases()[0].id}/terima"
    assert client.submit(desk, action=path).status_code == 303
    assert "Kelebihan Rp50.000 tercatat" in client.page(desk).text
    assert order_of(placed).refund_due == 50_000
    facts = database.session.scalars(select(AuditEntry).filter_by(action="case.accepted")).one().facts
    assert '"surplus": 50000' in str(facts).replace("'", '"')


def test_the_desk_puts_parts_together(client, bag):
    factories.signed_in(client, "regional")
    placed = halves(bag)
    desk = "/kanwil/perlu-diperiksa"
    assert "Pakai semua dananya bersama" in client.page(desk).text
    assert client.submit(desk, action=f"{desk}/{cases()[0].id}/gabung").status_code == 303
    assert order_of(placed).status is OrderStatus.PAID


def test_other_open_ways_to_pay_all_of_it_close_when_a_part_arrives(client, bag):
    placed = buy({bag: 1}, method="transfer")
    whole = transfer_attempt(placed).id
    pay(placed, amount=40_000)
    page = client.page(f"/pesanan/{placed.token}").text
    total = order_of(placed).total
    left = f"{total - 40_000:,}".replace(",", ".")
    assert f"Sudah masuk Rp40.000. Sisanya Rp{left}" in page
    rest = transfer_attempt(placed)
    assert (rest.id == whole, rest.amount - rest.unique_code) == (False, total - 40_000)
