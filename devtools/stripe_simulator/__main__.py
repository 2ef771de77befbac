"""Runs the simulator as a program: `python -m devtools.stripe_simulator --port 8010 --webhook-url …`."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from devtools.stripe_simulator.server import SimulatorServer
from devtools.stripe_simulator.simulator import Settings
from devtools.stripe_simulator.webhooks import RetryPlan


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="devtools.stripe_simulator", description=__doc__)
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=int, default=8010, help="port to listen on; 0 takes a free one")
    add("--public-url", default="", help="where buyers reach the pay page, if not at host:port")
    add("--webhook-url", action="append", default=[], help="where to send events; may be repeated")
    add("--webhook-secret", action="append", default=[], help="one for all addresses, or one for each")
    add("--shop-name", default="Toko", help="shown on the pay page")
    add("--shop-description", default="", help="shown under the name")
    add("--state", type=Path, help="SQLite file that keeps everything across a restart")
    add("--retry-seconds", type=float, default=1.0, help="wait after a failed webhook, doubled each time")
    add("--retry-attempts", type=int, default=8, help="give up after so many")
    return parser


def endpoints(urls: Sequence[str], secrets: Sequence[str]) -> list[tuple[str, str]]:
    """Addresses with their secrets. Raises ValueError if the numbers do not fit."""
    if urls and len(secrets) not in (1, len(urls)):
        raise ValueError("give one --webhook-secret, or one for each --webhook-url")
    every = list(secrets) if len(secrets) == len(urls) else list(secrets) * len(urls)
    return list(zip(urls, every, strict=True))


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        pairs = endpoints(options.webhook_url, options.webhook_secret)
    except ValueError as error:
        parser.error(str(error))
    settings = Settings(
        shop_name=options.shop_name,
        shop_description=options.shop_description,
        public_url=options.public_url,
        state=options.state,
        retry=RetryPlan(options.retry_seconds, options.retry_attempts),
    )
    server = SimulatorServer(settings, host=options.host, port=options.port)
    for url, secret in pairs:
        server.simulator.webhooks.register(url, secret)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    with server:
        print(f"Stripe simulator: {server.base_url}", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
