"""A stand-in for vendors of courier prices: speaks the wire protocols of RajaOngkir and Biteship.

    with CourierServer([Spot(1, "Cipondoh", "Kota Tangerang", "Banten", "15148")]) as server:
        RajaOngkir("key", server.rajaongkir)
        Biteship("key", server.biteship)
        server.fail("quota", vendor="rajaongkir")

No parcel moves; prices are made up, but the same question gets the same answer.
"""

from devtools.courier_simulator.server import CourierServer
from devtools.courier_simulator.world import Fault, Spot

__all__ = ["CourierServer", "Fault", "Spot"]
