"""Search: families of words, slips of the finger, and texts that want to break the query."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.catalog import services
from storefront.catalog.models import SearchWord
from storefront.catalog.providers import search_provider
from storefront.catalog.providers.expressions import expression
from storefront.catalog.providers.fts5 import FTS5
from storefront.catalog.providers.tsvector import TSQUERY
from storefront.catalog.queries.filters import Filters, read_filters
from storefront.catalog.queries.search import query_stems
from storefront.catalog.queries.shelf import shelf
from tests import factories


@pytest.fixture
def goods(db):
    """A handful of products with different words."""
    maker = factories.facility("LPSRG", workshops=("Bengkel Anyam",), town="Kota Serang")
    weaving = factories.category("Anyaman")
    make = factories.product
    make(maker, title="Piring Lidi Sawit", shelf=weaving, workshop_id=maker.workshops[0].id)
    make(title="Tas Rajut Benang", summary="Dirajut dari benang katun", materials="benang katun")
    make(title="Sepatu Kanvas", description="Dijahit rapi, sol karet")
    make(title="Kopi Robusta Sangrai", summary="Biji kopi Banten")
    return {"piring", "tas", "sepatu", "kopi"}


def found(q, **fields):
    return {card.title.split()[0].lower() for card in shelf(Filters(q=q, **fields)).items}


@pytest.mark.parametrize(
    ("q", "titles"),
    [
        ("rajut", {"tas"}),
        ("merajut", {"tas"}),
        ("rajutan", {"tas"}),
        ("RAJÚT", {"tas"}),
        ("anyaman", {"piring"}),
        ("menganyam lidi", {"piring"}),
        ("bengkel anyam", {"piring"}),
        ("jahitan", {"sepatu"}),
        ("robus", {"kopi"}),  # the last word may be a beginning
        ("kopi ban", {"kopi"}),
        ("katun", {"tas"}),
        ("piring dari lidi", {"piring"}),
        ("tas kopi", set()),
    ],
)
def test_words_and_their_families(goods, q, titles):
    assert found(q) == titles


def test_the_facility_and_its_town_are_found(goods):
    assert "piring" in found("LPSRG")
    assert found("kota serang") == goods  # the factory's town


@pytest.mark.parametrize(
    ("typed", "meant", "titles"),
    [
        ("sepattu", "sepatu", {"sepatu"}),
        ("rjaut", "rajut", {"tas"}),
        ("pirng lidi", "piring lidi", {"piring"}),
        ("kopi robustta", "kopi robusta", {"kopi"}),
    ],
)
def test_a_slip_finds_what_was_meant_and_says_so(goods, typed, meant, titles):
    result = shelf(Filters(q=typed))
    assert result.corrected == meant
    assert {card.title.split()[0].lower() for card in result.items} == titles
    assert result.filters.q == typed


def test_no_correction_when_the_words_are_known_or_hopeless(goods):
    assert shelf(Filters(q="tas kopi")).corrected == ""
    assert shelf(Filters(q="xyzzyq")).corrected == ""
    assert shelf(Filters(q="rajut", price_max=1)).corrected == ""


def test_the_title_counts_most(db):
    factories.product(title="Keset", description="Cocok di bawah meja. Meja apa pun, meja kayu.")
    factories.product(title="Meja Teras")
    assert [card.title for card in shelf(Filters(q="meja")).items] == ["Meja Teras", "Keset"]


def test_words_and_filters_together(goods):
    assert found("bengkel", lapas=("lapas-lpsrg",)) == {"piring"}
    result = shelf(Filters(q="kopi"))
    assert (result.total, result.ready, [o.products for o in result.facilities]) == (1, 1, [1])


def test_an_edit_is_found_at_once_and_a_withdrawal_is_not(db):
    product = factories.product(title="Tas Rajut")
    services.update_product(product.id, None, title="Dompet Batik")
    assert found("batik") == {"dompet"}
    assert found("rajut") == set()
    services.withdraw_product(product.id, None)
    assert found("batik") == set()
    assert db.session.get(SearchWord, "batik").uses == 0


def test_a_renamed_category_is_found(db):
    place = factories.category("Tas")
    factories.product(title="Jinjing Besar", shelf=place)
    services.rename_category(place.id, "Keranjang")
    assert found("keranjang") == {"jinjing"}
    assert found("tas") == set()


def test_rebuilding_gives_the_same_answers(goods, db):
    before = {word.word: word.uses for word in db.session.query(SearchWord)}
    assert services.rebuild_index() == 4
    assert {word.word: word.uses for word in db.session.query(SearchWord)} == before
    assert found("merajut") == {"tas"}


HOSTILE = [
    '"',
    "'",
    "a OR b",
    "NEAR(a b)",
    "title:x",
    "tas* AND",
    "* *",
    "-tas",
    "^tas",
    "(((",
    "a & b | !c",
    "tas:*",
    "tas<->kopi",
    "%",
    "_",
    "\\",
    "'; DROP TABLE products; --",
    "\x00tas",
    "tas\u200bkopi",
    "😀",
    "漢字",
    "½ ² ①",
    "x" * 500,
    "rowid",
    "1e5 3.14 -2",
    "http://contoh.id/a?b=c",
]


@pytest.mark.parametrize("q", HOSTILE)
def test_hostile_words_are_only_words(goods, q):
    shelf(read_filters({"q": [q]}, 1))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_text_is_only_words(goods, q):
    shelf(read_filters({"q": [q]}, 1))


def test_adapters_want_stems(db):
    for grammar in (FTS5, TSQUERY):
        with pytest.raises(ValueError, match="nothing"):
            expression(grammar, [])
    assert expression(FTS5, ['a"b', "c"]) == '"a""b" AND ("c" OR "c"*)'
    assert expression(TSQUERY, ["a'b", "c\\"]) == "'a''b' & ('c\\\\' | 'c\\\\':*)"


def test_the_adapter_forgets(goods, db):
    provider = search_provider()
    (tas,) = provider.search(query_stems("tas"), 5)
    assert len(provider.search(query_stems("bengkel"), 2)) <= 2
    provider.remove(tas)
    assert provider.search(query_stems("tas"), 5) == []
    provider.clear()
    assert provider.search(query_stems("kopi"), 5) == []
    db.session.rollback()


def test_the_index_is_built_anew_without_reading_products_one_by_one(db, query_count):
    maker, place = factories.facility(workshops=("Bengkel Rajut",)), factories.category()

    def publish(count):
        for number in range(count):
            factories.product(maker, shelf=place, title=f"Tas Pandan {number}", materials="pandan dan kulit")

    publish(3)
    with query_count() as few:
        services.rebuild_index()
    publish(20)
    with query_count() as many:
        services.rebuild_index()
    assert len(many) - len(few) <= 2 * 20, "what is written of each product"
    assert shelf(Filters(q="kulit")).total == 23
