"""`worker` and `check-config`: the process beside the web server, and what it would start with."""

import signal
import sys
from threading import Event
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from config import Config, problems, warnings
from storefront.core import clock
from storefront.desk.queries.jobs import DAYS, given_up
from storefront.desk.services import try_again, work


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send letters, ask providers, expire orders and tidy up, until SIGTERM or Ctrl-C."""
    stop = Event()

    def end(_signal: int, _frame: Any) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    click.echo("worker started", err=True)
    work(current_app._get_current_object(), stop)  # type: ignore[attr-defined] # noqa: SLF001
    click.echo("worker ended", err=True)


def jobs() -> AppGroup:
    """`outbox …`: letters and other jobs that were tried to the end."""
    group = AppGroup("outbox", help="Letters and other jobs that failed eight times.")

    @group.command("failed")
    def failed() -> None:
        """List them by kind: how many, and when the first and the last were asked for."""
        for row in given_up():
            days = (clock.local(moment).isoformat(timespec="minutes") for moment in (row.first, row.last))
            click.echo("\t".join([row.kind, str(row.count), *days]))

    @group.command("retry")
    @click.option("--kind", default=None, help="Only this kind, as `outbox failed` names it.")
    @click.option(
        "--days", default=DAYS, show_default=True, type=click.IntRange(1, 90), help="Not what is older."
    )
    def again(*, kind: str | None, days: int) -> None:
        """Have the worker try them again, eight times as before."""
        click.echo(f"{try_again(kind=kind, days=days)} jobs are tried again")

    return group


@click.command("check-config")
def check_config() -> None:
    """List what is wrong with the settings, by name and without values; exit status 1 if anything is.

    Settings that keep the shop from starting are listed before any command runs, in the same words.
    """
    config = Config.from_env()
    wrong = problems(config)
    for warning in warnings(config):
        click.echo(f"warning: {warning}")
    for problem in wrong:
        click.echo(f"problem: {problem}")
    click.echo("the settings are complete" if not wrong else f"{len(wrong)} problems")
    sys.exit(1 if wrong else 0)
