"""Staged changes of products on sale: what waits, what counts at once, and every way it can end."""

from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from storefront.catalog.models import ChangePhoto, ChangeStatus, Product, ProductChange, ProductStatus
from storefront.catalog.queries.changes import history, parts_of, waiting_count
from storefront.catalog.services import (
    Changed,
    Incomplete,
    return_product,
    update_product,
    update_variant,
)
from storefront.catalog.services import photos as photos_at_once
from storefront.catalog.services.changes import (
    MovedOn,
    NothingChanged,
    NotOnSale,
    WrongChangeStep,
    approve_change,
    renew_change,
    request_change,
    return_change,
    submit_change,
    take_back_change,
    withdraw_change,
)
from storefront.catalog.services.diffs import document
from storefront.catalog.services.staging import (
    alive_change,
    save_details,
    save_new_variant,
    save_options,
    staged_document,
    undo_part,
)
from storefront.catalog.services.staging_photos import add_photo, describe_photo, drop_photo, move_photo
from storefront.core import gallery, outbox
from storefront.core.db import db as database
from storefront.core.errors import Invalid, NotFound
from storefront.core.models import AuditEntry, Job, Picture
from storefront.core.storage import storage
from storefront.core.transactions import version
from tests import factories
from tests.catalog.conftest import jpeg


def live(**fields: Any) -> int:
    """A product on sale with one stored photo; its id."""
    product = factories.product(photo=True, **fields)
    product_id = product.id
    photos_at_once.add_photo(product_id, jpeg(), "Dari depan", None)
    return product_id


def fresh(product_id: int) -> Product:
    database.session.expire_all()
    return database.session.get_one(Product, product_id)


def waiting(product_id: int) -> ProductChange:
    """The change that is written, waits or came back."""
    database.session.expire_all()
    change = alive_change(product_id)
    assert change is not None
    return change


def approve(product_id: int) -> None:
    submit_change(product_id, None)
    change = waiting(product_id)
    approve_change(change.id, None, seen=change.revision)


def test_words_of_a_product_on_sale_wait_and_trade_does_not(db: SQLAlchemy) -> None:
    product_id, before = live(title="Tas Lama"), version("catalog")
    assert save_details(product_id, None, title="Tas Baru", care="Lap kering")
    product = fresh(product_id)
    assert (product.title, product.care, version("catalog")) == ("Tas Lama", "", before)
    assert staged_document(product)["title"] == "Tas Baru"
    assert not save_details(product_id, None, max_per_order=3)
    update_variant(product_id, product.variants[0].id, None, price=99_000)
    product = fresh(product_id)
    assert (product.title, product.max_per_order, product.price_from) == ("Tas Lama", 3, 99_000)
    approve(product_id)
    product = fresh(product_id)
    assert (product.title, product.care, product.price_from) == ("Tas Baru", "Lap kering", 99_000)
    assert alive_change(product_id) is None
    assert version("catalog") > before


def test_search_and_link_cards_hear_of_it_when_it_is_approved(db: SQLAlchemy) -> None:
    product_id = live(title="Tas Lama")
    cards = select(func.count(Job.id)).where(Job.kind == "product.card")
    before = database.session.scalar(cards) or 0
    save_details(product_id, None, title="Tas Pandan")
    add_photo(product_id, jpeg("#224466"), "", None)
    submit_change(product_id, None)
    assert database.session.scalar(cards) == before
    approve_change(waiting(product_id).id, None)
    assert (database.session.scalar(cards) or 0) > before


def test_erasing_the_only_photo_that_was_changed_ends_the_change(db: SQLAlchemy) -> None:
    product_id = live()
    first = fresh(product_id).photos[0].picture_id
    describe_photo(product_id, first, "Dari atas", None)
    submit_change(product_id, None)
    drop_photo(product_id, first, None, erase=True)
    assert alive_change(product_id) is None


def test_drafts_are_changed_at_once(db: SQLAlchemy) -> None:
    product_id = factories.product(status="draft").id
    assert not save_details(product_id, None, title="Sekarang juga")
    assert fresh(product_id).title == "Sekarang juga"
    assert alive_change(product_id) is None


def test_one_change_gathers_all_that_is_written(db: SQLAlchemy) -> None:
    product_id = live()
    save_details(product_id, None, title="Tas Satu")
    save_details(product_id, None, title="Tas Dua", summary="Ringkas")
    save_options(product_id, None, ["warna"])
    save_new_variant(product_id, None, ["marun"], price=70_000, weight=300)
    change = waiting(product_id)
    assert sorted(change.fields) == ["forms", "option_names", "summary", "title"]
    assert database.session.scalars(select(ProductChange.id)).all() == [change.id]
    with pytest.raises(Invalid):
        save_new_variant(product_id, None, ["Marun"], price=1, weight=1)
    with pytest.raises(Invalid):
        save_new_variant(product_id, None, ["biru"], price=-1, weight=1)
    approve(product_id)
    product = fresh(product_id)
    active = [variant for variant in product.variants if variant.is_active]
    assert [(one.label, one.price, one.weight) for one in active] == [("marun", 70_000, 300)]
    assert (product.title, product.price_from) == ("Tas Dua", 70_000)


def test_what_is_written_back_leaves_the_change(db: SQLAlchemy) -> None:
    product_id = live(title="Tas Lama")
    save_details(product_id, None, title="Tas Baru", care="Lap")
    undo_part(product_id, None, "care")
    assert list(waiting(product_id).fields) == ["title"]
    with pytest.raises(NotFound):
        undo_part(product_id, None, "care")
    save_details(product_id, None, title="Tas Lama")
    assert alive_change(product_id) is None


def test_a_change_cannot_take_what_a_product_on_sale_needs(db: SQLAlchemy) -> None:
    product_id = live()
    for lost in ({"summary": ""}, {"category_id": None}):
        with pytest.raises(Incomplete):
            save_details(product_id, None, **lost)
    with pytest.raises(Invalid):
        save_details(product_id, None, title="x")
    assert alive_change(product_id) is None


def test_options_without_a_form_are_refused_when_they_are_decided(db: SQLAlchemy) -> None:
    product_id = live(title="Tas")
    save_options(product_id, None, ["warna"])
    submit_change(product_id, None)
    change = waiting(product_id)
    with pytest.raises(Incomplete):
        approve_change(change.id, None, seen=change.revision)
    assert waiting(product_id).status is ChangeStatus.SUBMITTED
    assert [one.is_active for one in fresh(product_id).variants] == [True]


def test_photos_wait_in_private_and_become_public_with_the_change(db: SQLAlchemy) -> None:
    product_id = live()
    first = fresh(product_id).photos[0].picture_id
    assert add_photo(product_id, jpeg("#224466"), "Dari samping", None)
    hidden = database.session.scalars(select(ChangePhoto.picture_id)).one()
    picture = database.session.get_one(Picture, hidden)
    assert gallery.is_hidden(picture)
    names = gallery.file_names(picture)
    assert all(name.startswith("private/") for name in names)
    outbox.drain()
    assert hidden not in [one.picture_id for one in fresh(product_id).photos]
    move_photo(product_id, hidden, None, up=True)
    describe_photo(product_id, hidden, "Tali panjang", None)
    drop_photo(product_id, first, None)
    assert fresh(product_id).photos[0].picture_id == first
    approve(product_id)
    product = fresh(product_id)
    shown = [(one.picture_id, one.picture.alt) for one in product.photos]
    assert (shown[0], len(shown), first in dict(shown)) == ((hidden, "Tali panjang"), 2, False)
    face = product.photos[0].picture
    assert (face.key.startswith("foto/"), face.has_avif, product.photo_id) == (True, True, hidden)
    assert all(storage().exists(name) for name in gallery.file_names(face))
    assert not any(storage().exists(name) for name in names)
    assert database.session.scalar(select(ChangePhoto.picture_id)) is None


def test_avif_that_comes_late_finds_the_public_name(db: SQLAlchemy) -> None:
    product_id = live()
    add_photo(product_id, jpeg("#224466"), "", None)
    approve(product_id)
    face = fresh(product_id).photos[-1].picture
    assert not face.has_avif
    outbox.drain()
    face = fresh(product_id).photos[-1].picture
    assert face.has_avif
    assert all(storage().exists(name) for name in gallery.file_names(face))


def test_a_change_thrown_away_takes_its_photos_along(db: SQLAlchemy) -> None:
    product_id = live()
    add_photo(product_id, jpeg("#224466"), "", None)
    picture = database.session.scalars(select(Picture).join(ChangePhoto)).one()
    names = [name for name in gallery.file_names(picture) if storage().exists(name)]
    withdraw_change(product_id, None)
    assert names
    assert not any(storage().exists(name) for name in names)
    assert database.session.scalar(select(ChangePhoto.picture_id)) is None
    with pytest.raises(NotFound):
        withdraw_change(product_id, None)


def test_a_photo_that_nobody_may_see_goes_at_once(db: SQLAlchemy) -> None:
    product_id = live()
    first, second = (one.picture_id for one in fresh(product_id).photos)
    describe_photo(product_id, second, "Keterangan baru", None)
    assert not drop_photo(product_id, first, None, erase=True)
    assert [one.picture_id for one in fresh(product_id).photos] == [second]
    approve(product_id)
    assert [one.picture.alt for one in fresh(product_id).photos] == ["Keterangan baru"]
    with pytest.raises(Incomplete):
        drop_photo(product_id, second, None, erase=True)
    with pytest.raises(Incomplete):
        drop_photo(product_id, second, None)


def test_a_returned_change_keeps_its_content_and_goes_on(db: SQLAlchemy) -> None:
    product_id = live(title="Tas Lama")
    save_details(product_id, None, title="Tas Baru", care="Lap")
    submit_change(product_id, None)
    change_id = waiting(product_id).id
    with pytest.raises(Invalid):
        return_change(change_id, None, "x")
    return_change(change_id, None, "Judulnya terlalu umum.", ["title", "photos", "nonsense"])
    change = waiting(product_id)
    assert (change.status, change.comment) == (ChangeStatus.RETURNED, "Judulnya terlalu umum.")
    assert (change.marked, change.fields["title"]) == (["title"], "Tas Baru")
    assert fresh(product_id).title == "Tas Lama"
    save_details(product_id, None, title="Tas Pandan")
    assert waiting(product_id).status is ChangeStatus.OPEN
    approve(product_id)
    assert (fresh(product_id).title, fresh(product_id).care) == ("Tas Pandan", "Lap")
    steps = [step.step for step in history(product_id).items]
    assert steps == ["approved", "submitted", "returned", "submitted"]


def test_the_office_asks_for_a_change_and_the_product_stays(db: SQLAlchemy) -> None:
    product_id = live()
    with pytest.raises(Invalid):
        request_change(product_id, None, " ")
    request_change(product_id, None, "Foto terlalu gelap.", ["photos"])
    change = waiting(product_id)
    assert (change.status, change.fields, change.marked) == (ChangeStatus.RETURNED, {}, ["photos"])
    assert fresh(product_id).status is ProductStatus.PUBLISHED
    with pytest.raises(NothingChanged):
        submit_change(product_id, None)
    save_details(product_id, None, care="Lap")
    submit_change(product_id, None)
    with pytest.raises(WrongChangeStep):
        request_change(product_id, None, "Satu lagi.")


def test_what_moved_on_meanwhile_is_not_written_over(db: SQLAlchemy) -> None:
    product_id = live(title="Tas Lama")
    save_details(product_id, None, title="Tas Usulan", care="Lap")
    submit_change(product_id, None)
    update_product(product_id, None, "Tas Lain")  # past the doors, as a command on the server may
    change = waiting(product_id)
    assert [part.name for part in parts_of(change) if part.has_moved] == ["title"]
    with pytest.raises(MovedOn) as refused:
        approve_change(change.id, None, seen=change.revision)
    assert (refused.value.parts, "judul" in str(refused.value)) == (["title"], True)
    assert (fresh(product_id).title, fresh(product_id).care) == ("Tas Lain", "")
    assert waiting(product_id).fields["title"] == "Tas Usulan"
    take_back_change(product_id, None)
    with pytest.raises(MovedOn):
        submit_change(product_id, None)
    renew_change(product_id, None)
    approve(product_id)
    assert (fresh(product_id).title, fresh(product_id).care) == ("Tas Usulan", "Lap")


def test_only_what_was_looked_at_is_decided(db: SQLAlchemy) -> None:
    product_id = live()
    save_details(product_id, None, title="Tas Satu")
    submit_change(product_id, None)
    change_id, seen = waiting(product_id).id, waiting(product_id).revision
    save_details(product_id, None, title="Tas Dua")
    assert waiting(product_id).status is ChangeStatus.SUBMITTED
    for decide in (
        lambda: approve_change(change_id, None, seen=seen),
        lambda: return_change(change_id, None, "Kurang jelas.", seen=seen),
    ):
        with pytest.raises(Changed):
            decide()
    approve_change(change_id, None, seen=waiting(product_id).revision)
    for decide in (
        lambda: approve_change(change_id, None, seen=seen),
        lambda: return_change(change_id, None, "Kurang jelas."),
    ):
        with pytest.raises(WrongChangeStep):
            decide()
    assert fresh(product_id).title == "Tas Dua"


def test_a_product_that_left_the_shop_keeps_its_change(db: SQLAlchemy) -> None:
    product_id = live()
    save_details(product_id, None, title="Tas Satu")
    submit_change(product_id, None)
    assert waiting_count()[0] == 1
    return_product(product_id, None, "Foto memperlihatkan pagar.")
    change = waiting(product_id)
    assert waiting_count()[0] == 0
    with pytest.raises(NotOnSale):
        approve_change(change.id, None, seen=change.revision)
    assert not save_details(product_id, None, care="Lap")  # nobody sees it: at once
    assert (fresh(product_id).care, waiting(product_id).fields) == ("Lap", {"title": "Tas Satu"})


def test_every_step_is_in_the_audit_log(db: SQLAlchemy) -> None:
    product_id = live()
    save_details(product_id, None, title="Tas Satu")
    submit_change(product_id, None)
    take_back_change(product_id, None)
    approve(product_id)
    acts = database.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("change.")).order_by(AuditEntry.number)
    ).all()
    assert acts == [
        "change.saved", "change.submitted", "change.taken_back", "change.submitted", "change.approved",
    ]  # fmt: skip


_texts = st.text(alphabet="abc dé", min_size=4, max_size=20).map(str.strip).filter(lambda t: len(t) > 3)
_edits = st.fixed_dictionaries(
    {},
    optional={
        "title": _texts, "summary": _texts, "description": _texts, "materials": _texts | st.just(""),
        "work_hours": st.none() | st.integers(1, 40),
        "shipping_class": st.sampled_from(["parcel", "cargo", "pickup_only"]),
    },
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_edits, min_size=1, max_size=4), st.integers(0, 2))
def test_what_was_staged_is_exactly_what_is_approved(db: SQLAlchemy, edits: list[Any], photos: int) -> None:
    product_id = live()
    for edit in edits:
        save_details(product_id, None, **edit)
    for _ in range(photos):
        add_photo(product_id, jpeg("#224466"), "Samping", None)
    staged = staged_document(fresh(product_id))
    if alive_change(product_id) is not None:
        approve(product_id)
    assert document(fresh(product_id)) == staged
