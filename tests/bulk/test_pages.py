"""The pages of imports and downloads, pressed through as staff do, without script."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from storefront.bulk.models import Import, ImportStatus
from storefront.catalog.models import Variant
from storefront.core import outbox
from storefront.core.models import AuditEntry
from tests import factories
from tests.bulk.files import HEADINGS, csv, judged, zipped
from tests.support.client import Client

ROOM = "/petugas/impor"


@pytest.fixture
def lapas(app: Any, db: Any, client: Client) -> Any:
    """A facility whose staff is signed in."""
    app.config["WTF_CSRF_ENABLED"] = False
    facility = factories.facility("LPA")
    factories.signed_in(client, "facility_staff", facility=facility)
    return facility


def send(client: Client, data: bytes, name: str = "tabel.csv", **more: Any) -> Any:
    body = {"table": (BytesIO(data), name), **more}
    return client.post(ROOM, data=body, content_type="multipart/form-data")


def test_from_upload_to_done(client: Client, db: Any, lapas: Any) -> None:
    sent = send(client, csv([["TAS-01", "Tas anyam", "185.000", "5", "450"], ["B", "Tas", "1,5", "1", "1"]]))
    assert sent.status_code == 303
    page = client.get(sent.location)
    assert "Apa isi setiap kolom?" in page.text
    assert 'value="price" selected' in page.text
    chosen = {f"kolom-{n}": name for n, name in enumerate(["sku", "title", "price", "stock", "weight"])}

    looked = client.post(f"{sent.location}/kolom", data=chosen)

    assert looked.status_code == 303
    page = client.get(sent.location)
    assert "Jalankan 1 baris" in page.text
    assert "1 baris salah" in page.text
    assert client.post(f"{sent.location}/jalankan").status_code == 303
    page = client.get(sent.location)
    assert "0 dari 1 baris selesai" in page.text
    before = client.get(f"{sent.location}/status").json
    assert before is not None
    assert (before["done"], before["total"]) == (0, 1)
    outbox.drain()
    assert client.get(f"{sent.location}/status").json != before
    assert "1 baris masuk ke toko." in client.get(sent.location).text
    assert db.session.scalar(select(Variant.price).filter_by(sku="LPA-TAS-01")) == 185_000
    acts = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))
    assert acts[0] == "import.started"
    assert {"product.created", "stock.received", "import.done"} <= set(acts)


def test_wrong_lines_come_back_as_they_were_sent_with_the_reason(client: Client, db: Any, lapas: Any) -> None:
    row = ["=1+1", "Tas", "seribu", "5", "450"]
    sent = send(client, csv([row]))
    chosen = {f"kolom-{n}": name for n, name in enumerate(["sku", "title", "price", "stock", "weight"])}
    client.post(f"{sent.location}/kolom", data=chosen)

    book = openpyxl.load_workbook(BytesIO(client.get(f"{sent.location}/salah.xlsx").data))

    head, line = book.active.iter_rows(values_only=True)
    assert list(head) == [*HEADINGS, "Baris", "Yang salah"]
    assert [str(cell) for cell in line[1:6]] == ["Tas", "seribu", "5", "450", "2"]
    assert "harga: " in str(line[6])
    assert book.active["A2"].data_type == "s"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (b"sku;nama\n", "tidak berisi baris"),
        (b"PK\x03\x04 no zip", "ZIP yang utuh"),
        (b"\xd0\xcf\x11\xe0 old", "CSV"),
        (b"a\0b\nc\n", "bukan tabel"),
    ],
)
def test_what_is_no_table_is_refused_in_words(client: Client, lapas: Any, data: bytes, words: str) -> None:
    answer = send(client, data)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_bad_zip_is_refused_beside_its_field(client: Client, lapas: Any) -> None:
    answer = send(client, csv([["A", "Tas", 1, 1, 1]]), photos=(BytesIO(b"no zip"), "foto.zip"), checked="y")
    assert answer.status_code == 422
    assert "ZIP yang utuh" in answer.text


def test_photos_come_only_with_the_word_that_they_were_looked_at(client: Client, db: Any, lapas: Any) -> None:
    def photos() -> Any:
        return BytesIO(zipped({"a.jpg": b"..."})), "foto.zip"

    row = csv([["A", "Tas", 1, 1, 1]])
    unseen = send(client, row, photos=photos())
    assert unseen.status_code == 422
    assert "centang kotak ini" in unseen.text
    assert send(client, row, photos=photos(), checked="y").status_code == 303


def test_a_column_chosen_twice_is_said_and_the_choice_kept(client: Client, db: Any, lapas: Any) -> None:
    sent = send(client, csv([["A", "Tas", 1, 1, 1]]))
    answer = client.post(f"{sent.location}/kolom", data={"kolom-1": "title", "kolom-2": "title"})
    assert answer.status_code == 422
    assert "sudah dipilih untuk kolom lain" in answer.text
    assert "Pilih kolom mana yang berisi SKU" in answer.text
    assert answer.text.count('value="title" selected') == 2
    assert db.session.scalars(select(Import)).one().status is ImportStatus.MAPPING


def test_cancelled_means_nothing_happened(client: Client, db: Any, lapas: Any) -> None:
    kept = judged(lapas.id, csv([["A", "Tas", 1, 1, 1]]))
    path = f"{ROOM}/{kept.id}"
    assert client.post(f"{path}/batal").status_code == 303
    assert client.post(f"{path}/jalankan").status_code == 409
    outbox.drain()
    assert db.session.scalars(select(Variant)).all() == []


def test_downloads_hold_own_rows_and_nothing_that_runs(client: Client, db: Any, lapas: Any) -> None:
    factories.product(lapas, title="=HYPERLINK(1)", price=50_000, stock=7)
    factories.product(factories.facility("LPB"), title="Punya LPB")
    for name in ("produk", "stok", "pesanan"):
        table = client.get(f"/petugas/ekspor/{name}.csv")
        assert table.status_code == 200
        assert "LPB" not in table.text
        book = openpyxl.load_workbook(BytesIO(client.get(f"/petugas/ekspor/{name}.xlsx").data))
        assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    assert "'=HYPERLINK(1)" in client.get("/petugas/ekspor/stok.csv").text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_can_be_sent_in(client: Client, db: Any, lapas: Any, kind: str) -> None:
    factories.category("Tas")
    template = client.get(f"/petugas/ekspor/templat.{kind}").data
    sent = send(client, template, f"templat.{kind}")
    assert sent.status_code == 303
    kept = db.session.scalars(select(Import)).one()
    assert "" not in kept.mapping


@pytest.mark.parametrize("path", [ROOM, "/petugas/ekspor", "/petugas/ubah-banyak", "/en/petugas/impor"])
def test_the_rooms_open_for_staff_only(client: Client, lapas: Any, path: str) -> None:
    assert client.get(path).status_code == 200
    factories.signed_in(client, "regional")
    assert client.get(path).status_code == 403
