"""A facility's own products: the list, the one-minute form, the page of a product."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from config import Config
from storefront.catalog.models import Product, ProductPhoto, ProductStatus, Supply, Variant
from storefront.core.models import Picture
from storefront.facilities.models import Facility
from storefront.inventory.models import StockLevel
from tests import factories
from tests.catalog_staff.photos import large_photo, photo, upload
from tests.support.client import Client
from tests.support.html import Page

NEW = "/petugas/produk/baru"


def filled(**changes: Any) -> dict[str, Any]:
    """A good form for a new product, submitted, unless changed."""
    return {
        "photos": [upload()],
        "checked": "yes",
        "title": "Tas rajut",
        "category_id": str(factories.category("Tas").id),
        "price": "Rp 125.000",
        "weight": "0,45 kg",
        "supply": "ready",
        "quantity": "4",
        "summary": "Tas rajut dari benang katun.",
        "action": "submit",
    } | changes


def only(db: SQLAlchemy) -> Product:
    return db.session.scalars(select(Product)).one()


def rows(db: SQLAlchemy, model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def files(config: Config) -> int:
    return sum(path.is_file() for path in Path(config.media_root).rglob("*"))


# --- a new product --------------------------------------------------------------------------------


def test_one_form_makes_a_product_with_photo_and_stock_and_hands_it_in(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    home = facility.workshops[0].id
    answer = staff.submit(NEW, filled(photos=[upload(), upload("dua.png", photo(kind="PNG"))]))
    product = only(db)
    assert (answer.status_code, answer.location) == (303, f"/petugas/produk/{product.id}")
    assert (product.status, product.price_from, product.facility.code) == (
        ProductStatus.SUBMITTED,
        125_000,
        "LPTES",
    )
    assert (product.workshop_id, len(product.photos), product.variants[0].weight) == (home, 2, 450)
    assert db.session.scalars(select(StockLevel)).one().on_hand == 4
    page = staff.page(answer.location)
    assert page.one("span", data_kind="product").attrs["data-status"] == "submitted"


def test_the_form_has_seven_things_to_fill_in(staff: Client) -> None:
    form = staff.page(NEW).one("form", enctype="multipart/form-data")
    controls = [c for tag in ("input", "select", "textarea") for c in form.all(tag)]
    names = {c.attrs["name"] for c in controls if c.attrs.get("type") != "hidden"}
    stock_rule = {"supply", "quantity", "lead_days", "weekly_capacity"}  # one thing: how there is some
    assert "checked" in names  # one thing with the photos: that nothing forbidden is on them
    costs = form.one("price-help").one("details")  # what helps with the price is folded away
    assert "open" not in costs.attrs
    names -= stock_rule | {"checked"} | {c.attrs["name"] for c in costs.all("input")}
    assert {c.attrs["name"] for c in costs.all("input")} == {"material_cost", "work_minutes"}
    later = form.one("input", name="is_unique").inside("details")  # folded away with "Lengkapi nanti"
    assert later is not None
    assert "open" not in later.attrs
    names -= {"is_unique"}
    assert names == {"photos", "title", "category_id", "price", "weight", "summary"}
    chooser = form.one("input", type="file")
    assert chooser.attrs["accept"] == "image/*"
    assert "multiple" in chooser.attrs


def test_a_name_is_enough_for_a_draft(staff: Client, db: SQLAlchemy) -> None:
    assert staff.submit(NEW, {"title": "Tas rajut", "action": "draft"}).status_code == 303
    assert (only(db).status, only(db).supply, only(db).price_from) == (
        ProductStatus.DRAFT,
        Supply.READY,
        None,
    )


def test_made_to_order_needs_lead_time_and_capacity_and_no_stock(staff: Client, db: SQLAlchemy) -> None:
    wanted = filled(supply="made_to_order", quantity="-7")
    page_text = staff.submit(NEW, wanted).text
    assert "Tulis lama pengerjaannya." in page_text
    assert "sanggup dibuat seminggu" in page_text
    again = filled(supply="made_to_order", quantity="-7", lead_days="5", weekly_capacity="10")
    assert staff.submit(NEW, again).status_code == 303
    assert (only(db).lead_days, only(db).weekly_capacity, rows(db, StockLevel)) == (5, 10, 0)


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("title", "", "Beri nama dulu."),
        ("title", "Tas\x00", "tidak terbaca"),
        ("title", "Tas 👜", "Emoji"),
        ("title", "T" * 300_000, "Terlalu panjang"),
        ("price", "", "Tulis harganya."),
        ("price", "Rp 1.000,50", "rupiah bulat"),
        ("price", "-1", "rupiah bulat"),
        ("price", str(2**31), "Paling banyak Rp1.000.000.000"),
        ("price", "١٢", "rupiah bulat"),
        ("weight", "berat", "gram atau kilogram"),
        ("quantity", "١٢", "bilangan bulat"),
        ("quantity", str(2**31), "Paling banyak 100.000"),
        ("category_id", "999999", "Pilihan ini tidak ada"),
        ("category_id", "1 OR 1=1", "Pilihan ini tidak ada"),
        ("supply", "stolen", "Pilihan ini tidak ada"),
        ("summary", "S" * 201, "paling banyak 200"),
    ],
)
def test_nonsense_is_refused_in_words_and_stays_in_the_form(
    staff: Client, db: SQLAlchemy, name: str, typed: str, words: str
) -> None:
    answer = staff.submit(NEW, filled(**{name: typed}, photos=[]) | {"photos": [upload()]})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Rp 125.000"' in answer.text or name == "price"
    assert rows(db, Product) == 0


def test_a_good_photo_survives_a_bad_form(staff: Client, db: SQLAlchemy) -> None:
    answer = staff.submit(NEW, filled(price="banyak"))
    assert answer.status_code == 422
    note = _kept(answer.text)
    assert len(note) == 1
    assert rows(db, Picture) == 1
    again = staff.submit(NEW, filled(photos=[], kept=note))
    assert again.status_code == 303
    assert (rows(db, Picture), len(only(db).photos)) == (1, 1)
    twice = staff.submit(NEW, filled(photos=[], kept=note))  # it belongs to a product by now
    assert (twice.status_code, "sedikitnya satu foto" in twice.text) == (422, True)


def test_a_note_about_a_photo_is_for_its_sender_and_cannot_be_made_up(
    staff: Client, app: Any, db: SQLAlchemy, facility: Facility
) -> None:
    note = _kept(staff.submit(NEW, filled(price="banyak")).text)
    colleague = app.test_client()
    factories.signed_in(colleague, "facility_staff", facility=db.session.merge(facility))
    for kept in (note, [note[0][:-1] + "x"], ["1"], ["x" * 3000]):
        answer = colleague.submit(NEW, filled(photos=[], kept=kept))
        assert (answer.status_code, "sedikitnya satu foto" in answer.text) == (422, True)
    assert rows(db, ProductPhoto) == 0


def test_each_bad_photo_is_named_and_leaves_nothing_behind(
    staff: Client, db: SQLAlchemy, config: Config
) -> None:
    bad = [
        upload("surat.pdf", b"%PDF-1.7"),
        upload("<b>gif</b>.jpg", photo(kind="GIF")),
        upload("kosong.jpg", b""),
    ]
    answer = staff.submit(NEW, filled(photos=bad))
    assert answer.status_code == 422
    for name in ("surat.pdf: ", "kosong.jpg: ", "&lt;b&gt;gif&lt;/b&gt;.jpg: "[-8:]):
        assert name in answer.text
    assert "<b>gif" not in answer.text
    assert (rows(db, Picture), rows(db, Product), files(config)) == (0, 0, 0)
    mixed = staff.submit(NEW, filled(photos=[*[upload("b.txt", b"x")], upload("baik.jpg")]))
    assert (mixed.status_code, len(_kept(mixed.text)), rows(db, Picture)) == (422, 1, 1)


def test_at_most_eight_photos(staff: Client, db: SQLAlchemy) -> None:
    answer = staff.submit(NEW, filled(photos=[upload(f"{n}.jpg", photo(60, 75)) for n in range(9)]))
    assert answer.status_code == 422
    assert "8.jpg: paling banyak 8 foto" in answer.text
    assert len(_kept(answer.text)) == 8


def test_a_form_cannot_set_what_is_not_its_own(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    other = factories.facility("LPLAIN")
    other_workshop = other.workshops[0].id
    extra = {
        "facility_id": str(other.id),
        "status": "published",
        "is_featured": "1",
        "role": "regional",
        "published_at": "2020-01-01",
        "slug": "milik-saya",
        "workshop_id": str(other_workshop),
    }
    staff.submit(NEW, filled(**extra, action="draft"))
    product = only(db)
    assert (product.facility.code, product.status.value, product.is_featured) == ("LPTES", "draft", False)
    assert (product.slug, product.workshop_id == other_workshop) == ("tas-rajut", False)
    page = f"/petugas/produk/{product.id}"
    changed = staff.submit(page, extra | {"title": "Tas baru", "shipping_class": "parcel"}, action=page)
    assert (changed.status_code, "Pilihan ini tidak ada" in changed.text) == (422, True)  # the workshop
    extra["workshop_id"] = ""
    assert staff.submit(page, extra | {"title": "Tas baru"}, action=page).status_code == 303
    db.session.expire_all()
    product = only(db)
    assert (product.title, product.facility.code, product.status.value) == ("Tas baru", "LPTES", "draft")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_photo_of_twelve_megapixels_is_answered_quickly(staff: Client, db: SQLAlchemy) -> None:
    wanted = filled(photos=[upload("besar.jpg", large_photo())])
    staff.page(NEW)
    before = time.process_time()
    assert staff.submit(NEW, wanted).status_code == 303
    assert time.process_time() - before < 3
    assert only(db).photos[0].picture.width == 1440


def _kept(text: str) -> list[str]:
    from tests.support.html import Page

    return [box.attrs["value"] for box in Page.parse(text).all("input", name="kept")]


# --- the list -------------------------------------------------------------------------------------


def test_the_list_shows_own_products_only_by_status_and_words(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    mine = factories.product(facility, title="Tas 100% katun", stock=7)
    factories.product(facility, title="Gitar", status="draft", price=None, stock=None, photo=False)
    factories.product(title="Milik orang lain")
    sku = mine.variants[0].sku
    text = staff.page("/petugas/produk").one("main").text
    assert all(word in text for word in ("Tas 100% katun", "Rp50.000", "Stok 7", "Gitar", "Belum ada harga"))
    assert "Milik orang lain" not in text
    for query, found, absent in [
        ("status=draft", "Gitar", "Tas 100%"),
        ("q=100%25", "Tas 100%", "Gitar"),
        (f"q={sku}", "Tas 100%", "Gitar"),
        ("q=%25", "Tas 100%", "Gitar"),
    ]:
        lines = staff.page(f"/petugas/produk?{query}").one("ul", class_="lines").text
        assert found in lines
        assert absent not in lines
    assert "Tidak ada produk yang cocok" in staff.page("/petugas/produk?q=zzz&status=draft").text
    for odd in ("status=zzz", "hal=99999", "hal=-1", "q=%00", "q=" + "x" * 5000):
        staff.page(f"/petugas/produk?{odd}")


def test_an_empty_list_invites(staff: Client) -> None:
    page = staff.page("/petugas/produk")
    assert "Belum ada produk" in page.text
    assert page.one("div", class_="empty").one("a", href=NEW).text


def test_the_list_costs_the_same_for_one_and_for_twenty(
    staff: Client, db: SQLAlchemy, facility: Facility, query_count: Callable[..., Any]
) -> None:
    shelf = factories.category()
    factories.product(facility, shelf=shelf)
    with query_count() as few:
        staff.page("/petugas/produk")
    for _ in range(19):
        factories.product(facility, shelf=shelf)
    with query_count(at_most=len(few)):
        staff.page("/petugas/produk")
    assert rows(db, Variant) == 20


def test_the_only_piece_is_said_in_the_form_and_is_one(staff: Client, db: SQLAlchemy) -> None:
    several = staff.submit(NEW, filled(is_unique="y", quantity="2"))
    assert (several.status_code, "paling banyak satu buah" in several.text) == (422, True)
    page = Page.parse(several.text)
    assert "checked" in page.one("input", name="is_unique").attrs, "kept, and its fold is open"
    fold = page.one("input", name="is_unique").inside("details")
    assert fold is not None
    assert "open" in fold.attrs
    assert staff.submit(NEW, filled(is_unique="y", quantity="1")).status_code == 303
    product = only(db)
    assert (product.is_unique, product.supply) == (True, Supply.READY)
    staff.submit(NEW, filled(is_unique="y", title="Kursi pesanan", supply="made_to_order",
                                  lead_days="5", weekly_capacity="2"))  # fmt: skip
    db.session.rollback()
    made = db.session.scalars(select(Product).filter_by(title="Kursi pesanan")).one()
    assert (made.is_unique, made.supply) == (False, Supply.MADE_TO_ORDER)
