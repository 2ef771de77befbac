"""Money that goes back in parts: each piece once, never more than came in, and the ledger follows."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.errors import Invalid, NotFound
from storefront.desk.queries.audit import verify
from storefront.orders.services import Actor
from storefront.orders.services.parts import contents_mark
from storefront.payments.models import Case, CaseKind, Refund, RefundStatus
from storefront.payments.services import (
    cancel_order,
    cannot_make,
    fail_refund,
    mark_refund_sent,
    record_payment,
    refund_lines,
)
from storefront.payments.services.record import Money, Outcome
from storefront.payments.services.refunds import NothingToRefund, SentByAnother
from storefront.revenue.queries import report
from tests import buying, factories
from tests.buying import balance, order_of
from tests.support.offers import author, offer

NOBODY = Actor()


def sound() -> None:
    """Every rule of the audit holds."""
    assert [(found.rule, found.offenders) for found in verify() if not found.holds] == []


@pytest.fixture
def paid(db):
    """Three bags and one mat of two facilities, paid by card."""
    buying.open_shop()
    bag, mat = factories.product(price=75_000, stock=9), factories.product(price=50_001, stock=9)
    placed = buying.buy({bag: 3, mat: 1})
    buying.pay(placed, reference="pi_1")
    return placed


def line_ids(placed) -> list[int]:
    return [line.id for line in order_of(placed).lines]


def give(placed, pieces, *, key="k1", shipping=(), actor=NOBODY) -> int:
    return refund_lines(placed.id, pieces, shipping=shipping, reason="Rusak", actor=actor, key=key)


def test_pieces_of_a_line_go_back_and_the_ledger_takes_them_back(paid, db):
    bags, _mat = line_ids(paid)
    before = balance("sales")

    refund_id = give(paid, {bags: 2})

    assert order_of(paid).refund_due == 150_000
    assert balance("sales") == before, "nothing is booked before the money has left"
    mark_refund_sent(refund_id, "re_1", actor=NOBODY)
    assert balance("sales") == before + 150_000
    assert balance("clearing:stripe") == order_of(paid).total - 150_000
    assert order_of(paid).refund_due == 0
    sound()


def test_the_same_key_gives_the_same_refund(paid, db):
    bags, mat = line_ids(paid)
    first = give(paid, {bags: 1})

    assert give(paid, {bags: 1}) == first
    assert give(paid, {mat: 1}, key="k2") != first
    assert order_of(paid).refund_due == 75_000 + 50_001


def test_never_more_pieces_than_are_left(paid, db):
    bags, _mat = line_ids(paid)
    give(paid, {bags: 2})

    with pytest.raises(Invalid) as refused:
        give(paid, {bags: 2}, key="k2")

    assert "tinggal 1" in refused.value.errors[f"baris-{bags}"]
    assert order_of(paid).refund_due == 150_000


def test_a_line_of_another_order_does_not_exist_here(paid, db):
    other = buying.buy({factories.product(): 1})
    buying.pay(other)
    with pytest.raises(NotFound):
        give(paid, {line_ids(other)[0]: 1})
    with pytest.raises(NotFound):
        give(paid, {}, shipping=[order_of(other).parcels[0].id])


def test_shipping_goes_back_once(paid, db):
    bags, _mat = line_ids(paid)
    parcel = order_of(paid).parcels[0]
    parcel_id, cost = parcel.id, parcel.shipping_cost
    first = give(paid, {bags: 1}, shipping=[parcel_id])
    assert db.session.get_one(Refund, first).amount == 75_000 + cost
    second = give(paid, {bags: 1}, shipping=[parcel_id], key="k2")
    assert db.session.get_one(Refund, second).amount == 75_000
    with pytest.raises(NothingToRefund):
        give(paid, {}, shipping=[parcel_id], key="k3")


def test_with_the_last_piece_goes_all_that_is_left_also_the_unique_code(db):
    buying.open_shop()
    bag = factories.product(price=75_000, stock=9)
    placed = buying.buy({bag: 2}, method="transfer")
    attempt = buying.transfer_attempt(placed)
    received, attempt_id = attempt.amount, attempt.id
    money = Money("transfer", "1:BR1", received, clock.now())
    assert record_payment(money, order_id=placed.id, attempt_id=attempt_id) is Outcome.PAID
    assert received > order_of(placed).total
    [line] = line_ids(placed)
    parcel = order_of(placed).parcels[0].id
    give(placed, {line: 1})
    give(placed, {line: 1}, key="k2", shipping=[parcel])
    assert db.session.scalar(select(func.sum(Refund.amount))) == received


def test_what_an_officer_sends_by_hand_another_one_promised(db):
    buying.open_shop()
    first, second = (Actor(factories.user("regional").id) for _ in range(2))
    placed = buying.buy({factories.product(price=75_000): 1})
    buying.pay(placed, provider="transfer", reference="1:BR1")
    [line] = line_ids(placed)
    refund_id = give(placed, {line: 1}, actor=first)
    assert db.session.get_one(Refund, refund_id).by_hand

    with pytest.raises(SentByAnother):
        mark_refund_sent(refund_id, "BR-9", actor=first)

    mark_refund_sent(refund_id, "BR-9", actor=second)
    assert db.session.get_one(Refund, refund_id).sent_by_id == second.id
    sound()


def test_what_was_sent_leaves_the_other_promise_standing(paid, db):
    bags, mat = line_ids(paid)
    first = give(paid, {bags: 1})
    give(paid, {mat: 1}, key="k2")
    mark_refund_sent(first, "re_1", actor=NOBODY)
    assert order_of(paid).refund_due == 50_001
    sound()


def test_no_officer_says_that_a_vendor_has_sent_it(paid, db):
    bags, _mat = line_ids(paid)
    refund_id = give(paid, {bags: 1})
    with pytest.raises(Invalid):
        mark_refund_sent(refund_id, "BR-9", actor=Actor(factories.user("regional").id))
    assert db.session.get_one(Refund, refund_id).status is RefundStatus.DUE
    assert order_of(paid).refund_due == 75_000


def test_a_refund_that_fails_is_still_owed_and_becomes_a_case(paid, db):
    bags, _mat = line_ids(paid)
    refund_id = give(paid, {bags: 3})

    fail_refund(refund_id, "failed refund-1")
    fail_refund(refund_id, "failed refund-1")

    refund = db.session.get_one(Refund, refund_id)
    assert (refund.status, refund.by_hand) == (RefundStatus.FAILED, True)
    assert [case.kind for case in db.session.scalars(select(Case))] == [CaseKind.REFUND_FAILED]
    with pytest.raises(Invalid):
        give(paid, {bags: 1}, key="k2")
    mark_refund_sent(refund_id, "BR-1", actor=Actor(factories.user("regional").id))
    assert order_of(paid).refund_due == 0
    sound()


def test_a_cancelled_order_gives_back_what_is_left(paid, db):
    bags, _mat = line_ids(paid)
    mark_refund_sent(give(paid, {bags: 1}), "re_1", actor=NOBODY)
    total = order_of(paid).total

    cancel_order(paid.id, NOBODY, reason="Tidak jadi")

    assert order_of(paid).refund_due == total - 75_000
    rest = db.session.scalars(select(Refund.id).filter_by(key="rest")).one()
    mark_refund_sent(rest, "re_2", actor=NOBODY)
    assert (balance("sales"), balance("shipping"), balance("clearing:stripe"), balance("rounding")) == (
        0,
    ) * 4
    sound()


@pytest.mark.parametrize("funder", ["pemprov", "office", "facility"])
def test_a_discounted_line_goes_back_at_what_was_paid_with_its_share_of_the_discount(db, funder):
    buying.open_shop()
    bag = factories.product(price=33_333, stock=9)
    maker = bag.facility_id
    by = author("facility_head", maker) if funder == "facility" else author()
    offer(by, value=10, funder=funder, facility_id=maker if funder == "facility" else None)
    placed = buying.buy({bag: 3})
    buying.pay(placed, reference="pi_1")
    [line] = line_ids(placed)
    off = order_of(placed).discount
    assert off > 0
    assert balance(f"discount:{funder}") == off

    paid_for, back = 99_999 - off, 0
    for number in (1, 2, 3):
        refund_id = give(placed, {line: 1}, key=f"k{number}")
        mark_refund_sent(refund_id, f"re_{number}", actor=NOBODY)
        back += db.session.get_one(Refund, refund_id).amount
        assert back == paid_for * number // 3
        assert balance("sales") == -33_333 * (3 - number)
        sound()
    assert balance(f"discount:{funder}") == 0


def test_goods_that_cost_nothing_leave_the_ledger_without_a_refund(db):
    buying.open_shop()
    bag, mat = factories.product(price=20_000, stock=9), factories.product(price=30_000, stock=9)
    offer(value=100, scope="product", scope_id=bag.id)
    placed = buying.buy({bag: 2, mat: 1})
    buying.pay(placed, reference="pi_1")
    line = next(line for line in order_of(placed).lines if line.unit_price == 20_000)
    parcel = next(item.parcel for item in line.items)
    line_id, facility_id, parcel_id, mark = line.id, parcel.facility_id, parcel.id, contents_mark(parcel)
    with pytest.raises(NothingToRefund):
        give(placed, {line_id: 1})

    made = cannot_make(facility_id, parcel_id, {line_id: 1}, NOBODY, reason="Kainnya habis", seen=mark)

    assert made is None
    assert (balance("sales"), balance("discount:pemprov")) == (-50_000, 20_000)
    sound()


def test_money_counts_in_the_month_of_its_own_moment_in_western_indonesia(db):
    buying.open_shop()
    bag = factories.product(price=75_000, stock=9)
    last = datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC)  # 23:59:59 WIB
    ids = []
    for number, moment in enumerate((last, last + timedelta(seconds=1))):
        with clock.travel(moment):
            placed = buying.buy({bag: 1})
            buying.pay(placed, reference=f"pi_{number}")
            ids.append((placed, line_ids(placed)[0]))
    (november, line), (december, other) = ids
    with clock.travel(last):
        mark_refund_sent(give(november, {line: 1}), "re_1", actor=NOBODY)
    with clock.travel(last + timedelta(seconds=1)):
        mark_refund_sent(give(december, {other: 1}), "re_2", actor=NOBODY)
        sound()
    found = report("2026-11", "2026-12", "month").rows
    told = {row.key: (row.gross, row.refunds, row.orders) for row in found}
    assert told == {"2026-11": (75_000, 75_000, 1), "2026-12": (75_000, 75_000, 1)}
