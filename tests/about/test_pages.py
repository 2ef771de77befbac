"""The pages about the shop itself: there in both languages, honest, and inventing nothing."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from storefront.about.queries.impact import FEWEST, Part, fold, impact
from storefront.core import clock
from storefront.core.regions.models import Province
from storefront.core.transactions import transaction
from storefront.web.browser import (
    CART_COOKIE,
    COUNT_COOKIE,
    FAIR_COOKIE,
    LIST_COOKIE,
    ORDER_COOKIE,
    SAVED_COOKIE,
)
from tests import factories
from tests.support import fairs
from tests.support.html import Page

NOON = datetime(2026, 10, 5, 5, tzinfo=UTC)
WRITTEN = ("/cara-belanja", "/tentang", "/privasi", "/syarat")
only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@only_sqlite
@pytest.mark.parametrize("path", WRITTEN)
def test_a_page_says_the_same_in_both_languages(client, db, path):
    """The same headings, lists, tables and links: nobody translates half a promise."""
    pages = [Page.parse(client.get(prefix + path).text).one("main") for prefix in ("", "/en")]

    for tag in ("h2", "li", "tr", "dt", "a"):
        assert len(pages[0].all(tag)) == len(pages[1].all(tag)), tag
    assert [e.attrs["id"] for e in pages[0].all("h2") if "id" in e.attrs] == [
        e.attrs["id"] for e in pages[1].all("h2") if "id" in e.attrs
    ]
    numbers = [sorted(re.findall(r"\d+", page.text.replace("Rp1–Rp999", ""))) for page in pages]
    assert numbers[0] == numbers[1]
    assert pages[0].text != pages[1].text


@only_sqlite
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_contact_data_are_the_offices_or_said_to_be_missing(client, db, prefix):
    missing = {"": "sedang dilengkapi", "/en": "still completing"}[prefix]
    assert missing in client.page(f"{prefix}/privasi").one("address").text


@only_sqlite
@pytest.mark.settings(
    OFFICE_ADDRESS="Jalan Contoh 1, Serang",
    OFFICE_EMAIL="kantor@contoh.go.id",
    OFFICE_PHONE="+6281234567890",
    OFFICE_PSE_NUMBER="000001.01/DJAI.PSE/01/2026",
)
def test_contact_data_that_are_set_are_shown(client, db):
    page = client.page("/tentang").one("main")

    for words in (
        "Jalan Contoh 1, Serang",
        "kantor@contoh.go.id",
        "0812-3456-7890",
        "000001.01/DJAI.PSE/01/2026",
    ):
        assert words in page.text
    assert "dilengkapi" not in page.text


@only_sqlite
def test_the_privacy_page_names_every_cookie(client, db):
    named = {code.text for code in client.page("/privasi").one("main").all("code")}

    assert named == {CART_COOKIE, COUNT_COOKIE, FAIR_COOKIE, LIST_COOKIE, ORDER_COOKIE, SAVED_COOKIE, "sesi"}


@only_sqlite
def test_the_terms_say_what_the_law_wants_said(client, db):
    """PP 80/2019 article 53: parties, goods, price, payment, delivery, return, cancellation, disputes."""
    headings = " ".join(heading.text.lower() for heading in client.page("/syarat").all("h2"))

    for word in (
        "pihak",
        "barang",
        "harga",
        "pembayaran",
        "pengiriman",
        "pembatalan",
        "penukaran",
        "sengketa",
    ):
        assert word in headings
    text = client.page("/syarat").one("main").text
    assert "dua hari kerja" in text
    assert "tidak dapat dikembalikan" not in text


# --- what it brought ----------------------------------------------------------------------------------


def part(name: str, orders: int, amount: int) -> Part:
    return Part(name, name.lower(), orders, orders, amount)


@pytest.mark.parametrize(
    ("orders", "shown"),
    [
        ((), []),
        ((9, 7), [9, 7]),
        ((9, 7, 3, 2), [9, 7, 5]),
        ((9, 7, 2), [9, 9]),  # a single small part would stand in the rest bare
        ((9, 7, 1, 1), [9, 9]),  # two orders are too few even together
        ((4, 3), [7]),
        ((2, 1), []),
        ((5,), [5]),
    ],
)
def test_small_numbers_are_folded_together(orders, shown):
    parts = [part(f"Lapas{number}", count, count * 1000) for number, count in enumerate(orders)]
    folded = fold(parts)

    assert [each.orders for each in folded] == shown
    assert all(each.orders >= FEWEST for each in folded)
    if shown:
        assert sum(each.amount for each in folded) == sum(each.amount for each in parts)


@pytest.fixture
def sold(db):
    """Nine paid orders of one maker, six of another, two of a third, and a return; all yesterday."""
    makers = [factories.facility(code) for code in ("LPA", "LPB", "LPC")]
    goods = [
        factories.product(maker, shelf=factories.category(f"Rak {maker.code}"), price=10_000, stock=50)
        for maker in makers
    ]
    yesterday = NOON - timedelta(days=1)
    journals = []
    for item, times in zip(goods, (9, 6, 2), strict=True):
        for _ in range(times):
            order, journal = fairs.paid_order(None, (item, 2), at=yesterday, shipping=9_000)
            journals.append(journal)
            with transaction():
                order.lines[0].variant_id = item.variants[0].id
    fairs.refund(journals[0], at=yesterday)
    fairs.paid_order(None, (goods[0], 1), at=NOON)  # today does not count yet
    with clock.travel(NOON):
        yield makers


def test_the_figures_are_those_of_the_ledger_up_to_last_night(sold):
    found = impact()

    assert found.until.isoformat() == "2026-10-04"
    assert (found.totals.orders, found.totals.pieces, found.totals.amount) == (17, 32, 320_000)
    assert [(each.name, each.orders, each.amount) for each in found.facilities] == [
        ("Lapas Contoh LPA", 9, 160_000),
        ("", 8, 160_000),
    ]
    assert [each.orders for each in found.categories] == [9, 8]
    assert found.provinces == []


def test_an_order_from_two_small_makers_is_one_order(db):
    """Three buyers who all bought from both small makers are three buyers, not six."""
    large, *small = (factories.product(factories.facility(code), stock=50) for code in ("LPA", "LPB", "LPC"))
    yesterday = NOON - timedelta(days=1)
    for _ in range(9):
        fairs.paid_order(None, (large, 1), at=yesterday)
    for _ in range(3):
        fairs.paid_order(None, (small[0], 1), (small[1], 1), at=yesterday)
    with clock.travel(NOON):
        assert [(each.name, each.amount) for each in impact().facilities] == [("", 15 * 50_000)]

    for _ in range(2):
        fairs.paid_order(None, (small[0], 1), (small[1], 1), at=yesterday)
    with clock.travel(NOON):
        shown = [(each.name, each.amount) for each in impact().facilities]
    assert [amount for _, amount in shown] == [9 * 50_000, 5 * 50_000, 5 * 50_000]


def test_the_page_shows_them_and_nobody_small(client, sold):
    page = client.page("/dampak").one("main")

    assert "Rp320.000" in page.text
    assert "Lapas Contoh LPA" in page.text
    assert "Lapas Contoh LPC" not in page.text
    assert "Minggu, 4 Oktober 2026" in page.text
    assert "Sunday, 4 October 2026" in client.page("/en/dampak").one("main").text


def test_too_few_orders_show_no_figure_at_all(client, db):
    product = factories.product(factories.facility("LPA"))
    for _ in range(FEWEST - 1):
        fairs.paid_order(None, (product, 1), at=NOON - timedelta(days=1))
    with clock.travel(NOON):
        page = client.page("/dampak").one("main")

    assert "Belum cukup untuk dihitung" in page.text
    assert "Rp" not in page.text.partition("Cara menghitungnya")[0]


def test_provinces_need_enough_parcels_too(db):
    product = factories.product(factories.facility("LPA"))
    with transaction():
        db.session.add_all([Province(code="31", name="DKI Jakarta"), Province(code="36", name="Banten")])
    for number in range(FEWEST + 1):
        order, _journal = fairs.paid_order(None, (product, 1), at=NOON - timedelta(days=1))
        with transaction():
            order.address = {"district": "36.71.01" if number < FEWEST else "31.71.01"}
    with clock.travel(NOON):
        assert impact().provinces == ["Banten"]


def test_it_takes_six_questions(sold, query_count):
    with query_count(at_most=7):
        impact()
