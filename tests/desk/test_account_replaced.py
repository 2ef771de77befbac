"""The account that a refund goes to is replaced: its buyer hears of it, and its officer sees it in time."""

import pytest
from sqlalchemy import select

from storefront.core import outbox
from storefront.core.db import db as database
from storefront.core.errors import NotFound
from storefront.orders.services import Actor
from storefront.payments.models import ACCOUNT_CHANGED, Refund, RefundStatus
from storefront.payments.services import cancel_order, mark_refund_sent
from storefront.payments.services.destinations import save_destination
from storefront.payments.services.refunds import AccountChanged, account_event
from tests import factories
from tests.buying import buy, open_shop, order_of, pay

MINE = {"bank": "BRI", "number": "0123-01-000456-50-7", "holder": "Siti Rohmah"}
OTHER = {"bank": "BCA", "number": "5550001234", "holder": "Orang Lain"}
SUBJECT = "Rekening pengembalian pesanan"


@pytest.fixture
def placed(db):
    """An order paid by transfer, cancelled, whose buyer has said where the money goes."""
    open_shop()
    placed = buy({factories.product(price=75_000, stock=9): 1})
    pay(placed, provider="transfer", reference="1:BR1")
    cancel_order(placed.id, Actor(), reason="Rusak")
    save_destination(placed.id, **MINE, actor=Actor())
    return placed


@pytest.fixture
def officer(app, placed):
    client = app.test_client()
    factories.signed_in(client, "regional")
    return client


def replaced(placed) -> list[str]:
    return [event.kind for event in order_of(placed).events if event.kind == ACCOUNT_CHANGED]


def told(letters) -> list[str]:
    outbox.drain()
    return [letter.get_body(("plain",)).get_content() for letter in letters() if SUBJECT in letter["Subject"]]


def test_the_buyer_gets_a_letter_with_the_end_of_the_number(placed, client, letters):
    assert told(letters) == []
    page = f"/pesanan/{placed.token}/rekening"
    assert client.submit(page, OTHER, action=page).status_code == 303
    [text] = told(letters)
    assert "BCA, nomor berakhiran 1234" in " ".join(text.split())
    assert not [word for word in ("5550001234", "Orang Lain", "Rohmah") if word in text]
    assert [letter["To"] for letter in letters() if SUBJECT in letter["Subject"]] == ["siti@contoh.id"]
    assert "Rekening tujuan pengembalian diganti" in client.get(f"/pesanan/{placed.token}").text


def test_the_same_account_again_is_no_change(placed, letters):
    save_destination(placed.id, bank=" BRI", number="012301000456507", holder="Siti Rohmah", actor=Actor())
    assert (replaced(placed), told(letters)) == ([], [])


def test_who_sends_it_sees_that_it_was_replaced(placed, officer, client):
    refund_id = database.session.scalars(select(Refund.id)).one()
    there, desk = f"/kanwil/pengembalian/{refund_id}", "/kanwil/perlu-diperiksa"
    assert "menggantikan yang sebelumnya" not in officer.page(there).text
    assert "Rekening tujuan Diganti" not in officer.page(desk).text
    form = officer.page(there).form(there)
    page = f"/pesanan/{placed.token}/rekening"
    client.submit(page, OTHER, action=page)

    before = {field["name"]: field.get("value", "") for field in hidden(form)} | {"reference": "TRF-1"}
    refused = officer.post(there, data=before)
    assert refused.status_code == 422
    assert "diganti sejak halaman ini dibuka" in refused.text
    assert 'value="TRF-1"' in refused.text
    assert database.session.get_one(Refund, refund_id).status is RefundStatus.DUE
    assert "menggantikan yang sebelumnya" in officer.page(there).text
    assert "Rekening tujuan Diganti" in officer.page(desk).text

    assert officer.submit(there, {"reference": "TRF-1"}, action=there).status_code == 303
    database.session.expire_all()
    assert database.session.get_one(Refund, refund_id).status is RefundStatus.SENT


def hidden(form) -> list[dict[str, str]]:
    """The hidden fields of a form."""
    return [node.attrs for node in form.all("input") if node.attrs.get("type") == "hidden"]


def test_after_sending_nothing_is_replaced(placed, client):
    refund_id = database.session.scalars(select(Refund.id)).one()
    mark_refund_sent(refund_id, "TRF-1", actor=Actor(factories.user("regional").id), seen=0)
    sealed = database.session.get_one(Refund, refund_id).destination
    with pytest.raises(NotFound):
        save_destination(placed.id, **OTHER, actor=Actor())
    database.session.expire_all()
    assert database.session.get_one(Refund, refund_id).destination == sealed
    assert "Tidak ada dana yang menunggu rekening" in client.page(f"/pesanan/{placed.token}/rekening").text


def test_each_replacement_has_a_mark_of_its_own(placed):
    refund_id = database.session.scalars(select(Refund.id)).one()
    save_destination(placed.id, **OTHER, actor=Actor())
    first = account_event(placed.id)
    save_destination(placed.id, **MINE, actor=Actor())
    other = Actor(factories.user("regional").id)
    with pytest.raises(AccountChanged):
        mark_refund_sent(refund_id, "TRF-1", actor=other, seen=first)
    mark_refund_sent(refund_id, "TRF-1", actor=other, seen=account_event(placed.id))
