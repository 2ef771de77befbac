"""The back office under /en: each page answers in English, without a word left from Indonesian."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from devtools.translations.check import translated
from storefront.core import clock
from storefront.orders.models import Parcel
from storefront.orders.services import Actor, accept_parcel, pack_parcel
from storefront.payments.models import PaymentAttempt
from storefront.payments.services import submit_proof
from tests import factories
from tests.buying import buy, open_shop, order_of, pay, transfer_attempt
from tests.support import fairs
from tests.support.html import Element, Page

NOW = datetime(2026, 10, 5, 5, tzinfo=UTC)
SPOKEN_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "data-label"}


def words_of(element: Element) -> Iterator[str]:
    """The texts and spoken attributes of a page, one by one, but what says itself that it is Indonesian."""
    for child in element.children:
        if isinstance(child, str):
            yield " ".join(child.split())
        elif child.attrs.get("lang") != "id":
            yield from (value for name, value in child.attrs.items() if name in SPOKEN_ATTRIBUTES)
            yield from words_of(child)


def leftovers(html: str) -> set[str]:
    """Indonesian sentences and labels of the page that the English catalogue has other words for."""
    known = {text for (_context, text), entry in translated("en").items() if text not in (entry.string or "")}
    return set(words_of(Page.parse(html))) & known


@pytest.fixture
def shop(app, db):
    """A paid order, one that waits for its transfer, a fair, and people of every role."""
    with clock.travel(NOW):
        open_shop()
        bag = factories.product(price=100_000, stock=9)
        paid = order_of(buy({bag: 2}, method="card"))
        pay(paid)
        waiting = transfer_attempt(buy({bag: 1}, method="transfer"))
        submit_proof(waiting.id, "private/proof", sender="Siti")
        yield {
            "number": paid.number,
            "parcel": db.session.scalar(select(Parcel.id).filter_by(order_id=paid.id)),
            "attempt": waiting.id,
            "facility": bag.facility,
            "fair": fairs.fair(products=[bag]),
        }


def english(client, path: str, title: str) -> None:
    answer = client.get(f"/en{path}")
    assert answer.status_code == 200, path
    assert '<html lang="en"' in answer.text, path
    assert f"<title>{title}" in answer.text, path
    assert leftovers(answer.text) == set(), path


def test_the_office_reads_english(client, db, shop):
    person = factories.signed_in(client, "regional")
    for path, title in {
        "/kanwil/pesanan": "Orders",
        f"/kanwil/pesanan/{shop['number']}": f"Order {shop['number']}",
        "/kanwil/transfer": "Transfers and QRIS waiting",
        f"/kanwil/transfer/{shop['attempt']}": "Transfer ",
        "/kanwil/perlu-diperiksa": "To be resolved",
        "/kanwil/pendapatan": "Revenue",
        "/kanwil/ongkir": "Delivery rates",
        "/kanwil/lapas": "Lapas",
        "/kanwil/lapas/baru": "Add a Lapas",
        f"/kanwil/lapas/{shop['facility'].id}": shop["facility"].name,
        "/kanwil/pengguna": "Users",
        "/kanwil/pengguna/baru": "Invite a user",
        f"/kanwil/pengguna/{person.id}": person.name,
        "/kanwil/rekening": "Bank account",
    }.items():
        english(client, path, title)


def test_a_facility_reads_english_at_every_step(client, db, shop):
    home, parcel = shop["facility"], shop["parcel"]
    person = factories.signed_in(client, "facility_staff", facility=home)
    english(client, "/petugas/pesanan", "Orders")
    english(client, "/petugas/pesanan?tahap=semua", "Orders")
    english(client, "/petugas/pesanan?tahap=dikemas", "Orders")
    english(client, "/petugas/pendapatan", "Revenue")
    for step in (None, accept_parcel, pack_parcel):
        if step:
            step(home.id, parcel, Actor(person.id))
        english(client, f"/petugas/pesanan/{parcel}", "Parcel ")


def test_a_promoter_reads_english(client, db, shop):
    factories.signed_in(client, "promoter")
    for path, title in {
        "": "Fairs",
        "/baru": "New fair",
        f"/{shop['fair']}": "",
        f"/{shop['fair']}/produk": "Products",
        f"/{shop['fair']}/poster": "Poster and QR",
        f"/{shop['fair']}/cetak": "Poster",
    }.items():
        english(client, f"/pemprov/acara{path}", title)


def test_refusals_are_english_too(client, db, shop):
    factories.signed_in(client, "regional")
    path = f"/en/kanwil/transfer/{shop['attempt']}"
    answer = client.submit(path, {"amount": "", "bank_reference": "x"}, action=f"{path}/periksa")
    assert answer.status_code == 422
    assert "Enter the amount as on the bank statement." in answer.text
    assert leftovers(answer.text) == set()
    assert db.session.get(PaymentAttempt, shop["attempt"]).status == "started"


def test_files_say_in_english_what_people_read(client, db, shop):
    factories.signed_in(client, "regional")
    lines = client.get("/en/kanwil/pendapatan/tabel.csv?kelompok=bulan").text.splitlines()
    assert lines[0].endswith("Month,Orders,Pieces,Sales,Discount,Refunded,Net sales,Delivery fees,Received")
    assert lines[1].startswith("October 2026,1,2,200000,")
    rates = client.get("/en/kanwil/ongkir/tarif.csv").text
    assert "kg pertama" in rates, "a file that is read back keeps its headings in every language"
