"""`region …`: provinces, regencies, districts and villages, without which nothing can be sent anywhere."""

import click
from flask.cli import AppGroup

from storefront.core.regions.loader import load_regions


def regions() -> AppGroup:
    """`region …`: the tables that addresses are chosen from."""
    group = AppGroup("region", help="Provinces, regencies, districts and villages.")

    @group.command("load")
    def load() -> None:
        """Bring the tables up to the data of the installed package; the second time changes nothing."""
        click.echo(f"{load_regions()} regions changed")

    return group
