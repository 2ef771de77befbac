"""A shop whose payment vendor is a stand-in on this machine."""

from dataclasses import replace

from config import Config
from devtools.midtrans_simulator import MidtransServer
from devtools.stripe_simulator import SimulatorServer


def with_stripe(config: Config, vendor: SimulatorServer, *secrets: str) -> Config:
    """The settings of a shop that takes cards there; events are signed with one of the secrets."""
    return replace(
        config,
        STRIPE_SECRET_KEY="sk_test_shop",
        STRIPE_WEBHOOK_SECRET=secrets,
        STRIPE_API_BASE=vendor.base_url,
    )


def with_midtrans(config: Config, vendor: MidtransServer, key: str) -> Config:
    """The settings of a shop that takes payments through the aggregator there."""
    base = vendor.base_url
    return replace(config, MIDTRANS_SERVER_KEY=key, MIDTRANS_API_BASE=base, MIDTRANS_SNAP_BASE=base)
