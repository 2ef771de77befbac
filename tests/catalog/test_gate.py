"""The gate of photos: nobody's photo is public before a second person looked at it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from storefront.catalog import services
from storefront.catalog.models import (
    ChangePhoto,
    GateState,
    PhotoGate,
    Product,
    ProductPhoto,
    ProductStatus,
    Supply,
)
from storefront.catalog.queries.machines import feed, product_addresses
from storefront.catalog.queries.product import product_page
from storefront.catalog.services.changes import approve_change, submit_change
from storefront.catalog.services.gate import (
    Decided,
    Mark,
    OwnPhoto,
    RejectedPhoto,
    Uploader,
    approve_photo,
    reject_photo,
)
from storefront.catalog.services.pending import claim_photos, keep_photo
from storefront.catalog.services.staging import alive_change
from storefront.catalog.services.staging_photos import add_photo, drop_photo, move_photo
from storefront.core.errors import Invalid, NotFound
from storefront.core.gallery import HIDDEN, file_names, jpeg_of
from storefront.core.models import Picture
from storefront.core.storage import storage
from storefront.inventory import services as inventory
from tests import factories
from tests.catalog.conftest import jpeg
from tests.support.client import Client


@pytest.fixture
def people(db: Any) -> tuple[int, int]:
    """Who sends photos, and who looks at them."""
    return factories.user().id, factories.user("regional").id


@pytest.fixture
def bare(db: Any) -> int:
    """A draft that lacks nothing but a photo."""
    product = services.create_product(
        factories.facility("LPSRG").id, None, "Piring Lidi", price=72_000, weight=900, summary="Anyaman lidi",
        category_id=factories.category("Anyaman").id, supply=Supply.READY,
    )  # fmt: skip
    inventory.count(product.facility_id, product.variants[0].id, 12)
    return product.id


def sent(product_id: int, sender: int, colour: str = "#8c4a1f") -> int:
    """A photo that somebody sends: its picture."""
    add_photo(product_id, jpeg(colour), "", sender, checked=True)
    from storefront.core.db import db

    return db.session.scalars(select(PhotoGate.picture_id).order_by(PhotoGate.picture_id.desc())).first() or 0


def gate(db: Any, picture_id: int) -> PhotoGate:
    db.session.expire_all()
    return db.session.get_one(PhotoGate, picture_id)


def public_files(db: Any, picture_id: int) -> list[str]:
    """The files of a picture that anybody could load."""
    picture = db.session.get_one(Picture, picture_id, populate_existing=True)
    return [
        name for name in file_names(picture) if storage().exists(name) and not name.startswith("private/")
    ]


def test_a_sent_photo_is_private_and_says_who_confirmed_what(
    app: Flask, client: Client, db: Any, bare: int, people: tuple[int, int]
) -> None:
    picture_id = sent(bare, people[0])
    picture = db.session.get_one(Picture, picture_id)
    assert picture.key.startswith(HIDDEN)
    assert public_files(db, picture_id) == []
    name = jpeg_of(picture.key, picture.widths)
    for path in (f"/media/{name}", f"/foto-usulan/{name.removeprefix(HIDDEN)}"):
        assert client.get(path).status_code in {302, 303, 404}, path
    found = gate(db, picture_id)
    assert (found.state, found.uploaded_by_id, found.checked_at is None) == ("waiting", people[0], False)


def test_publishing_lets_waiting_photos_in_and_nothing_else_shows_them_before(
    db: Any, bare: int, people: tuple[int, int]
) -> None:
    sender, office = people
    picture_id = sent(bare, sender)
    services.submit_product(bare, sender)
    with pytest.raises(services.Incomplete, match="orang kedua"):
        services.publish_product(bare, sender)
    assert (db.session.get_one(Product, bare).status, public_files(db, picture_id)) == ("submitted", [])
    services.publish_product(bare, office)
    found = gate(db, picture_id)
    assert (found.state, found.decided_by_id) == (GateState.APPROVED, office)
    assert public_files(db, picture_id)
    assert not db.session.get_one(Picture, picture_id).key.startswith("private")


def test_a_rejected_photo_is_never_public(db: Any, bare: int, people: tuple[int, int]) -> None:
    sender, office = people
    good, bad = sent(bare, sender), sent(bare, sender, "#224466")
    reject_photo(bad, office, "Di belakang tampak gembok", Mark(100, 200, 300, 400))
    assert gate(db, bad).mark == (100, 200, 300, 400)
    services.submit_product(bare, sender)
    services.publish_product(bare, office)
    product = db.session.get_one(Product, bare)
    assert (product.photo_id, public_files(db, bad)) == (good, [])
    assert [photo.key for photo in product_page(product.slug).photos] == [
        db.session.get_one(Picture, good).key
    ]
    [item] = [one for one in feed() if one.path == f"/produk/{product.slug}"]
    [address] = product_addresses(1, 50)
    for pictures in (item.pictures, address.pictures):
        assert len(pictures) == 1
        assert "private" not in pictures[0]


def test_only_rejected_photos_are_no_photos(db: Any, bare: int, people: tuple[int, int]) -> None:
    reject_photo(sent(bare, people[0]), people[1], "Tampak wajah")
    with pytest.raises(services.Incomplete, match="foto"):
        services.submit_product(bare, people[0])


def test_nobody_decides_on_a_photo_of_their_own_or_twice(db: Any, bare: int, people: tuple[int, int]) -> None:
    picture_id = sent(bare, people[0])
    own: list[Callable[[], None]] = [
        lambda: approve_photo(picture_id, people[0]),
        lambda: reject_photo(picture_id, people[0], "Buram"),
    ]
    for decide in own:
        with pytest.raises(OwnPhoto):
            decide()
    approve_photo(picture_id, people[1])
    with pytest.raises(Decided):
        reject_photo(picture_id, people[1], "Buram sekali")
    assert public_files(db, picture_id) == []  # approved, but its product is a draft
    with pytest.raises(NotFound):
        approve_photo(404, people[1])


@pytest.mark.parametrize(
    ("reason", "mark"),
    [
        ("", None),
        ("ab", None),
        ("x" * 501, None),
        ("Buram", Mark(900, 0, 200, 10)),
        ("Buram", Mark(0, 0, 0, 9)),
    ],
)
def test_a_rejection_needs_words_and_a_box_inside(
    db: Any, bare: int, people: tuple[int, int], reason: str, mark: Mark | None
) -> None:
    picture_id = sent(bare, people[0])
    with pytest.raises(Invalid):
        reject_photo(picture_id, people[1], reason, mark)
    assert gate(db, picture_id).state is GateState.WAITING


def test_approving_a_change_approves_its_photos_unless_they_are_ones_own(
    db: Any, people: tuple[int, int]
) -> None:
    sender, office = people
    product_id = factories.product().id
    picture_id = sent(product_id, sender)
    submit_change(product_id, sender)
    change = alive_change(product_id)
    assert change is not None
    change_id = change.id
    with pytest.raises(RejectedPhoto):
        approve_change(change_id, sender)
    assert public_files(db, picture_id) == []
    approve_change(change_id, office)
    assert (gate(db, picture_id).decided_by_id, bool(public_files(db, picture_id))) == (office, True)


def test_a_change_with_a_rejected_photo_is_not_approved(db: Any, people: tuple[int, int]) -> None:
    sender, office = people
    product_id = factories.product().id
    picture_id = sent(product_id, sender)
    submit_change(product_id, sender)
    change = alive_change(product_id)
    assert change is not None
    change_id = change.id
    reject_photo(picture_id, office, "Tampak pagar")
    with pytest.raises(RejectedPhoto):
        approve_change(change_id, office)
    assert public_files(db, picture_id) == []
    assert db.session.get(ChangePhoto, picture_id) is not None


def test_a_photo_left_waiting_on_a_product_on_sale_becomes_public_when_it_is_approved(
    db: Any, bare: int, people: tuple[int, int]
) -> None:
    sender, office = people
    sent(bare, sender)
    own = sent(bare, office, "#224466")
    services.submit_product(bare, sender)
    services.publish_product(bare, office)
    slug = db.session.get_one(Product, bare).slug
    assert (gate(db, own).state, len(product_page(slug).photos)) == (GateState.WAITING, 1)
    approve_photo(own, sender)
    assert (len(product_page(slug).photos), bool(public_files(db, own))) == (2, True)


def test_a_dropped_photo_takes_its_gate_and_files_along(db: Any, bare: int, people: tuple[int, int]) -> None:
    picture_id = sent(bare, people[0])
    names = file_names(db.session.get_one(Picture, picture_id))
    drop_photo(bare, picture_id, people[0])
    db.session.expire_all()
    assert db.session.get(PhotoGate, picture_id) is None
    assert [name for name in names if storage().exists(name)] == []


def test_a_kept_photo_is_claimed_by_its_own_facility_only(
    db: Any, bare: int, people: tuple[int, int]
) -> None:
    mine, other = db.session.get_one(Product, bare).facility_id, factories.facility("LPLAIN").id
    foreign = keep_photo(jpeg(), Uploader(people[0], other, checked=True)).id
    own = keep_photo(jpeg(), Uploader(people[0], mine, checked=True)).id
    with pytest.raises(Invalid):
        claim_photos(bare, people[0], [foreign])
    claim_photos(bare, people[0], [own])
    photos = db.session.scalars(select(ProductPhoto).filter_by(product_id=bare)).all()
    assert [(photo.picture_id, photo.uploaded_by_id) for photo in photos] == [(own, people[0])]


def test_a_withdrawn_product_shows_nothing_new_of_a_waiting_photo(
    db: Any, bare: int, people: tuple[int, int]
) -> None:
    sent(bare, people[0])
    services.submit_product(bare, people[0])
    services.publish_product(bare, people[1])
    services.return_product(bare, people[1], "Harga perlu ditinjau")
    face = db.session.get_one(Product, bare).photo_id
    fresh = sent(bare, people[0], "#224466")
    services.order_photos(bare, people[0], [_photo(db, fresh), *_others(db, bare, fresh)])
    product = db.session.get_one(Product, bare, populate_existing=True)
    assert (product.status, product.photo_id) == (ProductStatus.RETURNED, face)  # carts still show its face


def _photo(db: Any, picture_id: int) -> int:
    return db.session.scalars(select(ProductPhoto.id).filter_by(picture_id=picture_id)).one()


def _others(db: Any, product_id: int, picture_id: int) -> list[int]:
    photos = db.session.scalars(select(ProductPhoto).filter_by(product_id=product_id)).all()
    return [photo.id for photo in photos if photo.picture_id != picture_id]


def test_approving_a_change_makes_no_public_copy_of_a_rejected_photo(
    app: Flask, db: Any, bare: int, people: tuple[int, int]
) -> None:
    sender, office = people
    sent(bare, sender)
    services.submit_product(bare, sender)
    services.publish_product(bare, office)
    facility_id = db.session.get_one(Product, bare).facility_id
    rejected = keep_photo(jpeg("#224466"), Uploader(sender, facility_id, checked=True)).id
    claim_photos(bare, sender, [rejected])
    reject_photo(rejected, office, "Tampak wajah")
    public = Path(app.config["MEDIA_ROOT"]) / "foto"
    before = sorted(public.iterdir())
    move_photo(bare, rejected, sender, up=True)
    submit_change(bare, sender)
    change = alive_change(bare)
    assert change is not None
    approve_change(change.id, office)
    assert sorted(public.iterdir()) == before
    assert public_files(db, rejected) == []
