"""While somebody types: products, places, the word that was meant; synonyms; no dead ends."""

import gzip
from datetime import timedelta

import pytest

from storefront.catalog.models import Synonym
from storefront.catalog.queries.filters import Filters
from storefront.catalog.queries.shelf import shelf
from storefront.catalog.queries.suggest import suggestions
from storefront.catalog.services.categories import name_category_in_english
from storefront.catalog.services.popularity import set_popularity
from storefront.catalog.services.synonyms import add_synonyms, change_synonyms, delete_synonyms, words_in
from storefront.core import clock
from storefront.core.errors import Invalid
from storefront.core.transactions import transaction, version
from storefront.orders.models import OrderStatus
from storefront.revenue.services import count_popularity
from tests import factories
from tests.catalog.conftest import sender
from tests.support import fairs


@pytest.fixture
def goods(db):
    maker = factories.facility("LPSRG", town="Kota Serang")
    make = factories.product
    return {
        "tas": make(maker, title="Tas Rajut Benang", shelf=factories.category("Tas")),
        "sepatu": make(maker, title="Sepatu Kanvas", shelf=factories.category("Alas Kaki")),
        "kopi": make(maker, title="Kopi Robusta", shelf=factories.category("Minuman")),
    }


def titles(found):
    return {card.title.split()[0].lower() for card in found.items}


# --- synonyms -------------------------------------------------------------------------------------------


def test_a_synonym_finds_what_is_written_otherwise(goods):
    assert titles(shelf(Filters(q="handbag"))) == set()
    key = add_synonyms(["tas", "Handbag", "clutch bag"])
    assert titles(shelf(Filters(q="handbag"))) == {"tas"}
    assert titles(shelf(Filters(q="handbag rajut"))) == {"tas"}
    assert titles(shelf(Filters(q="rajut clutch bag"))) == {"tas"}
    assert titles(shelf(Filters(q="handbag kopi"))) == set()
    assert shelf(Filters(q="handbagg")).corrected == "handbag"
    change_synonyms(key, ["kopi", "handbag"])
    assert titles(shelf(Filters(q="handbag"))) == {"kopi"}
    delete_synonyms(key)
    assert titles(shelf(Filters(q="handbag"))) == set()


@pytest.mark.parametrize(
    "words", [[], ["tas"], ["tas", "Tas!"], ["a" * 41, "tas"], [f"kata{n}" for n in range(13)]]
)
def test_a_group_needs_two_different_words(db, words):
    with pytest.raises(Invalid):
        add_synonyms(words)


def test_the_office_keeps_the_groups(client, db):
    factories.signed_in(client, "regional")
    assert words_in("tas, handbag,\n clutch") == ["tas", "handbag", "clutch"]
    send = sender(client, "/kanwil/sinonim")
    assert send("/kanwil/sinonim", words="tas").status_code == 422
    assert send("/kanwil/sinonim", words="tas, handbag").status_code == 303
    key = db.session.query(Synonym).one().id
    assert "tas = handbag" in client.get("/kanwil/sinonim").text
    assert send(f"/kanwil/sinonim/{key}", words="tas, tote").status_code == 303
    assert send(f"/kanwil/sinonim/{key}/hapus").status_code == 303
    assert client.get(f"/kanwil/sinonim/{key}").status_code == 404


def test_only_the_office_keeps_them(client, db):
    factories.signed_in(client, "promoter")
    assert client.get("/kanwil/sinonim").status_code == 403


# --- suggestions ----------------------------------------------------------------------------------------


def test_what_the_search_field_offers(client, goods):
    answer = client.get("/saran?q=tas")
    assert answer.headers["Cache-Control"].startswith("public")
    told = answer.json
    assert [product["title"] for product in told["products"]] == ["Tas Rajut Benang"]
    product = told["products"][0]
    assert product["url"] == f"/produk/{goods['tas'].slug}"
    assert product["price"] == "Rp50.000"
    assert product["photo"].endswith("-360.webp")
    assert {"url": "/kategori/tas", "label": "Tas", "kind": "Kategori"} in told["places"]
    assert client.get("/en/saran?q=ta").json["products"][0]["url"].startswith("/en/produk/")


def test_a_slip_is_mended(goods):
    found = suggestions("sepattu")
    assert (found.meant, [one.title for one in found.products]) == ("sepatu", ["Sepatu Kanvas"])


@pytest.mark.parametrize("q", ["", "t", "   ", "\0", "%", "' OR 1=1 --", "x" * 500])
def test_nothing_typed_breaks_it(client, goods, q):
    assert client.get("/saran", query_string={"q": q}).status_code == 200


@pytest.mark.parametrize("q", ["ta", "sepattu", "xyzzyq"])
def test_four_queries(goods, query_count, q):
    suggestions("kopi x")  # the shelves and the words are known
    with query_count(at_most=4):
        suggestions(q)


def test_english_categories(client, goods):
    name_category_in_english(goods["tas"].category_id, "Bags")
    assert "Bags" in client.get("/en/produk").text
    assert "Bags" not in client.get("/produk").text
    assert titles(shelf(Filters(q="bags"))) == {"tas"}


def test_cards_by_id(client, goods):
    client.lint = False  # a piece of a page
    keys = [goods["kopi"].id, 10**9, goods["tas"].id]
    text = client.get(f"/kartu?id={','.join(map(str, keys))},x,").text
    assert text.index("Kopi Robusta") < text.index("Tas Rajut")
    assert client.get("/kartu").text.strip() == ""


# --- no dead end ----------------------------------------------------------------------------------------


def test_an_empty_list_shows_ways_out(goods):
    found = shelf(Filters(q="tas kopi"))
    assert (found.total, [card.title for card in found.popular][:1]) == (0, ["Kopi Robusta"])
    assert {(way.label, way.count) for way in found.ways_out} == {
        ("Hanya “tas”", 1),
        ("Hanya “kopi”", 1),
    }
    assert {door.label for door in found.rooms} == {"Tas", "Alas Kaki", "Minuman"}
    for way in found.ways_out:
        assert shelf(way.filters).total == way.count


def test_filters_are_dropped_one_by_one(client, goods):
    found = shelf(Filters(q="tas", kategori=("alas-kaki",), harga_max="100rb", price_max=100_000), None)
    assert {(way.label, way.count) for way in found.ways_out} == {
        ("Tanpa “tas”", 1),
        ("Tanpa Alas Kaki", 1),
    }
    assert "Tanpa Alas Kaki" in client.get("/produk?q=tas&kategori=alas-kaki").text
    dear = shelf(Filters(kategori=("tas",), harga_min="9jt", price_min=9_000_000))
    assert ("Tanpa harga terendah", 1) in {(way.label, way.count) for way in dear.ways_out}
    cheap = shelf(Filters(kategori=("tas",), harga_max="100", price_max=100))
    assert ("Tanpa harga tertinggi", 1) in {(way.label, way.count) for way in cheap.ways_out}
    inside = shelf(Filters(q="tas"), "minuman")
    assert ("Di semua kategori", "/produk?q=tas") in {(way.label, way.href) for way in inside.ways_out}


# --- what sells, and how heavy it is --------------------------------------------------------------------


def test_popularity_touches_pages_only_when_it_changed(goods):
    assert set_popularity({goods["kopi"].id: 4}) == 1
    before = version("catalog")
    assert set_popularity({goods["kopi"].id: 4}) == 0
    assert version("catalog") == before
    assert count_popularity() == 1, "nothing was paid for, so it is forgotten"


def buy(*lines, at):
    order, _journal = fairs.paid_order(None, *lines, at=at)
    with transaction():
        for item, (product, _pieces) in zip(order.parcels[0].items, lines, strict=True):
            item.line.variant_id = product.variants[0].id
    return order


def test_best_selling_is_in_how_many_orders_not_how_many_pieces(goods):
    now = clock.now()
    buy((goods["tas"], 900), at=now)  # one office that buys for everybody
    buy((goods["kopi"], 1), (goods["sepatu"], 1), at=now)
    buy((goods["kopi"], 2), at=now - timedelta(days=89))
    for _ in range(3):
        buy((goods["sepatu"], 1), at=now - timedelta(days=91))  # last season
    undone = buy((goods["tas"], 1), at=now)
    with transaction():
        undone.status = OrderStatus.CANCELLED
    assert count_popularity() == 3
    assert {name: product.popularity for name, product in goods.items()} == {"kopi": 2, "sepatu": 1, "tas": 1}
    assert shelf(Filters(urut="terlaris")).items[0].title == "Kopi Robusta"


def test_a_full_list_is_light(client, db):
    maker, place = factories.facility(), factories.category()
    for number in range(30):
        factories.product(
            maker, shelf=place, title=f"Nama barang yang cukup panjang sekali nomor {number}" + " x" * 20
        )
    assert len(gzip.compress(client.get("/produk").data, 6)) <= 12 * 1024
