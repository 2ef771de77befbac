"""What is sold out stands at the end of a list, whatever its order; nothing is lost on the way there."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.catalog.queries import cards, places
from storefront.catalog.queries import shelf as shelves
from storefront.catalog.queries.filters import Filters
from storefront.catalog.queries.shelf import shelf
from tests import factories


@pytest.fixture
def stand(db):
    return factories.facility("LPH"), factories.category("Tas")


@pytest.fixture
def small_pages(monkeypatch):
    """Three products on a page."""
    monkeypatch.setattr(shelves, "PAGE_SIZE", 3)
    monkeypatch.setattr(shelves, "last_page", lambda total: max(1, -(-total // 3)))
    monkeypatch.setattr(shelves, "offset_of", lambda number: (number - 1) * 3)


def whole(filters):
    """The cards of a list from its first page to its last."""
    pages = -(-shelf(filters).total // 3)
    return [card for number in range(1, pages + 1) for card in shelf(filters.on_page(number)).items]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(st.sampled_from((0, 0, 1, 5, None)), max_size=9),
    order=st.sampled_from(("terbaru", "terlaris", "termurah", "termahal")),
)
def test_every_page_agrees_with_the_plainest_reading(stand, small_pages, pieces, order):
    maker, place = stand
    before = shelf(Filters()).total
    for number, stock in enumerate(pieces):
        kind = "made_to_order" if stock is None else "ready"
        factories.product(maker, shelf=place, stock=stock, supply=kind, price=1_000 * (number % 4 + 1))
    found = whole(Filters(urut=order))
    assert len({card.slug for card in found}) == len(found) == before + len(pieces)
    available = [card.available for card in found]
    assert available == sorted(available, reverse=True)
    for part in (True, False):
        prices = [card.price_from for card in found if card.available is part]
        if order in ("termurah", "termahal"):
            assert prices == sorted(prices, reverse=order == "termahal")


def test_a_search_shows_the_best_match_first_even_when_it_is_sold_out(stand):
    maker, place = stand
    asked = factories.product(maker, shelf=place, title="Tas Pandan", stock=0)
    factories.product(maker, shelf=place, title="Tas Rajut", materials="pandan")
    assert shelf(Filters(q="tas pandan")).items[0].slug == asked.slug
    assert shelf(Filters(q="tas pandan", urut="terbaru")).items[-1].slug == asked.slug


def test_home_shows_what_can_be_bought(stand):
    maker, place = stand
    bought = [factories.product(maker, shelf=place).slug for _ in range(places.NEWEST)]
    factories.product(maker, shelf=place, stock=0)
    assert {card.slug for card in places.home().newest} == set(bought)


def test_a_list_of_what_is_left_asks_one_question_more(stand, query_count):
    maker, place = stand
    factories.product(maker, shelf=place)
    with query_count() as before:
        shelf(Filters())
    factories.product(maker, shelf=place, stock=0)
    with query_count(at_most=len(before) + 1):
        assert [card.available for card in shelf(Filters()).items] == [True, False]


def test_stock_at_a_fair_or_of_a_form_taken_off_sale_is_sold_out(stand, db):
    maker, place = stand
    gone = factories.product(maker, shelf=place)
    gone.variants[0].is_active = False
    db.session.commit()
    here = factories.product(maker, shelf=place)
    assert [row.slug for row in shelf(Filters()).items] == [here.slug, gone.slug]
    assert cards.pieces_of([gone.id]) == {}
