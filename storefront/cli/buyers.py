"""`buyer …`: what is known of somebody who bought without an account, and forgetting it.

For requests that come by letter or WhatsApp (/privasi). The office first makes sure that the number or
address is the writer's; whoever has an account does this alone, on its page.
"""

import json

import click
from flask.cli import AppGroup

from storefront.accounts.services import normalise_email
from storefront.buyers.queries import Somebody, bought_by
from storefront.buyers.services import erase_guest
from storefront.cli.answers import refused
from storefront.core.errors import DomainError
from storefront.core.phone import parse_phone


def buyers() -> AppGroup:
    """`buyer …`: people without an account."""
    group = AppGroup("buyer", help="Whoever bought without an account, by telephone number or e-mail.")

    @group.command("data")
    @click.argument("contact")
    def data(*, contact: str) -> None:
        """Print what is kept of a contact as JSON, to be handed to its owner."""
        click.echo(json.dumps(bought_by(_somebody(contact)), ensure_ascii=False, indent=2))

    @group.command("forget")
    @click.argument("contact")
    @click.option("--yes", is_flag=True, help="Do not ask.")
    def forget(*, contact: str, yes: bool) -> None:
        """Take the name off a contact's orders, reviews and complaints; amounts and goods stay."""
        who = _somebody(contact)
        if not yes:
            click.confirm(f"Forget {who.phone or who.email}? This cannot be undone.", abort=True)
        try:
            count = erase_guest(who)
        except DomainError as error:
            raise refused(error) from error
        click.echo(f"{count} orders without a name now")

    return group


def _somebody(contact: str) -> Somebody:
    try:
        if "@" in contact:
            return Somebody(email=normalise_email(contact))
        return Somebody(phone=parse_phone(contact))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
