"""A shop that takes long to fill is filled once a run; each test that wants one gets a copy of its own.

On SQLite a shop is a file and a folder; on PostgreSQL a database, and what is kept there has no photos. What
a test does to its copy no other test sees.
"""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from flask import Flask
from sqlalchemy import make_url

from config import Config
from storefront import create_app
from storefront.core.db import db
from tests import factories
from tests.support import postgres
from tests.support.run import Run

NUMBERS = 5_000_000
"""Factories number the things of a kept shop from here: those of the test itself begin at a million."""


def keep(run: Run, name: str, template: Path, secret: str, fill: Callable[[], str]) -> str:
    """Return what `fill` said when it filled the shop of this name, in whichever worker came first."""
    folder = run.folder / f"kept-{name}"

    def make() -> str:
        shutil.rmtree(folder, ignore_errors=True)  # of an attempt that failed
        (folder / "instance").mkdir(parents=True)
        shutil.copyfile(template, folder / "shop.sqlite3")
        return _filled(f"sqlite:///{folder / 'shop.sqlite3'}", folder / "instance", secret, fill)

    return run.once(f"kept-{name}", make)


def _filled(url: str, instance: Path, secret: str, fill: Callable[[], str]) -> str:
    app = create_app(Config(SECRET_KEY=secret, DATABASE_URL=url, INSTANCE_DIR=instance, TESTING=True))
    before, factories._numbers = factories._numbers, count(NUMBERS)
    try:
        with app.app_context():
            said = fill()
            db.session.remove()
            db.engine.dispose()
    finally:
        factories._numbers = before
    return said


def copy(run: Run, name: str, app: Flask) -> None:
    """Put the kept shop of this name in the place of an app's own empty one; inside its context."""
    folder = run.folder / f"kept-{name}"
    db.session.remove()
    live = db.engine.raw_connection()
    try:
        with closing(sqlite3.connect(folder / "shop.sqlite3")) as kept:
            kept.backup(live.driver_connection)  # type: ignore[arg-type]
    finally:
        live.close()
    shutil.copytree(folder / "instance", app.instance_path, dirs_exist_ok=True)


def keep_database(
    run: Run, name: str, server: str, template: str, secret: str, fill: Callable[[], str]
) -> str:
    """The same on PostgreSQL."""

    def make() -> str:
        postgres.drop_database(server, f"kept_{name}")
        postgres.create_database(server, f"kept_{name}", template=template)
        url = postgres.url(server, f"kept_{name}")
        return _filled(url, run.folder / f"kept-{name}", secret, fill)

    return run.once(f"kept-postgres-{name}", make)


def copy_database(server: str, name: str, app: Flask) -> None:
    """Put the kept database of this name in the place of an app's own empty one; inside its context."""
    db.session.remove()
    db.engine.dispose()
    own = str(make_url(app.config["DATABASE_URL"]).database)
    postgres.drop_database(server, own)
    postgres.create_database(server, own, template=f"kept_{name}")
