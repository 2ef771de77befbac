"""`flask catalog …`: what keeps the shelves findable."""

import click
from flask.cli import AppGroup

from storefront.catalog.services import rebuild_index


def catalog() -> AppGroup:
    """The group of commands about the catalogue."""
    group = AppGroup("catalog", help="Keep the shelves findable.")

    @group.command("reindex")
    def reindex() -> None:
        """Build the search index anew: after a restore, or when a Lapas or workshop was renamed."""
        click.echo(f"{rebuild_index()} products indexed")

    return group
