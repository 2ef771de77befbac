"""*Perlu diperiksa*: each case says what usually is right, who sees to it, and until when."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db as database
from storefront.orders.models import OrderStatus
from storefront.orders.services import Actor
from storefront.payments.models import Advice, Case, CaseKind
from storefront.payments.services import accept_case, ask_case, record_payment, refund_case, take_case
from storefront.payments.services.cases import ADVICE, CaseClosed
from storefront.payments.services.record import Money
from tests import factories
from tests.buying import buy, open_shop, order_of, pay

FRIDAY = datetime(2026, 11, 20, 8, 0, tzinfo=clock.UTC)


@pytest.fixture
def placed(db):
    """An order that was paid too little on a Friday afternoon."""
    open_shop()
    with clock.travel(FRIDAY):
        order = buy({factories.product(price=100_000, stock=5): 1})
        pay(order, amount=50_000)
    return order


def the_case():
    database.session.expire_all()
    return database.session.scalars(select(Case)).one()


def test_every_kind_has_its_advice():
    assert ADVICE.keys() == set(CaseKind)


def test_a_case_has_an_advice_and_two_working_days(placed):
    case = the_case()
    assert case.advice is Advice.ASK
    assert case.owner_id is None
    assert case.due_at == datetime(2026, 11, 24, 17, 0, tzinfo=clock.UTC)  # Tuesday's end in WIB


def test_an_officer_takes_it_asks_and_decides(placed):
    me, colleague = (factories.user("regional").id for _ in range(2))
    case_id = the_case().id
    take_case(case_id, Actor(me))
    assert the_case().owner_id == me
    with clock.travel(FRIDAY + timedelta(days=3)):
        ask_case(case_id, Actor(colleague))
    case = the_case()
    assert (case.owner_id, case.asked_at) == (colleague, FRIDAY + timedelta(days=3))
    assert case.due_at == datetime(2026, 11, 25, 17, 0, tzinfo=clock.UTC)
    assert order_of(placed).needs_review
    accept_case(case_id, Actor(me))
    assert order_of(placed).status is OrderStatus.PAID
    for act in (take_case, ask_case):
        with pytest.raises(CaseClosed):
            act(case_id, Actor(me))


def test_the_page_says_it_all(client, placed):
    me = factories.signed_in(client, "regional")
    page = client.page("/kanwil/perlu-diperiksa")
    for words in ("Biasanya: tanya dulu pembelinya", "Belum ada", "25 November 2026"):
        assert words in page.text
    [chat] = [a for a in page.all("a") if a.attrs.get("href", "").startswith("https://wa.me/6281200001111?")]
    assert placed.number in chat.attrs["href"]
    path = f"/kanwil/perlu-diperiksa/{the_case().id}"
    for act, words in (("ambil", "Anda tangani"), ("tanya", "sudah ditanya")):
        assert client.submit("/kanwil/perlu-diperiksa", action=f"{path}/{act}").status_code == 303
        assert words in client.page("/kanwil/perlu-diperiksa").text
    assert me.name in client.page("/kanwil/perlu-diperiksa").one("main").text


def test_many_cases_are_seen_a_few_at_a_time_and_counted(client, db):
    for number in range(27):
        record_payment(Money("transfer", f"asing-{number}", 10_000 + number, clock.now()), order_id=None)
    factories.signed_in(client, "regional")
    page = client.page("/kanwil/perlu-diperiksa")
    assert "25 yang paling mendesak dari 27" in page.text
    assert page.text.count("Dana tanpa pesanan yang dikenal") == 25
    refund_case(
        database.session.scalars(select(Case.id).order_by(Case.id)).first(),
        Actor(factories.user("regional").id),
    )
    assert "25 yang paling mendesak dari 26" in client.page("/kanwil/perlu-diperiksa").text
