"""A shop that takes cards, and the stand-in of their vendor."""

import pytest

from devtools.stripe_simulator import Settings, SimulatorServer
from tests.support.vendors import with_stripe

WEBHOOK = "whsec_killed"


@pytest.fixture
def vendor():
    with SimulatorServer(Settings()) as server:
        yield server


@pytest.fixture
def config(config, vendor):
    return with_stripe(config, vendor, WEBHOOK)
