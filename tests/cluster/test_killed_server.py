"""A real server and its worker die by SIGKILL in the middle of trade, again and again."""

import contextlib
import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from bench.visitor import Request, Visitor, filled, over_http
from devtools.stripe_simulator import SimulatorServer
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.outbox import LEASE, drain
from storefront.desk.queries import audit
from storefront.orders.models import Order, OrderStatus
from storefront.payments.models import Payment, PaymentAttempt
from tests import factories
from tests.buying import CIPONDOH, know_cipondoh, only, open_shop
from tests.conftest import SECRET
from tests.support.books import faults

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
LIVES = 3
BUYERS = 3
PIECES = 100_000
WEBHOOK = "whsec_killed"
AWAY = (OSError, http.client.HTTPException)
pytestmark = pytest.mark.cards(WEBHOOK)


@dataclass
class Told:
    """What the server and the vendor said before it died."""

    placed: list[str] = field(default_factory=list)  # sessions of orders whose buyer was sent to pay
    paid: list[str] = field(default_factory=list)  # those of them that were paid


@pytest.fixture
def port(taken_port) -> int:
    """The shop's port, which its own server takes in this test."""
    number = int(taken_port.getsockname()[1])
    taken_port.close()
    return number


@contextlib.contextmanager
def alive(app: Flask, port: int) -> Iterator[None]:
    """A server and a worker of its own; both are killed in the end, never asked to stop."""
    settings = {
        "ENV": "development", "SECRET_KEY": SECRET, "DATABASE_URL": app.config["DATABASE_URL"],
        "INSTANCE_DIR": str(app.config["INSTANCE_DIR"]), "PORT": str(port), "PROXY_HOPS": "1",
        "PUBLIC_BASE_URL": f"http://{HOST}:{port}", "STRIPE_SECRET_KEY": "sk_test_shop",
        "STRIPE_WEBHOOK_SECRET": WEBHOOK, "STRIPE_API_BASE": app.config["STRIPE_API_BASE"],
    }  # fmt: skip
    serve = ["granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "1"]
    serve += ["--blocking-threads", "4", "--no-ws", "--log-level", "critical", "wsgi:app"]
    both = [_start(serve, settings), _start(["flask", "--app", "wsgi", "worker"], settings)]
    try:
        _wait(port, both[0])
        yield
    finally:
        for process in both:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _start(command: list[str], settings: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env={**os.environ, **settings}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with (
            contextlib.suppress(*AWAY),
            contextlib.closing(http.client.HTTPConnection(HOST, port, timeout=5)) as connection,
        ):
            connection.request("GET", "/healthz")
            assert connection.getresponse().status == 200
            return
        time.sleep(0.05)
    raise AssertionError("the server does not come up")


def trade(port: int, variant_id: int, vendor: SimulatorServer, told: Told, stop: threading.Event) -> None:
    """Buy and pay by card, one order after the other, until the server is gone."""
    visitor = Visitor(over_http(HOST, port))
    with contextlib.suppress(*AWAY):
        while not stop.is_set():
            visitor.cookies.clear()
            visitor.ask(Request("/keranjang/tambah", {"variant": variant_id, "jumlah": 1}))
            page = visitor.ask(Request("/checkout?tujuan=Cipondoh,+Kota+Tangerang,+Banten"))
            typed = {
                "nama": "Siti Contoh", "telepon": "0812 0000 1111", "kecamatan": CIPONDOH,
                "email": "siti@contoh.id", "tujuan": "Cipondoh, Kota Tangerang, Banten",
                "alamat": "Jl. Contoh 1", "bayar": "card",
            }  # fmt: skip
            placed = visitor.ask(Request("/checkout", filled(page, "/checkout", typed)))
            assert placed.status == 303, placed.text[:3000]
            session = urlsplit(dict(placed.headers)["location"]).path.rpartition("/")[2]
            told.placed.append(session)
            vendor.control.pay(session)
            told.paid.append(session)


def _let_them(told: Told, buy: int) -> None:
    """Wait until so many have paid, and a moment more, so that others are in the middle of something."""
    deadline = time.monotonic() + 60
    while len(told.paid) < buy and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(random.uniform(0, 0.3))


def test_nothing_that_was_said_is_lost_or_done_twice(app, db, vendor, port):
    open_shop()
    know_cipondoh()
    bag = factories.product(stock=PIECES)
    variant_id = only(bag).id
    vendor.control.add_endpoint(f"http://{HOST}:{port}/webhooks/stripe", WEBHOOK)
    database.session.remove()
    told = Told()
    for _life in range(LIVES):
        stop = threading.Event()
        with alive(app, port):
            buyers = [
                threading.Thread(target=trade, args=(port, variant_id, vendor, told, stop))
                for _ in range(BUYERS)
            ]
            for buyer in buyers:
                buyer.start()
            _let_them(told, len(told.paid) + random.randint(1, 5))
        stop.set()
        for buyer in buyers:
            buyer.join(timeout=30)
    with alive(app, port):  # the vendor tells again what nobody heard
        vendor.control.flush(timeout=60, retries=True)
    with clock.travel(clock.now() + LEASE + timedelta(seconds=1)):
        drain()

    numbers = {session["id"]: session["client_reference_id"] for session in vendor.control.sessions()}
    paid_at_the_vendor = {one["id"] for one in vendor.control.sessions() if one["payment_status"] == "paid"}
    orders = dict(database.session.execute(select(Order.number, Order.status)).all())
    assert len(told.paid) >= LIVES
    assert {numbers[session] for session in told.placed} <= orders.keys()
    assert {orders[numbers[session]] for session in paid_at_the_vendor} == {OrderStatus.PAID}
    payments = database.session.scalars(
        select(PaymentAttempt.reference).join(Payment, Payment.attempt_id == PaymentAttempt.id)
    )
    assert sorted(payments) == sorted(paid_at_the_vendor)
    letters = [path.read_text() for path in (Path(app.config["INSTANCE_DIR"]) / "mail").glob("*.eml")]
    assert len(letters) == len(orders) + len(paid_at_the_vendor), (
        "a letter for each order, one for each payment"
    )
    assert not list(faults({variant_id: PIECES}))
    assert not {found.rule: found.offenders for found in audit.verify() if not found.holds}
