"""Power goes in the middle of an import, again and again: the next one does the rest, and nothing twice."""

from typing import Any

import pytest
from sqlalchemy import func, select

from storefront.bulk import services
from storefront.bulk.models import ImportStatus
from storefront.bulk.services import running
from storefront.catalog.models import Product
from storefront.desk.queries import audit
from storefront.facilities.models import Facility
from storefront.inventory.models import MovementKind, StockMovement
from storefront.inventory.queries import availability
from tests import factories
from tests.bulk.files import csv, judged
from tests.support.killed import deaths


def healthy() -> None:
    broken = {finding.rule: finding.offenders for finding in audit.verify() if not finding.holds}
    assert not broken


def to_its_end(import_id: int, facility_id: int) -> None:
    while services.own_import(facility_id, import_id).status is ImportStatus.RUNNING:
        running.run_import({"import_id": import_id})


def test_an_import_that_is_killed_is_done_once(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    facility_id = factories.facility("LPA").id
    old = factories.product(db.session.get(Facility, facility_id), stock=1, price=1_000).variants[0]
    sku, key = old.sku, old.id

    def confirmed(turn: int) -> int:
        lines = [[f"N{turn}", "Tas anyam", 900, 3, 5], [sku, "", 1_000 + turn, 1 + turn, ""]]
        kept = judged(facility_id, csv([*lines, [f"M{turn}", "Tas rotan", 900, 3, 5]]))
        import_id = kept.id
        services.confirm_import(facility_id, import_id, None)
        return import_id

    waiting = confirmed(1)
    work = lambda: to_its_end(waiting, facility_id)  # noqa: E731  # each time the newest
    for death, _point in enumerate(deaths(work, every=7), 1):
        healthy()
        to_its_end(waiting, facility_id)
        db.session.rollback()
        assert availability([key]) == {key: 1 + death}
        assert db.session.scalar(select(func.count(Product.id))) == 1 + 2 * death
        waiting = confirmed(death + 1)
    counted = select(func.count(StockMovement.id)).filter_by(kind=MovementKind.COUNTED)
    assert db.session.scalar(counted) == death + 2  # the first one was the factory's
    healthy()
    assert death > 10
