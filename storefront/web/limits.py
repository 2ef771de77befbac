"""How often one address may ask. Counters live in memory, or in Valkey/Redis by setting."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, strategy="moving-window", headers_enabled=False)


def init_app(app: Flask) -> None:
    """Bind the limiter to the app and its storage."""
    limiter.init_app(app)
