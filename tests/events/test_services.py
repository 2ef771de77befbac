"""Fairs are written down, changed, filled and published; what makes no sense is refused in words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from storefront.catalog.models import Product, ProductStatus
from storefront.core.errors import Invalid, NotFound
from storefront.core.models import Picture
from storefront.core.storage import storage
from storefront.core.transactions import transaction, version
from storefront.events import services
from storefront.events.models import Fair, FairFacility, FairProduct
from tests.factories import facility, product
from tests.support import fairs


def picked(db, fair_id):
    rows = select(FairProduct.product_id).filter_by(fair_id=fair_id).order_by(FairProduct.position)
    return list(db.session.scalars(rows))


def taking_part(db, fair_id):
    return set(db.session.scalars(select(FairFacility.facility_id).filter_by(fair_id=fair_id)))


def overwrite(db, fair_id, **values):
    with transaction():
        db.session.execute(update(Fair).filter_by(id=fair_id).values(values))


def test_a_new_fair_has_a_code_and_an_address_and_is_not_public(db):
    serang = facility().id

    fair_id = services.create_fair(fairs.details(target=50_000_000), facility_ids=[serang], by=None)

    fair = db.session.get_one(Fair, fair_id)
    assert (fair.code, fair.slug) == ("BANTEN-EXPO-26", "banten-expo-2026")
    assert (fair.name, fair.target, fair.is_published) == ("Banten Expo 2026", 50_000_000, False)
    assert taking_part(db, fair_id) == {serang}


def test_the_same_name_again_gets_another_code_and_address(db):
    made = [db.session.get_one(Fair, fairs.fair()) for _ in range(3)]

    assert [fair.code for fair in made] == ["BANTEN-EXPO-26", "BANTEN-EXPO-26-2", "BANTEN-EXPO-26-3"]
    assert [fair.slug for fair in made] == ["banten-expo-2026", "banten-expo-2026-2", "banten-expo-2026-3"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Banten Expo 2026", "BANTEN-EXPO-26"),
        ("HUT ke-26 Provinsi Banten", "HUT-26-26"),
        ("Pameran Kriya di Alun-Alun", "PAMERAN-KRIYA-26"),
        ("Supercalifragilistik", "SUPERCALIFRAG-26"),
        ("Café & Kopi", "CAFE-KOPI-26"),
        ("2026", "ACARA-26"),
        ("展覧会", "ACARA-26"),
    ],
)
def test_codes_say_what_they_are_for(name, code):
    assert services.fair_code(name, 2026) == code


@given(st.text(min_size=1, max_size=120), st.integers(2000, 2100))
def test_every_name_gives_a_code_that_can_be_typed(name, year):
    code = services.fair_code(name, year)

    assert 3 <= len(code) <= services.CODE_LENGTH
    assert set(code) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
    assert code == code.upper()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "  ", "Nama acara perlu diisi."),
        ("name", "x" * 121, "Nama acara paling panjang 120 huruf."),
        ("venue", "", "Tempat perlu diisi."),
        ("organiser", "", "Penyelenggara perlu diisi."),
        ("ends_on", date(2026, 10, 3), "Hari terakhir tidak boleh sebelum hari pertama."),
        ("ends_on", date(2027, 10, 5), "Acara paling lama satu tahun."),
        ("target", -1, "Target ini tidak masuk akal. Tulis jumlah dalam rupiah."),
    ],
)
def test_nonsense_is_refused_beside_its_field_and_nothing_is_stored(db, field, value, words):
    with pytest.raises(Invalid) as refusal:
        services.create_fair(fairs.details(**{field: value}), by=None)

    assert refusal.value.errors == {field: words}
    assert db.session.scalar(select(func.count(Fair.id))) == 0


def test_an_unknown_facility_is_refused_and_nothing_is_stored(db):
    with pytest.raises(Invalid) as refusal:
        services.create_fair(fairs.details(), facility_ids=[999], by=None)

    assert "facilities" in refusal.value.errors
    assert db.session.scalar(select(func.count(Fair.id))) == 0


def test_a_change_keeps_code_and_address_because_posters_carry_them(db):
    fair_id, before = fairs.fair(), version("catalog")

    services.update_fair(fair_id, fairs.details(name="Pekan Raya 2027"), facility_ids=[])

    fair = db.session.get_one(Fair, fair_id)
    assert (fair.name, fair.code, fair.slug) == ("Pekan Raya 2027", "BANTEN-EXPO-26", "banten-expo-2026")
    assert version("catalog") == before + 1


def test_products_keep_the_order_of_the_promoter_and_bring_their_facility(db):
    home = facility()
    bag, shoe, cake = (product(home, title=title).id for title in ("Tas", "Sepatu", "Kue"))
    fair_id, facility_id = fairs.fair(), home.id

    services.choose_products(fair_id, [shoe, bag, shoe])
    services.add_products(fair_id, [cake, bag])

    assert picked(db, fair_id) == [shoe, bag, cake]
    assert taking_part(db, fair_id) == {facility_id}


def test_a_facility_that_leaves_takes_its_products_along(db):
    here, there = facility(), facility()
    bag, shoe = product(here), product(there)
    fair_id, stays, bag_id = fairs.fair(products=[bag, shoe]), here.id, bag.id

    services.update_fair(fair_id, fairs.details(), facility_ids=[stays])

    assert picked(db, fair_id) == [bag_id]
    assert taking_part(db, fair_id) == {stays}


@pytest.mark.parametrize(
    "status", [status for status in ProductStatus if status is not ProductStatus.PUBLISHED]
)
def test_only_products_on_sale_can_be_chosen(db, status):
    hidden = product(facility(), status=status).id
    fair_id = fairs.fair()

    with pytest.raises(Invalid):
        services.choose_products(fair_id, [hidden])

    assert picked(db, fair_id) == []


def test_a_product_that_left_the_shelf_may_stay_chosen(db):
    item = product(facility())
    fair_id, product_id = fairs.fair(products=[item]), item.id
    with transaction():
        db.session.get_one(Product, product_id).status = ProductStatus.ARCHIVED

    services.choose_products(fair_id, [product_id])

    assert picked(db, fair_id) == [product_id]


def test_there_is_an_end_to_what_a_fair_can_show(db, monkeypatch):
    monkeypatch.setattr(services, "MAX_PICKS", 1)
    home = facility()
    ids = [product(home).id for _ in range(2)]
    fair_id = fairs.fair()

    with pytest.raises(Invalid, match="paling banyak 1"):
        services.choose_products(fair_id, ids)

    assert picked(db, fair_id) == []


def test_publishing_twice_is_publishing_once(db):
    fair_id = fairs.fair(published=False)

    services.publish_fair(fair_id)
    services.publish_fair(fair_id)
    assert db.session.get_one(Fair, fair_id).is_published

    services.unpublish_fair(fair_id)
    assert not db.session.get_one(Fair, fair_id).is_published


@pytest.mark.parametrize(
    "change",
    [
        lambda: services.update_fair(999, fairs.details(), facility_ids=[]),
        lambda: services.choose_products(999, []),
        lambda: services.add_products(999, []),
        lambda: services.update_fair(999, fairs.details(), facility_ids=[], photo=fairs.jpeg()),
        lambda: services.publish_fair(999),
        lambda: services.unpublish_fair(999),
    ],
)
def test_a_fair_that_is_not_there_is_not_found(db, change):
    with pytest.raises(NotFound):
        change()
    assert db.session.scalar(select(func.count(Picture.id))) == 0


def test_a_new_picture_replaces_the_old_one_and_its_files(db):
    fair_id = services.create_fair(fairs.details(), photo=fairs.jpeg(), photo_alt="Stan tahun lalu", by=None)
    old = db.session.get_one(Fair, fair_id).picture
    old_file = f"{old.key}-360.webp"
    assert old.alt == "Stan tahun lalu"
    assert storage().exists(old_file)

    services.update_fair(fair_id, fairs.details(), facility_ids=[], photo_alt="Stan kami")
    assert db.session.get_one(Fair, fair_id).picture.alt == "Stan kami"

    services.update_fair(fair_id, fairs.details(), facility_ids=[], photo=fairs.jpeg(), photo_alt="Panggung")
    assert db.session.get_one(Fair, fair_id).picture.alt == "Panggung"
    assert db.session.scalar(select(func.count(Picture.id))) == 1
    assert not storage().exists(old_file)


def test_a_file_that_is_no_photo_stores_no_fair(db):
    with pytest.raises(Invalid) as refusal:
        services.create_fair(fairs.details(), photo=b"GIF89a", by=None)

    assert "picture" in refusal.value.errors
    assert db.session.scalar(select(func.count(Fair.id))) == 0


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("dates_in_order", {"ends_on": fairs.DAY - timedelta(days=1)}),
        ("code_is_upper", {"code": "banten-26"}),
        ("target_not_negative", {"target": -1}),
    ],
)
def test_the_table_itself_refuses_nonsense(db, constraint, broken):
    fair_id = fairs.fair()

    with pytest.raises(IntegrityError, match=constraint):
        overwrite(db, fair_id, **broken)


@pytest.mark.parametrize("column", ["code", "slug"])
def test_no_two_fairs_share_a_code_or_an_address(db, column):
    first, second = fairs.fair(), fairs.fair()
    taken = getattr(db.session.get_one(Fair, first), column)

    with pytest.raises(IntegrityError):
        overwrite(db, second, **{column: taken})
