"""What stands on paper, read back from the files: and what must not."""

import io
import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import typst
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from storefront.core import barcode, documents, qr
from storefront.core.language import speaking
from storefront.core.spelled import rupiah_in_words
from storefront.core.transactions import transaction
from storefront.documents.queries import parcels
from storefront.documents.queries.receipt import invoice_of, nota
from storefront.orders.models import Order, Parcel
from storefront.orders.services import Actor, accept_parcel, pack_parcel
from tests import factories
from tests.buying import buy, open_shop, order_of, pay
from tests.support.food import batch_of

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
BUYER = (
    "Siti",
    "Contoh",
    "0812-0000-1111",
    "81200001111",
    "siti@contoh.id",
    "Jl. Contoh",
    "Cipondoh",
    "15148",
)


def words(body: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


@pytest.fixture
def bag(db: Any) -> Any:
    open_shop()
    return factories.product(factories.facility("LPA"), title="Tas Anyam", price=75_000, stock=50)


def paid(wishes: dict[Any, int], **kwargs: Any) -> Order:
    placed = buy(wishes, **kwargs)
    pay(placed)
    return order_of(placed)


def parcels_of(order: Order) -> list[Parcel]:
    facility_id = order.parcels[0].facility_id
    return parcels.parcels_to_print(facility_id, ids=[order.parcels[0].id])


def receipt(order: Order) -> bytes:
    invoice = invoice_of(order.id)
    return documents.pdf("nota", nota(order, invoice), at=invoice.issued_at)


# --- the files ----------------------------------------------------------------------------------------


def test_the_receipt_says_all_that_the_law_wants(bag: Any, db: Any) -> None:
    order = paid({bag: 2})
    text = words(receipt(order))
    number = invoice_of(order.id).number
    assert re.fullmatch(r"INV/\d{4}/\d\d/KANWIL/000001", number)
    total = f"Rp{order.total:,}".replace(",", ".")
    for word in (
        number, "Koperasi Contoh", "Lapas Contoh LPA", *BUYER[:3], *BUYER[5:], "Tas Anyam", "Rp75.000",
        "Rp150.000", "Ongkos kirim", total, "Kartu", "WIB", "bukan Faktur Pajak", "0853-1111-1010",
        order.number, rupiah_in_words(order.total),
    ):  # fmt: skip
        assert word in text, word


def test_the_receipt_in_english(bag: Any, db: Any) -> None:
    order = paid({bag: 1})
    with speaking("en"):
        body = receipt(order)
    text = words(body)
    for word in ("Sales receipt", "In words:", "thousand", "not a tax invoice", "Tas Anyam"):
        assert word in text, word
    assert PdfReader(io.BytesIO(body)).trailer["/Root"]["/Lang"] == "en"


def test_files_are_tagged_for_screen_readers_and_the_same_every_time(bag: Any, db: Any) -> None:
    order = paid({bag: 1})
    for body, again in (
        (receipt(order), receipt(order)),
        *((documents.pdf(source, make(parcels_of(order)), at=AT),) * 2 for source, make in PAPERS),
    ):
        root = PdfReader(io.BytesIO(body)).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in root
        assert body == again
    assert b"pdfuaid:part" in receipt(order)


PAPERS = (("slip", parcels.slip), ("work", parcels.work), ("label", parcels.label))


@pytest.mark.parametrize(("source", "make"), PAPERS[:2])
def test_papers_for_the_workshop_name_no_buyer(bag: Any, db: Any, source: str, make: Any) -> None:
    order = paid({bag: 3})
    body = documents.pdf(source, make(parcels_of(order)), at=AT)
    text = words(body)
    for word in (order.parcels[0].code, "Tas Anyam", "3"):
        assert word in text
    assert "Rp" not in text
    for word in (*BUYER[:1], *BUYER[2:], order.token):
        assert word not in text
        assert word.encode() not in body  # two letters like "Rp" come about by chance in what is packed


@pytest.mark.parametrize(("source", "make"), PAPERS)
def test_papers_for_the_workshop_say_from_which_batch_food_is_taken(
    bag: Any, db: Any, source: str, make: Any
) -> None:
    """As it will be packed, the first to expire first, and afterwards as it was; labels name no contents."""
    variant_id = bag.variants[0].id
    batch_of(bag.facility_id, variant_id, 4, "JAUH", keeps=200)
    batch_of(bag.facility_id, variant_id, 2, "DEKAT", keeps=100)
    order = paid({bag: 3})
    facility_id, parcel_id = order.parcels[0].facility_id, order.parcels[0].id
    wanted = () if source == "label" else ("Batch DEKAT: 2", "Batch JAUH: 1")
    for packed in (False, True):
        if packed:
            accept_parcel(facility_id, parcel_id, Actor(None))
            pack_parcel(facility_id, parcel_id, Actor(None))
        text = words(documents.pdf(source, make(parcels_of(order)), at=AT))
        assert all(word in text for word in wanted), packed
        assert ("Batch" in text) is bool(wanted)


@pytest.mark.parametrize(("source", "make"), PAPERS[:2])
def test_papers_say_on_which_day_fresh_goods_are_brought(bag: Any, db: Any, source: str, make: Any) -> None:
    order = paid({bag: 1})
    assert "Diantar" not in words(documents.pdf(source, make(parcels_of(order)), at=AT))
    with transaction():
        db.session.get_one(Parcel, order.parcels[0].id).deliver_on = date(2026, 12, 3)
    text = words(documents.pdf(source, make(parcels_of(order)), at=AT))
    assert "Diantar Kamis, 3 Desember 2026" in text


def test_a_label_has_what_the_courier_needs_and_no_contents(bag: Any, db: Any) -> None:
    order = paid({bag: 3})
    body = documents.pdf("label", parcels.label(parcels_of(order)), at=AT)
    text, page = words(body), PdfReader(io.BytesIO(body)).pages[0].mediabox
    for word in (
        order.parcels[0].code,
        "Siti Contoh",
        "0812-0000-1111",
        "Jl. Contoh 1",
        "15148",
        "Lapas Contoh LPA",
    ):
        assert word in text
    for word in ("Tas Anyam", "Rp", "siti@contoh.id"):
        assert word not in text
    assert (round(page.width * 25.4 / 72), round(page.height * 25.4 / 72)) == (105, 148)


def test_the_codes_can_be_scanned(bag: Any, db: Any) -> None:
    order = paid({bag: 1})
    [data] = parcels.label(parcels_of(order))["parcels"]
    shown = typst.compile(
        str(documents.SOURCES / "label.typ"),
        font_paths=documents._fonts(),
        format="png",
        ppi=200,
        sys_inputs={"data": json.dumps(parcels.label(parcels_of(order)))},
    )
    found = {(code.format.name, code.text) for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(shown)))}
    assert {text for _kind, text in found} == {order.parcels[0].code}
    assert len(found) == 2, found
    assert data["qr"] == qr.svg(order.parcels[0].code, title=order.parcels[0].code).decode()


def test_several_parcels_are_pages_of_one_file(bag: Any, db: Any) -> None:
    orders = [paid({bag: 1}) for _ in range(3)]
    ids = [order.parcels[0].id for order in orders]
    codes = [order.parcels[0].code for order in orders]
    found = parcels.parcels_to_print(orders[0].parcels[0].facility_id, ids=ids)
    for source, make in PAPERS:
        pages = PdfReader(io.BytesIO(documents.pdf(source, make(found), at=AT))).pages
        assert len(pages) == 3
        assert [code in page.extract_text() for code, page in zip(codes, pages, strict=True)] == [True] * 3


def test_long_names_and_forty_lines(bag: Any, db: Any) -> None:
    order = paid({bag: 1})
    data = nota(order, invoice_of(order.id))
    row = data["groups"][0]["rows"][0]
    name = "Tas Anyam Pandan Besar dengan Tali Kulit dan Ritsleting Kuningan, Warna Cokelat Tua Sekali"
    data["groups"][0]["rows"] = [
        row
        | {"title": f"{name} {n}", "detail": "merah / XL · Tulisan: " + "M" * 100, "total": "Rp999.999.999"}
        for n in range(40)
    ]
    data["buyer"] = [
        "Raden Mas Panji Suryadiningrat Kusumaningtyas Wirawan Prawiranegara " * 2,
        *data["buyer"][1:],
    ]
    body = documents.pdf("nota", data, at=AT)
    text = words(body)
    assert f"{name} 39" in text
    assert text.count("Subtotal") == len(PdfReader(io.BytesIO(body)).pages) > 1, "headings on each page"


@pytest.mark.parametrize(
    "name", ["Ani 🎉 家 عمر", '#import "x" $1$ *tebal* <b> \\ [', "Žofie Ñandú Ωμέγα Юлия", "A\u0000B\u202eC"]
)
def test_whatever_people_are_called_is_text(name: str) -> None:
    facts = {"code": "WBP-1-A", "qr": qr.svg("WBP-1-A").decode(), "facts": [name], "rows": []}
    data = {
        "lang": "id", "title": name, "author": "Toko", "about": "", "heading": name, "closing": "",
        "words": {"columns": ["a", "b", "c"], "page": "p"}, "parcels": [facts],
    }  # fmt: skip
    text = words(documents.pdf("slip", data, at=AT))
    assert text.count("WBP-1-A") == 1
    for letter in "#$*<[Žñ":
        assert (letter in text) == (letter in name)


# --- numbers and words --------------------------------------------------------------------------------


@given(amount=st.integers(0, 10**14))
def test_amounts_are_spelled_as_another_library_spells_them(amount: int) -> None:
    import lokal

    assert rupiah_in_words(amount).removesuffix(" rupiah") == lokal.terbilang(amount).removesuffix(" rupiah")


def test_amounts_in_english() -> None:
    with speaking("en"):
        assert rupiah_in_words(0) == "zero rupiah"
        assert rupiah_in_words(1_250_311) == (
            "one million two hundred and fifty thousand three hundred and eleven rupiah"
        )
        assert rupiah_in_words(21_000) == "twenty-one thousand rupiah"
    with pytest.raises(ValueError, match="less than nothing"):
        rupiah_in_words(-1)


@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=24))
def test_bars_are_read_back(text: str) -> None:
    assert zxing_reads(barcode.svg(text)) == text


def zxing_reads(svg: bytes) -> str:
    """What a scanner reads from the drawing, drawn here bar by bar."""
    width, height = map(int, re.search(rb'viewBox="0 0 (\d+) (\d+)"', svg).groups())  # type: ignore[union-attr]
    picture = Image.new("L", (width * 3, height * 3), 255)
    for left, bar in re.findall(rb'<rect x="(\d+)" width="(\d+)"', svg):
        picture.paste(0, (int(left) * 3, 0, (int(left) + int(bar)) * 3, height * 3))
    [found] = zxingcpp.read_barcodes(picture)
    assert found.format.name == "Code128"
    return str(found.text)


def test_bars_hold_no_other_letters() -> None:
    for text in ("", "é", "a\n"):
        with pytest.raises(ValueError, match="ASCII"):
            barcode.svg(text)
