"""`stripe reconcile`: our book beside the provider's, with a provider that speaks Stripe's protocol."""

from collections.abc import Callable, Iterator

import pytest

from devtools.stripe_simulator import SimulatorServer
from storefront.core import clock
from storefront.core.transactions import transaction
from storefront.payments.models import Payment
from storefront.payments.services import start_attempt, start_page
from tests import buying, factories

pytestmark = pytest.mark.cards


@pytest.fixture(scope="module")
def vendor() -> Iterator[SimulatorServer]:
    with SimulatorServer() as server:
        yield server


@pytest.fixture
def pay_at_stripe(db, vendor) -> Callable[[], tuple[buying.Placed, str]]:
    """An order that was paid on the pay page, of which the shop has heard nothing."""
    vendor.control.reset()
    buying.open_shop()
    bag = factories.product(price=75_000, stock=9)

    def pay():
        placed = buying.buy({bag: 1})
        attempt_id = start_attempt(placed.id, "card")
        start_page(attempt_id, back="http://127.0.0.1/pesanan/x")
        session = vendor.control.sessions()[-1]
        return placed, vendor.control.pay(session["id"])["payment_intent"]

    return pay


def test_books_that_agree(pay_at_stripe, flask):
    placed, reference = pay_at_stripe()
    buying.pay(placed, reference=reference)
    assert flask("stripe", "reconcile").stdout == "1 payments at stripe, 0 differences\n"


def test_money_that_we_never_heard_of_is_named(pay_at_stripe, flask):
    placed, reference = pay_at_stripe()
    total = buying.order_of(placed).total
    assert f"{reference} -: ours nothing, theirs IDR {total}" in flask("stripe", "reconcile", status=1).stdout


def test_other_amounts_and_money_that_they_do_not_know(pay_at_stripe, flask, db):
    placed, reference = pay_at_stripe()
    buying.pay(placed, reference=reference, amount=5)
    with transaction():
        db.session.add(
            Payment(
                provider="stripe",
                reference="pi_invented",
                amount=7,
                received_at=clock.now(),
                recorded_at=clock.now(),
            )
        )
    output = flask("stripe", "reconcile", status=1).stdout

    assert f"{reference} {placed.number}: ours IDR 5, theirs IDR" in output
    assert "pi_invented -: ours IDR 7, theirs nothing" in output
    assert output.endswith("1 payments at stripe, 2 differences\n")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_provider_that_is_away_is_no_difference(db, flask, vendor):
    vendor.control.api_fault(status=503, count=9)
    assert "tidak dapat dihubungi" in flask("stripe", "reconcile", status=1).output
    vendor.control.clear_faults()
