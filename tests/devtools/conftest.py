"""One simulator for all its tests, made new before each; the real client; a shop that takes webhooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from devtools.stripe_simulator import RetryPlan, Settings, SimulatorServer
from tests.devtools.stripe_shop import SECRET, Receiver, client_of, session_params


@pytest.fixture(scope="session")
def running_server() -> Iterator[SimulatorServer]:
    settings = Settings(shop_name="Toko Uji", retry=RetryPlan(seconds=60, attempts=3))
    with SimulatorServer(settings) as server:
        yield server


@pytest.fixture
def server(running_server: SimulatorServer) -> SimulatorServer:
    running_server.control.remove_endpoints()
    running_server.control.reset()
    return running_server


@pytest.fixture
def receiver(server: SimulatorServer) -> Iterator[Receiver]:
    receiver = Receiver()
    server.control.add_endpoint(receiver.url, SECRET)
    yield receiver
    server.control.flush()
    receiver.close()


@pytest.fixture
def client(server: SimulatorServer) -> stripe.StripeClient:
    return client_of(server)


@pytest.fixture
def open_session(client: stripe.StripeClient) -> Callable[..., stripe.checkout.Session]:
    def make(rupiah: int = 186_000, **changes: Any) -> stripe.checkout.Session:
        return client.v1.checkout.sessions.create(params=session_params(rupiah, **changes))

    return make
