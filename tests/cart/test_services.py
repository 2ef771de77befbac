"""The cart: what may be put in, how much of it, and what has changed when the buyer looks again."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storefront.cart import services as cart
from storefront.cart.models import Cart, CartLine
from storefront.cart.queries import contents, pieces
from storefront.catalog.models import ProductStatus
from storefront.checkout.services import place_order
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid, NotFound
from storefront.core.transactions import transaction
from storefront.inventory.services import count
from tests import factories
from tests.buying import buy, cart_of, only, open_shop, order_of, somebody

pytestmark = pytest.mark.usefixtures("db")


def line(token: str, index: int = 0):
    """A line as the buyer sees it now."""
    database.session.rollback()
    return contents(token).lines[index]


def quantities(token: str) -> list[int]:
    return [found.quantity for found in contents(token).lines]


def change(row, **values) -> None:
    with transaction():
        for name, value in values.items():
            setattr(row, name, value)


def test_adding_twice_is_one_line_with_more_pieces():
    bag = factories.product(stock=9)
    token = cart_of({bag: 2})

    assert cart.add(token, only(bag).id, 3).token == token
    assert quantities(token) == [5]
    assert pieces(token) == 5


def test_the_browser_keeps_the_token_and_the_shop_only_its_hash():
    token = cart_of({factories.product(): 1})

    stored = database.session.scalars(select(Cart.token_hash)).one()
    assert token not in stored
    assert len(stored) == 64


@pytest.mark.parametrize("token", [None, "", "unknown", "x" * 500, "\x00"])
def test_an_unknown_token_gets_a_cart_of_its_own_and_sees_no_other(token):
    bag = factories.product()
    cart_of({bag: 2})

    assert contents(token).lines == []
    added = cart.add(token, only(bag).id, 1)
    assert added.token not in {token, None}
    assert quantities(added.token) == [1]


@pytest.mark.parametrize("quantity", [0, -1, 1000])
def test_senseless_numbers_are_refused(quantity):
    bag = factories.product()

    with pytest.raises(Invalid):
        cart.add(None, only(bag).id, quantity)
    token = cart_of({bag: 1})
    if quantity:
        with pytest.raises(Invalid):
            cart.set_quantity(token, line(token).id, quantity)
    assert quantities(token) == [1]


# --- how many --------------------------------------------------------------------------------------


def test_no_more_than_there_are_and_the_buyer_is_told():
    bag = factories.product(title="Tas Anyam", stock=3)

    added = cart.add(None, only(bag).id, 5)

    assert (added.quantity, added.notice) == (
        3,
        "Hanya 3 yang dapat ditambahkan. Kami sudah menyesuaikan jumlahnya.",
    )
    with pytest.raises(Invalid, match=r"Semua yang tersedia \(3\)"):
        cart.add(added.token, only(bag).id, 1)
    assert cart.set_quantity(added.token, line(added.token).id, 9).startswith("Stok tinggal 3.")
    assert quantities(added.token) == [3]
    sold_out = factories.product(title="Tikar", stock=0)
    with pytest.raises(Invalid, match="Tikar sudah habis"):
        cart.add(added.token, only(sold_out).id, 1)


def test_the_products_own_limit_holds_over_all_its_lines():
    bag = factories.product(stock=20, max_per_order=4, personalisation="Nama")
    token = cart_of({bag: 3}, note="Siti")

    added = cart.add(token, only(bag).id, 3, note="Budi")

    assert added.quantity == 1
    assert sorted(quantities(token)) == [1, 3]
    with pytest.raises(Invalid):
        cart.add(token, only(bag).id, 1, note="Ani")
    assert cart.set_quantity(token, line(token, 1).id, 4) != ""
    assert sum(quantities(token)) <= 4


def test_a_limit_of_the_product_is_not_told_as_a_lack_of_stock():
    bag = factories.product(stock=20, max_per_order=2)
    token = cart_of({bag: 2})

    words = cart.set_quantity(token, line(token).id, 5)

    assert "Stok" not in words
    assert "2" in words
    change(bag, max_per_order=1)
    assert "stok" not in line(token).problem
    assert "1" in line(token).problem


def test_made_to_order_is_limited_by_half_a_year_of_work():
    table = factories.product(supply="made_to_order", weekly_capacity=2)

    added = cart.add(None, only(table).id, 60)

    assert added.quantity == 52
    found = line(added.token)
    assert (found.problem, found.made_to_order) == ("", True)
    assert found.ready_by is not None
    assert found.ready_by > clock.today()


def test_work_that_others_booked_meanwhile_is_gone():
    open_shop()
    table = factories.product(supply="made_to_order", weekly_capacity=1)
    token = cart_of({table: 20})
    buy({table: 10})

    assert "tinggal 16" in line(token).problem


def test_one_variant_with_two_names_on_it_is_two_lines_that_count_together():
    bag = factories.product(stock=5, personalisation="Nama")
    token = cart_of({bag: 3}, note="Siti")
    cart.add(token, only(bag).id, 2, note="Budi")
    assert {(found.note, found.quantity) for found in contents(token).lines} == {("Siti", 3), ("Budi", 2)}

    count(bag.facility_id, only(bag).id, 4)

    database.session.rollback()
    assert all("tinggal 4" in found.problem for found in contents(token).lines)


def test_a_note_for_a_product_without_notes_is_dropped():
    bag = factories.product(stock=5)
    token = cart_of({bag: 1}, note="Siti")
    cart.add(token, only(bag).id, 1)

    assert [(found.note, found.quantity) for found in contents(token).lines] == [("", 2)]


def test_fifty_kinds_of_things_are_the_most():
    product = factories.product(stock=200, personalisation="Nama")
    token = None
    for number in range(cart.MAX_LINES):
        token = cart.add(token, only(product).id, 1, note=f"{number}").token

    with pytest.raises(Invalid, match="50 jenis"):
        cart.add(token, only(product).id, 1, note="lagi")
    cart.add(token, only(product).id, 1, note="7")  # more of what is there is no new kind
    assert len(contents(token).lines) == 50
    assert pieces(token) == 51


# --- what changed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("price", "word"), [(60_000, "naik"), (40_000, "turun")])
def test_a_price_that_changed_is_told_until_the_buyer_has_read_it(price, word):
    bag = factories.product(price=50_000)
    token = cart_of({bag: 2})
    assert line(token).notices == ()

    change(only(bag), price=price)

    seen = line(token)
    [notice] = seen.notices
    assert f"Harga {word} dari Rp50.000 menjadi Rp{price // 1000}.000" in notice
    assert (seen.unit_price, seen.total) == (price, 2 * price)  # today's price counts
    cart.accept_changes(token)
    assert line(token).notices == ()


@pytest.mark.parametrize(("rest", "words"), [(0, "Sudah habis"), (1, "tinggal 1")])
def test_stock_that_others_took_is_told(rest, words):
    bag = factories.product(stock=5)
    token = cart_of({bag: 3})

    count(bag.facility_id, only(bag).id, rest)

    assert words in line(token).problem
    assert contents(token).problems
    cart.set_quantity(token, line(token).id, 0)
    database.session.rollback()
    assert contents(token).lines == []


@pytest.mark.parametrize(
    "withdraw",
    [
        lambda bag: change(bag, status=ProductStatus.ARCHIVED),
        lambda bag: change(bag, status=ProductStatus.RETURNED),
        lambda bag: change(only(bag), is_active=False),
        lambda bag: change(bag.facility, is_open=False),
        lambda bag: change(only(bag), price=None),
    ],
)
def test_what_is_no_longer_sold_stays_visible_and_stops_the_checkout(withdraw):
    bag = factories.product(stock=5)
    variant = only(bag)
    token = cart_of({bag: 1})

    withdraw(bag)

    found = line(token)
    assert "Sedang tidak dijual" in found.problem
    assert found.unit_price == 50_000
    if variant.price is not None:
        with pytest.raises(NotFound):
            cart.add(token, variant.id, 1)


# --- whose and how long ----------------------------------------------------------------------------


def test_a_line_of_another_cart_is_not_found():
    bag = factories.product()
    mine, other = cart_of({bag: 1}), cart_of({bag: 2})

    with pytest.raises(NotFound):
        cart.set_quantity(mine, line(other).id, 5)
    with pytest.raises(NotFound):
        cart.set_quantity(None, line(other).id, 0)
    assert quantities(other) == [2]


def test_a_cart_that_became_an_order_takes_nothing_more():
    open_shop()
    bag = factories.product(stock=9)
    token = cart_of({bag: 1})

    place_order(token, somebody(), payment_method="card")

    assert contents(token).lines == []
    added = cart.add(token, only(bag).id, 1)
    assert added.token != token
    assert quantities(added.token) == [1]


def test_carts_that_nobody_touched_for_ninety_days_are_forgotten_with_their_lines():
    bag = factories.product()
    with clock.travel(clock.now() - timedelta(days=91)):
        old, revived = cart_of({bag: 1}), cart_of({bag: 1})
    fresh = cart_of({bag: 1})
    cart.add(revived, only(bag).id, 1)

    assert cart.delete_stale() == 1
    assert cart.delete_stale() == 0
    assert contents(old).lines == []
    assert (quantities(revived), quantities(fresh)) == ([2], [1])
    assert database.session.scalar(select(func.count(CartLine.id))) == 2


def test_a_cart_that_became_an_order_never_gives_its_number_to_a_stranger(db):
    open_shop()
    bag = factories.product(stock=9)
    bought = buy({bag: 1})
    ordered = order_of(bought).cart_id
    with clock.travel(clock.now() + timedelta(days=91)):
        assert cart.delete_stale() == 0
        token = cart.add(None, only(bag).id, 1).token
        mine = place_order(token, somebody(name="Orang Lain"), payment_method="card")
    assert mine.is_new
    assert mine.number != bought.number
    assert order_of(mine).cart_id != ordered
    assert db.session.scalar(select(func.count(CartLine.id)).where(CartLine.cart_id == ordered)) == 0
