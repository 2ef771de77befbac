"""Whatever happens to orders, the books balance and the reports say what the orders say."""

from collections import Counter
from datetime import datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.clock import JAKARTA
from storefront.desk.queries.audit import verify
from storefront.orders.models import Order
from storefront.orders.services import Actor
from storefront.payments.models import Case, Refund
from storefront.payments.services import (
    accept_case,
    cancel_order,
    expire_orders,
    mark_refund_sent,
    refund_case,
)
from storefront.revenue.models import Entry
from storefront.revenue.queries import report
from tests import buying, factories

START = datetime(2025, 11, 30, 18, tzinfo=JAKARTA)
FATES = ("waits", "paid", "twice", "short", "expired", "late", "cancelled", "sent back")


@pytest.fixture
def goods(db):
    buying.open_shop()
    first = factories.product(factories.facility(), price=75_000, stock=9_000)
    second = factories.product(factories.facility(), price=199_999, stock=9_000)
    return first.id, second.id


orders = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 2), st.integers(0, 12), st.sampled_from(FATES), st.integers(0, 40)
    ).filter(lambda order: order[0] + order[1]),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12)
@given(orders=orders)
def test_any_history_balances_and_adds_up(db, goods, orders):
    products = [db.session.get_one(factories.Product, product_id) for product_id in goods]
    for first, second, hours, fate, days in orders:
        wishes = {item: pieces for item, pieces in zip(products, (first, second), strict=True) if pieces}
        live(db, wishes, fate, START + timedelta(hours=hours), START + timedelta(days=days, hours=hours + 1))

    assert db.session.scalar(select(func.sum(Entry.amount))) in (0, None)
    for by in ("month", "facility", "channel"):
        found = {
            row.key: (row.gross, row.refunds, row.shipping) for row in report("2025-01", "2026-12", by).rows
        }
        assert found == by_hand(db, by)
    assert [finding for finding in verify() if not finding.holds] == []


def live(db, wishes, fate, at, later):
    """One order and what becomes of it."""
    with clock.travel(at):
        placed = buying.buy(wishes)
        if fate in ("expired", "late"):
            expire_orders(at + timedelta(hours=5))
        if fate in ("paid", "twice", "sent back", "late"):
            buying.pay(placed)
        if fate in ("twice", "short"):
            buying.pay(placed, reference=f"again_{placed.number}", amount=40_000)
        case = db.session.scalar(select(Case.id).filter_by(order_id=placed.id))
    with clock.travel(later):
        if fate == "twice":
            refund_case(case, Actor())
        elif case is not None:
            accept_case(case, Actor())
        if fate in ("cancelled", "sent back"):
            cancel_order(placed.id, Actor(), reason="Pembeli berubah pikiran")
        for refund_id in db.session.scalars(select(Refund.id).filter_by(order_id=placed.id)).all():
            mark_refund_sent(refund_id, f"re_{placed.number}", actor=Actor())


def by_hand(db, by):
    """Gross, refunds and shipping per key, counted over orders one by one and not over the ledger."""
    sums: dict[str, Counter] = {}
    db.session.expire_all()
    for order in db.session.scalars(select(Order).where(Order.paid_at.is_not(None))):
        back = db.session.scalar(
            select(Refund.sent_at).filter_by(order_id=order.id)
            if order.status == "cancelled"
            else select(None)
        )
        for moment, sign in ((order.paid_at, 1), (back, -1)):
            for parcel in order.parcels if moment else ():
                key = {
                    "month": clock.period(moment) if moment else "",
                    "facility": parcel.facility.code,
                    "channel": order.channel.value,
                }[by]
                goods = sum(item.quantity * item.line.unit_price for item in parcel.items)
                kind = "gross" if sign > 0 else "refunds"
                sums.setdefault(key, Counter()).update({kind: goods, "shipping": sign * parcel.shipping_cost})
    return {key: (found["gross"], found["refunds"], found["shipping"]) for key, found in sums.items()}
