"""A receipt after money went back: its number and what was sold stay, what went back stands below."""

from typing import Any

import pytest
from sqlalchemy import select

from storefront.core.db import db as database
from storefront.core.language import speaking
from storefront.documents.queries.receipt import invoice_of, nota
from storefront.orders.services import Actor
from storefront.payments.models import Case, Refund
from storefront.payments.services import cancel_order, mark_refund_sent, refund_case, refund_lines
from storefront.payments.services.cases import accept_case
from tests import factories
from tests.buying import buy, cart_of, open_shop, order_of, pay, place_order, somebody
from tests.documents.test_papers import receipt, words
from tests.support.offers import offer, with_code

SOLD = ("number", "when", "seller", "buyer", "groups", "sums", "total", "spelled", "payment")


@pytest.fixture
def bag(db: Any) -> Any:
    open_shop()
    return factories.product(factories.facility("LPA"), title="Tas Anyam", price=75_000, stock=50)


def data_of(placed: Any) -> dict[str, Any]:
    order = order_of(placed)
    return nota(order, invoice_of(order.id))


def sent(refund_id: int, number: int) -> None:
    mark_refund_sent(refund_id, f"re_{number}", actor=Actor())


def test_what_was_sold_stays_and_what_went_back_stands_below(bag: Any) -> None:
    placed = buy({bag: 3})
    pay(placed)
    before = data_of(placed)
    assert before["returns"] is None
    [line], [parcel] = order_of(placed).lines, order_of(placed).parcels
    code, total = parcel.code, order_of(placed).total
    first = refund_lines(placed.id, {line.id: 2}, reason="Rusak", actor=Actor(), key="a")
    waiting = data_of(placed)["returns"]
    assert waiting["rows"] == [["sedang diproses", ["2 × Tas Anyam"], "-Rp150.000"]]
    sent(first, 1)
    sent(refund_lines(placed.id, {line.id: 1}, shipping=[parcel.id], reason="", actor=Actor(), key="b"), 2)
    after = data_of(placed)
    assert {name: after[name] for name in SOLD} == {name: before[name] for name in SOLD}
    assert [row[1] for row in after["returns"]["rows"]] == [
        ["2 × Tas Anyam"], ["1 × Tas Anyam", f"Ongkos kirim {code}"],
    ]  # fmt: skip
    assert after["returns"]["left"] == ["Dibayar setelah pengembalian", "Rp0"]
    text = words(receipt(order_of(placed)))
    for word in (before["number"], "Pengembalian", "-Rp150.000", f"Rp{total:,}".replace(",", ".")):
        assert word in text, word
    with speaking("en"):
        english = words(receipt(order_of(placed)))
    for word in ("Refunds", "What was refunded", "Paid after refunds"):
        assert word in english, word


def test_a_cancelled_order_shows_all_of_it(bag: Any) -> None:
    placed = buy({bag: 1})
    pay(placed)
    total, code = order_of(placed).total, order_of(placed).parcels[0].code
    cancel_order(placed.id, Actor(factories.user().id), reason="Barang rusak")
    sent(database.session.scalars(select(Refund.id)).one(), 1)
    [row] = data_of(placed)["returns"]["rows"]
    assert row[1:] == [["1 × Tas Anyam", f"Ongkos kirim {code}"], f"-Rp{total:,}".replace(",", ".")]


def test_money_that_paid_for_nothing_is_no_part_of_a_receipt(bag: Any) -> None:
    placed = buy({bag: 1})
    pay(placed)
    pay(placed, reference="pi_twice")
    refund_case(database.session.scalars(select(Case.id)).one(), Actor(factories.user().id))
    sent(database.session.scalars(select(Refund.id)).one(), 1)
    assert data_of(placed)["returns"] is None
    assert len(data_of(placed)["payment"]) == 1


def test_what_was_too_much_is_no_part_of_the_sale(bag: Any) -> None:
    placed = buy({bag: 1})
    total = order_of(placed).total
    pay(placed, amount=total + 50_000)
    accept_case(database.session.scalars(select(Case.id)).one(), Actor(factories.user().id))
    data = data_of(placed)
    assert data["total"][1] == f"Rp{total:,}".replace(",", ".")
    assert data["returns"]["rows"] == [["sedang diproses", ["Kelebihan bayar"], "-Rp50.000"]]
    assert data["returns"]["left"][1] == data["total"][1]


def test_a_little_that_officers_let_pass_is_on_it(bag: Any) -> None:
    placed = buy({bag: 1})
    total = order_of(placed).total
    pay(placed, amount=total + 400)
    accept_case(database.session.scalars(select(Case.id)).one(), Actor(factories.user().id))
    data = data_of(placed)
    assert data["sums"][-1] == ("Lebih sedikit, tidak dikembalikan", "Rp400")
    assert data["total"][1] == f"Rp{total + 400:,}".replace(",", ".")
    assert data["returns"] is None


def test_a_gift_that_is_not_sent_says_so(bag: Any) -> None:
    offer(code="GRATIS", value=100)
    token = with_code(cart_of({bag: 1}), "GRATIS")
    home = frozenset({int(database.session.merge(bag).facility_id)})
    placed = place_order(token, somebody(), payment_method="card", pickups=home)
    assert order_of(placed).total == 0
    cancel_order(placed.id, Actor(factories.user().id), reason="Barang habis")
    assert data_of(placed)["returns"]["rows"] == [["–", ["1 × Tas Anyam"], "Rp0"]]
    assert receipt(order_of(placed))
