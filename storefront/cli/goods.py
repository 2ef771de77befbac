"""`stock …` and `orders …`: what comes in, and what nobody paid."""

import json

import click
from flask.cli import AppGroup
from sqlalchemy import select

from storefront.catalog.models import Product, Supply, Variant
from storefront.cli.answers import read_moment, refused
from storefront.core.db import db
from storefront.core.errors import DomainError
from storefront.facilities.models import Facility
from storefront.inventory import services as inventory
from storefront.inventory.models import Location, LocationKind
from storefront.payments.services import expire_orders


def stock() -> AppGroup:
    """`stock …`: pieces in storerooms."""
    group = AppGroup("stock", help="Pieces in storerooms.")

    @group.command("receive")
    @click.option("--sku", required=True)
    @click.option("--qty", "quantity", required=True, type=int)
    @click.option("--location", default="", help="Name of the storeroom; it has to be the facility's.")
    @click.option("--json", "as_json", is_flag=True, help="Print the new level as JSON.")
    def receive(*, sku: str, quantity: int, location: str, as_json: bool) -> None:
        """Take finished pieces from the workshop into the storeroom."""
        variant_id, facility_id, code = _maker(sku)
        try:
            inventory.ensure_storeroom(facility_id)
            place = _storeroom(facility_id, location)
            level = inventory.receive(facility_id, variant_id, quantity, note="flask stock receive")
        except DomainError as error:
            raise refused(error) from error
        words = {
            "sku": sku, "facility": code, "location": place, "received": quantity, "on_hand": level.on_hand,
            "available": level.available, "reserved": level.reserved,
        }  # fmt: skip
        click.echo(json.dumps(words) if as_json else f"{quantity} × {sku} received, {level.on_hand} on hand")

    return group


def orders() -> AppGroup:
    """`orders …`: what happens to orders by themselves."""
    group = AppGroup("orders", help="What happens to orders by themselves.")

    @group.command("expire")
    @click.option("--now", "text", default=None, help="The moment to judge by (ISO 8601); now by default.")
    def expire(*, text: str | None) -> None:
        """Expire the orders whose deadline has passed, and free what they held."""
        moment = read_moment(text) if text else None
        total = 0
        while count := expire_orders(moment):
            total += count
        click.echo(f"{total} orders expired")

    return group


def _maker(sku: str) -> tuple[int, int, str]:
    """The variant of a SKU, its facility and the facility's code."""
    row = db.session.execute(
        select(Variant.id, Product.facility_id, Facility.code, Product.supply)
        .join(Variant.product)
        .join(Product.facility)
        .where(Variant.sku == sku)
    ).one_or_none()
    if row is None:
        raise click.ClickException(f"no variant has the SKU {sku}")
    if row.supply is Supply.MADE_TO_ORDER:
        raise click.ClickException(f"{sku} is made to order and has no stock")
    return row.id, row.facility_id, row.code


def _storeroom(facility_id: int, name: str) -> str:
    """The name of a facility's storeroom, which has to be `name` where one is given."""
    place = db.session.scalars(
        select(Location.name).filter_by(facility_id=facility_id, kind=LocationKind.STOREROOM)
    ).one()
    if name and name.casefold() != place.casefold():
        raise click.ClickException(f"pieces are received in {place}, not in {name}")
    return place
