"""Permits of food: read however they were typed, shown while they hold."""

from datetime import date, timedelta

import pytest

from storefront.catalog.models import FoodLicence, LicenceKind, Product
from storefront.catalog.queries.product import product_page
from storefront.catalog.services.licences import MOST, add_licence, read_number, remove_licence
from storefront.core import clock
from storefront.core.errors import Invalid, NotFound
from tests import factories

PIRT, MD, HALAL = LicenceKind


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        (PIRT, "2063603010021-29", "2063603010021-29"),
        (PIRT, "P-IRT 2063603010021 - 29", "2063603010021-29"),
        (PIRT, "P-IRT No. 1", None), (PIRT, "P-IRT 206360301002129", "2063603010021-29"),
        (MD, "MD 867012345678", "MD 867012345678"), (MD, "BPOM RI MD 867012345678", "MD 867012345678"),
        (MD, "86701234567", None), (HALAL, "ID 36110000123450120", "ID36110000123450120"),
        (HALAL, "36110000123450120", "ID36110000123450120"), (HALAL, "ID3611", None), (HALAL, "", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(kind, typed, number):
    if number is None:
        with pytest.raises(ValueError, match="Nomor"):
            read_number(kind, typed)
    else:
        assert read_number(kind, typed) == number


@pytest.fixture
def chips(db):
    return factories.product(factories.facility("LPA"), title="Keripik Tempe")


def shown(slug):
    return [licence.number for licence in product_page(slug).licences]


def test_a_permit_is_shown_while_it_holds(db, chips):
    slug, product_id = chips.slug, chips.id
    this_year = clock.today().year % 100
    add_licence(product_id, None, PIRT, f"2063603010021-{this_year}")
    add_licence(product_id, None, PIRT, f"2063603010022-{this_year - 1}")
    add_licence(product_id, None, HALAL, "36110000123450120", valid_until=clock.today())
    add_licence(product_id, None, MD, "867012345678", valid_until=clock.today() - timedelta(days=1))

    assert shown(slug) == ["ID36110000123450120", f"2063603010021-{this_year}"]
    assert db.session.query(FoodLicence).count() == 4


def test_the_year_in_a_number_is_its_end(db, chips):
    made = add_licence(chips.id, None, PIRT, "2063603010021-29")
    assert made.last_day == date(2029, 12, 31)
    assert made.holds_on(date(2029, 12, 31))
    assert not made.holds_on(date(2030, 1, 1))


def test_a_number_stands_once_and_there_are_not_too_many(db, chips):
    product_id = chips.id
    for number in range(MOST):
        add_licence(product_id, None, MD, f"{number:012}")
    with pytest.raises(Invalid):
        add_licence(product_id, None, MD, "867012345678")
    with pytest.raises(Invalid):
        add_licence(product_id, None, MD, f"{0:012}")


def test_a_permit_goes_from_its_own_product_only(db, chips):
    product_id, slug = chips.id, chips.slug
    other_id = factories.product().id
    licence_id = add_licence(product_id, None, MD, "867012345678").id
    with pytest.raises(NotFound):
        remove_licence(other_id, licence_id, None)
    remove_licence(product_id, licence_id, None)
    assert shown(slug) == []


def test_staff_write_it_down_on_the_products_page(client, db, chips):
    product_id, slug = chips.id, chips.slug
    factories.signed_in(client, "facility_staff", facility=db.session.get_one(Product, product_id).facility)
    page, action = f"/petugas/produk/{product_id}", f"/petugas/produk/{product_id}/izin"
    wrong = {"licence-kind": "pirt", "licence-number": "123"}
    assert client.submit(page, wrong, action=action).status_code == 422

    good = wrong | {"licence-number": "206360301002129", "licence-holder": "Koperasi Contoh"}
    assert client.submit(page, good, action=action).status_code == 303
    assert "Koperasi Contoh" in client.get(f"/produk/{slug}").text
    licence_id = db.session.query(FoodLicence).one().id
    assert client.submit(page, action=f"{action}/{licence_id}/hapus").status_code == 303
    assert "206360301002129" not in client.get(f"/produk/{slug}").text
