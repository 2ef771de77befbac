"""Photos that orders show: a line names what was shown when it was sold, and keeps its files alive."""

from sqlalchemy import null, select, update

from storefront.core.db import db
from storefront.core.gallery import FORGETTERS, KEEPERS
from storefront.orders.models import OrderLine


def shows_picture(key: str) -> bool:
    """Does the line of an order show the picture with this key?"""
    lines = select(OrderLine.id).where(OrderLine.photo["key"].as_string() == key).limit(1)
    return db.session.scalar(lines) is not None


def forget_picture(key: str) -> None:
    """A picture shows what nobody may see: lines that showed it show none. Needs a transaction."""
    lines = update(OrderLine).where(OrderLine.photo["key"].as_string() == key)
    db.session.execute(lines.values(photo=null()), execution_options={"synchronize_session": False})


KEEPERS.append(shows_picture)
FORGETTERS.append(forget_picture)
