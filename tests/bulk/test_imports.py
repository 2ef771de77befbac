"""A table becomes products: judged first, done once, and only inside the own facility."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from PIL import Image
from sqlalchemy import func, select

from bench import tables
from storefront.bulk import services
from storefront.bulk.models import ImportStatus
from storefront.bulk.services import running, writing
from storefront.catalog.models import Product, ProductPhoto, ProductStatus, Variant
from storefront.core import clock, outbox
from storefront.core.errors import Invalid, NotFound
from storefront.facilities.models import Facility
from storefront.inventory.models import StockMovement
from storefront.inventory.queries import availability
from tests import factories
from tests.bulk.files import csv, imported, judged, rows, verdicts, xlsx, zipped


@pytest.fixture
def lapas(db: Any) -> Any:
    """A facility with the code LPA, beside another one."""
    factories.facility("LPB")
    return factories.facility("LPA")


def variant(db: Any, sku: str) -> Variant:
    found = db.session.scalar(select(Variant).filter_by(sku=sku))
    assert found is not None, sku
    return found


@pytest.mark.parametrize("table", [csv, xlsx])
def test_new_products_are_drafts_with_price_stock_and_weight(db: Any, lapas: Any, table: Any) -> None:
    kept = imported(lapas, table([["TAS-01", "Tas anyam", "Rp 1.250.000", "5", "450 g"]]))

    assert kept.status is ImportStatus.DONE
    bag = variant(db, "LPA-TAS-01")
    assert (bag.price, bag.weight, bag.product.title) == (1_250_000, 450, "Tas anyam")
    assert bag.product.status is ProductStatus.DRAFT
    assert bag.product.facility_id == lapas.id
    assert availability([bag.id]) == {bag.id: 5}


def test_a_second_run_changes_nothing(db: Any, lapas: Any) -> None:
    data = csv([["TAS-01", "Tas anyam", 185000, 5, 450], ["TAS-02", "Tas besar", 285000, 0, 900]])
    imported(lapas, data)
    before = [db.session.scalar(select(func.count(thing.id))) for thing in (Product, Variant, StockMovement)]

    again = judged(lapas, data)

    assert verdicts(again) == ["same", "same"]
    with pytest.raises(Invalid):
        services.confirm_import(again.facility_id, again.id, None)
    after = [db.session.scalar(select(func.count(thing.id))) for thing in (Product, Variant, StockMovement)]
    assert after == before


def test_a_changed_cell_changes_that_and_nothing_else(db: Any, lapas: Any) -> None:
    imported(lapas, csv([["TAS-01", "Tas anyam", 185000, 5, 450]]))

    kept = imported(lapas, csv([["lpa-tas-01", "", "195.000", "7", ""]]))

    assert rows(kept)[0].changes == {"price": [185000, 195000], "stock": [5, 7]}
    bag = variant(db, "LPA-TAS-01")
    assert (bag.price, bag.weight, bag.product.title) == (195_000, 450, "Tas anyam")
    assert availability([bag.id]) == {bag.id: 7}


def test_wrong_lines_say_their_column_and_the_others_go_in(db: Any, lapas: Any) -> None:
    kept = imported(
        lapas,
        csv([
            ["A", "Tas", "185.000", "5", "450"],
            ["B", "Tas", "12,5", "5", "450"],
            ["A", "Tas lagi", "1000", "1", "1"],
            ["", "Tanpa SKU", "1000", "1", "1"],
            ["C", "Tas", "1000", "=SUM(A1)", "450"],
            ["D", "", "1000", "1", "1"],
            ["LPB-1-1", "Punya orang", "1000", "1", "1"],
        ]),
    )  # fmt: skip

    assert verdicts(kept) == ["new", *["wrong"] * 6]
    said = [[column for column, _words in row.problems] for row in rows(kept)]
    assert said == [[], ["harga"], ["sku"], ["sku"], ["stok"], ["nama"], ["sku"]]
    assert db.session.scalar(select(func.count(Product.id))) == 1


def test_somebody_elses_goods_are_neither_touched_nor_betrayed(db: Any, lapas: Any) -> None:
    other = db.session.scalar(select(Facility).filter_by(code="LPB"))
    theirs = factories.product(other, title="Punya LPB", price=50_000)
    sku = theirs.variants[0].sku

    kept = imported(lapas, csv([["X", "Punya sendiri", 1000, 1, 1]]))
    there, not_there = rows(judged(lapas, csv([[sku, "Curi", 1, 1, 1], ["LPB-99-9", "Curi", 1, 1, 1]])))

    assert there.problems == not_there.problems
    assert variant(db, sku).price == 50_000
    assert kept.facility_id == lapas.id
    with pytest.raises(NotFound):
        services.own_import(other.id, kept.id)


def test_variants_of_one_product_share_a_family(db: Any, lapas: Any) -> None:
    headings = ["Handle", "Title", "Body (HTML)", "Option1 Name", "Option1 Value", "Variant SKU",
                "Variant Grams", "Variant Inventory Qty", "Variant Price", "Image Src"]  # fmt: skip
    table = csv(
        [
            ["pot", "Pot tanah", "<p>Liat <b>Serang</b></p>", "Warna", "Merah", "POT-M", 900, 3, 45000, ""],
            ["pot", "", "", "", "Hitam", "POT-H", 950, 4, 47000, ""],
            ["pot", "", "", "", "", "", "", "", "", "https://contoh.id/a/pot.jpg?v=1"],
            ["cangkir", "Cangkir", "", "Title", "Default Title", "CKR", 200, 1, 15000, ""],
        ],
        headings,
    )

    kept = imported(lapas, table)

    assert verdicts(kept) == ["new", "new", "same", "new"]
    red, black = variant(db, "LPA-POT-M"), variant(db, "LPA-POT-H")
    assert red.product_id == black.product_id
    assert (red.label, black.label, red.product.option_names) == ("Merah", "Hitam", ["Warna"])
    assert red.product.description == "Liat Serang"
    assert verdicts(judged(lapas, table)) == ["same"] * 4
    short = ["Handle", "Option1 Value", "Variant SKU", "Variant Grams", "Variant Price"]
    two = [["pot", "Biru", "POT-B", 900, 48000], ["pot", "Merah", "POT-M", 900, 45000]]
    more = imported(lapas, csv(two, short))
    assert verdicts(more) == ["new", "same"]
    assert variant(db, "LPA-POT-B").product_id == variant(db, "LPA-POT-M").product_id


def test_woocommerce_parents_head_their_variations(db: Any, lapas: Any) -> None:
    headings = ["ID", "Type", "SKU", "Name", "Regular price", "Stock", "Weight (kg)", "Parent",
                "Attribute 1 name", "Attribute 1 value(s)"]  # fmt: skip
    table = csv(
        [
            [44, "variable", "vneck", "Kaus", "", "", "", "", "Warna", "Biru, Hijau"],
            [76, "variation", "vneck-blue", "Kaus", 90000, 3, "0,2", "vneck", "Warna", "Biru"],
            [77, "variation", "vneck-green", "Kaus", 90000, 2, "0.2", "vneck", "Warna", "Hijau"],
        ],
        headings,
    )

    imported(lapas, table)

    blue = variant(db, "LPA-VNECK-BLUE")
    active = [form.label for form in blue.product.variants if form.is_active]
    assert (blue.weight, active) == (200, ["Biru", "Hijau"])
    assert verdicts(judged(lapas, table)) == ["same"] * 3


def photo(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (400, 500), colour).save(out, "JPEG")
    return out.getvalue()


def test_photos_come_by_name_and_a_bad_one_rejects_no_line(db: Any, lapas: Any) -> None:
    headings = ["sku", "nama", "harga", "foto"]
    table = csv(
        [["A", "Tas", 1000, "dua.JPG, satu.jpg"], ["B", "Topi rajut", 1000, "rusak.jpg; tiada.jpg"]], headings
    )
    photos = zipped({"foto/satu.jpg": photo("red"), "dua.jpg": photo("blue"), "rusak.jpg": b"<svg/>"})

    kept = imported(lapas, table, photos)

    assert (kept.status, kept.zip_key) == (ImportStatus.DONE, "")
    bag, hat = variant(db, "LPA-A").product_id, variant(db, "LPA-B").product_id
    count = select(func.count(ProductPhoto.id))
    assert db.session.scalar(count.filter_by(product_id=bag)) == 2
    assert db.session.scalar(count.filter_by(product_id=hat)) == 0
    assert sorted(words.split(" ")[0] for _column, words in rows(kept)[1].notes) == ["Foto", "rusak.jpg:"]
    assert verdicts(judged(lapas, table, photos))[0] == "same"


def test_a_killed_run_goes_on_where_it_ended(db: Any, lapas: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    kept = judged(lapas, csv([[f"S{n}", f"Produk {n}", 1000, 1, 1] for n in range(7)]))
    facility_id, import_id = kept.facility_id, kept.id
    services.confirm_import(facility_id, import_id, kept.created_by_id)
    outbox.run_due(1)
    real = writing.write_rows

    def die_at_the_end(*args: Any) -> None:
        real(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "write_rows", die_at_the_end)
    with pytest.raises(KeyboardInterrupt):
        outbox.run_due(1)
    monkeypatch.setattr(running, "write_rows", real)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Product.id))) == 2  # a whole piece, and none of the next

    with clock.travel(clock.now() + outbox.LEASE * 2):
        outbox.drain()

    db.session.rollback()
    assert services.own_import(facility_id, import_id).status is ImportStatus.DONE
    assert db.session.scalar(select(func.count(Product.id))) == 7
    assert all(row.done_at for row in rows(services.own_import(facility_id, import_id)))


def test_what_the_shop_refuses_meanwhile_costs_that_line_only(db: Any, lapas: Any) -> None:
    imported(lapas, csv([["A", "Tas", 1000, 5, 1]]))
    kept = judged(lapas, csv([["A", "Tas", 2000, 5, 1], ["B", "Topi", 3000, 1, 1]]))
    from storefront.catalog.services import withdraw_product

    facility_id, import_id = kept.facility_id, kept.id
    withdraw_product(variant(db, "LPA-A").product_id, None)

    services.confirm_import(facility_id, import_id, None)
    outbox.drain()

    db.session.rollback()
    kept = services.own_import(facility_id, import_id)
    assert (kept.status, verdicts(kept)) == (ImportStatus.DONE, ["wrong", "new"])
    assert variant(db, "LPA-A").price == 1000
    assert variant(db, "LPA-B").price == 3000


def test_pressed_twice_runs_once(db: Any, lapas: Any) -> None:
    kept = judged(lapas, csv([["A", "Tas", 1000, 5, 1]]))
    facility_id, import_id = kept.facility_id, kept.id
    services.confirm_import(facility_id, import_id, None)
    with pytest.raises(services.WrongMoment):
        services.confirm_import(facility_id, import_id, None)
    with pytest.raises(services.WrongMoment):
        services.judge_import(facility_id, import_id, ["sku", "title", "price", "stock", "weight"])


def test_columns_are_remembered(db: Any, lapas: Any) -> None:
    headings = ["Artikel", "Sebutan", "Banderol"]
    judged(lapas, csv([["A", "Tas", 1000]], headings), mapping=["sku", "title", "price"])
    sent = services.File("b.csv", csv([["B", "Topi", 1000]], headings))
    again = services.start_import(lapas.id, None, sent)
    assert services.own_import(lapas.id, again).mapping == ["sku", "title", "price"]


def test_too_many_lines_are_said_in_words(db: Any, lapas: Any) -> None:
    table = csv([[f"S{n}", "Tas", 1, 1, 1] for n in range(services.MAX_ROWS + 1)])
    with pytest.raises(Invalid, match=r"5\.000 baris"):
        services.start_import(lapas.id, None, services.File("a.csv", table))


def test_formula_cells_without_a_result_are_refused_with_one_taken(db: Any, lapas: Any) -> None:
    book = openpyxl.Workbook()
    for row in (["sku", "nama", "harga"], ["A", "Tas", "=2*500"]):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    kept = judged(lapas, out.getvalue())
    assert [(column, "rumus" in words) for column, words in rows(kept)[0].problems] == [("harga", True)]


def test_many_lines_with_bad_ones_between_them(db: Any, lapas: Any) -> None:
    new, again, other, on_sale = tables.timed(300)
    assert new.verdicts == {"new": 288, "wrong": 12}
    assert again.verdicts == {"same": 288, "wrong": 12}
    assert other.verdicts == on_sale.verdicts == {"changed": 288, "wrong": 12}
    assert db.session.scalar(select(func.count(Product.id))) == 288
    assert db.session.scalar(select(func.sum(Variant.price))) == sum(
        102_000 + number for number in range(300) if number % tables.WRONG
    )
