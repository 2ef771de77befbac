"""The receipt travels with the letter that says that the money came, and with the one that brings it."""

import io
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from storefront.core import documents, mail, outbox
from storefront.core.db import db as database
from storefront.core.language import speaking
from storefront.documents.services import send_receipt
from storefront.payments.models import Invoice
from tests import factories
from tests.buying import buy, cart_of, open_shop, pay, place_order, somebody


@pytest.fixture
def bag(db: Any) -> Any:
    open_shop()
    return factories.product(factories.facility("LPA"), title="Tas Anyam", price=75_000, stock=50)


def paid_letters(letters: Any, word: str = "Pembayaran") -> list[Any]:
    return [letter for letter in letters() if word in letter["Subject"]]


def test_the_letter_of_payment_carries_the_receipt_once(bag: Any, letters: Any) -> None:
    placed = buy({bag: 1})
    pay(placed)
    assert letters() == []
    outbox.drain()
    pay(placed)
    outbox.drain()
    [letter] = paid_letters(letters)
    [file] = letter.iter_attachments()
    number = database.session.scalars(select(Invoice.number)).one()
    assert file.get_filename() == f"{number.replace('/', '-')}.pdf"
    assert file.get_content_type() == "application/pdf"
    text = PdfReader(io.BytesIO(file.get_content())).pages[0].extract_text()
    assert number in text
    assert "Nota penjualan" in text
    assert f"/pesanan/{placed.token}/nota.pdf" in letter.get_body(("plain",)).get_content(), "the link stays"
    assert all(
        not list(other.iter_attachments()) for other in letters() if other["Subject"] != letter["Subject"]
    )


def test_a_receipt_asked_for_again_is_enclosed_in_the_buyers_language(bag: Any, letters: Any) -> None:
    with speaking("en"):
        placed = place_order(cart_of({bag: 1}), somebody(), payment_method="card")
    pay(placed)
    send_receipt(placed.id, actor_id=factories.user().id)
    outbox.drain()
    for letter in letters()[1:]:
        [file] = letter.iter_attachments()
        assert "Sales receipt" in PdfReader(io.BytesIO(file.get_content())).pages[0].extract_text()


def test_the_letter_leaves_also_without_it(bag: Any, letters: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_words: object) -> bytes:
        raise RuntimeError("no fonts")

    monkeypatch.setattr(documents, "pdf", broken)
    placed = buy({bag: 1})
    pay(placed)
    outbox.drain()
    [letter] = paid_letters(letters)
    assert list(letter.iter_attachments()) == []


def test_a_receipt_that_is_too_big_stays_behind(
    bag: Any, letters: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "MOST_ENCLOSED", 100)
    pay(buy({bag: 1}))
    outbox.drain()
    [letter] = paid_letters(letters)
    assert list(letter.iter_attachments()) == []
