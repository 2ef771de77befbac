"""What the pages about fairs read: who sees which fair, and in which order."""

from datetime import UTC, date, datetime

import pytest

from storefront.catalog.models import Product, ProductStatus
from storefront.core import clock
from storefront.core.errors import NotFound
from storefront.core.transactions import transaction
from storefront.events import queries, services
from storefront.events.models import Fair
from tests.factories import facility, product
from tests.support import fairs

NOON = datetime(2026, 10, 5, 5, tzinfo=UTC)  # 12.00 WIB on the second day


@pytest.fixture
def today():
    with clock.travel(NOON):
        yield clock.today()


def names(cards):
    return [card.name for card in cards]


def test_the_public_list_says_what_runs_what_comes_and_what_was(db, today):
    fairs.fair(name="Sekarang")
    fairs.fair(name="Nanti", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2))
    fairs.fair(name="Segera", starts_on=date(2026, 10, 6), ends_on=date(2026, 10, 6))
    fairs.fair(name="Dulu", starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 2))
    fairs.fair(name="Kemarin", starts_on=date(2026, 10, 4), ends_on=date(2026, 10, 4))
    fairs.fair(name="Rahasia", published=False)

    listed = queries.public_fairs()

    assert names(listed.running) == ["Sekarang"]
    assert names(listed.coming) == ["Segera", "Nanti"]
    assert names(listed.past) == ["Kemarin", "Dulu"]
    assert [card.days_left for card in listed.coming] == [1, 57]


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        (datetime(2026, 10, 3, 16, 59, tzinfo=UTC), queries.Phase.COMING),
        (datetime(2026, 10, 3, 17, 0, tzinfo=UTC), queries.Phase.RUNNING),  # midnight in Banten
        (datetime(2026, 10, 7, 16, 59, tzinfo=UTC), queries.Phase.RUNNING),
        (datetime(2026, 10, 7, 17, 0, tzinfo=UTC), queries.Phase.PAST),
    ],
)
def test_a_fair_begins_and_ends_at_midnight_in_banten(moment, phase):
    with clock.travel(moment):
        assert queries.phase_of(date(2026, 10, 4), date(2026, 10, 7)) is phase


def test_the_home_page_shows_the_running_fair_that_ends_first(db, today):
    assert queries.running_fair() is None
    fairs.fair(name="Lama", ends_on=date(2026, 10, 30))
    fairs.fair(name="Singkat")
    fairs.fair(name="Rahasia", ends_on=date(2026, 10, 5), published=False)

    assert queries.running_fair().name == "Singkat"


def test_a_code_counts_only_while_its_fair_is_published(db):
    fair_id = fairs.fair()
    code = db.session.get_one(Fair, fair_id).code

    assert queries.fair_by_code(code) == fair_id
    assert queries.fair_by_code(code.lower()) == fair_id
    services.unpublish_fair(fair_id)
    assert queries.fair_by_code(code) is None


@pytest.mark.parametrize(
    "nonsense", [None, "", "x", "TIDAK-ADA", "A" * 17, "' OR 1=1 --", "BANTEN\x00EXPO", "é"]
)
def test_any_other_word_is_no_code(db, nonsense):
    fairs.fair()
    assert queries.fair_by_code(nonsense) is None


def test_a_draft_has_no_public_page(db):
    fair_id = fairs.fair(published=False)
    slug = db.session.get_one(Fair, fair_id).slug

    with pytest.raises(NotFound):
        queries.published_fair(slug)
    with pytest.raises(NotFound):
        queries.slug_by_code("BANTEN-EXPO-26")


def test_the_public_page_shows_what_is_on_sale_in_the_chosen_order(db):
    home = facility()
    items = [product(home, title=title) for title in ("Tas", "Sepatu", "Kue")]
    fair_id, gone = fairs.fair(products=items[::-1]), items[1].id
    with transaction():
        db.session.get_one(Product, gone).status = ProductStatus.ARCHIVED

    assert [card.title for card in queries.shown_cards(fair_id)] == ["Kue", "Tas"]
    assert queries.fair_card(fair_id).products == 2
    assert [item.title for item in queries.picked_products(fair_id)] == ["Kue", "Sepatu", "Tas"]


def test_choices_start_with_those_who_take_part_and_can_be_searched(db):
    first, second = facility(name="Lapas A"), facility(name="Lapas B")
    product(first, title="Tas rajut")
    shoe = product(second, title="Sepatu kulit")
    bag = product(second, title="Tas kulit")
    product(second, title="Tas rahasia", status="draft")
    fair_id = fairs.fair(products=[shoe])

    choices = queries.product_choices(fair_id)
    assert list(choices) == ["Lapas B", "Lapas A"]
    assert names_of(choices) == ["Tas kulit", "Tas rajut"]
    assert names_of(queries.product_choices(fair_id, "TAS lapas b")) == ["Tas kulit"]
    assert names_of(queries.product_choices(fair_id, "%")) == ["Tas kulit", "Tas rajut"]
    assert names_of(queries.product_choices(fair_id, "meja")) == []
    assert bag.status == "published"


def names_of(choices):
    return [item.title for group in choices.values() for item in group]


def test_lists_need_one_query_however_many_fairs_there_are(db, query_count):
    for _ in range(5):
        fairs.fair()
    db.session.rollback()
    with query_count(at_most=1):
        assert len(queries.all_fairs()) == 5
