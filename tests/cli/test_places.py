"""`region load`."""

from sqlalchemy import func, select

from storefront.core.regions.models import District


def test_regions_are_loaded_once(flask, db):
    assert int(flask("region", "load").stdout.split()[0]) > 80_000
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(District)) > 7_000
    assert flask("region", "load").stdout == "0 regions changed\n"
