"""`demo seed`, `demo run` and `demo screenshots`. Registered by wsgi.py, in development only."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

demo = AppGroup("demo", help="The demo shop: invented goods, people and orders.")


@demo.command("seed")
def seed_command() -> None:
    """Put the demo into an empty shop, once."""
    prepare()


@demo.command("run")
def run_command() -> None:
    """Start the demo shop: web server, worker and a stand-in for Stripe."""
    from devtools.demo import run

    run.refuse_busy_port(current_app.config["PORT"])
    prepare()
    sys.exit(run.serve())


@demo.command("screenshots")
@click.option("--at", default="", help="Address of a demo shop that runs already; otherwise one is started.")
@click.option("--guide", is_flag=True, help="Those of the guide for staff, docs/panduan/gambar/.")
def screenshots_command(*, at: str, guide: bool) -> None:
    """Take the pictures of docs/screenshots/ anew, in Chromium; or those of the guide for staff."""
    try:
        from devtools.demo import screenshots
    except ModuleNotFoundError as error:
        raise click.ClickException("this needs what the tests need: run `manage.py lint` once") from error
    screenshots.shoot(at, guide=guide)


def prepare() -> None:
    """Bring the database to the newest tables and seed it if it is empty."""
    import flask_migrate

    from devtools.demo import seed
    from devtools.demo.progress import Progress
    from storefront.core.errors import DomainError

    if current_app.config["ENV"] != "development":
        raise click.ClickException("the demo needs ENV=development: its passwords are known to everybody")
    with seed.quiet(), only_one(Path(current_app.config["INSTANCE_DIR"])):
        flask_migrate.upgrade()
        started, progress = time.monotonic(), Progress()
        try:
            made = seed.seed(say=progress)
        except DomainError as error:
            raise click.ClickException(error.message) from error
        progress.end(
            f"Demo siap dalam {time.monotonic() - started:.0f} detik." if made else "Demo sudah ada."
        )


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Keep a second seed of the same shop out while one is running; the lock dies with its process."""
    from manage import try_lock

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demo.lock").open("a+b") as file:
        if not try_lock(file.fileno()):
            raise click.ClickException("another command is preparing the demo; wait for it to end")
        yield
