"""`stripe …`: our card payments beside those of the provider."""

import sys
from datetime import datetime, timedelta

import click
from flask.cli import AppGroup

from storefront.cli.answers import DAY, day_of, refused
from storefront.core import clock
from storefront.core.errors import DomainError
from storefront.desk.queries.reconciliation import LONGEST_PAGE, differences
from storefront.payments.providers import card_provider

DAYS = 7


def stripe() -> AppGroup:
    """`stripe …`: card payments."""
    group = AppGroup("stripe", help="Card payments.")

    @group.command("reconcile")
    @click.option("--since", type=DAY, help=f"First day (WIB), YYYY-MM-DD; {DAYS} days ago by default.")
    def reconcile(*, since: datetime | None) -> None:
        """List what Stripe and our books do not agree about; exit status 1 if there is anything."""
        provider = card_provider()
        if provider is None:
            raise click.ClickException("STRIPE_SECRET_KEY is not set: this shop takes no cards")
        start = clock.day_start(day_of(since) or clock.today() - timedelta(days=DAYS))
        try:
            receipts = list(provider.list_paid(start - LONGEST_PAGE))
        except DomainError as error:
            raise refused(error) from error
        found = differences(provider.name, receipts, start)
        for row in found:
            click.echo(
                f"{row.reference} {row.order or '-'}: ours {_say(row.ours)}, theirs {_say(row.theirs)}"
            )
        click.echo(f"{len(receipts)} payments at {provider.name}, {len(found)} differences")
        sys.exit(1 if found else 0)

    return group


def _say(amount: tuple[int, str] | None) -> str:
    return f"{amount[1]} {amount[0]}" if amount else "nothing"
