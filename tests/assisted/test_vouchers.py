"""A voucher's code in an order that staff write down: the cart's rules, its buyer's limits, one in a race."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial

import pytest
from sqlalchemy import func, select

from storefront.assisted.models import Draft, Source
from storefront.assisted.services import add_goods, open_draft, place_draft, take_cash, use_code
from storefront.cart.queries import contents
from storefront.checkout.services import TotalChanged, place_order
from storefront.core import clock, outbox
from storefront.core.db import db as database
from storefront.core.errors import Invalid, NotFound
from storefront.desk.queries.audit import verify
from storefront.orders.models import Channel, Order, OrderStatus
from storefront.orders.services import Actor
from storefront.payments.models import PaymentAttempt
from storefront.payments.services import cancel_order, expire_orders
from storefront.promotions.models import UseState
from storefront.promotions.services import OfferGone
from tests import factories
from tests.assisted.test_pages import GOOD, ROOM, draft_of
from tests.buying import balance, cart_of, know_cipondoh, only, open_shop, order_of, pay, somebody, stock_of
from tests.checkout.test_races import at_once
from tests.support import html
from tests.support.offers import offer, used, uses, with_code


@pytest.fixture
def lapas(db):
    open_shop()
    know_cipondoh()
    return factories.facility("LPA", regency_code="36.71")


@pytest.fixture
def bag(lapas):
    return factories.product(lapas, title="Tas Anyam", price=100_000, stock=50)


@pytest.fixture
def desk(lapas):
    """The facility's id and one of its officers."""
    return lapas.id, Actor(factories.user("facility_staff", facility=lapas).id)


@pytest.fixture
def officer(client, lapas):
    factories.signed_in(client, "facility_staff", facility=lapas)
    return client


def written(desk, bag, code="", pieces=1):
    """A draft with so many bags in it, and a code."""
    scope, officer = desk
    made = open_draft(scope, officer.id, Source.COUNTER)
    add_goods(scope, made, only(bag).id, pieces)
    if code:
        use_code(scope, made, code)
    return made


def place(desk, draft, buyer=None, **fields):
    """Turn a draft into an order that is collected."""
    scope, officer = desk
    method = fields.pop("method", "cash")
    return place_draft(
        scope,
        draft,
        buyer or somebody(),
        officer,
        payment_method=method,
        pickups=frozenset({scope}),
        **fields,
    )


def other(number):
    """One of many people."""
    return somebody(phone=f"+62812000{number:05}", email=f"orang{number}@contoh.id")


def test_a_code_is_kept_taken_off_booked_and_given_back(desk, bag):
    voucher = offer(code="HEMAT10", value=10, total_limit=2, funder="office")
    draft = written(desk, bag, " hemat 10 ")

    placed = place(desk, draft, seen_total=90_000)

    order = order_of(placed)
    assert (order.channel, order.discount, order.total) == (Channel.STAFF, 10_000, 90_000)
    assert [(given.code, given.amount) for given in order.given] == [("HEMAT10", 10_000)]
    assert uses(voucher) == [UseState.HELD]
    take_cash(desk[0], draft, desk[1], amount=90_000)
    assert (uses(voucher), balance("discount:office")) == ([UseState.USED], 10_000)
    cancel_order(placed.id, desk[1], reason="Barang rusak")
    assert (used(voucher), uses(voucher)) == (0, [UseState.RELEASED])
    assert [found.rule for found in verify() if not found.holds] == []


def test_the_buyers_letter_says_what_was_taken_off(app, desk, bag):
    offer(code="HEMAT10", name="Diskon pelanggan", value=10)
    place(desk, written(desk, bag, "HEMAT10"), method="transfer")
    outbox.run_due(50)
    folder = app.config["INSTANCE_DIR"] / "mail"
    letters = [message_from_bytes(path.read_bytes(), policy=default) for path in folder.glob("*")]
    texts = [letter.get_body(("plain",)).get_content() for letter in letters]
    assert any("Diskon pelanggan (HEMAT10): −Rp10.000" in text for text in texts)


def test_an_order_that_nobody_pays_gives_its_use_back(desk, bag):
    voucher = offer(code="SATU", total_limit=1)
    placed = place(desk, written(desk, bag, "SATU"), method="transfer")
    with pytest.raises(Invalid, match="habis"):
        written(desk, bag, "SATU")

    expire_orders(order_of(placed).pay_by + timedelta(seconds=1))

    assert (used(voucher), order_of(placed).status) == (0, OrderStatus.EXPIRED)
    assert order_of(place(desk, written(desk, bag, "SATU"))).discount == 10_000


def test_the_limit_of_a_person_is_the_buyers_and_not_the_officers(desk, bag):
    offer(code="SEKALI", person_limit=1)
    pay(place_order(with_code(cart_of({bag: 1}), "SEKALI"), somebody(), payment_method="card"))

    for buyer in (somebody(email="lain@contoh.id"), somebody(phone="+6281299998888")):
        with pytest.raises(TotalChanged):
            place(desk, written(desk, bag, "SEKALI"), buyer, seen_total=90_000)
    for number in range(3):
        assert order_of(place(desk, written(desk, bag, "SEKALI"), other(number))).discount == 10_000


def test_another_facility_puts_no_code_into_a_draft_that_is_not_its_own(desk, bag):
    offer(code="HEMAT10")
    draft = written(desk, bag)
    with pytest.raises(NotFound):
        use_code(factories.facility("LPB").id, draft, "HEMAT10")
    use_code(None, draft, "HEMAT10")  # the office sees all


def test_without_goods_a_code_counts_for_nothing_and_says_so(desk):
    scope, officer = desk
    offer(code="HEMAT10")
    with pytest.raises(Invalid) as refused:
        use_code(scope, open_draft(scope, officer.id, Source.PHONE), "HEMAT10")
    assert "dahulu" in refused.value.errors["kode"]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_an_officer_and_a_buyer_race_for_the_last_use_and_one_has_it(app, desk, bag):
    voucher = offer(code="SATU", total_limit=1)
    drafts = [written(desk, bag, "SATU") for _ in range(6)]
    carts = [with_code(cart_of({bag: 1}), "SATU") for _ in range(6)]
    here, seen = frozenset({desk[0]}), 90_000

    def web(token, number):
        return place_order(token, other(number), payment_method="card", pickups=here, seen_total=seen)

    results = at_once(
        app,
        [
            job
            for number in range(6)
            for job in (
                partial(place, desk, drafts[number], other(100 + number), seen_total=seen),
                partial(web, carts[number], number),
            )
        ],
    )

    won = [one for one in results if not isinstance(one, type)]
    assert [order_of(one).total for one in won] == [90_000]
    assert {one for one in results if isinstance(one, type)} <= {OfferGone, TotalChanged}
    assert (used(voucher), stock_of(bag)) == (1, (50, 1))
    assert database.session.scalar(select(func.count(Order.id))) == 1
    open_ones = database.session.scalars(select(Draft).where(Draft.order_id.is_(None))).all()
    assert all(contents(draft.cart_token).pieces == 1 for draft in open_ones)  # the losers lost nothing
    assert [found.rule for found in verify() if not found.holds] == []


# --- the pages ----------------------------------------------------------------------------------------


def sent(client, address, status=200, **fields):
    """Send the draft's form; the page that answers."""
    answer = client.submit(address, GOOD | fields, action=address)
    assert answer.status_code == status, answer.text
    return html.Page.parse(answer.text)


def test_a_code_is_typed_explained_and_let_go(officer, bag):
    offer(code="HEMAT10", name="Diskon pelanggan", value=10)
    offer(kind="free_shipping", value=0, minimum=250_000, name="Gratis ongkir Banten")
    address = draft_of(officer, bag)

    page = sent(officer, address, aksi="kode", kode="hemat 10")

    for words in (
        "Diskon pelanggan",
        "Kode HEMAT10",
        "−Rp20.000",
        "Belanja Rp50.000 lagi untuk Gratis ongkir",
    ):
        assert words in page.text
    assert page.all("input", id="kode") == []
    assert "Jl. Contoh 1" in page.one("textarea", id="alamat").text
    assert "HEMAT10" in officer.page(address).text  # it is in the draft
    assert "Diskon pelanggan" not in sent(officer, address, aksi="lepas").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [("TIDAKADA", "tidak kami kenal"), ("", "Tulis kode"), ("x" * 99, "Terlalu panjang")],
)
def test_a_code_that_cannot_be_used_is_answered_beside_its_field(officer, bag, typed, words):
    address = draft_of(officer, bag)
    page = sent(officer, address, 422, aksi="kode", kode=typed)
    assert words in page.one("p", id="kode-error").text
    assert page.one("input", id="kode").attrs["value"] == typed
    assert page.one("input", id="nama").attrs["value"] == GOOD["nama"]


def test_a_code_that_was_typed_but_not_used_is_seen_before_the_order_is_made(officer, bag):
    voucher = offer(code="HEMAT10", value=10)
    address = draft_of(officer, bag)
    full = {"aksi": "pesan", "bayar": "transfer", "total": 209_000}

    page = sent(officer, address, 409, kode="HEMAT10", **full)

    assert "Totalnya berubah" in page.text
    assert (page.one("input", name="total").attrs["value"], used(voucher)) == ("189000", 0)
    answer = officer.submit(address, GOOD | full | {"total": 189_000}, action=address)
    assert answer.status_code == 303
    database.session.rollback()
    order = database.session.scalars(select(Order)).one()
    assert (order.discount, used(voucher)) == (20_000, 1)
    for shown in (officer.page(address), officer.page(f"/pesanan/{order.token}")):
        assert "Diskon Contoh" in shown.text
        assert "−Rp20.000" in shown.text


def test_who_loses_the_last_use_is_told_and_keeps_what_was_typed(officer, bag):
    offer(code="SATU", total_limit=1)
    address = draft_of(officer, bag)
    page = sent(officer, address, aksi="kode", kode="SATU")
    place_order(with_code(cart_of({bag: 1}), "SATU"), other(1), payment_method="card")

    total = page.one("input", name="total").attrs["value"]
    lost = sent(officer, address, 409, aksi="pesan", bayar="transfer", total=total)

    assert "Kode SATU tidak dapat dipakai. Kuotanya sudah habis." in lost.text
    assert lost.one("input", id="nama").attrs["value"] == GOOD["nama"]
    assert lost.one("input", name="total").attrs["value"] == "209000"


def test_the_buyers_own_limit_is_said_as_soon_as_the_number_is_typed(officer, bag):
    offer(code="SEKALI", person_limit=1)
    place_order(with_code(cart_of({bag: 1}), "SEKALI"), somebody(), payment_method="card")
    address = draft_of(officer, bag)
    page = sent(officer, address, aksi="kode", kode="SEKALI")
    assert "Kode SEKALI tidak dapat dipakai." in page.text
    assert "sebanyak yang dibolehkan" in page.text
    assert page.one("input", name="total").attrs["value"] == "209000"


def test_what_a_voucher_bears_whole_is_an_order_without_paying(officer, bag, lapas):
    offer(code="GRATIS", value=100)
    address = draft_of(officer, bag, source="counter")
    here = {f"kirim-{lapas.id}": "pickup"}
    page = sent(officer, address, aksi="kode", kode="GRATIS", **here)
    assert [control.attrs["value"] for control in page.all("input", name="bayar")] == ["free"]
    answer = officer.submit(
        address, GOOD | here | {"aksi": "pesan", "bayar": "free", "total": 0}, action=address
    )
    assert answer.status_code == 303, answer.text
    database.session.rollback()
    assert database.session.scalars(select(Order.status)).all() == [OrderStatus.PAID]
    assert database.session.scalar(select(func.count(PaymentAttempt.id))) == 0
    assert officer.get(address).status_code == 200


def test_the_code_waits_in_a_draft_that_is_only_saved(officer, bag):
    offer(code="NANTI", starts_on=clock.today() + timedelta(days=3))
    address = draft_of(officer, bag)
    officer.submit(address, GOOD | {"aksi": "simpan", "kode": "nanti"}, action=address)
    assert officer.page(address).one("input", id="kode").attrs["value"] == "nanti"
    assert "Baru berlaku mulai" in sent(officer, address, 422, aksi="hitung", kode="nanti").text
    assert ROOM in address
