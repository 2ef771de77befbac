"""Runs the demo: the shop on granian, its worker, and the stand-in for Stripe; one signal stops all."""

import contextlib
import hashlib
import hmac
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app

from devtools.demo.couriers import courier_vendor
from devtools.demo.people import printed
from devtools.midtrans_simulator import MidtransServer
from devtools.midtrans_simulator import Settings as MidtransSettings
from devtools.stripe_simulator import Settings, SimulatorServer

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
THREADS = 8
PATIENCE = 60.0
"""Seconds until the shop has to answer."""

SIMULATOR_OFFSET, MIDTRANS_OFFSET = 10, 11
"""Stand-ins listen at the shop's port plus this, so that their pay pages survive a restart."""

ROLE_WORDS = {
    "buyer": "Pembeli",
    "regional": "Kanwil",
    "promoter": "Pemprov",
    "facility_staff": "Petugas Lapas",
    "facility_head": "Kepala Lapas",
}


def refuse_busy_port(port: int) -> None:
    """Say in words that somebody else listens there. Raises click.ClickException."""
    if is_free(port):
        return
    raise click.ClickException(
        f"Port {port} sudah dipakai program lain. Hentikan program itu, atau pilih port lain:\n"
        f"  PORT={port + 1} python3 manage.py run"
    )


def is_free(port: int) -> bool:
    """Can the port be listened at?"""
    with socket.socket() as probe:
        if os.name == "posix":  # a connection that has just ended is no reason to refuse
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def serve() -> int:
    """Start everything, wait for a signal or for a part that ends; the exit status."""
    port = int(current_app.config["PORT"])
    asked = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: asked.set())
    with contextlib.ExitStack() as children:
        environment = children.enter_context(_card_vendor(port)) | children.enter_context(_aggregator(port))
        environment |= children.enter_context(courier_vendor(HOST, 0))
        parts = {
            name: children.enter_context(_child(command, environment))
            for name, command in _commands(port).items()
        }
        if not _answers(port, parts, asked):
            return 0 if asked.is_set() else _explain(parts)
        _welcome()
        while not asked.wait(0.3):
            if any(part.poll() is not None for part in parts.values()):
                return _explain(parts)
    print("\nDemo dihentikan.", file=sys.stderr)
    return 0


def _commands(port: int) -> dict[str, list[str]]:
    granian = ["-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "1"]
    granian += ["--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning", "wsgi:app"]
    return {
        "toko": [sys.executable, *granian],
        "pekerja": [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
    }


@contextlib.contextmanager
def _card_vendor(port: int) -> Iterator[dict[str, str]]:
    """The environment of the children: their own Stripe keys if the user has some, else the stand-in's."""
    if current_app.config["STRIPE_SECRET_KEY"]:
        yield {}
        return
    nearby = port + SIMULATOR_OFFSET
    folder = Path(current_app.config["INSTANCE_DIR"])
    # Derived from the checkout's own secret: the same after a restart, and nobody else's.
    secret = hmac.new(
        current_app.config["SECRET_KEY"].encode(), b"stripe simulator", hashlib.sha256
    ).hexdigest()[:40]
    settings = Settings(
        shop_name=current_app.config["SHOP_NAME"],
        shop_description="Pembayaran demo: tidak ada uang yang berpindah",
        state=folder / "stripe-simulator.sqlite3",
    )
    with SimulatorServer(settings, host=HOST, port=nearby if is_free(nearby) else 0) as server:
        server.control.remove_endpoints()
        server.control.add_endpoint(f"http://{HOST}:{port}/webhooks/stripe", f"whsec_demo{secret}")
        yield {
            "STRIPE_SECRET_KEY": f"sk_test_demo{secret[:16]}",
            "STRIPE_WEBHOOK_SECRET": f"whsec_demo{secret}",
            "STRIPE_API_BASE": server.base_url,
        }


@contextlib.contextmanager
def _aggregator(port: int) -> Iterator[dict[str, str]]:
    """The same for Midtrans: QRIS, virtual accounts and e-wallets."""
    if current_app.config["MIDTRANS_SERVER_KEY"]:
        yield {}
        return
    nearby = port + MIDTRANS_OFFSET
    secret = hmac.new(current_app.config["SECRET_KEY"].encode(), b"midtrans", hashlib.sha256).hexdigest()
    key = f"SB-Mid-server-demo{secret[:16]}"
    settings = MidtransSettings(
        shop_name=current_app.config["SHOP_NAME"],
        notification_url=f"http://{HOST}:{port}/webhooks/midtrans",
        state=Path(current_app.config["INSTANCE_DIR"]) / "midtrans-simulator.sqlite3",
    )
    with MidtransServer(key, settings, host=HOST, port=nearby if is_free(nearby) else 0) as server:
        yield {
            "MIDTRANS_SERVER_KEY": key,
            "MIDTRANS_API_BASE": server.base_url,
            "MIDTRANS_SNAP_BASE": server.base_url,
        }


@contextlib.contextmanager
def _child(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program of its own session, so that Ctrl-C reaches it through us; ended politely, then not."""
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment, "ENV": "development"}, stdout=subprocess.DEVNULL,
        start_new_session=os.name == "posix",
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int, parts: dict[str, "subprocess.Popen[bytes]"], asked: threading.Event) -> bool:
    """Wait until the shop answers; False when a part ended, somebody asked to stop, or it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not asked.is_set():
        if any(part.poll() is not None for part in parts.values()):
            return False
        if is_up(port):
            return True
        time.sleep(0.1)
    return False


def is_up(port: int) -> bool:
    """Does a shop answer there?"""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2):
            return True
    except OSError:  # not listening yet, or not answering yet
        return False


def _explain(parts: dict[str, "subprocess.Popen[bytes]"]) -> int:
    ended = [name for name, part in parts.items() if part.poll() is not None]
    words = f"Bagian yang berhenti sendiri: {', '.join(ended)}." if ended else "Toko tidak menjawab."
    print(f"{words} Lihat pesan di atas; semuanya dihentikan.", file=sys.stderr)
    return 1


def _welcome() -> None:
    """The address, and how to sign in."""
    people = printed()
    widest = max(len(person.email) for person in people)
    print(f"\n  {current_app.config['SHOP_NAME']} berjalan di {current_app.config['PUBLIC_BASE_URL']}\n")
    print("  Masuk sebagai (halaman /masuk):")
    for person in people:
        role = f"{ROLE_WORDS[person.role]} {person.facility}".strip()
        print(f"    {role:<22} {person.email:<{widest}}  {person.password}")
    print("\n  Kartu uji: 4242 4242 4242 4242. Semua data adalah contoh; tidak ada uang yang berpindah.")
    print("  Surat tersimpan sebagai berkas di instance/mail. Ctrl-C menghentikan semuanya.\n", flush=True)
