"""The price helper: a suggestion, what such things cost, and a warning below the cost of the material."""

from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from storefront.catalog.models import Product, Variant
from storefront.catalog.queries.pricing import Spread, similar_prices
from storefront.catalog.services import update_variant
from storefront.catalog.services.copying import copy_product
from storefront.catalog.services.pricing import STEP, is_below_material, suggested_price
from storefront.core.errors import Invalid
from storefront.facilities.models import Facility
from storefront.web import typed
from tests import factories
from tests.catalog_staff.test_on_a_phone import sign_in
from tests.support.browser import overflow
from tests.support.client import Client
from tests.support.queries import counted

NEW = "/petugas/produk/baru"
ASK = "/petugas/produk/hitung-harga"
MONEY = st.integers(0, 1_000_000_000)
MINUTES = st.integers(1, 120_000)


@given(MONEY, MINUTES, st.integers(1_000, 1_000_000))
def test_a_suggestion_covers_its_costs_and_hardly_more(material: int, minutes: int, worth: int) -> None:
    price = suggested_price(material, minutes, worth)
    assert price is not None
    assert price % STEP == 0
    cost_in_sixtieths = material * 60 + minutes * worth
    assert cost_in_sixtieths <= price * 60 < cost_in_sixtieths + (STEP + 1) * 60
    assert not is_below_material(price, material)


@given(MONEY, MINUTES)
def test_more_work_never_costs_less(material: int, minutes: int) -> None:
    less, more = (suggested_price(material, m, 17_000) for m in (minutes, minutes + 1))
    assert less is not None
    assert more is not None
    assert less <= more


def test_what_is_known_makes_the_suggestion() -> None:
    assert suggested_price(40_000, 120, 17_000) == 74_000
    assert suggested_price(40_001, None, 17_000) == 40_500
    assert suggested_price(None, 1, 17_000) == 500
    assert suggested_price(None, None, 17_000) is None
    assert suggested_price(0, None, 17_000) is None
    assert is_below_material(9, 10)
    assert not is_below_material(10, 10)
    assert not is_below_material(None, 10)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2", 120), ("1,5", 90), ("1.5 jam", 90), ("0:40", 40), ("1:05", 65), ("40 menit", 40),
        ("1 jam 20 menit", 80), ("2 h 5 min", 125), ("0,33", 20), (" 3\u00a0jam ", 180),
    ],
)  # fmt: skip
def test_hours_are_read_as_they_are_said(text: str, minutes: int) -> None:
    assert typed.parse_minutes(text) == minutes


@pytest.mark.parametrize("text", ["dua", "-1", "1:60", "1,5,5", "2 hari", "٣", "1 jam 2 jam", "1:5"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="jam kerjanya"):
        typed.parse_minutes(text)


def test_similar_products_are_those_of_the_shelf_that_the_public_sees(db: SQLAlchemy) -> None:
    shelf = factories.category("Tas")
    assert similar_prices(shelf.id) is None
    assert similar_prices(None) is None
    mine = factories.product(shelf=shelf, price=10_000)
    for price in (90_000, 30_000, 50_000):
        factories.product(shelf=shelf, price=price)
    factories.product(shelf=shelf, price=1_000, status="draft")
    factories.product(shelf=factories.category("Topi"), price=2_000)
    assert similar_prices(shelf.id) == Spread(4, 10_000, 30_000, 90_000)
    assert similar_prices(shelf.id, without=mine.id) == Spread(3, 30_000, 50_000, 90_000)
    with counted(1):
        similar_prices(shelf.id)


def test_costs_are_kept_with_the_variant_and_copied(db: SQLAlchemy, facility: Facility) -> None:
    product = factories.product(facility)
    variant = update_variant(product.id, product.variants[0].id, None, material_cost=0, work_minutes=90)
    assert (variant.material_cost, variant.work_minutes) == (0, 90)
    copied = copy_product(product.id, None).variants[0]
    assert (copied.material_cost, copied.work_minutes) == (0, 90)
    for wrong in ({"material_cost": -1}, {"work_minutes": 0}, {"work_minutes": 120_001}):
        with pytest.raises(Invalid) as refused:
            update_variant(product.id, variant.id, None, **wrong)
        assert refused.value.errors.keys() == wrong.keys()


def test_the_script_is_answered_in_words(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    shelf = factories.category("Tas")
    factories.product(facility, shelf=shelf, price=80_000)
    mine = factories.product(facility, shelf=shelf, price=70_000)
    asked: dict[str, Any] = {"price": "35.000", "material_cost": "40000", "work_minutes": "2"}
    told = staff.get(ASK, query_string=asked | {"category_id": shelf.id, "product": mine.id})
    assert told.json == {
        "suggested": "Saran: Rp74.000 (bahan Rp40.000, kerja 2 jam × Rp17.000).",
        "similar": "Satu produk sejenis di toko: Rp80.000.",
        "floor": "Harga ini di bawah biaya bahannya: setiap barang yang terjual merugi.",
    }
    assert told.headers["Cache-Control"] == "no-store"
    alone = staff.get(ASK, query_string={"material_cost": "20000"}).json["suggested"]
    assert alone == "Saran: Rp20.000 (bahan Rp20.000)."
    assert "2 produk sejenis" in staff.get(ASK, query_string={"category_id": shelf.id}).json["similar"]
    english = staff.get(f"/en{ASK}", query_string=asked).json
    assert english["suggested"].startswith("Suggested: Rp74.000 (material Rp40.000, work 2 hours")
    nonsense = {
        "price": "murah",
        "material_cost": "-5",
        "work_minutes": "lama",
        "category_id": "x",
        "product": "y",
    }
    assert staff.get(ASK, query_string=nonsense).json == {"suggested": "", "similar": "", "floor": ""}


def test_only_the_own_product_is_left_out(staff: Client, client: Client, db: SQLAlchemy) -> None:
    other = factories.product(factories.facility())
    assert staff.get(ASK, query_string={"product": other.id}).status_code == 404


def test_without_script_a_button_works_it_out_and_the_product_keeps_it(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    typed_in = {"title": "Tas rajut", "price": "30000", "material_cost": "40.000", "work_minutes": "1,5"}
    page = staff.submit(NEW, typed_in | {"action": "price"})
    assert page.status_code == 200
    assert "Saran: Rp65.500" in page.text
    assert "di bawah biaya bahannya" in page.text
    assert 'value="1,5"' in page.text
    assert db.session.query(Product).count() == 0
    bad = staff.submit(NEW, typed_in | {"action": "draft", "work_minutes": "lama"})
    assert (bad.status_code, "misalnya 2, 1,5" in bad.text) == (422, True)
    assert staff.submit(NEW, typed_in | {"action": "draft"}).status_code == 303  # a warning, no wall
    variant = db.session.query(Variant).one()
    assert (variant.price, variant.material_cost, variant.work_minutes) == (30_000, 40_000, 90)
    shown = staff.page(f"/petugas/produk/{variant.product_id}").text
    assert "Saran: Rp65.500" in shown
    assert "di bawah biaya bahannya" in shown


def test_costs_are_changed_on_the_product_page(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product = factories.product(facility)
    path, key = f"/petugas/produk/{product.id}", product.variants[0].id
    costs = {f"v{key}-material_cost": "60.000", f"v{key}-work_minutes": "0:40"}
    assert staff.submit(path, costs, action=f"{path}/varian").status_code == 303
    assert "di bawah biaya bahannya" in staff.page(path).text
    bad = staff.submit(path, {f"v{key}-material_cost": "mahal"}, action=f"{path}/varian")
    assert (bad.status_code, 'value="mahal"' in bad.text) == (422, True)
    db.session.expire_all()
    variant = db.session.get_one(Variant, key)
    assert (variant.material_cost, variant.work_minutes, variant.price) == (60_000, 40, 50_000)


def test_the_office_sees_the_costs_and_buyers_never(client: Client, app: Flask, db: SQLAlchemy) -> None:
    product = factories.product()
    update_variant(product.id, product.variants[0].id, None, material_cost=61_234, work_minutes=77)
    product_id, slug = product.id, product.slug
    for path in (f"/produk/{slug}", "/produk", f"/en/produk/{slug}"):
        assert "61.234" not in client.get(path).text
        assert "61234" not in client.get(path).text
    office = app.test_client()
    factories.signed_in(office, "regional")
    text = office.get(f"/kanwil/kurasi/{product_id}").text
    for words in ("Biaya bahan Rp61.234", "Kerja 1 jam 17 menit", "di bawah biaya bahannya"):
        assert words in text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_with_script_it_is_said_as_it_is_typed(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str
) -> None:
    facility, shelf = factories.facility(), factories.category("Tas")
    factories.product(facility, shelf=shelf, price=80_000)
    product_id = factories.product(facility, shelf=shelf, price=50_000).id
    sign_in(page, app, "facility_staff", live_server, facility=facility)
    for path in (NEW, f"/petugas/produk/{product_id}"):
        page.goto(path)
        helper = page.locator("price-help")
        helper.get_by_text("Hitung harga").click()
        expect(helper.locator("button")).to_have_count(0)  # not even hidden: Enter would press it
        if path == NEW:
            page.get_by_label("Kategori").select_option(label="Tas")
            page.get_by_label("Harga", exact=True).fill("50.000")
        expect(helper.locator("[data-advice=similar]")).to_contain_text("Rp80.000")
        page.get_by_label("Biaya bahan").fill("40000")
        page.get_by_label("Jam kerja satu barang").fill("2 jam")
        expect(helper.locator("[data-advice=suggested]")).to_contain_text("Rp74.000")
        expect(helper.locator("[data-advice=floor]")).to_be_hidden()
        page.get_by_label("Biaya bahan").fill("50001")
        expect(helper.locator("[data-advice=floor]")).to_be_visible()
        assert overflow(page) == 0
