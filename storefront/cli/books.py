"""`export …` and `audit …`: the books as files, and whether they are in order."""

import csv
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup

from storefront.cli.answers import DAY, day_of
from storefront.core import auditlog, clock
from storefront.core.spreadsheets import csv_cell
from storefront.core.transactions import snapshot
from storefront.desk.queries import exports
from storefront.desk.queries.audit import verify
from storefront.web.formats import iso

SHOWN = 20
"""So many offenders of a rule are printed; the rest are counted."""

Source = Callable[[exports.Bounds], Iterator[exports.Fields]]
SOURCES: dict[str, tuple[Source, str]] = {
    "orders": (exports.orders, "Orders placed within the dates."),
    "stock": (exports.stock, "Stock now, or as it was at the end of the day --to."),
    "ledger": (exports.ledger, "Entries of the ledger booked within the dates."),
    "audit": (exports.audit, "Who did what to orders, products and stock within the dates."),
}


def export() -> AppGroup:
    """`export …`: tables on standard output."""
    group = AppGroup("export", help="The shop's books on standard output; dates are WIB and included.")
    for name in SOURCES:
        group.add_command(_export(name))
    return group


def audit() -> AppGroup:
    """`audit …`: are the books in order?"""
    group = AppGroup("audit", help="Are the books in order?")

    @group.command("head")
    def head() -> None:
        """Print how many acts the log holds, and the last one's hash: to be noted down elsewhere."""
        number, mark = auditlog.head()
        click.echo(f"{number}:{mark}")

    @group.command("verify")
    @click.option("--known", metavar="NUMBER:HASH", help="What `audit head` printed on an earlier day.")
    def check(known: str | None) -> None:
        """Recompute every rule; exit status 1 when one is broken."""
        broken = 0 if known is None or _still_there(known) else 1
        for finding in verify():
            click.echo(f"{'ok    ' if finding.holds else 'BROKEN'}  {finding.rule}")
            broken += not finding.holds
            for row in finding.offenders[:SHOWN]:
                click.echo("        " + ", ".join(f"{name} {value}" for name, value in row.items()))
            if len(finding.offenders) > SHOWN:
                click.echo(f"        and {len(finding.offenders) - SHOWN} more")
        if broken:
            click.echo(f"{broken} rules are broken", err=True)
            sys.exit(1)

    return group


# --- pieces -------------------------------------------------------------------------------------------


def _still_there(known: str) -> bool:
    """Does the log still hold the act whose number and hash were noted down? Says so when it does not."""
    number, _colon, mark = known.partition(":")
    if not number.isdigit() or len(mark) != 64:
        raise click.BadParameter("write it as `audit head` printed it", param_hint="--known")
    there = mark == (auditlog.START if number == "0" else auditlog.hash_of(int(number)))
    click.echo(f"{'ok    ' if there else 'BROKEN'}  act {number} is the one that was noted down")
    return there


def _export(name: str) -> click.Command:
    source, words = SOURCES[name]

    @click.command(name, help=words)
    @click.option("--format", "kind", type=click.Choice(["json", "csv"]), default="json", show_default=True)
    @click.option("--from", "first", type=DAY, help="First day, YYYY-MM-DD.")
    @click.option("--to", "last", type=DAY, help="Last day, YYYY-MM-DD.")
    def command(*, kind: str, first: datetime | None, last: datetime | None) -> None:
        write = _write_json if kind == "json" else _write_csv
        with snapshot():
            write(source(_bounds(first, last)), exports.FIELDS[name])

    return command


def _bounds(first: datetime | None, last: datetime | None) -> exports.Bounds:
    start, end = day_of(first), day_of(last)
    return (
        clock.day_start(start) if start is not None else None,
        clock.day_bounds(end, end)[1] if end is not None else None,
    )


def _write_json(rows: Iterator[exports.Fields], _fields: tuple[str, ...]) -> None:
    """One array, one row a line, written as it is read."""
    out = sys.stdout
    out.write("[")
    for number, row in enumerate(rows):
        out.write(",\n" if number else "\n")
        out.write(json.dumps(row, ensure_ascii=False, default=_plain))
    out.write("\n]\n")


def _write_csv(rows: Iterator[exports.Fields], fields: tuple[str, ...]) -> None:
    """What is a list in JSON is JSON in its cell; texts cannot run as formulas."""
    writer = csv.writer(sys.stdout, lineterminator="\r\n")
    writer.writerow(fields)
    for row in rows:
        writer.writerow([csv_cell(_cell(row[name])) for name in fields])


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return json.dumps(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(f"{type(value).__name__} has no place in an export")
