"""`flask catalog …`: what keeps the shelves findable."""

import click
from flask.cli import AppGroup

from storefront.catalog.services import rebuild_index
from storefront.revenue.services import count_popularity


def catalog() -> AppGroup:
    """The group of commands about the catalogue."""
    group = AppGroup("catalog", help="Keep the shelves findable.")

    @group.command("reindex")
    def reindex() -> None:
        """Build the search index anew: after a restore, or when a Lapas or workshop was renamed."""
        click.echo(f"{rebuild_index()} products indexed")

    @group.command("popularity")
    def popularity() -> None:
        """Count what sold best in the last 90 days; the worker does so once a day by itself."""
        click.echo(f"{count_popularity()} products changed")

    return group
