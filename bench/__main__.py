"""`python3 manage.py bench`: seeds a made-up shop, serves it, times it, prints Markdown.

--quick            few requests, small shops: does it run at all?
--postgresql       on PostgreSQL instead of SQLite (needs what the tests need)
--sizes 100,10000  products; each size is measured in the same shop, grown
--rounds 200       requests per page
--peer             django-oscar beside us (fetches it from the package index, into instance/peers)
--table 5000       instead: a facility's table of so many products, looked at and done
--orders 100000    instead: the lists of the staff in a shop with so many orders, on PostgreSQL
"""

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import flask_migrate
from flask import Flask

from bench import apps, measure, orders, report, seed, tables
from bench.peers import oscar
from bench.process import serving
from config import Config
from storefront import create_app
from storefront.core.db import db
from tests.support import postgres

CONDITIONS = {
    "in the page cache": ("bench.apps:shop", lambda app: app),
    "not in the page cache": ("bench.apps:uncached_shop", apps.uncached),
    "first request after a change of the catalogue": ("bench.apps:forgetful_shop", apps.forgetful),
}
PURCHASE = "a guest's purchase"
SECRET = "only-for-benchmarks-0123456789abcdef-0123456789"


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    chosen = _read(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else when we are root
        with _database(folder, on_postgresql=chosen.postgresql or bool(chosen.orders)) as url:
            if chosen.orders:
                print(_staff_lists(url, folder, chosen.orders, chosen.rounds))
                return
            if chosen.table:
                print(_table(url, folder, chosen.table))
                return
            print(run(url, folder, chosen.sizes, chosen.rounds, kind=_kind(url), peer=chosen.peer))


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--sizes", type=lambda text: [int(part) for part in text.split(",")])
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--orders", type=int)
    parser.add_argument("--table", type=int)
    chosen = parser.parse_args(arguments)
    chosen.sizes = chosen.sizes or ([100, 200] if chosen.quick else [100, 10_000])
    chosen.rounds = chosen.rounds or (4 if chosen.quick else 200)
    return chosen


def run(url: str, folder: Path, sizes: Sequence[int], rounds: int, *, kind: str, peer: bool) -> str:
    """Measure a shop of each size on one database, smallest first; returns the report."""
    environment = {
        "ENV": "development", "SECRET_KEY": SECRET, "DATABASE_URL": url, "INSTANCE_DIR": str(folder),
        "PROXY_HOPS": "1", "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    with serving("bench.apps:yardstick", environment) as server:
        paths = {"hello": "/", "cached string": "/halaman"}
        yardstick = {
            name: measure.one_page(server, name, lambda _number, path=path: path, rounds * 2)  # type: ignore[misc]
            for name, path in paths.items()
        }
    prepare(make_app(url, folder))
    found = [_size(url, folder, environment, total, rounds) for total in sorted(sizes)]
    text = report.whole(kind, yardstick, found)
    return f"{text}\n\n{_beside(found[0], rounds)}" if peer else text


def _beside(ours: report.Size, rounds: int) -> str:
    say(f"{ours.total:,} products: django-oscar (its environment is made once) ...")
    timings, queries = oscar.measured(ours.total, rounds)
    return report.beside("django-oscar", ours, "not in the page cache", timings, queries)


def make_app(url: str, folder: Path) -> Flask:
    """The shop inside this process, for seeding and for counting queries."""
    config = Config(SECRET_KEY=SECRET, DATABASE_URL=url, INSTANCE_DIR=folder, TESTING=True, PROXY_HOPS=1)
    return create_app(config)


def prepare(app: Flask) -> None:
    """Tables, and everything of the shop but its products."""
    with app.app_context():
        flask_migrate.upgrade()
        seed.open_shop()
        db.engine.dispose()


def _staff_lists(url: str, folder: Path, total: int, rounds: int) -> str:
    prepare(make_app(url, folder))
    app = make_app(url, folder)
    say(f"{total:,} orders: seeding ...")
    with app.app_context():
        orders.grow(total)
    say(f"{total:,} orders: reading ...")
    return report.lists(total, orders.lists(app, rounds))


def _table(url: str, folder: Path, total: int) -> str:
    prepare(make_app(url, folder))
    with make_app(url, folder).app_context():
        return tables.report(total, tables.timed(total))


def _size(url: str, folder: Path, environment: dict[str, str], total: int, rounds: int) -> report.Size:
    say(f"{total:,} products: seeding ...")
    app = make_app(url, folder)
    with app.app_context():
        seed.grow(total)
    timings, queries = {}, {}
    for name, (target, change) in CONDITIONS.items():
        say(f"{total:,} products: {name} ...")
        queries[name] = measure.page_queries(change(make_app(url, folder)), total)
        with serving(target, environment) as server:
            timings[name] = measure.shared_pages(server, total, rounds)
    say(f"{total:,} products: buying ...")
    queries[PURCHASE] = measure.purchase_queries(make_app(url, folder), total)
    with serving("bench.apps:shop", environment) as server:
        timings[PURCHASE] = measure.purchase_steps(server, total, max(4, rounds // 2))
        a_second = measure.purchases_a_second(server, total, max(4, rounds // 2))
    placing = measure.place_order_queries(make_app(url, folder), total)
    return report.Size(total, timings, queries, placing, a_second, measure.search(app, rounds))


@contextlib.contextmanager
def _database(folder: Path, *, on_postgresql: bool) -> Iterator[str]:
    """The address of an empty database in a folder."""
    if not on_postgresql:
        yield f"sqlite:///{folder / 'shop.sqlite3'}"
        return
    server = postgres.start(folder)
    try:
        postgres.create_database(server, "shop")
        yield postgres.url(server, "shop")
    finally:
        postgres.stop(folder)


def _kind(url: str) -> str:
    return "SQLite" if url.startswith("sqlite") else "PostgreSQL"


def say(words: str) -> None:
    """Tell what is going on, apart from the report."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
