"""How often one address may ask. Counters live in memory, or in Valkey/Redis by setting.

When that server is away each process counts by itself until it is back: nobody is refused, or let in
without end, because of a counter.
"""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(
    get_remote_address, strategy="moving-window", headers_enabled=False, in_memory_fallback_enabled=True
)


def init_app(app: Flask) -> None:
    """Bind the limiter to the app and its storage."""
    limiter.init_app(app)
