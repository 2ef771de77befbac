"""What every test can ask for. The fixtures stand here, the machinery behind them in tests/support/.

A test that uses `app`, or anything made from it, runs twice: on SQLite and on PostgreSQL, each time with a
fresh database that has seen the migrations. To stay on one: `@pytest.mark.parametrize("backend", ["sqlite"],
indirect=True)`. Settings that differ: `@pytest.mark.settings(SHOP_NAME="Toko")`.
"""

import gc
import logging
import os
import shutil
import socket
import sys
import uuid
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import flask_migrate
import hypothesis
import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Browser, Page

from config import Config
from devtools.stripe_simulator import Settings, SimulatorServer
from storefront import create_app
from storefront.core.db import db as database
from storefront.core.regions.loader import load_regions
from storefront.facilities.models import Facility
from tests import factories
from tests.filled import Filled, bring_filled
from tests.support import browser as browsers
from tests.support import engines, hashes, kept, network, postgres, queries, routes, server, smtp
from tests.support.client import Client
from tests.support.compiled import Compiled
from tests.support.run import Run
from tests.support.vendors import with_stripe

CI = os.environ.get("CI", "").lower() in ("1", "true")
SECRET = "only-for-tests-" + "0123456789abcdef" * 3
RUN = pytest.StashKey[Run]()

hypothesis.settings.register_profile(
    "shop",
    deadline=None,  # a busy machine is not a bug
    derandomize=CI,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("shop")


# --- the run --------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests on this machine, and give all workers of this run one folder."""
    # Workers, and the programs that tests start, read what one of them has compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    network.close()
    routes.keep()
    engines.keep()
    hashes.keep()
    worker = getattr(config, "workerinput", None)
    config.stash[RUN] = Run(Path(worker["run"])) if worker else Run.begin()
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(config.stash[RUN].folder)  # where tmp_path lies, and ends


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker (xdist) where the run's folder is."""
    node.workerinput["run"] = str(node.config.stash[RUN].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever began the run ends it."""
    if not hasattr(config, "workerinput"):
        config.stash[RUN].end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the PostgreSQL server or Chromium, so that it can be counted and chosen (-m)."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and callspec.params.get("backend") == "postgresql":
            item.add_marker("postgresql")
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def pytest_collection_finish() -> None:
    """What is loaded by now stays for good: the collector need not walk through it again and again.

    A test makes and drops more objects than the collector's own measure is meant for.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A skipped test proves nothing: in CI, and for both databases and the browser everywhere, it fails."""
    report: pytest.TestReport = yield  # type: ignore[misc,assignment]
    needed = CI or item.get_closest_marker("postgresql") or item.get_closest_marker("browser")
    if report.skipped and needed and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is not allowed here: {report.longrepr}"
    return report  # type: ignore[return-value]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much ran on PostgreSQL and in the browser: a run without either is not a whole one."""
    passed = terminalreporter.stats.get("passed", [])
    for kind in ("postgresql", "browser"):
        count = sum(kind in report.keywords for report in passed)
        if count or CI:
            terminalreporter.write_line(f"{kind}: {count} passed")


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """The folder and the servers that all workers of this test run share."""
    return pytestconfig.stash[RUN]


# --- databases ------------------------------------------------------------------------------------


def migrate(run: Run, url: str) -> None:
    """Bring an empty database to the newest tables, the way an operator does."""
    folder = run.folder / "migrating"
    app = create_app(Config(SECRET_KEY=SECRET, DATABASE_URL=url, INSTANCE_DIR=folder, TESTING=True))
    with app.app_context():
        flask_migrate.upgrade()
        database.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(run: Run) -> Path:
    """A migrated SQLite file to copy."""

    def make() -> str:
        path = run.folder / "template.sqlite3"
        migrate(run, f"sqlite:///{path}")
        return str(path)

    return Path(run.once("sqlite", make))


@pytest.fixture(scope="session")
def postgres_server(run: Run) -> str:
    """Connection words (host, user) of the run's PostgreSQL server."""
    return run.postgres()


@pytest.fixture(scope="session")
def postgres_template(run: Run, postgres_server: str) -> str:
    """The name of a migrated PostgreSQL database to copy."""

    def make() -> str:
        postgres.create_database(postgres_server, "template_shop")
        migrate(run, postgres.url(postgres_server, "template_shop"))
        return "template_shop"

    return run.once("postgres-template", make)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database that this test runs on."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database of the test's own."""
    if backend == "sqlite":
        path = tmp_path / "shop.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    address, template = (
        request.getfixturevalue("postgres_server"),
        request.getfixturevalue("postgres_template"),
    )
    name = f"test_{uuid.uuid4().hex}"
    postgres.create_database(address, name, template=template)
    yield postgres.url(address, name)
    postgres.drop_database(address, name)


# --- the shop -------------------------------------------------------------------------------------


@pytest.fixture
def taken_port() -> Iterator[socket.socket]:
    """A port of the test's own, so that the shop knows its address before it answers there."""
    with server.listen() as taken:
        yield taken


@pytest.fixture
def vendor() -> Iterator[SimulatorServer]:
    """The stand-in of the vendor of cards; `@pytest.mark.cards` makes the test's shop take them there."""
    with SimulatorServer(Settings()) as simulator:
        yield simulator


@pytest.fixture
def config(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path, taken_port: socket.socket
) -> Config:
    """The settings of the test's shop; `@pytest.mark.settings(NAME=value)` changes some."""
    port = taken_port.getsockname()[1]
    settings: dict[str, Any] = {
        "SECRET_KEY": SECRET,
        "DATABASE_URL": database_url,
        "INSTANCE_DIR": tmp_path / "instance",
        "TESTING": True,
        "PORT": port,
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
    }
    for marker in reversed(list(request.node.iter_markers("settings"))):
        settings |= marker.kwargs
    made = Config(**settings)
    if cards := request.node.get_closest_marker("cards"):
        return with_stripe(made, request.getfixturevalue("vendor"), *(cards.args or ("whsec_now",)))
    return made


@pytest.fixture
def make_app(run: Run) -> Iterator[Callable[[Config], Flask]]:
    """Builds shops, for tests that need one with settings of its own or several on one database."""
    made: list[Flask] = []

    def make(config: Config) -> Flask:
        app = create_app(config)
        app.test_client_class = Client
        app.jinja_env.bytecode_cache = Compiled(run.folder / "templates")
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            database.session.remove()
            for engine in database.engines.values():
                engine.dispose()


@pytest.fixture
def app(make_app: Callable[[Config], Flask], config: Config) -> Flask:
    """The shop, on a fresh database of each kind."""
    return make_app(config)


@pytest.fixture(autouse=True)
def _logger_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop built outside `TESTING` prints its lines itself; those of the next test are its own again."""
    monkeypatch.setattr(logging.getLogger("storefront"), "propagate", True)
    monkeypatch.setattr(logging.getLogger("storefront"), "handlers", [])


@pytest.fixture
def client(app: Flask) -> Client:
    """A visitor: keeps cookies, sends Origin, and checks every page it gets."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client


@pytest.fixture
def db(app: Flask) -> Iterator[SQLAlchemy]:
    """The database inside an app context, for tests that call services and queries themselves."""
    with app.app_context():
        yield database


@pytest.fixture
def shop(app: Flask, db: SQLAlchemy, run: Run, sqlite_template: Path) -> Filled:
    """The test's shop with something of everything and photos, on SQLite: a copy, for filling takes long."""
    return bring_filled(run, sqlite_template, SECRET, app)


@pytest.fixture
def bring(
    request: pytest.FixtureRequest, run: Run, backend: str, app: Flask, db: SQLAlchemy
) -> Callable[[str, Callable[[], str]], str]:
    """`bring(name, fill)`: the test's shop is a copy of one that was filled once a run; what `fill` said."""
    template = request.getfixturevalue(f"{backend.removesuffix('ql')}_template")

    def brought(name: str, fill: Callable[[], str]) -> str:
        if backend == "sqlite":
            said = kept.keep(run, name, template, SECRET, fill)
            kept.copy(run, name, app)
        else:
            address = request.getfixturevalue("postgres_server")
            said = kept.keep_database(run, name, address, template, SECRET, fill)
            kept.copy_database(address, name, app)
        return said

    return brought


@pytest.fixture
def indonesia(bring: Callable[..., str]) -> None:
    """Every region of the country in the test's shop: loading them takes long."""
    bring("indonesia", lambda: str(load_regions()))


@pytest.fixture
def facility(db: SQLAlchemy) -> Facility:
    """A Lapas of the test's own."""
    return factories.facility("LPTES")


@pytest.fixture
def staff(client: Client, facility: Facility) -> Client:
    """A client of somebody who works there."""
    factories.signed_in(client, "facility_staff", facility=facility)
    return client


@pytest.fixture
def query_count() -> Callable[..., Any]:
    """`with query_count() as statements:` collects, `with query_count(at_most=6):` also limits."""
    return queries.counted


@pytest.fixture
def letters(config: Config) -> Callable[[], list[EmailMessage]]:
    """Call it for the letters that the shop has sent, oldest first."""
    return partial(smtp.letters_in, config.INSTANCE_DIR / "mail")


@pytest.fixture
def mail_server() -> Iterator[smtp.Mailbox]:
    """A real SMTP server on this machine: host, port and the letters it got."""
    with smtp.mail_server() as mailbox:
        yield mailbox


# --- a real browser -------------------------------------------------------------------------------


@pytest.fixture
def live_server(app: Flask, taken_port: socket.socket) -> Iterator[str]:
    """The shop behind a real socket; the value is its address."""
    with server.serving(app, taken_port) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; fails, saying what to install, where there is none."""
    try:
        manager = browsers.running()
        chromium = manager.__enter__()
    except RuntimeError as error:
        pytest.fail(str(error), pytrace=False)
    yield chromium
    manager.__exit__(None, None, None)


@pytest.fixture
def windows(browser: Browser, live_server: str) -> Iterator[browsers.Windows]:
    """Opens windows at the shop: `windows.open(javascript=False, size=OFFICE)`, each a new visitor.

    A script error or something that the content security policy blocked fails the test at its end.
    """
    opened = browsers.Windows(browser, live_server)
    yield opened
    opened.close()
    assert not opened.faults, "\n".join(opened.faults)


@pytest.fixture
def page(windows: browsers.Windows) -> Page:
    """A phone, 360 × 800."""
    return windows.open()


@pytest.fixture
def plain_page(windows: browsers.Windows) -> Page:
    """A phone without JavaScript."""
    return windows.open(javascript=False)


@pytest.fixture
def office_page(windows: browsers.Windows) -> Page:
    """A PC in an office, 1280 × 900."""
    return windows.open(size=browsers.OFFICE)
