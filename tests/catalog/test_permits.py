"""The food gate: what each kind of food needs on a day, and what leaves the shelf when it is lacking."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog.models import FoodLicence, FoodNeed, FoodRule, LicenceKind, Product, ProductStatus
from storefront.catalog.queries.product import gone_product, product_page, waits_for_permit
from storefront.catalog.services import Incomplete, publish_product, submit_product, update_product
from storefront.catalog.services.categories import move_category
from storefront.catalog.services.licences import add_licence, remove_licence
from storefront.catalog.services.permits import (
    FOREVER,
    add_rule,
    drop_rule,
    lacking_on,
    last_day,
    refresh_all,
)
from storefront.core import clock
from storefront.core.errors import Invalid, NotFound
from tests import factories

LAW = "Peraturan BPOM 31/2018"
TODAY = date(2026, 11, 22)
WAY = [1, 2, 3]
PIRT, MD, HALAL = LicenceKind


def rule(category_id, need, valid_from=TODAY, *, number=1, over_days=None):
    return FoodRule(
        id=number, category_id=category_id, need=FoodNeed(need), valid_from=valid_from, over_days=over_days
    )


def permit(kind, until=None):
    return FoodLicence(kind=kind, number="x", valid_until=until)


def needs(*rules, day=TODAY, shelf_days=None, licences=()):
    return [one.need.value for one in lacking_on(day, WAY, rules, shelf_days, licences)]


def test_the_nearest_category_decides_each_matter():
    above, here = rule(1, "permit"), rule(3, "no_permit", number=2)
    halal = rule(1, "halal", number=3)
    assert needs(above) == ["permit"]
    assert needs(above, here) == []
    assert needs(above, here, halal) == ["halal"]
    assert needs(rule(9, "permit")) == []  # of another shelf


def test_a_later_rule_takes_the_place_of_the_earlier_from_its_own_day():
    rules = rule(1, "permit"), rule(1, "md", TODAY + timedelta(days=3), number=2)
    home = [permit(PIRT)]
    assert needs(*rules, licences=home) == []
    assert needs(*rules, licences=home, day=TODAY + timedelta(days=2)) == []
    assert needs(*rules, licences=home, day=TODAY + timedelta(days=3)) == ["md"]
    assert needs(*rules, licences=[permit(MD)], day=TODAY + timedelta(days=3)) == []
    assert needs(*rules, day=TODAY - timedelta(days=1)) == []


def test_food_that_keeps_a_week_needs_no_permit_and_food_of_unknown_life_does():
    week = rule(1, "permit", over_days=7)
    assert needs(week, shelf_days=7) == []
    assert needs(week, shelf_days=8) == ["permit"]
    assert needs(week) == ["permit"]


@pytest.mark.parametrize(("kind", "asked"), [(PIRT, []), (MD, []), (HALAL, ["permit"])])
def test_either_permit_is_one_to_sell_and_halal_is_none(kind, asked):
    assert needs(rule(1, "permit"), licences=[permit(kind)]) == asked


_days = st.dates(min_value=TODAY - timedelta(days=40), max_value=TODAY + timedelta(days=40))
_permits = st.lists(st.tuples(st.sampled_from(list(LicenceKind)), st.none() | _days), max_size=4)
_rules = st.lists(st.tuples(st.sampled_from(WAY), st.sampled_from(list(FoodNeed)), _days), max_size=5)


@given(_rules, _permits, st.none() | st.integers(1, 20))
def test_the_last_day_is_the_last_on_which_nothing_is_lacking(rules, permits, shelf_days):
    made = [rule(where, need, day, number=n) for n, (where, need, day) in enumerate(rules)]
    held = [permit(kind, until) for kind, until in permits]

    def lacks(day):
        return bool(lacking_on(day, WAY, made, shelf_days, held))

    last = last_day(TODAY, WAY, made, shelf_days, held)
    days = [TODAY + timedelta(days=n) for n in range(90)]
    good = [day for day in days if day <= last]
    assert not any(map(lacks, good))
    if last < FOREVER:
        assert lacks(last + timedelta(days=1))
    else:
        assert not any(map(lacks, days))


# --- on the shelf ------------------------------------------------------------------------------------------


@pytest.fixture
def food(db):
    """A category of snacks below food, and one product in it."""
    food = factories.category("Makanan")
    snacks = factories.category("Camilan", parent=food)
    made = factories.product(factories.facility("LPA"), title="Keripik", shelf=snacks)
    return {"food": food.id, "snacks": snacks.id, "product": made.id, "slug": made.slug}


def wib(day, hour, minute):
    return datetime(2026, 12, day, hour, minute, tzinfo=clock.JAKARTA)


def on_shelf(slug):
    try:
        return product_page(slug).slug == slug
    except NotFound:
        return False


def test_publishing_is_refused_in_words_that_name_the_law(db, food):
    add_rule(food["food"], FoodNeed.PERMIT, clock.today(), LAW)
    shelf = db.session.get_one(factories.Category, food["snacks"])
    draft = factories.product(title="Rempeyek", shelf=shelf, status="draft").id
    with pytest.raises(Incomplete, match=r"izin P-IRT atau BPOM MD yang masih berlaku \(Peraturan BPOM"):
        submit_product(draft, None)
    add_licence(draft, None, PIRT, f"2063603010021-{clock.today().year % 100}")
    submit_product(draft, None)
    publish_product(draft, None)
    assert db.session.get_one(Product, draft).sold_until == date(clock.today().year, 12, 31)


def test_a_permit_holds_through_its_last_wib_day_and_no_longer(db, client, food):
    """The border is midnight in WIB, which is 17.00 UTC of the day before."""
    add_licence(food["product"], None, MD, "867012345678", valid_until=date(2026, 12, 10))
    add_rule(food["food"], FoodNeed.PERMIT, date(2026, 1, 1), LAW)
    with clock.travel(wib(10, 23, 59)):
        assert on_shelf(food["slug"])
        assert client.get(f"/produk/{food['slug']}").status_code == 200
    with clock.travel(wib(11, 0, 0)):
        assert not on_shelf(food["slug"])
        page = client.get(f"/produk/{food['slug']}")
        assert page.status_code == 404
        assert "Izin pangannya sedang diperpanjang" in page.text
        assert "Keripik" not in client.get("/produk").text
        assert waits_for_permit(food["slug"])
        assert gone_product(food["slug"])[0] == "Keripik"


def test_a_new_permit_brings_it_back_though_others_are_still_missing(db, food):
    product_id = food["product"]
    add_rule(food["food"], FoodNeed.PERMIT, clock.today(), LAW)
    add_rule(food["food"], FoodNeed.HALAL, clock.today(), "PP 42/2024")
    assert not on_shelf(food["slug"])
    update_product(product_id, None, care="Simpan di tempat kering")  # what it misses keeps nobody from work
    add_licence(product_id, None, MD, "867012345678")
    assert not on_shelf(food["slug"])
    add_licence(product_id, None, HALAL, "36110000123450120")
    assert on_shelf(food["slug"])
    assert db.session.get_one(Product, product_id).sold_until == FOREVER


def test_a_permit_that_is_needed_cannot_be_taken_off_a_product_on_sale(db, food):
    first = add_licence(food["product"], None, MD, "867012345678").id
    add_rule(food["food"], FoodNeed.PERMIT, clock.today(), LAW)
    with pytest.raises(Incomplete):
        remove_licence(food["product"], first, None)
    second = add_licence(food["product"], None, PIRT, "2063603010021-29").id
    remove_licence(food["product"], first, None)
    assert on_shelf(food["slug"])
    with pytest.raises(Incomplete):
        remove_licence(food["product"], second, None)


def test_rules_move_shelves_at_once_and_say_how_many_products_left(db, food):
    made, left = add_rule(food["food"], FoodNeed.PERMIT, clock.today(), LAW)
    assert left == 1
    with pytest.raises(Invalid):
        add_rule(food["food"], FoodNeed.PERMIT, clock.today(), LAW)
    with pytest.raises(Invalid):
        add_rule(food["food"], FoodNeed.MD, clock.today(), " ")
    drop_rule(made.id)
    assert on_shelf(food["slug"])
    _later, left = add_rule(food["food"], FoodNeed.PERMIT, clock.today() + timedelta(days=10), LAW)
    assert left == 0
    assert on_shelf(food["slug"])
    with clock.travel(clock.now() + timedelta(days=10)):
        assert not on_shelf(food["slug"])


def test_a_category_that_is_hung_elsewhere_takes_other_rules(db, food):
    add_rule(food["food"], FoodNeed.PERMIT, clock.today(), LAW)
    move_category(food["snacks"], None)
    assert on_shelf(food["slug"])
    move_category(food["snacks"], food["food"])
    assert not on_shelf(food["slug"])


def test_the_chore_sets_right_what_a_backup_left_behind(db, food):
    add_rule(food["food"], FoodNeed.PERMIT, clock.today(), LAW)
    product = db.session.get_one(Product, food["product"])
    assert product.status is ProductStatus.PUBLISHED
    product.sold_until = FOREVER
    db.session.commit()
    assert refresh_all() == 1
    assert refresh_all() == 0
    assert not on_shelf(food["slug"])
