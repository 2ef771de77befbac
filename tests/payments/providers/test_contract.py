"""What every provider has to keep, whoever is behind it."""

import pytest
from sqlalchemy import func, select

from storefront.core.db import db as database
from storefront.core.qris import LIMIT
from storefront.orders.models import Order, OrderStatus
from storefront.payments.models import EventKind, Payment, PaymentAttempt, PaymentEvent
from storefront.payments.providers import (
    METHODS,
    BadSignature,
    Bill,
    Kind,
    ProviderAway,
    RefundRefused,
    bill_of,
)
from tests.payments.providers.conftest import BACK, Bench


def started(bench: Bench) -> tuple[int, str]:
    """An attempt that was opened at the provider: its id and the provider's reference (or our own)."""
    attempt = bench.attempt()
    attempt_id = attempt.id
    made = bench.call(bench.provider.start, attempt, back=BACK)
    row = database.session.get_one(PaymentAttempt, attempt_id)
    row.reference = made.reference
    database.session.commit()
    return attempt_id, made.reference or str(attempt_id)


def paid_order(bench: Bench) -> Payment:
    attempt_id, reference = started(bench)
    bench.pay(reference, attempt_id)
    payment = database.session.scalars(select(Payment)).one()
    database.session.expunge(payment)
    database.session.rollback()
    return payment


def test_it_says_who_it_is(bench: Bench) -> None:
    provider = bench.provider
    assert provider.name == bench.name
    assert isinstance(provider.kind, Kind)
    assert provider.sends_refunds is bench.is_machine


def test_what_it_offers_can_be_chosen_and_fits_the_sum(bench: Bench) -> None:
    bill = bill_of(database.session.get_one(Order, bench.order_id))
    methods = bench.provider.methods(bill)
    assert (methods == []) is (bench.name == "cash")
    for method in methods:
        assert method.code in METHODS
        assert method.provider == bench.name
        assert method.label
        assert method.hint
        assert method.button
    large = bench.provider.methods(Bill(LIMIT + 1, bill.facility_ids))
    assert "qris" not in {method.code for method in large}
    assert bench.provider.methods(Bill(1, bill.facility_ids)) == [
        method for method in methods if method.code in ("qris", "transfer")
    ]


def test_starting_twice_is_starting_once(bench: Bench) -> None:
    attempt = bench.attempt()
    attempt_id = attempt.id
    first = bench.call(bench.provider.start, attempt, back=BACK)
    again = bench.call(bench.provider.start, database.session.get_one(PaymentAttempt, attempt_id), back=BACK)
    assert (first.reference, first.code) == (again.reference, again.code)
    assert bool(first.url) is (bench.provider.kind is Kind.PAGE)
    assert bool(first.code) is (bench.provider.kind is Kind.CODE)


def test_what_nobody_paid_is_open_and_can_be_closed_twice(bench: Bench) -> None:
    _attempt_id, reference = started(bench)
    assert bench.provider.fetch(reference).state == "open"
    assert bench.provider.close(reference).state == "expired"
    assert bench.provider.close(reference).state == "expired"
    assert bench.provider.fetch(reference).state != "paid"


def test_money_is_recorded_once_however_often_it_is_told(bench: Bench) -> None:
    attempt_id, reference = started(bench)
    amount = database.session.get_one(PaymentAttempt, attempt_id).amount
    database.session.rollback()
    bench.pay(reference, attempt_id, times=3)

    database.session.expire_all()
    assert database.session.get_one(Order, bench.order_id).status is OrderStatus.PAID
    payment = database.session.scalars(select(Payment)).one()
    assert (payment.provider, payment.amount, payment.currency) == (bench.name, amount, "IDR")
    charged = select(func.count(PaymentEvent.id)).filter_by(kind=EventKind.CHARGED)
    assert database.session.scalar(charged) == 1


def test_it_knows_what_was_paid_in_rupiah(bench: Bench) -> None:
    attempt_id, reference = started(bench)
    opened = database.session.get_one(PaymentAttempt, attempt_id).created_at
    amount = database.session.get_one(PaymentAttempt, attempt_id).amount
    database.session.rollback()
    bench.pay(reference, attempt_id)
    database.session.rollback()
    listed = list(bench.provider.list_paid(opened.replace(microsecond=0), [reference]))
    if not bench.is_machine:
        assert listed == []
        return
    payment = database.session.scalars(select(Payment)).one()
    database.session.rollback()
    for receipt in (bench.provider.fetch(reference), bench.provider.close(reference), *listed):
        assert (receipt.state, receipt.amount, receipt.currency) == ("paid", amount, "IDR")
        assert receipt.payment_reference == payment.reference
    assert len(listed) == 1


def test_money_goes_back_in_parts_once_a_key_and_never_more_than_came(bench: Bench) -> None:
    payment = paid_order(bench)
    provider = bench.provider
    if not provider.sends_refunds:
        with pytest.raises(RefundRefused):
            provider.refund(payment, amount=1, key="refund-1")
        return
    first = provider.refund(payment, amount=40_000, key="refund-1")
    assert provider.refund(payment, amount=40_000, key="refund-1") == first
    second = provider.refund(payment, amount=payment.amount - 40_000, key="refund-2")
    assert second != first
    with pytest.raises(RefundRefused):
        provider.refund(payment, amount=1, key="refund-3")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"1", b'{"order_id": 1}', b"[" * 9000])
def test_what_it_did_not_sign_is_refused(bench: Bench, body: bytes) -> None:
    for headers in ({}, {"Stripe-Signature": "t=1,v1=0"}):
        with pytest.raises(BadSignature):
            bench.provider.read(body, headers)


def test_when_it_is_away_it_says_so_and_the_order_stays(bench: Bench) -> None:
    attempt_id, reference = started(bench)
    if not bench.is_machine:
        return
    opened = database.session.get_one(PaymentAttempt, attempt_id).created_at
    database.session.rollback()
    bench.vendor.stop()
    provider = bench.provider
    for ask in (provider.fetch, provider.close):
        with pytest.raises(ProviderAway):
            ask(reference)
    with pytest.raises(ProviderAway):
        bench.call(provider.start, database.session.get_one(PaymentAttempt, attempt_id), back=BACK)
    payment = Payment(provider=bench.name, reference="x", amount=1, currency="IDR")
    with pytest.raises(ProviderAway):
        provider.refund(payment, amount=1, key="refund-9")
    with pytest.raises(ProviderAway):
        list(provider.list_paid(opened, [reference]))
    with pytest.raises(ProviderAway) as resting:  # after five failures in a row nobody is asked for a while
        provider.fetch(reference)
    assert resting.value.retry_after >= 25
    assert database.session.get_one(Order, bench.order_id).status is OrderStatus.PENDING
