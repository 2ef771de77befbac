"""Small photos, and a draft that lacks nothing."""

from io import BytesIO

import pytest
from flask_sqlalchemy import SQLAlchemy
from PIL import Image

from storefront.catalog import services
from storefront.catalog.models import Product, Supply
from storefront.inventory import services as inventory
from tests import factories


def jpeg(colour: str = "#8c4a1f", size: tuple[int, int] = (80, 100)) -> bytes:
    """A small photo."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def photo_bytes() -> bytes:
    """A photo as a phone sends it, only smaller."""
    return jpeg()


@pytest.fixture
def draft(db: SQLAlchemy) -> Product:
    """A draft, ready to be submitted."""
    maker, shelf = factories.facility("LPSRG"), factories.category("Anyaman")
    product = services.create_product(
        maker.id,
        None,
        "Piring Lidi Sawit",
        price=72_000,
        weight=900,
        summary="Anyaman lidi, alas saji",
        category_id=shelf.id,
        supply=Supply.READY,
    )
    services.add_photo(product.id, jpeg(), "Piring lidi di atas meja", None)
    inventory.count(maker.id, product.variants[0].id, 12)
    return product


def sender(client, page):
    """A function that posts forms with the token that a page of the office carries."""
    token = client.page(page).all("input", name="csrf_token")[0].attrs["value"]

    def send(path, **data):
        return client.post(path, data={"csrf_token": token} | data)

    return send
