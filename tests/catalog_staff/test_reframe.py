"""Originals, and what is made of them: turned and cropped, looked at again, erased in time."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from storefront.catalog import services
from storefront.catalog.models import ChangePhoto, PhotoGate, Product, Supply
from storefront.catalog.services.changes import approve_change, submit_change
from storefront.catalog.services.gate import approve_photo
from storefront.catalog.services.staging import alive_change
from storefront.catalog.services.staging_photos import add_photo, album, drop_photo, reframe_photo
from storefront.core import clock, outbox
from storefront.core.errors import Invalid
from storefront.core.gallery import file_names
from storefront.core.models import AuditEntry, Picture, PictureOriginal
from storefront.core.originals import OriginalGone, erase_original
from storefront.core.pictures import Frame
from storefront.core.storage import storage
from storefront.facilities.models import Facility
from storefront.inventory import services as inventory
from tests import factories
from tests.catalog.test_photos import files_of
from tests.core.test_frames import quarters
from tests.support.client import Client


@pytest.fixture
def product_id(facility: Facility) -> int:
    """A draft that lacks nothing but a photo."""
    product = services.create_product(
        facility.id, None, "Tas Foto", price=72_000, weight=900, summary="Rajut",
        category_id=factories.category("Anyaman").id, supply=Supply.READY,
    )  # fmt: skip
    inventory.count(facility.id, product.variants[0].id, 12)
    return product.id


def only_picture(db: Any, product_id: int) -> Picture:
    """The one photo that the product's facility sees."""
    db.session.expire_all()
    return album(db.session.get_one(Product, product_id))[0][0]


def there(picture_files: list[str]) -> list[str]:
    return [name for name in picture_files if storage().exists(name)]


def test_a_turned_photo_has_new_files_and_the_old_are_gone(
    app: Flask, client: Client, db: Any, facility: Facility, product_id: int
) -> None:
    staff = factories.signed_in(client, "facility_staff", facility=facility)
    add_photo(product_id, quarters(), "Depan", staff.id, checked=True)
    before = only_picture(db, product_id)
    approve_photo(before.id, factories.user("regional").id)
    old = file_names(db.session.get_one(Picture, before.id))
    photo_id = db.session.get_one(Product, product_id).photos[0].id
    path = f"/petugas/produk/{product_id}/foto/{photo_id}"
    answer = client.submit(path, {"action": "right"}, action=f"{path}/bingkai")
    assert answer.status_code == 303
    after = only_picture(db, product_id)
    assert (after.width, after.height, after.alt) == (600, 800, "Depan")
    assert there(old) == []
    assert there(file_names(after))
    gate = db.session.scalars(select(PhotoGate)).one()  # another picture: it waits again
    assert (gate.picture_id, gate.state, gate.checked_at is None) == (after.id, "waiting", False)
    assert client.submit(path, {"mark": "0,0,500,500"}, action=f"{path}/bingkai").status_code == 303
    assert (only_picture(db, product_id).width, only_picture(db, product_id).height) == (300, 400)
    for wrong in ("", "1,2,3", "0,0,1001,5", "a,b,c,d", "-1,0,5,5"):
        size = files_of(app)
        said = client.submit(path, {"mark": wrong}, action=f"{path}/bingkai")
        assert (said.status_code, said.location) == (303, path)
        assert files_of(app) == size
    client.submit(path, {"action": "whole"}, action=f"{path}/bingkai")
    client.submit(path, {"action": "left"}, action=f"{path}/bingkai")
    assert (only_picture(db, product_id).width, only_picture(db, product_id).height) == (800, 600)
    assert len([name for name in files_of(app) if name.startswith("private/asli/")]) == 1


def test_a_turned_photo_of_a_product_on_sale_waits_with_its_change(
    app: Flask, db: Any, facility: Facility, product_id: int
) -> None:
    staff, office = factories.user("facility_staff", facility=facility).id, factories.user("regional").id
    add_photo(product_id, quarters(), "Depan", staff, checked=True)
    services.submit_product(product_id, staff)
    services.publish_product(product_id, office)
    face = db.session.get_one(Product, product_id).photo
    old = file_names(face)
    assert reframe_photo(product_id, face.id, staff, lambda frame: frame.turned(1))
    assert there(old)  # the shop still shows the photo as it was
    waiting = db.session.scalars(select(ChangePhoto)).one()
    assert waiting.picture.key.startswith("private/")
    actions = db.session.scalars(select(AuditEntry.action).filter_by(actor_id=staff)).all()
    assert actions[-1] == "change.saved"
    submit_change(product_id, staff)
    change = alive_change(product_id)
    assert change is not None
    approve_change(change.id, office)
    outbox.run_due(50)
    assert there(old) == []
    shown = only_picture(db, product_id)
    assert (shown.width, shown.height, shown.alt) == (600, 800, "Depan")
    assert there(file_names(shown))
    assert len([name for name in files_of(app) if name.startswith("private/")]) == 1  # its original


def test_an_original_is_erased_when_its_time_is_over(
    app: Flask, db: Any, facility: Facility, product_id: int
) -> None:
    staff = factories.user("facility_staff", facility=facility).id
    add_photo(product_id, quarters(), "", staff, checked=True)
    picture_id = only_picture(db, product_id).id
    key = db.session.get_one(PictureOriginal, picture_id).key
    assert key.startswith("private/asli/")
    assert len(key.removeprefix("private/asli/")) == 32
    erase_original({"picture_id": picture_id})
    assert storage().exists(key)  # too early
    with clock.travel(clock.now() + timedelta(days=app.config["ORIGINALS_KEEP_DAYS"], minutes=1)):
        with pytest.raises(OriginalGone):
            reframe_photo(product_id, picture_id, staff, lambda frame: frame.turned(1))
        outbox.run_due(50)
        erase_original({"picture_id": picture_id})  # twice does no harm
    assert not storage().exists(key)
    assert db.session.get(PictureOriginal, picture_id) is None
    assert there(file_names(only_picture(db, product_id)))


def test_turning_does_not_lengthen_an_originals_time(db: Any, facility: Facility, product_id: int) -> None:
    staff = factories.user("facility_staff", facility=facility).id
    add_photo(product_id, quarters(), "", staff, checked=True)
    until = db.session.scalars(select(PictureOriginal.keep_until)).one()
    with clock.travel(clock.now() + timedelta(days=5)):
        reframe_photo(product_id, only_picture(db, product_id).id, staff, lambda frame: frame.turned(1))
    assert db.session.scalars(select(PictureOriginal.keep_until)).one() == until


def test_a_deleted_photo_leaves_no_file_and_no_original(
    app: Flask, db: Any, facility: Facility, product_id: int
) -> None:
    staff = factories.user("facility_staff", facility=facility).id
    add_photo(product_id, quarters(), "", staff, checked=True)
    outbox.run_due(50)
    drop_photo(product_id, only_picture(db, product_id).id, staff)
    assert files_of(app) == []
    outbox.run_due(50)
    assert files_of(app) == []


def test_what_is_no_frame_is_refused_and_leaves_nothing(
    app: Flask, db: Any, facility: Facility, product_id: int
) -> None:
    staff = factories.user("facility_staff", facility=facility).id
    add_photo(product_id, quarters(), "", staff, checked=True)
    before = files_of(app)
    for wrong in (lambda frame: frame.cut(0, 0, 1001, 5), lambda _frame: Frame(45)):
        with pytest.raises(Invalid):
            reframe_photo(product_id, only_picture(db, product_id).id, staff, wrong)
    assert files_of(app) == before
