"""The stand-in for courier vendors beside the demo: prices to choose from, parcels that can be followed."""

import contextlib
from collections.abc import Iterator

from flask import current_app
from sqlalchemy import select

from devtools.courier_simulator import CourierServer, Spot
from storefront.core.db import db
from storefront.core.regions.models import District

KEY = "demo-tanpa-kurir-sungguhan"


@contextlib.contextmanager
def courier_vendor(host: str, port: int) -> Iterator[dict[str, str]]:
    """The environment of the shop's children; nothing where the user has a key of a real vendor."""
    if current_app.config["RAJAONGKIR_KEY"] or current_app.config["BITESHIP_KEY"]:
        yield {}
        return
    with CourierServer(spots(), key=KEY, host=host, port=port) as server:
        yield {"RAJAONGKIR_KEY": KEY, "RAJAONGKIR_API_BASE": server.rajaongkir}


def spots() -> list[Spot]:
    """Every district of the shop, once a postal code, as vendors list them."""
    rows = db.session.execute(
        select(District.name, District.regency, District.province, District.postal_codes).order_by(
            District.code
        )
    ).all()
    db.session.rollback()
    found = [
        (name, regency, province, code)
        for name, regency, province, codes in rows
        for code in (codes or "00000").split()
    ]
    return [Spot(number, *spot) for number, spot in enumerate(found, start=1)]
