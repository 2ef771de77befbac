"""`midtrans reconcile`: our book beside Midtrans's, which is asked about each of our attempts."""

import pytest

from devtools.midtrans_simulator import MidtransServer
from storefront.core import clock
from storefront.core.transactions import transaction
from storefront.payments.models import Payment
from storefront.payments.services import start_attempt, start_page
from tests import buying, factories
from tests.support.vendors import with_midtrans

KEY = "SB-Mid-server-TESTKEY000"


@pytest.fixture
def vendor():
    with MidtransServer(KEY) as server:
        yield server


@pytest.fixture
def config(config, vendor):
    return with_midtrans(config, vendor, KEY)


@pytest.fixture
def paid_there(db, vendor):
    """An order that was paid at Midtrans, of which the shop has heard nothing."""
    buying.open_shop()
    placed = buying.buy({factories.product(price=75_000, stock=9): 1})
    start_page(start_attempt(placed.id, "va"), back="http://127.0.0.1/pesanan/x")
    return placed, vendor.account.pay(f"{placed.number}-1")["transaction_id"]


def test_books_that_agree(paid_there, flask):
    placed, reference = paid_there
    buying.pay(placed, reference=reference, provider="midtrans")
    assert flask("midtrans", "reconcile").stdout == "1 payments at midtrans, 0 differences\n"


def test_what_differs_is_named(paid_there, flask, db):
    placed, reference = paid_there
    total = buying.order_of(placed).total
    with transaction():
        row = Payment(provider="midtrans", reference="invented", amount=7, received_at=clock.now())
        row.recorded_at = clock.now()
        db.session.add(row)
    said = flask("midtrans", "reconcile", status=1).stdout
    assert f"{reference} -: ours nothing, theirs IDR {total}" in said
    assert "invented -: ours IDR 7, theirs nothing" in said


def test_away_is_no_difference(paid_there, flask, vendor):
    vendor.stop()
    assert "tidak dapat dihubungi" in flask("midtrans", "reconcile", status=1).output
