"""How commands read what a person typed and say what went wrong."""

from datetime import date, datetime

import click

from storefront.core.clock import JAKARTA
from storefront.core.errors import DomainError, Invalid

DAY = click.DateTime(["%Y-%m-%d"])
"""An option that takes a WIB date."""


def refused(error: DomainError) -> click.ClickException:
    """What a use case refused, as a command says it."""
    if isinstance(error, Invalid):
        return click.ClickException(
            "\n".join(f"{name}: {words}" if name else words for name, words in error.errors.items())
        )
    return click.ClickException(error.message)


def day_of(value: datetime | None) -> date | None:
    """The date that a DAY option holds."""
    return value.date() if value is not None else None


def read_moment(text: str) -> datetime:
    """A moment in ISO 8601; without an offset it is WIB. Raises BadParameter."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no moment like 2026-11-30T23:59:59+07:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=JAKARTA)
