"""Every provider as a test meets it: configured, with a way to let its money arrive."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from devtools.midtrans_simulator import MidtransServer
from devtools.stripe_simulator import Settings, SimulatorServer
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.transactions import transaction
from storefront.facilities.models import MerchantAccount
from storefront.orders.models import Order
from storefront.orders.services import Actor
from storefront.payments.models import PaymentAttempt
from storefront.payments.providers import NAMES, Provider, provider
from storefront.payments.services import check_claim, confirm_claim, record_payment, start_attempt
from storefront.payments.services.record import Money
from tests import factories
from tests.buying import buy, open_shop
from tests.core.test_qris import STATIC
from tests.support.vendors import with_midtrans, with_stripe

KEY = "SB-Mid-server-TESTKEY000"
SECRET = "whsec_now"
BACK = "http://127.0.0.1/pesanan/x"
METHOD = {"stripe": "card", "midtrans": "wallet", "qris": "qris", "transfer": "transfer", "cash": "cash"}


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """The provider that this test is about."""
    return str(request.param)


@pytest.fixture
def vendor(name: str):
    """The machine behind a provider, if it has one."""
    if name == "stripe":
        with SimulatorServer(Settings()) as server:
            yield server
    elif name == "midtrans":
        with MidtransServer(KEY) as server:
            yield server
    else:
        yield None


@pytest.fixture
def config(config, name, vendor):
    if name == "stripe":
        return with_stripe(config, vendor, SECRET)
    if name == "midtrans":
        return with_midtrans(config, vendor, KEY)
    return config


@dataclass
class Bench:
    """A provider under test: an order to pay by it, and what can be done to both."""

    name: str
    vendor: Any
    client: Any
    order_id: int = 0

    @property
    def provider(self) -> Provider:
        return provider(self.name)

    @property
    def is_machine(self) -> bool:
        return self.vendor is not None

    def attempt(self) -> PaymentAttempt:
        """An attempt of the order, with its order loaded, free of any session."""
        if self.name == "cash":
            attempt_id = self._by_hand()
        else:
            attempt_id = start_attempt(self.order_id, METHOD[self.name])
        found = database.session.get_one(PaymentAttempt, attempt_id)
        assert found.order.parcels is not None
        assert found.account_id is None or found.account is not None
        return found

    def _by_hand(self) -> int:
        order = database.session.get_one(Order, self.order_id)
        row = PaymentAttempt(
            order_id=order.id, number=1, provider="cash", amount=order.total, idempotency_key="cash-1",
            expires_at=order.pay_by, created_at=clock.now(),
        )  # fmt: skip
        with transaction():
            database.session.add(row)
        return row.id

    def call(self, what: Callable[..., Any], attempt: PaymentAttempt, **more: Any) -> Any:
        """Call the provider about an attempt the way services do: outside every transaction."""
        order, account = attempt.order, attempt.account
        for row in filter(None, (attempt, order, account)):
            database.session.expunge(row)
        database.session.rollback()
        try:
            return what(attempt, order, **more)
        finally:
            database.session.rollback()

    def pay(self, reference: str, attempt_id: int, times: int = 1) -> None:
        """Let the money arrive, and let it be told so often."""
        match self.name:
            case "stripe":
                self.vendor.control.pay(reference)
                [event] = self.vendor.control.events("checkout.session.completed")
                for _ in range(times):
                    body, signature = self.vendor.control.signed(event["id"], SECRET)
                    self.tell(body, {"Stripe-Signature": signature})
            case "midtrans":
                self.vendor.account.pay(reference)
                for _ in range(times):
                    for notice in self.vendor.account.notices.told:
                        self.tell(json.dumps(notice), {})
            case "cash":
                order = database.session.get_one(Order, self.order_id)
                for _ in range(times):
                    money = Money("cash", "cash-1", order.total, clock.now())
                    record_payment(money, order_id=self.order_id, attempt_id=attempt_id)
            case _:
                amount = database.session.get_one(PaymentAttempt, attempt_id).amount
                first, second = Actor(factories.user().id), Actor(factories.user().id)
                check_claim(attempt_id, first, amount=amount, bank_reference="TRX-1")
                confirm_claim(attempt_id, second)

    def tell(self, body: str | bytes, headers: dict[str, str]) -> None:
        """A message to the webhook."""
        answer = self.client.post(
            f"/webhooks/{self.name}", data=body, content_type="application/json", headers=headers
        )
        assert answer.status_code == 200


@pytest.fixture
def bench(name, vendor, client, db) -> Bench:
    """A shop with this provider, and an order that waits for money."""
    open_shop()
    with transaction():
        account = db.session.query(MerchantAccount).one()
        account.qris_payload, account.nmid, account.qris_name = STATIC, "ID1020000000001", "GERAI"
    bag = factories.product(price=100_000, stock=5)
    return Bench(name, vendor, client, buy({bag: 1}, method=METHOD[name]).id)
