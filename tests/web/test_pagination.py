"""A page of what a statement finds: never behind the last one, in two queries however many rows there are."""

from typing import Any

import pytest
from sqlalchemy import select

from storefront.catalog.models import Product
from storefront.catalog.queries.gates import waiting_count, waiting_photos
from storefront.catalog.services.staging_photos import add_photo
from storefront.core.db import count_of
from storefront.web.pagination import paged
from tests import factories
from tests.catalog.conftest import jpeg
from tests.support.queries import counted


@pytest.fixture
def titles(db: Any) -> list[str]:
    facility = factories.facility("LPA")
    return [factories.product(facility, title=f"Tas {letter}").title for letter in "ABCDE"]


@pytest.mark.parametrize(
    ("asked", "number", "shown"), [(1, 1, ["A", "B"]), (2, 2, ["C", "D"]), (3, 3, ["E"]), (9_999, 3, ["E"])]
)
def test_a_number_behind_the_last_page_is_the_last(titles: Any, asked: int, number: int, shown: Any) -> None:
    with counted(at_most=2):
        page = paged(select(Product).order_by(Product.title), asked, 2)
    assert (page.number, page.total, page.last) == (number, 5, 3)
    assert [product.title for product in page.items] == [f"Tas {letter}" for letter in shown]


def test_nothing_is_one_empty_page(db: Any) -> None:
    page = paged(select(Product).order_by(Product.id), 7, 20)
    assert (page.items, page.number, page.total, page.has_next) == ([], 1, 0, False)


def test_columns_become_rows_and_a_known_total_is_not_counted(titles: Any) -> None:
    found = select(Product.title, Product.supply).order_by(Product.title)
    with counted(at_most=1):
        page = paged(found, 1, 2, total=5).each(lambda title, _supply: title.lower())
    assert (page.items, page.total) == (["tas a", "tas b"], 5)


def test_the_database_counts_whatever_the_order(titles: Any) -> None:
    with counted(at_most=1) as statements:
        assert count_of(select(Product).where(Product.title != "Tas A").order_by(Product.title)) == 4
    assert "ORDER BY" not in statements[0]


def test_photos_that_wait_are_counted_and_not_read(db: Any) -> None:
    facility, other = factories.facility("LPA"), factories.facility("LPB")
    sender = factories.user("facility_staff", facility=facility).id
    here = [factories.product(facility, status="draft", photo=False).id for _ in range(3)]
    away = factories.product(other, status="draft", photo=False).id
    for product_id in (*here, away):
        add_photo(product_id, jpeg(), "", sender, checked=True)
    facility_id = facility.id
    with counted(at_most=1) as statements:
        assert waiting_count(facility_id) == 3
    assert "count(" in statements[0]
    assert (waiting_count(None), waiting_photos(facility_id).total) == (4, 3)
