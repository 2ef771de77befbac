"""Photos: files before rows, rows before erasing, AVIF later."""

import pytest
from flask import Flask

from storefront.catalog import services
from storefront.catalog.models import Product, ProductPhoto
from storefront.core import gallery, outbox
from storefront.core.errors import Invalid, NotFound
from storefront.core.models import Picture
from storefront.core.storage import storage
from storefront.core.transactions import transaction, version
from tests import factories
from tests.catalog.conftest import jpeg
from tests.tables.rows import Maker


def files_of(app: Flask) -> list[str]:
    """Every stored file."""
    root = app.config["MEDIA_ROOT"]
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_a_photo_is_stored_and_becomes_the_face(db, draft):
    (photo,) = draft.photos
    assert draft.photo_id == photo.picture_id
    assert (photo.picture.alt, photo.picture.width, photo.picture.height) == (
        "Piring lidi di atas meja",
        80,
        100,
    )
    assert all(storage().exists(f"{photo.picture.key}-80.{kind}") for kind in ("webp", "jpg"))
    assert not photo.picture.has_avif


def test_avif_follows_through_the_outbox(db, draft):
    services.submit_product(draft.id, None)
    services.publish_product(draft.id, None)
    before = version("catalog")
    outbox.drain()
    picture = db.session.get(Picture, draft.photo_id)
    assert picture.has_avif
    assert storage().exists(f"{picture.key}-80.avif")
    assert version("catalog") > before
    gallery.make_avif({"picture_id": picture.id})  # a second run changes nothing


def test_avif_of_a_photo_that_is_gone(app, db, draft):
    services.remove_photo(draft.id, draft.photos[0].id, None)
    outbox.drain()
    assert files_of(app) == []


def test_no_file_stays_behind_when_the_row_cannot_be(app, db):
    product = services.create_product(factories.facility().id, None, "Peci Rajut")
    product_id = product.id

    def fail(_picture):
        raise RuntimeError("the lights went out")

    with pytest.raises(RuntimeError):
        gallery.store_picture(jpeg(), "x", fail)
    assert files_of(app) == []
    assert db.session.query(Picture).count() == 0
    with pytest.raises(Invalid):
        services.add_photo(product_id, b"not a photo", "x", None)
    with pytest.raises(NotFound):
        services.add_photo(404, jpeg(), "x", None)
    assert files_of(app) == []


def test_a_photo_of_a_withdrawn_product_is_refused(app, db):
    product = factories.product()
    services.withdraw_product(product.id, None)
    with pytest.raises(services.Withdrawn):
        services.add_photo(product.id, jpeg(), "x", None)
    assert files_of(app) == []


def test_order_and_face(db, draft):
    second = services.add_photo(draft.id, jpeg("#23356b"), "Dari samping", None)
    first = draft.photos[0]
    services.order_photos(draft.id, None, [second.id, first.id])
    assert [photo.id for photo in db.session.get(Product, draft.id).photos] == [second.id, first.id]
    assert draft.photo_id == second.picture_id
    for wrong in ([first.id], [first.id, first.id], [first.id, second.id, 404]):
        with pytest.raises(Invalid):
            services.order_photos(draft.id, None, wrong)


def test_words_for_a_photo(db, draft):
    photo = draft.photos[0]
    services.describe_photo(draft.id, photo.id, "  Dari dekat ", None)
    assert photo.picture.alt == "Dari dekat"
    with pytest.raises(Invalid):
        services.describe_photo(draft.id, photo.id, "x" * 301, None)
    with pytest.raises(NotFound):
        services.describe_photo(draft.id, factories.product().photos[0].id, "x", None)


def test_removing_a_photo_erases_it_and_moves_the_face(app, db, draft):
    second = services.add_photo(draft.id, jpeg("#23356b"), "Dari samping", None)
    first_key = draft.photos[0].picture.key
    services.remove_photo(draft.id, draft.photos[0].id, None)
    assert draft.photo_id == second.picture_id
    assert not any(name.startswith(first_key) for name in files_of(app))
    services.remove_photo(draft.id, second.id, None)
    assert draft.photo_id is None
    assert files_of(app) == []


def test_files_stay_when_the_removal_fails(app, db, draft):
    before = files_of(app)
    with pytest.raises(NotFound):
        _remove_both(draft.id, draft.photos[0].id, 404)
    assert files_of(app) == before


def test_orders_keep_the_photo_that_they_show_and_every_other_is_gone(app, db, draft):
    unseen = services.add_photo(draft.id, jpeg(), "Dari samping", None).id
    services.add_photo(draft.id, jpeg(), "Dari atas", None)
    services.submit_product(draft.id, None)
    services.publish_product(draft.id, None)
    face = draft.photos[0].picture
    shown = {"key": face.key, "alt": "", "width": 80, "height": 100, "tone": "#8c4a1f", "widths": [80]}
    _sold(db, draft, shown | {"has_avif": False})
    key = db.session.get(ProductPhoto, unseen).picture.key
    services.remove_photo(draft.id, unseen, None)
    assert not any(name.startswith(key) for name in files_of(app))
    before = files_of(app)
    services.remove_photo(draft.id, draft.photos[0].id, None)
    assert files_of(app) == before
    services.add_photo(draft.id, jpeg(), "Dari bawah", None)
    key = draft.photos[0].picture.key
    services.remove_photo(draft.id, draft.photos[0].id, None, erase=True)
    assert not any(name.startswith(key) for name in files_of(app))
    with pytest.raises(services.Incomplete):
        services.remove_photo(draft.id, draft.photos[0].id, None)


def test_eight_photos_are_enough(db, draft):
    for _ in range(services.MAX_PHOTOS - 1):
        services.add_photo(draft.id, jpeg(), "", None)
    with pytest.raises(Invalid):
        services.add_photo(draft.id, jpeg(), "", None)


def _sold(db, product, photo):
    """A line of an order that shows this photo."""
    maker = Maker()
    with transaction():
        maker.new("order_lines", variant_id=product.variants[0].id, photo=photo)


def _remove_both(product_id, *photo_ids):
    with transaction():
        for photo_id in photo_ids:
            services.remove_photo(product_id, photo_id, None)
