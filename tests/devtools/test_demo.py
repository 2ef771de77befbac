"""The demo shop: complete, always the same, made through the services; and the command that runs it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from PIL import Image
from sqlalchemy import func, select

from config import ROOT
from devtools.demo import people, seed
from devtools.demo.commands import demo
from devtools.demo.shelves import NOTICE, entries, shots
from storefront.accounts.models import Role, User
from storefront.accounts.services.passwords import problem_of
from storefront.catalog.models import Product, ProductPhoto, ProductStatus
from storefront.core import clock
from storefront.core.errors import DomainError
from storefront.core.models import Picture
from storefront.core.storage import storage
from storefront.events.models import Fair
from storefront.facilities.models import Facility
from storefront.orders.models import Order, OrderStatus, Parcel, ParcelStatus
from storefront.payments.queries import open_cases, open_transfers, to_do
from storefront.revenue.models import Entry
from tests import factories as make
from tests.conftest import SECRET
from tests.support import kept, server
from tests.support.run import Run

STUCK = 180
"""Seconds after which a process never answers; a busy machine takes half a minute to start one."""
DOMAIN_TITLES = (ROOT / "tests" / "devtools" / "demo_products.txt").read_text("utf-8").splitlines()


def thumbnail(path: Path) -> bytes:
    """A photo so small that the pipeline takes no time."""
    out = BytesIO()
    with Image.open(path) as picture:
        picture.resize((40, 50)).save(out, "WEBP")
    return out.getvalue()


def plant(count: int = 20) -> None:
    """Seed a reduced shop."""
    assert seed.seed(orders=count, read=thumbnail, say=lambda _words: None)


def count(db: SQLAlchemy, model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


# --- what it is made from -----------------------------------------------------------------------------


def test_every_product_is_there_with_a_photo_that_is_described() -> None:
    known, listed = shots(), {entry["title"]: entry for entry in entries()}
    assert not set(DOMAIN_TITLES) - set(listed)
    for title in DOMAIN_TITLES:
        pictures = known[listed[title]["photo"]]
        assert pictures, title
        for shot in pictures:
            assert shot.path.is_file(), title
            assert len(shot.alt) > 20, title


def test_every_photo_file_is_small_and_used_or_described() -> None:
    described = {shot.path.name for group in shots().values() for shot in group}
    files = {path.name for path in (ROOT / "devtools" / "demo" / "photos").glob("*.webp")}
    assert files - described == {"bukti-transfer-contoh.webp"}
    assert sum(path.stat().st_size for path in (ROOT / "devtools" / "demo" / "photos").iterdir()) < 4_000_000


def test_texts_are_whole_and_promise_no_permits() -> None:
    for entry in entries():
        if entry.get("status") == "draft":
            continue
        assert 2 <= entry["description"].count(". ") + 1 <= 6, entry["title"]
        assert entry["materials"], entry["title"]
        assert entry["care"], entry["title"]
        assert not re.search(r"P-IRT|BPOM|bersertifikat|halal", str(entry), re.IGNORECASE), entry["title"]


def test_sign_ins_obey_the_shops_own_rules(app: Flask) -> None:
    with app.app_context():
        for person in people.printed():
            assert problem_of(person.password, about=(person.email, person.name)) is None, person.email
    assert {person.role for person in people.printed()} == set(Role)


# --- the seeded shop ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seeded:
    """A shop that was seeded once for this file, at a second try, on SQLite; its orders, and copies of it."""

    orders: list[Any]
    bring: Callable[[Flask], None]


def interrupt(db: SQLAlchemy) -> None:
    """Begin to seed, and stop in the middle."""

    def stop_at_orders(words: str) -> None:
        if words.startswith("pesanan"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed.seed(orders=20, read=thumbnail, say=stop_at_orders)
    db.session.rollback()
    assert not seed.is_seeded()


@pytest.fixture
def seeded(db: SQLAlchemy, run: Run, sqlite_template: Path) -> Seeded:
    """Seeding takes seconds; only the first who asks waits for it."""
    name = f"demo-{clock.today()}"  # another day is another shop

    def make() -> str:
        interrupt(db)
        plant()
        return json.dumps(orders_of(db))

    said = kept.keep(run, name, sqlite_template, SECRET, make)
    return Seeded(json.loads(said), lambda app: kept.copy(run, name, app))


def test_a_seeded_shop(app: Flask, db: SQLAlchemy, backend: str, seeded: Seeded) -> None:
    """One seed a database for all that is asked of it: it takes seconds. That on SQLite was interrupted."""
    if backend == "sqlite":
        seeded.bring(app)
    else:
        plant()
    check_goods(db)
    check_desks(db)
    check_books(app, db)
    assert orders_of(db) == seeded.orders, "the dice are the same, only numbers and tokens are random"
    assert not seed.seed(orders=20, read=thumbnail, say=lambda _words: None)
    assert orders_of(db) == seeded.orders, "a second seed changes nothing"

    seed.start_over()
    assert not seed.is_seeded()
    assert [count(db, model) for model in (Facility, Product, Order, User, Entry)] == [0] * 5


def orders_of(db: SQLAlchemy) -> list[Any]:
    rows = db.session.execute(
        select(Order.status, Order.total, Order.customer_name, Order.phone).order_by(Order.id)
    )
    found = [list(row) for row in rows]
    db.session.rollback()
    return found


def check_goods(db: SQLAlchemy) -> None:
    """Complete, marked as demo, with photos that are described."""
    assert count(db, Facility) == 12
    assert count(db, Product, Product.status == ProductStatus.PUBLISHED) >= 48
    assert {status for (status,) in db.session.execute(select(Product.status).distinct())} >= {
        ProductStatus.DRAFT, ProductStatus.SUBMITTED, ProductStatus.RETURNED,
    }  # fmt: skip
    assert count(db, Fair, Fair.is_published) == 2
    assert count(db, User, ~User.is_demo) == 0
    assert count(db, Order, ~Order.is_demo) == 0
    assert count(db, Order) >= 20
    silent = ~Product.description.contains(NOTICE)
    assert count(db, Product, Product.status == ProductStatus.PUBLISHED, silent) == 0
    shown = select(Picture).join(ProductPhoto, ProductPhoto.picture_id == Picture.id)
    for picture in db.session.scalars(shown):
        assert picture.alt
        assert storage().exists(f"{picture.key}-{picture.widths[0]}.webp")


def check_desks(db: SQLAlchemy) -> None:
    """Whoever signs in finds something to do."""
    desk = db.session.scalars(select(Facility).filter_by(code="LPPTNG")).one()
    for status, least in ((ParcelStatus.WAITING, 4), (ParcelStatus.PROCESSING, 3)):
        paid = Parcel.order.has(status=OrderStatus.PAID)
        assert count(db, Parcel, Parcel.facility_id == desk.id, Parcel.status == status, paid) >= least
    assert to_do() == {"transfers": 4, "cases": 5, "refunds": 3}
    assert len(open_transfers()) == 6
    assert {case.kind.value for case in open_cases()} == {"late", "double", "overpaid", "underpaid"}


def check_books(app: Flask, db: SQLAlchemy) -> None:
    """Journals balance, every rule of the audit holds, nothing happened in the future."""
    assert db.session.scalar(select(func.sum(Entry.amount))) == 0
    assert count(db, Order, Order.placed_at > clock.now()) == 0
    assert count(db, Parcel, Parcel.finished_at > clock.now()) == 0
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_interrupted_seed_begins_again(app: Flask, db: SQLAlchemy, seeded: Seeded) -> None:
    """On PostgreSQL nobody interrupts it, and `test_a_seeded_shop` finds the same orders there."""
    seeded.bring(app)
    assert orders_of(db) == seeded.orders
    assert count(db, Facility) == 12
    assert seed.is_seeded()


def test_a_shop_in_use_is_left_alone(db: SQLAlchemy) -> None:
    make.user("regional")
    with pytest.raises(DomainError, match="people or orders of its own"):
        seed.seed(orders=20, read=thumbnail, say=lambda _words: None)
    assert count(db, Product) == 0


# --- the commands -------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.settings(ENV="production", PUBLIC_BASE_URL="https://toko.contoh.go.id")
def test_production_refuses_the_demo(app: Flask) -> None:
    result = app.test_cli_runner().invoke(demo, ["seed"])
    assert result.exit_code == 1
    assert "ENV=development" in result.output
    assert "demo" not in app.cli.commands


def free_ports() -> int:
    """A port that is free, with the one of the card vendor."""
    with server.listen() as taken:
        return int(taken.getsockname()[1])


def environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"INSTANCE_DIR": str(folder), "PORT": str(port), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


RUN = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "run"]


def test_a_busy_port_is_said_in_words(tmp_path: Path) -> None:
    with server.listen() as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            RUN,
            cwd=ROOT,
            env=environment(tmp_path, port),
            capture_output=True,
            text=True,
            timeout=STUCK,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port} sudah dipakai" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_demo_runs_and_stops(
    app: Flask, db: SQLAlchemy, config: Any, seeded: Seeded, tmp_path: Path
) -> None:
    seeded.bring(app)
    port = free_ports()
    settings = environment(config.INSTANCE_DIR, port) | {"DATABASE_URL": config.DATABASE_URL}
    with (tmp_path / "out.txt").open("w+") as out:
        process = subprocess.Popen(RUN, cwd=ROOT, env=settings, stdout=out, stderr=subprocess.STDOUT)
        try:
            said = wait_for(out, "berjalan di", process)
            assert f"http://127.0.0.1:{port}" in said
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=STUCK) as home:
                assert home.status == 200
                assert "Tas Sulam Pita Melati" in home.read().decode()
        finally:
            process.send_signal(signal.SIGTERM)
            status = process.wait(timeout=STUCK)
        said = wait_for(out, "Demo dihentikan", process)
    assert status == 0, said
    assert "kanwil@demo.example" in said
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)


def wait_for(out: Any, words: str, process: "subprocess.Popen[bytes]", seconds: float = STUCK) -> str:
    """What the program has said, once these words are in it."""
    deadline = time.monotonic() + seconds
    while True:
        out.seek(0)
        said = str(out.read())
        if words in said:
            return said
        assert time.monotonic() < deadline, said
        assert process.poll() is None or words == "Demo dihentikan", said
        time.sleep(0.1)
