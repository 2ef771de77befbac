"""Promotions on their way through orders: held, used, given back, taken again; booked to who bears them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storefront.buyers.queries import Somebody
from storefront.buyers.services import erase_guest
from storefront.cart.queries import contents, offers_of
from storefront.checkout.services import TotalChanged, place_order
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid
from storefront.desk.queries.audit.promotions import RULES
from storefront.orders.models import OrderDiscount, OrderStatus
from storefront.orders.services import Actor
from storefront.orders.services.parts import contents_mark
from storefront.payments.models import Case, Payment
from storefront.payments.services import (
    accept_case,
    cancel_order,
    cannot_make,
    expire_orders,
    record_payment,
)
from storefront.payments.services.record import Money, Outcome
from storefront.promotions.models import PromotionPerson, PromotionUse, UseState
from storefront.promotions.services import OfferGone, change_promotion, end_promotion
from storefront.promotions.services.terms import AlreadyUsed
from tests import factories
from tests.buying import balance, cart_of, open_shop, order_of, pay, somebody, stock_of
from tests.support.offers import author, offer, terms, used, uses, with_code

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def shop(db):
    open_shop()


def order(token: str, **fields):
    """Place an order for a cart."""
    seen = fields.pop("seen_total", None)
    return place_order(token, somebody(**fields), payment_method="card", seen_total=seen)


def expired(placed):
    """Let its deadline pass."""
    expire_orders(order_of(placed).pay_by + timedelta(seconds=1))


def test_a_voucher_is_written_down_on_its_lines_and_booked_to_who_bears_it():
    bag, mat = factories.product(price=75_000), factories.product(price=25_000)
    voucher = offer(code="HEMAT10", value=10, funder="pemprov")

    placed = order(with_code(cart_of({bag: 1, mat: 1}), "hemat 10"))
    pay(placed)

    bought = order_of(placed)
    assert bought.discount == 10_000
    assert bought.total == 100_000 + bought.shipping - 10_000
    assert [(row.amount, row.order_line_id) for row in bought.discounts] == [
        (7_500, bought.lines[0].id), (2_500, bought.lines[1].id),
    ]  # fmt: skip
    assert [(row.label, row.code, row.amount) for row in bought.given] == [
        ("Diskon Contoh", "HEMAT10", 10_000)
    ]
    assert (balance("sales"), balance("discount:pemprov")) == (-100_000, 10_000)
    assert uses(voucher) == [UseState.USED]


def test_an_order_of_three_facilities_is_one_use_and_each_bears_only_its_own():
    at = factories.facility()
    bags = [
        factories.product(at, price=50_000),
        factories.product(price=50_000),
        factories.product(price=50_000),
    ]
    everything = offer(code="SEMUA", value=20, total_limit=5, funder="office")
    own = offer(value=10, funder="facility", facility_id=at.id)

    placed = order(with_code(cart_of(dict.fromkeys(bags, 1)), "SEMUA"))
    pay(placed)

    bought = order_of(placed)
    borne = [row for row in bought.discounts if row.promotion_id == own]
    assert [(row.amount, row.facility_id) for row in borne] == [(5_000, at.id)]
    assert bought.discount == 5_000 + 9_000 + 10_000 + 10_000
    assert (used(everything), used(own)) == (1, 1)
    assert (balance("discount:facility"), balance("discount:office")) == (5_000, 29_000)


def test_free_delivery_above_a_sum_is_taken_off_the_parcel():
    bag = factories.product(price=60_000)
    offer(kind="free_shipping", value=0, minimum=100_000, name="Gratis ongkir")

    dear = order_of(order(cart_of({bag: 1})))
    free = order_of(order(cart_of({bag: 2})))

    assert (dear.discount, dear.total) == (0, 60_000 + dear.shipping)
    assert free.shipping > 0
    assert (free.discount, free.total) == (free.shipping, 120_000)
    assert [row.parcel_id for row in free.discounts] == [free.parcels[0].id]


def test_failed_and_cancelled_orders_give_their_use_back_once():
    bag = factories.product(stock=9)
    voucher = offer(code="SATU", total_limit=1)
    first = order(with_code(cart_of({bag: 1}), "SATU"))
    with pytest.raises(Invalid, match="habis"):
        with_code(cart_of({bag: 1}), "SATU")

    expired(first)
    expired(first)
    assert (used(voucher), uses(voucher)) == (0, [UseState.RELEASED])

    second = order(with_code(cart_of({bag: 1}), "SATU"), phone="+6281200002222", email="")
    pay(second)
    assert used(voucher) == 1
    cancel_order(second.id, Actor(factories.user().id), reason="Barang rusak")
    assert (used(voucher), uses(voucher)) == (0, [UseState.RELEASED, UseState.RELEASED])


def test_an_order_of_which_nothing_can_be_made_gives_its_use_back():
    bag = factories.product(stock=9)
    voucher = offer(code="SATU", total_limit=1)
    placed = order(with_code(cart_of({bag: 2}), "SATU"))
    pay(placed)

    for rest in (1, 0):
        [parcel], [line] = order_of(placed).parcels, order_of(placed).lines
        cannot_make(
            parcel.facility_id, parcel.id, {line.id: 1}, Actor(), reason="Kayunya habis",
            seen=contents_mark(parcel),
        )  # fmt: skip
        assert used(voucher) == rest

    assert order_of(placed).status is OrderStatus.CANCELLED
    assert uses(voucher) == [UseState.RELEASED]


def test_a_voucher_that_ends_between_cart_and_order_is_not_given():
    bag = factories.product()
    by = author()
    voucher = offer(by, code="SEBENTAR")
    token = with_code(cart_of({bag: 1}), "SEBENTAR")
    seen = 45_000
    end_promotion(voucher, by)

    with pytest.raises(TotalChanged):
        order(token, seen_total=seen)

    assert used(voucher) == 0
    assert offers_of(contents(token)).discount == 0
    assert contents(token).code == "SEBENTAR"  # nothing leaves a cart silently


def test_the_last_day_counts_whole_and_the_next_one_not():
    bag = factories.product()
    with clock.travel(clock.day_start(clock.today()) + timedelta(hours=1)):
        offer(code="HARIINI", ends_on=clock.today())
        token = with_code(cart_of({bag: 1}), "HARIINI")
        midnight = clock.day_start(clock.today() + timedelta(days=1))
    with clock.travel(midnight - timedelta(seconds=1)):
        assert offers_of(contents(token)).discount == 5_000
    with clock.travel(midnight):
        assert offers_of(contents(token)).discount == 0


def test_one_person_is_known_by_telephone_or_e_mail():
    bag = factories.product(stock=50)
    offer(code="SEKALI", person_limit=1)
    order(with_code(cart_of({bag: 1}), "SEKALI"), phone="+6281200001111", email="siti@contoh.id")

    for fields in ({"email": "lain@contoh.id"}, {"phone": "+6281299998888"}):
        again = order_of(order(with_code(cart_of({bag: 1}), "SEKALI"), **fields))
        assert again.discount == 0
    other = order_of(order(with_code(cart_of({bag: 1}), "SEKALI"), phone="+62812777", email="budi@contoh.id"))
    assert other.discount == 5_000


def test_a_person_who_has_used_it_is_asked_before_paying_more():
    bag = factories.product(stock=50)
    offer(code="SEKALI", person_limit=1)
    first = order_of(order(with_code(cart_of({bag: 1}), "SEKALI")))
    with pytest.raises(TotalChanged):
        order(with_code(cart_of({bag: 1}), "SEKALI"), seen_total=first.total)


def test_late_money_takes_the_use_again_and_a_full_voucher_stops_it():
    bag = factories.product(stock=9)
    voucher = offer(code="SATU", total_limit=1)
    officer = Actor(factories.user().id)
    late = order(with_code(cart_of({bag: 1}), "SATU"))
    expired(late)
    assert pay(late) is Outcome.REVIEW
    [case] = database.session.scalars(select(Case.id)).all()
    quick = order(with_code(cart_of({bag: 1}), "SATU"), phone="+6281200002222", email="")

    with pytest.raises(OfferGone):
        accept_case(case, officer)
    assert order_of(late).status is OrderStatus.EXPIRED
    assert stock_of(bag) == (9, 1)

    expired(quick)
    accept_case(case, officer)
    assert order_of(late).status is OrderStatus.PAID
    assert (used(voucher), uses(voucher)) == (1, [UseState.USED, UseState.RELEASED])


def test_an_order_that_costs_nothing_is_paid_without_a_provider():
    bag = factories.product(stock=5)
    offer(code="GRATIS", value=100)
    placed = place_order(
        with_code(cart_of({bag: 1}), "GRATIS"), somebody(), payment_method="free",
        pickups=frozenset({bag.facility_id}), seen_total=0,
    )  # fmt: skip

    bought = order_of(placed)
    assert (bought.total, bought.status) == (0, OrderStatus.PAID)
    assert database.session.scalars(select(Payment.id)).all() == []
    assert stock_of(bag) == (4, 0)
    assert (balance("sales"), balance("discount:pemprov")) == (-50_000, 50_000)
    stray = record_payment(Money("stripe", "pi_stray", 50_000, clock.now()), order_id=placed.id)
    assert stray is Outcome.REVIEW


def test_what_was_used_keeps_its_value_and_may_only_be_prolonged_or_ended():
    by = author()
    voucher = offer(by, code="TETAP", total_limit=5)
    order(with_code(cart_of({factories.product(): 1}), "TETAP"))

    with pytest.raises(AlreadyUsed):
        change_promotion(voucher, terms(code="TETAP", total_limit=5, value=50), by)
    change_promotion(voucher, terms(code="TETAP", total_limit=9, ends_on=clock.today()), by)
    assert used(voucher) == 1


def test_ending_a_promotion_takes_nothing_from_orders_that_have_it():
    by = author()
    voucher = offer(by, code="AKHIR")
    placed = order(with_code(cart_of({factories.product(): 1}), "AKHIR"))
    end_promotion(voucher, by)
    pay(placed)
    assert order_of(placed).discount == 5_000
    assert uses(voucher) == [UseState.USED]


def test_rows_of_discounts_are_written_once():
    offer()
    order(cart_of({factories.product(): 1}))
    row = database.session.scalars(select(OrderDiscount)).one()
    row.amount = 1
    with pytest.raises(RuntimeError):
        database.session.flush()
    database.session.rollback()


def test_whose_data_goes_leaves_uses_that_tell_nothing():
    voucher = offer(code="SEKALI", person_limit=1, total_limit=5)
    placed = order(with_code(cart_of({factories.product(): 1}), "SEKALI"))
    other = order(
        with_code(cart_of({factories.product(): 1}), "SEKALI"), phone="+6281277", email="b@contoh.id"
    )
    pay(other)
    expired(placed)
    erase_guest(Somebody(phone="+6281200001111"))

    rows = database.session.execute(select(PromotionUse.order_id, PromotionUse.person_key)).all()
    assert {order_id: bool(key) for order_id, key in rows} == {placed.id: False, other.id: True}
    assert database.session.scalar(select(func.count()).select_from(PromotionPerson)) == 2
    assert used(voucher) == 1
    assert [rule.name for rule in RULES if rule.find()] == []
