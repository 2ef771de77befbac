"""Officers who decide the same lines at the same moment, on real threads: each is decided once, told once."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from storefront.catalog.models import CurationEvent, Product
from storefront.catalog.services import return_product, state_of
from storefront.catalog.services.at_once import approve_from_queue, publish_from_queue
from storefront.catalog.services.changes import approve_change, submit_change
from storefront.catalog.services.gate import reject_photo
from storefront.catalog.services.staging import alive_change, save_details
from storefront.catalog.services.staging_photos import add_photo
from storefront.core.db import db as database
from tests import factories
from tests.catalog.conftest import jpeg
from tests.checkout.test_races import at_once
from tests.support.staged import submitted_change

ROUNDS = 4


def decisions(product_id: int) -> list[str]:
    """The statuses that the office gave a product, in order."""
    database.session.expire_all()
    events = database.session.query(CurationEvent).filter_by(product_id=product_id).order_by(CurationEvent.id)
    return [event.to_status for event in events]


def test_two_officers_publish_and_one_returns_a_product_at_once(app: Flask, db: SQLAlchemy) -> None:
    first, second, third = (factories.user("regional").id for _ in range(3))
    for _ in range(ROUNDS):
        product = factories.product(status="submitted")
        product_id, seen = product.id, state_of(product)
        results = at_once(
            app,
            [
                lambda: publish_from_queue(product_id, first, seen),  # noqa: B023
                lambda: publish_from_queue(product_id, second, seen),  # noqa: B023
                lambda: return_product(product_id, third, "Fotonya gelap."),  # noqa: B023
            ],
        )
        published = results[:2].count(None)
        made = decisions(product_id)
        assert (results[2], made[-1]) == (None, "returned")  # before or after it was published
        assert made == ["published"] * published + ["returned"]
        assert published in {0, 1}


def test_a_bulk_and_an_edit_meet(app: Flask, db: SQLAlchemy) -> None:
    officer = factories.user("regional").id
    for _ in range(ROUNDS):
        change = submitted_change(title="Judul Pertama")
        change_id, product_id, seen = change.id, change.product_id, change.revision
        results = at_once(
            app,
            [
                lambda: approve_from_queue(change_id, officer, seen),  # noqa: B023
                lambda: approve_from_queue(change_id, officer, seen),  # noqa: B023
                lambda: save_details(product_id, None, title="Judul Kedua"),  # noqa: B023
            ],
        )
        database.session.expire_all()
        title = database.session.get_one(Product, product_id).title
        waits = alive_change(product_id)
        if None in results[:2]:
            assert results[:2].count(None) == 1
            assert title == "Judul Pertama"
            assert waits is not None
            assert (waits.id != change_id, waits.fields) == (True, {"title": "Judul Kedua"})
        else:
            assert title != "Judul Pertama"
            assert waits is not None
            assert waits.fields == {"title": "Judul Kedua"}


def test_a_photo_is_rejected_while_its_change_is_approved(app: Flask, db: SQLAlchemy) -> None:
    officer, other = factories.user("regional").id, factories.user("regional").id
    for number in range(ROUNDS):
        place = factories.facility(f"LPS{'ABCD'[number]}")
        maker = factories.user("facility_staff", facility=place).id
        product_id = factories.product(place).id
        add_photo(product_id, jpeg(), "Samping", maker, checked=True)
        submit_change(product_id, maker)
        change = alive_change(product_id)
        assert change is not None
        change_id, seen, photo = change.id, change.revision, change.fields["photos"][-1]["picture"]
        results = at_once(
            app,
            [
                lambda: approve_change(change_id, officer, seen=seen),  # noqa: B023
                lambda: reject_photo(photo, other, "Ada wajah."),  # noqa: B023
            ],
        )
        database.session.expire_all()
        shown = {one.picture_id for one in database.session.get_one(Product, product_id).photos}
        assert results.count(None) == 1
        assert (photo in shown) == (results[0] is None)
