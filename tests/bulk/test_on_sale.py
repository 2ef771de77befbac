"""Tables about products that are on sale, and imports to which something happens meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from storefront.bulk import services
from storefront.bulk.models import ImportStatus
from storefront.bulk.queries.exports import product_columns, product_rows
from storefront.bulk.services import running
from storefront.catalog.models import Product, Variant
from storefront.catalog.services import (
    add_variant,
    publish_product,
    set_options,
    submit_product,
    update_product,
    withdraw_product,
)
from storefront.catalog.services import photos as photos_at_once
from storefront.catalog.services.changes import approve_change, submit_change
from storefront.catalog.services.staging import alive_change, save_details, save_new_variant
from storefront.core import clock
from storefront.core.errors import Invalid
from storefront.core.storage import storage
from storefront.inventory.queries import availability
from storefront.inventory.services import count
from tests import factories
from tests.bulk.files import HEADINGS, csv, imported, judged, rows, verdicts, zipped
from tests.catalog.conftest import jpeg
from tests.support.queries import counted

COLOURS = [
    "sku",
    "kelompok",
    "nama",
    "opsi1_nama",
    "opsi1_nilai",
    "harga",
    "berat_gram",
    "panjang_cm",
    "stok",
]
RED = ["LPA-M", "P", "", "warna", "merah", "", "", "", ""]
BLUE = ["LPA-B", "P", "", "warna", "biru", 5_000, 100, 12, 5]


@pytest.fixture
def lapas(db: Any) -> Any:
    """A facility with the code LPA."""
    return factories.facility("LPA")


def red(facility: Any, **details: Any) -> int:
    """A draft in one colour that lacks nothing; its id."""
    product_id = factories.product(facility, status="draft", stock=1, photo=True).id
    photos_at_once.add_photo(product_id, jpeg(), "Depan", None)
    set_options(product_id, None, ["warna"])
    form = add_variant(product_id, None, ["merah"], price=4_000, weight=90, sku="LPA-M")
    count(facility.id, form.id, 1)
    if details:
        update_product(product_id, None, **details)
    return product_id


def on_sale(facility: Any) -> int:
    product_id = red(facility)
    submit_product(product_id, None)
    publish_product(product_id, None)
    return product_id


def test_a_new_form_of_a_product_on_sale_waits_with_all_that_its_line_says(db: Any, lapas: Any) -> None:
    product_id, table = on_sale(lapas), csv([RED, BLUE], COLOURS)
    assert verdicts(imported(lapas, table)) == ["same", "new"]
    assert verdicts(judged(lapas, table)) == ["same", "same"], "it waits for the office already"

    submit_change(product_id, None)
    change = alive_change(product_id)
    assert change is not None
    approve_change(change.id, None)

    db.session.expire_all()
    blue = next(one for one in db.session.get_one(Product, product_id).variants if one.label == "biru")
    assert (blue.sku, blue.price, blue.weight, blue.length_cm) == ("LPA-B", 5_000, 100, 12)
    assert verdicts(judged(lapas, table))[0] == "same"
    assert rows(judged(lapas, table))[1].problems == []


def test_a_taken_sku_is_refused_before_the_office_sees_it(db: Any, lapas: Any) -> None:
    product_id = on_sale(lapas)
    for sku in ("LPA-M", "LPB-1"):
        with pytest.raises(Invalid) as refused:
            save_new_variant(product_id, None, ["biru"], price=1, weight=1, sku=sku)
        assert set(refused.value.errors) == {"sku"}


def test_what_waits_for_the_office_is_what_a_table_is_compared_with(db: Any, lapas: Any) -> None:
    save_details(on_sale(lapas), None, title="Tas Baru")
    table = csv([["LPA-M", "Tas Baru"]], ["sku", "nama"])
    assert verdicts(judged(lapas, table)) == ["same"]
    assert verdicts(judged(lapas, csv([["LPA-M", "Tas Lain"]], ["sku", "nama"]))) == ["changed"]


def test_many_products_on_sale_are_looked_at_in_as_many_questions_as_one(db: Any, lapas: Any) -> None:
    made = [factories.product(lapas, price=5_000) for _ in range(12)]
    skus = [product.variants[0].sku for product in made]

    def asked(wanted: list[str]) -> int:
        lines = csv([[sku, "Nama baru", 6_000] for sku in wanted], ["sku", "nama", "harga"])
        import_id = services.start_import(lapas.id, None, services.File("tabel.csv", lines))
        with counted() as questions:
            services.judge_import(lapas.id, import_id, ["sku", "title", "price"])
        return len(questions)

    assert asked(skus) == asked(skus[:1])


def test_of_what_is_unique_no_table_brings_five(db: Any, lapas: Any) -> None:
    red(lapas, is_unique=True)
    blue = rows(imported(lapas, csv([RED, BLUE], COLOURS)))[1]
    assert (blue.verdict, [column for column, _words in blue.problems]) == ("wrong", ["Stok"])
    assert db.session.query(Variant).filter_by(sku="LPA-B").count() == 0
    again = imported(lapas, csv([RED, [*BLUE[:-1], 1]], COLOURS))
    assert verdicts(again) == ["same", "new"]
    assert availability([db.session.query(Variant).filter_by(sku="LPA-B").one().id]) != {}


UNIQUE = [*HEADINGS, "Satu-satunya"]


def test_a_piece_of_which_there_is_one_is_said_so_in_its_line(db: Any, lapas: Any) -> None:
    """Judged before anything is done: more than one, or made to order, is no single piece."""
    lines = [
        ["PATUNG", "Patung garuda", 900_000, 1, 2_000, "ya"],
        ["KURSI", "Kursi jati", 500_000, 5, 9_000, "unik"],
        ["MEJA", "Meja jati", 500_000, 5, 9_000, "Ya"],
        ["RAK", "Rak jati", 400_000, 5, 9_000, "tidak"],
        ["PETI", "Peti jati", 400_000, "", 9_000, "1"],
    ]
    kept = imported(lapas, csv(lines, UNIQUE))
    assert verdicts(kept) == ["new", "wrong", "wrong", "new", "new"]
    problems = [row.problems for row in rows(kept)]
    assert problems[1] == [["Satu-satunya", "Tulis “ya” atau “tidak”."]]
    assert problems[2] == [["stok", "Barang ini satu-satunya: paling banyak satu buah."]]
    only = {v.sku: v.product.is_unique for v in db.session.query(Variant)}
    assert only == {"LPA-PATUNG": True, "LPA-RAK": False, "LPA-PETI": True}
    assert set(verdicts(judged(lapas, csv([lines[0], lines[3], lines[4]], UNIQUE)))) == {"same"}
    ordered = judged(
        lapas, csv([["UKIR", "Ukiran", "14", "ya"]], ["sku", "nama", "pre_order_hari", "unique"])
    )
    assert [column for column, _words in rows(ordered)[0].problems] == ["unique"]


def test_a_known_product_becomes_the_only_one_or_says_why_not(db: Any, lapas: Any) -> None:
    first = [["A", "Tas anyam", 1_000, 1, 90], ["B", "Tas besar", 2_000, 7, 90]]
    imported(lapas, csv(first, HEADINGS))
    headings = ["sku", "satu_satunya"]
    kept = imported(lapas, csv([["A", "ya"], ["B", "ya"]], headings))
    assert verdicts(kept) == ["changed", "wrong"]
    assert rows(kept)[0].changes == {"is_unique": [False, True]}
    only = {v.sku: v.product.is_unique for v in db.session.query(Variant)}
    assert only == {"LPA-A": True, "LPA-B": False}
    out = csv(list(product_rows(lapas.id)), [column.header for column in product_columns()])
    assert ",ya," in out.decode()
    assert set(verdicts(judged(lapas, out))) == {"same"}, "what went out comes in again"


# --- what happens meanwhile ---------------------------------------------------------------------------


def with_photo(facility: Any) -> tuple[int, int]:
    """An import of two products with a photo each, looked at: whose it is, and its id."""
    lines = [["A", "Tas anyam", 1_000, "a.jpg"], ["B", "Tas besar", 2_000, "a.jpg"]]
    kept = judged(facility, csv(lines, ["sku", "nama", "harga", "foto"]), zipped({"a.jpg": jpeg()}))
    return kept.facility_id, kept.id


def test_photos_of_a_product_that_was_withdrawn_meanwhile_stop_nothing(db: Any, lapas: Any) -> None:
    mine = with_photo(lapas)
    services.confirm_import(*mine, None)
    running.run_import({"import_id": mine[1]})
    gone = db.session.query(Product).order_by(Product.id).first()
    withdraw_product(gone.id, None)
    for _piece in range(3):
        running.run_import({"import_id": mine[1]})
        db.session.rollback()
    kept = services.own_import(*mine)
    assert (kept.status, kept.zip_key) == (ImportStatus.DONE, "")
    first, second = rows(kept)
    assert "ditarik" in str(first.notes)
    assert (second.notes, len(db.session.get_one(Product, second.product_id).photos)) == ([], 1)


def test_photos_that_nobody_wants_any_more_are_gone_after_a_week(app: Flask, db: Any, lapas: Any) -> None:
    mine, running_one = with_photo(lapas), with_photo(lapas)
    services.confirm_import(*running_one, None)
    key = services.own_import(*mine).zip_key
    with clock.travel(clock.now() + timedelta(days=6)):
        assert services.cancel_stale() == 0
    with clock.travel(clock.now() + timedelta(days=8)):
        assert services.cancel_stale() == 1
        assert services.cancel_stale() == 0
    assert not storage().exists(key)
    assert services.own_import(*mine).status is ImportStatus.CANCELLED
    assert storage().exists(services.own_import(*running_one).zip_key)


def test_an_address_that_is_none_is_said_in_our_words(db: Any, lapas: Any) -> None:
    kept = judged(lapas, csv([["A", "Tas anyam", "https://[x/a.jpg"]], ["sku", "nama", "foto"]))
    assert rows(kept)[0].problems == [["foto", "Alamat foto ini tidak dapat dibaca."]]


def test_two_forms_of_one_product_get_their_prices_in_one_piece(db: Any, lapas: Any) -> None:
    product_id = on_sale(lapas)
    add_variant(product_id, None, ["biru"], price=5_000, weight=90, sku="LPA-B")

    kept = imported(lapas, csv([["LPA-M", "", 6_000, "", ""], ["LPA-B", "", 7_000, "", ""]]))

    assert verdicts(kept) == ["changed", "changed"]
    found = db.session.get(Product, product_id)
    prices = {variant.sku: variant.price for variant in found.variants}
    assert (prices["LPA-M"], prices["LPA-B"]) == (found.price_from, found.price_to) == (6_000, 7_000)


def test_prices_of_many_products_are_written_together(db: Any, lapas: Any) -> None:
    shelf = factories.category("Tas")

    def asked(products: int) -> int:
        goods = [factories.product(lapas, stock=1, photo=True, shelf=shelf) for _ in range(products)]
        skus = [product.variants[0].sku.removeprefix("LPA-") for product in goods]
        kept = judged(lapas, csv([[sku, "", 99_000, 3, ""] for sku in skus]))
        services.confirm_import(kept.facility_id, kept.id, None)
        with counted() as statements:
            running.run_import({"import_id": kept.id})
        assert verdicts(kept) == ["changed"] * products
        # SQLite gives each event its id in a statement of its own.
        return sum("INTO curation_events" not in statement for statement in statements)

    assert asked(3) + 2 >= asked(20)
