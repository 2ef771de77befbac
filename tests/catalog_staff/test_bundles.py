"""Several steps at once: all of them happen, or nothing does."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from config import Config
from storefront.catalog.models import Category, Product, ProductPhoto, ProductStatus, Supply, Variant
from storefront.catalog.services import Incomplete, create_category
from storefront.catalog.services.bundles import (
    change_category,
    shift_category,
    start_product,
    update_variants,
)
from storefront.catalog.services.pending import claim_photos, keep_photo, unclaimed_pictures
from storefront.core import clock
from storefront.core.errors import Invalid, NotFound
from storefront.core.models import Picture
from storefront.core.outbox import run_due
from storefront.core.pictures import BadPicture
from storefront.inventory.models import StockMovement
from storefront.inventory.queries import availability
from tests import factories
from tests.catalog_staff.photos import photo


def start(facility_id: int, **changes: Any) -> Product:
    """Start a complete product and submit it, unless changed."""
    values: dict[str, Any] = {
        "price": 75_000,
        "weight": 400,
        "quantity": 3,
        "picture_ids": [keep_photo(photo()).id],
        "submit": True,
        "summary": "Tas rajut dari benang katun.",
        "category_id": create_category("Tas").id,
        "supply": Supply.READY,
    } | changes
    return start_product(facility_id, None, "Tas rajut", **values)


def rows(db: SQLAlchemy, model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def stored_files(config: Config) -> list[Path]:
    return [path for path in Path(config.media_root).rglob("*") if path.is_file()]


def test_a_product_with_photo_and_stock_goes_straight_to_curation(db: SQLAlchemy) -> None:
    product = start(factories.facility().id)
    assert product.status is ProductStatus.SUBMITTED
    assert (product.price_from, product.photos[0].position) == (75_000, 1)
    assert product.photo_id == product.photos[0].picture_id
    assert availability([product.variants[0].id]) == {product.variants[0].id: 3}


def test_nothing_is_left_of_a_product_that_could_not_be_submitted(db: SQLAlchemy) -> None:
    facility = factories.facility()
    with pytest.raises(Incomplete):
        start(facility.id, summary="")
    assert [rows(db, model) for model in (Product, Variant, ProductPhoto, StockMovement)] == [0, 0, 0, 0]
    assert rows(db, Picture) == 1  # still kept, for the corrected form


def test_none_on_the_shelf_yet_is_an_answer_too(db: SQLAlchemy) -> None:
    product = start(factories.facility().id, quantity=0)
    assert availability([product.variants[0].id]) == {product.variants[0].id: 0}


def test_what_is_made_to_order_lies_nowhere(db: SQLAlchemy) -> None:
    product = start(
        factories.facility().id, supply=Supply.MADE_TO_ORDER, lead_days=5, weekly_capacity=4, quantity=9
    )
    assert rows(db, StockMovement) == 0
    assert (product.lead_days, product.weekly_capacity) == (5, 4)


def test_a_picture_is_claimed_once(db: SQLAlchemy) -> None:
    picture_id = keep_photo(photo()).id
    first = factories.product(status="draft", photo=False)
    second = factories.product(status="draft", photo=False)
    first_id, second_id = first.id, second.id
    claim_photos(first_id, None, [picture_id])
    assert unclaimed_pictures([picture_id]) == []
    for wrong in (picture_id, 999_999):
        with pytest.raises(Invalid):
            claim_photos(second_id, None, [wrong])
    assert rows(db, ProductPhoto) == 1


def test_an_unclaimed_picture_goes_after_a_day_and_a_claimed_one_stays(
    db: SQLAlchemy, config: Config
) -> None:
    left, taken = keep_photo(photo()).id, keep_photo(photo(colour="#335577")).id
    claim_photos(factories.product(status="draft", photo=False).id, None, [taken])
    files = len(stored_files(config))
    with clock.travel(clock.now() + timedelta(hours=23)):
        run_due(50)
        assert db.session.get(Picture, left) is not None
    with clock.travel(clock.now() + timedelta(hours=25)):
        run_due(50)
    db.session.rollback()
    assert db.session.get(Picture, left) is None
    assert db.session.get(Picture, taken) is not None
    assert 0 < len(stored_files(config)) < files + 6  # its own files, AVIF ones among them


def test_a_bad_picture_leaves_nothing_behind(db: SQLAlchemy, config: Config) -> None:
    for content in (b"", b"no photo", photo()[:300], photo(kind="GIF")):
        with pytest.raises(BadPicture):
            keep_photo(content)
    assert rows(db, Picture) == 0
    assert stored_files(config) == []


def test_a_wrong_line_in_the_table_of_variants_changes_no_line(db: SQLAlchemy) -> None:
    product = factories.product()
    second = factories.variant(product, "marun")
    first_id, second_id, sku = product.variants[0].id, second.id, second.sku
    with pytest.raises(Invalid) as refused:
        update_variants(product.id, None, {first_id: {"price": 99_000}, second_id: {"sku": "ORANG-LAIN-1"}})
    assert list(refused.value.errors) == [f"{second_id}-sku"]
    db.session.rollback()
    assert db.session.get_one(Variant, first_id).price == 50_000
    update_variants(product.id, None, {second_id: {"price": 99_000}})
    assert db.session.get_one(Product, product.id).price_to == 99_000
    assert db.session.get_one(Variant, second_id).sku == sku
    stranger = factories.product().variants[0].id
    with pytest.raises(NotFound):
        update_variants(product.id, None, {stranger: {"price": 1}})


def test_categories_change_places_with_their_neighbours(db: SQLAlchemy) -> None:
    ids = [create_category(name, position=place).id for place, name in enumerate(["Tas", "Kain", "Kayu"])]
    below = create_category("Kain ecoprint", ids[1]).id

    def order() -> list[int]:
        query = select(Category.id).filter_by(parent_id=None).order_by(Category.position, Category.id)
        return list(db.session.scalars(query))

    shift_category(ids[2], up=True)
    assert order() == [ids[0], ids[2], ids[1]]
    shift_category(ids[0], up=True)  # already the first
    shift_category(ids[0], up=False)
    assert order() == [ids[2], ids[0], ids[1]]
    change_category(below, "Ecoprint", ids[0])
    assert db.session.get_one(Category, below).path == f"/{ids[0]}/{below}/"
    with pytest.raises(NotFound):
        shift_category(999, up=True)


def test_lists_of_the_back_office_cost_the_same_for_one_and_for_many(
    db: SQLAlchemy, query_count: Callable[..., Any]
) -> None:
    from storefront.catalog.queries import curation, staff

    facility, shelf = factories.facility(), factories.category()

    def count() -> list[int]:
        db.session.rollback()
        counts = []
        for read in (
            lambda: [row.photo for row in staff.own_products(facility_id).items],
            lambda: [row.photo for row in staff.stock_rows(facility_id).items],
            lambda: [(p.facility.name, p.photo) for p in curation.waiting().items],
            curation.shelves,
        ):
            with query_count() as statements:
                read()
            counts.append(len(statements))
        return counts

    facility_id = facility.id
    factories.product(facility, status="submitted", shelf=shelf)
    few = count()
    for _ in range(12):
        factories.product(facility, status="submitted", shelf=shelf)
    assert count() == few
    assert max(few) <= 4
