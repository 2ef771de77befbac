"""QRIS of our own: a code on the order's page, its limit, and two officers who find the money."""

from datetime import timedelta
from io import BytesIO

import pytest
import qriskit
import zxingcpp
from PIL import Image
from sqlalchemy import select

from storefront.core import clock, qr, qris
from storefront.core.db import db as database
from storefront.core.errors import Invalid
from storefront.core.transactions import transaction
from storefront.facilities.models import MerchantAccount
from storefront.orders.models import OrderStatus
from storefront.orders.services import Actor
from storefront.payments.models import Payment, PaymentAttempt
from storefront.payments.providers import provider
from storefront.payments.services import check_claim, confirm_claim, start_attempt
from storefront.payments.services.attempts import NotPayable
from storefront.payments.services.record import Outcome
from storefront.payments.services.transfers import SamePerson, reject_claim, submit_proof
from tests import factories
from tests.buying import buy, open_shop, order_of
from tests.core.test_qris import STATIC


@pytest.fixture
def bag(db):
    open_shop()
    with transaction():
        account = db.session.scalars(select(MerchantAccount)).one()
        account.qris_payload, account.nmid, account.qris_name = STATIC, "ID1020000000001", "GERAI KARYA"
    return factories.product(price=100_000, stock=300)


def code_of(placed) -> str:
    attempt = database.session.get_one(PaymentAttempt, start_attempt(placed.id, "qris"))
    return provider("qris").start(attempt, attempt.order, back="").code


def test_the_code_asks_for_this_order_and_nothing_on_top(bag):
    placed = buy({bag: 1}, method="qris")
    order, code = order_of(placed), code_of(placed)
    read = qris.read(code)
    assert (read.amount, read.reference) == (str(order.total), placed.number)
    assert not {"55", "56", "57"} & dict(qris.split(code)).keys()
    assert qriskit.is_valid(code)
    assert database.session.scalars(select(PaymentAttempt)).one().unique_code == 0


def test_orders_of_the_same_sum_can_wait_side_by_side(bag):
    codes = {code_of(buy({bag: 1}, method="qris")) for _ in range(3)}
    assert len(codes) == 3


def test_the_page_shows_code_name_nmid_and_no_fee(client, bag):
    placed = buy({bag: 1}, method="qris")
    code = code_of(placed)
    page = client.page(f"/pesanan/{placed.token}")
    for words in ("GERAI KARYA", "ID1020000000001", "Tanpa biaya tambahan", "Unggah bukti pembayaran"):
        assert words in page.text
    assert "kode unik" not in page.text
    [image] = [one for one in page.all("img") if one.attrs["src"].endswith("/qris.svg")]
    assert int(image.attrs["width"]) >= 115
    answer = client.get(image.attrs["src"])
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data == qr.svg(
        code, title=f"Kode QRIS untuk Rp{order_of(placed).total:,}".replace(",", ".")
    )
    picture = Image.open(BytesIO(qr.png(code, scale=4))).convert("RGB")
    assert zxingcpp.read_barcode(picture).text == code


def test_there_is_no_code_where_none_was_asked_for(client, bag):
    placed = buy({bag: 1}, method="transfer")
    start_attempt(placed.id, "transfer")
    assert client.get(f"/pesanan/{placed.token}/qris.svg").status_code == 404
    assert client.get("/pesanan/tidak-ada/qris.svg").status_code == 404


def test_above_the_limit_there_is_a_clear_way_out(client, bag):
    placed = buy({bag: 101}, method="transfer")
    text = client.page(f"/pesanan/{placed.token}").text
    assert "QRIS paling banyak Rp10.000.000" in text
    assert "Bayar lewat transfer bank" in text
    assert "Bayar dengan QRIS" not in text
    with pytest.raises(Invalid):
        start_attempt(placed.id, "qris")


def test_without_a_code_there_is_no_such_button(client, db):
    open_shop()
    placed = buy({factories.product(stock=5): 1}, method="transfer")
    assert "QRIS" not in client.page(f"/pesanan/{placed.token}").one("main").text


def test_two_officers_confirm_and_one_reference_pays_once(bag):
    first, second = Actor(factories.user().id), Actor(factories.user().id)
    placed, other = buy({bag: 1}, method="qris"), buy({bag: 1}, method="qris")
    attempt_id, other_id = start_attempt(placed.id, "qris"), start_attempt(other.id, "qris")
    total = order_of(placed).total
    check_claim(attempt_id, first, amount=total, bank_reference="rrn 123")
    with pytest.raises(SamePerson):
        confirm_claim(attempt_id, first)
    assert confirm_claim(attempt_id, second) is Outcome.PAID
    assert order_of(placed).status is OrderStatus.PAID
    assert database.session.scalars(select(Payment.provider)).one() == "qris"
    with pytest.raises(Invalid):
        check_claim(other_id, first, amount=total, bank_reference="RRN 123")


def test_one_facilitys_order_goes_to_its_own_account(bag):
    own, other = factories.facility(), factories.facility()
    account = MerchantAccount(
        facility_id=own.id, bank="BRI", number="777", holder="Satker", qris_payload=STATIC,
        nmid="ID1020000000001", qris_name="SATKER", status="standing", valid_from=order_day(bag),
        created_at=database.session.scalars(select(MerchantAccount.created_at)).one(),
    )  # fmt: skip
    factories.stored(account)
    account_id = account.id
    mine, theirs = factories.product(own, stock=9), factories.product(other, stock=9)

    def paid_to(wishes, code):
        attempt = start_attempt(buy(wishes, method=code).id, code)
        return database.session.get_one(PaymentAttempt, attempt).account_id == account_id

    assert paid_to({mine: 1}, "qris")
    assert paid_to({mine: 1}, "transfer")
    assert not paid_to({theirs: 1}, "qris")
    assert not paid_to({mine: 1, theirs: 1}, "qris")


def order_day(_bag):
    return database.session.scalars(select(MerchantAccount.valid_from)).one()


def test_what_happens_is_told_in_the_words_of_qris(client, bag):
    placed = buy({bag: 1}, method="qris")
    code_of(placed)
    attempt = database.session.scalars(select(PaymentAttempt)).one()
    attempt_id, amount = attempt.id, attempt.amount
    submit_proof(attempt_id, "private/bukti/contoh.webp", sender="Siti")
    reject_claim(attempt_id, Actor(factories.user("regional").id), reason="Fotonya tidak terbaca")
    check_claim(attempt_id, Actor(factories.user("regional").id), amount=amount, bank_reference="QR-1")
    own = client.page(f"/pesanan/{placed.token}").text
    assert "Bukti pembayaran QRIS diterima" in own
    assert "Bukti pembayaran QRIS ditolak: Fotonya tidak terbaca" in own
    factories.signed_in(client, "regional")
    desk = client.page(f"/kanwil/pesanan/{placed.number}").text
    assert "Pembayaran QRIS ditemukan di laporan, menunggu petugas kedua" in desk
    one = client.page(f"/kanwil/transfer/{attempt_id}").text
    for page in (own, desk):
        assert "ransfer ditemukan" not in page
        assert "Bukti transfer" not in page
    assert f"QRIS {placed.number}" in one


def test_changing_ones_mind_again_and_again_holds_the_goods_for_two_days_at_most(bag):
    placed = buy({bag: 1}, method="qris")
    began = order_of(placed).placed_at
    for turn in range(15):
        with clock.travel(began + turn * timedelta(hours=13)):
            try:
                start_attempt(placed.id, "transfer" if turn % 2 else "qris")
            except NotPayable:
                break
    assert order_of(placed).pay_by == began + timedelta(hours=48)
