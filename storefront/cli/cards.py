"""`stripe …` and `midtrans …`: our payments beside those of a provider."""

import sys
from datetime import datetime, timedelta

import click
from flask.cli import AppGroup

from storefront.cli.answers import DAY, day_of, refused
from storefront.core import clock
from storefront.core.errors import DomainError, Invalid
from storefront.desk.queries.reconciliation import LONGEST_PAGE, differences
from storefront.payments.providers import provider
from storefront.payments.queries import references_since

DAYS = 7
KEYS = {"stripe": "STRIPE_SECRET_KEY", "midtrans": "MIDTRANS_SERVER_KEY"}


def stripe() -> AppGroup:
    """`stripe …`: card payments."""
    return _group("stripe", "Card payments.")


def midtrans() -> AppGroup:
    """`midtrans …`: QRIS, virtual accounts and e-wallets."""
    return _group("midtrans", "Payments by QRIS, virtual account and e-wallet.")


def _group(name: str, words: str) -> AppGroup:
    group = AppGroup(name, help=words)

    @group.command("reconcile")
    @click.option("--since", type=DAY, help=f"First day (WIB), YYYY-MM-DD; {DAYS} days ago by default.")
    def reconcile(*, since: datetime | None) -> None:
        """List what the provider and our books do not agree about; exit status 1 if there is anything."""
        try:
            vendor = provider(name)
        except Invalid as error:
            raise click.ClickException(f"{KEYS[name]} is not set: this shop does not use {name}") from error
        start = clock.day_start(day_of(since) or clock.today() - timedelta(days=DAYS))
        try:
            known = references_since(name, start - LONGEST_PAGE)
            receipts = list(vendor.list_paid(start - LONGEST_PAGE, known))
        except DomainError as error:
            raise refused(error) from error
        found = differences(name, receipts, start)
        for row in found:
            click.echo(
                f"{row.reference} {row.order or '-'}: ours {_say(row.ours)}, theirs {_say(row.theirs)}"
            )
        click.echo(f"{len(receipts)} payments at {name}, {len(found)} differences")
        sys.exit(1 if found else 0)

    return group


def _say(amount: tuple[int, str] | None) -> str:
    return f"{amount[1]} {amount[0]}" if amount else "nothing"
