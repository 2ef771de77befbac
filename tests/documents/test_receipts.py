"""Receipts: numbered without gaps, shown to who may see them, brought to the buyer."""

import io
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from storefront.core import clock, outbox
from storefront.desk.queries.audit import verify
from storefront.orders.models import Order
from storefront.orders.services import Actor
from storefront.payments.models import Case, Invoice, InvoiceCounter
from storefront.payments.services import cancel_order
from storefront.payments.services.cases import accept_case
from storefront.payments.services.invoices import issue_missing
from tests import factories
from tests.buying import buy, open_shop, order_of, pay


@pytest.fixture
def bag(db: Any) -> Any:
    open_shop()
    return factories.product(factories.facility("LPA"), title="Tas Anyam", price=75_000, stock=90)


def numbers(db: Any) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Invoice.number).order_by(Invoice.number)))


def broken() -> list[str]:
    return [finding.rule for finding in verify() if not finding.holds]


def test_numbers_have_no_gaps_and_follow_the_month_of_payment(bag: Any, db: Any) -> None:
    last, first = datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC), datetime(2026, 11, 30, 17, tzinfo=UTC)
    for moment in (last, first, first):
        with clock.travel(moment):
            pay(buy({bag: 1}))
    pay(buy({bag: 1}), amount=1_000)  # too little: no receipt, no number
    assert numbers(db) == [
        "INV/2026/11/KANWIL/000001", "INV/2026/12/KANWIL/000001", "INV/2026/12/KANWIL/000002",
    ]  # fmt: skip
    assert broken() == []


def test_money_that_is_accepted_later_has_its_receipt_and_a_repeat_no_second(bag: Any, db: Any) -> None:
    placed = buy({bag: 1})
    pay(placed, amount=1_000)
    accept_case(db.session.scalars(select(Case.id)).one(), Actor(factories.user().id))
    pay(placed, reference="pi_again")
    assert len(numbers(db)) == 1


def test_orders_from_before_there_were_receipts_get_theirs(bag: Any, db: Any) -> None:
    placed = [buy({bag: 1}) for _ in range(2)]
    for one in placed:
        pay(one)
    for table in (Invoice, InvoiceCounter):
        _without_triggers(db, table.__tablename__)
    assert "an order that was paid has one receipt" in broken()
    assert issue_missing() == 2
    assert issue_missing() == 0
    assert len(numbers(db)) == 2


def _without_triggers(db: Any, table: str) -> None:
    db.session.rollback()
    sqlite = db.engine.dialect.name == "sqlite"
    if sqlite:
        for verb in ("update", "delete"):
            db.session.execute(db.text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
    else:
        db.session.execute(db.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    db.session.execute(db.text(f"DELETE FROM {table}"))
    db.session.commit()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_many_payments_at_once_leave_no_gap(app: Any, bag: Any, db: Any) -> None:
    placed = [buy({bag: 1}) for _ in range(12)]
    db.session.rollback()
    start, errors = threading.Barrier(len(placed)), []

    def work(one: Any, number: int) -> None:
        try:
            with app.app_context():
                start.wait()
                pay(one, amount=1 if number % 4 == 0 else None)
        except Exception as error:  # noqa: BLE001 (shown below)
            errors.append(error)

    threads = [threading.Thread(target=work, args=(one, number)) for number, one in enumerate(placed)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    db.session.rollback()
    assert sorted(db.session.scalars(select(Invoice.sequence))) == list(range(1, 10))


# --- who sees it --------------------------------------------------------------------------------------


def test_a_buyer_gets_it_after_payment_only(client: Any, bag: Any, db: Any) -> None:
    placed = buy({bag: 2})
    page, path = f"/pesanan/{placed.token}", f"/pesanan/{placed.token}/nota.pdf"
    assert client.get(path).status_code == 404
    assert "nota.pdf" not in client.get(page).text
    pay(placed)
    assert f'href="{path}"' in client.get(page).text
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "inline; filename=" in answer.headers["Content-Disposition"]
    assert client.get("/pesanan/keliru/nota.pdf").status_code == 404
    english = PdfReader(io.BytesIO(client.get(f"/en{path}").data)).pages[0].extract_text()
    assert "Sales receipt" in english


def test_a_receipt_tells_what_went_back(client: Any, bag: Any, db: Any) -> None:
    placed = buy({bag: 1})
    pay(placed)
    cancel_order(placed.id, Actor(factories.user().id), reason="Barang rusak")
    assert client.get(f"/pesanan/{placed.token}/nota.pdf").status_code == 200


def test_papers_are_for_the_facility_of_the_parcel(client: Any, bag: Any, db: Any) -> None:
    placed, other = buy({bag: 1}), factories.facility("LPB")
    unpaid = buy({bag: 1})
    pay(placed)
    key, waiting = order_of(placed).parcels[0].id, order_of(unpaid).parcels[0].id
    place = db.session.get(factories.Facility, bag.facility_id)
    for paper in ("label", "isi", "kerja"):
        path = f"/petugas/cetak/{paper}.pdf"
        factories.signed_in(client, "facility_staff", facility=place)
        for asked in (f"kiriman={key}", "tahap=diterima"):
            answer = client.get(f"{path}?{asked}")
            assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), asked
            assert answer.headers["Cache-Control"] == "no-store"
        for asked in (
            "",
            f"kiriman={waiting}",
            f"kiriman={key}&kiriman={waiting}",
            "kiriman=x",
            "tahap=jalan",
        ):
            assert client.get(f"{path}?{asked}").status_code == 404, asked
        factories.signed_in(client, "facility_head", facility=other)
        for asked in (f"kiriman={key}", "tahap=diterima"):
            assert client.get(f"{path}?{asked}").status_code == 404
    factories.signed_in(client, "regional")
    assert client.get(f"/petugas/cetak/label.pdf?kiriman={key}").status_code == 403


def test_the_office_sends_it_once_however_often_it_presses(
    client: Any, bag: Any, db: Any, letters: Any
) -> None:
    placed = buy({bag: 1})
    path = f"/kanwil/pesanan/{placed.number}"
    factories.signed_in(client, "regional")
    assert client.get(f"{path}/nota.pdf").status_code == 404
    pay(placed)
    outbox.drain()
    assert client.get(f"{path}/nota.pdf").status_code == 200
    before = len(letters())
    for _ in range(2):
        assert client.submit(path, action=f"{path}/kirim-nota").status_code == 303
    outbox.drain()
    [letter] = letters()[before:]
    assert letter["To"] == "siti@contoh.id"
    link = f"/pesanan/{placed.token}/nota.pdf"
    for kind in ("plain", "html"):
        assert link in letter.get_body((kind,)).get_content()
    page = client.get(path).text
    assert "https://wa.me/6281200001111?text=" in page
    assert placed.token in page


def test_the_letter_of_payment_leads_to_the_receipt(bag: Any, db: Any, letters: Any) -> None:
    placed = buy({bag: 1})
    pay(placed)
    outbox.drain()
    paid = [letter for letter in letters() if "Pembayaran" in letter["Subject"]]
    assert len(paid) == 1
    assert f"/pesanan/{placed.token}/nota.pdf" in paid[0].get_body(("plain",)).get_content()
    assert db.session.scalar(select(func.count(Order.id))) == 1


def test_a_buyers_own_room_gives_the_receipt_of_what_was_paid(client: Any, bag: Any, db: Any) -> None:
    buyer = factories.user("buyer", email="siti@contoh.id")
    paid, waiting = (buy({bag: 1}, buyer_id=buyer.id) for _ in range(2))
    pay(paid)
    factories.sign_in(client, buyer)
    page = client.get("/akun/pesanan").text
    assert f'href="/pesanan/{paid.token}/nota.pdf"' in page
    assert f"/pesanan/{waiting.token}/nota.pdf" not in page


def test_the_staff_of_a_facility_open_no_receipt(client: Any, bag: Any, db: Any) -> None:
    placed = buy({bag: 1})
    pay(placed)
    number = order_of(placed).number
    place = db.session.get(factories.Facility, bag.facility_id)
    for role in ("facility_staff", "facility_head"):
        factories.signed_in(client, role, facility=place)
        assert client.get(f"/kanwil/pesanan/{number}/nota.pdf").status_code in (403, 404)
        for page in ("/petugas", "/petugas/kiriman"):
            assert "nota.pdf" not in client.get(page).text
