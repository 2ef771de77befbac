"""The pages of the facilities: who makes, in which workshops, what buyers thought, where to meet."""

from datetime import timedelta

import pytest

from storefront.catalog.queries import places
from storefront.catalog.queries.filters import Filters
from storefront.catalog.queries.places import FRONT_PHOTOS, WORKSHOP_PRODUCTS
from storefront.catalog.queries.shelf import shelf
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.transactions import touch, transaction
from storefront.feedback.models import Review, ReviewStatus
from tests import factories
from tests.support import fairs


@pytest.fixture
def maker(db):
    """A facility with two workshops that sell, one that rests, and one thing of no workshop."""
    made = factories.facility("LPSRG", name="Lapas Serang", workshops=("Kayu", "Jahit", "Kebun"))
    wood, sewing, _garden = made.workshops
    place = factories.category()
    for number in range(WORKSHOP_PRODUCTS + 2):
        factories.product(made, shelf=place, title=f"Kursi {number}", workshop_id=wood.id)
    factories.product(made, shelf=place, title="Tas", workshop_id=sewing.id)
    factories.product(made, shelf=place, title="Kalender")
    factories.product(made, shelf=place, title="Rancangan", workshop_id=sewing.id, status="draft")
    return made


def review(of, rating, status="published"):
    order, _journal = fairs.paid_order(None, (of, 1), at=clock.now())
    with transaction():
        database.session.add(
            Review(
                product_id=of.id, facility_id=of.facility_id, product_title=of.title, author="Sari W.",
                order_line_id=order.parcels[0].items[0].order_line_id, rating=rating,
                status=ReviewStatus(status),
                created_at=clock.now(), decided_at=clock.now(),
            )
        )  # fmt: skip
        touch("catalog")


def test_each_workshop_with_the_newest_it_sells(maker):
    page = places.facility_page("lapas-lpsrg")
    assert [(room.name, room.products, [card.title for card in room.items]) for room in page.at_work] == [
        ("Kayu", 6, ["Kursi 5", "Kursi 4", "Kursi 3", "Kursi 2"]),
        ("Jahit", 1, ["Tas"]),
        ("", 1, ["Kalender"]),
    ]
    assert [room.name for room in page.at_rest] == ["Kebun"]
    assert (page.total, len(page.items)) == (8, 6)


def test_as_many_queries_for_twelve_products_as_for_forty(maker, query_count):
    database.session.rollback()
    with query_count(at_most=5) as few:
        places.facility_page("lapas-lpsrg")
    for _ in range(30):
        factories.product(maker, workshop_id=maker.workshops[2].id)
    database.session.expire_all()
    with query_count() as many:
        places.facility_page("lapas-lpsrg")
    assert len(many) == len(few)


def test_its_cover_stands_above_photos_of_its_products(maker):
    page = places.facility_page("lapas-lpsrg")
    wood, sewing, other = page.at_work
    assert page.photos == [wood.items[0].photo, sewing.items[0].photo, other.items[0].photo]
    assert len(page.photos) == FRONT_PHOTOS
    with transaction():
        maker.cover = factories.picture(alt="Halaman bengkel")
    assert [photo.alt for photo in places.facility_page("lapas-lpsrg").photos] == ["Halaman bengkel"]
    assert [row.photo.alt for row in places.facilities_overview()] == ["Halaman bengkel"]


def test_the_page_says_where_everything_is(client, maker):
    page = client.page("/lapas/lapas-lpsrg")
    heads = [head.text for head in page.all("h2")]
    assert heads[:2] == ["Bengkel dan karyanya", "Juga dikerjakan di sini"]
    assert [head.text for head in page.all("h3", class_="bench__name")] == ["Kayu", "Jahit", "Karya lainnya"]
    assert "Jl. Raya Pandeglang KM 6,5, Kota Serang, 42117" in page.text
    assert any(link.attrs["href"] == "/produk?lapas=lapas-lpsrg" for link in page.all("a"))
    assert "query=Lapas+Serang%2C+Jl.+Raya" in client.get("/lapas/lapas-lpsrg").text


def test_without_anything_on_sale(client, db):
    factories.facility("LPA", name="Lapas Sepi", workshops=("Las",), address="", pickup_hours="")
    page = client.page("/lapas/lapas-lpa")
    assert "Belum ada karya yang tayang" in page.text
    assert "Yang dikerjakan di sini" in page.text
    assert not page.all("div", class_="maker__photos")
    every = client.page("/lapas")
    assert "Sedang menyiapkan karyanya" in every.text
    assert "Lapas Sepi" in every.text
    assert not every.all("article", class_="place")


def test_closed_it_says_so(client, maker):
    with transaction():
        maker.is_open = False
        touch("catalog")
    assert "sedang tidak menerima pesanan" in client.page("/lapas/lapas-lpsrg").text


def test_a_fair_is_shown_until_it_is_over(client, maker):
    today, goods = clock.today(), [factories.product(maker)]
    for days, name in ((1, "Pekan Depan"), (-9, "Pekan Lalu")):
        start = today + timedelta(days=days)
        fairs.fair(name=name, products=goods, starts_on=start, ends_on=start + timedelta(days=2))
    fairs.fair(name="Tanpa Mereka", starts_on=today, ends_on=today)
    fairs.fair(name="Belum Terbit", published=False, products=goods, starts_on=today, ends_on=today)
    page = client.page("/lapas/lapas-lpsrg")
    assert [link.text for link in page.one("ul", class_="places").all("a")] == ["Pekan Depan"]


# --- what buyers gave --------------------------------------------------------------------------------------


def test_stars_stand_on_cards_and_at_their_maker(client, maker):
    good, other = (factories.product(maker, title=title, price=60_000) for title in ("Peci", "Topi"))
    for rating in (5, 4, 4):
        review(good, rating)
    review(good, 1, status="pending")
    review(other, 2)
    review(factories.product(title="Kopi"), 1)
    found = {card.title: (card.reviews, card.rating) for card in shelf(Filters(price_min=60_000)).items}
    assert found == {"Peci": (3, 4.3), "Topi": (1, 2.0)}
    page = places.facility_page("lapas-lpsrg")
    assert (page.reviews, page.rating) == (4, 3.8)
    assert {card.title: card.rating for card in page.items}["Tas"] is None
    for prefix, shown in (("", "4,3 (3)"), ("/en", "4.3 (3)")):
        list_page = client.page(f"{prefix}/produk?harga_min=60.000")
        assert any(shown in line.text for line in list_page.all("p", class_="card__rating"))
        assert len(list_page.all("p", class_="card__rating")) == 2
    assert "3,8 · 4 ulasan" in client.page("/lapas/lapas-lpsrg").text
