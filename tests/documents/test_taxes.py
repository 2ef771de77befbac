"""The tax on receipts: of whom it is, as it was when the money came, to the rupiah."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from storefront.core import clock, documents
from storefront.core.db import db as database
from storefront.core.language import speaking
from storefront.core.money import rupiah
from storefront.core.taxes import TaxProfile, included
from storefront.core.transactions import transaction
from storefront.documents.queries import included as taxes
from storefront.documents.queries.receipt import invoice_of, nota
from storefront.documents.queries.returns import Return
from storefront.facilities.models import MerchantAccount
from storefront.orders.models import Order, OrderLine
from storefront.orders.services import Actor
from storefront.orders.services.amounts import net
from storefront.payments.models import Invoice, InvoiceTax, Refund, RefundLine
from storefront.payments.services import mark_refund_sent, refund_lines
from storefront.payments.services.invoices import issue_missing
from tests import factories
from tests.buying import buy, cart_of, open_shop, order_of, pay, place_order, somebody, taxed
from tests.documents.test_papers import receipt, words
from tests.documents.test_receipts import _without_triggers, broken
from tests.support.offers import offer, with_code

PPN = TaxProfile.PPN_EFFECTIVE_11


@pytest.fixture
def shelf(db: Any) -> Any:
    """A bag of a taxed facility and a mat of one that takes none."""
    open_shop()
    first, second = factories.facility("LPA"), factories.facility("LPB")
    taxed(first.id, "Koperasi Taat Pajak")
    bag = factories.product(first, title="Tas Anyam", price=75_000, stock=50)
    return bag, factories.product(second, title="Tikar Pandan", price=50_001, stock=50)


def replace_account(day: date) -> None:
    """From this day on the goods of the taxed facility are somebody's who takes no tax."""
    with transaction():
        old = database.session.scalars(select(MerchantAccount).filter_by(holder="Koperasi Taat Pajak")).one()
        old.valid_until, place = day - timedelta(days=1), old.facility_id
    taxed(place, "Koperasi Baru", number="000222", tax="none", valid_from=day)


def kept(order: Order) -> list[tuple[str, str, int]]:
    return [(row.seller, row.profile.value, row.price) for row in invoice_of(order.id).taxes]


def test_nothing_changes_where_nobody_takes_a_tax(db: Any) -> None:
    open_shop()
    placed = buy({factories.product(price=75_000): 2})
    pay(placed)
    order = order_of(placed)
    assert database.session.scalars(select(InvoiceTax)).all() == []
    text = words(receipt(order))
    assert "Tidak ada PPN yang dipungut. Nota ini bukan Faktur Pajak." in text
    for word in ("Termasuk PPN", "Harga jual", "DPP", "PMK"):
        assert word not in text


def test_a_receipt_names_the_tax_of_each_seller_and_what_it_is_counted_from(shelf: Any) -> None:
    bag, mat = shelf
    placed = buy({bag: 2, mat: 1})
    pay(placed)
    order = order_of(placed)
    assert kept(order) == [("Koperasi Taat Pajak", "ppn_effective_11", 150_000)]
    text = words(receipt(order))
    for word in (
        "Termasuk PPN", "Koperasi Taat Pajak", "Rp150.000", "Rp135.135", "Rp123.874", "Rp14.865",
        "PPN 12% dihitung dari DPP nilai lain, 11/12 harga jual (PMK 131/2024).",
        "Untuk barang lainnya tidak ada PPN yang dipungut.", "bukan Faktur Pajak",
    ):  # fmt: skip
        assert word in text, word
    assert "Tidak ada PPN yang dipungut. Nota" not in text
    assert order.total == 200_001 + order.shipping, "the price shown is what is paid"
    with speaking("en"):
        english = words(receipt(order))
    for word in ("VAT (PPN) included", "Price before PPN", "Tax base", "12% is counted", "not a tax invoice"):
        assert word in english, word
    assert broken() == []


def test_the_office_sells_what_facilities_without_an_account_make(shelf: Any) -> None:
    bag, mat = shelf
    taxed(None, "Koperasi Kanwil", number="000111")
    more = factories.product(title="Gelang", price=10_003, stock=9)
    placed = buy({bag: 1, mat: 1, more: 1})
    pay(placed)
    order = order_of(placed)
    rows = invoice_of(order.id).taxes
    assert sorted(row.seller for row in rows) == ["Koperasi Kanwil", "Koperasi Kanwil", "Koperasi Taat Pajak"]
    office, first = sorted(taxes.sellers(rows), key=lambda seller: seller.name)
    assert office.sum == included(PPN, 60_004), "rounded once for both facilities"
    total = nota(order, invoice_of(order.id))["taxes"]["sum"]
    assert total[1:] == [
        rupiah(getattr(first.sum, name) + getattr(office.sum, name))
        for name in ("price", "selling", "base", "tax")
    ]
    assert total[1] == "Rp135.004"
    assert "Untuk barang lainnya" not in words(receipt(order))


def test_what_applied_when_the_money_came_stays(shelf: Any) -> None:
    bag, _mat = shelf
    before, after = buy({bag: 1}), buy({bag: 1})
    pay(before)
    was = receipt(order_of(before))
    replace_account(clock.today())
    pay(after)
    assert kept(order_of(after)) == []
    assert kept(order_of(before)) == [("Koperasi Taat Pajak", "ppn_effective_11", 75_000)]
    assert receipt(order_of(before)) == was


def test_receipts_that_are_written_later_have_the_tax_of_their_day(shelf: Any, db: Any) -> None:
    bag, mat = shelf
    placed = buy({bag: 1, mat: 1})
    pay(placed)
    for table in (InvoiceTax, Invoice):
        _without_triggers(db, table.__tablename__)
    _without_triggers(db, "invoice_counters")
    replace_account(clock.today() + timedelta(days=2))
    with clock.travel(clock.now() + timedelta(days=3)):
        assert issue_missing() == 1
    assert kept(order_of(placed)) == [("Koperasi Taat Pajak", "ppn_effective_11", 75_000)]


def test_what_promotions_bear_and_delivery_are_not_taxed(shelf: Any) -> None:
    bag, mat = shelf
    offer(code="HEMAT10", value=10)
    placed = place_order(with_code(cart_of({bag: 1, mat: 1}), "HEMAT10"), somebody(), payment_method="card")
    pay(placed)
    assert kept(order_of(placed)) == [("Koperasi Taat Pajak", "ppn_effective_11", 67_500)]
    assert broken() == []


def test_a_gift_holds_no_tax(shelf: Any) -> None:
    bag, _mat = shelf
    offer(code="GRATIS", value=100)
    place = place_order(
        with_code(cart_of({bag: 1}), "GRATIS"), somebody(), payment_method="card",
        pickups=frozenset({order_facility(bag)}),
    )  # fmt: skip
    order = order_of(place)
    assert order.total == 0
    assert kept(order) == [("Koperasi Taat Pajak", "ppn_effective_11", 0)]
    assert "nol rupiah" in words(receipt(order))


def order_facility(product: Any) -> int:
    return int(database.session.merge(product).facility_id)


def test_what_goes_back_takes_its_tax_along(shelf: Any) -> None:
    bag, mat = shelf
    placed = buy({bag: 3, mat: 1})
    pay(placed)
    bags, mats = [line.id for line in order_of(placed).lines]
    for number, pieces in enumerate(({bags: 1}, {mats: 1}, {bags: 2})):
        key = refund_lines(placed.id, pieces, reason="Rusak", actor=Actor(), key=f"k{number}")
        mark_refund_sent(key, f"re_{number}", actor=Actor())
    order = order_of(placed)
    data = nota(order, invoice_of(order.id))
    whole = included(PPN, 225_000).tax
    assert data["taxes"]["back"] == f"PPN dalam pengembalian: -Rp{whole:,}".replace(",", ".")
    assert data["returns"]["left"][1] == f"Rp{order.shipping:,}".replace(",", ".")
    assert documents.pdf("nota", data, at=clock.now())


ORDERS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 999_999), st.integers(1, 9), st.integers(0, 100)),
    min_size=1, max_size=6,
)  # fmt: skip
"""Lines: whose (0: nobody's tax), the price, how many, how much per cent promotions took off."""


@given(lines=ORDERS, steps=st.data())
def test_sums_are_right_with_taxed_and_untaxed_sellers_discounts_and_refunds(
    lines: list[tuple[int, int, int, int]], steps: st.DataObject
) -> None:
    rows = [
        OrderLine(id=n, facility_id=who, unit_price=price, quantity=many, total=price * many)
        for n, (who, price, many, _off) in enumerate(lines, start=1)
    ]
    off = {n: line.total * lines[n - 1][3] // 100 for n, line in enumerate(rows, start=1)}
    paid = {who: sum(row.total - off[row.id] for row in rows if row.facility_id == who) for who in (1, 2)}
    kept = [
        InvoiceTax(facility_id=who, account_id=who, seller=str(who), profile=PPN, price=price)
        for who, price in paid.items()
        if any(row.facility_id == who for row in rows)
    ]
    returns, left = [], {row.id: row.quantity for row in rows}
    while any(left.values()):
        line = steps.draw(st.sampled_from([row for row in rows if left[row.id]]))
        pieces = steps.draw(st.integers(1, left[line.id]))
        earlier = line.quantity - left[line.id]
        amount = net(line.total, [off[line.id]], line.quantity, earlier, pieces)
        back = RefundLine(order_line_id=line.id, quantity=pieces, earlier=earlier, amount=amount)
        returns.append(Return([Refund(amount=amount)], [back]))
        left[line.id] -= pieces
    for seller in taxes.sellers(kept):
        assert seller.sum.selling + seller.sum.tax == seller.sum.price == paid[int(seller.name)]
        theirs = taxes.returned(seller, rows, returns)
        assert all(tax >= 0 for tax in theirs)
        assert sum(theirs) == seller.sum.tax, "all of it went back, and so did its tax, once"
    data = taxes.part(kept, rows, returns)
    assert (data is None) == (not kept)
