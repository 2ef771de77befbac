"""Long lists of orders: whoever presses for older rows sees every one of them once, in the order of time."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from storefront.core.db import db as database
from storefront.core.transactions import transaction
from storefront.orders.models import Order, Parcel
from storefront.orders.queries import all_parcels_of, orders_page
from tests import factories
from tests.buying import buy, open_shop, pay
from tests.support.html import Page

MANY = 8


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(stock=50)


@pytest.fixture
def orders(bag):
    """Some paid orders; the first three were placed in the same moment, which is the newest."""
    made = [buy({bag: 1}) for _ in range(MANY)]
    for placed in made:
        pay(placed)
    first = database.session.get_one(Order, made[0].id).placed_at
    with transaction():
        for number, placed in enumerate(made):
            moment = first - timedelta(minutes=max(0, number - 2))
            database.session.execute(update(Order).where(Order.id == placed.id).values(placed_at=moment))
    ids = [placed.id for placed in made]
    return [*reversed(ids[:3]), *ids[3:]]  # newest first


def test_the_offices_list_goes_on_to_its_end_and_repeats_nothing(orders):
    seen, before = [], None
    for _ in range(MANY):
        rows, total, before = orders_page(before=before, limit=2)
        assert total == MANY
        seen += [row.id for row in rows]
        if before is None:
            break
    assert seen == orders


def test_an_order_that_comes_meanwhile_pushes_nothing_onto_the_next_stretch(orders, bag):
    first, _total, before = orders_page(limit=4)
    buy({bag: 1})
    second, _total, _before = orders_page(before=before, limit=4)
    assert [row.id for row in (*first, *second)] == orders


def test_a_facilitys_list_goes_on_to_its_end_and_repeats_nothing(orders, bag):
    seen, before = [], None
    for _ in range(MANY):
        rows, before = all_parcels_of(bag.facility_id, before=before, limit=3)
        seen += [row.id for row in rows]
        if before is None:
            break
    assert seen == list(database.session.scalars(select(Parcel.id).order_by(Parcel.id.desc())))


@pytest.mark.parametrize(
    ("role", "path"),
    [("regional", "/kanwil/pesanan?status=paid"), ("facility_head", "/petugas/pesanan?tahap=semua")],
)
def test_the_pages_lead_to_older_rows_and_back_and_keep_their_filter(
    client, orders, bag, monkeypatch, role, path
):
    for module in ("storefront.orders.staff_views.SIZE", "storefront.payments.staff_views.SIZE"):
        monkeypatch.setattr(module, 3)
    factories.signed_in(client, role, facility=bag.facility if role == "facility_head" else None)
    seen = []
    for _ in range(3):
        page = Page.parse(client.get(path).text)
        seen += [link.text for link in page.all("a", class_="nowrap")]
        further = page.all("a", rel="next")
        if not further:
            break
        path = further[0].attrs["href"]
        assert {"status", "tahap"} & parse_qs(urlsplit(path).query).keys()
    assert len(seen) == len(set(seen)) == MANY
    assert any("terbaru" in link.text for link in page.all("a"))
