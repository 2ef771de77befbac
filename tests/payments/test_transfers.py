"""Transfers: a sum that names its order, and two people who look."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid
from storefront.core.storage import storage
from storefront.orders.models import OrderStatus
from storefront.orders.services import Actor
from storefront.payments.models import Case, PaymentAttempt, ProofStatus
from storefront.payments.queries import claim_of, open_transfers
from storefront.payments.services import (
    check_claim,
    confirm_claim,
    expire_orders,
    record_payment,
    reject_claim,
    submit_proof,
)
from storefront.payments.services.record import Money, Outcome
from storefront.payments.services.transfers import AlreadyDecided, SamePerson
from tests import factories
from tests.buying import balance, buy, open_shop, order_of, stock_of, transfer_attempt
from tests.checkout.test_races import at_once

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def shop(db):
    open_shop()


@pytest.fixture
def placed(shop):
    return buy({factories.product(price=100_000, stock=50): 1}, method="transfer")


@pytest.fixture
def officers(db):
    return [Actor(factories.user("regional").id) for _ in range(2)]


def test_the_sum_is_the_total_plus_a_code_and_stays_the_same(placed):
    attempt = transfer_attempt(placed)
    amount = attempt.amount
    assert 1 <= attempt.unique_code <= 999
    assert amount == order_of(placed).total + attempt.unique_code
    assert transfer_attempt(placed).amount == amount


def test_open_transfers_never_ask_for_the_same_sum(shop):
    bag = factories.product(price=100_000, stock=60)
    amounts = [transfer_attempt(buy({bag: 1}, method="transfer")).amount for _ in range(30)]
    assert len(set(amounts)) == 30


def test_two_officers_confirm_and_the_code_is_no_revenue(placed, officers):
    attempt = transfer_attempt(placed)
    amount, code, attempt_id = attempt.amount, attempt.unique_code, attempt.id

    check_claim(attempt_id, officers[0], amount=amount, bank_reference="mutasi-0001")
    with pytest.raises(SamePerson):
        confirm_claim(attempt_id, officers[0])
    assert order_of(placed).status is OrderStatus.PENDING
    assert confirm_claim(attempt_id, officers[1]) is Outcome.PAID

    order = order_of(placed)
    assert order.status is OrderStatus.PAID
    assert balance("clearing:transfer") == amount
    assert balance("rounding") == -code
    assert balance("sales") + balance("shipping") == -order.total
    with pytest.raises(AlreadyDecided):
        confirm_claim(attempt_id, officers[1])


def test_a_wrong_sum_goes_to_the_cases(placed, officers):
    attempt = transfer_attempt(placed)
    amount, attempt_id = attempt.amount, attempt.id
    check_claim(attempt_id, officers[0], amount=amount - 10_000, bank_reference="M-1")
    assert confirm_claim(attempt_id, officers[1]) is Outcome.REVIEW
    assert order_of(placed).needs_review
    assert database.session.scalars(select(Case)).one().expected == amount


def test_one_line_of_the_statement_pays_one_order(officers, shop):
    bag = factories.product(price=100_000, stock=50)
    first, second = (transfer_attempt(buy({bag: 1}, method="transfer")).id for _ in range(2))
    check_claim(first, officers[0], amount=100_000, bank_reference="M-7")
    with pytest.raises(Invalid, match="sudah dipakai"):
        check_claim(second, officers[0], amount=100_000, bank_reference="m-7")


def test_officers_who_read_the_same_line_at_once_give_it_to_one_order(app, officers, shop):
    bag = factories.product(price=100_000, stock=50)
    attempts = [transfer_attempt(buy({bag: 1}, method="transfer")).id for _ in range(8)]

    def read(attempt_id):
        try:
            check_claim(attempt_id, officers[0], amount=100_000, bank_reference="M-7")
        except Invalid:
            return "used"
        return "found"

    found = at_once(app, [lambda key=key: read(key) for key in attempts], workers=8)

    assert Counter(found) == {"found": 1, "used": 7}


def test_a_line_that_was_used_meanwhile_confirms_nothing(officers, placed):
    attempt = transfer_attempt(placed)
    amount, attempt_id, account = attempt.amount, attempt.id, attempt.account_id
    check_claim(attempt_id, officers[0], amount=amount, bank_reference="M-8")
    record_payment(Money("transfer", f"{account}:M-8", amount, clock.now()), order_id=None)

    with pytest.raises(AlreadyDecided):
        confirm_claim(attempt_id, officers[1])

    assert claim_of(attempt_id).status is ProofStatus.CHECKED  # so it can still be refused
    assert order_of(placed).status is OrderStatus.PENDING


def test_a_proof_keeps_the_order_until_the_office_has_looked(placed):
    attempt = transfer_attempt(placed)
    submit_proof(attempt.id, "private/bukti/x.webp", sender="Siti")
    deadline = order_of(placed).pay_by
    assert deadline >= clock.now() + timedelta(hours=47)
    with clock.travel(clock.now() + timedelta(hours=30)):
        assert expire_orders() == 0
    with clock.travel(deadline + timedelta(minutes=1)):
        assert expire_orders() == 1


def test_proofs_one_after_the_other_hold_the_goods_no_longer_than_one(placed):
    attempt_id = transfer_attempt(placed).id
    submit_proof(attempt_id, "private/bukti/x.webp", sender="Siti")
    deadline = order_of(placed).pay_by
    with clock.travel(clock.now() + timedelta(hours=47)):
        submit_proof(attempt_id, "private/bukti/y.webp", sender="Siti")
    assert order_of(placed).pay_by == deadline


def test_a_proof_that_comes_while_its_order_expires_keeps_it_or_comes_too_late(app, shop):
    bag = factories.product(price=100_000, stock=50)
    orders = [buy({bag: 1}, method="transfer") for _ in range(8)]
    attempts = [transfer_attempt(placed).id for placed in orders]
    late = max(order_of(placed).pay_by for placed in orders) + timedelta(seconds=1)
    proofs = [partial(submit_proof, key, f"private/bukti/{key}.webp", sender="Siti") for key in attempts]

    at_once(app, [job for proof in proofs for job in (partial(expire_orders, late), proof)], workers=8)

    for order in map(order_of, orders):
        assert (order.status is OrderStatus.EXPIRED) == (order.pay_by <= late)


def test_a_proof_that_is_replaced_leaves_no_file_behind(placed):
    attempt_id = transfer_attempt(placed).id
    for name in "xy":
        storage().save(f"private/bukti/{name}.webp", b"RIFF", "image/webp")
        submit_proof(attempt_id, f"private/bukti/{name}.webp", sender="Siti")
    assert [storage().exists(f"private/bukti/{name}.webp") for name in "xy"] == [False, True]


def test_a_refused_proof_says_why_and_can_be_sent_again(placed, officers):
    attempt_id = transfer_attempt(placed).id
    submit_proof(attempt_id, "private/bukti/x.webp", sender="Siti")
    reject_claim(attempt_id, officers[0], reason="Belum masuk ke rekening")
    assert claim_of(attempt_id).note == "Belum masuk ke rekening"
    submit_proof(attempt_id, "private/bukti/y.webp", sender="Siti")
    assert claim_of(attempt_id).status is ProofStatus.SUBMITTED
    assert [row[0].id for row in open_transfers()] == [attempt_id]


def test_paying_by_transfer_frees_the_code(placed, officers):
    attempt = transfer_attempt(placed)
    amount, attempt_id = attempt.amount, attempt.id
    check_claim(attempt_id, officers[0], amount=amount, bank_reference="M-9")
    confirm_claim(attempt_id, officers[1])
    assert open_transfers() == []
    assert database.session.get(PaymentAttempt, attempt_id).status == "succeeded"


def test_the_stock_moves_with_the_money_only(placed, officers):
    attempt = transfer_attempt(placed)
    amount, attempt_id = attempt.amount, attempt.id
    bag = order_of(placed).lines[0].variant_id
    from storefront.catalog.models import Variant

    product = database.session.get(Variant, bag).product
    assert stock_of(product) == (50, 1)
    check_claim(attempt_id, officers[0], amount=amount, bank_reference="M-10")
    assert stock_of(product) == (50, 1)
    confirm_claim(attempt_id, officers[1])
    assert stock_of(product) == (49, 0)
