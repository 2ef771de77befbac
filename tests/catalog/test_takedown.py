"""A photo that was let in and taken down again: gone from everything public at once, still its facility's."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.catalog.models import CurationEvent, GateState, PhotoGate, Product, ProductStatus
from storefront.catalog.queries.machines import feed, product_addresses
from storefront.catalog.queries.product import product_page
from storefront.catalog.services import Incomplete, publish_product, submit_product, withdraw_product
from storefront.catalog.services.changes import submit_change
from storefront.catalog.services.gate import Decided, Mark, approve_photo
from storefront.catalog.services.photos import add_photo as put_up
from storefront.catalog.services.staging import alive_change
from storefront.catalog.services.staging_photos import add_photo, drop_photo, reframe_photo
from storefront.catalog.services.takedown import NotPublic, take_down
from storefront.core.errors import Invalid, NotFound
from storefront.core.gallery import HIDDEN, erase_files, file_names, make_avif
from storefront.core.models import Picture
from storefront.core.outbox import run_due
from storefront.core.storage import storage
from storefront.orders.models import OrderLine
from tests import factories
from tests.buying import buy, cart_of, open_shop, order_of, pay
from tests.catalog.conftest import jpeg
from tests.checkout.test_races import at_once
from tests.support.client import Client

WHY = "Di belakang tampak gembok"


@pytest.fixture
def shown(db: Any) -> tuple[int, int, int]:
    """A product on sale with two photos that were looked at: it, its face, the other one."""
    place, office = factories.facility("LPA"), factories.user()
    maker = factories.user("facility_staff", facility=place)
    product = factories.product(place, title="Tas Rajut", status="draft", photo=False)
    product_id = product.id
    for colour in ("#8c4a1f", "#224466"):
        add_photo(product_id, jpeg(colour), "", maker.id, checked=True)
    submit_product(product_id, maker.id)
    publish_product(product_id, office.id)
    while run_due(50):
        pass
    db.session.expire_all()
    face, other = (photo.picture_id for photo in db.session.get_one(Product, product_id).photos)
    return product_id, face, other


@pytest.fixture
def officer(db: Any) -> int:
    return factories.user().id


def picture(db: Any, picture_id: int) -> Picture:
    return db.session.get_one(Picture, picture_id, populate_existing=True)


def there(names: list[str]) -> list[str]:
    return [name for name in names if storage().exists(name)]


def test_every_page_file_feed_and_card_is_without_it_at_once(
    app: Flask, db: Any, client: Client, shown: tuple[int, int, int], officer: int
) -> None:
    product_id, face, other = shown
    product = db.session.get_one(Product, product_id)
    slug, old_card, old = product.slug, product.card_key, picture(db, face)
    key, names = old.key, file_names(old)
    assert len(there(names)) == len(names)  # AVIF too
    assert storage().exists(old_card)
    pages = ["/", "/produk", f"/produk/{slug}", f"/en/produk/{slug}", "/feed/produk.xml", "/sitemap.xml"]
    assert {client.get(page).status_code for page in pages} == {200}
    assert key in client.get(f"/produk/{slug}").text  # kept among the pages from now on
    assert take_down(face, officer, WHY, Mark(100, 200, 300, 400))
    for page in pages:
        text = client.get(page).text
        assert (key in text, old_card in text) == (False, False), page
    assert there([*names, old_card]) == []
    assert {client.get(f"/media/{name}").status_code for name in [*names, old_card]} == {404}
    assert [photo.key for photo in product_page(slug).photos] == [picture(db, other).key]
    [item] = [one for one in feed() if one.path == f"/produk/{slug}"]
    [address] = [one for one in product_addresses(1, 50) if slug in one.path]
    assert key not in "".join([*item.pictures, *address.pictures])
    product = db.session.get_one(Product, product_id)
    assert (product.status, product.photo_id) == (ProductStatus.PUBLISHED, other)
    while run_due(50):
        pass
    db.session.expire_all()
    assert storage().exists(db.session.get_one(Product, product_id).card_key)  # drawn with the other photo


def test_its_facility_still_sees_it_with_the_reason_and_may_cut_it(
    db: Any, shown: tuple[int, int, int], officer: int
) -> None:
    product_id, face, _other = shown
    take_down(face, officer, WHY, Mark(100, 200, 300, 400))
    hidden = picture(db, face)
    assert hidden.key.startswith(HIDDEN)
    assert len(there(file_names(hidden))) == len(file_names(hidden))
    gate = db.session.get_one(PhotoGate, face, populate_existing=True)
    assert (gate.state, gate.reason, gate.mark) == (GateState.WITHDRAWN, WHY, (100, 200, 300, 400))
    maker = gate.uploaded_by_id or 0
    assert reframe_photo(product_id, face, maker, lambda frame: frame.cut(0, 0, 500, 1000))
    submit_change(product_id, maker)
    change = alive_change(product_id)
    assert change is not None
    assert face not in [one["picture"] for one in change.fields["photos"]]


def test_nothing_lets_it_in_again_and_its_facility_drops_it_at_once(
    db: Any, shown: tuple[int, int, int], officer: int
) -> None:
    product_id, face, other = shown
    take_down(face, officer, WHY)
    with pytest.raises(Decided):
        approve_photo(face, factories.user().id)
    for again in (officer, factories.user().id):
        with pytest.raises(NotPublic):
            take_down(face, again, WHY)
    names = file_names(picture(db, face))
    drop_photo(product_id, face, officer)
    assert there(names) == []
    db.session.expire_all()
    product = db.session.get_one(Product, product_id)
    assert ([photo.picture_id for photo in product.photos], product.status) == ([other], "published")


def test_with_the_last_photo_the_product_leaves_the_shelf_and_is_not_published_without_one(
    db: Any, client: Client, shown: tuple[int, int, int], officer: int
) -> None:
    product_id, face, other = shown
    assert take_down(other, officer, WHY)
    assert not take_down(face, officer, WHY)
    product = db.session.get_one(Product, product_id, populate_existing=True)
    assert product.status is ProductStatus.RETURNED
    last = db.session.scalars(
        select(CurationEvent).filter_by(product_id=product_id).order_by(CurationEvent.id.desc())
    ).first()
    assert last is not None
    assert ("Foto terakhirnya diturunkan" in last.comment, WHY in last.comment) == (True, True)
    assert client.get(f"/produk/{product.slug}").status_code in {404, 410}
    with pytest.raises(Incomplete, match="foto"):
        submit_product(product_id, officer)


def test_a_long_reason_still_fits_the_note(db: Any, officer: int) -> None:
    product = factories.product()
    face = product.photo_id
    take_down(face or 0, officer, "x" * 500)
    event = db.session.scalars(select(CurationEvent).order_by(CurationEvent.id.desc())).first()
    assert event is not None
    assert event.comment.endswith("…")
    assert db.session.get_one(PhotoGate, face).reason == "x" * 500


def test_a_photo_of_the_shops_own_gets_a_gate_without_an_uploader(db: Any, officer: int) -> None:
    product_id = factories.product().id
    face = put_up(product_id, jpeg(), "Tas", None).picture_id
    assert take_down(face, officer, WHY)
    gate = db.session.get_one(PhotoGate, face)
    assert (gate.uploaded_by_id, gate.decided_by_id, gate.state) == (None, officer, "withdrawn")


def test_its_own_uploader_may_take_it_down(db: Any, shown: tuple[int, int, int]) -> None:
    _product_id, face, _other = shown
    maker = db.session.get_one(PhotoGate, face).uploaded_by_id or 0
    assert take_down(face, maker, WHY)


def test_files_of_a_product_that_left_the_shop_go_too(
    db: Any, shown: tuple[int, int, int], officer: int
) -> None:
    product_id, face, _other = shown
    withdraw_product(product_id, None, "Habis musim")
    names = file_names(picture(db, face))
    assert there(names)
    assert take_down(face, officer, WHY)
    assert there(names) == []


@pytest.mark.parametrize(
    ("reason", "mark"), [("", None), ("ab", None), ("x" * 501, None), ("Buram", Mark(900, 0, 200, 10))]
)
def test_it_needs_words_and_a_box_inside(
    db: Any, shown: tuple[int, int, int], officer: int, reason: str, mark: Mark | None
) -> None:
    before = picture(db, shown[1]).key
    with pytest.raises(Invalid):
        take_down(shown[1], officer, reason, mark)
    assert picture(db, shown[1]).key == before
    with pytest.raises(NotFound):
        take_down(987_654, officer, WHY)


def test_one_that_fails_leaves_no_copy(app: Flask, db: Any, shown: tuple[int, int, int]) -> None:
    files = sorted(app.config["MEDIA_ROOT"].rglob("*.*"))
    before = picture(db, shown[1]).key
    with pytest.raises(IntegrityError):
        take_down(shown[1], 987_654, WHY)  # nobody
    db.session.rollback()
    assert (picture(db, shown[1]).key, sorted(app.config["MEDIA_ROOT"].rglob("*.*"))) == (before, files)


def test_a_lost_file_keeps_nobody_from_it(db: Any, shown: tuple[int, int, int], officer: int) -> None:
    names = file_names(picture(db, shown[1]))
    erase_files({"names": [name for name in names if name.endswith("avif")]})
    assert take_down(shown[1], officer, WHY)
    assert (there(names), picture(db, shown[1]).has_avif) == ([], False)


def test_old_orders_and_carts_show_none(db: Any, client: Client, officer: int) -> None:
    open_shop()
    product = factories.product(stock=9)
    product_id = product.id
    face = put_up(product_id, jpeg(), "Tas", None).picture_id
    take_down(product.photo_id or 0, officer, "Buram sekali")
    product = db.session.get_one(Product, product_id, populate_existing=True)
    pay(placed := buy({product: 1}))
    token = cart_of({db.session.get_one(Product, product_id): 1})
    key = picture(db, face).key
    line = order_of(placed).lines[0]
    assert line.photo is not None
    assert line.photo["key"] == key
    order_token = order_of(placed).token
    take_down(face, officer, WHY)
    line = db.session.scalars(select(OrderLine), execution_options={"populate_existing": True}).one()
    assert line.photo is None
    page = client.get(f"/pesanan/{order_token}")
    assert (page.status_code, key in page.text) == (200, False)
    client.set_cookie("keranjang", token)
    cart = client.get("/keranjang").text
    assert (key in cart, HIDDEN.removeprefix("private/") in cart, "foto-usulan" in cart) == (False,) * 3


def test_the_avif_job_that_comes_late_leaves_no_file(db: Any, officer: int) -> None:
    product_id = factories.product().id
    face = put_up(product_id, jpeg(), "Tas", None).picture_id
    names = file_names(picture(db, face))
    take_down(face, officer, WHY)
    make_avif({"picture_id": face})
    assert there(names) == []
    assert picture(db, face).has_avif


def test_approving_and_taking_down_meet(app: Flask, db: Any, officer: int) -> None:
    maker, second = factories.user().id, factories.user().id
    for _round in range(4):
        product_id = factories.product().id
        other = put_up(product_id, jpeg(), "Tas", None).picture_id
        names = file_names(picture(db, other))
        results = at_once(
            app,
            [
                lambda: take_down(other, officer, WHY),  # noqa: B023
                lambda: take_down(other, second, WHY),  # noqa: B023
                lambda: drop_photo(product_id, other, maker, erase=True),  # noqa: B023
            ],
        )
        assert results[:2].count(True) <= 1
        assert there(names) == []
        left = db.session.get(Picture, other, populate_existing=True)
        assert left is None or left.key.startswith(HIDDEN)


def test_publishing_and_taking_down_the_last_photo_meet(app: Flask, db: Any, officer: int) -> None:
    second = factories.user().id
    for _round in range(4):
        product_id = factories.product(status="submitted", photo=False).id
        face = put_up(product_id, jpeg(), "Tas", None).picture_id
        names = file_names(picture(db, face))
        results = at_once(
            app,
            [lambda: publish_product(product_id, second), lambda: take_down(face, officer, WHY)],  # noqa: B023
        )
        product = db.session.get_one(Product, product_id, populate_existing=True)
        assert results[1] in {True, False}
        assert product.status is not ProductStatus.PUBLISHED
        assert there(names) == []
