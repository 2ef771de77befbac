"""Lists: filters, their counts, order and pages, checked against the plainest possible reading."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog import services
from storefront.catalog.queries import places
from storefront.catalog.queries.filters import Filters, read_filters
from storefront.catalog.queries.product import gone_product, product_page
from storefront.catalog.queries.rows import PAGE_SIZE, Badge
from storefront.catalog.queries.shelf import shelf
from storefront.catalog.services.popularity import set_popularity
from storefront.core import clock
from storefront.core.errors import NotFound
from storefront.inventory import services as inventory
from tests import factories


def slugs(found):
    return [card.slug for card in found.items]


# --- filters, one by one ----------------------------------------------------------------------------


def test_only_published_products(db):
    for status in ("draft", "submitted", "returned", "archived"):
        factories.product(status=status)
    shown = factories.product()
    found = shelf(Filters())
    assert (slugs(found), found.total) == ([shown.slug], 1)


def test_a_category_includes_what_is_below(db):
    bags = factories.category("Tas")
    woven = factories.category("Tas anyam", parent=bags)
    one, two, _other = factories.product(shelf=bags), factories.product(shelf=woven), factories.product()
    assert set(slugs(shelf(Filters(kategori=("tas",))))) == {one.slug, two.slug}
    assert slugs(shelf(Filters(kategori=("tas-anyam",)))) == [two.slug]
    found = shelf(Filters(), "tas")
    assert found.total == 2
    assert [(option.name, option.products, option.depth) for option in found.categories] == [
        ("Tas anyam", 1, 0)
    ]
    assert [sign.name for sign in shelf(Filters(), "tas-anyam").way] == ["Tas", "Tas anyam"]
    with pytest.raises(NotFound):
        shelf(Filters(), "sepatu")


def test_within_a_facet_or_across_facets_and(db):
    north, south = factories.facility("LPA"), factories.facility("LPB")
    bags, shoes = factories.category("Tas"), factories.category("Sepatu")
    for maker in (north, south):
        for place in (bags, shoes):
            factories.product(maker, shelf=place)
    found = shelf(Filters(kategori=("sepatu", "tas"), lapas=("lapas-lpa",)))
    assert found.total == 2
    assert {option.name: option.products for option in found.facilities} == {
        "Lapas Contoh LPA": 2,
        "Lapas Contoh LPB": 2,
    }
    assert {option.name: option.products for option in found.categories} == {"Tas": 1, "Sepatu": 1}


def test_a_price_range_meets_the_products_range(db):
    product = factories.product()
    factories.variant(product, "S", price=40_000)
    factories.variant(product, "L", price=60_000)
    for low, high, fits in (
        (None, 40_000, 1),
        (None, 39_999, 0),
        (60_000, None, 1),
        (60_001, None, 0),
        (45_000, 50_000, 1),
    ):
        assert shelf(Filters(price_min=low, price_max=high)).total == fits


def test_ready_to_send(db):
    ready = factories.product(stock=1)
    factories.product(stock=0)
    factories.product(supply="made_to_order")
    found = shelf(Filters())
    assert (found.total, found.ready) == (3, 1)
    assert slugs(shelf(Filters(siap_kirim=True))) == [ready.slug]


def test_orders(db):
    cheap = factories.product(price=10_000, published_at=clock.day_start(clock.today()))
    dear = factories.product(price=90_000)
    assert slugs(shelf(Filters())) == [dear.slug, cheap.slug]
    assert slugs(shelf(Filters(urut="termurah"))) == [cheap.slug, dear.slug]
    assert slugs(shelf(Filters(urut="termahal"))) == [dear.slug, cheap.slug]
    assert set_popularity({cheap.id: 3}) == 1
    assert slugs(shelf(Filters(urut="terlaris"))) == [cheap.slug, dear.slug]
    assert "relevansi" not in shelf(Filters(urut="relevansi")).filters.sorts


def test_pages_show_every_product_once(db):
    maker, place = factories.facility(), factories.category()
    made = {factories.product(maker, shelf=place).slug for _ in range(PAGE_SIZE + 3)}
    first, second, beyond = (shelf(Filters(hal=n)) for n in (1, 2, 9))
    assert (len(first.items), len(second.items), first.last, beyond.number) == (PAGE_SIZE, 3, 2, 2)
    assert set(slugs(first)) | set(slugs(second)) == made
    assert (first.shown_to, second.shown_to) == (PAGE_SIZE, PAGE_SIZE + 3)


def test_what_is_unknown_is_left_out_and_said(db):
    factories.product()
    found = shelf(Filters(kategori=("tidak-ada",), lapas=("entah",), q="!!"))
    assert (found.total, len(found.notices)) == (1, 3)
    assert found.filters.kategori == found.filters.lapas == ()


def test_badges(db):
    def badge(**fields):
        return shelf(Filters(q=factories.product(**fields).title)).items[0].badge

    old = {"published_at": clock.now() - timedelta(days=15)}
    assert badge(title="Aaa", stock=0) == Badge("habis", "Habis")
    assert badge(title="Bbb", stock=3) == Badge("sisa", "Sisa 3")
    assert badge(title="Ccc", supply="made_to_order") == Badge("pesan", "Pesan dulu 5 hari")
    assert badge(title="Ddd", shipping_class="pickup_only") == Badge("ambil", "Hanya ambil di tempat")
    assert badge(title="Eee") == Badge("baru", "Baru")
    assert badge(title="Fff", **old) is None


def test_stock_at_a_fair_is_not_sold_online(db):
    product = factories.product(stock=2)
    fair = factories.stored(factories.fair_location(product.facility_id))
    factories.stored(factories.level(fair, product.variants[0], 50))
    assert shelf(Filters()).items[0].badge == Badge("sisa", "Sisa 2")
    assert product_page(product.slug).variants[0].available == 2


def test_counts_follow_a_change_at_once(db):
    product = factories.product()
    assert shelf(Filters()).total == 1
    services.withdraw_product(product.id, None)
    assert shelf(Filters()).total == 0


def test_chips_lead_back(db):
    factories.product(shelf=factories.category("Tas"))
    filters = Filters(q="tas", kategori=("tas",), price_min=5000, harga_min="5rb", siap_kirim=True, hal=3)
    chips = {chip.label: chip.without.address("/produk") for chip in shelf(filters).chips}
    assert chips == {
        "“tas”": "/produk?kategori=tas&harga_min=5rb&siap_kirim=1",
        "Tas": "/produk?q=tas&harga_min=5rb&siap_kirim=1",
        "mulai Rp5.000": "/produk?q=tas&kategori=tas&siap_kirim=1",
        "Siap kirim": "/produk?q=tas&kategori=tas&harga_min=5rb",
    }


# --- what the address says --------------------------------------------------------------------------


def test_reading_an_address():
    given_values = {
        "q": ["  tas   rajut "],
        "kategori": ["tas", "batik", "tas", " "],
        "harga_min": ["Rp 50.000"],
        "harga_max": ["1.250.000,-"],
        "siap_kirim": ["1"],
        "urut": ["termurah"],
    }
    filters = read_filters(given_values, 2)
    assert (filters.q, filters.kategori, filters.price_min, filters.price_max, filters.sort, filters.hal) == (
        "tas rajut",
        ("batik", "tas"),
        50_000,
        1_250_000,
        "termurah",
        2,
    )
    assert not filters.errors


@pytest.mark.parametrize(
    ("low", "high", "wrong"),
    [
        ("murah", "", "harga_min"),
        ("", "-5", "harga_max"),
        ("9000", "8000", "harga_max"),
        ("1,5", "", "harga_min"),
    ],
)
def test_a_bad_price_stays_typed(low, high, wrong):
    filters = read_filters({"harga_min": [low], "harga_max": [high]}, 1)
    assert list(filters.errors) == [wrong]
    assert (filters.harga_min, filters.harga_max) == (low, high)


@given(st.dictionaries(st.sampled_from(("q", "kategori", "lapas", "urut", "harga_min")), st.lists(st.text())))
def test_any_address_can_be_read_and_written(values):
    filters = read_filters(values, 1)
    assert filters.address("/produk").startswith("/produk")
    assert "\0" not in filters.q


# --- few queries, however much there is ---------------------------------------------------------------


def many(count):
    maker, place = factories.facility(), factories.category()
    for _ in range(count):
        factories.product(maker, shelf=place, title="Tas Rajut")


@pytest.mark.parametrize("filters", [Filters(), Filters(q="tas rajut"), Filters(siap_kirim=True, hal=2)])
def test_a_list_takes_as_many_queries_for_ten_as_for_sixty(db, query_count, filters):
    many(10)
    with query_count() as few:
        shelf(filters)
    many(50)
    with query_count(at_most=6) as statements:
        shelf(filters)
    assert len(statements) == len(few)


@pytest.mark.parametrize("read", [places.home, places.facilities_overview, places.categories_overview])
def test_other_pages_too(db, query_count, read):
    many(2)
    with query_count() as few:
        read()
    many(30)
    with query_count(at_most=8) as statements:
        read()
    assert len(statements) == len(few)


def test_a_product_page_takes_six_queries(db, query_count):
    shelf_ = factories.category("Tas anyam", parent=factories.category("Tas"))
    product = factories.product(shelf=shelf_)
    for size in range(14):
        factories.variant(product, str(size))
    factories.product(product.facility)
    slug = product.slug
    db.session.rollback()
    db.session.expunge_all()
    with query_count(at_most=6):
        page = product_page(slug)
    assert [crumb.label for crumb in page.crumbs] == ["Produk", "Tas", "Tas anyam"]
    assert (len(page.variants), len(page.more)) == (14, 1)


# --- pages of their own -------------------------------------------------------------------------------


def test_the_product_page_of_work_made_to_order(db):
    page = product_page(factories.product(supply="made_to_order").slug)
    assert page.made_to_order
    assert page.ready_by == clock.add_working_days(clock.today(), 5)
    assert page.can_buy
    assert page.first.available is None


def test_sold_out_variants_stay_readable(db):
    product = factories.product()
    factories.variant(product, "hitam", "39", stock=0)
    factories.variant(product, "hitam", "40", stock=2)
    factories.variant(product, "navy", "39", stock=9)
    page = product_page(product.slug)
    assert page.first.label == "hitam / 40"
    assert [(name, [v.values[1] for v in group]) for name, group in page.groups] == [
        ("hitam", ["39", "40"]),
        ("navy", ["39"]),
    ]
    assert [variant.few_left for variant in page.variants] == [None, 2, None]
    assert page.most == 9


def test_more_from_the_same_workshop_first(db):
    maker = factories.facility(workshops=("Kayu", "Jahit"))
    wood, sewing = maker.workshops
    product = factories.product(maker, workshop_id=wood.id)
    alike = factories.product(maker, workshop_id=wood.id)
    others = [factories.product(maker, workshop_id=sewing.id) for _ in range(4)]
    factories.product()
    more = [card.slug for card in product_page(product.slug).more]
    assert more == [alike.slug, *(p.slug for p in reversed(others[1:]))]


def test_an_old_link(db):
    place = factories.category()
    gone, alike = factories.product(shelf=place, title="Tas Lama"), factories.product(shelf=place)
    services.withdraw_product(gone.id, None)
    with pytest.raises(NotFound):
        product_page(gone.slug)
    title, cards = gone_product(gone.slug)
    assert (title, [card.slug for card in cards]) == ("Tas Lama", [alike.slug])
    assert gone_product("tidak-ada") is None
    assert gone_product(factories.product(status="draft").slug) is None


def test_home_and_places(db):
    bags = factories.category("Tas")
    below = factories.category("Tas anyam", parent=bags)
    factories.category("Kosong")
    maker = factories.facility("LPSRG")
    first = factories.product(maker, shelf=bags)
    newest = factories.product(maker, shelf=below)
    page = places.home()
    assert (page.featured, [card.slug for card in page.newest]) == ([], [newest.slug, first.slug])
    assert [(row.name, row.products, row.photo.key) for row in page.categories] == [
        ("Tas", 2, newest.photo.key)
    ]
    assert [(row.name, row.products) for row in page.facilities] == [("Lapas Contoh LPSRG", 2)]
    services.feature_product(first.id, featured=True)
    page = places.home()
    assert ([card.slug for card in page.featured], [card.slug for card in page.newest]) == (
        [first.slug],
        [newest.slug],
    )
    house = places.facility_page("lapas-lpsrg")
    assert (house.total, [room.name for room in house.workshops]) == (2, ["Bengkel Kayu", ""])
    with pytest.raises(NotFound):
        places.facility_page("lapas-lain")


def test_selling_the_last_piece_is_seen(db):
    product = factories.product(stock=4)
    assert shelf(Filters()).items[0].badge == Badge("baru", "Baru")
    inventory.count(product.facility_id, product.variants[0].id, 0)
    assert not shelf(Filters()).items[0].available
    assert not product_page(product.slug).can_buy
