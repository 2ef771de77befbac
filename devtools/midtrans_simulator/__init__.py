"""A stand-in for Midtrans: Snap pages and the Core API on the wire, and trouble on demand.

    with MidtransServer("SB-Mid-server-test") as server:
        ...  # MIDTRANS_API_BASE = MIDTRANS_SNAP_BASE = server.base_url
        server.account.pay(reference)

No money moves. Works offline.
"""

from devtools.midtrans_simulator.account import Settings
from devtools.midtrans_simulator.server import MidtransServer

__all__ = ["MidtransServer", "Settings"]
