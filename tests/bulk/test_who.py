"""One sends a table, another confirms it: what it does is the second one's act, and both are named."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from storefront.bulk import services
from storefront.bulk.models import Import
from storefront.catalog.models import PhotoGate, Product, Variant
from storefront.core import outbox
from storefront.core.models import AuditEntry
from storefront.inventory.models import StockMovement
from tests import factories
from tests.bulk.files import csv, judged, zipped
from tests.support.client import Client


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (400, 500), "red").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def two(client: Client, db: Any) -> dict[str, Any]:
    """A table with a new and a changed line, sent by one and confirmed and done by another."""
    facility = factories.facility("LPA")
    known = factories.product(facility, stock=4, price=50_000).variants[0].sku
    table = csv(
        [["BARU", "Tas anyam", 90_000, 7, 450, "tas.jpg"], [known, "", 60_000, 9, "", ""]],
        ["sku", "nama", "harga", "stok", "berat_gram", "foto"],
    )
    kept = judged(facility, table, zipped({"tas.jpg": picture()}))
    import_id, sender = kept.id, kept.created_by_id
    runner = factories.signed_in(client, "facility_staff", facility=facility)
    runner_id, name = runner.id, runner.name
    start = db.session.scalar(select(AuditEntry.number).order_by(AuditEntry.number.desc())) or 0
    services.confirm_import(facility.id, import_id, runner_id)
    outbox.drain()
    db.session.rollback()
    return {
        "import": import_id,
        "sender": sender,
        "runner": runner_id,
        "start": start,
        "known": known,
        "name": name,
    }


def test_what_an_import_does_is_done_by_whoever_confirmed_it(db: Any, two: Any) -> None:
    acts = db.session.scalars(select(AuditEntry).where(AuditEntry.number > two["start"])).all()
    assert {"import.started", "import.done", "product.created", "stock.counted"} <= {a.action for a in acts}
    assert {act.actor_id for act in acts} == {two["runner"]}
    assert acts[0].facts["uploaded_by"] == two["sender"]
    moved = db.session.execute(
        select(StockMovement.actor_id, StockMovement.kind).where(StockMovement.note != "")
    ).all()
    assert {actor for actor, _kind in moved} == {two["runner"]}
    assert len(moved) == 2
    assert db.session.scalar(select(Variant.price).filter_by(sku=two["known"])) == 60_000


def test_photos_stay_with_whoever_sent_them(db: Any, two: Any) -> None:
    """Else the sender could let in what the sender brought."""
    gate = db.session.scalars(select(PhotoGate)).one()
    assert gate.uploaded_by_id == two["sender"]
    bag = db.session.scalars(select(Product).filter_by(title="Tas anyam")).one()
    assert bag.photos[0].uploaded_by_id == two["sender"]


def test_its_page_names_both(client: Client, db: Any, two: Any) -> None:
    sender = db.session.get_one(Import, two["import"]).created_by.name
    words = client.page(f"/petugas/impor/{two['import']}").one("main").text
    assert f"Diunggah {sender}, " in words
    assert f"Dijalankan {two['name']}, " in words
    english = client.page(f"/en/petugas/impor/{two['import']}").one("main").text
    assert f"Run by {two['name']}, " in english
