"""Two officers and a facility at the same moment, on real threads: one of them wins, and all of it."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from storefront.catalog.models import ChangePhoto, ChangeStatus, PhotoGate, Product, ProductChange
from storefront.catalog.services import photos as photos_at_once
from storefront.catalog.services import withdraw_product
from storefront.catalog.services.changes import (
    approve_change,
    return_change,
    submit_change,
    withdraw_change,
)
from storefront.catalog.services.gate import Decided, approve_photo, reject_photo
from storefront.catalog.services.staging import save_details
from storefront.catalog.services.staging_photos import add_photo, drop_photo
from storefront.core.db import db as database
from storefront.core.errors import NotFound
from storefront.core.gallery import file_names
from storefront.core.models import AuditEntry, Picture
from storefront.core.storage import storage
from tests import factories
from tests.catalog.conftest import jpeg
from tests.checkout.test_races import at_once

ROUNDS = 4
Doing = Callable[[], Any]


def submitted() -> tuple[int, int, int]:
    """A change with new words and a new photo that waits: product, change and its revision."""
    product_id = factories.product(title="Tas Lama").id
    photos_at_once.add_photo(product_id, jpeg(), "Depan", None)
    save_details(product_id, None, title="Tas Baru", care="Lap")
    add_photo(product_id, jpeg("#224466"), "Samping", None)
    submit_change(product_id, None)
    change = database.session.scalars(select(ProductChange).filter_by(product_id=product_id)).one()
    return product_id, change.id, change.revision


def is_whole(product_id: int, change_id: int) -> bool:
    """Does the shop show all of the change (or nothing of it), with every file? True: all of it."""
    database.session.expire_all()
    product = database.session.get_one(Product, product_id)
    approved = database.session.get_one(ProductChange, change_id).status is ChangeStatus.APPROVED
    shown = (product.title, product.care, len(product.photos))
    assert shown == (("Tas Baru", "Lap", 3) if approved else ("Tas Lama", "", 2))
    for photo in product.photos[1:]:
        kinds = ("webp", "avif", "jpg") if photo.picture.has_avif else ("webp", "jpg")
        names = [name for name in file_names(photo.picture) if name.endswith(kinds)]
        assert photo.picture.key.startswith("foto/")
        assert all(storage().exists(name) for name in names)
    return approved


def test_two_officers_approve_and_return_at_once(app: Flask, db: SQLAlchemy) -> None:
    for _ in range(ROUNDS):
        product_id, change_id, seen = submitted()
        jobs: list[Doing] = [lambda: approve_change(change_id, None, seen=seen)] * 3  # noqa: B023
        jobs += [lambda: return_change(change_id, None, "Kurang jelas.", seen=seen)] * 3  # noqa: B023
        results = at_once(app, jobs)
        assert results.count(None) == 1
        approved = is_whole(product_id, change_id)
        ends = database.session.scalars(
            select(AuditEntry.action).where(
                AuditEntry.action.in_(["change.approved", "change.returned"]),
                AuditEntry.subject_id == str(product_id),
            )
        ).all()
        assert ends == ["change.approved" if approved else "change.returned"]
        assert database.session.scalar(select(func.count()).select_from(ChangePhoto)) == (
            0 if approved else 1
        )
        withdraw_change(product_id, None) if not approved else None


def test_a_facility_withdraws_while_it_is_approved(app: Flask, db: SQLAlchemy) -> None:
    for _ in range(ROUNDS):
        product_id, change_id, seen = submitted()
        results = at_once(
            app,
            [
                lambda: approve_change(change_id, None, seen=seen),  # noqa: B023
                lambda: withdraw_change(product_id, None),  # noqa: B023
                lambda: save_details(product_id, None, care="Cuci"),  # noqa: B023
            ],
        )
        database.session.expire_all()
        change = database.session.get_one(ProductChange, change_id)
        if results[0] is None:
            assert is_whole(product_id, change_id)
        else:
            product = database.session.get_one(Product, product_id)
            assert (product.title, product.care, len(product.photos)) == ("Tas Lama", "", 2)
            assert change.status is not ChangeStatus.APPROVED


def test_the_product_leaves_the_shop_while_its_change_is_approved(app: Flask, db: SQLAlchemy) -> None:
    for _ in range(ROUNDS):
        product_id, change_id, seen = submitted()
        results = at_once(
            app,
            [
                lambda: approve_change(change_id, None, seen=seen),  # noqa: B023
                lambda: withdraw_product(product_id, None, "Habis"),  # noqa: B023
            ],
        )
        assert results[1] is None
        assert is_whole(product_id, change_id) == (results[0] is None)


def test_two_colleagues_write_at_once_and_there_is_one_change(app: Flask, db: SQLAlchemy) -> None:
    product_id = factories.product(title="Tas Lama").id
    at_once(
        app,
        [
            lambda: save_details(product_id, None, title="Tas Baru"),
            lambda: save_details(product_id, None, care="Lap"),
            lambda: add_photo(product_id, jpeg(), "", None),
            lambda: add_photo(product_id, jpeg("#224466"), "", None),
        ],
    )
    change = database.session.scalars(select(ProductChange)).one()
    assert sorted(change.fields) == ["care", "photos", "title"]
    assert len(change.fields["photos"]) == 3


def gated() -> tuple[int, int, int, int]:
    """A draft with a photo that waits, its picture, and two people who may look at it."""
    product_id = factories.product(status="draft").id
    sender, first, second = (factories.user(role).id for role in ("facility_staff", "regional", "regional"))
    add_photo(product_id, jpeg(), "", sender, checked=True)
    picture_id = database.session.scalars(
        select(PhotoGate.picture_id).order_by(PhotoGate.picture_id.desc()).limit(1)
    ).one()
    return product_id, picture_id, first, second


def test_two_people_look_at_one_photo_at_once(app: Flask, db: SQLAlchemy) -> None:
    for _ in range(ROUNDS):
        _product_id, picture_id, first, second = gated()
        jobs: list[Doing] = [
            lambda: approve_photo(picture_id, first),  # noqa: B023
            lambda: reject_photo(picture_id, second, "Tampak gembok"),  # noqa: B023
        ]
        results = at_once(app, jobs)
        assert results.count(Decided) == 1
        database.session.expire_all()
        gate = database.session.get_one(PhotoGate, picture_id)
        assert (gate.state, gate.decided_by_id) in {("approved", first), ("rejected", second)}


def test_a_photo_is_let_in_and_deleted_at_once(app: Flask, db: SQLAlchemy) -> None:
    for _ in range(ROUNDS):
        product_id, picture_id, first, _second = gated()
        names = file_names(database.session.get_one(Picture, picture_id))
        jobs: list[Doing] = [
            lambda: approve_photo(picture_id, first),  # noqa: B023
            lambda: drop_photo(product_id, picture_id, None),  # noqa: B023
        ]
        results = at_once(app, jobs)
        assert set(results) <= {None, False, NotFound}
        database.session.expire_all()
        assert database.session.get(PhotoGate, picture_id) is None
        assert [name for name in names if storage().exists(name)] == []
