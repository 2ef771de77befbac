"""Photos that orders show: a line names what was shown when it was sold, and keeps its files alive."""

from sqlalchemy import select

from storefront.core.db import db
from storefront.core.gallery import KEEPERS
from storefront.orders.models import OrderLine


def shows_picture(key: str) -> bool:
    """Does the line of an order show the picture with this key?"""
    lines = select(OrderLine.id).where(OrderLine.photo["key"].as_string() == key).limit(1)
    return db.session.scalar(lines) is not None


KEEPERS.append(shows_picture)
