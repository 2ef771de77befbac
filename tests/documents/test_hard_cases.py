"""Papers of parcels in hard cases: long names and addresses, forty lines, fourteen forms, both languages."""

import io
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PdfReader

from storefront.core import documents
from storefront.core.language import speaking
from storefront.documents.queries import parcels
from storefront.orders.models import DeliveryMethod, ParcelStatus
from tests.documents.test_papers import AT, PAPERS, words

TITLE = "Tas Anyam Pandan Besar dengan Tali Kulit dan Ritsleting Kuningan, Warna Cokelat Tua Sekali"[:90]
NAME = ("Raden Mas Panji Suryadiningrat Kusumaningtyas " * 3)[:120].strip()
STREET = ("Perumahan Griya Asri Permai Blok C3 No. 17, Jl. Kenanga Raya Gg. Melati II RT 012 RW 004, " * 4)[
    :300
]
LANDMARK = ("Rumah cat hijau seberang warung Bu Tuti, pagar besi hitam, pohon mangga di depan; " * 3)[:150]


def line(number: int, **fields: Any) -> Any:
    values: dict[str, Any] = {
        "title": TITLE, "options": "merah marun / XL / tali kulit panjang",
        "sku": f"LPPTNG-ANYM-{number:05}-MRH-XL",
        "workshop": ("Bengkel Kayu", "Bengkel Anyaman Pandan dan Bambu", "")[number % 3],
        "note": "Selamat ulang tahun! " * 5, "ready_by": date(2026, 12, 28), "quantity": 2,
        "variant_id": None,
    }  # fmt: skip
    return SimpleNamespace(**values | fields)


def parcel(lines: list[Any], **fields: Any) -> Any:
    address = {
        "street": STREET, "village": "Kutabumi Selatan", "postal_code": "15560", "landmark": LANDMARK,
        "district_label": "Pasar Kemis, Kabupaten Tangerang, Banten",
    }  # fmt: skip
    values: dict[str, Any] = {
        "id": 1, "status": ParcelStatus.PACKED,
        "code": "WBP-261122-ABCD-A12", "weight": 12_500, "ready_by": date(2026, 12, 28), "deliver_on": None,
        "method": DeliveryMethod.DELIVERY, "waybill": "JX" * 30,
        "service_words": "JNE Reguler (hemat, 3–5 hari kerja, dengan asuransi barang pecah belah)",
        "items": [SimpleNamespace(line=row, quantity=2, order_line_id=n) for n, row in enumerate(lines)],
        "order": SimpleNamespace(customer_name=NAME, phone="+6281200001111", address=address),
        "facility": SimpleNamespace(
            name="Lembaga Pemasyarakatan Perempuan Kelas IIA Tangerang", contact_phone="+6281234567890",
            address=STREET[:200], town="Tangerang", postal_code="15119",
        ),
    }  # fmt: skip
    return SimpleNamespace(**values | fields)


@pytest.fixture
def at_home(app: Any) -> Any:
    with app.app_context():
        yield


pytestmark = [
    pytest.mark.usefixtures("at_home"), pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
    pytest.mark.parametrize("tongue", ["id", "en"]),
]  # fmt: skip


def pages(body: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(body)).pages]


@pytest.mark.parametrize(("source", "make"), PAPERS[:2])
def test_forty_lines_keep_their_heads_and_each_sheet_says_whose_it_is(
    source: str, make: Any, tongue: str
) -> None:
    with speaking(tongue):
        data = make([parcel([line(n) for n in range(40)]), parcel([line(1)], code="WBP-LAIN-B")])
    found = pages(documents.pdf(source, data, at=AT))
    assert len(found) > 3
    first = [text for text in found if "WBP-261122-ABCD-A12" in text]
    assert len(first) == len(found) - 1, "its code stands on every sheet of a parcel"
    assert [text for text in found if "WBP-LAIN-B" in text] == [found[-1]]
    head = data["words"]["columns"][1]
    assert all(head in text for text in found)
    for n in range(40):
        [sheet] = [text for text in first if f"LPPTNG-ANYM-{n:05}-MRH-XL" in text.replace("- ", "-")]
        assert sheet
    page = data["words"]["page"]
    assert f"{page} 1" in found[0]
    assert f"{page} 1" in found[-1], "each parcel's sheets are counted by themselves"


@pytest.mark.parametrize(("source", "make"), PAPERS)
def test_the_language_and_the_title_are_in_the_file(source: str, make: Any, tongue: str) -> None:
    with speaking(tongue):
        data = make([parcel([line(n, title="Kaus Karya", options=f"hitam / {n}XL") for n in range(14)])])
    body = documents.pdf(source, data, at=AT)
    root = PdfReader(io.BytesIO(body)).trailer["/Root"]
    assert root["/Lang"] == tongue
    assert PdfReader(io.BytesIO(body)).metadata.title == data["title"]  # type: ignore[union-attr]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in body


def test_the_longest_address_fits_on_one_label(tongue: str) -> None:
    with speaking(tongue):
        data = parcels.label([parcel([line(1)])])
    body = documents.pdf("label", data, at=AT)
    assert len(pages(body)) == 1
    for word in (
        *NAME.split(),
        "0812-0000-1111",
        "Kutabumi",
        "15560",
        *LANDMARK.split()[-2:],
        "0812-3456-7890",
    ):
        assert word in words(body), word


def test_what_is_collected_names_nobody(tongue: str) -> None:
    with speaking(tongue):
        one = parcel(
            [line(1)],
            method=DeliveryMethod.PICKUP,
            service_words="Ambil di tempat",
            waybill="",
            ready_by=None,
        )
        for source, make in PAPERS:
            text = words(documents.pdf(source, make([one]), at=AT))
            for word in (*NAME.split()[:3], "0812-0000-1111", "Kutabumi", "15560"):
                assert word not in text, (source, word)
