"""The stand-in for courier vendors, and shops that ask it."""

from collections.abc import Iterator

import pytest

from config import Config
from devtools.courier_simulator import CourierServer, Spot
from storefront.core import outgoing

SPOTS = [
    Spot(11, "Cipondoh", "Kota Tangerang", "Banten", "15148"),
    Spot(12, "Serang", "Kota Serang", "Banten", "42117"),
    Spot(13, "Cipondoh", "Kab. Jember", "Jawa Timur", "68111"),  # the same name, another town
    Spot(14, "Menteng", "Kota Jakarta Pusat", "DKI Jakarta", "10310"),
]


@pytest.fixture
def couriers() -> Iterator[CourierServer]:
    """Both vendors, working."""
    outgoing._breakers.clear()  # each test's vendors begin unblamed
    with CourierServer(SPOTS, key="kunci-rahasia") as server:
        yield server


@pytest.fixture
def config(config: Config, couriers: CourierServer, request: pytest.FixtureRequest) -> Config:
    """A shop with keys for the vendors that `@pytest.mark.vendors(...)` names: none by default."""
    marker = request.node.get_closest_marker("vendors")
    names = marker.args if marker else ()
    values = dict(vars(config))
    if "rajaongkir" in names:
        values |= {"RAJAONGKIR_KEY": "kunci-rahasia", "RAJAONGKIR_API_BASE": couriers.rajaongkir}
    if "biteship" in names:
        values |= {"BITESHIP_KEY": "kunci-rahasia", "BITESHIP_API_BASE": couriers.biteship}
    return Config(**values)
