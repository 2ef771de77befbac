"""A pause: pages stay and say so, nothing new is promised, what was sold stays sold."""

from datetime import timedelta

import pytest

from storefront.cart.queries import contents
from storefront.cart.services import add, set_quantity
from storefront.catalog.queries.cards import newest
from storefront.catalog.queries.pauses import closing_days, paused_products
from storefront.catalog.queries.product import product_page
from storefront.catalog.services.pauses import pause_product, resume_product
from storefront.checkout.services import CartChanged, place_order
from storefront.core import clock
from storefront.core.errors import Invalid, NotFound
from storefront.facilities.services.days import close_days, open_days, pause_facility, resume_facility
from tests import factories
from tests.buying import buy, cart_of, only, open_shop, order_of, pay, somebody, stock_of

WHY = "Menunggu bambu dari panen berikutnya."


def soon(days: int = 10):
    return clock.today() + timedelta(days=days)


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(title="Tas Bambu", stock=5)


def pause_it(bag, days: int = 10) -> None:
    pause_product(bag.facility_id, bag.id, soon(days), WHY)


def test_a_paused_product_says_so_and_cannot_be_had(bag, client):
    pause_it(bag)
    page = product_page(bag.slug)
    assert (page.can_buy, page.pause and page.pause.note) == (False, WHY)
    assert page.badge
    assert page.badge.label == "Dijeda"
    html = client.page(f"/produk/{bag.slug}")
    assert WHY in html.text
    assert not html.all("button", class_="button buy__button")
    assert [(card.title, card.available) for card in newest(limit=5)] == [("Tas Bambu", False)]
    with pytest.raises(Invalid) as refused:
        add(None, only(bag).id, 1)
    assert WHY in refused.value.errors["jumlah"]


def test_a_cart_that_holds_it_says_why_and_places_nothing(bag):
    token = cart_of({bag: 2})
    line = contents(token).lines[0].id
    pause_it(bag)
    view = contents(token)
    assert WHY in view.problems[0]
    assert set_quantity(token, line, 1)
    with pytest.raises(CartChanged):
        place_order(token, somebody(), payment_method="card")
    assert stock_of(bag) == (5, 0)
    resume_product(bag.facility_id, bag.id)
    assert contents(token).problems == []
    place_order(token, somebody(), payment_method="card")


def test_what_was_sold_stays_sold(bag):
    placed = buy({bag: 2})
    pause_it(bag)
    pay(placed)
    assert (order_of(placed).status, stock_of(bag)) == ("paid", (3, 0))


def test_it_is_over_on_its_day(bag):
    pause_it(bag, days=2)
    with clock.travel(clock.now() + timedelta(days=1)):
        assert not product_page(bag.slug).can_buy
    with clock.travel(clock.now() + timedelta(days=2)):
        assert product_page(bag.slug).can_buy
        assert [card.available for card in newest(limit=5)] == [True]
        assert paused_products(bag.facility_id).items == []


def test_a_whole_facility_is_paused_and_opens_again(bag, client):
    other = factories.product(title="Milik Lapas lain", stock=1)
    pause_facility(bag.facility_id, soon(), WHY)
    assert not product_page(bag.slug).can_buy
    assert product_page(other.slug).can_buy
    assert WHY in client.page(f"/lapas/{product_page(bag.slug).facility.slug}").text
    resume_facility(bag.facility_id)
    resume_facility(bag.facility_id)
    assert product_page(bag.slug).can_buy


def test_the_longer_of_two_pauses_is_told(bag):
    pause_it(bag, days=3)
    pause_facility(bag.facility_id, soon(9), "Renovasi bengkel.")
    pause = product_page(bag.slug).pause
    assert pause
    assert (pause.until, pause.note) == (soon(9), "Renovasi bengkel.")


def test_senseless_pauses_and_other_facilities_are_refused(bag):
    for until, note in ((soon(0), WHY), (soon(-1), WHY), (soon(367), WHY), (soon(), ""), (soon(), "ya")):
        with pytest.raises(Invalid):
            pause_product(bag.facility_id, bag.id, until, note)
        with pytest.raises(Invalid):
            pause_facility(bag.facility_id, until, note)
    stranger = factories.facility().id
    with pytest.raises(NotFound):
        pause_product(stranger, bag.id, soon(), WHY)
    with pytest.raises(NotFound):
        resume_product(stranger, bag.id)
    row = close_days(bag.facility_id, soon(1), soon(2), "Apel besar")
    assert close_days(bag.facility_id, soon(1), soon(2), "Apel besar") == row
    with pytest.raises(NotFound):
        open_days(stranger, row)
    for first, last in ((soon(3), soon(2)), (soon(-3), soon(-1)), (soon(1), soon(400))):
        with pytest.raises(Invalid):
            close_days(bag.facility_id, first, last, "Apel besar")
    assert [day.id for day in closing_days(bag.facility_id)] == [row]
    open_days(bag.facility_id, row)
    assert closing_days(bag.facility_id) == []
